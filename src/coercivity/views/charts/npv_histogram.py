"""What equity of a project is worth, over all paths."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import money_of, rows_of, signed, upright
from coercivity.views.labels import rounded, shown


def npv_histogram(run: Run, *, project: str | None = None) -> Chart:
    """Draw the worth of equity at the hurdle, losses apart from gains.

    Parameters
    ----------
    run
        A finance run.
    project
        Its id; the one that builds for most unless given.
    """
    name, table = rows_of(run, "npv_histogram", project)
    row = rows_of(run, "finance", name)[1].iloc[0]
    what = "Equity of" if pd.isna(row["npv_without_building"]) else "What building adds at"
    title = (
        f"{what} {shown(name)} is worth {signed(float(row['npv_mean']))} million on average, "
        f"and less than nothing on {100 * float(row['p_npv_negative']):.0f} % of paths."
    )
    return Chart(
        name="npv-histogram",
        title=title,
        option=_option(table, money_of(run)),
        table=table.drop(columns="project"),
        units={"from": "million", "to": "million", "share": "fraction"},
        alt=f"Histogram of the worth of equity, losses in stripes. {title}",
        notes=(
            f"At the hurdle of its owners. At the Treasury rate capital is lost on "
            f"{100 * float(row['p_loss']):.0f} % of paths: that is what owners look at. The "
            "outermost percent of paths stands in the end bars.",
        ),
    )


def _option(table: pd.DataFrame, money: str) -> axes.Option:
    middles = [(float(a) + float(b)) / 2 for a, b in zip(table["from"], table["to"], strict=True)]
    styles = {
        True: palette.fill(palette.ORANGE, palette.stripes(45)),
        False: palette.fill(palette.BLUE),
    }
    series = []
    for loses, words in ((True, "worth less than nothing"), (False, "worth more")):
        shares = [
            rounded(100 * float(share)) if (middle < 0) is loses else 0
            for middle, share in zip(middles, table["share"], strict=True)
        ]
        series.append(axes.bars(words, shares, styles[loses], stack="all", barCategoryGap="4%"))
    steps = axes.steps(
        [signed(middle) for middle in middles],
        f"million {money}, present value",
        axisLabel={"color": palette.INK, "interval": 7},
    )
    legend = [str(one["name"]) for one in series]
    return upright(legend, steps, "share of paths (%)", series)
