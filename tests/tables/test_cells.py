"""One cell, one value: strict, and the same again after writing."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.tables.cells import CellRefused, cell_text, number_text, parse_cell
from coercivity.tables.columns import Column, Kind
from coercivity.tables.raw import Cell

NUMBER = Column("x", Kind.NUMBER, "", "t", unlimited=True)
ANY_CELL = st.one_of(
    st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5.0), (" 5 ", 5.0), ("+5.", 5.0), (".5", 0.5), ("-1e-3", -0.001), ("1E5", 1e5)],
)
def test_numbers(text: str, value: float) -> None:
    assert parse_cell(text, NUMBER) == value


@pytest.mark.parametrize(
    "text",
    ["1,5", "1 000", "1_000", "0x10", "1e", "e5", "--1", "１", "½", "1e400", "nan", "-inf", "$5",
     "5 t", "1'000", "=1", "1d"],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_refused(text: str) -> None:
    with pytest.raises(CellRefused) as caught:
        parse_cell(text, NUMBER)
    assert caught.value.code == "T203"
    assert caught.value.instead.startswith("Write")


@pytest.mark.parametrize("cell", [True, dt.date(2026, 1, 1), math.inf, math.nan])
def test_typed_cells_that_are_no_numbers_are_refused(cell: Cell) -> None:
    with pytest.raises(CellRefused):
        parse_cell(cell, NUMBER)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_exactly(value: float) -> None:
    assert parse_cell(number_text(value), NUMBER) == value


def test_a_group_of_three_is_told_both_ways() -> None:
    with pytest.raises(CellRefused) as caught:
        parse_cell("1,234", NUMBER)
    assert "1234" in caught.value.instead
    assert "1.234" in caught.value.instead


@pytest.mark.parametrize("cell", ["yes", "YES", "True", True])
def test_yes(cell: Cell) -> None:
    assert parse_cell(cell, Column("x", Kind.YES_NO, "")) is True


@pytest.mark.parametrize("cell", ["no", "No", "FALSE", False])
def test_no(cell: Cell) -> None:
    assert parse_cell(cell, Column("x", Kind.YES_NO, "")) is False


@pytest.mark.parametrize("cell", ["1", 1.0, "y", "ja"])
def test_neither_yes_nor_no(cell: Cell) -> None:
    with pytest.raises(CellRefused, match="neither yes nor no"):
        parse_cell(cell, Column("x", Kind.YES_NO, ""))


DAY = Column("x", Kind.DATE, "")


@pytest.mark.parametrize(
    "cell",
    ["2026-12-31", dt.date(2026, 12, 31), dt.datetime(2026, 12, 31)],  # noqa: DTZ001
)
def test_dates(cell: Cell) -> None:
    assert parse_cell(cell, DAY) == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("31/12/2026", "write 2026-12-31"),
        ("12/31/2026", "write 2026-12-31"),
        ("01/02/2026", "such as"),
        ("2026-13-01", "such as"),
        ("20261231", "such as"),
        (46000.0, "such as"),
        (dt.datetime(2026, 12, 31, 5), "such as"),  # noqa: DTZ001
    ],
)
def test_other_dates_are_refused_with_what_to_write(cell: Cell, hint: str) -> None:
    with pytest.raises(CellRefused) as caught:
        parse_cell(cell, DAY)
    assert hint in caught.value.instead


def test_years_are_whole() -> None:
    year = Column("x", Kind.YEAR, "", low=1800, high=2300)
    assert parse_cell(2030.0, year) == parse_cell("2030", year) == 2030
    assert type(parse_cell(2030.0, year)) is int
    with pytest.raises(CellRefused, match="whole"):
        parse_cell(2030.5, year)
    with pytest.raises(CellRefused, match="outside"):
        parse_cell("20300", year)


@pytest.mark.parametrize("cell", [dt.date(2026, 3, 1), True, 1.5])
def test_ids_that_excel_has_turned_are_refused(cell: Cell) -> None:
    for kind in (Kind.ID, Kind.REFERENCE):
        with pytest.raises(CellRefused) as caught:
            parse_cell(cell, Column("x", kind, ""))
        assert caught.value.code == "T113"


@pytest.mark.parametrize("text", ["a;", ";a", "a;;b", "a;a"])
def test_lists_have_no_empty_or_doubled_entry(text: str) -> None:
    with pytest.raises(CellRefused) as caught:
        parse_cell(text, Column("x", Kind.REFERENCE, "", many=True))
    assert caught.value.code == "T217"


def test_lists_of_numbers() -> None:
    ramp = Column("ramp", Kind.NUMBERS, "")
    assert parse_cell("0.5; 1", ramp) == (0.5, 1.0)
    assert parse_cell(0.5, ramp) == (0.5,)
    assert parse_cell("0,5;1", ramp, decimal_comma=True) == (0.5, 1.0)
    with pytest.raises(CellRefused):
        parse_cell("0.5;", ramp)


@given(cell=ANY_CELL, kind=st.sampled_from(Kind), many=st.booleans(), comma=st.booleans())
def test_any_cell_gives_a_value_or_is_refused(
    cell: Cell, kind: Kind, many: bool, comma: bool
) -> None:
    column = Column("x", kind, "", many=many, allowed=("a", "b"), low=0, unlimited=True)
    refused, value = parsed(cell, column, comma)
    if refused is not None:
        assert refused.code.startswith("T")
        assert refused.what
        assert refused.instead
    else:
        assert parse_cell(cell_text(value, column), column) == value


def parsed(cell: Cell, column: Column, comma: bool) -> tuple[CellRefused | None, object]:
    try:
        return None, parse_cell(cell, column, decimal_comma=comma)
    except CellRefused as refused:
        return refused, None


@given(st.text())
def test_nothing_is_ever_evaluated(text: str) -> None:
    value = parse_cell(text, Column("note", Kind.TEXT, ""))
    assert value == (text.strip() or None)
