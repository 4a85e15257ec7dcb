"""The verb of the adversary, called in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alignment.adversary.plans import planned_works
from tests.interfaces.cli.conftest import Call


@pytest.fixture
def base(tmp_path: Path) -> str:
    return str(planned_works(tmp_path).path)


def test_the_answer_comes_in_words_then_tables_then_notes(call: Call, base: str) -> None:
    shown = call("stress", "adversary", base, "--budget", "400", "--paths", "100")
    assert shown.exit == 0, shown.err
    assert shown.out.startswith("Within 400 million of lost margin, the most harm is dumping good")
    assert "Expecting it is enough" in shown.out
    assert "a ban on good from 2026 to 2027" in shown.out
    assert "No attack makes the contracts in force cost the public more." in shown.out
    assert "note: 6" in shown.err
    assert "The run is in" in shown.out


def test_json_is_one_object(call: Call, base: str) -> None:
    found = call("stress", "adversary", base, "--budget", "400", "--paths", "100", "--json", "-v")
    assert found.json["best"]["material"] == "good"
    assert "attack 1 of" in found.err


def test_without_a_budget_or_with_a_wrong_one_it_is_a_wrong_call(call: Call, base: str) -> None:
    assert call("stress", "adversary", base).exit == 2
    wrong = call("stress", "adversary", base, "--budget", "-5")
    assert wrong.exit == 2
    assert "0 or more" in wrong.err


def test_a_run_that_is_no_plan_is_told(call: Call, base: str) -> None:
    call("stress", "adversary", base, "--budget", "10", "--paths", "100", "--name", "first")
    shown = call("stress", "adversary", "first", "--budget", "10")
    assert shown.exit == 2
    assert "has no table" in shown.err
    assert call("stress", "adversary", "nowhere", "--budget", "10").exit in {2, 3}


def test_the_help_says_what_counts(call: Call) -> None:
    text = call("stress", "adversary", "--help").out
    for part in ("--budget", "--own-cost", "--exports", "Examples:", "covered countries"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80
