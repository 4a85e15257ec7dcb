"""Reading drawings back: texts with the room they take, numbers, colours as others see them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from coercivity.views.labels import text_width

SVG = "{http://www.w3.org/2000/svg}"
TRANSLATE = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")
SIZE = re.compile(r"font-size:\s*([\d.]+)")
TOLERANCE = 3.0
"""Widths are estimates. [px]"""


@dataclass(frozen=True)
class Text:
    """A text of a drawing and the room it takes. [px]"""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Text) -> bool:
        return (
            self.left + TOLERANCE < other.right
            and other.left + TOLERANCE < self.right
            and self.top + TOLERANCE < other.bottom
            and other.top + TOLERANCE < self.bottom
        )


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314  (made by the test itself)


def texts(drawing: str) -> list[Text]:
    """List the texts of an SVG with their boxes; only moved and not turned ones are known."""
    return list(_texts(parsed(drawing), 0.0, 0.0))


def size(drawing: str) -> tuple[float, float]:
    root = parsed(drawing)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    return width, height


def _texts(element: ET.Element, x: float, y: float) -> Iterator[Text]:
    moved = TRANSLATE.search(element.attrib.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag == f"{SVG}text":
        yield _box(element, x, y)
    for child in element:
        yield from _texts(child, x, y)


def _box(element: ET.Element, x: float, y: float) -> Text:
    held = element.attrib
    words = "".join(element.itertext())
    styled = SIZE.search(held.get("style", ""))
    height = float(styled[1] if styled else held.get("font-size", 12))
    bold = 1.07 if "bold" in held.get("style", "") + held.get("font-weight", "") else 1.0
    width = text_width(words, height) * bold
    x += float(held.get("x", 0)) - width * {"middle": 0.5, "end": 1.0}.get(
        held.get("text-anchor", ""), 0.0
    )
    y += float(held.get("y", 0))
    middle = held.get("dominant-baseline") == "central"
    top = y - height * (0.5 if middle else 0.8)
    return Text(words, x, top, x + width, top + height)
