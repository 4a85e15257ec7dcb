"""What a search over many futures is asked, tells meanwhile, and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coercivity.foundation.errors import UsageError
from coercivity.solvers import SolveStatus
from coercivity.solvers.matrices import Array


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When a first stage is good enough, and how long to look for it.

    Examples
    --------
    >>> SearchLimits(relative_gap=1e-3).tolerance(-200.0)
    0.2
    """

    relative_gap: float = 1e-4
    """Distance between cost and bound that counts as proven, as share of the cost. [fraction]"""
    absolute_gap: float = 0.0
    """The same in money, where it is the larger; a share of a gain, say. [unit of cost]"""
    time_limit: float | None = None
    """Time after which the best decision so far is taken; None for no limit. [s]"""
    rounds: int = 10_000
    """Rounds after which the same happens. [count]"""
    seed: int = 0
    """Seed of the solver's own random choices."""

    def __post_init__(self) -> None:
        for name, value, least in (
            ("relative_gap", self.relative_gap, 0),
            ("absolute_gap", self.absolute_gap, 0),
            ("time_limit", 0 if self.time_limit is None else self.time_limit, 0),
            ("rounds", self.rounds, 1),
        ):
            if not value >= least:
                msg = (
                    f"{name} is {value!r}. A limit below {least} would be reached before "
                    f"the search begins: give at least {least}.  [R001]"
                )
                raise UsageError(msg)

    def tolerance(self, cost: float) -> float:
        """Give the distance to the bound that is good enough. [unit of cost]"""
        return max(self.absolute_gap, self.relative_gap * abs(cost))


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """How far a search has come."""

    phase: str
    """``cuts`` while the relaxation is learned, ``search`` over whole decisions after."""
    round: int
    """Rounds done."""
    seconds: float
    """Time since the start, or since it was resumed. [s]"""
    objective: float | None
    """Cost of the best decision so far. [unit of cost]"""
    bound: float | None
    """Proven so far: no decision costs less. [unit of cost]"""
    cuts: int
    """Cuts found. [count]"""


OnSearchProgress = Callable[[SearchProgress], None]
"""Called in the caller's own thread, once a round."""


@dataclass(frozen=True, slots=True, eq=False)
class TwoStageSolution:
    """A first-stage decision with its proof."""

    status: SolveStatus
    """How the search ended."""
    first_stage: Array
    """The decision: one value a first-stage column."""
    scenario_costs: Array
    """Cost of the recourse in each scenario, first-stage cost not included. [unit of cost]"""
    objective: float
    """First-stage cost and risk of what follows. [unit of cost]"""
    bound: float
    """Proven: no decision costs less. [unit of cost]"""
    rounds: int = 0
    """Rounds of the decomposition; 0 for the extensive form. [count]"""
    cuts: int = 0
    """Cuts found. [count]"""
    seconds: float = 0.0
    """Time taken. [s]"""

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the cost. [fraction]"""
        distance = max(0.0, self.objective - self.bound)
        return distance / abs(self.objective) if self.objective else distance
