"""Whether cash covers debt service, year by year."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import rows_of, signed, upright
from coercivity.views.labels import rounded, shown

MOST = 6.0
"""Cover above this is drawn at it: how much more matters to nobody. [ratio]"""
LINES = (
    ("p90", "one path in ten is better", palette.SKY, "dashed"),
    ("p50", "median", palette.INK, "solid"),
    ("p10", "one path in ten is worse", palette.VERMILION, "dotted"),
)


def dscr_fan(run: Run, *, project: str | None = None) -> Chart:
    """Draw percentiles by year of cash over agreed debt service.

    Parameters
    ----------
    run
        A finance run.
    project
        Its id; unless given the one that builds for most among those that borrow.
    """
    frame = run.table("dscr_fan")
    if project is None and not frame.empty:
        borrow = run.table("finance")
        borrow = borrow[borrow["project"].isin(frame["project"])]
        project = str(borrow.sort_values("capital", ascending=False)["project"].iloc[0])
    name, table = rows_of(run, "dscr_fan", project)
    if table.empty:
        return axes.empty(
            "dscr-fan", f"{shown(name)} borrows 0 million.", "There is no debt service to cover."
        )
    worst = table.sort_values("p10", kind="stable").iloc[0]
    title = (
        f"In its tightest year, {int(worst['year'])}, cash of {shown(name)} covers "
        f"{signed(float(worst['p10']))} times its debt service on one path in ten."
    )
    return Chart(
        name="dscr-fan",
        title=title,
        option=_option(table),
        table=_capped(table),
        units={"p10": "ratio", "p50": "ratio", "p90": "ratio"},
        alt=f"Three lines of cover by year, with a line at 1. {title}",
        notes=(f"Each year by itself. Cover above {MOST:g} is drawn at {MOST:g}.",),
    )


def _capped(table: pd.DataFrame) -> pd.DataFrame:
    """Draw years in which nothing is due, and cover that is more than enough, at the most."""
    kept = table.drop(columns="project")
    columns = [column for column, *_ in LINES]
    kept[columns] = kept[columns].astype(float).fillna(MOST).clip(upper=MOST)
    return kept


def _option(table: pd.DataFrame) -> axes.Option:
    series = [
        {
            "type": "line",
            "name": words,
            "data": [rounded(min(max(float(v), -1.0), MOST)) for v in table[column].fillna(MOST)],
            "symbol": "none",
            "itemStyle": {"color": colour},
            "lineStyle": {"color": colour, "width": 2, "type": dashes},
        }
        for column, words, colour, dashes in LINES
    ]
    series[1]["markLine"] = {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": palette.FAINT, "type": "solid", "width": 1},
        "data": [{"yAxis": 1}],
    }
    steps = axes.steps([str(int(year)) for year in table["year"]], "year")
    legend = [words for _, words, _, _ in LINES]
    return upright(legend, steps, "cash over debt service (ratio)", series)
