"""Workbooks made by others: what Excel does to cells is told or refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
import xlsxwriter

from coercivity.foundation.problems import Problem, Severity
from coercivity.tables import CaseTables, read_case, read_tables
from coercivity.tables.excel_writer import write_excel

WriteCase = Callable[..., Path]
Sheets = dict[str, list[list[object]]]

CASE: Sheets = {
    "case": [
        ["key", "value"],
        ["format", 1],
        ["currency", "USD"],
        ["price_year", 2025],
        ["periods", "2025;2026;2028"],
        ["discount_rate", 0.07],
    ],
    "countries": [["id", "group"], ["USA", "domestic"]],
    "sites": [["id", "country"], ["hill", "USA"]],
    "materials": [["id", "tradable"], ["ore", True]],
}


class Formula(str):
    """A formula with the value that Excel would have stored."""

    value: object = None


def formula(text: str, value: object) -> Formula:
    made = Formula(text)
    made.value = value
    return made


def workbook(path: Path, changed: Sheets) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in {**CASE, **changed}.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, Formula):
                    sheet.write_formula(row, column, cell, None, cell.value)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, cell, day)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path


def told(path: Path, code: str) -> list[Problem]:
    return [problem for problem in read_tables(path)[1] if problem.code == code]


def test_a_workbook_without_units_row(tmp_path: Path) -> None:
    case = read_case(workbook(tmp_path / "c.xlsx", {}))
    assert case.name == "c"
    assert case.settings.periods == (2025, 2026, 2028)
    assert case["materials"].row(0)["tradable"] is True
    assert str(case["sites"].row(0).place("id")) == "sheet 'sites', row 2, column 'id'"


def test_rows_are_counted_as_excel_does(tmp_path: Path) -> None:
    sites: list[list[object]] = [
        ["id", "country"],
        ["[id]", "[id listed elsewhere]"],
        [],
        ["x", "UAS"],
    ]
    (problem,) = told(workbook(tmp_path / "c.xlsx", {"sites": sites}), "T201")
    assert str(problem.place) == "sheet 'sites', row 4, column 'country'"


def test_another_unit_is_refused(tmp_path: Path) -> None:
    sites: list[list[object]] = [
        ["id", "country", "lat"],
        ["[id]", "", "[radian]"],
        ["hill", "USA", 1],
    ]
    (problem,) = told(workbook(tmp_path / "c.xlsx", {"sites": sites}), "T115")
    assert problem.place.column == "lat"
    assert "[degree]" in problem.instead


def test_ids_that_are_numbers_are_read_as_text_and_told(tmp_path: Path) -> None:
    sites: list[list[object]] = [["id", "country"], [12, "USA"], [13, "USA"]]
    path = workbook(tmp_path / "c.xlsx", {"sites": sites})
    assert read_case(path)["sites"].ids() == ("12", "13")
    (note,) = told(path, "T113")
    assert note.severity is Severity.NOTE
    assert "2 ids are" in note.what


@pytest.mark.parametrize("cell", [1.5, True, dt.date(2026, 3, 1)])
def test_ids_that_excel_has_turned_are_refused(cell: object, tmp_path: Path) -> None:
    sites: list[list[object]] = [["id", "country"], [cell, "USA"]]
    (problem,) = told(workbook(tmp_path / "c.xlsx", {"sites": sites}), "T113")
    assert problem.severity is Severity.ERROR
    assert problem.place.row == 2


def test_dates_of_excel_are_dates(tmp_path: Path) -> None:
    exceptions: list[list[object]] = [
        ["class", "from_date", "to_date"],
        ["any", dt.date(2026, 1, 31), "2027-01-31"],
    ]
    classes: list[list[object]] = [["id", "order"], ["any", 1]]
    sheets = {"origin_exceptions": exceptions, "origin_classes": classes}
    row = read_case(workbook(tmp_path / "c.xlsx", sheets))["origin_exceptions"].row(0)
    assert (row["from_date"], row["to_date"]) == (dt.date(2026, 1, 31), dt.date(2027, 1, 31))


def test_stored_values_of_formulas_are_used_and_counted(tmp_path: Path) -> None:
    sites: list[list[object]] = [
        ["id", "country", "lat"],
        ["hill", "USA", formula("=20+15", 35)],
        [formula('="va"&"le"', "vale"), "USA", 1],
    ]
    path = workbook(tmp_path / "c.xlsx", {"sites": sites})
    case = read_case(path)
    assert case["sites"].ids() == ("hill", "vale")
    assert case["sites"].row(0)["lat"] == 35.0
    (note,) = told(path, "T112")
    assert note.severity is Severity.NOTE
    assert "2 formulas" in note.what


def test_a_formula_without_stored_value_is_refused(tmp_path: Path) -> None:
    sites: list[list[object]] = [["id", "country", "lat"], ["hill", "USA", formula("=1+1", "")]]
    path = workbook(tmp_path / "c.xlsx", {"sites": sites})
    (problem,) = told(rewritten(path, b' t="str"', b""), "T111")
    assert str(problem.place) == "sheet 'sites', row 2, column 'C'"


def test_a_cell_with_an_error_is_refused(tmp_path: Path) -> None:
    sites: list[list[object]] = [
        ["id", "country", "lat"],
        ["hill", "USA", formula("=1/0", "#DIV/0!")],
    ]
    (problem,) = told(workbook(tmp_path / "c.xlsx", {"sites": sites}), "T111")
    assert "#DIV/0!" in problem.what


def test_a_cell_beside_the_table_is_told(tmp_path: Path) -> None:
    sites: list[list[object]] = [["id", "country"], ["hill", "USA", None, "look"]]
    (problem,) = told(workbook(tmp_path / "c.xlsx", {"sites": sites}), "T107")
    assert problem.place.row == 2


def test_unknown_sheets_are_told_and_empty_ones_are_not(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", {"Sheet1": [], "asets": [["id"]]})
    (problem,) = told(path, "T102")
    assert "'assets'" in problem.instead


def test_a_key_twice_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", {"case": [*CASE["case"], ["format", 1]]})
    (problem,) = told(path, "T304")
    assert str(problem.place) == "sheet 'case', row 7, column 'format'"


def test_no_settings_sheet(write_small: WriteCase, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "c.xlsx"))
    book.add_worksheet("sites").write(0, 0, "id")
    book.close()
    assert any("missing" in p.what for p in told(tmp_path / "c.xlsx", "T302"))


# Workbooks that are not opened


def rewritten(path: Path, old: bytes, new: bytes) -> Path:
    """Replace bytes in every part of a workbook."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name).replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def refused(path: Path) -> Problem:
    case, problems = read_tables(path)
    assert case is None
    return next(problem for problem in problems if problem.code == "T110")


