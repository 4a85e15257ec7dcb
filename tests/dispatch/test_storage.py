from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_chains import ALL_GROUPS, Found, Row, by_year, plan_of, terms, years
from tests.written_cases import Rows, Tables

TWO = years(2025, 2026, 2027)


def store(stock: Row | None = None, **tables: Rows) -> Tables:
    """Write a supplier that delivers in 2025 alone, a demand in 2026 alone, and a stock between."""
    return {
        "sites": [{"id": "usa", "country": "USA", "kind": "pool"}],
        "materials": [{"id": "good"}],
        "suppliers": [
            {"id": "seller", "year": 2025, "country": "USA", "material": "good", "price": 1000},
            {
                "id": "seller",
                "year": 2026,
                "country": "USA",
                "material": "good",
                "price": 1000,
                "offered": 0,
            },
        ],
        "stocks": [{"id": "pile", "site": "usa", "material": "good", "most": 500, **(stock or {})}],
        "demands": [
            {"id": "users", "country": "USA", "year": year, "amount": amount, "penalty": 9000}
            for year, amount in ((2025, 0), (2026, 300))
        ],
        "demand_materials": [{"demand": "users", "material": "good"}],
        **tables,
    }


def test_what_is_put_in_comes_out_later(tmp_path: Path) -> None:
    found = plan_of(tmp_path, store(), TWO)
    assert by_year(found, "stocks", "level_t")[2025] == 300
    assert by_year(found, "stocks", "drawn_t") == {2025: 0, 2026: 300}
    assert terms(found) == pytest.approx({"purchase": 0.3})


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path) -> None:
    found = plan_of(tmp_path, store({"most": 120}), TWO)
    assert terms(found) == pytest.approx({"purchase": 0.12, "shortfall": 180 * 9000 / 1e6})


def test_keeping_is_paid_on_year_ends_and_filling_by_the_tonne(tmp_path: Path) -> None:
    found = plan_of(tmp_path, store({"holding_cost": 200, "fill_cost": 50}), TWO)
    expected = {"purchase": 0.3, "filling": 0.015, "holding": 300 * 200 / 1e6}
    assert terms(found) == pytest.approx(expected)


def test_an_opening_stock_above_the_room_may_be_used_up(tmp_path: Path) -> None:
    tables = store({"opening": 200, "most": 0, "holding_cost": 100}, suppliers=[])
    found = plan_of(tmp_path, tables, TWO)
    # 200 t lie there at the end of 2025 and none at the end of 2026.
    assert terms(found) == pytest.approx({"holding": 0.02, "shortfall": 0.9})


def test_an_unlimited_stock_takes_everything(tmp_path: Path) -> None:
    found = plan_of(tmp_path, store({"most": "unlimited"}), TWO)
    assert terms(found) == pytest.approx({"purchase": 0.3})


def test_flows_of_a_long_period_fill_the_stock_every_year(tmp_path: Path) -> None:
    tables = store({"opening": 0, "most": 9000, "holding_cost": 10})
    tables = {
        **tables,
        "suppliers": [
            {**row, "year": year, "offered": offered}
            for row, year, offered in zip(tables["suppliers"], (2025, 2028), (100, 0), strict=True)
        ],
        "demands": [
            {**row, "year": year, "amount": amount}
            for row, year, amount in zip(
                [tables["demands"][0]] * 4, (2025, 2027, 2028, 2029), (0, 0, 150, 150), strict=True
            )
        ],
    }
    found = plan_of(tmp_path, tables, years(2025, 2028, 2030))
    # Three years fill 100 t a year, two years draw 150 t.
    assert by_year(found, "stocks", "level_t") == {2025: 300, 2028: 0}
    assert by_year(found, "stocks", "filled_t") == {2025: 100, 2028: 0}
    # Year ends 100, 200, 300, 150 and 0.
    assert terms(found)["holding"] == pytest.approx(750 * 10 / 1e6)


STAGES: Rows = [{"id": "mining", "order": 1}, {"id": "making", "order": 2}]


def rule(name: str, stage: str, groups: str, date: str | None = None) -> dict[str, object]:
    return {"class": name, "stage": stage, "groups": groups, "from_date": date}


