"""The verb that asks what makes it happen, called in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Call
from tests.studies.unfunded_works import unfunded_works

SMALL = ("--paths", "400", "--allow", "grant", "--allow", "floor")


@pytest.fixture
def base(here: Path) -> str:
    return unfunded_works(here / "case", here / "runs").id


def test_the_answer_comes_in_words_then_tables_then_notes(call: Call, base: str) -> None:
    shown = call("align", base, *SMALL)
    assert shown.exit == 0
    assert shown.out.startswith("Owners and lenders of works say yes with the package below.")
    assert "The public pays" in shown.out
    assert "Packages" in shown.out
    assert "Caps: grant 0.5" in shown.err


def test_json_is_one_object_and_no_package_is_status_4(call: Call, base: str) -> None:
    assert call("align", base, *SMALL, "--json").json["accepts"] == {"works": True}
    tight = call("align", base, "--paths", "400", "--allow", "grant", "--cap", "grant=0.05")
    assert tight.exit == 4
    assert "No package is enough for works" in tight.out


def test_a_cap_without_a_number_is_a_wrong_call(call: Call, base: str) -> None:
    shown = call("align", base, "--cap", "grant")
    assert shown.exit == 2
    assert "grant=0.3" in shown.err


def test_an_unknown_kind_is_answered_with_the_nearest(call: Call, base: str) -> None:
    shown = call("align", base, "--allow", "grants")
    assert shown.exit == 2
    assert "'grants' is not a kind" in shown.err
    assert "grant" in shown.err
