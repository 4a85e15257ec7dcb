"""How much of a segment's demand is lost month by month, over all replications."""

from __future__ import annotations

import pandas as pd

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.labels import rounded, shown

LINES = (
    ("mean", "mean", palette.INK, "solid"),
    ("p75", "one in four", palette.SHADES[1], "solid"),
    ("p95", "one in twenty", palette.ORANGE, "dashed"),
    ("p99", "one in a hundred", palette.VERMILION, "dotted"),
)
"""Column, words, colour and kind of each line."""


def shortfall_fan(run: Run, *, segment: str | None = None) -> Chart:
    """Draw the mean and percentiles of the share of demand lost, month by month.

    Parameters
    ----------
    run
        A simulation.
    segment
        Its id; the one that loses the largest share unless given.

    Raises
    ------
    UsageError
        If the run has no such segment.
    """
    name, table = rows_of_segment(run, "shortfall_fan", segment)
    mean, bad = 100 * float(table["mean"].mean()), 100 * float(table["p95"].max())
    title = (
        f"The segment {shown(name)} loses {mean:.1f} % of its demand on average, and up to "
        f"{bad:.0f} % in the worst month of one replication in twenty."
    )
    return Chart(
        name="shortfall-fan",
        title=title,
        option=_option(table),
        table=table.drop(columns="segment"),
        units={"month": "month"}
        | dict.fromkeys(("mean", "p50", "p75", "p90", "p95", "p99"), "fraction of demand"),
        alt=f"Lines by month of the share of demand lost. {title}",
        notes=(
            "Lost beyond what the plan itself leaves short. Each line is a percentile of its "
            "month, no single replication.",
        ),
    )


def rows_of_segment(run: Run, table: str, segment: str | None) -> tuple[str, pd.DataFrame]:
    """Give the rows of one segment: that asked for, else the one that loses the largest share.

    Parameters
    ----------
    run
        A simulation.
    table
        One of its tables with a column ``segment``.
    segment
        Its id; None chooses.

    Raises
    ------
    UsageError
        If the run has no such segment.
    """
    known = run.table("simulated_segments")
    names = [str(name) for name in known["segment"]]
    if segment is not None and segment not in names:
        near = suggestion(segment, names, listed_in="table simulated_segments")
        msg = f"segment {quoted(segment)} is not in run '{run.id}'. {near}  [{UsageError.code}]"
        raise UsageError(msg)
    shares = (known["lost_mean_t"] / known["demand_t"]).tolist()
    chosen = segment or names[shares.index(max(shares))]
    frame = run.table(table)
    return chosen, frame[frame["segment"] == chosen].reset_index(drop=True)


def _option(table: pd.DataFrame) -> axes.Option:
    months = [str(int(month)) for month in table["month"]]
    every = max(1, len(months) // 12)
    return axes.base(tooltip={"trigger": "axis"}) | {
        "legend": axes.legend([words for _, words, _, _ in LINES]),
        "grid": {"left": 64, "right": 24, "top": 60, "bottom": 56},
        "xAxis": axes.steps(
            months,
            "month",
            boundaryGap=False,
            axisLabel={"color": palette.INK, "interval": every - 1},
        ),
        "yAxis": axes.values("demand lost (%)", min=0),
        "series": [
            {
                "type": "line",
                "name": words,
                "data": [rounded(100 * float(value)) for value in table[column]],
                "symbol": "none",
                "itemStyle": {"color": colour},
                "lineStyle": {"color": colour, "width": 2, "type": kind},
            }
            for column, words, colour, kind in LINES
        ],
    }
