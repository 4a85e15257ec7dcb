"""How low the cover of a segment falls, over all replications."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.shortfall_fan import rows_of_segment
from coercivity.views.labels import rounded, shown

LOW = 15.0
"""Days below which cover is drawn as low: half a month. [day]"""


def cover_histogram(run: Run, *, segment: str | None = None) -> Chart:
    """Draw the share of replications by their lowest days of cover.

    Parameters
    ----------
    run
        A simulation.
    segment
        Its id; the one that loses the largest share unless given.
    """
    name, table = rows_of_segment(run, "cover_histogram", segment)
    low = float(table.loc[table["to"] <= LOW, "share"].sum())
    title = (
        f"The cover of {shown(name)} falls below {LOW:g} days in {100 * low:.0f} % of replications."
    )
    return Chart(
        name="cover-histogram",
        title=title,
        option=_option(table),
        table=table.drop(columns="segment"),
        units={"from": "day", "to": "day", "share": "fraction"},
        alt=f"Histogram of the lowest days of cover, low ones in stripes. {title}",
        notes=(
            "What lies where the segment is served at the start of a month, in days of planned "
            "use; a month of working stock is 30 days.",
        ),
    )


def _option(table: pd.DataFrame) -> axes.Option:
    series = []
    for is_low, words in ((True, f"up to {LOW:g} days"), (False, "more")):
        style = (
            palette.fill(palette.ORANGE, palette.stripes(45))
            if is_low
            else palette.fill(palette.BLUE)
        )
        shares = [
            rounded(100 * float(share)) if (float(end) <= LOW) is is_low else 0
            for end, share in zip(table["to"], table["share"], strict=True)
        ]
        series.append(axes.bars(words, shares, style, stack="all", barCategoryGap="4%"))
    names = [f"{float(start):g}" for start in table["from"]]
    return axes.base(tooltip={"trigger": "axis"}) | {
        "legend": axes.legend([str(one["name"]) for one in series]),
        "grid": {"left": 64, "right": 24, "top": 60, "bottom": 56},
        "xAxis": axes.steps(
            names,
            "lowest days of cover in a replication, from",
            axisLabel={"color": palette.INK, "interval": 4},
        ),
        "yAxis": axes.values("share of replications (%)"),
        "series": series,
    }
