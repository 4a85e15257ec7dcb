"""One setting is written anew, every other byte of the file stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.workbench.settings_text import (
    problems_with_settings,
    setting_texts,
    with_settings,
)
from coercivity.tables import find_case
from coercivity.tables.reading import check_raw, read_raw

FILE = """\
# the whole of it
format: 1
name: mini  # kept short
title: 'A mine: small'
description: >
  Illustrative figures
  only.

# money
currency: USD
periods:
  - 2025
  - 2026
imports: {t: us-tungsten}
banner: "draft"
discount_rate: 0.10
"""


def lines_changed(before: str, after: str) -> set[str]:
    """Lines that are in one of two texts only."""
    return set(before.splitlines()) ^ set(after.splitlines())


def test_values_are_told_as_one_line_each() -> None:
    held = setting_texts(FILE)
    assert held["description"] == "Illustrative figures only."
    assert held["periods"] == "2025, 2026"
    assert held["imports"] == "t=us-tungsten"
    assert held["discount_rate"] == "0.10"


@pytest.mark.parametrize(
    ("key", "value", "lines"),
    [
        ("name", "mine", {"name: mini  # kept short", "name: mine  # kept short"}),
        ("title", "Our mine", {"title: 'A mine: small'", "title: Our mine"}),
        ("title", "a: b # c", {"title: 'A mine: small'", 'title: "a: b # c"'}),
        ("discount_rate", "0.07", {"discount_rate: 0.10", "discount_rate: 0.07"}),
        ("currency", "", {"currency: USD"}),
        ("banner", "", {'banner: "draft"'}),
        ("key_product", "magnet", {"key_product: magnet"}),
        ("periods", "2025 2027;2030", {"periods:", "  - 2025", "  - 2026",
                                       "periods: [2025, 2027, 2030]"}),
        ("imports", "t=a; u=b", {"imports: {t: us-tungsten}", "imports: {t: a, u: b}"}),
        ("description", "Short.", {"description: >", "  Illustrative figures", "  only.",
                                   "description: Short."}),
    ],
)  # fmt: skip
def test_only_the_lines_of_a_value_change(key: str, value: str, lines: set[str]) -> None:
    after = with_settings(FILE, {key: value})
    assert lines_changed(FILE, after) == lines
    others = {name: text for name, text in setting_texts(FILE).items() if name != key}
    assert {name: text for name, text in setting_texts(after).items() if name != key} == others


def test_a_long_text_is_laid_out_over_lines_that_read_as_one() -> None:
    words = " ".join(["word"] * 60)
    after = with_settings(FILE, {"description": words})
    assert setting_texts(after)["description"] == words
    assert max(map(len, after.splitlines())) <= 100


def test_line_ends_and_the_mark_at_the_start_stay() -> None:
    windows = "\ufeff" + FILE.replace("\n", "\r\n")
    after = with_settings(windows, {"name": "mine", "title": "", "key_product": "x"})
    assert after.startswith("\ufeff#")
    assert after.count("\n") == after.count("\r\n")
    assert setting_texts(after)["key_product"] == "x"
    assert "title" not in setting_texts(after)


@given(st.dictionaries(st.sampled_from(["name", "title", "banner", "perspective"]),
                       st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])
                               | st.just(" "), max_size=200)))  # fmt: skip
def test_whatever_is_written_is_read_again_and_nothing_else_moves(changes: dict[str, str]) -> None:
    asked = {key: " ".join(text.split()) for key, text in changes.items()}
    held = setting_texts(with_settings(FILE, asked))
    before = setting_texts(FILE)
    for key in {*before, *asked}:
        assert held.get(key, "") == asked.get(key, before.get(key, ""))


@pytest.mark.parametrize("text", ["{name: mini}\n", "a: [1\n"])
def test_a_file_that_cannot_be_changed_in_part_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="in the file itself|mend the file"):
        with_settings(text, {"title": "x"})


def test_a_wrong_value_is_found_before_it_is_written() -> None:
    folder = find_case("mini")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    assert problems_with_settings(folder, text) == check_raw(read_raw(folder))[1]
    wrong = problems_with_settings(folder, with_settings(text, {"discount_rate": "much"}))
    assert {(one.place.file, one.place.column) for one in wrong} >= {("case.yaml", "discount_rate")}
