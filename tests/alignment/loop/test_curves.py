"""Curves are step functions; their means and areas are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.alignment.loop.curves import Curve, Service, area_between, mean_of
from coercivity.alignment.loop.measures import (
    HalfLoss,
    half_loss,
    remanence,
    retained_share,
    saturation,
    with_interval,
)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    inner = draw(st.lists(st.integers(-9, 9), max_size=6, unique=True))
    edges = np.array(sorted({-10, 10, *inner}), dtype=float)
    shares = np.array([draw(st.integers(0, 10)) / 10 for _ in edges[1:]])
    return Curve(edges, shares, 2 * shares - 1)


@given(st.lists(curves(), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_mean_is_the_mean_at_every_field(found: list[Curve]) -> None:
    fields = np.linspace(-10, 9.99, 200)
    mean = mean_of(found)
    assert mean.at(fields) == pytest.approx(np.mean([one.at(fields) for one in found], axis=0))


@given(curves(), curves())
@settings(max_examples=60, deadline=None)
def test_an_area_is_a_sum_over_small_steps(high: Curve, low: Curve) -> None:
    step = 0.5
    middles = np.arange(-10, 10, step) + step / 2
    gap = high.at(middles, of="magnetisation") - low.at(middles, of="magnetisation")
    assert area_between(high, low) == pytest.approx(float(gap.sum() * step))


@given(curves())
@settings(max_examples=100, deadline=None)
def test_half_loss_is_the_first_depth_at_which_half_is_gone(down: Curve) -> None:
    rising = Curve(down.edges, np.sort(down.accepted), 2 * np.sort(down.accepted) - 1)
    found, most = half_loss(rising), rising.accepted[-1]
    if most <= 0:
        assert found.depth is None
        assert found.reason is not None
    elif found.censored:
        assert (rising.accepted > most / 2).all()
    else:
        depth = found.depth or 0.0
        assert depth >= 0
        fields = np.linspace(-10, 10, 401)[:-1]
        kept = rising.at(fields[fields >= -depth + 1e-9])
        if depth > 0:
            assert (kept > most / 2).all()
        below = fields[fields < -depth]
        assert (rising.at(below) <= most / 2).all()


@given(curves())
@settings(max_examples=60, deadline=None)
def test_what_stays_is_never_more_than_what_support_serves(down: Curve) -> None:
    rising = Curve(down.edges, np.sort(down.accepted), 2 * np.sort(down.accepted) - 1)
    assert remanence(rising) <= saturation(rising)
    kept = retained_share(rising)
    assert kept is None or 0 <= kept <= 1


def test_unserved_demand_is_on_neither_side() -> None:
    """A ban takes away what is not accepted, and so moves the sum, not what is accepted."""
    open_, banned = Service(0.3, 0.7), Service(0.3, 0.0)
    assert open_.magnetisation == pytest.approx(-0.4)
    assert open_.unserved == pytest.approx(0.0)
    assert banned.magnetisation == pytest.approx(0.3)
    assert banned.unserved == pytest.approx(0.7)


def test_draws_that_hold_out_leave_the_upper_end_open() -> None:
    draws = [HalfLoss(float(n)) for n in range(1, 9)] + [HalfLoss(20.0, censored=True)] * 2
    found = with_interval(HalfLoss(5.0), draws, deepest=20.0)
    assert (found.low, found.high, found.censored_share) == (1.0, None, 0.2)
