"""Branches go from threshold to threshold, as a slow second implementation does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.alignment.loop.curves import area_between, curve_of
from coercivity.alignment.loop.relays import Relays
from coercivity.alignment.loop.sweep import Reach, Standing, Ways, everywhere, travel
from coercivity.finance.refusals import FinanceError
from tests.alignment.loop.fleets import (
    STAGE,
    by_share,
    fleet,
    fleets,
    needing_each_other,
    stepped,
    weakest_link,
)

DEEPEST, HIGHEST = 25.0, 35.0
REACHES = st.sampled_from([everywhere, needing_each_other])


def ways(relays: Relays, reach: Reach = everywhere) -> Ways:
    return Ways(relays=relays, highest=HIGHEST, deepest={STAGE: DEEPEST}, reach=reach)


def test_the_corners_of_one_plant_are_its_thresholds() -> None:
    one = ways(fleet([(-4.0, 2.0, 9.0)], paid=[3.0], exposed=[0.5]))
    virgin = one.virgin()
    down = one.down(virgin.end.on, STAGE)
    up = {closing: one.up(down.end, STAGE, scrapped=closing) for closing in (True, False)}
    assert virgin.edges.tolist() == [0.0, 3.0, HIGHEST]
    assert down.edges.tolist() == [-DEEPEST, -8.0, HIGHEST]
    assert up[True].edges.tolist() == [-DEEPEST, 3.0, HIGHEST]
    assert up[False].edges.tolist() == [-DEEPEST, pytest.approx(2 / 3), HIGHEST]


@given(fleets(), REACHES)
@settings(max_examples=150, deadline=None)
def test_a_path_of_small_steps_ends_in_the_same_plants(relays: Relays, reach: Reach) -> None:
    one = ways(relays, reach)
    fields = one.fields(STAGE)
    middles = (fields[:-1] + fields[1:]) / 2
    virgin = one.virgin()
    up = stepped(relays, middles[middles > 0], relays.standing, reach=reach)
    assert np.array_equal(virgin.end.on, up[-1])
    down = one.down(virgin.end.on, STAGE)
    slow = stepped(relays, middles[::-1], virgin.end.on, reach=reach)[::-1]
    place = np.searchsorted(down.edges, middles, side="right") - 1
    assert np.array_equal(down.on[place], slow)


@given(fleets(), st.integers(2, 7))
@settings(max_examples=80, deadline=None)
def test_finer_fields_change_nothing(relays: Relays, finer: int) -> None:
    one = ways(relays)
    coarse = one.fields(STAGE)
    fine = np.unique(np.concatenate([coarse, np.linspace(coarse[0], coarse[-1], 40 * finer)]))
    nobody = np.zeros(relays.count, dtype=np.bool_)
    found = [
        travel(relays, Standing(relays.standing, nobody), stage=STAGE, fields=f, rising=True)
        for f in (coarse, fine)
    ]
    assert np.array_equal(found[0].edges, found[1].edges)
    assert np.array_equal(found[0].on, found[1].on)


@given(fleets(), REACHES, st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_falling_branch_never_lies_below_the_rising(
    relays: Relays, reach: Reach, scrapped: bool
) -> None:
    one = ways(relays, reach)
    down = one.down(one.virgin().end.on, STAGE)
    up = one.up(down.end, STAGE, scrapped=scrapped)
    for serve in (by_share, weakest_link):
        high, low = curve_of(down, serve), curve_of(up, serve)
        fields = np.unique(np.concatenate([high.edges, low.edges]))[:-1]
        assert (high.at(fields) >= low.at(fields) - 1e-12).all()


@given(fleets(), REACHES)
@settings(max_examples=80, deadline=None)
def test_scrapping_leaves_less_on_the_way_back_than_keeping(relays: Relays, reach: Reach) -> None:
    one = ways(relays, reach)
    down = one.down(one.virgin().end.on, STAGE)
    kept, gone = (curve_of(one.up(down.end, STAGE, scrapped=s), by_share) for s in (False, True))
    fields = np.unique(np.concatenate([kept.edges, gone.edges]))[:-1]
    assert (kept.at(fields) >= gone.at(fields) - 1e-12).all()


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_nothing_sunk_and_nobody_needed_leaves_no_area(points: list[float]) -> None:
    one = ways(fleet([(p, p, p) for p in points]))
    down = one.down(one.virgin().end.on, STAGE)
    for scrapped in (True, False):
        up = one.up(down.end, STAGE, scrapped=scrapped)
        assert area_between(curve_of(down, by_share), curve_of(up, by_share)) == pytest.approx(0)


def test_plants_that_need_each_other_leave_an_area_with_nothing_sunk() -> None:
    """Each would open at 5 if the other ran; alone none comes, together none goes."""
    one = ways(fleet([(5.0, 5.0, 5.0)] * 2), needing_each_other)
    nobody = one.virgin().end.on
    assert not nobody.any()
    both = np.ones(2, dtype=np.bool_)
    down = one.down(both, STAGE)
    up = one.up(down.end, STAGE, scrapped=True)
    gap = area_between(curve_of(down, by_share), curve_of(up, by_share))
    # From 5, below which both go at once, to the top, where still none comes.
    assert gap == pytest.approx(2 * (HIGHEST - 5.0))


def test_one_that_goes_takes_those_that_need_it() -> None:
    one = ways(fleet([(1.0, 2.0, 3.0), (9.0, 9.5, 10.0)]), needing_each_other)
    down = one.down(np.ones(2, dtype=np.bool_), STAGE)
    assert down.on.sum(axis=1).tolist() == [0, 2]
    assert down.edges.tolist() == [-DEEPEST, 9.0, HIGHEST]


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(FinanceError, match=r"'plant-0' stops at 3, restarts at 2 and opens at 5"):
        fleet([(3.0, 2.0, 5.0)])
    with pytest.raises(FinanceError, match="negative amount of key product"):
        fleet([(1.0, 2.0, 3.0)], exposed=[-1.0])
