"""Which loss hurts which segment, and how the worst of them goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.labels import rounded, short, shown, text_width, tonnes
from coercivity.views.plan_words import share

MOST = 18
"""Shocks drawn, the worst first."""
NOTHING = 0.5
"""More than that is told. [t]"""
STEPS = ((0.0, "#f4f6f8"), (0.02, "#b5d5ee"), (0.1, "#74b3dc"), (0.3, "#3182bd"), (0.7, "#08457e"))
"""From which share of the demand on a cell has which shade."""
DARK = 0.3
"""Share from which text in a cell is white. [fraction]"""
CELL = 26


def shock_heatmap(run: Run) -> Chart:
    """Draw the share of each segment's demand that each loss leaves short, more than undisturbed.

    Parameters
    ----------
    run
        A run of ``stress sweep``.
    """
    frame = run.table("shock_segments")
    frame = frame.assign(
        shock=[shock_name(row) for row in frame.to_dict("records")],
        share=(frame["more"].clip(lower=0) / frame["demand"].where(frame["demand"] > 0)).fillna(0),
    )
    hurting = frame[frame["more"] > NOTHING]["shock"].drop_duplicates().tolist()[:MOST]
    table = frame[frame["shock"].isin(hurting)]
    table = table[["shock", "segment", "more", "demand", "share"]].reset_index(drop=True)
    result = run.result
    if table.empty:
        count = len(result["shocks"])
        return axes.empty(
            "shocks", f"None of {count} losses leaves more demand short.", "Nothing to show.", table
        )
    title = _title(table, result)
    return Chart(
        name="shocks",
        title=title,
        option=_option(table, hurting),
        table=table,
        units={"more": "t", "demand": "t", "share": "fraction"},
        alt=f"Table of losses by segment, shaded by the share of demand that is short. {title}",
        notes=(
            f"More than undisturbed, from {result['year']} to {result['until']}, nothing being "
            "built meanwhile. For good, unless an event is named.",
        ),
        height=CELL * len(hurting) + 84,
    )


def shock_name(row: Mapping[Any, Any]) -> str:
    """Name a loss as the heat map does.

    Examples
    --------
    >>> shock_name({"target": "mine", "kind": "process", "event": None})
    'mine (process)'
    """
    event = row["event"]
    if isinstance(event, str) and event:
        return f"{event} ({row['target']})"
    return f"{row['target']} ({row['kind']})"


def _title(table: pd.DataFrame, result: dict[str, object]) -> str:
    worst = table.iloc[0]["shock"]
    rows = table[table["shock"] == worst].sort_values("share", ascending=False)
    most = rows.iloc[0]
    return (
        f"Losing {shown(worst)} hurts most: {share(float(most['share']))} of "
        f"{shown(most['segment'])} is short more than undisturbed ({short(float(most['more']))} t)."
    )


def _option(table: pd.DataFrame, shocks: list[str]) -> axes.Option:
    segments = list(dict.fromkeys(str(one) for one in table["segment"]))
    labels = [shown(one, 40) for one in shocks]
    room = max(text_width(label) for label in labels) + 24
    data = [
        _cell(row, segments.index(str(row["segment"])), shocks.index(str(row["shock"])))
        for row in table.to_dict("records")
    ]
    return axes.base(tooltip={"trigger": "item"}) | {
        "grid": {"left": round(room), "right": 24, "top": 36, "bottom": 16},
        "xAxis": axes.steps(
            [shown(one, 18) for one in segments], position="top", splitArea={"show": False}
        ),
        "yAxis": axes.steps(labels, inverse=True, axisLine={"show": False}),
        "series": [{"type": "heatmap", "name": "short", "data": data, "label": {"show": True}}],
        "visualMap": {"show": False, "min": 0, "max": 1, "inRange": {"color": ["#f4f6f8"]}},
    }


def _cell(row: dict[object, object], across: int, down: int) -> axes.Option:
    part = float(str(row["share"]))
    shade = [colour for start, colour in STEPS if part >= start][-1]
    text = share(part) if float(str(row["more"])) > NOTHING else "–"
    return {
        "value": [across, down, rounded(part)],
        "itemStyle": {"color": shade, "borderColor": palette.WHITE, "borderWidth": 2},
        "label": {
            "formatter": text,
            "color": palette.WHITE if part >= DARK else palette.INK,
        },
    }


def shock_timeline(run: Run, *, shock: str | None = None) -> Chart:
    """Draw what a loss leaves short by year, beside the undisturbed chain, and stocks.

    Parameters
    ----------
    run
        A run of ``stress sweep``.
    shock
        The event, or the target that is lost; None is the worst.

    Raises
    ------
    UsageError
        If the years of this loss are not written out.
    """
    years, stocks = run.table("shock_years"), run.table("shock_stocks")
    if years.empty:
        return axes.empty("shock-years", "No loss was looked at.", "Nothing to show.")
    shock = _dated(run, years, shock)
    table = (
        years[years["shock"] == shock]
        .groupby("year", as_index=False)[["demand", "undisturbed", "shortfall"]]
        .sum()
    )
    held = stocks[stocks["shock"] == shock].groupby("year")[["held"]].sum()["held"]
    table = table.assign(in_stock=[float(held.get(year, 0.0)) for year in table["year"]])
    added = [float(v) for v in table["shortfall"] - table["undisturbed"]]
    more = max(added)
    peak = int(table["year"].iloc[added.index(more)])
    title = (
        f"Losing {shown(shock)} leaves {short(more)} t/year more unserved in "
        f"{peak}, the worst year."
        if more > NOTHING
        else f"Losing {shown(shock)} leaves no more unserved than undisturbed."
    )
    return Chart(
        name="shock-years",
        title=title,
        option=_timeline(table),
        table=table,
        units={
            "demand": "t/year",
            "undisturbed": "t/year",
            "shortfall": "t/year",
            "in_stock": "t",
        },
        alt=f"Bars of demand left unserved by year, with a line of what lies in stock. {title}",
        notes=("Years are the first of their period; stocks of all materials at its end.",),
    )


def _dated(run: Run, years: pd.DataFrame, shock: str | None) -> str:
    """Find the loss that is asked for among those whose years are written out."""
    known = [str(one) for one in years["shock"].drop_duplicates()]
    if shock is None:
        return known[0]
    if shock not in known:
        msg = (
            f"run '{run.id}' has no years of the loss {quoted(shock)}; it has those of the worst: "
            f"{', '.join(known)}. `coercivity stress sweep --target` looks at a loss by itself.  "
            f"[{UsageError.code}]"
        )
        raise UsageError(msg)
    return shock


def _timeline(table: pd.DataFrame) -> axes.Option:
    scale = tonnes([*table["shortfall"], *table["undisturbed"]])
    pile = tonnes(table["in_stock"], "t")
    names = ("undisturbed", "after the loss", "in stock (right)")
    return axes.base(tooltip={"trigger": "axis"}) | {
        "legend": axes.legend(names),
        "grid": {"left": 66, "right": 66, "top": 66, "bottom": 48},
        "xAxis": axes.steps([str(year) for year in table["year"]], "year"),
        "yAxis": [
            axes.values(f"unserved, {scale.unit}"),
            axes.values(
                f"stock, {pile.unit}",
                splitLine={"show": False},
                nameTextStyle={"align": "right", "color": palette.FAINT},
            ),
        ],
        "series": [
            axes.bars(names[0], [scale(float(v)) for v in table["undisturbed"]],
                      palette.fill(palette.SHADES[3])),
            axes.bars(names[1], [scale(float(v)) for v in table["shortfall"]],
                      palette.fill(palette.VERMILION, palette.stripes(45))),
            {
                "type": "line",
                "name": names[2],
                "yAxisIndex": 1,
                "data": [pile(float(v)) for v in table["in_stock"]],
                "symbol": "circle",
                "symbolSize": 7,
                "lineStyle": {"color": palette.INK, "width": 2, "type": "dashed"},
                "itemStyle": {"color": palette.INK},
            },
        ],
    }  # fmt: skip
