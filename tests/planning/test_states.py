from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.foundation.errors import CaseError
from tests.small_chains import Found, Row, by_year, plan_of, plant, terms, years
from tests.written_cases import planned_tables, write_case_folder

THREE = years(2025, 2026, 2027, 2028)
IDLE_IN_THE_MIDDLE = [
    {"id": "users", "site": "works", "year": year, "amount": amount, "penalty": 1000}
    for year, amount in ((2025, 1000), (2026, 0), (2027, 1000))
]
KEPT: Row = {"nameplate_capacity": 1000, "fixed_cost": 0.4}


def states(found: Found, asset: str = "plant") -> list[str]:
    frame = found[1]["states"].frame
    return frame[frame["asset"] == asset].sort_values("year")["state"].tolist()


def test_an_asset_that_costs_nothing_to_keep_has_no_state(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant({"nameplate_capacity": 1000}), THREE)
    assert states(found) == []


def test_a_kept_asset_pays_its_fixed_cost_and_runs(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant(KEPT), THREE)
    assert states(found) == ["kept"] * 3
    assert terms(found) == pytest.approx({"fixed": 1.2})


def test_an_asset_is_retired_when_keeping_costs_more_than_its_output_is_worth(
    tmp_path: Path,
) -> None:
    falling = [
        {"id": "users", "site": "works", "year": year, "amount": amount, "penalty": 1000}
        for year, amount in ((2025, 1000), (2026, 300), (2027, 300))
    ]
    found = plan_of(tmp_path, plant(KEPT, demands=falling), THREE)
    assert states(found) == ["kept", "retired", "retired"]
    assert terms(found) == pytest.approx({"fixed": 0.4, "shortfall": 0.6})


def test_a_retired_asset_does_not_come_back(tmp_path: Path) -> None:
    # Coming back would save 0.4 in 2026; it cannot, so the asset is kept through.
    found = plan_of(tmp_path, plant(KEPT, demands=IDLE_IN_THE_MIDDLE), THREE)
    assert states(found) == ["kept"] * 3
    assert terms(found) == pytest.approx({"fixed": 1.2})


def test_an_idle_asset_is_mothballed_and_restarted_where_that_is_cheaper(tmp_path: Path) -> None:
    asset = {**KEPT, "care_cost": 0.1, "restart_cost": 0.2}
    found = plan_of(tmp_path, plant(asset, demands=IDLE_IN_THE_MIDDLE), THREE)
    assert states(found) == ["kept", "mothballed", "kept"]
    assert terms(found) == pytest.approx({"fixed": 0.8, "care": 0.1, "restart": 0.2})


def test_an_idle_asset_is_kept_where_coming_back_costs_more(tmp_path: Path) -> None:
    asset = {**KEPT, "care_cost": 0.1, "restart_cost": 0.31}
    found = plan_of(tmp_path, plant(asset, demands=IDLE_IN_THE_MIDDLE), THREE)
    assert states(found) == ["kept"] * 3


def test_a_mothballed_asset_makes_nothing(tmp_path: Path) -> None:
    asset = {**KEPT, "care_cost": 0, "fixed_cost": 5}
    found = plan_of(tmp_path, plant(asset), THREE)
    assert terms(found) == pytest.approx({"shortfall": 3.0})
    assert found[1]["activity"].frame.empty


def test_an_asset_that_begins_mothballed_pays_once_to_come_back(tmp_path: Path) -> None:
    asset = {**KEPT, "status": "mothballed", "care_cost": 0.05, "restart_cost": 0.5}
    found = plan_of(tmp_path, plant(asset), THREE)
    assert states(found) == ["kept"] * 3
    assert terms(found) == pytest.approx({"fixed": 1.2, "restart": 0.5})


def test_an_asset_that_begins_mothballed_stays_idle_until_it_is_worth_it(tmp_path: Path) -> None:
    asset = {**KEPT, "status": "mothballed", "care_cost": 0.05, "restart_cost": 0.55}
    late = [{**row, "amount": 0} for row in IDLE_IN_THE_MIDDLE[:2]] + [IDLE_IN_THE_MIDDLE[2]]
    found = plan_of(tmp_path, plant(asset, demands=late), THREE)
    # Caring twice 0.05, then 0.55 and 0.4 to run once: more than a year of shortfall costs.
    assert states(found) == ["retired"] * 3
    cheaper = {**asset, "restart_cost": 0.4}
    found = plan_of(tmp_path / "cheaper", plant(cheaper, demands=late), THREE)
    assert states(found) == ["mothballed", "mothballed", "kept"]
    assert terms(found) == pytest.approx({"care": 0.1, "restart": 0.4, "fixed": 0.4})


def test_restarting_is_paid_each_time(tmp_path: Path) -> None:
    asset = {**KEPT, "care_cost": 0, "restart_cost": 0.1}
    amounts = (1000, 0, 1000, 0, 1000)
    demands = [
        {**IDLE_IN_THE_MIDDLE[0], "year": 2025 + n, "amount": amount}
        for n, amount in enumerate(amounts)
    ]
    found = plan_of(tmp_path, plant(asset, demands=demands), years(*range(2025, 2031)))
    assert terms(found) == pytest.approx({"fixed": 1.2, "restart": 0.2})


