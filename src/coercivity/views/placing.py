"""Placing marks and names on a map so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coercivity.views.labels import text_width

ROUNDS = 240
HOMEWARD = 0.03
"""Share of its way back that a mark takes in each round."""
GAP = 1.0
"""Room between marks. [px]"""
FACE = 11.0
"""Size of the names. [px]"""
DIRECTIONS = {"right": (1, 0), "left": (-1, 0), "bottom": (0, 1), "top": (0, -1)}
"""Sides of a mark on which its name may stand, tried in this order."""
AWAY = 4.0
"""From a mark to its name. [px]"""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom. [px]"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A round place that a mark takes. [px, from the left and the top]"""

    owner: str
    """What it belongs to: marks of one owner start in a row."""
    x: float
    y: float
    radius: float


def spread(marks: Sequence[Mark]) -> list[Mark]:
    """Move marks apart until none covers another, each as near its place as that allows.

    Examples
    --------
    >>> apart = spread([Mark("a", 0.0, 0.0, 5.0), Mark("a", 0.0, 0.0, 5.0)])
    >>> apart[1].x - apart[0].x >= 10
    True
    """
    homes = _in_rows(marks)
    places = [list(home) for home in homes]
    for turn in range(ROUNDS):
        if turn < ROUNDS * 2 // 3:
            for place, home in zip(places, homes, strict=True):
                place[0] += HOMEWARD * (home[0] - place[0])
                place[1] += HOMEWARD * (home[1] - place[1])
        moved = _push(places, marks)
        if not moved and turn >= ROUNDS * 2 // 3:
            break
    return [
        Mark(mark.owner, round(x, 1), round(y, 1), mark.radius)
        for mark, (x, y) in zip(marks, places, strict=True)
    ]


def _in_rows(marks: Sequence[Mark]) -> list[tuple[float, float]]:
    """Start the marks of one owner side by side."""
    members: dict[str, list[int]] = {}
    for number, mark in enumerate(marks):
        members.setdefault(mark.owner, []).append(number)
    homes: dict[int, tuple[float, float]] = {}
    for numbers in members.values():
        across = math.ceil(math.sqrt(len(numbers)))
        for place, number in enumerate(numbers):
            mark = marks[number]
            column, row = place % across, place // across
            step = 1.6 * mark.radius
            shift = (min(across, len(numbers)) - 1) / 2
            homes[number] = (mark.x + (column - shift) * step, mark.y + row * step)
    return [homes[number] for number in range(len(marks))]


def _push(places: list[list[float]], marks: Sequence[Mark]) -> bool:
    moved = False
    for first, second in _near(places, marks):
        across = places[second][0] - places[first][0]
        down = places[second][1] - places[first][1]
        room = marks[first].radius + marks[second].radius + GAP
        distance = math.hypot(across, down)
        if distance >= room:
            continue
        if distance < 1e-6:
            across, down, distance = 1.0, 0.01 * (second - first), 1.0
        half = (room - distance) / 2 + 0.05
        places[first][0] -= half * across / distance
        places[first][1] -= half * down / distance
        places[second][0] += half * across / distance
        places[second][1] += half * down / distance
        moved = True
    return moved


def _near(places: list[list[float]], marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """List the pairs that touch, or may once others have been moved a little."""
    reach = 3 * max((mark.radius for mark in marks), default=0.0) + GAP
    order = sorted(range(len(marks)), key=lambda number: places[number][0])
    pairs = []
    for place, first in enumerate(order):
        x, y = places[first]
        for second in order[place + 1 :]:
            if places[second][0] - x >= reach:
                break
            if abs(places[second][1] - y) < reach:
                pairs.append((min(first, second), max(first, second)))
    return sorted(pairs)


@dataclass(frozen=True, slots=True)
class Name:
    """A name that found its place."""

    mark: int
    """Number of the mark it stands by."""
    side: str
    """Side of that mark: ``right``, ``left``, ``top`` or ``bottom``."""
    box: Box
    """Room it takes."""


def place_names(
    names: Sequence[tuple[str, str]], marks: Sequence[Mark], *, within: Box
) -> dict[str, Name]:
    """Put names beside their marks where they cover no mark and no other name.

    Parameters
    ----------
    names
        Owner and name, the most important first; one without room is left out.
    marks
        Every mark of the map.
    within
        Room of the map. [px]

    Examples
    --------
    >>> marks = [Mark("a", 10.0, 10.0, 5.0)]
    >>> place_names([("a", "Mine")], marks, within=(0, 0, 100, 20))["a"].side
    'right'
    """
    taken: list[Box] = [_square(mark) for mark in marks]
    found: dict[str, Name] = {}
    for owner, name in names:
        own = [number for number, mark in enumerate(marks) if mark.owner == owner]
        for side in DIRECTIONS if own else ():
            number = _outermost(own, marks, side)
            box = _beside(marks[number], side, text_width(name, FACE))
            if _inside(box, within) and not any(_cross(box, other) for other in taken):
                found[owner] = Name(number, side, box)
                taken.append(box)
                break
    return found


def _square(mark: Mark) -> Box:
    return (
        mark.x - mark.radius,
        mark.y - mark.radius,
        mark.x + mark.radius,
        mark.y + mark.radius,
    )


def _outermost(numbers: list[int], marks: Sequence[Mark], side: str) -> int:
    across, down = DIRECTIONS[side]

    def reach(number: int) -> float:
        mark = marks[number]
        return across * mark.x + down * mark.y + mark.radius

    return max(numbers, key=reach)


def _beside(mark: Mark, side: str, width: float) -> Box:
    reach, half = mark.radius + AWAY, FACE * 0.6
    if side == "right":
        return (mark.x + reach, mark.y - half, mark.x + reach + width, mark.y + half)
    if side == "left":
        return (mark.x - reach - width, mark.y - half, mark.x - reach, mark.y + half)
    top = mark.y + reach if side == "bottom" else mark.y - reach - 2 * half
    return (mark.x - width / 2, top, mark.x + width / 2, top + 2 * half)


def _inside(box: Box, room: Box) -> bool:
    return box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]


def _cross(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
