from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import InfeasiblePlan
from tests.small_chains import ALL_GROUPS, by_year, plan_of, plant, terms, trade, years
from tests.written_cases import Rows, Tables

LANE: Rows = [{"id": "sea", "from": "chn", "to": "usa"}]


def limit(**values: object) -> Rows:
    return [{"id": "cap", **values}]


def importing(limits: Rows, **tables: Rows) -> Tables:
    short = [{"id": "users", "country": "USA", "amount": 1000, "penalty": 5000}]
    return trade(**{"links": LANE, "demands": short, "limits": limits, **tables})


@pytest.mark.parametrize(
    "values",
    [
        {"scope": "country", "target": "USA", "kind": "imports", "amount": 300},
        {"scope": "country", "target": "CHN", "kind": "exports", "amount": 300},
        {"scope": "all", "kind": "imports", "material": "good", "amount": 300},
        {"scope": "all", "kind": "exports", "amount": 300},
    ],
)
def test_what_crosses_a_border_is_limited(values: dict[str, object], tmp_path: Path) -> None:
    found = plan_of(tmp_path, importing(limit(**values)))
    assert by_year(found, "flows", "flow_t") == {2025: 300}
    assert terms(found)["shortfall"] == pytest.approx(700 * 5000 / 1e6)


@pytest.mark.parametrize(
    "values",
    [
        {"scope": "country", "target": "CHN", "kind": "imports", "amount": 0},
        {"scope": "country", "target": "USA", "kind": "exports", "amount": 0},
        {"scope": "country", "target": "USA", "kind": "imports", "material": "other", "amount": 0},
    ],
)
def test_the_other_direction_and_other_materials_are_free(
    values: dict[str, object], tmp_path: Path
) -> None:
    tables = importing(limit(**values), materials=[{"id": "good"}, {"id": "other"}])
    found = plan_of(tmp_path, tables)
    assert by_year(found, "flows", "flow_t") == {2025: 1000}


def test_moving_inside_a_country_is_not_trade(tmp_path: Path) -> None:
    tables = plant(
        {"nameplate_capacity": 1000},
        demand={"site": "town"},
        sites=[{"id": "works", "country": "USA"}, {"id": "town", "country": "USA"}],
        links=[{"id": "road", "from": "works", "to": "town"}],
        limits=limit(scope="all", kind="exports", amount=0),
    )
    assert terms(plan_of(tmp_path, tables)) == {}


def test_a_supplier_without_a_place_is_an_import(tmp_path: Path) -> None:
    tables = plant(
        suppliers=[{"id": "world", "material": "good", "price": 10}],
        limits=limit(scope="country", target="USA", kind="imports", amount=250),
    )
    found = plan_of(tmp_path, tables)
    assert by_year(found, "purchases", "bought_t") == {2025: 250}


def test_a_buyer_without_a_place_is_an_export(tmp_path: Path) -> None:
    tables = plant(
        {"nameplate_capacity": 5000},
        buyers=[{"id": "world", "material": "good", "price": 10}],
        limits=limit(scope="country", target="USA", kind="exports", amount=250),
    )
    found = plan_of(tmp_path, tables)
    assert by_year(found, "sales", "sold_t") == {2025: 250}


def test_a_limit_holds_from_its_year_to_the_next_row(tmp_path: Path) -> None:
    rows = [
        {"id": "cap", "kind": "imports", "year": year, "amount": amount}
        for year, amount in ((2026, 400), (2028, "unlimited"))
    ]
    found = plan_of(tmp_path, importing(rows), years(2025, 2026, 2027, 2028, 2029))
    assert by_year(found, "flows", "flow_t") == {2025: 1000, 2026: 400, 2027: 400, 2028: 1000}


def fuming(**tables: Rows) -> Tables:
    """Write a plant that gives half a tonne of fumes with each tonne of good."""
    return {
        **plant({"nameplate_capacity": 5000, "project": "p"}),
        "materials": [{"id": "good"}, {"id": "fumes"}],
        "recipes": [
            {"process": "make", "material": "good", "direction": "out", "amount": 1},
            {"process": "make", "material": "fumes", "direction": "out", "amount": 0.5},
        ],
        **tables,
    }


@pytest.mark.parametrize(
    "values",
    [{"scope": "all"}, {"scope": "country", "target": "USA"}, {"scope": "project", "target": "p"}],
)
def test_emissions_are_what_recipes_give(values: dict[str, object], tmp_path: Path) -> None:
    tables = fuming(
        projects=[{"id": "p"}],
        limits=limit(kind="emissions", material="fumes", amount=200, **values),
    )
    found = plan_of(tmp_path, tables)
    assert by_year(found, "activity", "activity_t") == {2025: 400}


