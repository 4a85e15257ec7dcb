"""A case as one Excel workbook: a sheet a table, units in the second row."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.tables.cells import cell_text
from coercivity.tables.columns import COMMON, Column, Kind
from coercivity.tables.headers import varying_column
from coercivity.tables.raw import SETTINGS_SHEET
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.settings import SETTINGS, Settings, settings_cells
from coercivity.tables.typed import CaseTables, Companion, Row, Table
from coercivity.tables.workbook_layout import (
    README_HEADER,
    README_SHEET,
    SETTINGS_HEADER,
    YEAR_LABEL,
    sheet_name,
    unit_label,
)

LONGEST_TEXT = 32_767
FIRST_EXCEL_DAY = dt.date(1900, 3, 1)
CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same case gives the same file
TEXT_KINDS = frozenset({Kind.ID, Kind.TEXT, Kind.REFERENCE, Kind.CHOICE})


class ExactFloat(float):
    """A number that is written with all its digits."""

    def __format__(self, specification: str) -> str:
        return repr(float(self))


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook while it is written, with its formats."""

    file: xlsxwriter.Workbook
    bold: Format
    grey: Format
    text: Format
    day: Format

    def sheet(self, name: str, header: Sequence[str], units: Sequence[str] = ()) -> Worksheet:
        """Add a sheet with its header and, where given, its units row."""
        sheet = self.file.add_worksheet(name)
        for index, title in enumerate(header):
            put(sheet, 0, index, title, self.bold)
        for index, unit in enumerate(units):
            put(sheet, 1, index, unit, self.grey)
        sheet.freeze_panes(2 if units else 1, 1)
        return sheet


def write_excel(case: CaseTables, path: str | Path) -> Path:
    """Write a case to a workbook, replacing the file at once when it is whole.

    Parameters
    ----------
    case
        The case.
    path
        Where the ``.xlsx`` file goes.

    Raises
    ------
    DiskError
        If the file cannot be written.
    """
    tables = {name: table for name, table in case.tables.items() if len(table)}
    with _book(Path(path)) as book:
        _write_readme(book, case.settings.title or case.name, tables, case.companions)
        _write_settings(book, case.settings)
        for number, (name, table) in enumerate(tables.items(), start=1):
            columns = [c for c in map(table.schema.column, _filled(table)) if c is not None]
            sheet = _table_sheet(book, sheet_name(name, number), columns)
            for row in table.rows():
                for index, column in enumerate(columns):
                    _put_value(book, sheet, (row.index + 2, index), row, column)
        for number, companion in enumerate(case.companions.values(), start=len(tables) + 1):
            _write_companion(book, companion, number)
    return Path(path)


def excel_template(path: str | Path, tables: Sequence[str] = ()) -> Path:
    """Write an empty workbook with the columns and units of some tables, or of all.

    Raises
    ------
    UsageError
        If there is no such table.
    DiskError
        If the file cannot be written.
    """
    for name in tables:
        if name not in SCHEMAS:
            hint = suggestion(name, SCHEMAS, listed_in="`coercivity schema`")
            msg = f"There is no table {quoted(name)}. {hint}  [T102]"
            raise UsageError(msg)
    chosen = tables or tuple(SCHEMAS)
    with _book(Path(path)) as book:
        _write_readme(book, "A case to fill in", chosen, ())
        _write_settings(book, None)
        for name in chosen:
            _table_sheet(book, name, [*SCHEMAS[name].columns, *COMMON.values()])
    return Path(path)


@contextlib.contextmanager
def _book(path: Path) -> Iterator[Book]:
    """Give a workbook that appears under its name only when it is whole."""
    try:
        handle, name = tempfile.mkstemp(suffix=".xlsx", prefix=".writing-", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            file = xlsxwriter.Workbook(name, {"in_memory": True})
            file.set_properties({"created": CREATED})
            yield Book(
                file,
                file.add_format({"bold": True}),
                file.add_format({"italic": True, "font_color": "#808080"}),
                file.add_format({"num_format": "@"}),
                file.add_format({"num_format": "yyyy-mm-dd"}),
            )
            file.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, XlsxWriterException) as error:
        msg = f"The workbook '{path}' cannot be written: {error}.  [T101]"
        raise DiskError(msg) from error


