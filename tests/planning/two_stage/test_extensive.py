"""The extensive form: coefficient by coefficient, and the laws of its risk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csc_array

from coercivity.foundation.errors import InfeasiblePlan, PlanNotFound, UsageError
from coercivity.planning.two_stage import TwoStageProblem, extensive_form, solve_extensive
from coercivity.planning.two_stage.extensive import layout_of
from coercivity.planning.two_stage.quality import first_cost
from coercivity.solvers import HighsModel, SolveLimits
from coercivity.uncertainty import ConditionalValueAtRisk, Expectation
from tests.planning.two_stage.small_problems import problems, random_problem, stocking

TIGHT = SolveLimits(relative_gap=0.0)


def test_every_coefficient_of_a_case_by_hand() -> None:
    model = extensive_form(stocking(chances=(0.25, 0.75)), risk_weight=0.4, tail_probability=0.1)
    # Columns: bought now; bought later in each scenario; threshold; excess of each scenario.
    assert model.cost.tolist() == pytest.approx([1, 0.6 * 0.25 * 3, 0.6 * 0.75 * 3, 0.4, 1, 3])
    assert model.matrix.toarray().tolist() == [  # type: ignore[attr-defined]
        [1, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [0, -3, 0, 1, 1, 0],
        [0, 0, -3, 1, 0, 1],
    ]
    assert model.row_lower.tolist() == [10, 30, 0, 0]
    assert model.lower.tolist() == [0, 0, 0, -np.inf, 0, 0]
    assert extensive_form(stocking()).columns == 3


def test_the_layout_finds_every_part() -> None:
    problem = stocking()
    layout = layout_of(problem, risk_weight=0.5)
    assert (layout.first, layout.scenarios) == (slice(0, 1), (slice(1, 2), slice(2, 3)))
    assert layout.threshold == 3
    assert layout_of(problem).threshold is None


@settings(deadline=None, max_examples=40)
@given(problems(whole=False))
def test_the_risk_of_the_answer_is_what_was_minimised(problem: TwoStageProblem) -> None:
    for weight, tail in ((0.0, 0.05), (0.5, 0.3), (1.0, 0.2)):
        found = solve_extensive(problem, risk_weight=weight, tail_probability=tail, limits=TIGHT)
        chances = problem.probabilities
        mean = Expectation().value(found.scenario_costs, chances)
        worst = ConditionalValueAtRisk(tail).value(found.scenario_costs, chances)
        own = first_cost(problem, found.first_stage) + (1 - weight) * mean + weight * worst
        assert found.objective == pytest.approx(own, rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(problems(whole=False))
def test_risk_is_monotone_in_its_weight_and_its_tail(problem: TwoStageProblem) -> None:
    def cost(weight: float, tail: float) -> float:
        return solve_extensive(problem, risk_weight=weight, tail_probability=tail).objective

    by_weight = [cost(weight, 0.2) for weight in (0.0, 0.25, 0.5, 1.0)]
    by_tail = [cost(1.0, tail) for tail in (1.0, 0.5, 0.2, 0.05)]
    for costs in (by_weight, by_tail):
        assert (np.diff(costs) >= -1e-6).all()
    assert by_tail[0] == pytest.approx(by_weight[0], rel=1e-7, abs=1e-7)


def test_no_plan_is_told_in_words() -> None:
    problem = random_problem(np.random.default_rng(0), scenarios=2, complete=False)
    tight = problem.with_scenarios(
        tuple(replace(one, technology=csc_array(one.technology.shape)) for one in problem.scenarios)
    )
    with pytest.raises(InfeasiblePlan, match="every scenario"):
        solve_extensive(tight)
    with pytest.raises(PlanNotFound, match="P403"):
        solve_extensive(
            random_problem(np.random.default_rng(0), scenarios=3, whole=True),
            limits=SolveLimits(time_limit=0.0),
        )


@pytest.mark.parametrize(
    ("name", "value"), [("risk_weight", 1.5), ("risk_weight", -0.1), ("tail_probability", 0.0)]
)
def test_shares_outside_their_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=rf"{name} must be in .* got {value}.*U302"):
        extensive_form(stocking(), **{name: value})


def test_the_model_is_a_plain_one() -> None:
    assert HighsModel(extensive_form(stocking())).solve().objective == pytest.approx(30.0)
