"""The same small chain, formulated by another program, costs the same.

PyPSA knows networks of energy; here a bus is a material at a site, a link a process or a way, a
generator a supplier, a buyer or a shortfall, a store a stock, and a snapshot a year.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from tests.written_cases import planned, write_case_folder

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")

pypsa = pytest.importorskip("pypsa", reason="the extra `peers` is not installed")

YEARS = [2025, 2026, 2027, 2028]
RATE = 0.05
OFFERED = [60.0, 60.0, 20.0, 0.0]
"""What the cheap supplier of the good delivers. [t/year]"""
WANTED = [80.0, 90.0, 100.0, 110.0]
AVAILABLE = [0.5, 0.8, 1.0, 1.0]
"""Availability of the refinery. [fraction]"""


def _case(folder: Path) -> Path:
    tables: dict[str, list[dict[str, Any]]] = {
        "sites": [{"id": "pit", "country": "USA"}, {"id": "works", "country": "USA"}],
        "materials": [
            {"id": "ore", "gross_per_t": 1.5},
            *({"id": name} for name in ("acid", "mid", "side", "good")),
        ],
        "processes": [
            {"id": "refine", "reference_material": "mid"},
            {"id": "make", "reference_material": "good"},
        ],
        "recipes": [
            {"process": process, "material": material, "direction": direction, "amount": amount}
            for process, material, direction, amount in (
                ("refine", "ore", "in", 4),
                ("refine", "acid", "in", 0.5),
                ("refine", "mid", "out", 1),
                ("refine", "side", "out", 0.6),
                ("make", "mid", "in", 0.8),
                ("make", "good", "out", 1),
            )
        ],
        "assets": [
            {"id": "refinery", "site": "works", "process": "refine", "nameplate_capacity": 70}
            | {"variable_cost": 35},
            {"id": "maker", "site": "works", "process": "make", "nameplate_capacity": 75}
            | {"variable_cost": 20},
        ],
        "assets-availability": [
            {"year": year, "refinery": share} for year, share in zip(YEARS, AVAILABLE, strict=True)
        ],
        "links": [
            {"id": "rail", "from": "pit", "to": "works", "materials": "ore", "cost": 4}
            | {"capacity": 260}
        ],
        "suppliers": [
            {"id": "dig", "step": 1, "site": "pit", "material": "ore", "offered": 150, "price": 10},
            {"id": "dig", "step": 2, "site": "pit", "material": "ore", "offered": 200, "price": 25},
            {"id": "drum", "site": "works", "material": "acid", "price": 60},
            *(
                {"id": "far", "site": "works", "material": "good", "year": year}
                | {"offered": offered, "price": 260}
                for year, offered in zip(YEARS, OFFERED, strict=True)
            ),
        ],
        "buyers": [
            {"id": "buy", "step": 1, "site": "works", "material": "side", "most": 15, "price": 50},
            {"id": "buy", "step": 2, "site": "works", "material": "side", "most": 10, "price": 30},
        ],
        "stocks": [
            {"id": "heap", "site": "works", "material": "good", "opening": 5, "most": 30}
            | {"holding_cost": 12}
        ],
        "demands": [
            {"id": "need", "site": "works", "year": year, "amount": amount, "penalty": 900}
            for year, amount in zip(YEARS, WANTED, strict=True)
        ],
        "demand_materials": [{"demand": "need", "material": "good"}],
    }
    settings = {"periods": [*YEARS, 2029], "discount_rate": RATE, "discounting": "end"}
    return write_case_folder(folder, tables, settings)


def _network() -> Any:
    network = pypsa.Network()
    network.set_snapshots(YEARS)
    factors = [(1 + RATE) ** -(place + 1) for place in range(len(YEARS))]
    network.snapshot_weightings["objective"] = factors
    for bus in ("ore-pit", "ore", "acid", "mid", "side", "good"):
        network.add("Bus", bus)
    _processes(network)
    _markets(network)
    return network


def _processes(network: Any) -> None:
    """A link counts what goes in at bus 0; a recipe counts per tonne of its reference material."""
    network.add(
        "Link", "refinery", bus0="ore", bus1="mid", bus2="side", bus3="acid",
        p_nom=70 * 4, p_max_pu=AVAILABLE,
        efficiency=1 / 4, efficiency2=0.6 / 4, efficiency3=-0.5 / 4, marginal_cost=35 / 4,
    )  # fmt: skip
    network.add(
        "Link", "maker", bus0="mid", bus1="good",
        p_nom=75 * 0.8, efficiency=1 / 0.8, marginal_cost=20 / 0.8,
    )  # fmt: skip
    network.add("Link", "rail", bus0="ore-pit", bus1="ore", p_nom=260, marginal_cost=4 * 1.5)
    network.add(
        "Store", "heap", bus="good", e_nom=30, e_initial=5, marginal_cost_storage=12,
        e_cyclic=False,
    )  # fmt: skip


def _markets(network: Any) -> None:
    network.add("Generator", "dig-1", bus="ore-pit", p_nom=150, marginal_cost=10)
    network.add("Generator", "dig-2", bus="ore-pit", p_nom=200, marginal_cost=25)
    network.add("Generator", "drum", bus="acid", p_nom=1e4, marginal_cost=60)
    shares = [offered / 60 for offered in OFFERED]
    network.add("Generator", "far", bus="good", p_nom=60, p_max_pu=shares, marginal_cost=260)
    network.add("Generator", "buy-1", bus="side", sign=-1, p_nom=15, marginal_cost=-50)
    network.add("Generator", "buy-2", bus="side", sign=-1, p_nom=10, marginal_cost=-30)
    network.add("Generator", "unsold", bus="side", sign=-1, p_nom=1e4, marginal_cost=0)
    network.add("Generator", "unsold-mid", bus="mid", sign=-1, p_nom=1e4, marginal_cost=0)
    network.add("Generator", "short", bus="good", p_nom=1e4, marginal_cost=900)
    network.add("Load", "need", bus="good", p_set=WANTED)


def test_pypsa_finds_the_same_cost(tmp_path: Path) -> None:
    _, model, solution = planned(_case(tmp_path / "case"))
    assert not model.scaled.matrices.integrality.any()
    network = _network()
    logging.getLogger("pypsa").setLevel(logging.ERROR)
    logging.getLogger("linopy").setLevel(logging.ERROR)
    status, _ = network.optimize(solver_name="highs", solver_options={"output_flag": False})
    assert status == "ok"
    assert solution.objective == pytest.approx(network.objective / 1e6, rel=1e-6)


def test_the_peer_is_not_trivially_equal(tmp_path: Path) -> None:
    """Everything takes part: each way to serve, sell, keep and leave is used, and some is short."""
    _, model, solution = planned(_case(tmp_path / "case"))
    terms = model.builder.cost_terms(solution.primal)
    used = {name for name, value in terms.items() if abs(value) > 1e-6}
    assert used == {"freight", "holding", "purchase", "sales", "shortfall", "variable"}
    network = _network()
    network.links.loc["rail", "p_nom"] = 200
    network.optimize(solver_name="highs", solver_options={"output_flag": False})
    assert solution.objective < network.objective / 1e6 * (1 - 1e-6)
