"""Find one plan of a box, or prove that there is none: dives, neighbourhoods and a small tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.planning.near.space import Box, Mask, Plan, PlanSpace, Point

AT_ONCE = 0.5
"""Share of the columns that are not whole that a dive rounds in one step. [fraction]"""

DEEPEST = 20
"""Effort of one dive. [linear programs]"""


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """What a search of a box gave."""

    plan: Plan | None
    """A plan of the box within the limit, where one was found."""
    empty: bool
    """Proven: the box holds no plan within the limit."""


def rounded(box: Box, point: Point) -> Box:
    """Hold what is whole, and round the columns that are nearest to whole.

    Examples
    --------
    >>> box = Box(np.zeros(4), np.full(4, 3.0))
    >>> held = rounded(box, Point(1.0, np.array([2.0, 0.9, 0.5, 1.4])))
    >>> held.lower.tolist(), held.upper.tolist()
    ([2.0, 1.0, 0.0, 0.0], [2.0, 1.0, 3.0, 3.0])
    """
    distance = np.abs(point.whole - np.rint(point.whole))
    fractional = np.flatnonzero(point.fractional)
    nearest = fractional[np.argsort(distance[fractional], kind="stable")]
    chosen = ~point.fractional
    chosen[nearest[: max(1, int(len(nearest) * AT_ONCE))]] = True
    return box.fixed(chosen, point.whole)


def branches(box: Box, point: Point, column: int) -> tuple[Box, Box]:
    """Split a box at a column that is not whole; the nearer side comes first.

    Examples
    --------
    >>> point = Point(1.0, np.array([0.7]))
    >>> near, far = branches(Box(np.array([0.0]), np.array([3.0])), point, 0)
    >>> near.lower.tolist(), near.upper.tolist(), far.lower.tolist(), far.upper.tolist()
    ([1.0], [3.0], [0.0], [0.0])
    """
    value = point.whole[column]
    upper, lower = box.upper.copy(), box.lower.copy()
    upper[column], lower[column] = np.floor(value), np.ceil(value)
    below, above = Box(box.lower, upper), Box(lower, box.upper)
    return (below, above) if value - np.floor(value) <= 0.5 else (above, below)


def dive(space: PlanSpace, box: Box, point: Point) -> Plan | None:
    """Round step by step, solving again after each; one column at a time where many fail."""
    until = space.effort.spent + DEEPEST
    while space.effort.spent < until:
        if not point.fractional.any():
            return space.plan(point.whole)
        trial = rounded(box, point)
        found = space.cheapest(trial)
        if found is None:
            fractional = np.flatnonzero(point.fractional)
            distance = np.abs(point.whole - np.rint(point.whole))[fractional]
            column = int(fractional[np.argmin(distance)])
            for trial in branches(box, point, column):
                found = space.cheapest(trial)
                if found is not None:
                    break
        if found is None:
            return None
        box, point = trial, found
    return None


def neighbour(space: PlanSpace, box: Box, reference: Plan, *, free: Mask) -> Plan | None:
    """Look for a plan of the box that is like another one, but for the columns marked free."""
    near = box.fixed(~free, reference.whole)
    point = space.cheapest(near)
    return None if point is None else dive(space, near, point)


def tree(space: PlanSpace, box: Box, *, effort: int) -> Searched:
    """Branch until a plan is found, nothing is left, or the effort is spent.

    What is left is searched depth first, the nearer side first, so that each linear program starts
    near the last. It splits at the column whose distance from whole, times the capital of a
    module, is greatest: dear modules move the bound most.
    """
    capital = space.column_capital
    until = space.effort.spent + effort
    waiting, sure = [box], True
    while waiting:
        if space.effort.spent >= until:
            return Searched(None, empty=False)
        part = waiting.pop()
        point = space.cheapest(part)
        if point is None:
            continue
        if not point.fractional.any():
            plan = space.plan(point.whole)
            if plan is not None:
                return Searched(plan, empty=False)
            sure = False  # the point costs the limit up to rounding: neither within nor beyond
            continue
        distance = np.abs(point.whole - np.rint(point.whole))
        weighted = np.where(point.fractional, distance * capital, -1.0)
        first, second = branches(part, point, int(np.argmax(weighted)))
        waiting += [second, first]
    return Searched(None, empty=sure)
