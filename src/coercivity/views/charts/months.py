"""Public cost against months: what packages buy if nothing comes from abroad."""

from __future__ import annotations

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.charts.one_project import money_of
from coercivity.views.labels import Scale, money, short, shown

ALL = "all"
DASHES = ("solid", "dashed", "dotted")
MOST_SEGMENTS = 3
"""Segments drawn: all together, and those whose months the packages move most."""


def months(run: Run) -> Chart:
    """Draw how many months of a year's demand home can serve by itself, by public cost.

    Parameters
    ----------
    run
        An align run.
    """
    table = run.table("months_served")
    drawn = _drawn(table)
    title = _title(table)
    scale = money(table["public_cost_musd"], money_of(run))
    return Chart(
        name="months",
        title=title,
        option=_option(table, drawn, scale),
        table=table.fillna({"added": "no package"}),
        units={
            "public_cost_musd": "million, present value",
            "months": "month",
            "step": "count",
        },
        alt=f"Steps of months served by public cost, one line a segment. {title}",
        notes=(
            f"A year without any import, {int(table['year'].iloc[0])}: months of its demand that "
            "plants and stocks at home serve, in order of priority; segments that share a "
            "priority are not told apart. Each mark adds a package, the one that buys most a "
            "million first; another order may do better.",
        ),
    )


def _drawn(table: pd.DataFrame) -> list[str]:
    """Choose the segments that packages move most, after all together."""
    spans = {
        str(name): float(rows["months"].max() - rows["months"].min())
        for name, rows in table.groupby("segment")
        if name != ALL
    }
    return [ALL, *sorted(spans, key=lambda name: (-spans[name], name))[: MOST_SEGMENTS - 1]]


def _title(table: pd.DataFrame) -> str:
    every = table[table["segment"] == ALL]
    first, last = float(every["months"].iloc[0]), float(every["months"].iloc[-1])
    cost = float(every["public_cost_musd"].iloc[-1])
    year = int(table["year"].iloc[0])
    if len(every) == 1:
        return f"With nothing from abroad home serves {short(first)} months of demand in {year}."
    return (
        f"For {short(cost)} million the packages raise what home alone serves in {year} from "
        f"{short(first)} to {short(last)} months of demand."
    )


def _option(table: pd.DataFrame, drawn: list[str], scale: Scale) -> axes.Option:
    names = {name: "all demand" if name == ALL else shown(name) for name in drawn}
    return axes.base(tooltip={"trigger": "item"}) | {
        "legend": axes.legend(list(names.values())),
        "grid": {"left": 62, "right": 40, "top": 60, "bottom": 56},
        "xAxis": axes.values_across(f"public cost, {scale.unit}, present value"),
        "yAxis": axes.values("months of a year's demand (month)", min=0, max=12),
        "series": [
            {
                "type": "line",
                "step": "end",
                "name": text,
                "data": _points(table[table["segment"] == name], scale),
                "symbolSize": 8,
                "lineStyle": {"type": DASHES[number], "width": 2},
                "itemStyle": {"color": palette.SERIES[number]},
            }
            for number, (name, text) in enumerate(names.items())
        ],
    }


def _points(rows: pd.DataFrame, scale: Scale) -> list[axes.Option]:
    return [
        {
            "value": [scale(float(cost)), round(float(months), 3)],
            "name": "no package" if added is None else f"with {shown(added)}",
        }
        for added, cost, months in zip(
            rows["added"].astype(object).where(rows["added"].notna(), None),
            rows["public_cost_musd"],
            rows["months"],
            strict=True,
        )
    ]