def test_an_asset_whose_care_is_free_stands_idle_where_its_turndown_costs_more(
    tmp_path: Path,
) -> None:
    asset = {**KEPT, "care_cost": 0, "turndown": 0.5, "variable_cost": 100}
    small = plant(asset, demand={"amount": 100})
    found = plan_of(tmp_path, small, THREE)
    # Running at turndown costs 0.4 + 0.05 a year against 0.1 of shortfall.
    assert terms(found) == pytest.approx({"shortfall": 0.3})


def test_a_kept_asset_runs_above_its_turndown(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "turndown": 0.5, "variable_cost": 100}
    found = plan_of(tmp_path, plant(asset, demand={"amount": 200}))
    assert by_year(found, "activity", "activity_t") == {2025: 500}
    assert by_year(found, "unsold", "unsold_t") == {2025: 300}
    assert terms(found) == pytest.approx({"variable": 0.05})


def test_below_its_turndown_an_asset_may_be_shut(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "turndown": 0.5, "variable_cost": 100}
    found = plan_of(tmp_path, plant(asset, demand={"amount": 40}))
    assert terms(found) == pytest.approx({"shortfall": 0.04})
    assert by_year(found, "activity", "activity_t") == {}


def test_turndown_follows_the_capacity_that_is_built(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 400, "turndown": 0.5, "variable_cost": 10}
    new = {"id": "new", "size": 600, "capital": 0.01}
    found = plan_of(tmp_path, plant(asset, options=[new], demand={"amount": 450}))
    assert by_year(found, "activity", "activity_t") == {2025: 500}
    assert terms(found) == pytest.approx({"capital": 0.01, "variable": 0.005})


def test_only_where_care_is_stated_can_a_paid_asset_be_mothballed(tmp_path: Path) -> None:
    asset = {**KEPT, "restart_cost": 0.01}
    found = plan_of(tmp_path, plant(asset, demands=IDLE_IN_THE_MIDDLE), THREE)
    assert states(found) == ["kept"] * 3


def test_a_retired_asset_comes_back_with_a_new_module(tmp_path: Path) -> None:
    asset = {**KEPT, "restart_cost": 9}
    demands = [
        {**IDLE_IN_THE_MIDDLE[0], "year": 2025 + n, "amount": amount}
        for n, amount in enumerate((1000, 0, 0, 0, 1000))
    ]
    new = {"id": "new", "size": 1, "capital": 0.1, "earliest": 2029}
    tables = plant(asset, demands=demands, options=[new])
    found = plan_of(tmp_path, tables, years(*range(2025, 2031)))
    # 0.1 for a module that wakes the asset instead of 1.2 to keep it for three idle years.
    assert states(found) == ["kept", "retired", "retired", "retired", "kept"]
    assert terms(found) == pytest.approx({"fixed": 0.8, "capital": 0.1})


def test_fixed_cost_begins_with_the_first_year_of_capacity(tmp_path: Path) -> None:
    existing = {**KEPT, "first_year": 2027}
    found = plan_of(tmp_path, plant(existing), years(2025, 2026, 2030))
    assert terms(found)["fixed"] == pytest.approx(3 * 0.4)
    new = {"id": "new", "capital": 0.1, "build_years": 3}
    found = plan_of(
        tmp_path / "new", plant({"fixed_cost": 0.4}, options=[new]), years(2025, 2026, 2030)
    )
    assert terms(found)["fixed"] == pytest.approx(2 * 0.4)


def test_care_cost_begins_with_the_first_year_of_capacity(tmp_path: Path) -> None:
    asset = {**KEPT, "status": "mothballed", "care_cost": 0.01, "first_year": 2029}
    demands = [
        {**IDLE_IN_THE_MIDDLE[0], "year": year, "amount": amount}
        for year, amount in ((2025, 0), (2029, 0), (2030, 1000))
    ]
    found = plan_of(tmp_path, plant(asset, demands=demands), years(2025, 2026, 2030, 2031))
    assert terms(found) == pytest.approx({"care": 0.01, "fixed": 0.4})


@pytest.mark.parametrize("built", [False, True])
def test_an_asset_that_cannot_run_for_a_year_is_still_there(built: bool, tmp_path: Path) -> None:
    asset = {"fixed_cost": 0.1} if built else {"fixed_cost": 0.1, "nameplate_capacity": 1000}
    options = [{"id": "new", "capital": 0.1}] if built else []
    folder = write_case_folder(tmp_path / "case", plant(asset, options=options), THREE)
    (folder / "assets-availability.csv").write_text("year,plant\n2025,1\n2026,0\n2027,1\n")
    found = planned_tables(folder)
    assert states(found) == ["kept"] * 3
    capital = {"capital": 0.1} if built else {}
    assert terms(found) == pytest.approx({"fixed": 0.3, "shortfall": 1.0, **capital})


@pytest.mark.parametrize("cost", ["fixed_cost", "care_cost", "restart_cost", "turndown"])
def test_a_state_needs_a_capacity_that_is_a_number(cost: str, tmp_path: Path) -> None:
    tables = plant({"nameplate_capacity": "unlimited", cost: 0.5})
    with pytest.raises(CaseError, match=r"'plant' is unlimited, but can be kept or retired"):
        load_case(write_case_folder(tmp_path / "case", tables))
