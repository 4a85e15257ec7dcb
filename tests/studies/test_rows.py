from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import Place
from coercivity.studies.rows import RowAccount, Use, Value, explain_row
from coercivity.tables import CaseTables, read_case
from tests.written_cases import Tables, write_case_folder

TABLES: Tables = {
    "sites": [{"id": "usa", "country": "USA", "kind": "pool"}],
    "materials": [{"id": "ore"}],
    "sources": [{"id": "report", "title": "A report", "publisher": "An office", "year": 2024}],
    "suppliers": [
        {"id": "afar", "year": 2025, "price": 100, "price_low": 90, "price_high": 120}
        | {"country": "USA", "material": "ore", "offered": 5, "source": "report"}
        | {"confidence": "low", "note": "a guess"},
        {"id": "afar", "year": 2026, "price": 80, "country": "USA", "material": "ore"}
        | {"offered": 5, "source": "estimate"},
    ],
    "scenarios": [{"id": "dear"}],
    "changes": [
        {"scenario": "dear", "table": "suppliers", "key": "afar", "column": "offered"}
        | {"year": 2026, "factor": 2}
    ],
}


@pytest.fixture
def tables(tmp_path: Path) -> CaseTables:
    folder = write_case_folder(tmp_path / "small", TABLES, {"periods": [2025, 2027]})
    return read_case(folder)


def value(account: RowAccount, column: str) -> Value:
    return next(value for value in account.values if value.column == column)


def test_a_value_has_its_unit_in_the_money_of_the_case_and_its_range(tables: CaseTables) -> None:
    first, second = explain_row(tables, "suppliers", "afar")
    price = value(first, "price")
    assert (price.text, price.unit, price.low, price.high) == ("100", "USD2025/t", "90", "120")
    assert value(second, "price").text == "80"
    assert value(second, "price").low == ""


def test_a_default_is_told_from_what_was_given(tables: CaseTables) -> None:
    (site,) = explain_row(tables, "sites", "usa")
    assert value(site, "kind").given
    step = value(explain_row(tables, "suppliers", "afar")[0], "step")
    assert (step.text, step.given) == ("1", False)


def test_a_source_is_spelt_out_where_it_is_listed(tables: CaseTables) -> None:
    first, second = explain_row(tables, "suppliers", "afar")
    assert first.source_title == "A report, An office, 2024"
    assert (first.confidence, first.note) == ("low", "a guess")
    assert (second.source, second.source_title) == ("estimate", "")


def test_every_cell_that_names_the_row_is_listed(tables: CaseTables) -> None:
    (material,) = explain_row(tables, "materials", "ore")
    rows = [(use.place.file, use.place.row, use.place.column) for use in material.uses]
    assert rows == [("suppliers.csv", 2, "material"), ("suppliers.csv", 3, "material")]
    (source,) = explain_row(tables, "sources", "report")
    assert source.uses == (Use(Place("suppliers.csv", 2, "source"), "afar/1"),)


def test_scenarios_that_change_it_are_listed(tables: CaseTables) -> None:
    account = explain_row(tables, "suppliers", "afar")[0]
    assert account.changes == ("dear: offered times 2.0 from 2026 (changes.csv, row 2)",)


def test_values_by_year_are_shown() -> None:
    tables = read_case("us-rare-earths")
    companion = tables.companion("assets", "availability")
    assert companion is not None
    name = companion.ids[0]
    (account,) = explain_row(tables, "assets", name)
    listed = dict(value(account, "availability").by_year)
    assert {year: float(text) for year, text in listed.items()} == companion.series(name)


@pytest.mark.parametrize(
    ("table", "name", "told"),
    [
        ("site", "usa", "Did you mean 'sites'?"),
        ("sites", "usb", "Did you mean 'usa'?"),
        ("stocks", "x", "Known: none"),
    ],
)
def test_an_unknown_name_gets_the_nearest(
    tables: CaseTables, table: str, name: str, told: str
) -> None:
    with pytest.raises(UsageError, match=r"\[T201\]") as refused:
        explain_row(tables, table, name)
    assert told in str(refused.value)
