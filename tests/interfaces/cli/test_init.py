from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.tables import find_case
from tests.interfaces.cli.conftest import Call


def test_the_smallest_case_is_copied_file_by_file(call: Call, here: Path) -> None:
    answer = call("init", "my-case")
    assert answer.exit == 0
    assert "Next: coercivity check my-case" in answer.out
    source = {path.name: path.read_bytes() for path in find_case("mini").iterdir()}
    assert {path.name: path.read_bytes() for path in (here / "my-case").iterdir()} == source
    assert call("check", "my-case").exit == 0


def test_an_empty_folder_is_filled_also_the_one_we_stand_in(call: Call, here: Path) -> None:
    assert call("init", ".", "--from", "mini-tungsten").exit == 0
    assert (here / "case.yaml").is_file()
    assert not [path.name for path in here.iterdir() if path.name.startswith(".")]


def test_a_folder_of_a_case_can_be_copied_too(call: Call, good: Path, here: Path) -> None:
    (good / "scratch.xlsx").write_bytes(b"no part of the case")
    answer = call("init", "deep/er", "--from", "good", "--json")
    assert answer.json["files"] == ["case.yaml", "countries.csv", "materials.csv", "sites.csv"]
    assert (here / "deep" / "er" / "case.yaml").is_file()


def test_it_appears_whole_or_not_at_all(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(source: Path, target: Path) -> None:
        if source.name > "d":
            raise OSError(28, "No space left on device")
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr("shutil.copyfile", fill_the_disk)
    answer = call("init", "my-case")
    assert answer.exit == 2
    assert "No space left on device" in answer.err
    assert list(here.iterdir()) == []
