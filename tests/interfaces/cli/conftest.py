"""The command line, called in this process in an empty folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from coercivity.interfaces.cli.app import app
from tests.written_cases import write_case_folder


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gave."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout; more than one would not parse."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Call = Callable[..., Answer]
SITES = [{"id": "hill", "country": "USA"}]
MATERIALS = [{"id": "ore"}]
GOOD: dict[str, list[dict[str, Any]]] = {"sites": SITES, "materials": MATERIALS}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder; runs and left-over files stay there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COERCIVITY_RUNS", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def call() -> Call:
    """Call a command with its words."""

    def run(*words: str) -> Answer:
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def good(here: Path) -> Path:
    """A case without any problem."""
    return write_case_folder(here / "good", GOOD)


@pytest.fixture
def wrong(here: Path) -> Path:
    """A case with two errors, in two tables."""
    sites = [{"id": "hill", "country": "USB"}]
    materials = [{"id": "ore", "stage": "minin"}]
    return write_case_folder(here / "wrong", {"sites": sites, "materials": materials})
