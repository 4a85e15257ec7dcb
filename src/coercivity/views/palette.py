"""Colours, patterns and shapes that stay apart for every reader, on paper and in grey.

Colours follow Okabe and Ito's set for colour-blind readers; meaning never rests on colour alone:
a pattern, a shape or a label says it again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

Decal = dict[str, Any]

INK = "#222222"
"""Text."""
FAINT = "#5f6368"
"""Secondary text and axes."""
GRID = "#e3e5e8"
"""Grid lines."""
LAND = "#e6e9ec"
"""Land on maps."""
BORDER = "#b3b9c0"
"""Borders on maps."""
WHITE = "#ffffff"

BLUE, SKY, ORANGE, VERMILION = "#0072b2", "#56b4e9", "#e69f00", "#d55e00"
GREEN, PINK, YELLOW, GREY = "#009e73", "#cc79a7", "#f0e442", "#9aa0a6"

GROUP_COLOURS = {
    "domestic": BLUE,
    "allied": SKY,
    "neutral": ORANGE,
    "covered": VERMILION,
    "unknown": GREY,
}
"""Colour of each group of countries."""

SHADES = ("#08457e", "#3182bd", "#74b3dc", "#b5d5ee")
"""From dark to light: the best class first."""

SERIES = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, YELLOW, GREY)
"""Colours for things without a meaning of their own."""

DARK_LINES, LIGHT_LINES = "rgba(0,0,0,0.35)", "rgba(255,255,255,0.55)"


def stripes(angle: float, *, gap: int = 5, colour: str = DARK_LINES) -> Decal:
    """Draw a pattern of parallel lines. [degree, px]"""
    return {
        "symbol": "rect",
        "dashArrayX": [1, 0],
        "dashArrayY": [1.5, gap],
        "rotation": round(math.radians(angle), 4),
        "color": colour,
    }


def dots(*, colour: str = DARK_LINES) -> Decal:
    """Draw a pattern of dots."""
    return {
        "symbol": "circle",
        "dashArrayX": [[6, 6], [0, 6, 6, 0]],
        "dashArrayY": [6, 0],
        "symbolSize": 0.55,
        "color": colour,
    }


PLAIN: Decal = {"symbol": "none"}
GROUP_DECALS: Mapping[str, Decal] = {
    "domestic": PLAIN,
    "allied": stripes(0, gap=6, colour=LIGHT_LINES),
    "neutral": dots(),
    "covered": stripes(-45),
    "unknown": stripes(90, gap=6),
}
"""Pattern of each group of countries."""

SERIES_DECALS: tuple[Decal, ...] = (
    PLAIN,
    stripes(-45),
    dots(colour=LIGHT_LINES),
    stripes(45),
    stripes(0, gap=6, colour=LIGHT_LINES),
    stripes(90),
    dots(),
    stripes(0, gap=8),
)
SHADE_DECALS: tuple[Decal, ...] = (
    PLAIN,
    stripes(45, gap=7, colour=LIGHT_LINES),
    PLAIN,
    dots(),
)


def fill(colour: str, decal: Decal | None = None) -> dict[str, Any]:
    """Give the item style of a colour with a pattern."""
    style: dict[str, Any] = {"color": colour}
    if decal is not None and decal is not PLAIN:
        style["decal"] = decal
    return style


def group_fill(group: str) -> dict[str, Any]:
    """Give the item style of a group of countries."""
    known = group if group in GROUP_COLOURS else "unknown"
    return fill(GROUP_COLOURS[known], GROUP_DECALS[known])


def series_fill(place: int) -> dict[str, Any]:
    """Give the item style of the n-th of things without a meaning of their own."""
    turn = place // len(SERIES)
    decal = SERIES_DECALS[(place + turn) % len(SERIES_DECALS)]
    return fill(SERIES[place % len(SERIES)], decal)


MISSING = {**fill(WHITE, stripes(-45, colour=VERMILION)), "borderColor": VERMILION}
"""Style of what is asked for and not served."""


def polygon(corners: int, *, inner: float | None = None, turn: float = -90.0) -> str:
    """Write a regular polygon or star as a symbol.

    Examples
    --------
    >>> polygon(3)
    'path://M50,0L93.3,75L6.7,75Z'
    """
    steps = corners if inner is None else 2 * corners
    points = []
    for step in range(steps):
        radius = 50.0 if inner is None or step % 2 == 0 else 50.0 * inner
        angle = math.radians(turn + 360.0 * step / steps)
        x, y = 50 + radius * math.cos(angle), 50 + radius * math.sin(angle)
        points.append(f"{round(x, 1) + 0.0:g},{round(y, 1) + 0.0:g}")
    return f"path://M{'L'.join(points)}Z"


PLUS = "path://M35,0L65,0L65,35L100,35L100,65L65,65L65,100L35,100L35,65L0,65L0,35L35,35Z"
SHAPES = (
    "circle",
    "rect",
    "triangle",
    "diamond",
    polygon(5, inner=0.45),
    PLUS,
    polygon(6),
    polygon(3, turn=90.0),
    polygon(4, inner=0.4),
    polygon(5),
    "arrow",
    "pin",
)
"""Shapes of stages on maps, in the order of the chain."""


def shapes_of(stages: Iterable[str]) -> dict[str, str]:
    """Give each stage its shape; after the last shape they begin again.

    Examples
    --------
    >>> shapes_of(["mining", "magnet"])
    {'mining': 'circle', 'magnet': 'rect'}
    """
    return {stage: SHAPES[n % len(SHAPES)] for n, stage in enumerate(stages)}
