"""A claim that our own arithmetic does not bear out is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.foundation.errors import InternalError
from coercivity.solvers import Solution, SolveStatus
from coercivity.solvers.vouch import vouched

COST = np.array([2.0, 3.0])
WHOLE = np.array([1])


def claim(objective: float, bound: float, *values: float) -> Solution:
    return Solution(SolveStatus.OPTIMAL, objective=objective, bound=bound, primal=np.array(values))


def test_a_true_claim_is_given_back() -> None:
    true = claim(18.0, 17.0, 2.5, 4.0)
    assert vouched(true, COST, 1.0, WHOLE) is true


def test_a_cost_that_is_not_that_of_the_solution_is_refused() -> None:
    with pytest.raises(InternalError, match="a cost of 7 for a solution that costs 8"):
        vouched(claim(7.0, 7.0, 2.5, 1.0), COST, 0.0, WHOLE)


def test_a_bound_above_the_solution_is_refused() -> None:
    with pytest.raises(InternalError, match="nothing costs less than 9, yet gives 8"):
        vouched(claim(8.0, 9.0, 2.5, 1.0), COST, 0.0, WHOLE)


def test_a_broken_whole_column_is_refused() -> None:
    with pytest.raises(InternalError, match="whole number"):
        vouched(claim(8.0, 8.0, 2.5, 1.0), COST, 0.0, np.array([0]))


def test_nothing_found_is_nothing_to_vouch_for() -> None:
    nothing = Solution(SolveStatus.INFEASIBLE)
    assert vouched(nothing, COST, 0.0, WHOLE) is nothing
