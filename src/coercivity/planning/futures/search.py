"""The plan for many futures: begun from the plan for the average, proven against the gain."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.futures.preparing import Prepared, alone
from coercivity.planning.futures.single import decision_of, plan_for
from coercivity.planning.solve import OnProgress, PlanLimits, PlanProgress
from coercivity.planning.two_stage import (
    SearchLimits,
    SearchProgress,
    TwoStageProblem,
    TwoStageSolution,
    decompose,
    extensive_form,
    recourse_costs,
    solve_extensive,
)
from coercivity.planning.two_stage.solution import OnSearchProgress
from coercivity.results import Parts
from coercivity.solvers import HighsModel, SolveLimits, SolveStatus, StopSignal
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.risk_measures import (
    ConditionalValueAtRisk,
    Expectation,
    MeanAndTail,
)

CUTS = "cuts.npz"
EXACT = 1e-6
"""Gap of the objective that is always good enough. [fraction]"""
BEGINNING = 0.25
"""Share of the time that the plan for the average may take. [fraction]"""


@dataclass(frozen=True, slots=True)
class FutureLimits:
    """What a plan for many futures weighs, and when it is good enough."""

    gap: float = 0.01
    """Share of the gain; of the objective where no plan without builds exists. [fraction]"""
    time_limit: float | None = None
    """Time of the search; judging it afterwards comes on top. [s]"""
    seed: int = 0
    """Seed of the solver."""
    risk_weight: float = 0.0
    """0 counts the expectation only, 1 the tail only. [fraction]"""
    tail_probability: float = 0.05
    """Mass of the tail; 0.05 is the worst 5 %. [fraction]"""
    workers: int = 1
    """Processes; any number gives the same plan. [count]"""

    @property
    def risk(self) -> MeanAndTail:
        """What is minimised."""
        return MeanAndTail(self.risk_weight, self.tail_probability)

    def left(self, seconds: float) -> float | None:
        """Give what is left of the time. [s]"""
        return None if self.time_limit is None else max(0.0, self.time_limit - seconds)


@dataclass(frozen=True, slots=True, eq=False)
class FuturePlan:
    """A plan for many futures with its proof. Costs are in million, present value."""

    status: SolveStatus
    first: Array
    """The decision: one value a first-stage column."""
    costs: Array
    """Cost in each future. [million]"""
    objective: float
    """Expectation and tail, as they were weighed. [million]"""
    bound: float
    """Proven: no plan costs less. [million]"""
    expected: float
    """Expected cost. [million]"""
    tail: float
    """Mean cost of the tail. [million]"""
    without_builds: float | None
    """Objective of the best plan without builds; None where there is none. [million]"""
    average_plan: float | None
    """Objective of the plan for the average future; None where it fails in a future. [million]"""
    seconds: float
    """Time taken. [s]"""
    rounds: int
    """Rounds of the search. [count]"""
    cuts: int
    """Cuts found. [count]"""

    @property
    def value_of_planning_for_all(self) -> float | None:
        """What the plan for all futures saves against the plan for the average. [million]"""
        return None if self.average_plan is None else self.average_plan - self.objective


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the search begins. [unit of cost]"""

    without: float
    first: Array | None
    value: float


