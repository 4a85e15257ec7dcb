"""From sales to owners: what each step takes and gives."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import ROW, across, money_of, rows_of, signed, told_bar
from coercivity.views.labels import Scale, money, shown, shown_apart


def cash_waterfall(run: Run, *, project: str | None = None) -> Chart:
    """Draw the present value of every step from sales to owners.

    Parameters
    ----------
    run
        A finance run.
    project
        Its id; the one that builds for most unless given.
    """
    name, table = rows_of(run, "cash_waterfall", project)
    values = table.set_index("step")["value"].astype(float)
    scale = money(values, money_of(run))
    title = (
        f"Of {signed(float(values.get('sales', 0.0)))} million of sales, "
        f"{signed(float(values['owners']))} million are left to the owners of {shown(name)}."
    )
    return Chart(
        name="cash-waterfall",
        title=title,
        option=_option(table, scale),
        table=table.drop(columns="project"),
        units={"value": "million, present value"},
        alt=f"Bars of what each step adds or takes, the owners last. {title}",
        notes=("Present values at the hurdle of the owners, mean of all paths; they add up.",),
        height=ROW * len(table) + 92,
    )


def _option(table: pd.DataFrame, scale: Scale) -> axes.Option:
    names = shown_apart({str(step): str(step) for step in table["step"]}, 48)
    bars = [
        told_bar(float(value), scale, style=_style(float(value), whole=step == "owners"))
        for step, value in zip(table["step"], table["value"], strict=True)
    ]
    series = [{"type": "bar", "name": "value", "barWidth": 20, "data": bars}]
    return across(names, f"{scale.unit}, present value", series, boundaryGap=["16%", "12%"])


def _style(value: float, *, whole: bool) -> axes.Option:
    if whole:
        return palette.fill(palette.INK)
    if value < 0:
        return palette.fill(palette.ORANGE, palette.stripes(45))
    return palette.fill(palette.BLUE)
