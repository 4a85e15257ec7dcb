"""The loop: what is served while support is raised, taken away, and followed by dumping."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import counted, in_sentence, rounded, shown
from coercivity.views.loop_words import depth, percent, title, unit_name

ARROW_AT = 0.42
"""Where arrows stand, over the highest field. [fraction]"""
DOWN, UP, KEPT, VIRGIN = (
    "support taken away, then dumping",
    "back again, all that stopped scrapped",
    "back again, all of it still standing",
    "from today up",
)
PACKAGE = "the package, none, then dumping"
"""Names of the branches."""
WIDTH, HEIGHT = 860, 520
BANDS = {"down": "#cfe3f3", "up": "#f8dcc8"}


def loop(run: Run) -> Chart:
    """Draw the loop of a plan with its three readings: with support, after it, and halved.

    Parameters
    ----------
    run
        A loop run.
    """
    told = run.result
    table = _drawn(run)
    stage = in_sentence(inputs_of(run).stages.get(told["drawn_stage"], told["drawn_stage"]))
    return Chart(
        name="loop",
        title=title(run),
        option=_option(table, told, stage),
        table=table,
        units={
            "field": told["unit"],
            **dict.fromkeys(("accepted", "p10", "p90"), "fraction"),
        },
        alt=_alt(run, stage),
        notes=_notes(told, stage),
        width=WIDTH,
        height=HEIGHT,
    )


def _drawn(run: Run) -> pd.DataFrame:
    """Take the curves of the stage that is drawn, within the fields that are drawn."""
    told, frame = run.result, run.table("loop_points")
    frame = frame[
        (frame["stage"] == told["drawn_stage"]) & frame["curve"].isin(["base", "package"])
    ]
    once = (frame["branch"] == "up") | (frame["closing"] == "scrapped")
    names = {"accepted_p10": "p10", "accepted_p90": "p90"}
    columns = ["curve", "branch", "closing", "field", "accepted", *names]
    shown_rows: pd.DataFrame = frame.loc[once, columns]
    return shown_rows.rename(columns=names).reset_index(drop=True)


def _of(
    table: pd.DataFrame, branch: str, closing: str = "scrapped", *, curve: str = "base"
) -> pd.DataFrame:
    kept = (table["branch"] == branch) & (table["closing"] == closing)
    return table[kept & (table["curve"] == curve)]


def _pairs(rows: pd.DataFrame, column: str = "accepted") -> list[list[float]]:
    return [
        [rounded(float(x)), rounded(100 * float(y), 4)]
        for x, y in zip(rows["field"], rows[column], strict=True)
    ]


def _line(name: str, rows: pd.DataFrame, colour: str, **style: object) -> axes.Option:
    return {
        "type": "line",
        "name": name,
        "data": _pairs(rows),
        "symbol": "none",
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": 3, "join": "round", **style},
        "z": 4,
    }


def _band(name: str, rows: pd.DataFrame, colour: str) -> list[axes.Option]:
    """Shade from the tenth to the ninetieth percentile, stacked on an unseen line."""
    low = _pairs(rows, "p10")
    high = _pairs(rows, "p90")
    wide = [[x, rounded(top - y, 4)] for (x, y), (_, top) in zip(low, high, strict=True)]
    unseen = {
        "type": "line",
        "name": f"below {name}",
        "stack": name,
        "data": low,
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "silent": True,
        "z": 1,
    }
    shade = {
        **unseen,
        "name": name,
        "data": wide,
        "itemStyle": {"color": colour},
        "areaStyle": {"color": colour, "opacity": 0.55},
    }
    return [unseen, shade]


def _option(table: pd.DataFrame, told: Mapping[str, Any], stage: str) -> axes.Option:
    series = _series(table, told)
    known = (DOWN, UP, KEPT, VIRGIN, PACKAGE)
    drawn = {one["name"] for one in series}
    names = [name for name in known if name in drawn]
    low, high = float(table["field"].min()), float(table["field"].max())
    top = 48 + axes.legend_height(names, WIDTH)
    return axes.base() | {
        "legend": axes.legend(names, itemHeight=4, icon="rect"),
        "grid": {"left": 56, "right": 28, "top": top, "bottom": 60},
        "xAxis": axes.values_across(
            f"dumping at {shown(stage)}  \u2190   {shown(told['unit'])}   \u2192  support",
            min=5 * math.floor(low / 5),
            max=rounded(high),
            axisLabel={"color": palette.FAINT, "showMinLabel": False, "showMaxLabel": False},
            nameGap=32,
            axisLine={"show": True, "onZero": False, "lineStyle": {"color": palette.FAINT}},
            splitLine={"show": False},
        ),
        "yAxis": axes.values(
            "share of demand that accepted supply serves (%)",
            min=0,
            max=_top(table),
            axisLine={"show": False, "onZero": False},
        ),
        "series": series,
    }


def _series(table: pd.DataFrame, told: Mapping[str, Any]) -> list[axes.Option]:
    down, up = _of(table, "down"), _of(table, "up")
    series = [
        *_band("eight draws in ten, down", down, BANDS["down"]),
        *_band("eight draws in ten, up", up, BANDS["up"]),
        _line(VIRGIN, _of(table, "virgin"), palette.FAINT, width=2, type="dotted"),
        _line(KEPT, _of(table, "up", "kept"), palette.ORANGE, width=2, type="dashed"),
        _line(UP, up, palette.VERMILION),
        _line(DOWN, down, palette.BLUE),
    ]
    series[0]["markLine"] = _zero()
    left = _of(table, "down", curve="package")
    if not left.empty:
        series.append(_line(PACKAGE, left, palette.GREEN, width=2.5))
    return [*series, *_arrows(down, up), _readings(told)]


def _arrows(down: pd.DataFrame, up: pd.DataFrame) -> list[axes.Option]:
    """Show which way each branch goes: an arrow along the line, as steep as it is drawn."""
    found = []
    low, high = float(down["field"].min()), float(down["field"].max())
    for rows, colour, way in ((down, palette.BLUE, -1), (up, palette.VERMILION, 1)):
        fields, shares = rows["field"].to_numpy(float), 100 * rows["accepted"].to_numpy(float)
        field = ARROW_AT * high
        near = 0.02 * (high - low)
        before, here, after = np.interp([field - near, field, field + near], fields, shares)
        across = 2 * near / (high - low) * (WIDTH - 84)
        rise = (after - before) / _top(down) * (HEIGHT - 132)
        turn = math.degrees(math.atan2(-way * across, way * rise))
        found.append(
            {
                "type": "scatter",
                "name": f"way {way}",
                "data": [[rounded(field), rounded(float(here), 4)]],
                "symbol": "triangle",
                "symbolSize": [13, 15],
                "symbolRotate": rounded(turn, 3),
                "itemStyle": {"color": colour, "opacity": 1},
                "silent": True,
                "z": 5,
            }
        )
    return found


def _top(table: pd.DataFrame) -> int:
    """End the axis at a round share, with room for a label above the highest curve."""
    most = 100 * float(table[["accepted", "p90"]].max().max())
    return int(min(100, -(-(most * 1.12) // 10) * 10))


def _zero() -> axes.Option:
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": palette.INK, "type": "solid", "width": 1, "opacity": 0.55},
        "data": [{"xAxis": 0}],
    }


def _readings(told: Mapping[str, Any]) -> axes.Option:
    """Mark the three readings, each with its number in plain words."""
    most, after = float(told["served_with_support"]), float(told["served_after_support"])
    points = [
        _reading(float(told["saturating_field"]), most, f"with support {percent(most)}", "top"),
        _reading(0.0, after, _kept_words(told, after), "left"),
    ]
    half = told["coercivity"][told["drawn_stage"]]
    if half["value"] is not None and not half["censored"]:
        text = f"halved by {depth(half['value'])} of dumping"
        points.append(_reading(-float(half["value"]), most / 2, text, "left"))
    return {
        "type": "scatter",
        "name": "readings",
        "data": points,
        "symbol": "circle",
        "symbolSize": 11,
        "itemStyle": {"color": palette.WHITE, "borderColor": palette.INK, "borderWidth": 2.5},
        "z": 6,
    }


def _kept_words(told: Mapping[str, Any], after: float) -> str:
    kept = told["retained_share"]
    share = "" if kept is None else f" ({percent(kept)} of it)"
    return f"when support ends\n{percent(after)}{share}"


def _reading(field: float, share: float, text: str, place: str) -> axes.Option:
    return {
        "value": [rounded(field), rounded(100 * share, 4)],
        "name": text.replace("\n", " "),
        "label": {
            "show": True,
            "formatter": text,
            "position": place,
            "align": "center" if place == "top" else "right",
            "distance": 10,
            "color": palette.INK,
            "fontSize": 13,
            "fontWeight": "bold",
            "backgroundColor": "rgba(255,255,255,0.8)",
            "padding": [2, 4],
            "borderRadius": 3,
        },
    }


def _alt(run: Run, stage: str) -> str:
    told = run.result
    return (
        "A loop of two branches over the field: dumping to the left, support to the right; the "
        "share of demand that accepted supply serves goes up. With support "
        f"{percent(told['served_with_support'])}, after it "
        f"{percent(told['served_after_support'])}. "
        f"The falling branch goes on into dumping at {shown(stage)}; the rising one lies below it. "
        f"{title(run)}"
    )


def _notes(told: Mapping[str, Any], stage: str) -> tuple[str, ...]:
    who = "every segment" if told["segment"] == "all" else f"segment {told['segment']}"
    return (
        f"Accepted is class {told['class']} or better from the first step on; demand of "
        f"{who} in {told['year']}. Lines are means, bands p10 to p90, of {told['paths']} draws of "
        "long-run prices and margins, capital and running cost.",
        "Support is paid on what accepted plants make, shared among stages; dumping lowers the "
        f"price of the products of {shown(stage)}, and what follows them follows. Each field is "
        "taken as lasting; prices stand at their long-run median.",
    )


def endurance(run: Run) -> Chart:
    """Draw how hard and how long dumping must be to halve what support built.

    Parameters
    ----------
    run
        A loop run.
    """
    told = run.result
    table = run.table("loop_dumping")
    stage = in_sentence(inputs_of(run).stages.get(told["drawn_stage"], told["drawn_stage"]))
    units = {"dumping_years": "year", "depth": told["unit"]}
    known = table[~table["censored"].astype(bool) & table["depth"].notna()]
    if known.empty:
        why = f"No dumping at {shown(stage)} that leaves a price above 0 halves it."
        return axes.empty("endurance", "However long, dumping does not halve it.", why, table)
    first, last = known.iloc[0], known.iloc[-1]
    found = (
        f"Dumping at {shown(stage)} halves accepted supply if it is "
        f"{depth(float(first['depth']))} {unit_name(run)} for "
        f"{counted(int(first['dumping_years']), 'year')}, or {depth(float(last['depth']))} for "
        f"{int(last['dumping_years'])}."
    )
    return Chart(
        name="endurance",
        title=found,
        option=_endurance_option(known, told),
        table=table,
        units=units,
        alt=f"A falling curve of depth over years of dumping; above it half is lost. {found}",
        notes=(
            "Owners know how long dumping lasts; what is too short or too shallow they sit out. "
            "At planned values.",
            *_short_notes(table),
        ),
    )


def _short_notes(table: pd.DataFrame) -> tuple[str, ...]:
    left_out = table[table["censored"].astype(bool)]["dumping_years"]
    if left_out.empty:
        return ()
    return (
        f"For {counted(int(left_out.max()), 'year')} or less even goods that are given away do "
        "not halve it.",
    )


def _endurance_option(known: pd.DataFrame, told: Mapping[str, Any]) -> axes.Option:
    points = [
        {
            "value": [rounded(float(x)), rounded(float(y))],
            "label": {"formatter": depth(float(y))},
        }
        for x, y in zip(known["dumping_years"], known["depth"], strict=True)
    ]
    top = 10 * math.ceil(1.1 * float(known["depth"].max()) / 10)
    return axes.base(tooltip={"trigger": "axis"}) | {
        "grid": {"left": 64, "right": 44, "top": 40, "bottom": 60},
        "xAxis": axes.values_across("years of dumping: above the line half is lost", min=0),
        "yAxis": axes.values(shown(told["unit"]), min=0, max=top),
        "series": [
            {
                "type": "line",
                "name": "half is lost",
                "data": points,
                "symbol": "circle",
                "symbolSize": 8,
                "itemStyle": {"color": palette.VERMILION},
                "lineStyle": {"color": palette.VERMILION, "width": 3},
                "areaStyle": {"color": BANDS["up"], "opacity": 0.75, "origin": "end"},
                "label": {"show": True, "position": "top", "color": palette.INK, "offset": [12, 0]},
            }
        ],
    }
