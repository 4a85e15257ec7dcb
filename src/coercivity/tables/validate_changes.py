"""Checks of the table ``changes``: every change hits something it may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import Problem, quoted
from coercivity.tables.cells import CellRefused, parse_cell
from coercivity.tables.columns import Column
from coercivity.tables.headers import varying_column
from coercivity.tables.typed import Companion, Row, Table, dated_column, row_name, undated_key

FIXED_TABLES = frozenset({"scenarios", "changes", "sources"})


def check_changes(
    tables: Mapping[str, Table], companions: Mapping[tuple[str, str], Companion]
) -> Iterator[Problem]:
    """Check every row of ``changes`` against the table it changes."""
    del companions
    for row in tables["changes"].rows():
        if all(row.given(name) for name in ("table", "key", "column")):
            problem = _check_change(row, tables)
            if problem is not None:
                yield problem


def _check_change(row: Row, tables: Mapping[str, Table]) -> Problem | None:
    name = row.text("table")
    if name not in tables or name in FIXED_TABLES:
        known = sorted(set(tables) - FIXED_TABLES)
        return _refused(row, "table", f"{quoted(name)} is not a table that can change", known)
    table = tables[name]
    column = table.schema.column(row.text("column"))
    if column is None:
        what = f"{quoted(row['column'])} is not a column of {name}"
        return _refused(row, "column", what, table.schema.column_names)
    if column.name in table.schema.key:
        what = f"'{column.name}' names rows of {name} and cannot change"
        return _refused(row, "column", what, ())
    if not table.named(row.text("key")):
        what = f"{quoted(row['key'])} is no row of {name}"
        known = sorted({row_name(other) for other in table.rows()} | set(table.ids()))
        hint = f" A row is named by its {'/'.join(undated_key(table.schema))}."
        return _refused(row, "key", what, known, hint)
    return _check_value(row, table, column)


def _check_value(row: Row, table: Table, column: Column) -> Problem | None:
    if row.given("factor") and not column.numeric:
        what = f"'{column.name}' holds no number that a factor could change"
        return _refused(row, "factor", what, (), " Write the new value in 'set'.")
    dated = dated_column(table.schema) is not None
    if row.given("year") and not dated and varying_column(table.schema.name, column.name) is None:
        what = f"'{column.name}' of {table.schema.name} cannot change from a year on"
        return _refused(row, "year", what, (), " Leave the year empty: the change always holds.")
    if row.given("year") and dated and not _whole_years(table, row.text("key")):
        what = f"rows of {quoted(row['key'])} are dated by month or day"
        return _refused(row, "year", what, (), " Leave the year empty: the change always holds.")
    if row.given("set"):
        try:
            new_value(row, column)
        except CellRefused as refused:
            return Problem("T216", row.place("set"), refused.what, refused.instead)
    if row.given("factor"):
        return _check_factor(row, table, column)
    return None


def _whole_years(table: Table, key: str) -> bool:
    dated = dated_column(table.schema) or ""
    rows = [row for row in table.named(key) if row.given(dated)]
    return all(str(row[dated]).isdecimal() for row in rows)


def _check_factor(row: Row, table: Table, column: Column) -> Problem | None:
    factor = row.number("factor")
    for hit in table.named(row.text("key")):
        value = hit[column.name]
        if value is None:
            what = f"'{column.name}' is empty in {hit.place()}, so a factor changes nothing"
            return _refused(row, "factor", what, (), " Write the new value in 'set'.")
        if value == float("inf") and factor == 0:
            what = f"'{column.name}' is unlimited in {hit.place()}; a factor of 0 says nothing"
            return _refused(row, "factor", what, (), " Write 0 in 'set'.")
        if factor < 0 and column.low is not None:
            what = f"a factor of {factor:g} makes '{column.name}' negative"
            return _refused(row, "factor", what, (), " Write a factor of 0 or more.")
    return None


def new_value(change: Row, column: Column) -> object:
    """Read the cell ``set`` of a change as a value of the column it changes."""
    return parse_cell(change.text("set"), column)


def _refused(
    row: Row, where: str, what: str, known: tuple[str, ...] | list[str], hint: str = ""
) -> Problem:
    near = nearest(str(row[where]), known)
    start = f"Did you mean '{near}'?" if near is not None else ""
    return Problem("T216", row.place(where), what, f"{start}{hint}".strip())