def put(sheet: Worksheet, row: int, column: int, text: str, layout: Format | None = None) -> None:
    """Write a text as text, whatever it starts with.

    Raises
    ------
    UsageError
        If no cell can hold it.
    """
    if len(text) > LONGEST_TEXT:
        msg = (
            f"A text of {len(text)} characters starting {quoted(text[:20])} does not fit into a "
            f"cell of Excel, which holds {LONGEST_TEXT}. Shorten it, or keep the case as CSV.  "
            "[T108]"
        )
        raise UsageError(msg)
    sheet.write_string(row, column, text, layout)


def _filled(table: Table) -> list[str]:
    return [
        name for name, values in table.columns.items() if any(value is not None for value in values)
    ]


def _table_sheet(book: Book, name: str, columns: Sequence[Column]) -> Worksheet:
    sheet = book.sheet(name, [c.name for c in columns], [unit_label(c) for c in columns])
    for index, column in enumerate(columns):
        width = min(max(len(column.name), len(unit_label(column)), 10), 40) + 2
        sheet.set_column(index, index, width, book.text if column.kind in TEXT_KINDS else None)
        words = ("yes", "no") if column.kind is Kind.YES_NO else column.allowed
        if words and not column.many and column.kind is not Kind.REFERENCE:
            rule = {"validate": "list", "source": list(words), "ignore_blank": True}
            sheet.data_validation(2, index, 10_000, index, rule)
    return sheet


def _put_value(book: Book, sheet: Worksheet, at: tuple[int, int], row: Row, column: Column) -> None:
    if not row.given(column.name):
        return
    value = row[column.name]
    if isinstance(value, bool):
        put(sheet, *at, cell_text(value, column), book.text)
    elif isinstance(value, (int, float)) and math.isfinite(value):
        sheet.write_number(*at, ExactFloat(value))
    elif isinstance(value, dt.date) and value >= FIRST_EXCEL_DAY:
        sheet.write_datetime(*at, dt.datetime.combine(value, dt.time()), book.day)
    else:
        put(sheet, *at, cell_text(value, column), book.text)


def _write_companion(book: Book, companion: Companion, number: int) -> None:
    column = varying_column(companion.table, companion.column)
    unit = unit_label(column) if column is not None else "[number]"
    name = sheet_name(f"{companion.table}-{companion.column}", number)
    units = [YEAR_LABEL, *(unit for _ in companion.ids)]
    sheet = book.sheet(name, ["year", *companion.ids], units)
    for row, year in enumerate(companion.years, start=2):
        sheet.write_number(row, 0, year)
        for index, identifier in enumerate(companion.ids, start=1):
            value = companion.values[identifier][row - 2]
            if value is not None and math.isfinite(value):
                sheet.write_number(row, index, ExactFloat(value))
            elif value is not None:
                put(sheet, row, index, "unlimited")


def _write_readme(
    book: Book, title: str, tables: Iterable[str], companions: Iterable[tuple[str, str]]
) -> None:
    sheet = book.sheet(README_SHEET, README_HEADER)
    sheet.set_column(0, 1, 32)
    sheet.set_column(2, 2, 100)
    lines = [(SETTINGS_SHEET, "", f"{title}: settings of the case, one key a row.")]
    held = [(name, SCHEMAS[name].description) for name in tables]
    held += [(f"{name}-{column}", f"{column} of {name} by year.") for name, column in companions]
    for number, (name, description) in enumerate(held, start=1):
        lines.append((sheet_name(name, number), name, description))
    lines.append(("", "", "Row 1 names the columns, row 2 their units in brackets; data follow."))
    lines.append(("", "", "An empty cell means the default. Lists are separated by ';'."))
    for row, line in enumerate(lines, start=1):
        for index, text in enumerate(line):
            put(sheet, row, index, text)


def _write_settings(book: Book, settings: Settings | None) -> None:
    sheet = book.sheet(SETTINGS_SHEET, SETTINGS_HEADER)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 50, book.text)
    sheet.set_column(2, 2, 80)
    cells = {} if settings is None else settings_cells(settings)
    for row, column in enumerate(SETTINGS, start=1):
        put(sheet, row, 0, column.name)
        if cells.get(column.name):
            put(sheet, row, 1, cells[column.name], book.text)
        put(sheet, row, 2, column.description)
