"""Names of tables, files and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import Place, Problem, quoted
from coercivity.tables.columns import COMMON_COLUMNS, Column, Kind, TableSchema
from coercivity.tables.schemas import SCHEMAS

VARIES = frozenset({Kind.NUMBER, Kind.INTEGER})


def varying_column(table: str, column: str) -> Column | None:
    """Find a column that a companion may let vary by year.

    Examples
    --------
    >>> varying_column("assets", "availability").unit
    'fraction'
    >>> varying_column("assets", "status") is None
    True
    """
    schema = SCHEMAS.get(table)
    found = None if schema is None else schema.column(column)
    return found if found is not None and found.kind in VARIES else None


def companion_name(stem: str) -> tuple[str, str] | None:
    """Split ``table-column``; None where it names no column that may vary by year.

    Examples
    --------
    >>> companion_name("assets-availability"), companion_name("assets")
    (('assets', 'availability'), None)
    """
    table, sign, column = stem.partition("-")
    if not sign or varying_column(table, column) is None:
        return None
    return table, column


def unknown_table(name: str, file: str, *, extension: str = "") -> Problem:
    """Say that a file or sheet belongs to no table, with the nearest name."""
    place = Place(file)
    table, sign, column = name.partition("-")
    if extension not in {"", ".csv"} and (name in SCHEMAS or companion_name(name) is not None):
        what = f"the file ends with {quoted(extension)}"
        return Problem("T102", place, what, f"Name it {name}.csv.")
    if sign and table in SCHEMAS:
        numbers = [c.name for c in SCHEMAS[table].columns if c.kind in VARIES]
        near = nearest(column, numbers)
        start = f"Did you mean '{table}-{near}'? " if near is not None else ""
        listed = ", ".join(numbers) or "none"
        return Problem(
            "T102",
            place,
            f"{quoted(column)} is not a number of {table} that may vary by year",
            f"{start}Numbers of {table}: {listed}.",
        )
    near = nearest(name, SCHEMAS)
    start = f"Did you mean '{near}'? " if near is not None else ""
    return Problem(
        "T102",
        place,
        f"there is no table {quoted(name)}",
        f"{start}`coercivity schema` lists the tables; take other files out of the case.",
    )


def check_header(header: Sequence[str], schema: TableSchema | None, place: Place) -> list[Problem]:
    """Check the column names of a table; ``schema`` is None for a companion."""
    problems = []
    for name, count in Counter(header).items():
        if not name:
            problems.append(
                Problem(
                    "T105",
                    place,
                    "a column of the header has no name",
                    "Name it, or take the column out.",
                )
            )
        elif count > 1:
            problems.append(
                Problem(
                    "T105",
                    Place(place.file, place.row, name),
                    f"the header names {quoted(name)} {count} times",
                    "Keep one of the columns.",
                )
            )
    if schema is None:
        return problems + _check_companion_header(header, place)
    known = [name for name in header if schema.column(name) is not None]
    if not known and not problems:
        return [_missing_header(header, schema, place)]
    unknown = [name for name in dict.fromkeys(header) if name and schema.column(name) is None]
    return problems + [_unknown_column(name, schema, place) for name in unknown]


def _check_companion_header(header: Sequence[str], place: Place) -> list[Problem]:
    if header[0] == "year":
        return []
    return [
        Problem(
            "T105",
            place,
            f"the first column is {quoted(header[0])}",
            "The first column of a companion is 'year'; the others are ids.",
        )
    ]


def _missing_header(header: Sequence[str], schema: TableSchema, place: Place) -> Problem:
    return Problem(
        "T105",
        place,
        f"the first row names no column of {schema.name}: {quoted(', '.join(header))}",
        f"The first row names the columns: {', '.join(schema.column_names)}.",
    )


def _unknown_column(name: str, schema: TableSchema, place: Place) -> Problem:
    near = nearest(name, (*schema.column_names, *COMMON_COLUMNS))
    start = f"Did you mean '{near}'? " if near is not None else ""
    return Problem(
        "T106",
        Place(place.file, place.row, name),
        f"{quoted(name)} is not a column of {schema.name}",
        f"{start}Columns: {', '.join(schema.column_names)}.",
    )
