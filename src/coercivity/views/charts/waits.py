"""Who waits for whom: owners on a ring, an arrow from each to those it waits for."""

from __future__ import annotations

import math

import pandas as pd

from coercivity.results import Run
from coercivity.views import palette
from coercivity.views.chart import Chart
from coercivity.views.charts import axes
from coercivity.views.labels import counted, rounded, short, shown

NAMES = {
    "anyway": "invests anyway",
    "together": "invests if others do",
    "out": "does not invest",
}
COLOURS = {"anyway": palette.BLUE, "together": palette.ORANGE, "out": palette.GREY}
SHAPES = {"anyway": "circle", "together": "diamond", "out": "rect"}
DASHES = {"needs": "solid", "enough": "dashed", "tips": "dotted"}
RADIUS, CENTRE = 150.0, (430.0, 200.0)
"""Of the ring. [px]"""


def waits(run: Run) -> Chart:
    """Draw who waits for whom.

    Parameters
    ----------
    run
        A run with the tables ``owners`` and ``waits``.
    """
    owners, pairs = run.table("owners"), run.table("waits")
    if pairs.empty:
        anyway = int(owners["in_low"].sum()) if len(owners) else 0
        return axes.empty(
            "waits",
            f"No owner waits for another; {anyway} of {counted(len(owners), 'project')} invest.",
            "Nobody waits for anybody.",
            owners,
        )
    involved = {*pairs["project"], *pairs["waits_for"]}
    players = owners[owners["project"].isin(involved)].reset_index(drop=True)
    return Chart(
        name="waits",
        title=_title(players, pairs),
        option=_option(players, pairs),
        table=pairs,
        units=run.units("waits"),
        alt="Owners on a ring; an arrow leads from each to those without whom it does not invest. "
        + _title(players, pairs),
        notes=(
            "Solid: needed even beside all the others. Dashed: alone enough. Dotted: enough "
            "beside what is built anyway. Numbers: what the guarantee that tips them promises, "
            "million.",
        ),
    )


def _title(players: pd.DataFrame, pairs: pd.DataFrame) -> str:
    most = pairs["waits_for"].value_counts()
    hub = f", most of them for {shown(str(most.index[0]))}" if most.iloc[0] > 1 else ""
    promised = float(players["guarantee"].sum())
    tips = f" {short(promised)} million of guarantees tip them." if promised > 0 else ""
    waiting = int(pairs["project"].nunique())
    verb = "waits" if waiting == 1 else "wait"
    return f"{counted(waiting, 'owner')} {verb} for others{hub}.{tips}"


def _state(row: pd.Series) -> str:
    return "anyway" if row["in_low"] else ("together" if row["in_high"] else "out")


def _option(players: pd.DataFrame, pairs: pd.DataFrame) -> axes.Option:
    states = [_state(row) for _, row in players.iterrows()]
    nodes = []
    for place, (_, row) in enumerate(players.iterrows()):
        angle = 2 * math.pi * place / len(players) - math.pi / 2
        nodes.append(_node(row, states[place], angle) | {"id": str(place)})
    places = {str(name): str(place) for place, name in enumerate(players["project"])}
    used = [state for state in NAMES if state in states]
    series = {
        "type": "graph",
        "layout": "none",
        "left": 190,
        "right": 190,
        "top": 70,
        "bottom": 40,
        "roam": False,
        "data": nodes,
        "edges": _edges(pairs, places),
        "categories": [
            {"name": NAMES[s], "itemStyle": {"color": COLOURS[s]}, "symbol": SHAPES[s]}
            for s in used
        ],
        "edgeSymbol": ["none", "arrow"],
        "edgeSymbolSize": [0, 9],
        "lineStyle": {"color": palette.FAINT, "width": 1.6, "curveness": 0.12},
        "emphasis": {"focus": "adjacency"},
    }
    return axes.base() | {
        "legend": axes.legend([NAMES[state] for state in used]),
        "series": [series],
    }


def _node(row: pd.Series, state: str, angle: float) -> axes.Option:
    across, down = math.cos(angle), math.sin(angle)
    promised = float(row["guarantee"])
    text = shown(row["project"], 22) + (f" ({short(promised)})" if promised > 0 else "")
    side = "right" if across > 0.3 else ("left" if across < -0.3 else "")
    return {
        "id": str(row["project"]),
        "name": text,
        "x": rounded(CENTRE[0] + RADIUS * across),
        "y": rounded(CENTRE[1] + RADIUS * down),
        "symbol": SHAPES[state],
        "symbolSize": 26 if state == "together" else 20,
        "itemStyle": {"color": COLOURS[state]},
        "category": NAMES[state],
        "label": {
            "show": True,
            "position": side or ("bottom" if down > 0 else "top"),
            "color": palette.INK,
            "fontSize": 12,
        },
    }


def _edges(pairs: pd.DataFrame, places: dict[str, str]) -> list[axes.Option]:
    rows = pairs[["project", "waits_for", "kind"]].astype(str).to_numpy().tolist()
    return [
        {
            "source": places[project],
            "target": places[waits_for],
            "lineStyle": {"type": DASHES[kind]},
        }
        for project, waits_for, kind in rows
        if project in places and waits_for in places
    ]
