"""Co-products, what is left unsold, modes that share capacity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.chain import load_case
from coercivity.dispatch.network import Network
from tests.small_chains import by_year, plan_of, plant, terms, years
from tests.written_cases import Rows, Tables, write_case_folder


def recipe(**amounts: tuple[str, float]) -> Rows:
    return [
        {"process": "make", "material": m, "direction": direction, "amount": amount}
        for m, (direction, amount) in amounts.items()
    ]


def splitting(**tables: Rows) -> Tables:
    """Write a plant whose good comes with two tonnes of waste."""
    return {
        **plant({"nameplate_capacity": 5000, "variable_cost": 20}),
        "materials": [{"id": "good"}, {"id": "waste"}],
        "recipes": recipe(good=("out", 1), waste=("out", 2)),
        **tables,
    }


def disposal(price: float, **more: object) -> dict[str, object]:
    return {"id": "dump", "site": "works", "material": "waste", "price": price, **more}


def test_a_by_product_without_a_taker_is_left_unsold_at_no_cost(tmp_path: Path) -> None:
    found = plan_of(tmp_path, splitting())
    unsold = found[1]["unsold"].frame.set_index("material")["unsold_t"].to_dict()
    assert unsold == pytest.approx({"waste": 2000})
    assert terms(found) == pytest.approx({"variable": 0.02})


def test_a_by_product_with_a_price_is_sold_and_the_rest_left(tmp_path: Path) -> None:
    found = plan_of(tmp_path, splitting(buyers=[disposal(5, most=1500)]))
    assert terms(found) == pytest.approx({"variable": 0.02, "sales": -0.0075})
    assert by_year(found, "unsold", "unsold_t") == {2025: 500}


def test_a_disposal_price_has_to_be_paid(tmp_path: Path) -> None:
    found = plan_of(tmp_path, splitting(buyers=[disposal(-100)]))
    assert terms(found) == pytest.approx({"variable": 0.02, "sales": 0.2})
    assert found[1]["unsold"].frame.empty


def test_disposal_without_room_limits_the_plant(tmp_path: Path) -> None:
    found = plan_of(tmp_path, splitting(buyers=[disposal(-100, most=600)]))
    assert by_year(found, "activity", "activity_t") == {2025: 300}
    assert terms(found) == pytest.approx({"variable": 0.006, "sales": 0.06, "shortfall": 0.7})


def test_a_disposal_dearer_than_the_penalty_stops_the_plant(tmp_path: Path) -> None:
    found = plan_of(tmp_path, splitting(buyers=[disposal(-600)]))
    assert terms(found) == pytest.approx({"shortfall": 1.0})


def test_a_disposal_price_anywhere_closes_the_free_way_everywhere(tmp_path: Path) -> None:
    elsewhere = [{**disposal(-100), "site": "dump"}]
    sites = [{"id": "works", "country": "USA"}, {"id": "dump", "country": "USA"}]
    found = plan_of(tmp_path, splitting(buyers=elsewhere, sites=sites))
    assert terms(found) == pytest.approx({"shortfall": 1.0})


FEEDS: Tables = {
    "materials": [{"id": "good"}, {"id": "rich"}, {"id": "poor"}],
    "processes": [{"id": "make", "reference_material": "rich"}],
    "recipes": [
        {"process": "make", "mode": mode, "material": m, "direction": direction, "amount": amount}
        for mode, m, direction, amount in (
            ("own", "rich", "in", 1),
            ("own", "good", "out", 0.5),
            ("third-party", "poor", "in", 1),
            ("third-party", "good", "out", 0.25),
        )
    ],
    "modes": [
        {"process": "make", "mode": "own"},
        {
            "process": "make",
            "mode": "third-party",
            "reference_material": "poor",
            "capacity_use": 1.25,
            "variable_cost": 4,
            "last_year": 2025,
        },
    ],
    "suppliers": [
        {"id": "r", "site": "works", "material": "rich", "offered": 400, "price": 10},
        {"id": "p", "site": "works", "material": "poor", "price": 2},
    ],
}


def test_modes_share_the_capacity_of_their_asset(tmp_path: Path) -> None:
    found = plan_of(tmp_path, {**plant({"nameplate_capacity": 1000}), **FEEDS})
    ran = found[1]["activity"].frame.set_index("mode")["activity_t"].to_dict()
    assert ran == pytest.approx({"own": 400, "third-party": 600 / 1.25})
    assert by_year(found, "capacity", "used_t") == {2025: 1000}
    assert terms(found)["variable"] == pytest.approx(480 * 4 / 1e6)
    assert by_year(found, "coverage", "served_t") == {2025: 0.5 * 400 + 0.25 * 480}


def test_a_mode_runs_within_its_years(tmp_path: Path) -> None:
    tables = {**plant({"nameplate_capacity": 1000}), **FEEDS}
    found = plan_of(tmp_path, tables, years(2025, 2026, 2027))
    frame = found[1]["activity"].frame
    assert set(frame.loc[frame["year"] == 2026, "mode"]) == {"own"}


def test_running_costs_of_asset_and_mode_add_up(tmp_path: Path) -> None:
    modes = [{"process": "make", "mode": "main", "variable_cost": 7}]
    asset = {"nameplate_capacity": 1000, "variable_cost": 3}
    found = plan_of(tmp_path, plant(asset, modes=modes))
    assert terms(found) == pytest.approx({"variable": 0.01})


def test_an_asset_runs_in_its_years_and_as_far_as_it_is_available(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "first_year": 2026, "last_year": 2027, "availability": 0.9}
    found = plan_of(tmp_path, plant(asset), years(2025, 2026, 2027, 2028, 2029))
    assert by_year(found, "coverage", "served_t") == {2025: 0, 2026: 900, 2027: 900, 2028: 0}


@pytest.mark.parametrize("status", ["closed", "observed"])
def test_what_is_closed_or_only_observed_never_runs(status: str, tmp_path: Path) -> None:
    tables = plant({"nameplate_capacity": 1000, "status": status})
    supplier: Rows = [{"id": "s", "site": "works", "material": "good", "price": 10}]
    found = plan_of(tmp_path, {**tables, "suppliers": supplier})
    assert terms(found) == pytest.approx({"purchase": 0.01})


def test_an_unlimited_plant_has_to_be_written_and_then_is_one(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant({"nameplate_capacity": "unlimited", "variable_cost": 1}))
    assert terms(found) == pytest.approx({"variable": 0.001})


def test_periods_average_their_years_and_weigh_them_one_by_one(tmp_path: Path) -> None:
    tables = plant({"nameplate_capacity": 1000})
    folder = write_case_folder(tmp_path / "case", tables, years(2025, 2026, 2029, 2031))
    network = Network(load_case(folder)[0])
    by_year = np.array([1.0, 2.0, 4.0, 9.0, 0.0, 1.0])
    assert network.mean(by_year).tolist() == [1.0, 5.0, 0.5]
    assert network.weights.tolist() == [1.0, 3.0, 2.0]
    assert network.unit_cost(by_year).tolist() == pytest.approx([1e-3, 15e-3, 1e-3])
    assert network.is_open(np.array([1.0, 0, 1, 1, 1, 0])).tolist() == [True, True, True]
    assert network.spans(2027, 2028).tolist() == [False, True, False]
