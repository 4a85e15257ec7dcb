"""Raw tables to typed tables, collecting what cannot be read."""

from __future__ import annotations

from coercivity.foundation.problems import Place, Problem, quoted
from coercivity.tables.cells import CellRefused, parse_cell, plain_text
from coercivity.tables.columns import Column, TableSchema, year
from coercivity.tables.headers import varying_column
from coercivity.tables.raw import Cell, RawTable
from coercivity.tables.typed import Companion, Table

PROBLEMS_AT_MOST = 1000
YEAR = year("year", "First year in which the row holds.", required=True)


def empty_table(schema: TableSchema) -> Table:
    """Make a table without rows."""
    return Table(schema, f"{schema.name}.csv", {}, ())


def type_table(raw: RawTable, schema: TableSchema) -> tuple[Table, list[Problem]]:
    """Turn every cell of a raw table into its value; a refused cell counts as empty."""
    problems: list[Problem] = []
    columns: dict[str, tuple[object, ...]] = {}
    for index, name in enumerate(raw.header):
        column = schema.column(name)
        if column is not None:
            cells = [row[index] for row in raw.rows]
            columns[name] = _type_column(raw, column, cells, problems)
    for column in schema.columns:
        if column.required and column.name not in columns and raw.rows:
            problems.append(_missing_column(raw, column))
    table = Table(schema, raw.file, columns, raw.row_numbers)
    return table, problems


def _type_column(
    raw: RawTable, column: Column, cells: list[Cell], problems: list[Problem]
) -> tuple[object, ...]:
    values: list[object] = []
    for index, cell in enumerate(cells):
        value: object = None
        try:
            value = parse_cell(cell, column, decimal_comma=raw.decimal_comma)
            if value is None and column.required:
                _add(problems, _empty(raw.place(index, column.name), column))
        except CellRefused as refused:
            place = raw.place(index, column.name)
            _add(problems, Problem(refused.code, place, refused.what, refused.instead))
        values.append(value)
    return tuple(values)


def _add(problems: list[Problem], problem: Problem) -> None:
    if len(problems) < PROBLEMS_AT_MOST:
        problems.append(problem)


def _empty(place: Place, column: Column) -> Problem:
    unit = f" [{column.unit}]" if column.unit else ""
    return Problem("T202", place, "the cell is empty", f"{column.description}{unit} It is needed.")


def _missing_column(raw: RawTable, column: Column) -> Problem:
    return Problem(
        "T202",
        Place(raw.file, 1, column.name),
        f"the column '{column.name}' is missing",
        f"{column.description} It is needed in every row.",
    )


def type_companion(
    raw: RawTable, table: str, column_name: str
) -> tuple[Companion | None, list[Problem]]:
    """Turn a raw companion into values by year and id."""
    column = varying_column(table, column_name)
    if column is None:
        what = f"{quoted(column_name)} is not a number of {table}"
        return None, [Problem("T211", Place(raw.file), what, "Only numbers vary by year.")]
    problems: list[Problem] = []
    years = _type_column(raw, YEAR, [row[0] for row in raw.rows], problems)
    whole = [value for value in years if isinstance(value, int)]
    if len(whole) == len(years) and whole != sorted(set(whole)):
        problems.append(_falling(raw, whole))
    named = {
        name: _type_column(
            raw, _named_column(column, name), [row[index] for row in raw.rows], problems
        )
        for index, name in enumerate(raw.header)
        if index > 0
    }
    if problems:
        return None, problems
    series = {
        name: tuple(float(v) if isinstance(v, (int, float)) else None for v in values)
        for name, values in named.items()
    }
    return Companion(table, column_name, raw.file, tuple(whole), series), []


def _named_column(column: Column, name: str) -> Column:
    return Column(
        name,
        column.kind,
        column.description,
        column.unit,
        low=column.low,
        high=column.high,
        above_low=column.above_low,
        unlimited=column.unlimited,
    )


def _falling(raw: RawTable, years: list[int]) -> Problem:
    index = next(i for i in range(1, len(years)) if years[i] <= years[i - 1])
    return Problem(
        "T211",
        raw.place(index, "year"),
        f"{plain_text(years[index])} does not follow {plain_text(years[index - 1])}",
        "List each year once, in rising order.",
    )
