from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_chains import Found, plan_of, plant, terms, years
from tests.written_cases import Tables

TWO = years(2025, 2026, 2027)


def with_stock(capacity: float, opening: float, demand: float, least: float = 0) -> Tables:
    stock = {"id": "heap", "site": "works", "material": "good", "opening": opening, "most": opening}
    return plant(
        {"nameplate_capacity": capacity, "least_activity": least},
        demand={"amount": demand},
        stocks=[{**stock, "holding_cost": 10}],
    )


def unsold(found: Found) -> float:
    return float(found[1]["unsold"].frame["unsold_t"].sum())


def test_an_opening_stock_that_costs_something_to_keep_is_not_thrown_away(tmp_path: Path) -> None:
    found = plan_of(tmp_path, with_stock(capacity=100, opening=500, demand=0), TWO)
    assert unsold(found) == 0
    assert terms(found) == pytest.approx({"holding": 500 * 10 * 2 / 1e6})


def test_a_stock_is_still_used_up_by_demand(tmp_path: Path) -> None:
    found = plan_of(tmp_path, with_stock(capacity=0, opening=500, demand=250), TWO)
    assert float(found[1]["coverage"].frame["shortfall_t"].sum()) == pytest.approx(0)


def test_a_product_that_was_made_may_be_left(tmp_path: Path) -> None:
    tables = with_stock(capacity=100, opening=0, demand=0, least=60)
    found = plan_of(tmp_path, tables, TWO)
    assert unsold(found) == pytest.approx(120)


def test_more_than_is_made_may_not_be_left(tmp_path: Path) -> None:
    tables = with_stock(capacity=100, opening=500, demand=0, least=60)
    found = plan_of(tmp_path, tables, TWO)
    assert unsold(found) == pytest.approx(120)
    assert terms(found) == pytest.approx({"holding": 500 * 10 * 2 / 1e6})
