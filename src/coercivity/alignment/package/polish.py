r"""A package made cheaper by exchange: more of one contract, less of another, by full appraisal.

.. math:: \min_{\theta} c(\theta) \quad\text{s.t. owners and lenders accept } \theta,
    \qquad \theta' = \theta + \delta e_j - \varepsilon(\delta) e_k

On straight lines through the package every pair of contracts is looked at on every path, with the
rule on losses as the probability it is; what promises most is tried by full appraisal, and kept
where it is cheaper there and all say yes. It ends where no pair promises anything, or none holds
what it promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.package.bench import LEAST, Bench, Levels, moved
from coercivity.alignment.package.linear import Linear, linearise
from coercivity.finance.compiled import Array

Cost = Callable[[Array], float]
"""Measures public cost of the paths. [million]"""
SAVES = 1e-3
"""Exchanges that promise less are not tried. [fraction]"""
SHARES = (1.0, 0.5, 0.25, 0.1, 0.03, 0.01)
"""Parts of the room of a contract by which it is raised. [fraction]"""
EXCHANGES = 16
"""Exchanges that are kept at most. [count]"""
PARTS = (1.0, 0.4)
"""Of an exchange that are tried. [fraction]"""
TRIED = 2
"""Pairs that are tried by full appraisal before it is the end. [count]"""
FINE = 2.0**-10
"""Precision of a level, as a share of it. [fraction]"""
JUMP = 0.97
"""So much of a level is tried first when less of it is looked for. [ratio]"""
ON_LINE = 14
"""Halvings on a straight line, where they cost nothing. [count]"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A pair of contracts of which one is given more and the other less."""

    saves: float
    """Public cost on the straight line. [million]"""
    more: int
    less: int
    levels: Levels
    """As the straight line has them. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A project as a straight line around a package, with the rule its owners keep."""

    bench: Bench
    linear: Linear
    at: Levels
    """Package through which it goes. [fraction]"""
    base: Array
    """Public cost of each path with no package, as the line has it. [million]"""

    @classmethod
    def through(cls, bench: Bench, at: Levels) -> Line:
        """Measure every contract around a package.

        Parameters
        ----------
        bench
            The project.
        at
            The package. [fraction]
        """
        linear = linearise(bench, at)
        base = bench.cost(at) - np.asarray(at) @ linear.cost
        return cls(bench=bench, linear=linear, at=at, base=np.asarray(base))

    def along(self, at: Levels) -> Line:
        """Move the line through another package, effects as they were measured.

        Parameters
        ----------
        at
            The other package. [fraction]
        """
        full, theta = self.bench.appraise(at), np.asarray(at)
        linear = replace(
            self.linear,
            hurdle=full.hurdle - theta @ self.linear.on_hurdle,
            treasury=full.treasury - theta @ self.linear.on_treasury,
        )
        base = np.asarray(self.bench.cost(at) - theta @ linear.cost)
        return replace(self, linear=linear, at=at, base=base)

    def cost(self, levels: Levels) -> Array:
        """Give public cost on each path. [million]"""
        return np.asarray(self.base + np.asarray(levels) @ self.linear.cost)

    def owners_accept(self, levels: Levels) -> bool:
        """Tell whether the rule of owners holds, with its margin."""
        bench, theta = self.bench, np.asarray(levels)
        worth = self.linear.hurdle + theta @ self.linear.on_hurdle
        number = len(worth)
        spread = float(worth.std(ddof=1)) / number**0.5 if number > 1 else 0.0
        if float(worth.mean()) - bench.errors * spread < bench.needed:
            return False
        lost = float(np.mean(self.linear.treasury + theta @ self.linear.on_treasury < 0))
        margin = float(bench.errors * (lost * (1 - lost) / number) ** 0.5)
        return lost + margin <= bench.terms.acceptance.loss_limit

    def least(self, levels: Levels, place: int) -> Levels | None:
        """Give the least of a contract at which owners accept; None where none is enough."""
        if not self.owners_accept(levels):
            return None
        low, high = 0.0, levels[place]
        if self.owners_accept(moved(levels, place, 0.0)):
            return moved(levels, place, 0.0)
        for _ in range(ON_LINE):
            middle = 0.5 * (low + high)
            if self.owners_accept(moved(levels, place, middle)):
                high = middle
            else:
                low = middle
        return moved(levels, place, high)


