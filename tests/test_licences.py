"""Every file says under which licence it may be used, and vendored files keep the one they had."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDORED = "src/coercivity/views/vendored"
ANNOTATIONS = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]


def parts_of(table: dict[str, str]) -> set[str]:
    """Take the licences of a table apart."""
    return set(re.split(r" (?:AND|OR) ", table["SPDX-License-Identifier"]))


def licence_of(path: str) -> set[str]:
    """Give the licences of a file: the last table that matches wins."""
    found = set[str]()
    for table in ANNOTATIONS:
        patterns = [table["path"]] if isinstance(table["path"], str) else table["path"]
        if any(fnmatch.fnmatch(path, pattern) for pattern in patterns):
            found = parts_of(table)
    return found


def vendored_files() -> list[dict[str, str]]:
    text = (ROOT / VENDORED / "manifest.json").read_text(encoding="utf-8")
    listed: list[dict[str, str]] = json.loads(text)["files"]
    return listed


def test_code_and_cases_have_the_licences_that_the_choices_explain() -> None:
    assert licence_of("src/coercivity/chain/case.py") == {"Apache-2.0"}
    assert licence_of("src/coercivity/cases/mini/assets.csv") == {"CC0-1.0"}


@pytest.mark.parametrize("file", vendored_files(), ids=lambda file: file["file"])
def test_a_vendored_file_keeps_the_licence_it_came_with(file: dict[str, str]) -> None:
    assert file["licence"] in licence_of(f"{VENDORED}/{file['file']}")


def test_the_text_of_every_licence_is_there_and_no_other() -> None:
    used = {name for table in ANNOTATIONS for name in parts_of(table)}
    assert {file.stem for file in (ROOT / "LICENSES").iterdir()} == used
    code = (ROOT / "LICENSES" / "Apache-2.0.txt").read_text(encoding="utf-8")
    assert code == (ROOT / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_project_is_compliant_with_reuse() -> None:
    pytest.importorskip("reuse")
    lint = subprocess.run(
        [sys.executable, "-m", "reuse", "lint"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr
