from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.chain import Case, load_case
from coercivity.chain.series import held
from tests.small_chains import plant, trade, years
from tests.written_cases import Rows, write_case_folder

YEARS = range(2025, 2031)
SIX = years(*YEARS, 2031)

Dated = dict[int | None, float]

dates = st.dictionaries(st.integers(2020, 2035), st.floats(0, 100), max_size=5)


@given(dates, st.floats(0, 100))
def test_a_value_holds_until_the_next_one(dated: Dated, before: float) -> None:
    values = held(dated, YEARS, before=np.full(len(YEARS), before))
    for year, value in zip(YEARS, values, strict=True):
        since = [y for y in dated if y is not None and y <= year]
        assert value == (dated[max(since)] if since else before)


@given(dates, st.floats(0, 100))
def test_a_row_without_year_holds_before_every_year(dated: Dated, always: float) -> None:
    values = held({None: always, **dated}, YEARS, before=np.zeros(len(YEARS)))
    expected = held(dated, YEARS, before=np.full(len(YEARS), always))
    assert values.tolist() == expected.tolist()


def loaded(folder: Path) -> Case:
    return load_case(folder)[0]


def demand_amounts(tmp_path: Path, rows: Rows) -> list[float]:
    demands = [{"id": "users", "site": "works", "penalty": 1, **row} for row in rows]
    tables = plant({"nameplate_capacity": 1}, demands=demands)
    case = loaded(write_case_folder(tmp_path / "case", tables, SIX))
    return [float(amount) for amount in case.demands["users"].amount]


def test_demand_is_interpolated_and_stays_after_the_last_year(tmp_path: Path) -> None:
    rows: Rows = [{"year": 2026, "amount": 10}, {"year": 2029, "amount": 40}]
    assert demand_amounts(tmp_path, rows) == [0, 10, 20, 30, 40, 40]


def test_demand_from_before_the_horizon_is_interpolated_into_it(tmp_path: Path) -> None:
    rows: Rows = [{"year": 2020, "amount": 0}, {"year": 2030, "amount": 100}]
    assert demand_amounts(tmp_path, rows) == [50, 60, 70, 80, 90, 100]


def test_a_demand_without_year_is_the_same_in_every_year(tmp_path: Path) -> None:
    assert demand_amounts(tmp_path, [{"amount": 7}]) == [7] * 6


def test_a_companion_varies_a_number_and_the_table_holds_before_it(tmp_path: Path) -> None:
    tables = plant({"nameplate_capacity": 1000, "availability": 0.5})
    folder = write_case_folder(tmp_path / "case", tables, SIX)
    (folder / "assets-availability.csv").write_text("year,plant\n2027,0.8\n2029,1\n")
    availability = loaded(folder).assets["plant"].availability
    assert availability.tolist() == [0.5, 0.5, 0.8, 0.8, 1, 1]


def test_a_companion_leaves_the_rows_it_does_not_name(tmp_path: Path) -> None:
    tables = plant({"nameplate_capacity": 1000, "availability": 0.5})
    other = {"id": "other", "site": "works", "process": "make", "nameplate_capacity": 10}
    tables = {**tables, "assets": [*tables["assets"], other]}
    folder = write_case_folder(tmp_path / "case", tables, SIX)
    (folder / "assets-availability.csv").write_text("year,plant\n2025,0.8\n")
    assert loaded(folder).assets["other"].availability.tolist() == [1] * 6


def test_capacity_lasts_from_first_to_last_year(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 5, "first_year": 2026, "last_year": 2028}
    case = loaded(write_case_folder(tmp_path / "case", plant(asset), SIX))
    assert case.assets["plant"].capacity.tolist() == [0, 5, 5, 5, 0, 0]


def test_a_supplier_exists_from_its_first_row_until_a_nothing(tmp_path: Path) -> None:
    row = {"id": "abroad", "country": "CHN", "material": "good"}
    suppliers = [
        {**row, "year": 2026, "offered": 100, "price": 10},
        {**row, "year": 2027, "price": 20},
        {**row, "year": 2029, "offered": 0, "price": 30},
    ]
    tables = trade(suppliers=suppliers, links=[{"id": "l", "from": "chn", "to": "usa"}])
    (offer,) = loaded(write_case_folder(tmp_path / "case", tables, SIX)).offers
    assert offer.offered.tolist() == [0, 100, np.inf, np.inf, 0, 0]
    assert offer.price.tolist() == [10, 10, 20, 20, 30, 30]


def test_a_limit_does_not_bind_before_its_first_year(tmp_path: Path) -> None:
    rows = [{"id": "cap", "kind": "capital", "year": 2027, "amount": 5}]
    tables = plant({"nameplate_capacity": 1}, limits=rows)
    (limit,) = loaded(write_case_folder(tmp_path / "case", tables, SIX)).limits
    assert limit.amount.tolist() == [np.inf, np.inf, 5, 5, 5, 5]


def test_an_asset_with_a_companion_for_care_can_be_mothballed(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "case", plant({"nameplate_capacity": 1}), SIX)
    (folder / "assets-care_cost.csv").write_text("year,plant\n2027,0.3\n")
    care = loaded(folder).assets["plant"].care_cost
    assert care is not None
    assert care.tolist() == pytest.approx([0, 0, 0.3, 0.3, 0.3, 0.3])
