"""The verb that asks who would fund it, called in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.finance.projects.works import SETTINGS, works
from tests.interfaces.cli.conftest import Call
from tests.written_cases import write_case_folder


@pytest.fixture
def case(here: Path) -> str:
    return str(write_case_folder(here / "case", works(), SETTINGS))


def test_the_answer_comes_in_words_then_tables_then_notes(call: Call, case: str) -> None:
    shown = call("finance", case, "--paths", "100")
    assert shown.exit == 0
    assert shown.out.startswith("works would be funded: equity is worth ")
    assert "missing USD/kg" in shown.out
    assert "debt sized on cash" in shown.out
    assert "Treasury rate of 2.5 % real and may be 12 %" in shown.err


def test_json_is_one_object(call: Call, case: str) -> None:
    found = call("finance", case, "--paths", "100", "--json").json
    assert [row["project"] for row in found["projects"]] == ["works"]
    assert found["projects"][0]["missing_usd_per_kg"] == 0.0
    assert found["paths"] == 100


def test_an_unknown_project_is_a_wrong_call(call: Call, case: str) -> None:
    shown = call("finance", case, "--project", "werks")
    assert shown.exit == 2
    assert "'werks' is not a project" in shown.err


def test_a_case_whose_only_project_has_no_hurdle_is_wrong(call: Call, here: Path) -> None:
    tables = works(projects=[{"id": "works", "company": "owner"}])
    shown = call("finance", str(write_case_folder(here / "bad", tables, SETTINGS)))
    assert shown.exit == 3
    assert "F110" in shown.err