@pytest.mark.parametrize(
    "values", [{"scope": "country", "target": "AUS"}, {"scope": "project", "target": "q"}]
)
def test_emissions_elsewhere_are_not_counted(values: dict[str, object], tmp_path: Path) -> None:
    tables = fuming(
        countries=ALL_GROUPS,
        projects=[{"id": "p"}, {"id": "q"}],
        limits=limit(kind="emissions", material="fumes", amount=0, **values),
    )
    assert terms(plan_of(tmp_path, tables)) == {}


def targeted(share: float, year: int = 2025, **target: object) -> Tables:
    return plant(
        {"nameplate_capacity": 1000, "variable_cost": 3000},
        demand={"segment": "defence"},
        segments=[{"id": "defence"}],
        targets=[{"id": "goal", "segment": "defence", "share": share, "year": year, **target}],
    )


def test_a_target_serves_more_than_the_penalty_would(tmp_path: Path) -> None:
    found = plan_of(tmp_path, targeted(0.8))
    assert by_year(found, "coverage", "served_t") == {2025: 800}


def test_a_target_holds_from_its_year_to_the_end_of_the_report(tmp_path: Path) -> None:
    settings = years(2025, 2026, 2027, 2028, 2029, report_until=2027)
    found = plan_of(tmp_path, targeted(0.8, 2026), settings)
    assert by_year(found, "coverage", "served_t") == {2025: 0, 2026: 800, 2027: 800, 2028: 0}


def test_a_target_counts_only_its_segment(tmp_path: Path) -> None:
    tables = dict(targeted(1.0))
    tables["segments"] = [{"id": "defence"}, {"id": "civil"}]
    tables["demands"] = [
        *tables["demands"],
        {**tables["demands"][0], "id": "cars", "segment": "civil"},
    ]
    tables["demand_materials"] = [{"demand": d, "material": "good"} for d in ("users", "cars")]
    frame = plan_of(tmp_path, tables)[1]["coverage"].frame.set_index("demand")["served_t"]
    assert frame.to_dict() == pytest.approx({"users": 1000, "cars": 0})


def test_a_target_with_a_class_counts_that_class_and_better_ones(tmp_path: Path) -> None:
    tables = {
        **importing([]),
        "segments": [{"id": "defence"}],
        "stages": [{"id": "making", "order": 1}],
        "materials": [{"id": "good", "stage": "making"}],
        "demands": [
            {"id": "users", "segment": "defence", "country": "USA", "amount": 1000, "penalty": 5000}
        ],
        "suppliers": [
            {"id": "abroad", "country": "CHN", "material": "good", "price": 1000},
            {"id": "home", "country": "USA", "material": "good", "price": 3000, "offered": 200},
            {
                "id": "friend",
                "country": "USA",
                "material": "good",
                "price": 2000,
                "origin": "making=AUS",
            },
        ],
        "origin_classes": [{"id": "domestic", "order": 1}, {"id": "allied", "order": 2}],
        "origin_rules": [
            {"class": "domestic", "stage": "making", "groups": "domestic"},
            {"class": "allied", "stage": "making", "groups": "domestic;allied"},
        ],
    }
    goal = {"segment": "defence", "year": 2025}
    targets = [
        {"id": "some", "share": 0.6, "class": "allied", **goal},
        {"id": "few", "share": 0.1, "class": "domestic", **goal},
    ]
    found = plan_of(tmp_path, {**tables, "targets": targets})
    bought = found[1]["purchases"].frame.set_index("supplier")["bought_t"].to_dict()
    assert bought == pytest.approx({"abroad": 400, "friend": 500, "home": 100})
    served = found[1]["served"].frame.set_index("class")["served_t"].to_dict()
    assert served == pytest.approx({"any": 400, "allied": 500, "domestic": 100})


def test_a_target_that_nothing_can_meet_leaves_no_plan(tmp_path: Path) -> None:
    tables = {**targeted(1.0), "assets": []}
    tables["suppliers"] = [
        {"id": "some", "site": "works", "material": "good", "offered": 900, "price": 1}
    ]
    with pytest.raises(InfeasiblePlan, match=r"No plan can satisfy case 'written'"):
        plan_of(tmp_path, tables)
