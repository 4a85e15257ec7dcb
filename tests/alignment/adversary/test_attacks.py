from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.alignment.adversary import Exposure, attack_grid, exposures_of
from coercivity.finance.projects.book import price_book
from tests.alignment.adversary.plans import ABROAD
from tests.finance.projects.works import load_works

ORE = Exposure("ore", np.array([1.0, 2.0, 3.0, 4.0]), long_run=50.0, own_cost=10.0)


def test_an_attack_costs_depth_by_exports_of_its_years() -> None:
    (found,) = attack_grid([ORE], first_year=2025, starts=[2026], depths=[0.5], lengths=[2])
    assert (found.depth, found.cost) == (20.0, 20.0 * (2 + 3))
    assert (found.from_year, found.last_year) == (2026, 2027)


def test_attacks_that_would_last_beyond_the_horizon_or_sell_nothing_are_left_out() -> None:
    late = attack_grid([ORE], first_year=2025, starts=[2028], lengths=[1, 2])
    assert {one.years for one in late} == {1}
    nothing = Exposure("ore", np.zeros(4), long_run=50.0, own_cost=10.0)
    assert attack_grid([nothing], first_year=2025, starts=[2026]) == ()


@given(st.lists(st.integers(2025, 2027), unique=True), st.floats(0.1, 1.0))
def test_the_cheapest_come_first_and_none_goes_below_his_own_cost(
    starts: list[int], part: float
) -> None:
    found = attack_grid([ORE], first_year=2025, starts=starts, depths=[part, 1.0])
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert all(0 < one.depth <= ORE.long_run - ORE.own_cost for one in found)


def test_what_he_sells_is_what_suppliers_of_covered_countries_offer(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, **ABROAD)
    book = price_book(case, tables)
    (found,) = exposures_of(case, book, ["good", "side", "ore"], own_cost=0.25)
    assert found.material == "good"
    assert (found.volume == 2.0).all()
    assert (found.long_run, found.own_cost) == (40.0, 10.0)


def test_where_plants_sell_more_than_he_does_their_sales_count(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, **ABROAD)
    book, years = price_book(case, tables), len(case.horizon.years)
    sold = np.linspace(0.0, 5.0, years)
    (found,) = exposures_of(case, book, ["good"], sold={"good": sold})
    np.testing.assert_allclose(found.volume, np.maximum(2.0, sold))


def test_stated_exports_replace_the_offers_of_the_case(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    book = price_book(case, tables)
    assert exposures_of(case, book, ["good"]) == ()
    (found,) = exposures_of(case, book, ["good"], volume=7.0)
    assert found.volume == pytest.approx(7.0)