def small_book(write_small: WriteCase, tmp_path: Path) -> tuple[CaseTables, Path]:
    case = read_case(write_small())
    return case, write_excel(case, tmp_path / "case.xlsx")


def test_macros_links_and_entities_are_refused(write_small: WriteCase, tmp_path: Path) -> None:
    case, path = small_book(write_small, tmp_path)
    parts = {
        "xl/vbaProject.bin": (b"x", "macros"),
        "xl/externalLinks/externalLink1.xml": (b"<a/>", "links to other"),
        "xl/media/x.xml": (b"<!DOCTYPE a [<!ENTITY b 'c'>]>", "entities"),
    }
    for name, (content, what) in parts.items():
        assert what in refused(with_part(path, name, content)).what
        write_excel(case, path)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"hello", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
)
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_bytes(content)
    assert refused(path).place.file == "c.xlsx"


def test_a_bomb_is_refused(
    write_small: WriteCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = small_book(write_small, tmp_path)
    monkeypatch.setattr("coercivity.tables.workbook_scan.LARGEST_CONTENT", 1_000_000)
    with_part(path, "xl/media/zeros.bin", b"\0" * 2_000_000)
    assert "unpacks to more than" in refused(path).what


def test_a_cell_at_the_far_end_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", {})
    rewritten(path, b'r="B2"', b'r="XFD1048576"')
    assert "1048576 rows and 16384 columns" in refused(path).what


def test_a_damaged_workbook_is_refused(write_small: WriteCase, tmp_path: Path) -> None:
    _, path = small_book(write_small, tmp_path)
    content = bytearray(path.read_bytes())
    for start in range(0, len(content), 97):
        broken = bytearray(content)
        broken[start] ^= 0xFF
        path.write_bytes(broken)
        _, problems = read_tables(path)
        assert all(isinstance(problem, Problem) for problem in problems)


def test_cut_workbooks_are_refused(write_small: WriteCase, tmp_path: Path) -> None:
    _, path = small_book(write_small, tmp_path)
    content = path.read_bytes()
    for length in range(0, len(content), len(content) // 20):
        path.write_bytes(content[:length])
        assert refused(path).severity is Severity.ERROR


def test_every_part_may_be_missing(write_small: WriteCase, tmp_path: Path) -> None:
    _, path = small_book(write_small, tmp_path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for missing in parts:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                if name != missing:
                    archive.writestr(name, content)
        case, problems = read_tables(path)
        assert case is not None or problems
        assert cast("object", problems) is not None
