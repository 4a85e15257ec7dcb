"""One clock a kind: the same draws for every hazard and every project."""

from __future__ import annotations

import numpy as np

from coercivity.finance.political_will import Renewal
from tests.alignment.doubt.lasting import YEARS, clock, kind


def test_a_higher_hazard_never_makes_a_promise_last_longer() -> None:
    ticking = clock(kind())
    last = np.ones((1, YEARS))
    for hazard in (0.01, 0.05, 0.2, 1.0):
        now = ticking.stands("contract", hazard)
        assert (now <= last + 1e-12).all()
        last = now


def test_two_projects_of_one_seed_lapse_together() -> None:
    first, second = clock(kind()), clock(kind())
    assert np.array_equal(first.stands("contract", 0.1), second.stands("contract", 0.1))
    other = clock(kind(), seed=2)
    assert not np.array_equal(first.stands("contract", 0.1), other.stands("contract", 0.1))


def test_an_announcement_pays_only_after_it_is_signed_and_then_as_a_contract() -> None:
    both = clock(kind("announcement", hazard=2.5), kind("contract", termination_share=0.8))
    pays = both.pays("announcement", 0.0)
    assert (pays[:, 0] == 0).all()
    assert np.allclose(pays[:, 1:], both.pays("contract", 0.05)[:, 1:])
    mostly_gone = both.pays("announcement", 2.5)
    assert 0.04 < float((mostly_gone[:, -1] > 0).mean()) < 0.13


def test_appropriations_lapse_at_fiscal_dates_only() -> None:
    dated = clock(kind("appropriation", renewal=Renewal.FISCAL_YEAR))
    stands = dated.stands("appropriation", 0.5)
    parts = np.unique(np.round(stands, 9))
    assert set(parts) <= {0.0, 0.75, 1.0}


def test_a_plant_that_has_begun_keeps_what_is_grandfathered() -> None:
    kept = clock(kind("statute", grandfathered=True)).stands("statute", 0.1)
    full = (kept == 1.0).all(axis=1)
    assert abs(float(full.mean()) - np.exp(-0.1)) < 0.03


def test_a_termination_payment_counts_as_paid_year_by_year() -> None:
    bare, held = clock(kind()), clock(kind(termination_share=0.8))
    stands = bare.stands("contract", 0.3)
    assert np.allclose(held.pays("contract", 0.3), stands + 0.8 * (1 - stands))
