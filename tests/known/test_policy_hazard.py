"""Promises that may lapse: simulated against closed forms of worth, and what they cost."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coercivity.finance.compiled import Array
from coercivity.finance.political_will import (
    PromiseKind,
    Renewal,
    announced,
    draw_standing,
    obligated,
    termination_payments,
)
from coercivity.finance.promise_worth import (
    annuity,
    equal_worth,
    on_off_worth,
    premium_worth,
)

PATHS = 20_000


def kind(hazard: float, **more: object) -> PromiseKind:
    return PromiseKind(id="kind", hazard=hazard, **more)  # type: ignore[arg-type]


def paid(lapse: Array, *, rate: float, years: float) -> Array:
    """Value a steady 1 a year until a lapse or the end, exactly on each path."""
    until = np.minimum(lapse, years)
    return np.asarray(-np.expm1(-rate * until) / rate)


def error_of(sample: Array) -> float:
    return float(sample.std()) / float(len(sample) ** 0.5)


@pytest.mark.parametrize("hazard", [0.05, 0.3, 2.5])
@pytest.mark.parametrize("years", [10.0, 60.0])
def test_a_premium_is_worth_its_annuity_at_rate_and_hazard(hazard: float, years: float) -> None:
    lapse = draw_standing(kind(hazard), years=60, paths=PATHS, seed=1).lapse
    worth = paid(lapse, rate=0.12, years=years)
    closed = premium_worth(1.0, years=years, hazard=hazard, rate=0.12)
    assert abs(worth.mean() - closed) < 3 * error_of(worth)
    if years == 60:
        assert closed == pytest.approx(1 / (0.12 + hazard), rel=1e-4)


def test_lapse_and_return_are_worth_what_the_two_equations_say() -> None:
    rate, hazard, back = 0.12, 0.3, 0.5
    standing = draw_standing(kind(hazard, reprovision=back), years=120, paths=PATHS, seed=2)
    worth = np.full(PATHS, 1 / rate)
    worth -= ((np.exp(-rate * standing.ends) - np.exp(-rate * standing.returns)) / rate).sum(axis=1)
    closed = on_off_worth(1.0, hazard=hazard, reprovision=back, rate=rate)
    assert abs(worth.mean() - closed.on) < 3 * error_of(worth)
    # The same numbers seen from the first lapse are those of a lapsed promise.
    one = closed.on * (rate + hazard) - hazard * closed.off
    assert one == pytest.approx(1.0)
    assert closed.off * (rate + back) == pytest.approx(back * closed.on)


def test_shares_of_years_are_those_of_the_lapse_times() -> None:
    standing = draw_standing(kind(0.4, reprovision=0.8), years=30, paths=4000, seed=3)
    alive = standing.alive()
    assert alive.min() >= 0
    assert alive.max() <= 1
    fine = (np.arange(30 * 50) + 0.5) / 50
    counted = np.stack([standing.stands_at(np.full(4000, moment)) for moment in fine], axis=1)
    np.testing.assert_allclose(counted.mean(axis=1), alive.mean(axis=1), atol=0.02)
    long_run = 0.8 / 1.2 + (0.4 / 1.2) * np.exp(-1.2 * (np.arange(30) + 0.5))
    errors = alive.std(axis=0) / 4000**0.5
    # The middle of a year stands for its mean up to the curvature of the exponential.
    assert (
        np.abs(alive.mean(axis=0) - long_run) < 3.5 * errors + 0.02 * np.exp(-np.arange(30))
    ).all()


def test_outlay_of_equal_worth_falls_and_promises_rise_with_the_hazard() -> None:
    """Alignment notes: B = 1, T = 10, owners 12 %, public 2.5 %."""
    told = {0.0: (1.52, 1.52), 0.05: (1.46, 1.84), 0.1: (1.41, 2.19), 0.2: (1.33, 2.95)}
    told[0.5] = (1.18, 5.50)
    for hazard, (expected, promised) in told.items():
        found = equal_worth(1.0, years=10, hazard=hazard, rate=0.12, public_rate=0.025)
        assert found.expected_outlay == pytest.approx(expected, abs=0.005)
        assert found.promised_outlay == pytest.approx(promised, abs=0.006)
    exact = equal_worth(1.0, years=10, hazard=0.0, rate=0.12, public_rate=0.025)
    assert exact.expected_outlay == pytest.approx(1.519, abs=5e-4)
    lapse = draw_standing(kind(0.5), years=10, paths=PATHS, seed=4).lapse
    last = equal_worth(1.0, years=10, hazard=0.5, rate=0.12, public_rate=0.025)
    simulated = last.premium * paid(lapse, rate=0.025, years=10)
    assert simulated.mean() == pytest.approx(1.177, rel=0.01)


def test_equal_rates_make_the_outlay_flat() -> None:
    costs = [
        equal_worth(7.0, years=10, hazard=h, rate=0.08, public_rate=0.08).expected_outlay
        for h in (0.0, 0.1, 1.0, 10.0)
    ]
    assert costs == pytest.approx([7.0] * 4)


def test_a_common_clock_widens_the_total_and_keeps_its_mean() -> None:
    lapse = draw_standing(kind(0.2), years=10, paths=PATHS, seed=5).lapse
    common = 3 * paid(lapse, rate=0.025, years=10)
    apart = sum(
        paid(
            draw_standing(kind(0.2), years=10, paths=PATHS, seed=10 + n).lapse, rate=0.025, years=10
        )
        for n in range(3)
    )
    assert isinstance(apart, np.ndarray)
    assert abs(common.mean() - apart.mean()) < 3 * math.hypot(error_of(common), error_of(apart))
    assert common.var() == pytest.approx(3 * apart.var(), rel=0.05)


def test_no_hazard_is_certain_and_a_great_one_is_nothing() -> None:
    assert (draw_standing(kind(0.0), years=9, paths=50, seed=1).alive() == 1).all()
    assert draw_standing(kind(1e9), years=9, paths=50, seed=1).alive().max() < 1e-6
    assert annuity(0.0, years=9) == 9
    assert premium_worth(1.0, years=9, hazard=1e9, rate=0.1) == pytest.approx(0, abs=1e-8)


def test_the_same_clock_serves_every_hazard() -> None:
    slow, fast = (
        draw_standing(kind(hazard), years=10, paths=500, seed=6).lapse for hazard in (0.1, 0.3)
    )
    np.testing.assert_allclose(slow, 3 * fast, rtol=1e-12)


def test_more_paths_and_years_keep_the_promises_of_the_first() -> None:
    promise = kind(0.4, reprovision=0.5)
    small = draw_standing(promise, years=10, paths=100, seed=7).alive()
    large = draw_standing(promise, years=20, paths=3000, seed=7).alive()
    assert (small == large[:100, :10]).all()


def test_kinds_have_clocks_of_their_own() -> None:
    one, other = (
        draw_standing(PromiseKind(id=name, hazard=0.3), years=9, paths=4000, seed=8).lapse
        for name in ("contract", "statute")
    )
    assert abs(np.corrcoef(np.exp(-one), np.exp(-other))[0, 1]) < 0.05


@pytest.mark.parametrize(
    ("renewal", "start", "first", "gap"),
    [
        (Renewal.FISCAL_YEAR, 2026.0, 0.75, 1.0),
        (Renewal.FISCAL_YEAR, 2026.8, 0.95, 1.0),
        (Renewal.ELECTION, 2026.0, 1.0, 2.0),
        (Renewal.ELECTION, 2027.0, 2.0, 2.0),
    ],
)
def test_promises_lapse_at_their_dates_only(
    renewal: Renewal, start: float, first: float, gap: float
) -> None:
    promise = kind(0.15, renewal=renewal, reprovision=0.3)
    standing = draw_standing(promise, years=20, paths=PATHS, seed=9, start=start)
    lapse = standing.lapse[np.isfinite(standing.lapse)]
    number = (lapse - first) / gap
    np.testing.assert_allclose(number, np.round(number), atol=1e-9)
    assert number.min() == pytest.approx(0)
    for date in range(3):
        reached = standing.lapse > first + (date - 0.5) * gap
        now = np.abs(standing.lapse - first - date * gap) < 1e-9
        chance = 1 - math.exp(-0.15 * gap)
        share = now.sum() / reached.sum()
        assert abs(share - chance) < 3 * math.sqrt(chance * (1 - chance) / reached.sum())
    away = standing.returns[:, 0] - standing.ends[:, 0]
    finite = np.isfinite(away)
    assert away[finite].min() >= gap - 1e-9


def test_an_announcement_that_is_never_signed_pays_nothing() -> None:
    said = draw_standing(PromiseKind(id="announcement", hazard=2.5), years=10, paths=PATHS, seed=1)
    signed = draw_standing(PromiseKind(id="contract", hazard=0.05), years=10, paths=PATHS, seed=1)
    assert announced(said, signed, signing=None).max() == 0
    found = announced(said, signed, signing=1.0)
    assert found[:, 0].max() == 0
    made = found[:, 1] > 0
    chance = math.exp(-2.5)
    lapsed_first = math.exp(-0.05)
    share = float((said.lapse > 1).mean())
    assert abs(share - chance) < 3 * math.sqrt(chance * (1 - chance) / PATHS)
    both = chance * lapsed_first
    assert abs(made.mean() - both) < 3 * math.sqrt(both * (1 - both) / PATHS) + 1e-9


def test_plants_that_have_begun_keep_a_grandfathered_promise() -> None:
    standing = draw_standing(kind(0.3), years=10, paths=2000, seed=2)
    kept = standing.alive(begun=3.0)
    early = standing.lapse > 3.0
    assert (kept[early] == 1).all()
    assert (kept[~early] == standing.alive()[~early]).all()
    assert (standing.alive(begun=np.full(2000, 0.0)) == 1).all()


def test_termination_pays_its_share_of_what_remains() -> None:
    standing = draw_standing(kind(0.1), years=10, paths=PATHS, seed=3)
    rate, share = 0.06, 0.8
    support = np.full((1, 10), 5.0)
    ended = termination_payments(support, standing, share=share, rate=rate)
    remains = 5.0 * -np.expm1(-rate * np.maximum(10 - standing.lapse, 0.0)) / rate
    np.testing.assert_allclose(ended.sum(axis=1), share * remains, rtol=1e-12, atol=1e-12)
    # In full, a lapse takes nothing from the owner: what was paid and what is owed make it up.
    whole = termination_payments(support, standing, share=1.0, rate=rate)
    before = 5.0 * paid(standing.lapse, rate=rate, years=10)
    later = whole.sum(axis=1) * np.exp(-rate * np.minimum(standing.lapse, 1e3))
    np.testing.assert_allclose(before + later, 5.0 * annuity(rate, years=10), rtol=1e-12)


def test_obligated_money_is_safe_up_to_its_amount() -> None:
    appropriated = draw_standing(kind(0.5), years=5, paths=300, seed=4).alive()
    due = np.full((1, 5), 10.0)
    assert (obligated(due, funded=50.0, beyond=appropriated) == 1).all()
    none = obligated(due, funded=0.0, beyond=appropriated)
    np.testing.assert_allclose(none, appropriated)
    part = obligated(due, funded=25.0, beyond=appropriated)
    assert (part[:, :2] == 1).all()
    np.testing.assert_allclose(part[:, 2], 0.5 + 0.5 * appropriated[:, 2])
    np.testing.assert_allclose(part[:, 3:], appropriated[:, 3:])
