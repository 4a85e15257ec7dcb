"""What was agreed with a project, and what each agreement costs the public."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import (
    ROW,
    WIDEST,
    across,
    money_of,
    rows_of,
    signed,
    told_bar,
)
from coercivity.views.labels import Scale, money, shown, shown_apart


def term_sheet(run: Run, *, project: str | None = None) -> Chart:
    """Draw the public cost of every agreement; the data behind it hold the terms.

    Parameters
    ----------
    run
        A finance run.
    project
        Its id; the one that builds for most unless given.
    """
    name, table = rows_of(run, "term_sheet", project)
    if table.empty:
        return axes.empty(
            "term-sheet", f"{shown(name)} has 0 agreements.", "Nobody lends and nobody supports it."
        )
    total = float(table["public_outlay"].astype(float).sum())
    title = (
        f"What is agreed with {shown(name)} costs the public {signed(total)} million on average."
    )
    scale = money(table["public_outlay"], money_of(run))
    return Chart(
        name="term-sheet",
        title=title,
        option=_option(table, scale),
        table=table.drop(columns="project"),
        units={"public_outlay": "million, present value"},
        alt=f"Bars of the public cost of each agreement. {title}",
        notes=("Present value at the Treasury rate, less what comes back, mean of all paths.",),
        height=ROW * len(table) + 92,
    )


def _option(table: pd.DataFrame, scale: Scale) -> axes.Option:
    labels = {
        str(place): f"{shown(item, 28)} ({shown(kind, 20)})"
        for place, (item, kind) in enumerate(zip(table["item"], table["kind"], strict=True))
    }
    bars = [told_bar(float(value), scale) for value in table["public_outlay"]]
    series = [{"type": "bar", "name": "public cost", "barWidth": 20, "data": bars}]
    return across(
        shown_apart(labels, WIDEST),
        f"{scale.unit}, present value",
        series,
        boundaryGap=["8%", "12%"],
    )
