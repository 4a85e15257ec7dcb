"""What a case looks like as it was read: cells without types, with their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from coercivity.foundation.problems import Place, Problem

Cell = str | float | int | bool | dt.date | None
"""Content of one cell: CSV gives text only, Excel gives typed cells."""

SETTINGS_FILE = "case.yaml"
SETTINGS_SHEET = "case"


@dataclass(frozen=True, slots=True)
class RawTable:
    """One file or sheet, cell by cell.

    Examples
    --------
    >>> raw = RawTable("sites", "sites.csv", ("id",), (("a",), ("b",)), (2, 3))
    >>> str(raw.place(1, "id"))
    "sites.csv, row 3, column 'id'"
    """

    name: str
    """Name of the table, or ``table-column`` of a companion."""
    file: str
    """File or sheet as the user knows it."""
    header: tuple[str, ...]
    """Column names, in their order."""
    rows: tuple[tuple[Cell, ...], ...]
    """Rows that hold anything, each as long as the header."""
    row_numbers: tuple[int, ...]
    """Row of each in the file, the header counting as row 1."""
    decimal_comma: bool = False
    """Whether numbers in text are written with a comma."""

    def place(self, row: int, column: str | None = None) -> Place:
        """Give the place of a row by its index."""
        return Place(self.file, self.row_numbers[row], column)


@dataclass(frozen=True, slots=True)
class RawCase:
    """A whole case as it was read."""

    name: str
    """Name of the folder or workbook."""
    path: str
    """Where it was read, for messages and imports."""
    settings: Mapping[str, object]
    """Keys and values of ``case.yaml`` or of the sheet ``case``."""
    settings_file: str = SETTINGS_FILE
    """Name of the file or sheet of the settings."""
    settings_places: Mapping[str, int] = field(default_factory=dict)
    """Row of each key."""
    tables: Mapping[str, RawTable] = field(default_factory=dict)
    """Tables by name."""
    companions: Mapping[tuple[str, str], RawTable] = field(default_factory=dict)
    """Companion tables by table and column."""
    notes: tuple[Problem, ...] = ()
    """Everything met while reading: errors, warnings and notes."""
