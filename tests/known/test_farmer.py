"""The farmer: Birge and Louveaux (2011), Introduction to Stochastic Programming, section 1.1."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array

from coercivity.planning.two_stage import (
    Recourse,
    SearchLimits,
    TwoStageProblem,
    TwoStageSolution,
    decompose,
    plan_quality,
    solve_extensive,
)
from coercivity.solvers import Matrices

YIELDS = (2.5, 3.0, 20.0)
"""Of three crops. [t/acre]"""
NEED = (200.0, 240.0)
"""Of the first two crops, as feed. [t]"""
EXACT = SearchLimits(relative_gap=1e-12, absolute_gap=1e-7)


def farmer(factors: tuple[float, ...] = (0.8, 1.0, 1.2)) -> TwoStageProblem:
    """Plant 500 acres, then buy and sell what the weather made of it.

    Recourse columns: buy crops 1 and 2, sell crops 1 and 2, sell crop 3 within its quota, and
    beyond it. Rows: what is grown, bought and sold of each crop.
    """
    first = Matrices.of(csc_array(np.ones((1, 3))), cost=[150.0, 230.0, 260.0], row_upper=[500.0])
    matrix = [
        [1.0, 0.0, -1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, -1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, -1.0, -1.0],
    ]
    model = Matrices.of(
        csc_array(matrix),
        cost=[238.0, 210.0, -170.0, -150.0, -36.0, -10.0],
        upper=[np.inf, np.inf, np.inf, np.inf, 6000.0, np.inf],
        row_lower=[*NEED, 0.0],
    )
    return TwoStageProblem(
        first,
        tuple(
            Recourse(
                f"yield-{factor}",
                1.0 / len(factors),
                csc_array(np.diag([factor * amount for amount in YIELDS])),
                model,
            )
            for factor in factors
        ),
    )


@pytest.fixture(params=["extensive form", "decomposition"])
def plan(request: pytest.FixtureRequest) -> TwoStageSolution:
    """Solve the farmer's problem in both ways."""
    if request.param == "extensive form":
        return solve_extensive(farmer())
    return decompose(farmer(), limits=EXACT)


def test_the_plan_for_all_weathers(plan: TwoStageSolution) -> None:
    assert plan.objective == pytest.approx(-108_390.0, rel=1e-8)
    assert plan.bound == pytest.approx(-108_390.0, rel=1e-8)
    assert plan.first_stage == pytest.approx([170.0, 80.0, 250.0], rel=1e-6)


def test_what_it_is_worth_to_know_and_to_plan(plan: TwoStageSolution) -> None:
    quality = plan_quality(farmer(), plan)
    assert quality.stochastic_cost == pytest.approx(-108_390.0, rel=1e-8)
    assert quality.wait_and_see_cost == pytest.approx(-115_405.5555556, rel=1e-8)
    assert quality.value_of_perfect_information == pytest.approx(7_015.5555556, rel=1e-8)
    assert quality.expected_value_cost == pytest.approx(-107_240.0, rel=1e-8)
    assert quality.value_of_stochastic_solution == pytest.approx(1_150.0, rel=1e-8)


def test_the_plan_for_the_average_weather() -> None:
    # Table 1 of the book: 120, 80 and 300 acres, profit 118 600.
    quality = plan_quality(farmer(), solve_extensive(farmer()))
    assert quality.expected_value_plan == pytest.approx([120.0, 80.0, 300.0])
    assert quality.cost_on_average == pytest.approx(-118_600.0)


@pytest.mark.parametrize("weight", [0.25, 1.0])
def test_a_careful_farmer_earns_less_on_average_and_more_in_bad_weather(weight: float) -> None:
    neutral = solve_extensive(farmer())
    careful = decompose(farmer(), risk_weight=weight, tail_probability=1 / 3, limits=EXACT)
    whole = solve_extensive(farmer(), risk_weight=weight, tail_probability=1 / 3)
    assert careful.objective == pytest.approx(whole.objective, rel=1e-9)
    costs = [
        plan.scenario_costs + farmer().first.cost @ plan.first_stage for plan in (neutral, careful)
    ]
    assert costs[1].mean() >= costs[0].mean() - 1e-6
    assert costs[1].max() <= costs[0].max() + 1e-6
