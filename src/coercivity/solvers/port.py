"""What every solver promises: the limits it takes, what it tells, and how it is asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.solvers.matrices import Array

Method = Literal["choose", "simplex", "ipx"]
"""How a linear model is solved: ``ipx`` is the interior-point method for large, cold models."""
SEED_LIMIT = 2**31
BASIC = 1
"""Mark of a row that does not hold the vertex."""


class SolveStatus(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """Proven best, up to the gap."""
    FEASIBLE = "feasible"
    """A limit was reached; the best solution so far is given."""
    INFEASIBLE = "infeasible"
    """Proven: no solution exists."""
    UNBOUNDED = "unbounded"
    """Proven: solutions exist, and their cost falls without end."""
    STOPPED = "stopped"
    """The user stopped it; the best solution so far is given where there is one."""
    NOT_FOUND = "not found"
    """A limit was reached before a first solution."""


@dataclass(frozen=True, slots=True)
class SolveLimits:
    """When to stop and how to work. The same values give the same answer, time limits aside.

    Examples
    --------
    >>> SolveLimits(time_limit=60).relative_gap
    0.0001
    """

    time_limit: float | None = None
    """Time after which the best solution so far is taken; None for no limit. [s]"""
    absolute_gap: float = 0.0
    """Distance between cost and bound that counts as proven. [unit of cost]"""
    relative_gap: float = 1e-4
    """The same as a share of the cost. [fraction]"""
    threads: int = 1
    """Threads of one solve. More are rarely faster here; other processes need theirs."""
    seed: int = 0
    """Seed of the solver's own random choices."""
    method: Method = "choose"
    """Method for linear models, and for the first one of a model with whole columns."""
    crossover: bool = True
    """Whether ``ipx`` ends in a vertex, which duals fit for cuts and warm starts need."""
    allow_restart: bool = True
    """Whether a search over whole columns may start again with what it learned."""

    def __post_init__(self) -> None:
        self._need("time_limit", self.time_limit is None or self.time_limit >= 0, "at least 0")
        self._need("absolute_gap", self.absolute_gap >= 0, "at least 0")
        self._need("relative_gap", self.relative_gap >= 0, "at least 0")
        self._need("threads", self.threads >= 1, "at least 1")
        self._need("seed", 0 <= self.seed < SEED_LIMIT, f"from 0 to {SEED_LIMIT - 1}")
        known = get_args(Method)
        self._need("method", self.method in known, f"one of {', '.join(known)}")

    def _need(self, name: str, holds: bool, wanted: str) -> None:
        if not holds:
            msg = (
                f"Solver limit '{name}': {quoted(getattr(self, name))} cannot be used. "
                f"Give a value that is {wanted}.  [R001]"
            )
            raise UsageError(msg)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What a solve gave."""

    status: SolveStatus
    """How it ended."""
    objective: float | None = None
    """Cost of ``primal``. [unit of cost]"""
    bound: float | None = None
    """Proven: no solution costs less. [unit of cost]"""
    primal: Array | None = None
    """Value of each column; None where no solution is known."""
    row_dual: Array | None = None
    """Change of cost for one more unit of each row's bound; linear models only."""
    reduced_cost: Array | None = None
    """Change of cost for one more unit of each column's bound; linear models only."""
    seconds: float = 0.0
    """Time taken. [s]"""
    iterations: int = 0
    """Steps of the linear methods. [count]"""
    nodes: int = 0
    """Branches of the search over whole columns. [count]"""

    @property
    def gap(self) -> float | None:
        """(cost - bound) ÷ cost, a fraction; None where one of them is not known.

        Examples
        --------
        >>> Solution(SolveStatus.FEASIBLE, objective=100.0, bound=98.0).gap
        0.02
        """
        if self.objective is None or self.bound is None:
            return None
        distance = max(self.objective - self.bound, 0.0)
        if distance == 0:
            return 0.0
        return distance / abs(self.objective) if self.objective != 0 else math.inf


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come."""

    seconds: float
    """Time since its start. [s]"""
    objective: float | None = None
    """Cost of the best solution so far. [unit of cost]"""
    bound: float | None = None
    """Proven so far: no solution costs less. [unit of cost]"""
    nodes: int = 0
    """Branches searched. [count]"""


ProgressCallback = Callable[[Progress], None]
"""Called in the caller's own thread, a few times a second at most."""


class StopSignal(Protocol):
    """A flag that others raise to stop a solve; a ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Tell whether the solve should stop. Asked about twenty times a second."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelNumbers:
    """The numbers of a loaded model that can be changed, as they stand now."""

    cost: Array
    """Cost of one unit of each column."""
    lower: Array
    """Least value of each column."""
    upper: Array
    """Greatest value of each column."""
    row_lower: Array
    """Least value of each row."""
    row_upper: Array
    """Greatest value of each row."""


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """A vertex to start from: the solver's own mark of each column and row."""

    columns: NDArray[np.int8]
    """One mark a column."""
    rows: NDArray[np.int8]
    """One mark a row."""

    def with_rows(self, count: int) -> Basis:
        """Give the vertex of a model that got further rows, none of which holds it yet.

        Examples
        --------
        >>> marks = np.zeros(2, dtype=np.int8)
        >>> Basis(marks, marks).with_rows(1).rows.tolist()
        [0, 0, 1]
        """
        return Basis(self.columns, np.append(self.rows, np.full(count, BASIC, dtype=np.int8)))


class SolverModel(Protocol):
    """A model that stays loaded: change its numbers and solve again."""

    @property
    def numbers(self) -> ModelNumbers:
        """Copy the numbers as they stand."""

    def restore(self, numbers: ModelNumbers) -> None:
        """Put the numbers back as they were."""

    def set_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of some columns."""

    def set_row_bounds(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of some rows."""

    def set_costs(self, columns: ArrayLike, costs: ArrayLike) -> None:
        """Change the costs of some columns."""

    def solve(
        self,
        limits: SolveLimits = ...,
        *,
        start: ArrayLike | None = None,
        integers: bool = True,
        on_progress: ProgressCallback | None = None,
        stop: StopSignal | None = None,
    ) -> Solution:
        """Minimise the cost."""

    def solve_fixed(
        self,
        primal: ArrayLike,
        *,
        limits: SolveLimits = ...,
        stop: StopSignal | None = None,
    ) -> Solution:
        """Fix whole columns at their rounded value and solve what is left, for its duals."""

    def basis(self) -> Basis | None:
        """Give the vertex of the last linear solve."""

    def dual_ray(self) -> Array | None:
        """Give the combination of rows that shows why the last linear solve has no solution."""

    def start_from(self, basis: Basis | None) -> None:
        """Forget all earlier solves; start the next linear one from this vertex."""

    def write(self, path: Path) -> None:
        """Write the model as it stands."""
