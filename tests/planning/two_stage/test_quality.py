"""Perfect information never costs, planning for all scenarios never costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from coercivity.foundation.errors import InfeasiblePlan, UsageError
from coercivity.planning.two_stage import (
    Recourse,
    TwoStageProblem,
    mean_scenario,
    out_of_sample,
    plan_quality,
    recourse_costs,
    solve_extensive,
    wait_and_see_costs,
)
from coercivity.solvers import SolveLimits
from tests.planning.two_stage.small_problems import problems, random_problem, serving, stocking


@settings(deadline=None, max_examples=40)
@given(problems())
def test_both_values_are_never_negative(problem: TwoStageProblem) -> None:
    plan = solve_extensive(problem, limits=SolveLimits(relative_gap=0.0))
    quality = plan_quality(problem, plan)
    assert quality.value_of_perfect_information >= -1e-5
    assert quality.value_of_stochastic_solution >= -1e-5
    assert quality.unserved == ()


def test_one_scenario_leaves_nothing_to_know() -> None:
    problem = stocking((20.0,), (1.0,))
    quality = plan_quality(problem, solve_extensive(problem))
    assert quality.value_of_perfect_information == pytest.approx(0.0)
    assert quality.value_of_stochastic_solution == pytest.approx(0.0)


def test_buying_now_or_later_by_hand() -> None:
    # The plan buys 30 at 1. Knowing first, it buys 10 or 30: 20 in the mean. The plan for the
    # average buys 20, and 10 more at 3 in one scenario of two: 35.
    problem = stocking()
    quality = plan_quality(problem, solve_extensive(problem))
    assert quality.stochastic_cost == pytest.approx(30.0)
    assert quality.wait_and_see_cost == pytest.approx(20.0)
    assert quality.expected_value_plan.tolist() == pytest.approx([20.0])
    assert quality.cost_on_average == pytest.approx(20.0)
    assert quality.expected_value_cost == pytest.approx(35.0)
    assert quality.value_of_perfect_information == pytest.approx(10.0)
    assert quality.value_of_stochastic_solution == pytest.approx(5.0)


def test_a_plan_for_the_average_that_cannot_be_continued_says_where() -> None:
    problem = stocking()
    closed = tuple(
        replace(one, model=replace(one.model, upper=np.array([5.0]))) for one in problem.scenarios
    )
    problem = problem.with_scenarios(closed)
    quality = plan_quality(problem, solve_extensive(problem))
    assert quality.unserved == ("need-1",)
    assert quality.expected_value_cost == np.inf
    assert quality.value_of_stochastic_solution == np.inf


def test_an_expected_scenario_of_ones_own_is_used() -> None:
    problem = stocking()
    own = replace(problem.scenarios[1], name="as I see it", probability=1.0)
    quality = plan_quality(problem, solve_extensive(problem), expected=own)
    assert quality.expected_value_plan.tolist() == pytest.approx([30.0])
    assert quality.value_of_stochastic_solution == pytest.approx(0.0)


def test_scenarios_without_an_average_are_refused() -> None:
    problem = stocking()
    open_ended = replace(
        problem.scenarios[0], model=replace(problem.scenarios[0].model, upper=np.array([9.0]))
    )
    mixed = problem.with_scenarios((open_ended, problem.scenarios[1]))
    with pytest.raises(UsageError, match=r"infinite in some scenarios.*U305"):
        mean_scenario(mixed)
    wider = random_problem(np.random.default_rng(0), scenarios=1, columns=1).scenarios[0]
    other = replace(wider, probability=0.5)
    with pytest.raises(UsageError, match=r"no average.*U305"):
        mean_scenario(problem.with_scenarios((problem.scenarios[0], other)))


def test_the_mean_over_fresh_scenarios_covers_the_true_cost() -> None:
    # Needs are 10 or 30 with the same probability, so 12 bought now cost 12 + 0.5 * 18 * 3 = 39.
    problem = stocking()
    held = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        drawn = (problem.scenarios[int(rng.random() < 0.5)] for _ in range(30))
        found = out_of_sample(problem, [12.0], drawn)
        assert found.costs.size == 30
        held += found.interval.lower <= 39.0 <= found.interval.upper
    assert held >= 34


def test_pricing_in_the_same_scenarios_gives_back_their_cost() -> None:
    problem = random_problem(np.random.default_rng(4), scenarios=4)
    plan = solve_extensive(problem)
    assert recourse_costs(problem, plan.first_stage) == pytest.approx(plan.scenario_costs)
    found = out_of_sample(problem, plan.first_stage, problem.scenarios)
    sure = plan.objective - float(problem.probabilities @ plan.scenario_costs)
    assert found.costs == pytest.approx(sure + plan.scenario_costs)


def test_a_fresh_scenario_that_cannot_be_served_is_named() -> None:
    rng = np.random.default_rng(1)
    hard: Recourse = serving(rng, "drought", 1.0, 3, 2, complete=False)
    problem = random_problem(rng, scenarios=1)
    with pytest.raises(InfeasiblePlan, match="drought"):
        out_of_sample(problem, np.zeros(3), [hard])


def test_each_scenario_alone_is_a_plan_of_its_own() -> None:
    assert wait_and_see_costs(stocking()).tolist() == pytest.approx([10.0, 30.0])