def plan_for_all(
    prepared: Prepared,
    limits: FutureLimits | None = None,
    *,
    parts: Parts | None = None,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> FuturePlan:
    """Find the first stage of least expected cost and tail over all futures.

    Parameters
    ----------
    prepared
        The futures, formulated.
    limits
        What counts, and when the plan is good enough.
    parts
        Keeps the start and every cut, so that a broken-off search goes on where it was.
    on_progress
        Told how far it is.
    stop
        Ends it, the best plan so far being given.

    Raises
    ------
    InfeasiblePlan, UnboundedPlan
        If no decision can be continued in every future, or none is cheapest.
    PlanNotFound, Stopped
        If time ran out, or the user stopped, before a first plan.
    WorkerLost
        If a worker process ended; finished rounds are in ``parts``.
    """
    limits, began = limits or FutureLimits(), time.perf_counter()
    start, unit = _start(prepared, limits, parts, on_progress, stop), prepared.first.unit
    gain = start.without - start.value
    allowed = limits.gap * gain if np.isfinite(gain) else limits.gap * abs(start.value)
    wanted = SearchLimits(
        relative_gap=EXACT if np.isfinite(allowed) else limits.gap,
        absolute_gap=max(allowed, 0.0) if np.isfinite(allowed) else 0.0,
        time_limit=limits.left(time.perf_counter() - began),
        seed=limits.seed,
    )

    def told(progress: SearchProgress) -> None:
        if on_progress is not None:
            on_progress(_told(progress, time.perf_counter() - began, unit))

    saved = None if parts is None else parts.folder / CUTS
    try:
        found = _found(prepared, limits, wanted, start.first, saved, told, stop)
    except InfeasiblePlan as error:
        raise _named(prepared, error) from error
    return _read(prepared, limits, start, found, time.perf_counter() - began)


def _found(
    prepared: Prepared,
    limits: FutureLimits,
    wanted: SearchLimits,
    start: Array | None,
    saved: Path | None,
    told: OnSearchProgress,
    stop: StopSignal | None,
) -> TwoStageSolution:
    if prepared.chances:
        return _whole(prepared.problem, limits, wanted, stop)
    return decompose(
        prepared.problem,
        risk_weight=limits.risk_weight,
        tail_probability=limits.tail_probability,
        limits=wanted,
        start=start,
        workers=limits.workers,
        saved=saved,
        on_progress=told,
        stop=stop,
    )


def _whole(
    problem: TwoStageProblem,
    limits: FutureLimits,
    wanted: SearchLimits,
    stop: StopSignal | None,
) -> TwoStageSolution:
    """Solve all futures in one model: which of them miss a target makes cuts weak."""
    return solve_extensive(
        problem,
        risk_weight=limits.risk_weight,
        tail_probability=limits.tail_probability,
        limits=SolveLimits(
            time_limit=wanted.time_limit,
            absolute_gap=wanted.absolute_gap,
            relative_gap=wanted.relative_gap,
            seed=wanted.seed,
        ),
        stop=stop,
    )


def _named(prepared: Prepared, error: InfeasiblePlan) -> InfeasiblePlan:
    """Name the futures that no plan at all can serve, where there are any."""
    hopeless = [
        recourse.name
        for recourse in prepared.problem.scenarios
        if HighsModel(extensive_form(alone(prepared, recourse))).solve(integers=False).status
        is SolveStatus.INFEASIBLE
    ]
    if not hopeless:
        return error
    msg = (
        f"Nothing can serve these futures, whatever is built: {', '.join(map(repr, hopeless))}. "
        "A demand without a penalty, a limit or a target asks more than they can give: give what "
        "may be short a penalty, soften the limit, or leave out the future.  [P401]"
    )
    return InfeasiblePlan(msg)


def _told(progress: SearchProgress, seconds: float, unit: float) -> PlanProgress:
    return PlanProgress(
        "proof" if progress.phase == "search" else "first plan",
        seconds,
        None if progress.objective is None else progress.objective * unit,
        None if progress.bound is None else progress.bound * unit,
    )


def _start(
    prepared: Prepared,
    limits: FutureLimits,
    parts: Parts | None,
    on_progress: OnProgress | None,
    stop: StopSignal | None,
) -> _Start:
    """Price the plan without builds and the plan for the average in every future, once."""
    known = None if parts is None else parts.known("start")
    if known is not None:
        first = None if known["first"] is None else np.array(known["first"], dtype=float)
        without, value = (np.inf if known[n] is None else known[n] for n in ("without", "value"))
        return _Start(float(without), first, float(value))
    without = cost_without_builds(prepared.problem, prepared, limits)
    first, value = _average(prepared, limits, on_progress, stop)
    if parts is not None:
        kept = {
            "without": without if np.isfinite(without) else None,
            "first": None if first is None else first.tolist(),
            "value": value if np.isfinite(value) else None,
        }
        parts.keep("start", kept)
    return _Start(without, first, value)


def _average(
    prepared: Prepared,
    limits: FutureLimits,
    on_progress: OnProgress | None,
    stop: StopSignal | None,
) -> tuple[Array | None, float]:
    share = None if limits.time_limit is None else limits.time_limit * BEGINNING
    wanted = PlanLimits(gap=limits.gap, time_limit=share, seed=limits.seed)
    try:
        solution = plan_for(prepared, prepared.expected, wanted, on_progress=on_progress, stop=stop)
    except InfeasiblePlan:
        return None, np.inf
    first = decision_of(prepared, solution)
    return first, objective_of(prepared.problem, first, limits.risk)


def objective_of(problem: TwoStageProblem, first: Array, risk: MeanAndTail) -> float:
    """Give first-stage cost and risk of a decision; infinite where a future cannot be served.

    [unit of cost]
    """
    costs = recourse_costs(problem, first)
    return float(problem.first.cost @ first) + risk.value(costs, problem.probabilities)


def cost_without_builds(
    problem: TwoStageProblem, prepared: Prepared, limits: FutureLimits
) -> float:
    """Give the objective of the best plan without builds; infinite for none. [unit of cost]"""
    modules = prepared.first.of_block("modules")
    if modules.size + prepared.first.of_block("chosen").size == problem.first.columns:
        return objective_of(problem, np.zeros(problem.first.columns), limits.risk)
    upper = problem.first.upper.copy()
    upper[modules] = 0.0
    bare = TwoStageProblem(replace(problem.first, upper=upper), problem.scenarios)
    tight = SearchLimits(relative_gap=EXACT, seed=limits.seed)
    try:
        if prepared.chances:
            return _whole(bare, limits, tight, None).objective
        found = decompose(
            bare,
            risk_weight=limits.risk_weight,
            tail_probability=limits.tail_probability,
            limits=tight,
        )
    except InfeasiblePlan:
        return np.inf
    return found.objective


def _read(
    prepared: Prepared,
    limits: FutureLimits,
    start: _Start,
    found: TwoStageSolution,
    seconds: float,
) -> FuturePlan:
    problem, unit = prepared.problem, prepared.first.unit
    sure = float(problem.first.cost @ found.first_stage)
    costs = (sure + found.scenario_costs) * unit
    chances = problem.probabilities
    without = max(start.without, found.objective)
    tail = ConditionalValueAtRisk(limits.tail_probability)
    return FuturePlan(
        status=found.status,
        first=found.first_stage,
        costs=costs,
        objective=found.objective * unit,
        bound=found.bound * unit,
        expected=Expectation().value(costs, chances),
        tail=tail.value(costs, chances),
        without_builds=without * unit if np.isfinite(without) else None,
        average_plan=start.value * unit if np.isfinite(start.value) else None,
        seconds=seconds,
        rounds=found.rounds,
        cuts=found.cuts,
    )
