"""Debt that would be short too often is made smaller, and no smaller than that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.acceptance import AcceptanceRule
from coercivity.finance.appraisal import appraise
from coercivity.finance.debt import Bound, DebtTerms
from coercivity.finance.lending import FINENESS
from tests.finance.plants import certain, plant, terms

EAGER = DebtTerms(gearing_limit=0.9, dscr=1.0, tail=0.5, tenor=4)
"""A lender who counts on the middle path, so that half of them fall short."""


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**4), st.sampled_from([0.05, 0.1, 0.2]))
def test_a_loan_is_short_on_no_more_paths_than_lenders_allow(seed: int, limit: float) -> None:
    rule = AcceptanceRule(shortfall_limit=limit)
    cash = plant(300, seed=seed, lower=1.5)
    free = appraise(cash, terms(debt=EAGER, acceptance=AcceptanceRule(shortfall_limit=1.0)))
    held = appraise(cash, terms(debt=EAGER, acceptance=rule))
    assert held.debt <= free.debt + 1e-9
    if held.sizing[0].bound is Bound.SHORTFALL:
        assert held.acceptance.shortfall.value <= limit
        assert held.acceptance.lender_accepts
        assert free.acceptance.shortfall.value > limit
        ratio = held.sizing[0].gearing / free.sizing[0].gearing
        assert ratio == pytest.approx(held.debt / free.debt)
    else:
        assert held.debt == free.debt


def test_one_step_more_would_be_short_too_often() -> None:
    cash = plant(400, lower=1.5)
    asked = terms(debt=EAGER)
    whole = appraise(cash, replace(asked, acceptance=AcceptanceRule(shortfall_limit=1.0)))
    found = appraise(cash, asked)
    steps = round(FINENESS * found.debt / whole.debt)
    assert 0 < steps < FINENESS
    gearing = whole.sizing[0].gearing * (steps + 1) / FINENESS
    most = replace(EAGER, gearing_limit=gearing)
    larger = appraise(
        cash, replace(asked, debt=most, acceptance=AcceptanceRule(shortfall_limit=1.0))
    )
    assert larger.debt > found.debt
    assert larger.acceptance.shortfall.value > 0.1


def test_a_certain_loan_is_left_as_it_was_sized() -> None:
    found = appraise(certain(), terms())
    assert found.sizing[0].bound in {Bound.COVER, Bound.GEARING}
    assert found.acceptance.shortfall.value == 0.0


def test_service_of_a_smaller_loan_keeps_its_shape() -> None:
    cash = plant(400, lower=1.5)
    rule = AcceptanceRule(shortfall_limit=1.0)
    whole = appraise(cash, terms(debt=EAGER, acceptance=rule)).sizing[0].loan
    part = appraise(cash, terms(debt=EAGER)).sizing[0].loan
    ratio = part.principal / whole.principal
    assert part.due == pytest.approx(ratio * whole.due)
    assert part.share == pytest.approx(ratio * whole.share)
    assert np.count_nonzero(part.due) == EAGER.tenor
