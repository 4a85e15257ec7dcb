from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.resilience.concentration import (
    company_concentration,
    european_supply_risk,
    governance_herfindahl,
    governance_weight,
    herfindahl,
    shares,
)

outputs = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.floats(1e-3, 1e6), min_size=1, max_size=12
)


def test_shares_of_40_40_20_give_3600() -> None:
    assert herfindahl({"a": 40.0, "b": 40.0, "c": 20.0}) == 3600.0


@given(outputs)
def test_the_index_lies_between_equal_makers_and_a_single_one(made: dict[str, float]) -> None:
    assert 10_000 / len(made) * (1 - 1e-9) <= herfindahl(made) <= 10_000 * (1 + 1e-9)


@given(outputs, st.floats(1e-3, 1e3))
def test_the_index_does_not_depend_on_the_unit(made: dict[str, float], factor: float) -> None:
    scaled = {name: amount * factor for name, amount in made.items()}
    assert herfindahl(scaled) == pytest.approx(herfindahl(made))


@given(outputs)
def test_shares_sum_to_one(made: dict[str, float]) -> None:
    assert sum(shares(made).values()) == pytest.approx(1)


@given(outputs)
def test_joining_two_makers_never_lowers_the_index(made: dict[str, float]) -> None:
    names = sorted(made)
    joined = dict(made)
    if len(names) > 1:
        joined[names[0]] += joined.pop(names[1])
    assert herfindahl(joined) >= herfindahl(made) * (1 - 1e-9)


@pytest.mark.parametrize("wrong", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": float("nan")}])
def test_what_has_no_shares_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="finite, not negative and not all zero"):
        herfindahl(wrong)


def test_companies_enclose_what_has_no_named_owner() -> None:
    found = company_concentration({"x": 50.0}, unnamed={"A": 25.0, "B": 25.0})
    assert found.named == pytest.approx(2500)
    assert found.rest_as_one == pytest.approx(2500 + 2 * 625)
    assert found.named_share == 0.5


def test_governance_weighs_from_best_to_weakest() -> None:
    assert [governance_weight(g) for g in (2.5, 0.0, -2.5)] == [0.0, 5.0, 10.0]
    with pytest.raises(ValueError, match=r"between -2\.5 and 2\.5, got 3"):
        governance_weight(3)
    with pytest.raises(ValueError, match="no governance indicator for B"):
        governance_herfindahl({"A": 1.0, "B": 1.0}, {"A": 0.0})
    assert governance_herfindahl({"A": 3.0, "B": 1.0}, {"A": 0.0, "B": 2.5}) == 0.5625 * 5


def test_supply_risk_mixes_world_and_sourcing_by_half_the_reliance() -> None:
    assert european_supply_risk(4.0, sourcing=2.0, import_reliance=0.5) == pytest.approx(1 + 1.5)
    assert european_supply_risk(4.0) == 4.0
    assert european_supply_risk(4.0, recycling_rate=0.25, substitution=0.5) == 1.5
    with pytest.raises(ValueError, match=r"recycling_rate must be in \[0, 1\]"):
        european_supply_risk(4.0, recycling_rate=25.0)
