"""The plans within a cost limit, and the linear programs by which they are looked at."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from coercivity.dispatch.builder import Array
from coercivity.planning.capital import module_capital
from coercivity.planning.model import PlanningModel
from coercivity.solvers import HighsModel, SolveLimits, SolveStatus, StopSignal

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]

WHOLE = 1e-6
"""Distance from a whole number that counts as none. [unit of the column]"""
SLACK = 1e-7
"""Costs nearer than this share of the objective are the same cost. [fraction]"""
LITTLE = 1e-6
"""Weight of a column without capital, as a share of the greatest capital. [fraction]"""
STEPS = 500
"""Steps of the simplex method that count as one linear program of effort. [count]"""
LINEAR = SolveLimits(relative_gap=0.0)


class Halted(Exception):
    """The user stopped, or time ran out; caught inside this room."""


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Bounds on the whole columns, within which plans are looked for.

    Examples
    --------
    >>> box = Box(np.zeros(3), np.full(3, 2.0))
    >>> held = box.fixed(np.array([True, False, False]), np.array([1.2, 5.0, 5.0]))
    >>> held.bounded(np.array([1, 2]), least=1.0).lower.tolist(), held.upper.tolist()
    ([1.0, 1.0, 1.0], [1.0, 2.0, 2.0])
    """

    lower: Array
    """Least value of each whole column."""
    upper: Array
    """Greatest value of each whole column."""

    def fixed(self, columns: Mask, values: Array) -> Box:
        """Give the box with some whole columns, marked by a mask, at these values."""
        held = np.clip(np.rint(values), self.lower, self.upper)
        return Box(np.where(columns, held, self.lower), np.where(columns, held, self.upper))

    def bounded(self, columns: Indices, *, least: float = 0.0, most: float = np.inf) -> Box:
        """Give the box with some whole columns, given by position, in a narrower range."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[columns] = np.maximum(lower[columns], least)
        upper[columns] = np.minimum(upper[columns], most)
        return Box(lower, upper)


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The cheapest point of a box, whole or not.

    Examples
    --------
    >>> Point(12.0, np.array([1.0, 0.4, 2.0])).fractional.tolist()
    [False, True, False]
    """

    cost: float
    """Its cost: no plan in the box costs less. [million]"""
    whole: Array
    """Value of each whole column."""

    @property
    def fractional(self) -> Mask:
        """Mark the columns that are not whole."""
        return np.asarray(np.abs(self.whole - np.rint(self.whole)) > WHOLE)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A plan within the limit, its cost found with the whole columns fixed."""

    whole: Array
    """Value of each whole column."""
    modules: Array
    """Modules of each option over the horizon. [count]"""
    cost: float
    """Its cost. [million]"""


@dataclass(slots=True)
class Effort:
    """How much may be done: counted in linear programs, which anyone can repeat, and in time.

    A long linear program counts as several: one more for every ``STEPS`` of the simplex method.
    """

    allowed: int
    """What may be done. [linear programs]"""
    time_limit: float | None = None
    """Time for all of them. [s]"""
    stop: StopSignal | None = None
    """Stops them."""
    spent: int = 0
    """What was done so far. [linear programs]"""
    solved: int = 0
    """Linear programs solved so far, long or short. [count]"""
    began: float = field(default_factory=time.perf_counter)
    """Clock at the start. [s]"""

    @property
    def remaining(self) -> float | None:
        """Time left. [s]"""
        if self.time_limit is None:
            return None
        return max(0.0, self.time_limit - (time.perf_counter() - self.began))

    @property
    def left(self) -> int:
        """What may still be done. [linear programs]"""
        return max(0, self.allowed - self.spent)


class PlanSpace:
    """One loaded model, in which boxes of plans are looked at by linear programs.

    Parameters
    ----------
    model
        The planning model.
    limit
        Plans that cost more are not looked for. [million]
    slack
        Costs nearer than this are the same cost. [million]
    effort
        How much may be done.
    """

    def __init__(self, model: PlanningModel, *, limit: float, slack: float, effort: Effort) -> None:
        given, investments = model.scaled.matrices, model.investments
        self.model, self.limit, self.effort = model, limit, effort
        self.highest = limit + slack
        self.names = [name for name, periods in investments.periods.items() if periods]
        self.columns = np.flatnonzero(given.integrality)
        place = {int(label): number for number, label in enumerate(self.columns)}
        self.decisions = [
            np.array([place[investments.labels[name, p]] for p in investments.periods[name]])
            for name in self.names
        ]
        self.capital = np.array(
            [
                module_capital(
                    model.network, model.case.options[name], investments.periods[name][0]
                )
                for name in self.names
            ]
        )
        self.all = Box(given.lower[self.columns], given.upper[self.columns])
        self._unit = model.scaled.unit
        self._highs = HighsModel(given)
        self._sent = self.all

    @property
    def column_capital(self) -> Array:
        """Give the capital of one module by whole column, or a little. [million]"""
        found = np.full(len(self.columns), LITTLE * max(1.0, self.capital.max(initial=0.0)))
        for own, capital in zip(self.decisions, self.capital, strict=True):
            found[own] = np.maximum(found[own], capital)
        return found

    @property
    def most(self) -> Array:
        """Give the modules of each option that there are. [count]"""
        return np.array([float(self.all.upper[own[-1]]) for own in self.decisions])

    def at_most(self, box: Box, option: int, count: float) -> Box:
        """Give the part of a box with no more modules of an option."""
        return box.bounded(self.decisions[option], most=count)

    def at_least(self, box: Box, option: int, count: float) -> Box:
        """Give the part of a box with no fewer modules of an option."""
        return box.bounded(self.decisions[option][-1:], least=count)

    def cheapest(self, box: Box) -> Point | None:
        """Find the cheapest point of a box; None where it is empty or dearer than the limit."""
        solved = self._solve(box)
        if solved is None or solved[0] > self.highest:
            return None
        return Point(solved[0], solved[1][self.columns])

    def plan(self, whole: Array) -> Plan | None:
        """Fix the whole columns and find the plan; None where there is none within the limit."""
        values = np.rint(whole)
        point = self.cheapest(Box(values, values))
        if point is None:
            return None
        return Plan(values, self.modules(values), point.cost)

    def modules(self, whole: Array) -> Array:
        """Count the modules of each option over the horizon."""
        return np.array([float(whole[own[-1]]) for own in self.decisions])

    def _solve(self, box: Box) -> tuple[float, Array] | None:
        stop = self.effort.stop
        if (stop is not None and stop.is_set()) or self.effort.remaining == 0.0:
            raise Halted
        self.effort.spent += 1
        self.effort.solved += 1
        if np.any(box.lower > box.upper):
            return None
        self._send(box)
        limits = replace(LINEAR, time_limit=self.effort.remaining)
        found = self._highs.solve(limits, integers=False, stop=stop)
        self.effort.spent += found.iterations // STEPS
        if found.status is SolveStatus.INFEASIBLE:
            return None
        if found.status is not SolveStatus.OPTIMAL or found.primal is None:
            raise Halted
        return float(found.objective or 0.0) * self._unit, np.asarray(found.primal)

    def _send(self, box: Box) -> None:
        changed = (box.lower != self._sent.lower) | (box.upper != self._sent.upper)
        at = np.flatnonzero(changed)
        self._highs.set_bounds(self.columns[at], box.lower[at], box.upper[at])
        self._sent = box
