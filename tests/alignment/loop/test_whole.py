"""The loop over draws: its measures, its stages, its width, and support for a limited time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from coercivity.alignment.loop.measures import remanence, retained_share, saturation
from coercivity.alignment.loop.relays import Relays
from coercivity.alignment.loop.terms import half_loss_by_years, kept_after, worth_of_term
from coercivity.alignment.loop.whole import Ground, find_loop, in_time, width_of
from tests.alignment.loop.fleets import (
    STAGE,
    by_share,
    fleet,
    fleets,
    ground,
    needing_each_other,
    weakest_link,
)

THREE = [(-9.0, -4.0, 6.0), (-6.0, -3.0, 8.0), (2.0, 3.0, 10.0)]


def test_three_plants_read_off_by_hand() -> None:
    """All come by 10; at 0 the third has gone; the second goes at -6, the first at -9."""
    found = find_loop(fleet(THREE), (), ground())
    assert (found.highest, found.saturating) == (20.0, 10.0)
    down = found.falling.mean
    assert saturation(down) == pytest.approx(1.0)
    assert remanence(down) == pytest.approx(1 / 3)
    assert retained_share(down) == pytest.approx(2 / 3)
    assert found.half_loss[STAGE].depth == pytest.approx(6.0)
    assert found.weakest == STAGE


@given(fleets())
@settings(max_examples=60, deadline=None)
def test_what_stays_is_never_more_than_what_support_brings(relays: Relays) -> None:
    down = find_loop(relays, (), ground(), highest=35.0).falling.mean
    assert remanence(down) <= saturation(down) + 1e-12
    assert (np.diff(down.accepted) >= -1e-12).all()


def test_the_weakest_stage_is_where_the_least_dumping_halves_it() -> None:
    relays = fleet(THREE)
    two = Relays(
        names=relays.names, stop=relays.stop, restart=relays.restart, enter=relays.enter,
        paid=relays.paid, standing=relays.standing,
        exposed={"ore": np.ones(3), "good": 2 * np.ones(3)},
    )  # fmt: skip
    found = find_loop(two, (), ground(stages=("ore", "good")))
    assert found.weakest == "good"
    assert found.half_loss["good"].depth == pytest.approx(3.0)
    assert found.half_loss["ore"].depth == pytest.approx(6.0)


def test_no_dumping_halves_what_nothing_is_dumped_on() -> None:
    found = find_loop(fleet(THREE, exposed=[0, 0, 0]), (), ground(deepest=15.0))
    assert found.weakest is None
    assert found.half_loss[STAGE].censored
    assert found.half_loss[STAGE].depth == 15.0


def test_support_that_brings_nobody_has_no_half_loss() -> None:
    lost = fleet([(1.0, 2.0, 3.0)], paid=[0.0])
    found = find_loop(lost, (), ground())
    assert found.half_loss[STAGE].depth is None
    assert found.half_loss[STAGE].reason is not None
    assert retained_share(found.falling.mean) is None


def test_draws_give_a_mean_and_an_interval() -> None:
    drawn = [fleet([(-depth, 0.0, 5.0)]) for depth in range(1, 12)]
    found = find_loop(fleet([(-6.0, 0.0, 5.0)]), drawn, ground())
    half = found.half_loss[STAGE]
    assert half.depth == pytest.approx(6.0)
    assert (half.low, half.high) == (2.0, 10.0)
    at = np.array([-5.5])
    assert found.falling.mean.at(at)[0] == pytest.approx(6 / 11)
    assert found.falling.quantile(0.1, at)[0] == -1.0


def test_width_is_sunk_cost_where_nobody_needs_another() -> None:
    found = width_of(fleet(THREE), ground(), stage=STAGE, highest=20.0)
    # Each plant opens 15, 14 and 8 above where it stops, and serves a third; M counts twice.
    assert found.whole == pytest.approx(2 / 3 * (15 + 14 + 8))
    assert found.sunk_cost == pytest.approx(found.whole)
    assert found.coordination == pytest.approx(0)
    assert found.kept == pytest.approx(2 / 3 * (5 + 3 + 1))


def test_width_is_coordination_where_nothing_is_sunk() -> None:
    flat = fleet([(5.0, 5.0, 5.0)] * 2, standing=[True, False])
    bound = Ground(
        serve=weakest_link, reach=needing_each_other, stages=(STAGE,), deepest={STAGE: 9.0}
    )
    found = width_of(flat, bound, stage=STAGE, highest=20.0)
    assert found.sunk_cost == pytest.approx(0.0)


def test_a_term_is_worth_its_annuity() -> None:
    rate, years = 0.08, 7.0
    small = np.arange(0, years, 0.001)
    integral = float((rate * np.exp(-rate * small) * 0.001).sum())
    assert worth_of_term(np.array([rate]), np.array([years]))[0] == pytest.approx(
        integral, abs=1e-4
    )


def test_longer_support_never_leaves_less() -> None:
    relays = fleet(THREE)
    rates, leads = np.full(3, 0.08), np.array([2.0, 3.0, 4.0])
    kept = [
        kept_after(
            relays, rates=rates, leads=leads, years=years, stage=STAGE, field=20.0, serve=by_share
        )
        for years in (1.0, 4.0, 8.0, 15.0, 200.0)
    ]
    assert kept == sorted(kept)
    # For a year nobody has first output; for ever it is what stays in the loop.
    assert kept[0] == 0.0
    assert kept[-1] == pytest.approx(2 / 3)


def test_support_for_a_term_brings_whom_its_worth_brings() -> None:
    """The first opens at 6 of 20 for good, so it needs 1 - exp(-0.08 t) of 0.3 after its lead."""
    relays, needed = fleet(THREE[:1]), -np.log(1 - 6 / 20) / 0.08
    for years, there in ((needed + 1.9, 0.0), (needed + 2.1, 1.0)):
        kept = kept_after(
            relays, rates=np.full(1, 0.08), leads=np.full(1, 2.0), years=years, stage=STAGE,
            field=20.0, serve=by_share,
        )  # fmt: skip
        assert kept == there


def test_shorter_dumping_must_be_deeper_by_the_worth_of_its_term() -> None:
    relays = fleet([(-3.0, 0.0, 5.0)])
    found = find_loop(relays, (), ground(deepest=40.0))
    halves = half_loss_by_years(
        relays, found.top, rates=np.full(1, 0.1), stage=STAGE, lowest=-40.0, highest=10.0,
        serve=by_share, years=(0.5, 2.0, 10.0, 500.0),
    )  # fmt: skip
    assert halves[0.5].censored
    assert halves[2.0].depth == pytest.approx(3 / (1 - np.exp(-0.2)))
    assert halves[500.0].depth == pytest.approx(found.half_loss[STAGE].depth)


def test_time_is_told_for_the_stage_that_is_drawn() -> None:
    relays = fleet(THREE)
    found = find_loop(relays, (), ground())
    told = in_time(found, relays, (), ground(), rates=np.full(3, 0.08), leads=np.zeros(3))
    shares = [mean for mean, _, _ in told.held_for.values()]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(2 / 3)
    depths = [one.depth for one in told.halves.values() if not one.censored]
    assert depths == sorted(depths, key=lambda depth: -(depth or 0))
