"""Network interdiction: the examples of the Naval Postgraduate School and a six-node flow.

Data and printed outputs: PyomoGallery ``network_interdiction`` and ``or-fusion/pao`` (both
BSD-3-Clause). All arcs can be cut at a cost of 1. In the shortest path a unit that does not arrive
costs the sender and the receiver 50 each.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.planning.built import with_builds
from coercivity.resilience.attack.measure import measure_of
from coercivity.studies.stress_worst import attackable, search_of
from tests.written_cases import Tables, write_case_folder

Arc = tuple[str, str, float]
MAX_FLOW: tuple[Arc, ...] = (
    ("Start", "B", 10), ("Start", "C", 70), ("C", "B", 30),
    ("B", "End", 100), ("C", "D", 40), ("D", "End", 50),
)  # fmt: skip
SHORTEST_PATH: tuple[Arc, ...] = (
    ("Start", "B", 10), ("Start", "C", 2), ("C", "B", 2),
    ("B", "End", 1), ("C", "D", 7), ("D", "End", 8),
)  # fmt: skip
SIX_NODES: tuple[Arc, ...] = (
    ("0", "1", 2), ("0", "2", 6), ("0", "3", 4), ("0", "4", 2), ("1", "5", 3),
    ("2", "1", 2), ("2", "3", 2), ("3", "4", 2), ("4", "5", 1), ("3", "5", 5),
)  # fmt: skip
WANTED = 1000.0


def network(
    folder: Path, arcs: tuple[Arc, ...], ends: tuple[str, str], *, column: str, amount: float
) -> Path:
    """Write arcs as links that can be attacked, a source at one end and a demand at the other."""
    nodes = dict.fromkeys(name for arc in arcs for name in arc[:2])
    tables: Tables = {
        "countries": [{"id": "USA", "group": "domestic"}],
        "sites": [{"id": name, "country": "USA"} for name in nodes],
        "materials": [{"id": "good"}],
        "suppliers": [{"id": "well", "site": ends[0], "material": "good", "price": 0}],
        "links": [
            {"id": f"a{n}", "from": start, "to": end, column: value, "attackable": "yes"}
            for n, (start, end, value) in enumerate(arcs)
        ],
        "demands": [{"id": "users", "site": ends[1], "amount": amount, "penalty": 100}],
        "demand_materials": [{"demand": "users", "material": "good"}],
    }
    settings = {"periods": [2025, 2026], "report_until": 2025, "discount_rate": 0}
    return write_case_folder(folder / "case", tables, settings)


def worst_value(folder: Path, kind: str, k: int) -> float:
    whole, tables, _ = load_case(folder)
    case = with_builds(whole, {})
    measure = measure_of(case, kind=kind)
    found = search_of(case, measure, attackable(case, tables), k).solve()
    assert found.proven
    assert found.bound == found.value
    return found.value


@pytest.mark.parametrize(("k", "flow"), [(0, 80), (1, 10), (2, 0)])
def test_the_largest_flow_after_k_cuts(tmp_path: Path, k: int, flow: float) -> None:
    case = network(tmp_path, MAX_FLOW, ("Start", "End"), column="capacity", amount=WANTED)
    assert worst_value(case, "shortfall", k) == pytest.approx(WANTED - flow, abs=1e-6)


@pytest.mark.parametrize(("k", "flow"), [(0, 9), (1, 4), (2, 1), (3, 0)])
def test_the_largest_flow_through_six_nodes(tmp_path: Path, k: int, flow: float) -> None:
    case = network(tmp_path, SIX_NODES, ("0", "5"), column="capacity", amount=WANTED)
    assert worst_value(case, "shortfall", k) == pytest.approx(WANTED - flow, abs=1e-6)


@pytest.mark.parametrize(("k", "length"), [(0, 5), (1, 17), (2, 100)])
def test_the_shortest_path_after_k_cuts(tmp_path: Path, k: int, length: float) -> None:
    case = network(tmp_path, SHORTEST_PATH, ("Start", "End"), column="cost", amount=1e6)
    found = worst_value(case, "cost", k)
    assert math.isclose(found, length, rel_tol=1e-6)
