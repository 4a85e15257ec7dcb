"""Two-stage stochastic fixed-charge network design, binary first stage.

Instances of mpi-sppy, ``examples/netdes`` (BSD-3-Clause); the answers are its best known values,
published to one decimal.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csc_array

from coercivity.planning.two_stage import (
    Recourse,
    SearchLimits,
    TwoStageProblem,
    decompose,
    solve_extensive,
)
from coercivity.solvers import Matrices, SolveLimits, SolveStatus
from tests.known.published import published

FAST = ("network-10-10-L-01", "network-10-10-L-03", "network-10-10-H-01", "network-10-10-H-05")
OTHERS = tuple(
    f"network-10-{scenarios}-{density}-0{number}"
    for scenarios in (10, 20, 30)
    for density in "LH"
    for number in (1, 3, 5, 7, 9)
    if f"network-10-{scenarios}-{density}-0{number}" not in FAST
)
ROUNDED = 0.06
"""The published values are rounded to one decimal."""


def table(line: str) -> np.ndarray:
    """Read rows that are set apart by semicolons."""
    return np.array([[float(value) for value in row.split(",")] for row in line.split(";")])


def network(path: Path) -> TwoStageProblem:
    """Open arcs, then route each scenario over the open ones.

    Rows of a scenario: what leaves a node less what enters it is its balance; the flow of an arc
    is at most its capacity, if it is open.
    """
    lines = path.read_text().splitlines()
    lines = lines[1 + next(at for at, line in enumerate(lines) if line.startswith("+")) :]
    nodes, tails, heads = int(lines[0]), *np.nonzero(table(lines[3]))
    arcs = np.arange(tails.size)
    opening = table(lines[4])[tails, heads]
    chances = table(lines[6])[0]
    leaving = np.zeros((nodes, arcs.size))
    leaving[tails, arcs], leaving[heads, arcs] = 1.0, -1.0
    routes = csc_array(np.vstack([leaving, np.eye(arcs.size)]))
    scenarios = []
    for place, chance in enumerate(chances):
        # A line that sets scenarios apart, then cost, capacity and balance.
        cost, capacity, balance = (table(line) for line in lines[8 + 4 * place : 11 + 4 * place])
        limits = -np.diag(capacity[tails, heads])
        model = Matrices.of(
            routes,
            cost=cost[tails, heads],
            row_lower=np.concatenate([balance[0], np.full(arcs.size, -np.inf)]),
            row_upper=np.concatenate([balance[0], np.zeros(arcs.size)]),
        )
        technology = csc_array(np.vstack([np.zeros((nodes, arcs.size)), limits]))
        scenarios.append(Recourse(f"s{place}", float(chance), technology, model))
    first = Matrices.of(
        csc_array((0, arcs.size)),
        cost=opening,
        upper=np.ones(arcs.size),
        integrality=np.ones(arcs.size, dtype=bool),
    )
    return TwoStageProblem(first, tuple(scenarios))


def expect_published(name: str) -> None:
    """Decompose an instance and compare cost and bound with the published value."""
    answer = json.loads(published("stoch-netdes", "answers.json").read_text())[name]
    problem = network(published("stoch-netdes", f"{name}.dat"))
    found = decompose(problem, limits=SearchLimits(relative_gap=1e-7))
    assert found.status is SolveStatus.OPTIMAL
    assert found.objective == pytest.approx(answer, abs=ROUNDED)
    assert found.bound == pytest.approx(answer, abs=ROUNDED)
    assert set(found.first_stage) <= {0.0, 1.0}


@pytest.mark.parametrize("name", FAST)
def test_finds_and_proves_the_published_optimum(name: str) -> None:
    expect_published(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_finds_and_proves_every_other_published_optimum(name: str) -> None:
    expect_published(name)


@pytest.mark.slow
def test_the_extensive_form_finds_the_same_arcs_cost() -> None:
    problem = network(published("stoch-netdes", "network-10-10-L-01.dat"))
    whole = solve_extensive(problem, limits=SolveLimits(relative_gap=1e-6))
    assert whole.objective == pytest.approx(decompose(problem).objective, rel=1e-5)
