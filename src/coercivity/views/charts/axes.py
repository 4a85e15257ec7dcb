"""Pieces that every figure shares: axes that name their unit, legends, tooltips without HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from coercivity.views.chart import Chart
from coercivity.views.labels import text_width
from coercivity.views.palette import FAINT, GRID, INK
from coercivity.views.rendering import FONT

Option = dict[str, Any]

TEXT = {"fontFamily": FONT, "fontSize": 12, "color": INK}
TOOLTIP = {
    "renderMode": "richText",
    "confine": True,
    "textStyle": {"fontFamily": FONT, "fontSize": 12, "color": INK},
}
"""Tooltips are drawn, never written as HTML: names in them stay text."""


def base(*, tooltip: Option | None = None) -> Option:
    """Start an option: type face, no animation, tooltips without HTML."""
    return {
        "animation": False,
        "textStyle": dict(TEXT),
        "tooltip": {**TOOLTIP, **(tooltip or {})},
    }


def legend(names: Sequence[str], **places: object) -> Option:
    """Put a legend above the drawing, its marks large enough to show a pattern."""
    return {
        "data": list(names),
        "type": "plain",
        "top": 0,
        "left": 8,
        "itemWidth": 26,
        "itemHeight": 14,
        "itemGap": 16,
        "textStyle": {"fontFamily": FONT, "fontSize": 12, "color": INK},
        "selectedMode": True,
        **places,
    }


def legend_height(names: Sequence[str], width: float) -> int:
    """Height of a legend of these names, with the lines it breaks into. [px]

    Examples
    --------
    >>> legend_height(["one", "two"], 800), legend_height(["a long name"] * 9, 400)
    (24, 72)
    """
    lines, used = 1, 8.0
    for name in names:
        taken = 26 + 5 + text_width(name) + 16
        if used + taken > width - 8 and used > 8.0:
            lines, used = lines + 1, 8.0
        used += taken
    return 24 * lines


def values(unit: str, **more: object) -> Option:
    """Give a vertical value axis with its unit on top."""
    return {
        "type": "value",
        "name": unit,
        "nameLocation": "end",
        "nameGap": 12,
        "nameTextStyle": {"align": "left", "color": FAINT, "padding": [0, 0, 0, -34]},
        "axisLabel": {"color": FAINT},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": GRID}},
        **more,
    }


def values_across(unit: str, **more: object) -> Option:
    """Give a horizontal value axis with its unit below."""
    return values(
        unit,
        **{
            "nameLocation": "middle",
            "nameGap": 28,
            "nameTextStyle": {"align": "center", "color": FAINT},
            **more,
        },
    )


def steps(names: Sequence[str], name: str = "", **more: object) -> Option:
    """Give an axis of named steps, such as years."""
    return {
        "type": "category",
        "data": list(names),
        "name": name,
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"color": FAINT},
        "axisLabel": {"color": INK, "interval": 0, "hideOverlap": False},
        "axisLine": {"lineStyle": {"color": FAINT}},
        "axisTick": {"show": False},
        **more,
    }


def bars(name: str, amounts: Sequence[object], style: Option, **more: object) -> Option:
    """Give a bar series of one style."""
    return {
        "type": "bar",
        "name": name,
        "data": list(amounts),
        "itemStyle": style,
        "emphasis": {"focus": "series"},
        **more,
    }


def note_mark(text: str, **place: object) -> Option:
    """Write a text in the drawing, at a place."""
    return {"text": text, "textStyle": {**TEXT, "fontWeight": "normal"}, **place}


def empty(name: str, title: str, why: str, table: pd.DataFrame | None = None) -> Chart:
    """Give the figure of nothing: it says why there is nothing to draw."""
    option = base() | {
        "title": note_mark(why, left="center", top="middle") | {"textAlign": "auto"},
    }
    frame = pd.DataFrame() if table is None else table
    return Chart(name, title, option, frame, f"{title} {why}", height=160)
