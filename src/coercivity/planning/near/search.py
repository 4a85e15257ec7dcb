"""Look at every plan that costs nearly as little as the best one known."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from coercivity.dispatch.builder import Array
from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.planning.capital import module_capital
from coercivity.planning.model import PlanningModel
from coercivity.planning.near.alternatives import different_plans
from coercivity.planning.near.outcome import Alternative, NearOption, NearPlans
from coercivity.planning.near.space import SLACK, Effort, Plan, PlanSpace
from coercivity.planning.near.verdicts import Findings, decide
from coercivity.planning.solve import EXACT, OnProgress, PlanProgress, PlanSolution
from coercivity.solvers import StopSignal

EFFORT = 900
"""What one call may do, about. [linear programs]"""
FOR_ALTERNATIVES = 0.25
"""Share of it that is kept for the alternatives. [fraction]"""


def cost_limit(solution: PlanSolution, *, epsilon: float) -> tuple[float, str]:
    r"""Give the cost up to which a plan counts as near, and what the share is counted of.

    .. math:: C^{max} = C^* + \varepsilon\,G

    with :math:`G` the gain of the plan, or the size of its objective where no plan without builds
    exists or nothing is gained.

    Returns
    -------
    tuple of (float, str)
        The limit [million], and ``gain`` or ``objective``.
    """
    gain = solution.gain
    if gain is None or gain <= EXACT * abs(solution.objective):
        return solution.objective + epsilon * abs(solution.objective), "objective"
    return solution.objective + epsilon * gain, "gain"


def near_plans(
    model: PlanningModel,
    solution: PlanSolution,
    *,
    epsilon: float,
    alternatives: int = 5,
    time_limit: float | None = None,
    effort: int = EFFORT,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> NearPlans:
    """Tell for each option whether every plan near the best builds it, some do, or none does.

    ``must`` and ``never`` are proven by linear programs, ``could`` by a plan with and a plan
    without the option; the plan itself is one of the two. An option for which neither was found
    is ``open``. Work is counted in linear programs, so that the answer is the same every time;
    only a ``time_limit`` that is reached, or a stop, can make it depend on the machine.

    Parameters
    ----------
    model
        The planning model.
    solution
        A plan of it.
    epsilon
        How much more a plan may cost, as a share of the gain of the plan; of its
        objective where no gain is defined. [fraction]
    alternatives
        Different plans to look for, at most. [count]
    time_limit
        Time after which the rest stays open; None for no limit. [s]
    effort
        What may be done, about; a linear program of many steps counts as several.
        [linear programs]
    on_progress
        Told how far it is.
    stop
        Stops it; what is known by then is given.

    Raises
    ------
    UsageError
        If ``epsilon`` is negative or not a number, or the model has one column a vintage.
    """
    _check(model, epsilon)
    limit, _ = cost_limit(solution, epsilon=epsilon)
    slack = SLACK * max(1.0, abs(solution.objective))
    work = Effort(effort, time_limit, stop)
    space = PlanSpace(model, limit=limit, slack=slack, effort=work)
    whole = np.rint(solution.primal[space.columns])
    plan = Plan(whole, space.modules(whole), solution.objective)
    found = Findings([plan], max(0.0, solution.objective - solution.bound))
    spare = round(effort * FOR_ALTERNATIVES) if alternatives else 0

    def told(phase: str, done: int, count: int) -> None:
        if on_progress is not None:
            seconds = time.perf_counter() - work.began
            message = f"near: {phase} {done}/{count}"
            on_progress(PlanProgress(message, seconds, solution.objective, solution.bound))

    decide(space, found, spare=spare, told=told)
    told("alternatives", 0, alternatives)
    others = different_plans(space, found, count=alternatives, effort=max(spare, work.left))
    return _answer(space, found, solution, others, epsilon)


def _check(model: PlanningModel, epsilon: float) -> None:
    """Refuse a share that is none, and a model whose columns cannot be forced one by one."""
    if not (math.isfinite(epsilon) and epsilon >= 0):
        msg = (
            f"--near {quoted(epsilon)} cannot be used: it is the share of the gain that a plan "
            "may cost more than the best one. Give a number of at least 0, such as 0.01.  [R001]"
        )
        raise UsageError(msg)
    if model.investments.vintages:
        msg = (
            "Near plans are looked for with cumulative columns; this model was built with one "
            "column a vintage. Build it without `vintages`: its plans are the same.  [R001]"
        )
        raise UsageError(msg)


def _answer(
    space: PlanSpace,
    found: Findings,
    solution: PlanSolution,
    others: list[tuple[Plan, float]],
    epsilon: float,
) -> NearPlans:
    return NearPlans(
        epsilon=epsilon,
        share_of=cost_limit(solution, epsilon=epsilon)[1],
        objective=solution.objective,
        limit=space.limit,
        cheapest_found=min(plan.cost for plan in found.pool),
        options=tuple(_option(space, found, n, solution) for n in range(len(space.names))),
        alternatives=tuple(
            Alternative(plan.cost, apart, _builds(space, plan.whole)) for plan, apart in others
        ),
        plans_found=len(found.pool),
        programs=space.effort.solved,
        halted=found.halted,
    )


def _option(space: PlanSpace, found: Findings, number: int, solution: PlanSolution) -> NearOption:
    witnesses, proof = found.witnesses(number), found.proofs.get(number, "")
    verdict = "could" if witnesses else "open"
    if proof:
        verdict = "must" if found.builds(number) else "never"
    extra, bound = found.extra_cost(number), found.bounds.get(number)
    if proof:
        bound = max(space.limit, space.limit if bound is None else bound)
    counts = [round(float(plan.modules[number])) for plan in found.pool]
    return NearOption(
        option=space.names[number],
        verdict=verdict,
        least_modules=round(float(found.floors[number])),
        most_modules=round(float(found.ceilings[number])),
        fewest_found=min(counts),
        greatest_found=max(counts),
        proof=proof or ("witness" if witnesses else ""),
        extra_cost=extra,
        least_extra_cost=None if bound is None else bound - solution.objective,
        distinguishable=_distinguishable(found, bound, extra),
    )


def _distinguishable(found: Findings, bound: float | None, extra: float | None) -> bool | None:
    """Compare what deciding otherwise costs with the plan's own gap; None where not known."""
    if extra is not None and extra <= found.gap:
        return False
    if bound is not None and bound - found.base.cost >= found.gap:
        return True
    return None


def _builds(space: PlanSpace, whole: Array) -> tuple[dict[str, Any], ...]:
    model = space.model
    primal = np.zeros(model.scaled.matrices.columns)
    primal[space.columns] = whole
    modules = model.investments.modules(primal)
    return tuple(
        {
            "option": name,
            "decision_year": model.case.horizon.starts[period],
            "modules": count,
            "capital_musd": count * module_capital(model.network, model.case.options[name], period),
        }
        for (name, period), count in sorted(modules.items(), key=lambda item: item[0][::-1])
    )
