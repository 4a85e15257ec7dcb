"""Briefings from Python: what the command writes, a function writes too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import coercivity as co
from coercivity.foundation.errors import UsageError
from coercivity.interfaces.python.reporting import brief, report
from coercivity.views.briefing import make_briefing
from coercivity.views.briefing.page import static_page


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    co.plan("mini", name="first", runs=folder)
    return folder


def test_a_run_by_itself_its_folder_or_its_id_gives_the_same_file(
    runs: Path, tmp_path: Path
) -> None:
    opened = co.open_run("first", runs=runs)
    ways: dict[str, Callable[[Path], Path]] = {
        "returned": lambda to: report(opened, to=to, static=True),
        "folder": lambda to: report(opened.run, to=to, static=True),
        "path": lambda to: report(runs / "first", to=to, static=True),
        "id": lambda to: report("first", to=to, static=True, folder=runs),
        "brief": lambda to: brief(opened.run, to, static=True),
    }
    expected = static_page(make_briefing([opened.run]))
    for name, write in ways.items():
        written = write(tmp_path / f"{name}.html")
        assert written.name == f"{name}.html"
        assert written.read_text(encoding="utf-8") == expected, name


def test_redaction_and_banner_reach_the_file(runs: Path, tmp_path: Path) -> None:
    run = co.open_run("first", runs=runs).run
    text = brief(run, tmp_path / "b.html", static=True, redact=True, banner="DRAFT").read_text()
    assert "DRAFT" in text
    assert "Inputs are left out of this copy." in text


def test_a_wrong_ending_is_told_before_the_run_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the ending of 'a\.doc' says no form"):
        report("nothing", to=tmp_path / "a.doc")


def test_comparing_counts_changes_from_the_first(runs: Path) -> None:
    co.plan("mini", name="loose", gap=0.5, runs=runs)
    found = co.compare("first", "loose", folder=runs)
    assert [run.id for run in found.runs] == ["first", "loose"]
    assert [(one.column, one.values) for one in found.inputs] == [("gap", ("0.01", "0.5"))]
