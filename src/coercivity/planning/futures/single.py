"""The best plan for one future, as if it were known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coercivity.dispatch.export import ScaledModel
from coercivity.planning.futures.preparing import Prepared, alone
from coercivity.planning.solve import OnProgress, PlanLimits, PlanSolution, solve_plan
from coercivity.planning.two_stage import Recourse, extensive_form
from coercivity.solvers import StopSignal
from coercivity.solvers.matrices import Array


def plan_for(
    prepared: Prepared,
    recourse: Recourse,
    limits: PlanLimits,
    *,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> PlanSolution:
    """Find the best plan for one future with the decisions and costs of the plan for all.

    Parameters
    ----------
    prepared
        The plan for many futures.
    recourse
        The future.
    limits
        Gap as a share of the gain in that future, and time.
    on_progress, stop
        As for a plan of a case.
    """
    matrices = extensive_form(alone(prepared, recourse))
    investments = prepared.planned.investments
    places = prepared.first.of_block("modules")
    model = replace(
        prepared.planned,
        investments=replace(investments, block=replace(investments.block, labels=places)),
        scaled=ScaledModel(matrices, prepared.first.unit),
    )
    return solve_plan(model, limits, on_progress=on_progress, stop=stop)


def decision_of(prepared: Prepared, solution: PlanSolution) -> Array:
    """Read the first-stage decision of a plan for one future, whole columns exactly whole."""
    first = np.array(solution.primal[: len(prepared.first.keys)])
    whole = np.flatnonzero(prepared.first.matrices.integrality)
    first[whole] = np.rint(first[whole])
    return first
