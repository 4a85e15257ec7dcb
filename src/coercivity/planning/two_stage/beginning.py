"""Where a search begins: the decision for the average future."""

from __future__ import annotations

import numpy as np

from coercivity.foundation.errors import UsageError
from coercivity.planning.two_stage.averages import mean_scenario
from coercivity.planning.two_stage.extensive import extensive_form
from coercivity.planning.two_stage.failures import no_plan
from coercivity.planning.two_stage.problem import TwoStageProblem
from coercivity.planning.two_stage.subproblem import Subproblem
from coercivity.solvers import Basis, HighsModel, SolveStatus
from coercivity.solvers.matrices import Array


def first_guess(problem: TwoStageProblem) -> tuple[Array | None, Basis | None]:
    """Give the relaxed decision for the average future, and a vertex of that future.

    Both are None where there is no average, or nothing can be done in it; the search then begins
    from the master alone.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> first_guess(buy_now_or_later())[0].tolist()
    [20.0]
    """
    try:
        mean = mean_scenario(problem)
    except UsageError:
        return None, None
    alone = problem.with_scenarios((mean,))
    found = HighsModel(extensive_form(alone)).solve(integers=False)
    if found.status is SolveStatus.STOPPED:
        raise no_plan(found.status)
    if found.status is not SolveStatus.OPTIMAL or found.primal is None:
        return None, None
    first = np.asarray(found.primal)[: problem.first.columns]
    subproblem = Subproblem(0, mean)
    if subproblem.solve(first).status is not SolveStatus.OPTIMAL:
        return first, None
    return first, subproblem.vertex()
