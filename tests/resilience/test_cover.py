from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.resilience.cover import days_of_cover, months_of_cover
from coercivity.resilience.single_points import single_points

amounts = st.floats(0, 1e6)


def test_a_year_of_use_in_stock_lasts_365_days() -> None:
    assert days_of_cover(120.0, 120.0) == 365.0
    assert days_of_cover(120.0, 0.0) is None


def test_only_the_gap_is_taken_from_stock() -> None:
    assert months_of_cover(10.0, need=120.0, left=0.0) == 1.0
    assert months_of_cover(10.0, need=120.0, left=60.0) == 2.0
    assert months_of_cover(0.0, need=120.0, left=120.0) is None


@given(amounts, st.floats(1, 1e6), amounts)
def test_more_stock_never_lasts_shorter(stock: float, need: float, left: float) -> None:
    less, more = (months_of_cover(s, need=need, left=left) for s in (stock, stock * 2))
    assert (less is None) == (more is None)
    assert less is None or more is None or less <= more


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"stock must not be negative, got -1\.0"):
        days_of_cover(-1.0, 1.0)


def test_a_single_point_leaves_less_than_half() -> None:
    (point,) = single_points({"a": 51.0, "b": 49.0})
    assert (point.maker, point.share, point.left) == ("a", 0.51, 49.0)
    assert single_points({"a": 50.0, "b": 50.0}) == ()
    assert single_points({}) == ()


def test_an_unlimited_maker_is_a_single_point_unless_there_are_two() -> None:
    (point,) = single_points({"a": float("inf"), "b": 1.0})
    assert (point.maker, point.share) == ("a", 1.0)
    assert single_points({"a": float("inf"), "b": float("inf")}) == ()


@given(st.dictionaries(st.text("abc", min_size=1), st.floats(0, 1e6), max_size=6))
def test_there_is_at_most_one(outputs: dict[str, float]) -> None:
    assert len(single_points(outputs)) <= 1
