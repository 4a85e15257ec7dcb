"""Solve a planning model to a gap that means something, and keep the best plan when stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.builder import Array
from coercivity.foundation.errors import InfeasiblePlan, PlanNotFound, Stopped, UnboundedPlan
from coercivity.planning.model import PlanningModel
from coercivity.solvers import (
    Basis,
    HighsModel,
    Progress,
    Solution,
    SolveLimits,
    SolveStatus,
    StopSignal,
)

EXACT = 1e-9
"""Gap of the objective that is always good enough. [fraction]"""
HALFWAY = 0.5
"""Share of the wanted gap at which the restricted search stops. [fraction]"""


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """When a plan is good enough, and how long to look for it."""

    gap: float = 0.01
    """Share of the gain; of the objective where no plan without builds exists. [fraction]"""
    time_limit: float | None = None
    """Time for everything the solver does. [s]"""
    seed: int = 0
    """Seed of the solver."""


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan has come."""

    phase: str
    seconds: float
    objective: float | None
    """Best plan so far. [million]"""
    bound: float | None
    """No plan costs less. [million]"""


OnProgress = Callable[[PlanProgress], None]


@dataclass(frozen=True, slots=True, eq=False)
class PlanSolution:
    """A plan with its proof."""

    status: SolveStatus
    primal: Array
    """Value of each column."""
    objective: float
    """Cost of the plan. [million]"""
    bound: float
    """Proven: no plan costs less. [million]"""
    without_builds: float | None
    """Cost of the best plan without builds; None where there is none. [million]"""
    seconds: float
    """Time in the solver. [s]"""
    row_dual: Array | None
    """Change of cost per unit of each row, whole columns fixed. [million]"""
    reduced_cost: Array | None
    """Change of cost per unit of each column's bound, whole columns fixed. [million]"""

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the objective. [fraction]"""
        distance = max(0.0, self.objective - self.bound)
        return distance / abs(self.objective) if self.objective else 0.0

    @property
    def gain(self) -> float | None:
        """What the builds save. [million]"""
        return None if self.without_builds is None else self.without_builds - self.objective

    @property
    def gap_of_gain(self) -> float | None:
        """Distance to the bound as a share of the gain; None where there is no gain. [fraction]"""
        if self.gain is None or self.gain <= EXACT * abs(self.objective):
            return None
        return max(0.0, self.objective - self.bound) / self.gain


class _Search:
    """One search: the loaded model, the clock, and what is known so far."""

    def __init__(
        self,
        model: PlanningModel,
        limits: PlanLimits,
        on_progress: OnProgress | None,
        stop: StopSignal | None,
    ) -> None:
        self.model, self.limits, self.stop = model, limits, stop
        self.on_progress = on_progress
        self.highs = HighsModel(model.scaled.matrices)
        self.unit = model.scaled.unit
        self.matrices = model.scaled.matrices
        self.began = time.perf_counter()
        self.seconds = 0.0
        self.bound: float | None = None
        self.without_builds: float | None = None
        self.vertex: Basis | None = None
        self.integers = np.flatnonzero(self.matrices.integrality)

    def remaining(self) -> float | None:
        if self.limits.time_limit is None:
            return None
        return max(0.0, self.limits.time_limit - self.seconds)

    def solve(
        self,
        phase: str,
        *,
        integers: bool,
        absolute_gap: float = 0.0,
        share: float = 1.0,
        start: Array | None = None,
    ) -> Solution:
        left = self.remaining()
        limits = SolveLimits(
            time_limit=None if left is None else left * share,
            absolute_gap=absolute_gap,
            relative_gap=0.0 if absolute_gap else EXACT,
            seed=self.limits.seed,
        )
        begun = self.seconds

        def report(progress: Progress) -> None:
            if self.on_progress is not None:
                self.on_progress(self._told(phase, begun, progress))

        solution = self.highs.solve(
            limits, integers=integers, start=start, on_progress=report, stop=self.stop
        )
        self.seconds += solution.seconds
        return solution

    def _told(self, phase: str, begun: float, progress: Progress) -> PlanProgress:
        bound = self.bound if progress.bound is None else progress.bound
        if self.bound is not None and bound is not None:
            bound = max(bound, self.bound)
        return PlanProgress(
            phase,
            begun + progress.seconds,
            None if progress.objective is None else progress.objective * self.unit,
            None if bound is None else bound * self.unit,
        )

    def fix_builds(self) -> None:
        """Allow no module."""
        labels = self.model.investments.block.labels
        self.highs.set_bounds(labels, np.zeros(len(labels)), np.zeros(len(labels)))

    def around(self, relaxed: Array) -> None:
        """Keep each whole column between the floor and the ceiling of its relaxed value."""
        values = relaxed[self.integers]
        lower = np.maximum(np.floor(values + 1e-6), self.matrices.lower[self.integers])
        upper = np.minimum(np.ceil(values - 1e-6), self.matrices.upper[self.integers])
        self.highs.set_bounds(self.integers, lower, np.maximum(lower, upper))

    def free(self) -> None:
        """Give every whole column its own bounds back."""
        chosen = self.integers
        self.highs.set_bounds(chosen, self.matrices.lower[chosen], self.matrices.upper[chosen])

    def tolerance(self, objective: float) -> float:
        """Give the distance to the bound at which a plan is good enough. [unit of cost]"""
        floor = EXACT * max(1.0, abs(objective))
        if self.without_builds is None:
            return max(floor, self.limits.gap * abs(objective))
        return max(floor, self.limits.gap * max(0.0, self.without_builds - objective))


def solve_plan(
    model: PlanningModel,
    limits: PlanLimits | None = None,
    *,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> PlanSolution:
    """Find the least-cost plan of a model, to a gap counted as a share of the gain.

    The relaxation gives the bound; the plan without builds gives the gain; a search between floor
    and ceiling of the relaxation gives a first plan in seconds; the full search starts from it.

    Raises
    ------
    InfeasiblePlan, UnboundedPlan
        If no plan exists, or none is cheapest.
    PlanNotFound, Stopped
        If time ran out, or the user stopped, before a first plan.
    """
    search = _Search(model, limits or PlanLimits(), on_progress, stop)
    relaxed = search.solve("relaxation", integers=False)
    _expect_answer(relaxed, model)
    search.bound = relaxed.objective
    if search.integers.size == 0:
        search.without_builds = relaxed.objective
        return _finish(search, relaxed)
    search.vertex = search.highs.basis()
    _solve_without_builds(search)
    first = _first_plan(search, relaxed)
    if first is not None and first.status is SolveStatus.STOPPED:
        return _finish(search, first)
    return _finish(search, _full_search(search, first))


def _expect_answer(solution: Solution, model: PlanningModel) -> None:
    name = model.case.name
    if solution.status is SolveStatus.INFEASIBLE:
        msg = (
            f"No plan can satisfy case '{name}'.\n"
            "Its demands without a penalty, its limits, targets and least activities cannot all "
            "hold with the plants and options it has.  [P401]"
        )
        raise InfeasiblePlan(msg)
    if solution.status is SolveStatus.UNBOUNDED:
        msg = (
            f"The cost of case '{name}' has no lower limit.\n"
            "Something is sold for more than it costs, without any limit on capacity or sales; "
            "check buyers without `most` and suppliers without `offered`.  [P402]"
        )
        raise UnboundedPlan(msg)
    if solution.primal is None:
        _nothing_found(solution)


def _nothing_found(solution: Solution) -> None:
    if solution.status is SolveStatus.STOPPED:
        msg = "Stopped before a first plan was found; nothing is kept.  [R004]"
        raise Stopped(msg)
    msg = "Time ran out before a first plan was found; allow more with --time-limit.  [P403]"
    raise PlanNotFound(msg)


def _solve_without_builds(search: _Search) -> None:
    search.fix_builds()
    relaxed = search.solve("without builds", integers=False)
    bare = relaxed
    if relaxed.status is SolveStatus.OPTIMAL and relaxed.objective is not None:
        gain = abs(relaxed.objective - (search.bound or 0.0))
        if len(search.integers) > len(search.model.investments.block):
            gap = max(search.limits.gap * gain * HALFWAY, EXACT * abs(relaxed.objective))
            bare = search.solve("without builds", integers=True, absolute_gap=gap)
        if bare.status is SolveStatus.OPTIMAL:
            search.without_builds = bare.objective
    search.free()
    if SolveStatus.STOPPED in {relaxed.status, bare.status}:
        _nothing_found(bare)


def _first_plan(search: _Search, relaxed: Solution) -> Solution | None:
    if relaxed.primal is None or relaxed.objective is None:
        return None
    search.around(relaxed.primal)
    gap = search.tolerance(relaxed.objective) * HALFWAY
    found = search.solve("first plan", integers=True, absolute_gap=gap, share=HALFWAY)
    search.free()
    if found.primal is None and found.status is SolveStatus.STOPPED:
        _nothing_found(found)
    return found if found.primal is not None else None


def _full_search(search: _Search, first: Solution | None) -> Solution:
    known = search.bound if first is None or first.objective is None else first.objective
    start = None if first is None else first.primal
    gap = search.tolerance(known or 0.0)
    found = search.solve("proof", integers=True, absolute_gap=gap, start=start)
    if found.bound is not None and search.bound is not None:
        search.bound = max(search.bound, found.bound)
    if found.primal is None or _worse(found, first):
        if first is None:
            _expect_answer(found, search.model)
            _nothing_found(found)
        elif found.status is not SolveStatus.INFEASIBLE:
            return Solution(
                SolveStatus.STOPPED
                if found.status is SolveStatus.STOPPED
                else SolveStatus.FEASIBLE,
                objective=first.objective,
                bound=search.bound,
                primal=first.primal,
            )
    return found


def _worse(found: Solution, first: Solution | None) -> bool:
    return (
        first is not None
        and first.objective is not None
        and found.objective is not None
        and found.objective > first.objective
    )


def _finish(search: _Search, found: Solution) -> PlanSolution:
    """Fix the whole columns and solve once more, for exact values and duals of one plan."""
    if found.primal is None:
        _nothing_found(found)
    if found.status is SolveStatus.STOPPED and search.vertex is not None:
        # Whoever stopped it waits: from here it takes half as long as afresh.
        search.highs.start_from(search.vertex)
    exact = search.highs.solve_fixed(
        found.primal if found.primal is not None else [],
        limits=SolveLimits(relative_gap=EXACT),
    )
    search.seconds += exact.seconds
    chosen = exact if exact.status is SolveStatus.OPTIMAL else found
    objective = chosen.objective if chosen.objective is not None else float("nan")
    bounds = [b for b in (search.bound, found.bound) if b is not None]
    bound = min(objective, max(bounds)) if bounds else objective
    status = found.status
    if status is SolveStatus.FEASIBLE and objective - bound <= search.tolerance(objective):
        status = SolveStatus.OPTIMAL
    without = search.without_builds
    if without is not None:
        without = max(without, objective)
    return PlanSolution(
        status=status,
        primal=np.asarray(chosen.primal, dtype=np.float64),
        objective=objective * search.unit,
        bound=bound * search.unit,
        without_builds=None if without is None else without * search.unit,
        seconds=search.seconds,
        row_dual=None if exact.row_dual is None else np.asarray(exact.row_dual) * search.unit,
        reduced_cost=None
        if exact.reduced_cost is None
        else np.asarray(exact.reduced_cost) * search.unit,
    )
