"""Tables as the chain meets them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path

import pytest

import coercivity.tables as room
from coercivity.tables import Row, Table, read_case
from coercivity.tables.columns import Kind, TableSchema
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.typed import Companion, row_name

WriteCase = Callable[..., Path]


def row_of(table: str, **cells: object) -> Row:
    columns = {name: (value,) for name, value in cells.items()}
    return Table(SCHEMAS[table], f"{table}.csv", columns, (2,)).row(0)


def test_an_empty_cell_takes_its_default() -> None:
    row = row_of("links", id="out", cost=None)
    assert row["cost"] == 0.0
    assert row["capacity"] == math.inf
    assert not row.given("cost")
    assert not row.given("capacity")
    assert row.given("id")


def test_a_cell_has_a_place() -> None:
    assert str(row_of("links", id="out").place("cost")) == "links.csv, row 2, column 'cost'"


def test_asking_for_a_column_that_is_not_there_is_a_bug() -> None:
    with pytest.raises(KeyError):
        row_of("links", id="out")["price"]


def test_asking_for_another_kind_is_a_bug() -> None:
    with pytest.raises(TypeError, match="asked for as str"):
        row_of("links", id="out").text("cost")


def test_typed_access() -> None:
    row = row_of(
        "options",
        id="grow",
        size=5.0,
        most=2,
        ramp=(0.5, 1.0),
        requires=("a", "b"),
        earliest=2030,
    )
    assert row.number("most") == 2.0
    assert row.whole("most") == 2
    assert row.maybe_whole("latest") is None
    assert row.maybe_whole("earliest") == 2030
    assert row.maybe_number("life") is None
    assert row.maybe_text("project") is None
    assert row.text("id") == "grow"
    assert row.numbers("ramp") == (0.5, 1.0)
    assert row.numbers("capital_years") == ()
    assert row.names("requires") == ("a", "b")
    assert row.names("excludes") == ()
    assert row_of("contracts", start_date=dt.date(2025, 1, 1)).day("start_date") == dt.date(
        2025, 1, 1
    )
    assert row_of("contracts").day("start_date") is None
    assert row_of("materials", id="x").flag("tradable") is True
    assert row_of("suppliers", origin=(("mining", "CHN"),)).pairs("origin") == (("mining", "CHN"),)


def test_every_table_is_there(write_small: WriteCase) -> None:
    case = read_case(write_small())
    assert case.tables.keys() == SCHEMAS.keys()
    assert len(case["tariffs"]) == 0
    assert list(case["tariffs"]) == []
    assert case["sites"].find("usa") is not None
    assert case["sites"].find("nowhere") is None


def test_rows_are_named_by_their_key_without_its_year(write_small: WriteCase) -> None:
    case = read_case(write_small())
    assert [row_name(row) for row in case["suppliers"]] == ["afar/1", "afar/1", "afar/2"]
    assert len(case["suppliers"].named("afar")) == 3
    assert len(case["suppliers"].named("afar/1")) == 2
    assert case["suppliers"].named("af") == []
    assert [row_name(row) for row in case["recipes"]] == ["smelt/main/ore/in", "smelt/main/bar/out"]


def test_a_companion_holds_until_the_next_listed_year(write_small: WriteCase) -> None:
    case = read_case(write_small())
    mill = case["assets"].row(0)
    assert [case.held(mill, "availability", y) for y in (2024, 2025, 2026, 2027, 2050)] == [
        1.0, 0.5, 0.5, 1.0, 1.0,
    ]  # fmt: skip
    assert case.held(mill, "variable_cost", 2030) == 12.5
    assert case.held(mill, "care_cost", 2030) is None


def test_an_empty_cell_of_a_companion_lists_nothing() -> None:
    companion = Companion("assets", "availability", "f", (2025, 2026), {"a": (0.5, None), "b": ()})
    assert companion.series("a") == {2025: 0.5}
    assert companion.series("c") == {}
    assert companion.value("a", 2030, before=1.0) == 0.5
    assert companion.ids == ("a", "b")


def test_tables_are_frozen(write_small: WriteCase) -> None:
    case = read_case(write_small())
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.name = "other"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        case["sites"].file = "other"  # type: ignore[misc]


def test_the_room_names_what_it_offers() -> None:
    assert sorted(room.__all__) == list(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)


@pytest.mark.parametrize("table", SCHEMAS.values(), ids=lambda s: s.name)
def test_schemas_are_whole(table: TableSchema) -> None:
    assert len(set(table.column_names)) == len(table.columns)
    assert set(table.key) <= set(table.column_names)
    for column in table.columns:
        assert column.description.endswith("."), column
        assert not column.numeric or column.unit, column
        assert all(target in SCHEMAS for target in column.refers_to), column
        assert (column.kind is Kind.REFERENCE) == bool(column.refers_to), column
        assert column.default is None or not column.required, column
