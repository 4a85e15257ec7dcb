"""A workbook to a raw case: cached values only, nothing is computed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from coercivity.foundation.problems import Place, Problem, Severity, quoted
from coercivity.tables.cells import CONTROL, is_empty, plain_text
from coercivity.tables.columns import Kind, TableSchema
from coercivity.tables.headers import check_header, companion_name, unknown_table, varying_column
from coercivity.tables.raw import SETTINGS_FILE, SETTINGS_SHEET, Cell, RawCase, RawTable
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.workbook_layout import README_SHEET, YEAR_LABEL, is_unit_label, unit_label
from coercivity.tables.workbook_scan import (
    LARGEST_WORKBOOK,
    SheetScan,
    WorkbookRefused,
    scan_workbook,
)

Grid = list[list[Cell]]
NAMED_KINDS = frozenset({Kind.ID, Kind.REFERENCE, Kind.SELECTOR})
PROBLEMS_AT_MOST = 1000


def read_workbook(path: Path) -> RawCase:
    """Read every sheet of a workbook as a table.

    A workbook that is refused gives a raw case with that one problem.

    Parameters
    ----------
    path
        An ``.xlsx`` file.
    """
    try:
        grids, scans = _grids(path)
    except WorkbookRefused as refused:
        problem = Problem("T110", Place(path.name), refused.what, refused.instead)
        return RawCase(path.stem, str(path), {}, path.name, notes=(problem,))
    problems: list[Problem] = []
    names = _table_names(grids.pop(README_SHEET, []))
    settings, places, found = _settings(grids.pop(SETTINGS_SHEET, None))
    problems += found
    tables: dict[str, RawTable] = {}
    companions: dict[tuple[str, str], RawTable] = {}
    for sheet, grid in grids.items():
        name = names.get(sheet, sheet)
        pair = companion_name(name)
        if pair is None and name not in SCHEMAS:
            if grid:
                problems.append(unknown_table(name, _place(sheet).file))
            continue
        table, found = read_grid(grid, name, sheet)
        problems += found
        if table is not None and pair is not None:
            companions[pair] = table
        elif table is not None:
            tables[name] = table
    for sheet, scan in scans.items():
        if sheet != README_SHEET:
            problems += _formula_problems(sheet, scan)
    return RawCase(
        path.stem,
        str(path),
        settings,
        _place(SETTINGS_SHEET).file,
        places,
        tables,
        companions,
        tuple(problems),
    )


def _grids(path: Path) -> tuple[dict[str, Grid], dict[str, SheetScan]]:
    try:
        if path.stat().st_size > LARGEST_WORKBOOK:
            what = f"the workbook has more than {LARGEST_WORKBOOK / 1e6:.0f} MB"
            raise WorkbookRefused(what, "No case needs that much; it was not read.")
        scans = scan_workbook(path)
        with CalamineWorkbook.from_path(str(path)) as book:
            grids = {
                name: [
                    [_cell(value) for value in row]
                    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ]
                for name in book.sheet_names
            }
    except (CalamineError, PasswordError, OSError) as error:
        what = f"the workbook cannot be read: {error}"
        raise WorkbookRefused(what, "Save it again from Excel as .xlsx.") from error
    return {name: _trimmed(grid) for name, grid in grids.items()}, scans


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return text or None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(value, (bool, float, dt.date)) else str(value)


def _trimmed(grid: Grid) -> Grid:
    """Take away empty rows and columns at the end."""
    while grid and all(is_empty(cell) for cell in grid[-1]):
        grid.pop()
    width = max(
        (i + 1 for row in grid for i, cell in enumerate(row) if not is_empty(cell)), default=0
    )
    return [[*row[:width], *([None] * (width - len(row)))] for row in grid]


def read_grid(grid: Grid, name: str, sheet: str) -> tuple[RawTable | None, list[Problem]]:
    """Turn the cells of a sheet into a raw table: header, units row if there is one, data."""
    place = _place(sheet, 1)
    if not grid or all(is_empty(cell) for cell in grid[0]):
        what = "the first row is empty"
        return None, [Problem("T105", place, what, "The first row names the columns.")]
    schema = SCHEMAS[name] if companion_name(name) is None else None
    header, problems = _header(grid[0], sheet)
    problems += check_header(header, schema, place)
    if any(problem.code == "T105" for problem in problems):
        return None, problems
    first = 1
    if len(grid) > 1 and _is_units_row(grid[1]):
        problems += _check_units(grid[1], header, name, sheet)
        first = 2
    rows: list[tuple[Cell, ...]] = []
    numbers: list[int] = []
    for number, row in enumerate(grid[first:], start=first + 1):
        if any(not is_empty(cell) for cell in row):
            problems += _row_problems(row, header, _place(sheet, number), len(problems))
            rows.append(tuple(row[: len(header)]))
            numbers.append(number)
    named = _named_columns(header, schema)
    found, rows = _ids_as_text(rows, named, header, sheet)
    return RawTable(name, place.file, header, tuple(rows), tuple(numbers)), problems + found


def _header(cells: list[Cell], sheet: str) -> tuple[tuple[str, ...], list[Problem]]:
    last = max(index for index, cell in enumerate(cells) if not is_empty(cell))
    header = tuple(plain_text(cell) for cell in cells[: last + 1])
    count = sum(isinstance(cell, float) for cell in cells)
    return header, [_numbers_as_ids(_place(sheet, 1), count)] if count else []


def _is_units_row(cells: list[Cell]) -> bool:
    filled = [cell for cell in cells if not is_empty(cell)]
    return bool(filled) and all(is_unit_label(cell) for cell in filled)


def _check_units(
    cells: list[Cell], header: tuple[str, ...], name: str, sheet: str
) -> list[Problem]:
    problems = []
    pair = companion_name(name)
    for index, title in enumerate(header):
        column = varying_column(*pair) if pair is not None else SCHEMAS[name].column(title)
        if column is None or is_empty(cells[index]):
            continue
        expected = YEAR_LABEL if pair is not None and index == 0 else unit_label(column)
        if cells[index] != expected:
            problems.append(
                Problem(
                    "T115",
                    _place(sheet, 2, title),
                    f"the unit is {quoted(cells[index])}",
                    f"The column counts in {expected}: convert the numbers, or mend the unit.",
                )
            )
    return problems


def _row_problems(
    row: list[Cell], header: tuple[str, ...], place: Place, count: int
) -> list[Problem]:
    problems: list[Problem] = []
    if count > PROBLEMS_AT_MOST:
        return problems
    if any(not is_empty(cell) for cell in row[len(header) :]):
        what = "a cell stands to the right of the named columns"
        problems.append(Problem("T107", place, what, "Give its column a name, or take it out."))
    for name, cell in zip(header, row, strict=False):
        if isinstance(cell, str) and CONTROL.search(cell):
            what = f"{quoted(cell)} holds a control character"
            problems.append(
                Problem("T103", Place(place.file, place.row, name), what, "Take it out.")
            )
    return problems


def _named_columns(header: tuple[str, ...], schema: TableSchema | None) -> list[int]:
    if schema is None:
        return []
    columns = [(index, schema.column(name)) for index, name in enumerate(header)]
    return [index for index, column in columns if column and column.kind in NAMED_KINDS]


def _ids_as_text(
    rows: list[tuple[Cell, ...]], named: list[int], header: tuple[str, ...], sheet: str
) -> tuple[list[Problem], list[tuple[Cell, ...]]]:
    """Read whole numbers in columns of ids as text, and tell it."""
    problems = []
    texts = [list(row) for row in rows]
    for index in named:
        count = 0
        for row in texts:
            cell = row[index]
            if isinstance(cell, float) and cell.is_integer():
                row[index] = plain_text(cell)
                count += 1
        if count:
            problems.append(_numbers_as_ids(_place(sheet, None, header[index]), count))
    return problems, [tuple(row) for row in texts]


def _numbers_as_ids(place: Place, count: int) -> Problem:
    plural = "s are" if count > 1 else " is"
    return Problem(
        "T113",
        place,
        f"{count} id{plural} stored as a number and read as text",
        "Leading zeros are lost if there were any; format the column as text to keep them.",
        Severity.NOTE,
    )


def _settings(
    grid: Grid | None,
) -> tuple[dict[str, object], dict[str, int], list[Problem]]:
    if grid is None:
        what = f"the sheet '{SETTINGS_SHEET}' is missing"
        hint = f"It holds what {SETTINGS_FILE} holds: a key and its value in each row."
        return {}, {}, [Problem("T302", _place(SETTINGS_SHEET), what, hint)]
    settings: dict[str, object] = {}
    places: dict[str, int] = {}
    problems = []
    for number, row in enumerate(grid[1:], start=2):
        key, value = plain_text(row[0]), row[1] if len(row) > 1 else None
        if key in places:
            what = f"{quoted(key)} is stated twice"
            hint = f"It stands in row {places[key]} already; keep one of them."
            problems.append(Problem("T304", _place(SETTINGS_SHEET, number, key), what, hint))
        elif key:
            places[key] = number
            settings[key] = value
    return settings, places, problems


def _table_names(readme: Grid) -> dict[str, str]:
    """Read which sheet stands for which table, where its name was too long."""
    pairs = [(plain_text(row[0]), plain_text(row[1])) for row in readme[1:] if len(row) > 1]
    return {sheet: table for sheet, table in pairs if sheet and table}


def _formula_problems(sheet: str, scan: SheetScan) -> list[Problem]:
    problems = [
        Problem(
            "T111",
            _place(sheet, row, _letters(column)),
            "the formula has no stored value",
            "Open the workbook in Excel and save it, or write the value itself.",
        )
        for row, column in scan.without_value[:PROBLEMS_AT_MOST]
    ]
    problems += [
        Problem("T111", _place(sheet, row, _letters(column)), f"the cell shows {text}", "Mend it.")
        for row, column, text in scan.errors[:PROBLEMS_AT_MOST]
    ]
    if scan.formulas:
        plural = "s" if scan.formulas > 1 else ""
        problems.append(
            Problem(
                "T112",
                _place(sheet),
                f"the stored value{plural} of {scan.formulas} formula{plural} were used",
                "The program never computes formulas; save the workbook in Excel first.",
                Severity.NOTE,
            )
        )
    return problems


def _letters(column: int) -> str:
    letters = ""
    index = column + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _place(sheet: str, row: int | None = None, column: str | None = None) -> Place:
    return Place(f"sheet '{sheet}'", row, column)
