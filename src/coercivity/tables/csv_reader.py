"""Strict CSV: one file to one raw table, one folder to one raw case."""

from __future__ import annotations

import csv
import io
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from coercivity.foundation.errors import DiskError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import Place, Problem, Severity
from coercivity.tables.cells import CONTROL
from coercivity.tables.columns import TableSchema
from coercivity.tables.headers import check_header, companion_name, unknown_table
from coercivity.tables.raw import SETTINGS_FILE, RawCase, RawTable
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.yaml_reader import parse_yaml

LARGEST_FILE = 200_000_000
LARGEST_SETTINGS = 1_000_000
CELLS_NOT_READ_AT_MOST = 1000
COMMA_NUMBER = re.compile(r"\s*[+-]?\d*,\d+\s*", re.ASCII)
NOT_READ = (".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".yml", ".yaml", ".parquet")


@dataclass(frozen=True, slots=True)
class Records:
    """The cells of a CSV file, with the number of each record."""

    cells: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    semicolons: bool


def read_folder(folder: Path) -> RawCase:
    """Read every table of a folder.

    Parameters
    ----------
    folder
        Folder with ``case.yaml`` and one CSV file a table.

    Raises
    ------
    DiskError
        If the folder itself cannot be listed.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        msg = f"The folder '{folder}' cannot be read: {error.strerror or error}."
        raise DiskError(msg) from error
    problems: list[Problem] = []
    tables: dict[str, RawTable] = {}
    companions: dict[tuple[str, str], RawTable] = {}
    for entry in entries:
        if entry.suffix.lower() != ".csv" or entry.name.startswith("."):
            problems += _other_file(entry)
            continue
        pair = companion_name(entry.stem)
        if entry.suffix != ".csv" or (entry.stem not in SCHEMAS and pair is None):
            problems.append(unknown_table(entry.stem, entry.name, extension=entry.suffix))
            continue
        table, found = read_csv(entry)
        problems += found
        if table is not None and pair is not None:
            companions[pair] = table
        elif table is not None:
            tables[table.name] = table
    settings, places, found = _read_settings(folder / SETTINGS_FILE)
    return RawCase(
        name=folder.resolve().name or "case",
        path=str(folder),
        settings=settings,
        settings_places=places,
        tables=tables,
        companions=companions,
        notes=(*problems, *found),
    )


def read_csv(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """Read one CSV file.

    Returns
    -------
    tuple
        The table, None where the file has no usable structure, and the problems.
    """
    text, problems = read_text(path, largest=LARGEST_FILE)
    if text is None:
        return None, problems
    records, found = split_records(text, path.name)
    problems += found
    if records is None:
        return None, problems
    table, found = _table(records, path.stem, path.name)
    return table, problems + found


def read_text(path: Path, *, largest: int) -> tuple[str | None, list[Problem]]:
    """Read a file as UTF-8 text with plain line ends, refusing what cannot be a table.

    Parameters
    ----------
    path
        The file.
    largest
        Size above which the file is not read. [byte]
    """
    place = Place(path.name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, [_unreadable(place, "it is not an ordinary file")]
        if status.st_size > largest:
            return None, [_too_large(place, status.st_size, largest)]
        content = path.read_bytes()
    except OSError as error:
        return None, [_unreadable(place, error.strerror or str(error))]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return None, [_not_text(Place(path.name, row), f"byte 0x{content[error.start]:02x}")]
    problems = []
    if text.startswith("\ufeff"):
        text = text[1:]
        problems.append(_told(place, "the file starts with a byte order mark"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    strange = CONTROL.search(text)
    if strange is not None:
        row = text.count("\n", 0, strange.start()) + 1
        problems.append(_not_text(Place(path.name, row), f"character {strange.group()!r}"))
        return None, problems
    return text, problems


def split_records(text: str, file: str) -> tuple[Records | None, list[Problem]]:
    r"""Cut a text into records and cells, separated by commas or, told, by semicolons.

    Examples
    --------
    >>> split_records("id,name\na,x\n\nb,y\n", "sites.csv")[0].numbers
    (1, 2, 4)
    """
    separator = ";" if _has_semicolons(text) else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    cells: list[tuple[str, ...]] = []
    numbers: list[int] = []
    number = 0
    try:
        for number, record in enumerate(reader, start=1):  # noqa: B007 - the last one is told
            if any(cell.strip() for cell in record):
                cells.append(tuple(record))
                numbers.append(number)
    except csv.Error as error:
        return None, [_cut_wrongly(Place(file, number + 1), str(error))]
    if not cells:
        return None, [_no_header(Place(file), "the file is empty")]
    problems = []
    if separator == ";":
        problems.append(_told(Place(file), "the cells are separated by ';'"))
    return Records(tuple(cells), tuple(numbers), separator == ";"), problems


def _has_semicolons(text: str) -> bool:
    """Tell whether the header can only be meant with ';': no column name holds one."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return ";" in first and "," not in first


def _table(records: Records, name: str, file: str) -> tuple[RawTable | None, list[Problem]]:
    pair = companion_name(name)
    schema = SCHEMAS[name] if pair is None else None
    header = tuple(cell.strip() for cell in records.cells[0])
    problems = check_header(header, schema, Place(file, records.numbers[0]))
    usable = not any(problem.code == "T105" for problem in problems)
    if not usable:
        return None, problems
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for cells, number in zip(records.cells[1:], records.numbers[1:], strict=True):
        if len(cells) == len(header):
            rows.append(cells)
            numbers.append(number)
        elif len(problems) < CELLS_NOT_READ_AT_MOST:
            problems.append(_wrong_length(Place(file, number), len(cells), len(header)))
    decimal_comma = records.semicolons and _has_decimal_comma(header, rows, schema)
    if decimal_comma:
        problems.append(_told(Place(file), "numbers are written with a decimal comma"))
    return RawTable(name, file, header, tuple(rows), tuple(numbers), decimal_comma), problems


def _has_decimal_comma(
    header: tuple[str, ...], rows: list[tuple[str, ...]], schema: TableSchema | None
) -> bool:
    numeric = []
    for index, name in enumerate(header):
        column = schema.column(name) if schema is not None else None
        if schema is None or (column is not None and column.numeric):
            numeric.append(index)
    return any(
        COMMA_NUMBER.fullmatch(part)
        for row in rows
        for index in numeric
        for part in row[index].split(";")
    )


def _read_settings(path: Path) -> tuple[dict[str, object], dict[str, int], list[Problem]]:
    if not path.is_symlink() and not path.exists():
        problem = Problem(
            "T302",
            Place(SETTINGS_FILE),
            "the file is missing",
            "Every case has one; it states format, periods, currency, price_year and "
            "discount_rate.",
        )
        return {}, {}, [problem]
    text, problems = read_text(path, largest=LARGEST_SETTINGS)
    if text is None:
        return {}, {}, problems
    settings, places, found = parse_yaml(text)
    return settings, places, problems + found


def _other_file(entry: Path) -> list[Problem]:
    if entry.name == SETTINGS_FILE or entry.suffix.lower() not in NOT_READ:
        return []
    near = nearest(entry.name, [SETTINGS_FILE, *(f"{name}.csv" for name in SCHEMAS)])
    start = f"Did you mean '{near}'? " if near is not None else ""
    return [
        Problem(
            "T102",
            Place(entry.name),
            "the file is not read",
            f"{start}A case is read from {SETTINGS_FILE} and .csv files alone.",
            Severity.WARNING,
        )
    ]


def _told(place: Place, what: str) -> Problem:
    return Problem("T109", place, what, "It was read so; nothing has to be done.", Severity.NOTE)


def _unreadable(place: Place, why: str) -> Problem:
    return Problem(
        "T101",
        place,
        f"the file cannot be read: {why}",
        "Make it an ordinary file that you may read, or take it out of the folder.",
    )


def _too_large(place: Place, size: int, largest: int) -> Problem:
    return Problem(
        "T108",
        place,
        f"the file has {size / 1e6:.0f} MB",
        f"Files above {largest / 1e6:.0f} MB are not read; no case needs them.",
    )


def _not_text(place: Place, what: str) -> Problem:
    return Problem(
        "T103",
        place,
        f"{what} is not text in UTF-8",
        "Save the file as UTF-8; in Excel: 'CSV UTF-8 (Comma delimited)'.",
    )


def _no_header(place: Place, why: str) -> Problem:
    return Problem(
        "T105",
        place,
        why,
        "The first row names the columns; a table without rows has that row alone.",
    )


def _cut_wrongly(place: Place, why: str) -> Problem:
    if "limit" in why:
        return Problem(
            "T108", place, f"a cell is too long: {why}", "Close the quote, or shorten the text."
        )
    return Problem(
        "T107",
        place,
        f"the row cannot be cut into cells: {why}",
        "Close every quote that opens a cell, and double the quotes inside it.",
    )


def _wrong_length(place: Place, found: int, expected: int) -> Problem:
    more = found > expected
    return Problem(
        "T107",
        place,
        f"the row has {found} cells, the header {expected}",
        "Put a cell that holds the separator in quotes."
        if more
        else "Write the separators of empty cells too, so that no value slips into another column.",
    )
