"""What the best plan for each future would have been, and how a plan fares in futures to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.futures.preparing import Prepared
from coercivity.planning.futures.search import FuturePlan
from coercivity.planning.futures.single import decision_of, plan_for
from coercivity.planning.solve import OnProgress, PlanLimits
from coercivity.planning.two_stage.subproblem import Subproblem
from coercivity.results import Parts
from coercivity.solvers import SolveStatus, StopSignal
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.futures import Future
from coercivity.uncertainty.intervals import MeanInterval, mean_interval


@dataclass(frozen=True, slots=True, eq=False)
class Hindsight:
    """The best plan for one future, had it been known."""

    future: str
    """Name of the future."""
    cost: float
    """Its cost: of the best plan found, the plan for all futures among them. [million]"""
    bound: float
    """Proven: no plan for this future costs less. [million]"""
    first: Array
    """Its decision: one value a first-stage column."""


def hindsight(
    prepared: Prepared,
    plan: FuturePlan,
    limits: PlanLimits,
    *,
    parts: Parts | None = None,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> tuple[Hindsight, ...]:
    """Plan for each future as if it were known; none of these plans costs more than the plan.

    Parameters
    ----------
    prepared, plan
        The futures and the plan for all of them.
    limits
        Gap as a share of the gain in each future, and time of each.
    parts
        Keeps each plan as it is found.
    on_progress
        Told how far each is.
    stop
        Ends it; the futures planned so far are given.
    """
    found: list[Hindsight] = []
    for place, cut in enumerate(prepared.cuts):
        name = f"hindsight-{place:04d}"
        known = None if parts is None else parts.known(name)
        if known is not None:
            first = np.array(known["first"], dtype=float)
            found.append(Hindsight(cut.recourse.name, known["cost"], known["bound"], first))
            continue
        if stop is not None and stop.is_set():
            break
        one = _one(prepared, plan, place, limits, on_progress, stop)
        if one is None:
            break
        if parts is not None:
            parts.keep(name, {"cost": one.cost, "bound": one.bound, "first": one.first.tolist()})
        found.append(one)
    return tuple(found)


def _one(
    prepared: Prepared,
    plan: FuturePlan,
    place: int,
    limits: PlanLimits,
    on_progress: OnProgress | None,
    stop: StopSignal | None,
) -> Hindsight | None:
    recourse = prepared.problem.scenarios[place]
    solution = plan_for(prepared, recourse, limits, on_progress=on_progress, stop=stop)
    if solution.status is SolveStatus.STOPPED:
        return None
    own = float(plan.costs[place])
    first, cost = decision_of(prepared, solution), solution.objective
    if own < cost:
        first, cost = plan.first, own
    return Hindsight(recourse.name, cost, min(solution.bound, cost), first)


@dataclass(frozen=True, slots=True, eq=False)
class FreshFutures:
    """How a plan fares in futures it was not made for."""

    interval: MeanInterval
    """Mean cost with its interval of confidence. [million]"""
    costs: Array
    """Cost in each. [million]"""


def in_fresh_futures(
    prepared: Prepared,
    plan: FuturePlan,
    futures: Sequence[Future],
    *,
    parts: Parts | None = None,
    on_each: Callable[[int], None] | None = None,
    stop: StopSignal | None = None,
) -> FreshFutures | None:
    """Price a plan in independent draws of equal weight; None if stopped before two of them.

    Parameters
    ----------
    prepared, plan
        The plan.
    futures
        Fresh draws.
    parts
        Keeps the cost of each.
    on_each
        Told the number of draws priced.
    stop
        Ends it, the draws so far being used.

    Raises
    ------
    InfeasiblePlan
        If a draw cannot be served after the plan.
    """
    sure = float(prepared.problem.first.cost @ plan.first)
    costs: list[float] = []
    for place, future in enumerate(futures):
        name = f"fresh-{place:04d}"
        known = None if parts is None else parts.known(name)
        if known is None:
            if stop is not None and stop.is_set():
                break
            (recourse,) = prepared.fresh([future])
            solution = Subproblem(place, recourse).solve(plan.first)
            if solution.status is not SolveStatus.OPTIMAL:
                raise _unserved(future.name)
            cost = (sure + float(solution.objective or 0.0)) * prepared.first.unit
            known = {"cost": cost}
            if parts is not None:
                parts.keep(name, known)
        costs.append(float(known["cost"]))
        if on_each is not None:
            on_each(len(costs))
    if len(costs) < 2:
        return None
    return FreshFutures(mean_interval(costs), np.array(costs))


def _unserved(name: str) -> InfeasiblePlan:
    msg = (
        f"The plan cannot be continued in the fresh future '{name}'. Give what may be short a "
        "penalty, so that every plan can be continued and priced.  [P401]"
    )
    return InfeasiblePlan(msg)
