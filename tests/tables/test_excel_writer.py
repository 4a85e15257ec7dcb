"""A workbook people can fill in: units in the second row, text never a formula."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.tables import read_case
from coercivity.tables.excel_reader import read_workbook
from coercivity.tables.excel_writer import excel_template, write_excel
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.typed import Companion

WriteCase = Callable[..., Path]


def grid(path: Path, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_path(str(path))
    return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def test_sheets_and_units(write_small: WriteCase, tmp_path: Path) -> None:
    path = write_excel(read_case(write_small()), tmp_path / "case.xlsx")
    names = CalamineWorkbook.from_path(str(path)).sheet_names
    assert names[:3] == ["README", "case", "stages"]
    assert names[-1] == "assets-availability"
    assets = grid(path, "assets")
    assert assets[0] == ["id", "site", "process", "nameplate_capacity", "variable_cost"]
    assert assets[1][0] == "[id]"
    assert assets[1][3:] == ["[t/year]", "[case money/t]"]
    assert assets[2] == ["mill", "hill", "smelt", 1000.0, 12.5]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_text_is_never_a_formula(text: str, write_small: WriteCase, tmp_path: Path) -> None:
    case = read_case(write_small({"segments.csv": f"id,note\ndefence,{text}\n"}))
    path = write_excel(case, tmp_path / "case.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)
    assert read_case(path)["segments"].row(0)["note"] == text


def test_a_text_too_long_for_a_cell_is_told(write_small: WriteCase, tmp_path: Path) -> None:
    case = read_case(write_small({"segments.csv": f"id,note\ndefence,{'x' * 40_000}\n"}))
    with pytest.raises(UsageError, match="32767"):
        write_excel(case, tmp_path / "case.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_folder_that_is_not_there_is_told(write_small: WriteCase, tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="cannot be written"):
        write_excel(read_case(write_small()), tmp_path / "nowhere" / "case.xlsx")


def test_a_name_too_long_for_a_sheet_is_kept_on_the_first_one(
    write_small: WriteCase, tmp_path: Path
) -> None:
    folder = write_small(
        {"suppliers-attack_cost_high.csv": None, "price_models.csv": "material,level\nbar,5\n"}
    )
    case = read_case(folder)
    long = Companion("price_models", "rate_to_second_high", "f", (2025,), {"bar": (0.5,)})
    case.companions["price_models", "rate_to_second_high"] = long  # type: ignore[index]
    path = write_excel(case, tmp_path / "case.xlsx")
    assert (
        "price_models-rate_to_second_high" not in CalamineWorkbook.from_path(str(path)).sheet_names
    )
    assert read_workbook(path).companions.keys() == case.companions.keys()
    assert read_case(path).content() == case.content()


def test_a_template_has_every_column_and_reads_as_an_empty_case(tmp_path: Path) -> None:
    path = excel_template(tmp_path / "t.xlsx")
    for name, schema in SCHEMAS.items():
        header = grid(path, name)[0]
        assert header == [*schema.column_names, "source", "confidence", "note"]
    raw = read_workbook(path)
    assert raw.tables.keys() == SCHEMAS.keys()
    assert all(table.rows == () for table in raw.tables.values())
    assert raw.notes == ()


def test_a_template_of_some_tables(tmp_path: Path) -> None:
    path = excel_template(tmp_path / "t.xlsx", ["sites", "links"])
    names = CalamineWorkbook.from_path(str(path)).sheet_names
    assert names == ["README", "case", "sites", "links"]
    with pytest.raises(UsageError, match="Did you mean 'sites'"):
        excel_template(tmp_path / "t.xlsx", ["site"])
