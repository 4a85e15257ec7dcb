"""The terms of the objective, dearest first."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import Scale, listed, money, short, shown, shown_apart, text_width

ROW = 34
WORDS = {
    "capital": "building",
    "care": "care of idle plants",
    "filling": "filling of stocks",
    "fixed": "fixed costs",
    "holding": "holding of stocks",
    "purchase": "purchases",
    "restart": "restarts",
    "salvage": "value left at the end",
    "shortfall": "penalty for shortfall",
    "substitution": "substitution",
    "tariff": "duties",
    "variable": "running costs",
}
"""Words for the terms; one that is not listed is shown by its own name."""
NOTHING = 1e-9
MINUS = "\u2212"


def costs(run: Run) -> Chart:
    """Draw what each term adds to the cost of a plan, and what the whole comes to.

    Parameters
    ----------
    run
        A plan.
    """
    inputs = inputs_of(run)
    terms = run.table("cost_terms")
    table = terms[terms["value_musd"].abs() > NOTHING].sort_values(
        "value_musd", ascending=False, ignore_index=True
    )
    if table.empty:
        return axes.empty("costs", "The plan costs nothing.", "Every term is zero.")
    scale = money(table["value_musd"], inputs.money)
    total = float(terms["value_musd"].sum())
    title = _title(table, total, scale)
    return Chart(
        name="costs",
        title=title,
        option=_option(table, total, scale),
        table=table,
        units={"value_musd": f"million {inputs.money}, present value"},
        alt=f"Bars of the cost terms. {title}",
        notes=("Present values. Terms to the left of zero bring money back.",),
        height=ROW * (len(table) + 1) + 92,
    )


def term_name(term: object) -> str:
    """Write a cost term for people.

    Examples
    --------
    >>> term_name("variable"), term_name("freight")
    ('running costs', 'freight')
    """
    return WORDS.get(str(term), str(term))


def _option(table: pd.DataFrame, total: float, scale: Scale) -> axes.Option:
    names = shown_apart({str(term): term_name(term) for term in table["term"]})
    labels = [*names.values(), "total"]
    amounts = [*(float(v) for v in table["value_musd"]), total]
    room = max(text_width(label) for label in labels) + 24
    return axes.base(tooltip={"trigger": "item"}) | {
        "grid": {"left": round(room), "right": 60, "top": 12, "bottom": 56},
        "xAxis": axes.values_across(
            f"{scale.unit}, present value", boundaryGap=["14%" if min(amounts) < 0 else 0, "10%"]
        ),
        "yAxis": axes.steps(labels, inverse=True, axisLine={"show": False}),
        "series": [
            {
                "type": "bar",
                "name": "cost",
                "barWidth": 20,
                "data": [
                    _bar(value, scale, whole=place == len(table))
                    for place, value in enumerate(amounts)
                ],
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "label": {"show": False},
                    "lineStyle": {"color": palette.FAINT, "type": "solid", "width": 1},
                    "data": [{"xAxis": 0}],
                },
            }
        ],
    }


def _bar(value: float, scale: Scale, *, whole: bool) -> axes.Option:
    style = palette.fill(palette.BLUE)
    if whole:
        style = palette.fill(palette.INK)
    elif value < 0:
        style = palette.fill(palette.GREEN, palette.stripes(45, colour=palette.LIGHT_LINES))
    return {
        "value": scale(value),
        "itemStyle": style,
        "label": {
            "show": True,
            "position": "right" if value >= 0 else "left",
            "formatter": short(value / scale.factor).replace("-", MINUS),
            "color": palette.INK,
        },
    }


def _title(table: pd.DataFrame, total: float, scale: Scale) -> str:
    paid = table[table["value_musd"] > 0]
    back = table[table["value_musd"] < 0]
    largest = [
        f"{shown(term_name(row.term))} ({short(float(str(row.value_musd)) / scale.factor)})"
        for row in paid.head(2).itertuples()
    ]
    text = f"The plan costs {short(total / scale.factor)} {scale.unit}; "
    text += f"most goes into {listed(largest)}" if largest else "nothing is paid"
    if not back.empty:
        regained = -float(back["value_musd"].sum()) / scale.factor
        who = listed(shown(term_name(term)) for term in back.sort_values("value_musd")["term"])
        text += f"; {short(regained)} comes back from {who}"
    return text + "."
