"""Reading a folder: files of every sort give problems, never tracebacks."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.foundation.problems import Severity
from coercivity.tables import read_case, read_tables
from coercivity.tables.csv_reader import LARGEST_FILE, read_csv, read_folder

WriteCase = Callable[..., Path]


def codes(folder: Path, file: str) -> set[str]:
    return {p.code for p in read_tables(folder)[1] if p.place.file == file}


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text('id,note\na,"two\nlines"\n\n,\nb,x\n')
    table, problems = read_csv(path)
    assert table is not None
    assert table.row_numbers == (2, 5)
    assert problems == []


def test_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    rows = []
    for content in (b"id,name\na,x\n", b"\xef\xbb\xbfid,name\r\na,x\r\n", b"id,name\ra,x"):
        path.write_bytes(content)
        table, _ = read_csv(path)
        assert table is not None
        rows.append((table.header, table.rows))
    assert rows[0] == rows[1] == rows[2]


def test_semicolons_with_decimal_commas_read_the_same(write_small: WriteCase) -> None:
    plain = read_case(write_small())
    assets = "id;site;process;nameplate_capacity;variable_cost\nmill;hill;smelt;1000,0;12,5\n"
    other = read_case(write_small({"assets.csv": assets}, name="other"))
    assert other["assets"].row(0)["variable_cost"] == plain["assets"].row(0)["variable_cost"]
    assert {p.code for p in other.notes if p.place.file == "assets.csv"} == {"T109"}


def test_semicolons_with_decimal_points_are_read_as_points(write_small: WriteCase) -> None:
    assets = "id;site;process;variable_cost\nmill;hill;smelt;12.5\n"
    case = read_case(write_small({"assets.csv": assets}))
    assert case["assets"].row(0)["variable_cost"] == 12.5


def test_a_header_with_commas_is_never_cut_at_semicolons(write_small: WriteCase) -> None:
    case = read_case(write_small({"segments.csv": "id,name\ndefence,a;b\n"}))
    assert case["segments"].row(0)["name"] == "a;b"


def test_a_folder_named_like_a_table_is_told(write_small: WriteCase) -> None:
    folder = write_small({"stocks.csv": None})
    (folder / "stocks.csv").mkdir()
    assert codes(folder, "stocks.csv") == {"T101"}


def test_a_loop_of_links_is_told(write_small: WriteCase) -> None:
    folder = write_small()
    (folder / "stocks.csv").symlink_to(folder / "limits.csv")
    (folder / "limits.csv").symlink_to(folder / "stocks.csv")
    assert codes(folder, "stocks.csv") == codes(folder, "limits.csv") == {"T101"}


def test_a_pipe_is_not_waited_for(write_small: WriteCase) -> None:
    folder = write_small()
    os.mkfifo(folder / "stocks.csv")
    assert codes(folder, "stocks.csv") == {"T101"}


def test_a_file_that_may_not_be_read_is_told(
    write_small: WriteCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small()

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    raw = read_folder(folder)
    assert {p.code for p in raw.notes} == {"T101"}
    assert all("Permission denied" in p.what for p in raw.notes)
    assert len(raw.notes) == len(list(folder.iterdir()))


def test_a_giant_file_is_not_read(write_small: WriteCase) -> None:
    folder = write_small()
    with (folder / "stocks.csv").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert codes(folder, "stocks.csv") == {"T108"}


def test_other_files_do_not_matter(write_small: WriteCase) -> None:
    folder = write_small({"README.md": "x", "datapackage.json": "{}", ".hidden.csv": "a\n"})
    assert all(p.severity is Severity.NOTE for p in read_tables(folder)[1])


@pytest.mark.parametrize("name", ["nowhere", "a\0b", "x" * 5000, ""])
def test_no_case_is_a_wrong_call(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no case"):
        read_tables(str(tmp_path / name / "x"))


def test_a_file_that_is_no_workbook_is_a_wrong_call(tmp_path: Path) -> None:
    for name in ("case.xlsm", "case.txt"):
        (tmp_path / name).write_text("x")
        with pytest.raises(UsageError, match="T110"):
            read_tables(tmp_path / name)


def test_the_settings_name_their_folder(write_small: WriteCase) -> None:
    folder = write_small()
    assert read_case(folder / "case.yaml").content() == read_case(folder).content()


def test_a_folder_that_cannot_be_listed_is_told(
    write_small: WriteCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small()

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DiskError, match="Permission denied"):
        read_tables(folder)
