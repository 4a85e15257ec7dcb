"""From sales to owners: what each step takes and gives."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import money_of, rows_of, signed
from coercivity.views.labels import Scale, money, shown, shown_apart, text_width

ROW = 34


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
    room = max(text_width(label) for label in names.values()) + 24
    return axes.base(tooltip={"trigger": "item"}) | {
        "grid": {"left": round(room), "right": 60, "top": 12, "bottom": 56},
        "xAxis": axes.values_across(f"{scale.unit}, present value", boundaryGap=["16%", "12%"]),
        "yAxis": axes.steps(list(names.values()), inverse=True, axisLine={"show": False}),
        "series": [
            {
                "type": "bar",
                "name": "value",
                "barWidth": 20,
                "data": [
                    _bar(float(value), scale, whole=step == "owners")
                    for step, value in zip(table["step"], table["value"], strict=True)
                ],
            }
        ],
    }


def _bar(value: float, scale: Scale, *, whole: bool) -> axes.Option:
    style = palette.fill(palette.BLUE)
    if whole:
        style = palette.fill(palette.INK)
    elif value < 0:
        style = palette.fill(palette.ORANGE, palette.stripes(45))
    return {
        "value": scale(value),
        "itemStyle": style,
        "label": {
            "show": True,
            "position": "right" if value >= 0 else "left",
            "formatter": signed(value / scale.factor),
            "color": palette.INK,
        },
    }
