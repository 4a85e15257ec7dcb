"""A case is written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.tables import read_case
from coercivity.tables.csv_writer import case_files, write_case

WriteCase = Callable[..., Path]


def test_a_file_diffs_in_git(write_small: WriteCase) -> None:
    folder = write_small()
    files = case_files(read_case(folder))
    for name in ("suppliers.csv", "demands.csv", "recipes.csv", "assets-availability.csv"):
        assert files[name] == (folder / name).read_text()
    assert set(files) == {path.name for path in folder.iterdir()}


def test_a_folder_that_holds_something_is_kept(write_small: WriteCase, tmp_path: Path) -> None:
    case = read_case(write_small())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something already"):
        write_case(case, tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"
    write_case(case, tmp_path / "out", overwrite=True)
    assert not (tmp_path / "out" / "mine.txt").exists()
    assert read_case(tmp_path / "out").content() == case.content()


def test_nothing_is_left_behind(write_small: WriteCase, tmp_path: Path) -> None:
    case = read_case(write_small())
    write_case(case, tmp_path / "deep" / "er" / "out")
    write_case(case, tmp_path / "deep" / "er" / "out", overwrite=True)
    assert [path.name for path in (tmp_path / "deep" / "er").iterdir()] == ["out"]


def test_a_failed_write_leaves_the_old_case(
    write_small: WriteCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(write_small())
    out = write_case(case, tmp_path / "out")
    real = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.name.startswith(".writing-"):
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(DiskError, match="No space left"):
        write_case(case, out, overwrite=True)
    monkeypatch.undo()
    assert read_case(out).content() == case.content()
    assert {path.name for path in tmp_path.iterdir()} == {"small", "out"}


def test_a_place_that_cannot_be_written_is_told(write_small: WriteCase, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiskError, match="cannot be written"):
        write_case(read_case(write_small()), tmp_path / "file" / "out")
