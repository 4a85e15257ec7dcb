"""Whatever is given wrongly gets a message, an exit status, and one JSON object on request."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Call

Prepare = Callable[[Path], None]


def nothing(folder: Path) -> None:
    pass


def text_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("hello", encoding="utf-8")


def no_workbook(folder: Path) -> None:
    (folder / "case.xlsx").write_text("not a zip", encoding="utf-8")


def macro_workbook(folder: Path) -> None:
    (folder / "case.xlsm").write_bytes(b"PK")


def filled(folder: Path) -> None:
    (folder / "full").mkdir()
    (folder / "full" / "mine.txt").write_text("keep me", encoding="utf-8")


def empty_folder(folder: Path) -> None:
    (folder / "empty").mkdir()


def existing_workbook(folder: Path) -> None:
    (folder / "there.xlsx").write_text("keep me", encoding="utf-8")


BAD: list[tuple[str, Prepare, int, str]] = [
    ("check nowhere", nothing, 2, "There is no case 'nowhere'"),
    ("check ./no/where", nothing, 2, "There is no case './no/where'"),
    ("check minl", nothing, 2, "Did you mean 'mini'?"),
    ("check notes.txt", text_file, 2, "'notes.txt' is no case"),
    ("check case.xlsx", no_workbook, 3, "[T110]"),
    ("check case.xlsm", macro_workbook, 2, "may hold macros"),
    ("check empty", empty_folder, 3, "case.yaml"),
    ("check", nothing, 2, "Missing argument 'CASE'"),
    ("check mini mini", nothing, 2, "unexpected extra argument"),
    ("check --strikt mini", nothing, 2, "Did you mean '--strict'?"),
    ("chek mini", nothing, 2, "Did you mean 'check'?"),
    ("zzzz", nothing, 2, "Commands: init, check"),
    ("--jsn", nothing, 2, "There is no option '--jsn'"),
    ("init", nothing, 2, "Missing argument 'DIR'"),
    ("init full", filled, 2, "The folder 'full' is not empty"),
    ("init notes.txt", text_file, 2, "'notes.txt' is a file"),
    ("init new --from minu", nothing, 2, "Did you mean 'mini'?"),
    ("init new --from empty", empty_folder, 2, "holds no case.yaml"),
    ("init new --from case.xlsx", no_workbook, 2, "`coercivity convert` makes a folder"),
    ("schema asets", nothing, 2, "Did you mean 'assets'?"),
    ("schema --excel template.csv", nothing, 2, "let it end with .xlsx"),
    ("schema --excel there.xlsx", existing_workbook, 2, "exists already"),
    ("schema --excel no/where.xlsx", nothing, 2, "cannot be written"),
    ("explain", nothing, 2, "Missing argument"),
    ("explain T999", nothing, 2, "There is no code 'T999'"),
    ("explain X100", nothing, 2, "There is no code 'X100'"),
    ("explain nameplate", nothing, 2, "'nameplate' is not a code, column or table"),
    ("explain assets capitol", nothing, 2, "is not a column of assets"),
    ("explain asets status", nothing, 2, "Did you mean 'assets'?"),
    ("explain mini asets x", nothing, 2, "'asets' is not a table. Did you mean 'assets'?"),
    ("explain mini countries USB", nothing, 2, "Did you mean 'USA'?"),
    ("explain a b c d", nothing, 2, "4 words were given"),
    ("convert mini", nothing, 2, "Missing option '--to'"),
    ("convert mini --to mini.docx", nothing, 2, "'.docx', which is not known"),
    ("convert mini --to there.xlsx", existing_workbook, 2, "add --overwrite"),
    ("convert mini --to full", filled, 2, "holds something already"),
    ("convert mini --to full --overwrite", filled, 2, "holds something already"),
    ("convert mini --to no/where.lp", nothing, 2, "cannot be written"),
    ("convert mini --to no/where.xlsx", nothing, 2, "cannot be written"),
    ("convert mini --to x --scenario calm", nothing, 2, "is not a scenario"),
    ("convert nowhere --to x", nothing, 2, "There is no case 'nowhere'"),
    ("runs --runs notes.txt", text_file, 2, "notes.txt"),
    ("doctor --runs notes.txt", text_file, 2, "is a file, not a folder"),
]


@pytest.mark.parametrize(("words", "prepare", "exit_status", "told"), BAD)
def test_it_is_refused_with_a_message(
    call: Call, here: Path, words: str, prepare: Prepare, exit_status: int, told: str
) -> None:
    prepare(here)
    answer = call(*words.split())
    assert answer.exit == exit_status, answer
    assert told in answer.out + answer.err
    assert "Traceback" not in answer.out + answer.err


@pytest.mark.parametrize(("words", "prepare", "exit_status", "told"), BAD)
def test_with_json_it_is_one_object_with_status_exit_and_problems(
    call: Call, here: Path, words: str, prepare: Prepare, exit_status: int, told: str
) -> None:
    prepare(here)
    before = sorted(here.rglob("*"))
    answer = call(*words.split(), "--json")
    assert answer.json["status"] == "error"
    assert answer.json["exit"] == answer.exit == exit_status
    assert answer.json["problems"]
    for problem in answer.json["problems"]:
        assert problem["code"][1:].isdigit()
        assert problem["what"]
    assert sorted(here.rglob("*")) == before, "a refused command leaves nothing behind"


def test_what_exists_is_kept(call: Call, here: Path) -> None:
    filled(here)
    existing_workbook(here)
    call("init", "full")
    call("convert", "mini", "--to", "full", "--overwrite")
    call("convert", "mini", "--to", "there.xlsx")
    assert (here / "full" / "mine.txt").read_text(encoding="utf-8") == "keep me"
    assert (here / "there.xlsx").read_text(encoding="utf-8") == "keep me"


@pytest.mark.parametrize(
    "words", ["check locked", "convert locked --to new", "init new --from locked"]
)
def test_a_folder_without_permission_is_told(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    folder = here / "locked"
    folder.mkdir()
    listed = Path.iterdir

    def refuse(path: Path) -> object:
        if path == folder or path.name == "locked":
            raise PermissionError(13, os.strerror(13), str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    monkeypatch.setattr(Path, "glob", lambda path, _: refuse(path))
    answer = call(*words.split())
    assert answer.exit == 2
    assert "Permission denied" in answer.err
    assert not (here / "new").exists()


def test_no_right_to_write_is_told(call: Call, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*words: object, **options: object) -> str:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    for words in ("init new", "convert mini --to new", "doctor"):
        answer = call(*words.split())
        assert answer.exit == 2
        assert "Permission denied" in answer.out + answer.err
    assert list(here.iterdir()) == []
