"""A cut is never above the cost it stands for, whatever weights it is made from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from coercivity.foundation.errors import InternalError
from coercivity.planning.two_stage import Recourse, TwoStageProblem, recourse_costs
from coercivity.planning.two_stage.cuts import cost_cut, feasibility_cut
from coercivity.planning.two_stage.subproblem import Subproblem
from coercivity.solvers import Matrices
from tests.planning.two_stage.small_problems import problems, random_problem, stocking

seeds = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=60)
@given(problems(whole=False, most=2), seeds)
def test_a_cut_touches_the_cost_where_it_was_made_and_is_below_it_elsewhere(
    problem: TwoStageProblem, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 6, (2, problem.first.columns))
    recourse = problem.scenarios[0]
    answer = Subproblem(0, recourse).evaluate(here)
    assert answer.cut.at(here) == pytest.approx(answer.cost, rel=1e-7, abs=1e-7)
    assert answer.cut.at(there) <= recourse_costs(problem, there)[0] + 1e-7


@settings(deadline=None, max_examples=40)
@given(problems(whole=False, most=1), seeds)
def test_any_weights_of_rows_make_a_true_cut(problem: TwoStageProblem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    recourse = problem.scenarios[0]
    first = rng.uniform(0, 6, problem.first.columns)
    exact = Subproblem(0, recourse).solve(first).row_dual
    assert exact is not None
    shrunk = exact * rng.uniform(0, 1)
    assert cost_cut(0, recourse, shrunk).at(first) <= recourse_costs(problem, first)[0] + 1e-7


def test_weights_that_prove_nothing_are_refused() -> None:
    with pytest.raises(InternalError, match=r"need-0.*R005"):
        cost_cut(0, stocking().scenarios[0], np.array([5.0]))


def test_a_ruled_out_decision_stays_out_and_served_ones_stay_in() -> None:
    ruled = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        problem = random_problem(rng, scenarios=1, complete=False)
        recourse = problem.scenarios[0]
        here = rng.uniform(0, 1.0, problem.first.columns)
        answer = Subproblem(0, recourse).evaluate(here)
        if not answer.cut.feasibility:
            continue
        ruled += 1
        assert answer.cost == np.inf
        assert answer.cut.at(here) > 0
        for there in rng.uniform(0, 6, (10, problem.first.columns)):
            if np.isfinite(recourse_costs(problem, there)[0]):
                assert answer.cut.at(there) <= 1e-7
    assert ruled > 10


def test_a_ray_of_either_sign_will_do_and_one_that_shows_nothing_gives_none() -> None:
    model = Matrices.of(csc_array([[1.0]]), cost=[3.0], upper=[5.0], row_lower=[30.0])
    recourse = Recourse("high", 1.0, csc_array([[1.0]]), model)
    short, enough = np.array([10.0]), np.array([26.0])
    for ray in ([2.0], [-2.0]):
        cut = feasibility_cut(0, recourse, np.array(ray), short)
        assert cut is not None
        assert cut.at(np.array([25.0])) == pytest.approx(0.0)
        assert feasibility_cut(0, recourse, np.array(ray), enough) is None
    assert feasibility_cut(0, recourse, np.array([0.0]), short) is None
