"""Small facility location whose optimum is found by trying every set of open sites."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from tests.known.published import MILLION, facility_location
from tests.written_cases import planned_tables, write_case_folder


def cheapest_by_trying_all(
    capacities: np.ndarray, fixed: np.ndarray, demands: np.ndarray, costs: np.ndarray
) -> float:
    """Serve the customers from every set of sites and keep the cheapest."""
    customers, sites = costs.shape
    best = float("inf")
    for chosen in itertools.product((0, 1), repeat=sites):
        room = capacities * np.array(chosen)
        if room.sum() < demands.sum():
            continue
        served = np.kron(np.eye(customers), np.ones(sites))
        loaded = np.kron(np.ones(customers), np.eye(sites)) * np.repeat(demands, sites)
        shared = linprog(
            costs.ravel(), A_eq=served, b_eq=np.ones(customers), A_ub=loaded, b_ub=room
        )
        if shared.status == 0:
            best = min(best, shared.fun + float(fixed @ np.array(chosen)))
    return best


@pytest.mark.parametrize("seed", range(6))
def test_costs_what_trying_every_set_of_sites_says(seed: int, tmp_path: Path) -> None:
    draw = np.random.default_rng(seed)
    sites, customers = 4, 5
    demands = draw.integers(20, 90, customers).astype(float)
    capacities = draw.integers(90, 220, sites).astype(float)
    capacities[0] += max(0.0, demands.sum() - capacities.sum())
    fixed = draw.integers(500, 3000, sites).astype(float)
    costs = draw.integers(2, 40, (customers, sites)) * demands[:, None]
    tables = facility_location(
        capacities.tolist(), fixed.tolist(), demands.tolist(), costs.tolist()
    )
    solution, found = planned_tables(write_case_folder(tmp_path / "small", tables))
    best = cheapest_by_trying_all(capacities, fixed, demands, costs)
    assert solution.objective * MILLION == pytest.approx(best, rel=1e-7)
    opened = found["builds"].frame["option"].str.removeprefix("o").astype(int) - 1
    assert capacities[opened].sum() >= demands.sum()


def test_a_site_without_capital_is_free_to_open(tmp_path: Path) -> None:
    tables = facility_location([100.0, 100.0], [0.0, 900.0], [60.0], [[120.0, 60.0]])
    solution, found = planned_tables(write_case_folder(tmp_path / "free", tables))
    assert solution.objective * MILLION == pytest.approx(120.0)
    assert found["builds"].frame["option"].tolist() == ["o1"]


def test_a_forgotten_capacity_is_none_at_all(tmp_path: Path) -> None:
    tables = dict(facility_location([100.0], [10.0], [60.0], [[120.0]]))
    del tables["options"]
    tables["suppliers"] = [{"id": "outside", "site": "c1", "material": "good", "price": 5000}]
    solution, found = planned_tables(write_case_folder(tmp_path / "none", tables))
    assert solution.objective * MILLION == pytest.approx(60 * 5000)
    assert found["activity"].frame.empty
