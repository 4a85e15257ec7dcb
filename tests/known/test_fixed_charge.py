"""Fixed-charge network flow: FCNetLib; Ortega and Wolsey (2003), Networks 41."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from coercivity.studies.plan import PlanOptions, plan
from tests.known.published import (
    MILLION,
    fixed_charge,
    fixed_charge_network,
    known_answer,
    published,
)
from tests.written_cases import planned_tables, write_case_folder

Arc = tuple[int, int, float, float]

ARCS: list[Arc] = [
    (1, 2, 50.0, 1.0),
    (1, 3, 20.0, 4.0),
    (2, 3, 30.0, 1.0),
    (3, 2, 15.0, 2.0),
    (2, 4, 60.0, 1.0),
    (3, 4, 25.0, 3.0),
    (1, 4, 90.0, 2.0),
    (1, 4, 70.0, 6.0),
]
BALANCE = {1: -10.0, 2: 3.0, 4: 7.0}


def test_reaches_the_published_optimum(tmp_path: Path) -> None:
    tables = fixed_charge_network(published("fixed-charge-net", "r20x100.csv"))
    solution, found = planned_tables(write_case_folder(tmp_path / "r20x100", tables))
    answer = known_answer("fixed-charge-net", "r20x100")
    assert solution.objective * MILLION == pytest.approx(answer, abs=1e-3)
    assert round(solution.objective * MILLION) == 15603
    assert round(solution.bound * MILLION) == 15603
    builds = found["builds"].frame
    assert builds["asset"].isna().all()
    assert set(builds["link"]) == set(found["flows"].frame["link"])


def cheapest_by_trying_all(arcs: list[Arc], balance: dict[int, float]) -> float:
    """Route over every set of arcs and keep the cheapest."""
    nodes = sorted({n for arc in arcs for n in arc[:2]})
    best = float("inf")
    for count in range(1, len(arcs) + 1):
        for chosen in itertools.combinations(arcs, count):
            inflow = np.array(
                [
                    [float(end == n) - float(start == n) for start, end, _, _ in chosen]
                    for n in nodes
                ]
            )
            routed = linprog(
                [unit for _, _, _, unit in chosen],
                A_eq=inflow,
                b_eq=[balance.get(n, 0.0) for n in nodes],
            )
            if routed.status == 0:
                best = min(best, routed.fun + sum(fixed for _, _, fixed, _ in chosen))
    return best


def test_a_small_network_costs_what_trying_every_set_of_arcs_says(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "small", fixed_charge(ARCS, BALANCE))
    solution, found = planned_tables(folder)
    best = cheapest_by_trying_all(ARCS, BALANCE)
    assert solution.objective * MILLION == pytest.approx(best, rel=1e-9)
    assert found["builds"].frame["asset"].isna().all()


def test_an_arc_that_is_not_built_moves_nothing(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "small", fixed_charge(ARCS, BALANCE))
    _, found = planned_tables(folder)
    assert set(found["flows"].frame["link"]) <= set(found["builds"].frame["link"])


def test_a_run_names_the_option_where_there_is_no_asset(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "small", fixed_charge(ARCS, BALANCE))
    run = plan(folder, tmp_path / "runs", PlanOptions(gap=0.0))
    assert run.result["objective"] * MILLION == pytest.approx(cheapest_by_trying_all(ARCS, BALANCE))
    assert {build["asset"] for build in run.result["builds"]} == {None}
    assert {build["option"] for build in run.result["builds"]} <= {f"o{n}" for n in range(8)}