def classed(country: str, rules: Rows, *, classes: tuple[str, ...] = ("clean",)) -> Tables:
    """Ask the store for a class; what it holds was mined in a country."""
    tables = store()
    return {
        **tables,
        "countries": ALL_GROUPS,
        "stages": STAGES,
        "materials": [{"id": "good", "stage": "mining"}],
        "suppliers": [{**row, "origin": f"mining={country}"} for row in tables["suppliers"]],
        "demands": [{**row, "class": "clean"} for row in tables["demands"]],
        "origin_classes": [{"id": name, "order": n} for n, name in enumerate(classes, start=1)],
        "origin_rules": rules,
    }


def is_served(found: Found) -> bool:
    return by_year(found, "coverage", "shortfall_t")[2026] == 0


def test_a_stock_keeps_its_class_while_the_rules_stay(tmp_path: Path) -> None:
    tables = classed("AUS", [rule("clean", "mining", "domestic;allied")])
    found = plan_of(tmp_path, tables, TWO)
    assert is_served(found)
    assert set(found[1]["stocks"].frame["class"]) == {"clean"}


def test_a_stock_made_before_a_rule_becomes_any_when_the_rule_begins(tmp_path: Path) -> None:
    # Mined in a covered country, which nothing forbade in 2025.
    tables = classed("CHN", [rule("clean", "mining", "domestic;allied", "2026-01-01")])
    assert not is_served(plan_of(tmp_path, tables, TWO))


def test_a_stock_that_satisfied_the_rule_when_made_keeps_its_worth(tmp_path: Path) -> None:
    rules = [
        rule("clean", "mining", "domestic;allied", "2026-01-01"),
        rule("best", "mining", "domestic;allied"),
    ]
    tables = classed("AUS", rules, classes=("best", "clean"))
    assert is_served(plan_of(tmp_path, tables, TWO))
    covered = classed("CHN", rules, classes=("best", "clean"))
    assert not is_served(plan_of(tmp_path / "covered", covered, TWO))


def test_a_rule_that_begins_in_a_year_holds_in_all_of_it(tmp_path: Path) -> None:
    tables = classed("CHN", [rule("clean", "mining", "domestic;allied", "2026-12-31")])
    assert not is_served(plan_of(tmp_path, tables, TWO))


def test_a_rule_that_grows_looser_leaves_the_stock_its_class(tmp_path: Path) -> None:
    rules = [
        rule("clean", "mining", "domestic;allied"),
        rule("clean", "mining", "domestic;allied;neutral", "2026-01-01"),
    ]
    assert is_served(plan_of(tmp_path, classed("AUS", rules), TWO))


def test_a_rule_on_a_later_stage_leaves_the_stock_its_class(tmp_path: Path) -> None:
    rules = [
        rule("clean", "mining", "domestic;allied"),
        rule("clean", "making", "domestic", "2026-01-01"),
    ]
    assert is_served(plan_of(tmp_path, classed("AUS", rules), TWO))


def test_the_opening_stock_has_no_known_origin(tmp_path: Path) -> None:
    tables = classed("AUS", [rule("clean", "mining", "domestic;allied")])
    opening: Tables = {
        **tables,
        "suppliers": [],
        "stocks": [{**tables["stocks"][0], "opening": 500}],
    }
    assert not is_served(plan_of(tmp_path, opening, TWO))


def test_classes_share_the_room_of_a_stock(tmp_path: Path) -> None:
    tables = dict(classed("AUS", [rule("clean", "mining", "domestic;allied")]))
    tables["stocks"] = [{**tables["stocks"][0], "most": 300}]
    anything = {**tables["demands"][0], "id": "others", "class": "any", "penalty": 2000}
    tables["demands"] = [
        *tables["demands"],
        *(
            {**anything, "year": year, "amount": amount}
            for year, amount in ((2025, 0), (2026, 200))
        ),
    ]
    tables["demand_materials"] = [{"demand": d, "material": "good"} for d in ("users", "others")]
    found = plan_of(tmp_path, tables, TWO)
    assert by_year(found, "stocks", "level_t")[2025] == 300
    assert terms(found)["shortfall"] == pytest.approx(200 * 2000 / 1e6)
