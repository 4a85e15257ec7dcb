"""Budgets and other limits as levers of the plan: rows of the table ``limits``, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coercivity.interfaces.workbench import case_files
from coercivity.interfaces.workbench.editing import Record, Sheet
from coercivity.interfaces.workbench.screens.data import read_sheet
from coercivity.interfaces.workbench.settings_text import setting_texts
from coercivity.interfaces.workbench.workspace import Project
from coercivity.tables.csv_reader import LARGEST_SETTINGS, read_text
from coercivity.tables.raw import SETTINGS_FILE

TABLE = "limits"
MOST = 12
"""Limits that are offered; the rest is on the screen Data."""
COUNTED: Mapping[str, str] = {
    "capital": "million {currency} a year",
    "starts": "starts a year",
    "exports": "t a year",
    "imports": "t a year",
    "emissions": "t a year",
}
"""Unit of the amount, by what is counted."""


@dataclass(frozen=True, slots=True)
class LimitLever:
    """A row of the limits on the plan screen."""

    row: int
    name: str
    words: str
    """What it bounds, for people."""
    unit: str
    amount: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LimitLevers:
    """The limits of a case."""

    digest: str
    """Digest of the file as it is shown."""
    lines: tuple[LimitLever, ...]
    left: int
    """Rows that are not offered."""


def limit_levers(project: Project) -> LimitLevers:
    """Offer the limits of a project.

    Parameters
    ----------
    project
        The project.
    """
    sheet, content = read_sheet(project, TABLE)
    text, _ = read_text(project.folder / SETTINGS_FILE, largest=LARGEST_SETTINGS)
    currency = setting_texts(text or "").get("currency", "")
    lines = tuple(_lever(sheet, one, currency) for one in sheet.records[:MOST])
    digest = case_files.content_digest(content)
    return LimitLevers(digest, lines, max(0, len(sheet.records) - MOST))


def _lever(sheet: Sheet, record: Record, currency: str) -> LimitLever:
    cells = sheet.row(record)
    kind = cells.get("kind", "")
    return LimitLever(
        record.number,
        cells.get("id", ""),
        limit_words(cells),
        COUNTED.get(kind, "").format(currency=currency),
        cells.get("amount", ""),
        cells,
    )


def limit_words(cells: Mapping[str, str]) -> str:
    """Say what a limit bounds.

    Parameters
    ----------
    cells
        Its cells by column.

    Examples
    --------
    >>> limit_words({"kind": "capital", "scope": "country", "target": "USA", "year": "2027"})
    'capital in USA, from 2027'
    >>> limit_words({"kind": "capital", "scope": "public"}), limit_words({"kind": "starts"})
    ('public capital', 'starts altogether')
    """
    kind, scope, target = (cells.get(name, "").strip() for name in ("kind", "scope", "target"))
    place = {"public": "public ", "private": "private "}.get(scope, "")
    where = {
        "country": f" in {target}",
        "project": f" of {target}",
        "": " altogether",
        "all": " altogether",
    }
    words = f"{place}{kind}{where.get(scope, '')}"
    material, year = cells.get("material", "").strip(), cells.get("year", "").strip()
    return words + (f", {material}" if material else "") + (f", from {year}" if year else "")
