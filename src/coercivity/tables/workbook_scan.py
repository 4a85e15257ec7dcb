"""A look into a workbook before it is read: what is refused, and which cells are formulas."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET  # noqa: S405 - document types are refused before parsing

LARGEST_WORKBOOK = 200_000_000
LARGEST_CONTENT = 1_000_000_000
MEMBERS_AT_MOST = 10_000
CELLS_AT_MOST = 20_000_000
CHUNK = 1 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class WorkbookRefused(ValueError):  # noqa: N818 - it says what happened
    """A workbook that is not opened: what it is, and what to do instead."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(what)
        self.what = what
        self.instead = instead


@dataclass(slots=True)
class SheetScan:
    """What the XML of one sheet tells that its values do not."""

    formulas: int = 0
    """Number of formulas with a stored value."""
    without_value: list[tuple[int, int]] = field(default_factory=list)
    """Row and column of formulas without one, counted from 1 and 0."""
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    """Row, column and text of cells that hold an error such as #REF!."""
    last_row: int = 0
    last_column: int = 0


def scan_workbook(path: Path) -> dict[str, SheetScan]:
    """Look into a workbook, refusing what must not be opened.

    Parameters
    ----------
    path
        An ``.xlsx`` file.

    Returns
    -------
    dict
        What was seen, by sheet.

    Raises
    ------
    WorkbookRefused
        If it is encrypted, holds macros or links to others, or is no workbook.
    """
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            _refuse(
                "the workbook is encrypted or in the old .xls form", "Save it as a plain .xlsx."
            )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
            return {name: _scan_sheet(archive, part) for name, part in _sheets(archive)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise WorkbookRefused(*_not_a_workbook(str(error))) from error
    except (ET.ParseError, KeyError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, WorkbookRefused):
            raise
        raise WorkbookRefused(*_not_a_workbook(str(error))) from error


def _not_a_workbook(why: str) -> tuple[str, str]:
    return f"the file is not an .xlsx workbook ({why})", "Save it again from Excel as .xlsx."


def _refuse(what: str, instead: str) -> None:
    raise WorkbookRefused(what, instead)


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MEMBERS_AT_MOST or sum(m.file_size for m in members) > LARGEST_CONTENT:
        _refuse(
            f"the workbook unpacks to more than {LARGEST_CONTENT / 1e6:.0f} MB",
            "No case needs that much; copy its cells into a new workbook.",
        )
    for member in members:
        name = member.filename.lower()
        if member.flag_bits & 1:
            _refuse("the workbook is encrypted", "Save it without a password.")
        if "vbaproject" in name or "macrosheets" in name:
            _refuse("the workbook holds macros", "Save it as .xlsx, which drops them.")
        if "externallinks/" in name:
            _refuse(
                "the workbook links to other workbooks",
                "Break the links (Data, Edit Links): a case holds all its values itself.",
            )
        with archive.open(member) as stream:
            _check_content(stream)


def _check_content(stream: object) -> None:
    """Unpack a member once, in pieces: its checksum and true size are checked on the way."""
    tail = b""
    while piece := stream.read(CHUNK):  # type: ignore[attr-defined]
        if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
            _refuse("the workbook declares XML entities", "Save it again from Excel as .xlsx.")
        tail = piece[-16:]


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Go through the sheets: name and path of the part that holds each."""
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {r.get("Id"): r.get("Target") or "" for r in relations}
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in (element for element in book.iter() if _tag(element) == "sheet"):
        target = targets[sheet.get(RELATION)]
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield sheet.get("name") or "", part


def _scan_sheet(archive: zipfile.ZipFile, part: str) -> SheetScan:
    scan = SheetScan()
    row, column = 0, -1
    with archive.open(part) as stream:
        for event, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314
            tag = _tag(element)
            if event == "start" and tag == "row":
                row, column = int(element.get("r") or row + 1), -1
            elif event == "end" and tag == "c":
                row, column = _address(element.get("r"), row, column + 1)
                _scan_cell(scan, element, row, column)
                element.clear()
            elif event == "end" and tag == "row":
                element.clear()
    return scan


def _scan_cell(scan: SheetScan, cell: ET.Element, row: int, column: int) -> None:
    scan.last_row, scan.last_column = max(scan.last_row, row), max(scan.last_column, column)
    if scan.last_row * (scan.last_column + 1) > CELLS_AT_MOST:
        _refuse(
            f"a sheet spans {scan.last_row} rows and {scan.last_column + 1} columns",
            "Delete the cells far below or to the right of the table.",
        )
    parts = {_tag(part): part for part in cell}
    kind, value = cell.get("t"), parts.get("v")
    text = value.text if value is not None else None
    if kind == "e":
        scan.errors.append((row, column, text or "an error"))
    elif "f" in parts:
        if text or (kind == "str" and value is not None):
            scan.formulas += 1
        else:
            scan.without_value.append((row, column))


def _address(address: str | None, row: int, column: int) -> tuple[int, int]:
    found = ADDRESS.fullmatch(address or "")
    if found is None:
        return row, column
    index = 0
    for letter in found.group(1):
        index = index * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), index - 1


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
