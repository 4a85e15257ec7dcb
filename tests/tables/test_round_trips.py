"""What is written reads back the same: CSV, Excel, data package."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.foundation.problems import Severity
from coercivity.tables import CaseTables, Table, read_case
from coercivity.tables.columns import UNLIMITED, Column, Kind, TableSchema
from coercivity.tables.csv_reader import read_folder
from coercivity.tables.csv_writer import write_case
from coercivity.tables.datapackage import write_datapackage
from coercivity.tables.excel_reader import read_workbook
from coercivity.tables.excel_writer import write_excel
from coercivity.tables.headers import VARIES
from coercivity.tables.raw import RawCase
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.settings import Settings, parse_settings
from coercivity.tables.typed import Companion
from coercivity.tables.typing_tables import empty_table, type_companion, type_table

WriteCase = Callable[..., Path]
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
    .map(str.strip)
    .filter(bool)
)
FORMULAS = st.sampled_from(
    ["=1+1", "+1", "-x", "@x", "{=1}", "http://x.y", "1", "TRUE", "_x0041_", '"', "a\nb"]
)
SETTINGS = Settings("n", "USD", 2025, (2025, 2041), 2036, 0.05, description="a: b # c\nd")


def numbers(column: Column) -> st.SearchStrategy[float]:
    low = 0.0 if column.low is None else column.low
    high = column.low if column.low is None else column.high
    found = st.floats(
        low if column.low is not None else None,
        high,
        allow_nan=False,
        allow_infinity=False,
        exclude_min=column.above_low,
    )
    return st.one_of(found, st.just(UNLIMITED)) if column.unlimited else found


def values(column: Column) -> st.SearchStrategy[object]:
    low = int(column.low) if column.low is not None else 0
    entries = st.lists(IDS, min_size=1, max_size=3, unique=True)
    pairs = st.lists(st.tuples(IDS, IDS), min_size=1, max_size=3, unique_by=lambda pair: pair[0])
    conditions = st.lists(IDS, min_size=1, max_size=2).map(tuple)
    chosen = st.sampled_from(column.allowed or ("x",))
    kinds: dict[Kind, st.SearchStrategy[object]] = {
        Kind.ID: IDS,
        Kind.TEXT: st.one_of(TEXTS, FORMULAS),
        Kind.NUMBER: numbers(column),
        Kind.INTEGER: st.integers(low, 2**53),
        Kind.YEAR: st.integers(1800, 2300),
        Kind.DATE: st.dates(dt.date(1000, 1, 1)),
        Kind.YES_NO: st.booleans(),
        Kind.CHOICE: chosen.map(lambda word: (word,)) if column.many else chosen,
        Kind.REFERENCE: entries.map(tuple) if column.many else IDS,
        Kind.SELECTOR: st.lists(conditions, min_size=1, max_size=2, unique=True).map(tuple),
        Kind.NUMBERS: st.lists(numbers(column), min_size=1, max_size=3).map(tuple),
        Kind.ORIGIN: pairs.map(tuple),
    }
    return kinds[column.kind]


@st.composite
def filled_tables(draw: st.DrawFn, schema: TableSchema) -> Table:
    count = draw(st.integers(1, 3))
    columns = {}
    for name in (*schema.column_names, "note"):
        column = schema.column(name)
        assert column is not None
        value = values(column) if column.required else st.none() | values(column)
        columns[name] = tuple(draw(value) for _ in range(count))
    return Table(schema, f"{schema.name}.csv", columns, tuple(range(2, count + 2)))


@st.composite
def cases(draw: st.DrawFn) -> CaseTables:
    names = draw(st.lists(st.sampled_from(sorted(SCHEMAS)), min_size=1, max_size=3, unique=True))
    tables = {name: empty_table(schema) for name, schema in SCHEMAS.items()}
    tables |= {name: draw(filled_tables(SCHEMAS[name])) for name in names}
    numeric = [(name, c) for name in names for c in SCHEMAS[name].columns if c.kind in VARIES]
    companions = {}
    if numeric:
        name, column = draw(st.sampled_from(numeric))
        years = draw(st.lists(st.integers(1800, 2300), min_size=1, max_size=3, unique=True))
        ids = draw(st.lists(IDS, min_size=1, max_size=3, unique_by=str))
        value = st.none() | values(column).map(float)  # type: ignore[arg-type]
        held = {i: tuple(draw(value) for _ in years) for i in ids if i != "year"}
        if any(any(v is not None for v in row) for row in held.values()):
            file = f"{name}-{column.name}.csv"
            companion = Companion(name, column.name, file, tuple(sorted(years)), held)
            companions[name, column.name] = companion
    return CaseTables("n", SETTINGS, tables, companions)


def reread(raw: RawCase) -> CaseTables:
    """Type a raw case without checking it as a whole."""
    errors = [p for p in raw.notes if p.severity is Severity.ERROR]
    found, problems = parse_settings(raw)
    tables = {name: empty_table(schema) for name, schema in SCHEMAS.items()}
    for name, raw_table in raw.tables.items():
        tables[name], more = type_table(raw_table, SCHEMAS[name])
        problems += more
    companions = {}
    for (table, column), raw_table in raw.companions.items():
        companion, more = type_companion(raw_table, table, column)
        problems += more
        assert companion is not None, more
        companions[table, column] = companion
    assert not errors
    assert not problems
    assert found is not None
    return CaseTables(found.name, found, tables, companions)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_any_case_reads_back_from_csv_and_excel(case: CaseTables) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = write_case(case, Path(place) / "csv")
        assert reread(read_folder(folder)).content() == case.content()
        book = write_excel(case, Path(place) / "case.xlsx")
        assert reread(read_workbook(book)).content() == case.content()


def test_the_small_case_goes_round(write_small: WriteCase, tmp_path: Path) -> None:
    case = read_case(write_small())
    book = read_case(write_excel(case, tmp_path / "a.xlsx"))
    folder = read_case(write_case(book, tmp_path / "b"))
    package = read_case(write_datapackage(folder, tmp_path / "c"))
    assert case.content() == book.content() == folder.content() == package.content()


def test_the_same_case_gives_the_same_bytes(write_small: WriteCase, tmp_path: Path) -> None:
    case = read_case(write_small())
    first, second = (write_excel(case, tmp_path / f"{n}.xlsx").read_bytes() for n in "ab")
    assert first == second


@pytest.mark.parametrize(
    "number", [0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1 / 3, 123456789.12345678]
)
def test_all_digits_survive_excel(number: float, write_small: WriteCase, tmp_path: Path) -> None:
    assets = f"id,site,process,variable_cost\nmill,hill,smelt,{number!r}\n"
    case = read_case(write_small({"assets.csv": assets}))
    book = read_case(write_excel(case, tmp_path / "a.xlsx"))
    assert book["assets"].row(0)["variable_cost"] == number