def polished(check: Bench, levels: Levels, cost: Cost) -> Levels:
    """Exchange contracts until nothing is saved; the package it ends with never costs more.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column. [fraction]
    cost
        Measures public cost of the paths.
    """
    levels = finest(check, levels, cost)
    line, anew = Line.through(check, levels), True
    for _ in range(EXCHANGES):
        found = (_tried(check, levels, swap, cost) for swap in _promising(line, cost))
        better = next((one for one in found if one is not None), None)
        if better is not None:
            levels, anew = better, False
            line = line.along(levels)
        elif anew:
            break
        else:
            line, anew = Line.through(check, levels), True
    return finest(check, levels, cost)


def _promising(line: Line, cost: Cost) -> list[Exchange]:
    """List the pairs that save on the line, the one that saves most first."""
    found = [swap for swap in _exchanges(line, cost) if swap.saves > 0]
    best: dict[tuple[int, int], Exchange] = {}
    for swap in sorted(found, key=lambda one: -one.saves):
        best.setdefault((swap.more, swap.less), swap)
    return list(best.values())[:TRIED]


def _exchanges(line: Line, cost: Cost) -> Iterator[Exchange]:
    columns, at = line.bench.columns, line.at
    now = cost(line.cost(at))
    least = SAVES * abs(now)
    active = [place for place, level in enumerate(at) if level > LEAST]
    for less in active:
        for more, column in enumerate(columns):
            if more == less:
                continue
            for share in SHARES:
                room = column.most - at[more]
                raised = line.bench.fits(moved(at, more, at[more] + share * room))
                found = line.least(raised, less) if raised[more] > at[more] + LEAST else None
                if found is not None and now - cost(line.cost(found)) > least:
                    yield Exchange(now - cost(line.cost(found)), more, less, found)


def _tried(check: Bench, levels: Levels, swap: Exchange, cost: Cost) -> Levels | None:
    """Try an exchange by full appraisal, then half and a quarter; None if it saves nothing."""
    now = cost(check.cost(levels))
    for part in PARTS:
        aim = tuple(a + part * (b - a) for a, b in zip(levels, swap.levels, strict=True))
        raised = moved(aim, swap.less, levels[swap.less])
        found = _least(check, aim, check.fits(raised), swap.less)
        if found is not None and cost(check.cost(found)) < now * (1 - SAVES * np.sign(now)):
            return found
    return None


def _least(check: Bench, aim: Levels, raised: Levels, place: int) -> Levels | None:
    """Give the least of a contract that is accepted, near where the line has it."""
    if check.agrees(aim):
        return lowered(check, aim, place)
    low, high = aim[place], raised[place]
    step = max(FINE * high, 0.02 * (high - low))
    while low + step < high:
        if check.agrees(moved(raised, place, low + step)):
            return _halved(check, raised, place, low, low + step)
        low, step = low + step, 2.5 * step
    if not check.agrees(raised):
        return None
    return _halved(check, raised, place, low, high)


def lowered(check: Bench, levels: Levels, place: int) -> Levels:
    """Give the least of a contract that is accepted, from a level that is.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column. [fraction]
    place
        Of the column.
    """
    high = levels[place]
    if high <= LEAST:
        return levels
    # Lenders may refuse a little less of a loan and take less still.
    if check.agrees(moved(levels, place, JUMP * high)):
        high = JUMP * high
    step = 4 * FINE * high
    while high - step > LEAST:
        if not check.agrees(moved(levels, place, high - step)):
            return _halved(check, levels, place, high - step, high)
        high, step = high - step, 3 * step
    if check.agrees(moved(levels, place, 0.0)):
        return moved(levels, place, 0.0)
    return _halved(check, levels, place, 0.0, high)


def _halved(check: Bench, levels: Levels, place: int, low: float, high: float) -> Levels:
    """Bisect one level between what is refused and what is accepted."""
    while high - low > FINE * high:
        middle = 0.5 * (low + high)
        if check.agrees(moved(levels, place, middle)):
            high = middle
        else:
            low = middle
    return moved(levels, place, high)


def finest(check: Bench, levels: Levels, cost: Cost) -> Levels:
    """Give less of each contract as long as all say yes, the dearest first.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column. [fraction]
    cost
        Measures public cost of the paths.
    """
    base = cost(check.cost(levels))
    active = [place for place, level in enumerate(levels) if level > LEAST]

    def saved(place: int, held: Levels = levels) -> float:
        return base - cost(check.cost(moved(held, place, 0.0)))

    for place in sorted(active, key=saved, reverse=True):
        less = lowered(check, levels, place)
        if cost(check.cost(less)) <= cost(check.cost(levels)):
            levels = less
    return levels
