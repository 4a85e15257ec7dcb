"""A buyer's supply list, from CSV or a workbook to checked lines: all problems at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import Place, Problem, Severity, listing, quoted
from coercivity.tables.cells import is_empty, plain_text
from coercivity.tables.columns import (
    COMMON,
    Column,
    Kind,
    TableSchema,
    date,
    number,
    reference,
    text,
)
from coercivity.tables.csv_reader import (
    COMMA_NUMBER,
    LARGEST_FILE,
    read_text,
    split_records,
)
from coercivity.tables.raw import Cell, RawTable
from coercivity.tables.references import check_references
from coercivity.tables.typed import CaseTables, Row, Table
from coercivity.tables.typing_tables import type_table
from coercivity.tables.workbook_scan import SheetScan, WorkbookRefused, scan_workbook

NAME = "supply list"
COLUMNS = (
    text(
        "supplier",
        "Who delivers; the id of a supplier or plant of the case, or any name.",
        required=True,
    ),
    reference("material", "What is delivered.", "materials", required=True),
    number("amount", "How much is bought.", "t/year", required=True),
    reference("country", "Country in which stages ran that nothing else is said of.", "countries"),
    Column("origin", Kind.ORIGIN, "Where each stage ran, as stage=COUNTRY;…"),
    date("date", "Day of delivery (blank = the day that is asked about)."),
    number("stock", "What the buyer keeps of it.", "t"),
)
"""Columns of a supply list; the name of any stage of the case may be a column too."""


@dataclass(frozen=True, slots=True)
class SupplyLine:
    """One line of a supply list."""

    place: Place
    supplier: str
    material: str
    amount: float
    """How much is bought. [t/year]"""
    country: str | None
    """Country of the stages that ``origin`` does not name; None = it is not said."""
    origin: tuple[tuple[str, str], ...]
    """Stages with the country in which each ran."""
    day: dt.date | None
    """Day of delivery; None = the day asked about."""
    stock: float | None
    """What the buyer keeps of it; None = not said. [t]"""


class SupplyListError(CaseError):
    """A supply list that cannot be used; every problem is told."""

    def message(self) -> str:
        """Lay out the whole message, closing with what did not happen."""
        counted = [p for p in self.problems if p.severity is Severity.ERROR]
        number_of = f"{len(counted)} problem{'s' if len(counted) != 1 else ''}"
        shown = listing(counted)
        return f"{number_of} in supply list '{self.case}'\n\n{shown}\n\nNothing was checked."


def read_supply_list(path: Path, case: CaseTables) -> tuple[SupplyLine, ...]:
    """Read a supply list and check it against the names of a case.

    Parameters
    ----------
    path
        A ``.csv`` file, or an ``.xlsx`` workbook whose first sheet is read.
    case
        The case; its materials, stages and countries may be named.

    Raises
    ------
    SupplyListError
        With every problem, if there is any error.
    UsageError
        If there is no such file, or it is neither CSV nor a workbook.
    """
    if not path.is_file():
        msg = (
            f"There is no supply list {quoted(path)}: name a .csv file or an .xlsx workbook.  "
            "[R001]"
        )
        raise UsageError(msg)
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        msg = (
            f"{quoted(path.name)} is neither a .csv file nor an .xlsx workbook: save the supply "
            "list as one of them.  [R001]"
        )
        raise UsageError(msg)
    schema = supply_list_schema(case)
    raw, problems = _read_csv(path, schema) if path.suffix.lower() == ".csv" else _read_sheet(path)
    lines: tuple[SupplyLine, ...] = ()
    if raw is not None:
        problems += _check_header(raw, schema, case)
        table, found = type_table(raw, schema)
        problems += [*found, *_check_table(table, case)]
        if not any(problem.severity is Severity.ERROR for problem in problems):
            lines = tuple(_line(row, case) for row in table)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise SupplyListError(problems, case=path.name)
    return lines


def supply_list_schema(case: CaseTables) -> TableSchema:
    """Give the columns of a supply list for a case: one more for each of its stages."""
    stages = tuple(
        reference(stage, f"Country in which stage {stage} ran.", "countries")
        for stage in case["stages"].ids()
        if stage not in {column.name for column in COLUMNS}
    )
    return TableSchema(
        NAME, "What a buyer buys from whom, with declared origins.", COLUMNS + stages, ()
    )


def _read_csv(path: Path, schema: TableSchema) -> tuple[RawTable | None, list[Problem]]:
    content, problems = read_text(path, largest=LARGEST_FILE)
    records, found = (None, []) if content is None else split_records(content, path.name)
    problems += found
    if records is None:
        return None, problems
    header = tuple(cell.strip() for cell in records.cells[0])
    rows, numbers = [], []
    for cells, row in zip(records.cells[1:], records.numbers[1:], strict=True):
        if len(cells) == len(header):
            rows.append(cells)
            numbers.append(row)
        else:
            problems.append(_wrong_length(Place(path.name, row), len(cells), len(header)))
    numeric = [i for i, n in enumerate(header) if (c := schema.column(n)) is not None and c.numeric]
    comma = records.semicolons and any(
        COMMA_NUMBER.fullmatch(cells[index]) for cells in rows for index in numeric
    )
    return RawTable(NAME, path.name, header, tuple(rows), tuple(numbers), comma), problems


def _wrong_length(place: Place, found: int, expected: int) -> Problem:
    return Problem(
        "T107",
        place,
        f"the row has {found} cells, the header {expected}",
        "Write the separators of empty cells too, and put a cell that holds one in quotes.",
    )


def _read_sheet(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """Read the first sheet of a workbook: stored values only, nothing is computed."""
    try:
        sheet, values, scan = _first_sheet(path)
    except WorkbookRefused as refused:
        return None, [Problem("T110", Place(path.name), refused.what, refused.instead)]
    file = f"sheet '{sheet}'"
    if not values or all(is_empty(cell) for cell in values[0]):
        what = "the first row is empty"
        return None, [Problem("T105", Place(file, 1), what, "The first row names the columns.")]
    problems = [
        Problem(
            "T111",
            Place(file, row),
            "a formula of the row has no stored value, or shows an error",
            "Open the workbook in Excel, mend and save it, or write the value itself.",
        )
        for row in sorted({n for n, _ in scan.without_value} | {n for n, _, _ in scan.errors})
    ]
    width = max(index + 1 for index, cell in enumerate(values[0]) if not is_empty(cell))
    filled = [
        (n, row)
        for n, row in enumerate(values[1:], start=2)
        if any(not is_empty(cell) for cell in row)
    ]
    problems += [
        Problem(
            "T107",
            Place(file, n),
            "a cell stands to the right of the named columns",
            "Give its column a name, or take it out.",
        )
        for n, row in filled
        if any(not is_empty(cell) for cell in row[width:])
    ]
    header = tuple(plain_text(cell) for cell in values[0][:width])
    cells = tuple(tuple(row[:width]) for _, row in filled)
    return RawTable(NAME, file, header, cells, tuple(n for n, _ in filled)), problems


def _first_sheet(path: Path) -> tuple[str, list[list[Cell]], SheetScan]:
    """Give name, cells and formulas of the first sheet, refusing what must not be opened."""
    try:
        scans = scan_workbook(path)
        with CalamineWorkbook.from_path(str(path)) as book:
            sheet = book.sheet_names[0]
            values = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, PasswordError, OSError) as error:
        what = f"the workbook cannot be read: {error}"
        raise WorkbookRefused(what, "Save it again from Excel as .xlsx.") from error
    return sheet, [[_cell(value) for value in row] for row in values], scans[sheet]


def _cell(value: object) -> Cell:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(value, (bool, float, str, dt.date)) else str(value)


def _check_header(raw: RawTable, schema: TableSchema, case: CaseTables) -> list[Problem]:
    problems = []
    known = (*schema.column_names, *COMMON)
    for index, name in enumerate(raw.header):
        place = Place(raw.file, 1, name or None)
        if not name or name in raw.header[:index]:
            what = f"the header names {quoted(name)} twice" if name else "a column has no name"
            problems.append(Problem("T105", place, what, "Name each column once."))
        elif name not in known:
            near = nearest(name, known)
            meant = f"Did you mean '{near}'? " if near is not None else ""
            stages = ", ".join(case["stages"].ids())
            columns = ", ".join(column.name for column in COLUMNS)
            problems.append(
                Problem(
                    "T106",
                    place,
                    f"{quoted(name)} is neither a column of a supply list nor a stage",
                    f"{meant}Columns: {columns}. Stages: {stages or 'none'}.",
                )
            )
    return problems if raw.rows else problems + _no_lines(raw, schema)


def _no_lines(raw: RawTable, schema: TableSchema) -> list[Problem]:
    columns = ", ".join(column.name for column in COLUMNS)
    missing = [c for c in schema.columns if c.required and c.name not in raw.header]
    return [
        Problem(
            "T114",
            Place(raw.file),
            "the supply list has no lines",
            f"Write a line for each supplier and material: {columns}.",
        ),
        *(
            Problem(
                "T202",
                Place(raw.file, 1, column.name),
                f"the column '{column.name}' is missing",
                column.description,
            )
            for column in missing
        ),
    ]


def _check_table(table: Table, case: CaseTables) -> list[Problem]:
    problems = list(check_references({**case.tables, NAME: table}, only={NAME}))
    stages = set(case["stages"].ids())
    for row in table:
        named = {stage for stage, _ in row.pairs("origin")}
        for stage in sorted(named & stages & table.columns.keys()):
            if row.given(stage):
                problems.append(
                    Problem(
                        "T219",
                        row.place(stage),
                        f"the origin of stage '{stage}' is given in two columns",
                        "Give it in 'origin' or in the column of the stage, not in both.",
                    )
                )
    return problems


def _line(row: Row, case: CaseTables) -> SupplyLine:
    columns = [stage for stage in case["stages"].ids() if stage in row.table.columns]
    stages = [(s, row.text(s)) for s in columns if s not in _NAMES and row.given(s)]
    pairs: Sequence[tuple[str, ...]] = row.pairs("origin")
    return SupplyLine(
        place=row.place(),
        supplier=row.text("supplier"),
        material=row.text("material"),
        amount=row.number("amount"),
        country=row.maybe_text("country"),
        origin=(*((pair[0], pair[1]) for pair in pairs), *stages),
        day=row.day("date"),
        stock=row.maybe_number("stock"),
    )


_NAMES = frozenset(column.name for column in COLUMNS)
