"""case.yaml: every value is read as it is written."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.periods import Discounting
from coercivity.tables.csv_writer import settings_text
from coercivity.tables.raw import RawCase
from coercivity.tables.settings import (
    SETTINGS,
    Settings,
    default_report_until,
    parse_settings,
    settings_cells,
)
from coercivity.tables.yaml_reader import parse_yaml

PLAIN = {
    "format": "1",
    "currency": "USD",
    "price_year": "2025",
    "periods": ["2025", "2026"],
    "discount_rate": "0.07",
}


def settings(**changed: object) -> Settings:
    found, problems = parse_settings(RawCase("small", ".", {**PLAIN, **changed}))
    assert found is not None, problems
    return found


def test_defaults() -> None:
    plain = settings()
    assert plain.name == "small"
    assert plain.discounting is Discounting.MID
    assert plain.report_until == 2026
    assert plain.key_product_unit == "t"
    assert plain.normalise is False
    assert plain.imports == ()
    assert plain.horizon.years == (2025,)


def test_reports_end_five_years_before_the_horizon() -> None:
    assert settings(periods=["2025", "2030", "2041"]).report_until == 2036


@pytest.mark.parametrize(
    "word", ["no", "off", "null", "~", "2025-01-01", "010", "1:30", "1e3", "NO"]
)
def test_no_value_is_interpreted(word: str) -> None:
    values, _, problems = parse_yaml(f"name: {word}\n")
    assert problems == []
    assert settings(**values).name == word


@pytest.mark.parametrize(("word", "value"), [("no", False), ("No", False), ("yes", True)])
def test_yes_and_no(word: str, value: bool) -> None:
    assert settings(normalise=word).normalise is value


@pytest.mark.parametrize("rate", ["7e-2", "0.07", 0.07, ".07"])
def test_rates(rate: object) -> None:
    assert settings(discount_rate=rate).discount_rate == pytest.approx(0.07, rel=0, abs=0)


def test_cells_of_a_sheet_read_the_same() -> None:
    full = settings(
        periods=["2025", "2030", "2041"], imports={"t": "other", "u": "../third"}, normalise="yes"
    )
    assert settings(**settings_cells(full)) == full


def test_every_key_is_a_field_and_described() -> None:
    assert {c.name for c in SETTINGS} == {f.name for f in dataclasses.fields(Settings)}
    assert all(column.description.endswith(".") for column in SETTINGS)


def test_tags_make_no_objects() -> None:
    values, _, _ = parse_yaml("name: !!python/object/apply:os.system ['true']\n")
    assert values["name"] == ["true"]


@pytest.mark.parametrize(
    "text",
    ["a: &x [*x]", "&a [*a]", "a: " + "[" * 5000, "? [a]\n: b", "\x00", "a: \t- x", "<<: {a: b}"],
)
def test_strange_yaml_never_raises(text: str) -> None:
    values, places, _ = parse_yaml(text)
    assert values.keys() == places.keys()


@given(st.text())
def test_any_text_as_settings_never_raises(text: str) -> None:
    values, _, problems = parse_yaml(text)
    found, more = parse_settings(RawCase("x", ".", values))
    assert found is not None or problems or more


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(
    title=WORDS,
    description=WORDS,
    rate=st.floats(0, 1),
    years=st.sets(st.integers(1800, 2300), min_size=2, max_size=6),
    discounting=st.sampled_from(Discounting),
    normalise=st.booleans(),
)
def test_settings_read_back_from_yaml_and_from_cells(
    *,
    title: str,
    description: str,
    rate: float,
    years: set[int],
    discounting: Discounting,
    normalise: bool,
) -> None:
    periods = tuple(sorted(years))
    before = Settings(
        name="n",
        currency="EUR",
        price_year=2025,
        periods=periods,
        report_until=default_report_until(periods),
        discount_rate=rate,
        discounting=discounting,
        title=title.strip(),
        description=description.strip(),
        normalise=normalise,
        imports=(("a", "b c"),),
    )
    values, _, problems = parse_yaml(settings_text(before))
    assert problems == []
    assert parse_settings(RawCase("x", ".", values)) == (before, [])
    cells: dict[str, object] = dict(settings_cells(before))
    assert parse_settings(RawCase("x", ".", cells)) == (before, [])
