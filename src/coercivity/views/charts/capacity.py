"""Capacity at home by stage, how much is used, and where it is scarce."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import WIDTH, Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import HOME, Inputs, inputs_of
from coercivity.views.labels import (
    Scale,
    cut_to,
    in_sentence,
    short,
    shown,
    text_width,
    tonnes,
)

COLUMNS = 3
PANEL_HEIGHT, PANEL_GAP = 150, 74
TOP, LEFT, GUTTER = 62, 52, 46
NAMES = ("existing", "built by the plan", "used")


def capacity(run: Run) -> Chart:
    """Draw capacity and its use at home, a panel for each stage, with the bottleneck named.

    Parameters
    ----------
    run
        A plan.
    """
    inputs = inputs_of(run)
    frame = inputs.reported(run.table("capacity"))
    frame = frame[frame["country"].map(inputs.groups) == HOME]
    endless = sorted(set(frame[~np.isfinite(frame["existing_t"])]["asset"]))
    table = _table(frame[np.isfinite(frame["existing_t"])], inputs)
    if table.empty:
        title = f"There is no plant {inputs.at_home}."
        return axes.empty("capacity", title, "No capacity to draw.", table)
    scarce = scarcest(run, inputs)
    title = _title(scarce, inputs)
    stages = list(dict.fromkeys(table["stage"]))
    rows = math.ceil(len(stages) / COLUMNS)
    notes = [
        f"Plants {inputs.at_home} only, in tonnes of the material that each is counted in, so "
        "stages cannot be compared in height.",
        "▼ in a year: no stage at home earns more with its capacity that year, in the plan.",
    ]
    if endless:
        notes.append(f"Without a limit and not drawn: {len(endless)}.")
    return Chart(
        name="capacity",
        title=title,
        option=_option(table, stages, scarce, inputs),
        table=table,
        units={"existing_t": "t/year", "built_t": "t/year", "used_t": "t/year"},
        alt=f"A panel of bars for each of {len(stages)} stages: capacity that exists, that the "
        f"plan builds, and what is used, by year. {title}",
        notes=tuple(notes),
        height=TOP + rows * (PANEL_HEIGHT + PANEL_GAP) - 30,
    )


def scarcest(run: Run, inputs: Inputs) -> pd.DataFrame:
    """Give the stage at home whose scarcest plant earns most, by year."""
    frame = inputs.reported(run.table("bottlenecks"))
    home = frame[(frame["group"] == HOME) & frame["stage"].notna()]
    return home.drop_duplicates("year")[["year", "stage", "asset", "value_musd_per_year"]]


def _table(frame: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    frame = frame.assign(stage=frame["stage"].fillna("no stage"))
    table = frame.groupby(["stage", "year"], as_index=False)[
        ["existing_t", "built_t", "used_t"]
    ].sum()
    order = {stage: n for n, stage in enumerate(inputs.stages)}
    table = table.assign(order=table["stage"].map(order).fillna(len(order)))
    return table.sort_values(["order", "year"]).drop(columns="order").reset_index(drop=True)


def _option(
    table: pd.DataFrame, stages: list[str], scarce: pd.DataFrame, inputs: Inputs
) -> axes.Option:
    years = sorted(int(year) for year in table["year"].unique())
    width = (WIDTH - LEFT - (COLUMNS - 1) * GUTTER - 20) / COLUMNS
    option: axes.Option = axes.base(tooltip={"trigger": "axis"}) | {
        "legend": axes.legend(NAMES),
        "title": [], "grid": [], "xAxis": [], "yAxis": [], "series": [],
    }  # fmt: skip
    tightest = dict(zip(scarce["year"], scarce["stage"], strict=True))
    for place, stage in enumerate(stages):
        left = round(LEFT + place % COLUMNS * (width + GUTTER))
        top = TOP + place // COLUMNS * (PANEL_HEIGHT + PANEL_GAP)
        held = table[table["stage"] == stage].set_index("year").drop(columns="stage")
        held = held.reindex(years).fillna(0.0)
        scale = tonnes(held["existing_t"] + held["built_t"])
        tight = [year for year in years if tightest.get(year) == stage]
        option["title"].append(_heading(stage, inputs, (left - 40, top - 34), width, bool(tight)))
        option["grid"].append(
            {"left": left, "top": top + 10, "width": round(width), "height": PANEL_HEIGHT - 20}
        )
        option["xAxis"].append(_years(years, inputs, place))
        option["yAxis"].append(axes.values(scale.unit, gridIndex=place, splitNumber=3, nameGap=8))
        option["series"].extend(_series(held, scale, tight, years, place))
    return option


def _heading(
    stage: str, inputs: Inputs, at: tuple[int, int], width: float, tight: bool
) -> axes.Option:
    mark = " ▼ scarcest" if tight else ""
    name = cut_to(shown(inputs.stage_name(stage)), width - text_width(mark, 14), 14)
    return {
        "text": name + mark,
        "left": at[0],
        "top": at[1],
        "padding": 0,
        "textStyle": {**axes.TEXT, "fontSize": 13, "fontWeight": "bold" if tight else "normal"},
    }


def _years(years: list[int], inputs: Inputs, place: int) -> axes.Option:
    every = max(1, math.ceil(len(years) / 4))
    return axes.steps(
        [inputs.period(year) for year in years],
        "year",
        nameGap=22,
        gridIndex=place,
        axisLabel={"color": palette.INK, "interval": every - 1, "fontSize": 11},
    )


def _series(  # over budget: one chart option, read as a whole
    held: pd.DataFrame, scale: Scale, tight: list[int], years: list[int], place: int
) -> list[axes.Option]:
    where = {"xAxisIndex": place, "yAxisIndex": place}
    tops = held["existing_t"] + held["built_t"]
    marks = [
        {
            "coord": [years.index(year), scale(float(tops.loc[year]))],
            "symbol": palette.polygon(3, turn=90.0),
            "symbolSize": 9,
            "symbolOffset": [0, -8],
        }
        for year in tight
    ]
    built = palette.fill(palette.GREEN, palette.stripes(45, colour=palette.LIGHT_LINES))
    return [
        axes.bars(
            NAMES[0],
            [scale(v) for v in held["existing_t"]],
            palette.fill("#b9c0c8"),
            stack=f"capacity {place}",
            **where,
        ),
        axes.bars(
            NAMES[1],
            [scale(v) for v in held["built_t"]],
            built,
            stack=f"capacity {place}",
            markPoint={
                "silent": True,
                "label": {"show": False},
                "itemStyle": {"color": palette.VERMILION},
                "data": marks,
            },
            **where,
        ),
        {
            "type": "line",
            "name": NAMES[2],
            "data": [scale(v) for v in held["used_t"]],
            "itemStyle": {"color": palette.INK},
            "lineStyle": {"color": palette.INK, "width": 1.5},
            "symbol": "circle",
            "symbolSize": 5,
            **where,
        },
    ]


def _title(scarce: pd.DataFrame, inputs: Inputs) -> str:
    if scarce.empty:
        return f"No stage {inputs.at_home} is a bottleneck: capacity is never fully used."
    years = scarce.groupby("stage")["year"].agg(["min", "max"])
    worth = scarce.groupby("stage")["value_musd_per_year"].max()
    ordered = years.sort_values("min")
    parts = [
        f"{in_sentence(inputs.stage_name(stage))} ({_span(int(first), int(last), inputs)})"
        for stage, first, last in ordered.head(3).itertuples()
    ]
    more = f" and {len(ordered) - 3} more" if len(ordered) > 3 else ""
    peak = str(worth.idxmax())
    return (
        f"The scarcest stage {inputs.at_home} is {', then '.join(parts)}{more}; capacity is worth "
        f"most in {in_sentence(inputs.stage_name(peak))}: up to {short(float(worth.max()))} "
        f"million {inputs.money} a year."
    )


def _span(first: int, last: int, inputs: Inputs) -> str:
    end = inputs.period_end(last)
    return str(first) if first == end else f"{first}–{end}"
