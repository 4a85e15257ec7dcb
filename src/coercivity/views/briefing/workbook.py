"""The briefing as a workbook: a sheet a table, units in the second row, text never a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coercivity.views.briefing.nouns import Briefing, Listing, numbered_charts
from coercivity.views.briefing.words import number_of, plain
from coercivity.views.plan_words import TextTable

LONGEST_TEXT = 32_767
LONGEST_NAME = 31
LONGEST_HEADER = 200
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FRONT = "briefing"
LARGEST = 1e307
"""Beyond this a cell of Excel holds no number."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on its way to a sheet."""

    name: str
    title: str
    columns: tuple[str, ...]
    units: tuple[str, ...]
    """One a column, in brackets."""
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook while it is written, with its formats."""

    file: xlsxwriter.Workbook
    bold: Format
    grey: Format
    text: Format
    banner: str

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet that carries the banner on paper."""
        sheet = self.file.add_worksheet(name)
        if self.banner:
            marked = self.banner[:LONGEST_HEADER].replace("&", "&&")
            sheet.set_header(f"&C&B{_apart(marked)}")
            sheet.set_footer(f"&C&B{_apart(marked)}")
        return sheet


def _apart(text: str) -> str:
    """Keep a number at the start from being read as a size of letters."""
    return f" {text}" if text[:1].isdigit() else text


def workbook(briefing: Briefing) -> bytes:
    """Write a briefing as an ``.xlsx`` workbook, the same bytes each time.

    The first sheet has the answer and lists the others; each other sheet is a table with column
    names in its first row, units in its second, and numbers with all their digits where the run
    has them.
    """
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    file = xlsxwriter.Workbook(held, options)
    stamp = datetime.fromisoformat(briefing.finished).replace(tzinfo=None)
    file.set_properties({"title": plain(briefing.title), "created": stamp})
    book = _Book(
        file,
        file.add_format({"bold": True}),
        file.add_format({"italic": True, "font_color": "#606060"}),
        file.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        plain(briefing.banner),
    )
    sheets = list(sheets_of(briefing))
    _write_front(book, briefing, sheets)
    for sheet in sheets:
        _write_sheet(book, sheet)
    file.close()
    return held.getvalue()


def sheets_of(briefing: Briefing) -> Iterator[Sheet]:
    """Give every table of a briefing: data of the figures, then what stands beside them."""
    for number, _, chart in numbered_charts(briefing):
        yield _frame_sheet(f"figure {number} {chart.name}", chart.title, chart.table, chart.units)
    listings = [one for section in briefing.sections for one in section.listings]
    for number, listing in enumerate(listings, start=1):
        yield _listing_sheet(f"table {number}", listing)


def _listing_sheet(name: str, listing: Listing) -> Sheet:
    title = listing.text.title
    if listing.frame is not None:
        return _frame_sheet(name, title, listing.frame, listing.units)
    return _text_sheet(name, listing.text)


def _frame_sheet(name: str, title: str, frame: pd.DataFrame, units: Mapping[str, str]) -> Sheet:
    columns = tuple(str(column) for column in frame.columns)
    kinds = ["number" if pd.api.types.is_numeric_dtype(kind) else "text" for kind in frame.dtypes]
    shown = tuple(f"[{units.get(c, kind)}]" for c, kind in zip(columns, kinds, strict=True))
    return Sheet(_named(name), title, columns, shown, frame.astype(object).to_numpy().tolist())


def _text_sheet(name: str, table: TextTable) -> Sheet:
    """Turn a table of texts into one of numbers where it has such."""
    rows = [
        [
            cell if not is_number or (value := number_of(cell)) is None else value
            for (_, is_number), cell in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    units = []
    for place, (_, is_number) in enumerate(table.columns):
        cells = [row[place] for row in table.rows if row[place]]
        shares = bool(cells) and all(cell.endswith("%") for cell in cells)
        units.append(
            "[fraction]" if is_number and shares else "[number]" if is_number else "[text]"
        )
    columns = tuple(heading for heading, _ in table.columns)
    return Sheet(_named(name), table.title, columns, tuple(units), rows)


def _named(name: str) -> str:
    return plain(name, LONGEST_NAME).translate(FORBIDDEN_IN_NAMES).strip()[:LONGEST_NAME]


def _write_front(book: _Book, briefing: Briefing, sheets: Sequence[Sheet]) -> None:
    sheet = book.sheet(FRONT)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    lines: list[tuple[str, str]] = [("banner", briefing.banner)] if briefing.banner else []
    lines += [("title", briefing.title), ("case", briefing.subtitle)]
    lines += [("answer", sentence) for sentence in briefing.answer]
    lines.append(("how sure", briefing.certainty))
    if briefing.redacted:
        lines.append(("left out", "Inputs are left out of this copy."))
    for section in briefing.sections:
        lines += [(section.title, paragraph) for paragraph in section.paragraphs]
    for _, _, chart in numbered_charts(briefing):
        lines += [(f"note on {chart.name}", note) for note in chart.notes]
    lines.append(("sheets", "Row 1 names the columns, row 2 their units in brackets; data follow."))
    lines += [(one.name, one.title) for one in sheets]
    for row, (what, said) in enumerate(line for line in lines if line[1]):
        _put(sheet, (row, 0), what, book.bold)
        _put(sheet, (row, 1), said, book.text)


def _write_sheet(book: _Book, table: Sheet) -> None:
    sheet = book.sheet(table.name)
    sheet.freeze_panes(2, 1)
    for place, (column, unit) in enumerate(zip(table.columns, table.units, strict=True)):
        _put(sheet, (0, place), column, book.bold)
        _put(sheet, (1, place), unit, book.grey)
        longest = max((len(str(row[place])) for row in table.rows[:200]), default=0)
        sheet.set_column(place, place, min(max(len(column), len(unit), longest, 8), 50) + 2)
    for number, row in enumerate(table.rows, start=2):
        for place, value in enumerate(row):
            _put_value(sheet, (number, place), value)


def _put_value(sheet: Worksheet, at: tuple[int, int], value: object) -> None:
    if value is None or value is pd.NA:
        return
    if isinstance(value, bool):
        _put(sheet, at, "yes" if value else "no")
    elif isinstance(value, int | float):
        if math.isnan(value):
            return
        if abs(value) < LARGEST:
            sheet.write_number(*at, value)
        else:
            _put(sheet, at, "unlimited")
    else:
        _put(sheet, at, str(value))


def _put(sheet: Worksheet, at: tuple[int, int], text: str, layout: Format | None = None) -> None:
    """Write a text as text, whatever it begins with."""
    sheet.write_string(*at, plain(text, LONGEST_TEXT), layout)
