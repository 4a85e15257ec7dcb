"""Text from files can say what it wants: on a terminal it is only ever text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.interfaces.cli.screen import inert, plain_number
from tests.interfaces.cli.conftest import GOOD, Call
from tests.written_cases import write_case_folder

HOSTILE = "[bold red]x[/] \x1b[31m\x07 \u202egnp.exe\u2066 \x9b2J :smile:"
SEEN = "[bold red]x[/] \\x1b[31m\\x07 \\u202egnp.exe\\u2066 \\x9b2J :smile:"


@given(st.text())
def test_nothing_that_moves_or_hides_text_is_left(text: str) -> None:
    left = {unicodedata.category(sign) for sign in inert(text, lines=False)}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    inert(text).encode("utf-8")


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_plain_text_is_unchanged(text: str) -> None:
    assert inert(text) == text


def test_hostile_text_is_made_visible() -> None:
    assert inert(HOSTILE) == SEEN


def test_an_unlimited_number_becomes_a_word() -> None:
    assert plain_number(float("inf")) == "unlimited"


@pytest.fixture
def hostile(here: Path) -> Path:
    """A case whose names hold markup, turned text and, as far as a table may, more."""
    sites = [{"id": "hill", "country": "USA", "name": "[red]a[/red] \u202eb", "note": "[link=x]"}]
    return write_case_folder(here / "[bold]c", {**GOOD, "sites": sites})


def test_names_from_a_case_are_inert(call: Call, hostile: Path) -> None:
    answer = call("explain", "[bold]c", "sites", "hill")
    assert answer.exit == 0
    assert "[red]a[/red] \\u202eb" in answer.out
    assert "[link=x]" in answer.out
    assert "\u202e" not in answer.out


@pytest.mark.parametrize(
    "words",
    [
        ("check", HOSTILE),
        ("explain", HOSTILE),
        ("explain", "mini", "sites", HOSTILE),
        ("explain", "mini", HOSTILE, "x"),
        ("schema", HOSTILE),
        ("convert", HOSTILE, "--to", "x"),
        ("convert", "mini", "--to", HOSTILE + ".txt"),
        ("runs", "--" + HOSTILE),
        (HOSTILE,),
    ],
)
def test_words_of_the_call_are_inert(call: Call, words: tuple[str, ...]) -> None:
    answer = call(*words)
    assert answer.exit == 2
    for sign in "\x1b\x07\u202e\u2066\x9b":
        assert sign not in answer.out + answer.err


def test_json_is_plain_ascii(call: Call, hostile: Path) -> None:
    answer = call("explain", "[bold]c", "sites", "hill", "--json")
    assert answer.out.isascii()
    named = [v for v in answer.json["rows"][0]["values"] if v["column"] == "name"]
    assert named[0]["text"] == "[red]a[/red] \u202eb"


def test_a_row_of_a_table_is_one_line_where_nobody_folds(call: Call) -> None:
    lines = call("schema", "assets").out.splitlines()
    assert any(line.startswith("nameplate_capacity ") and "t/year" in line for line in lines)
