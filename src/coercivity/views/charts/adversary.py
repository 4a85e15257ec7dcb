"""What a budget of lost margin buys an adversary."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.adversary_words import attack_words
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.labels import rounded, short
from coercivity.views.plan_words import share

LINES = (
    ("coverage", "served if plants fall", "solid", palette.BLUE),
    ("coverage_deterred", "served if owners expect it and do not build", "dashed", palette.ORANGE),
)
OUTLAY = "public outlay"


def adversary(run: Run) -> Chart:
    """Draw by budget the least that is served and the most that the public pays.

    Parameters
    ----------
    run
        A run of ``stress adversary``.
    """
    table, result = run.table("budget_curve"), run.result
    budget = float(result["budget_musd"])
    return Chart(
        name="adversary",
        title=_title(result),
        option=_option(table, budget),
        table=table,
        units=run.units("budget_curve"),
        alt="Three falling or rising steps over the adversary's budget: the share of demand that "
        "is served if plants fall, the share if owners expect the attack, and what the public "
        f"pays. {_title(result)}",
        notes=(
            "Each line takes the attack that is worst in its own way among those a budget "
            "affords. Nothing that comes out of covered countries counts as served.",
        ),
    )


def _title(result: dict[str, Any]) -> str:
    before, after = result["coverage"]["base"], result["coverage"]["attacked"]
    if result["best"] is None:
        return (
            f"No dumping within {short(result['budget_musd'])} million brings service below "
            f"{share(before)}."
        )
    words = attack_words(result["best"])
    return (
        f"{words[0].upper()}{words[1:]} lowers what is served from {share(before)} to "
        f"{share(after)}."
    )


def _option(table: pd.DataFrame, budget: float) -> axes.Option:
    costs = [float(cost) for cost in table["cost_musd"]]
    across = {"min": 0, "max": rounded(budget) if budget > 0 else 1}

    def steps(column: str, scale: float) -> list[list[float]]:
        values = [scale * float(value) for value in table[column]]
        points = [[rounded(x), rounded(y)] for x, y in zip(costs, values, strict=True)]
        return [*points, [rounded(budget), rounded(values[-1])]]

    lowest = min(float(table["coverage"].min()), float(table["coverage_deterred"].min()))
    upper = [
        _line(words, steps(column, 100.0), colour, dash, 0) for column, words, dash, colour in LINES
    ]
    lower = _line(OUTLAY, steps("public_outlay", 1.0), palette.VERMILION, "solid", 1)
    return axes.base(tooltip={"trigger": "axis"}) | {
        "legend": axes.legend([*(words for _, words, _, _ in LINES), OUTLAY]),
        "grid": [
            {"left": 64, "right": 28, "top": 66, "height": 176},
            {"left": 64, "right": 28, "top": 290, "height": 88},
        ],
        "xAxis": [
            axes.values_across("", gridIndex=0, show=False, **across),
            axes.values_across("margin the adversary may lose (million)", gridIndex=1, **across),
        ],
        "yAxis": [
            axes.values("% of demand", gridIndex=0, min=_from(lowest), max=100),
            axes.values("million", gridIndex=1, scale=True, splitNumber=3),
        ],
        "series": [*upper, lower],
    }


def _from(lowest: float) -> int:
    """Give the start of the axis: a ten at least five below the lowest, in per cent.

    Examples
    --------
    >>> _from(0.945), _from(0.3), _from(0.0)
    (80, 20, 0)
    """
    return max(0, 10 * math.floor(10 * lowest - 0.5))


def _line(name: str, points: list[list[float]], colour: str, dash: str, place: int) -> axes.Option:
    return {
        "type": "line",
        "name": name,
        "step": "end",
        "data": points,
        "xAxisIndex": place,
        "yAxisIndex": place,
        "symbol": "none",
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": 2.5, "type": dash},
    }
