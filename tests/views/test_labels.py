from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from coercivity.views.labels import (
    LONGEST_NAME,
    cut_to,
    listed,
    money,
    rounded,
    shown,
    shown_apart,
    text_width,
    tonnes,
    wrapped_lines,
)

texts = st.text(max_size=200)
amounts = st.floats(1e-6, 1e9) | st.floats(-1e9, -1e-6) | st.just(0.0)


@given(texts)
def test_what_is_shown_is_one_short_line_without_marks(text: str) -> None:
    line = shown(text)
    assert len(line) <= LONGEST_NAME
    assert not set(line) & set("{}|\n\r\t")
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Co"}


@given(texts)
def test_what_is_shown_is_shown_the_same_again(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@given(st.dictionaries(st.text(min_size=1, max_size=20), texts, max_size=8))
def test_names_shown_together_differ(names: dict[str, str]) -> None:
    found = shown_apart(names)
    assert list(found) == list(names)
    assert len(set(found.values())) == len(found)
    assert all(found.values())


def test_five_thousand_characters_are_cut() -> None:
    assert len(shown("x" * 5000)) == LONGEST_NAME
    assert shown("x" * 5000).endswith("…")


def test_a_direction_override_is_dropped() -> None:
    assert shown("a\u202eb\u2066c") == "abc"


@given(texts, st.floats(40, 400), st.floats(8, 20))
def test_lines_fit(text: str, width: float, size: float) -> None:
    for line in wrapped_lines(text, width, size):
        assert text_width(line, size) <= width + 1e-9


@given(texts, st.floats(20, 400))
def test_a_cut_text_fits(text: str, width: float) -> None:
    assert text_width(cut_to(text, width, 12), 12) <= width


@given(amounts)
def test_rounding_keeps_five_digits(value: float) -> None:
    assert abs(rounded(value) - value) <= 5.1e-5 * abs(value)
    assert str(rounded(value)) != "-0.0"


@given(st.lists(amounts, max_size=5))
def test_scales_give_back_the_amount(values: list[float]) -> None:
    for scale in (tonnes(values), money(values, "USD2025")):
        assert all(abs(scale(v) * scale.factor - v) <= 1e-4 * abs(v) for v in values)


def test_an_empty_list_is_no_words() -> None:
    assert listed([]) == ""
