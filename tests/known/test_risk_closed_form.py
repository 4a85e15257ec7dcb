"""CVaR of a normal loss, and a capacity held to a chance, against their closed forms.

Rockafellar and Uryasev (2000), *Journal of Risk* 2(3), 21-41; the capacity is the example
``cc_capacity`` of mpi-sppy.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.sparse import csc_array, vstack
from scipy.special import ndtri

from coercivity.planning.two_stage import (
    Recourse,
    TwoStageProblem,
    decompose,
    extensive_form,
    solve_extensive,
)
from coercivity.solvers import HighsModel, Matrices, SolveLimits
from coercivity.uncertainty import ConditionalValueAtRisk, equally_likely

NORMAL = {0.10: 1.754983319324868, 0.05: 2.0627128075074257}
"""CVaR of a standard normal loss by tail: density at the quantile over the tail."""


@pytest.mark.parametrize("tail", [*NORMAL])
def test_the_numbers_are_the_closed_form(tail: float) -> None:
    quantile = float(ndtri(1 - tail))
    density = math.exp(-(quantile**2) / 2) / math.sqrt(2 * math.pi)
    assert density / tail == pytest.approx(NORMAL[tail], abs=1e-12)


@pytest.mark.parametrize("tail", [*NORMAL])
def test_a_finely_cut_normal_loss_has_its_tail(tail: float) -> None:
    count = 20_000
    edges = ndtri(np.arange(1, count) / count)
    heights = np.concatenate([[0.0], np.exp(-(edges**2) / 2) / math.sqrt(2 * math.pi), [0.0]])
    # The mean of a normal loss between two quantiles is the difference of densities over the mass.
    losses = -np.diff(heights) * count
    value = ConditionalValueAtRisk(tail).value(losses, equally_likely(count))
    assert value == pytest.approx(NORMAL[tail], abs=1e-6)


@pytest.mark.parametrize("tail", [*NORMAL])
@pytest.mark.parametrize("whole_form", [True, False])
def test_a_plan_that_cannot_act_has_the_risk_of_its_loss(tail: float, whole_form: bool) -> None:
    count = 400
    edges = ndtri(np.arange(1, count) / count)
    heights = np.concatenate([[0.0], np.exp(-(edges**2) / 2) / math.sqrt(2 * math.pi), [0.0]])
    losses = -np.diff(heights) * count
    first = Matrices.of(csc_array((0, 1)), cost=[1.0], upper=[1.0])
    problem = TwoStageProblem(
        first,
        tuple(
            Recourse(
                f"loss-{number}",
                1 / count,
                csc_array((1, 1)),
                Matrices.of(
                    csc_array([[1.0]]), cost=[1.0], lower=[-np.inf], row_lower=[float(loss)]
                ),
            )
            for number, loss in enumerate(losses)
        ),
    )
    solve = solve_extensive if whole_form else decompose
    found = solve(problem, risk_weight=1.0, tail_probability=tail)
    assert found.objective == pytest.approx(NORMAL[tail], abs=1e-6)
    assert found.first_stage.tolist() == [0.0]


@pytest.mark.parametrize(("chance", "capacity"), [(0.2, 80.0), (0.1, 90.0), (0.05, 100.0)])
def test_capacity_that_suffices_with_a_chance(chance: float, capacity: float) -> None:
    # Demand 10, 20, …, 100 with the same probability; in each scenario a yes/no column says
    # whether it may go short, and one row over the scenarios limits how often. That row is why
    # a probability target takes the extensive form.
    demands = np.arange(10.0, 101.0, 10.0)
    scenarios = tuple(
        Recourse(
            f"demand-{demand:g}",
            1 / demands.size,
            csc_array([[1.0]]),
            Matrices.of(
                csc_array([[demand]]),
                cost=[0.0],
                upper=[1.0],
                integrality=[True],
                row_lower=[demand],
            ),
        )
        for demand in demands
    )
    first = Matrices.of(csc_array((0, 1)), cost=[1.0])
    problem = TwoStageProblem(first, scenarios)
    plain = extensive_form(problem)
    allowed = csc_array(np.concatenate([[0.0], problem.probabilities])[None, :])
    model = Matrices.of(
        vstack([plain.matrix, allowed]),
        cost=plain.cost,
        upper=plain.upper,
        integrality=plain.integrality,
        row_lower=[*plain.row_lower, -np.inf],
        row_upper=[*plain.row_upper, chance],
    )
    found = HighsModel(model).solve(SolveLimits(relative_gap=0.0))
    assert found.primal is not None
    assert found.primal[0] == pytest.approx(capacity, abs=1e-6)
