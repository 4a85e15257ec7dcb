"""Public cost at equal acceptance against closed forms, and where no amount is enough."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.alignment.doubt import Point, curve_of, factor_for, totals
from coercivity.alignment.package import Measure
from coercivity.finance.acceptance import AcceptanceRule
from coercivity.finance.contracts import Floor, Grant, UpsideShare
from coercivity.finance.inputs import ProjectTerms
from tests.alignment.doubt.lasting import (
    HURDLE,
    carried,
    clock,
    credit,
    factors,
    kind,
    owners,
    standing,
)

HAZARDS = (0.0, 0.05, 0.1, 0.2)
NEEDED = float(100.0 * (1 + HURDLE) ** -0.5 / factors(HURDLE).sum())
"""Credit at which the plant of 100 breaks even if it is believed. [USD/kg]"""
SEARCHED = 0.02


def points(what: ProjectTerms | None = None) -> tuple[Point, ...]:
    held = carried(credit(NEEDED), what=what)
    found = curve_of(held, clock(kind()), "contract", HAZARDS)
    known = tuple(point for point in found.points if point is not None)
    assert len(known) == len(HAZARDS)
    return known


def test_the_credit_rises_as_its_annuity_shortens() -> None:
    for point in points():
        exact = factors(HURDLE).sum() / (factors(HURDLE) * standing(point.hazard)).sum()
        assert point.factor == pytest.approx(exact, rel=SEARCHED)


def test_a_government_that_means_it_pays_in_full_and_one_that_lapses_pays_less() -> None:
    public = factors(0.025)
    for point in points():
        amount = point.factor * NEEDED
        assert point.meant.mean() == pytest.approx(amount * public.sum(), rel=1e-6)
        lapsing = amount * (public * standing(point.hazard)).sum()
        assert point.lapsing.mean() == pytest.approx(lapsing, rel=SEARCHED)
        assert point.promised == pytest.approx(amount * public.sum(), rel=1e-6)
        assert point.years == pytest.approx(standing(point.hazard).sum(), rel=SEARCHED)
        assert point.tonnes == pytest.approx(11_000)


def test_the_price_of_doubt_is_never_negative_while_the_diagonal_falls() -> None:
    found = points()
    meant = [point.meant.mean() for point in found]
    lapsing = [point.lapsing.mean() for point in found]
    assert meant == sorted(meant)
    assert lapsing == sorted(lapsing, reverse=True)


def test_where_public_and_hurdle_rate_are_equal_the_expected_outlay_is_flat() -> None:
    found = points(what=owners(treasury_rate=HURDLE))
    lapsing = [point.lapsing.mean() for point in found]
    assert max(lapsing) == pytest.approx(min(lapsing), rel=SEARCHED)
    assert found[-1].meant.mean() > 1.3 * found[0].meant.mean()


def test_the_slope_is_that_of_the_closed_form() -> None:
    found = curve_of(carried(credit(NEEDED)), clock(kind(hazard=0.1)), "contract", HAZARDS)
    ends = [
        NEEDED * factors(0.025).sum() * factors(HURDLE).sum()
        / (factors(HURDLE) * standing(hazard)).sum()
        for hazard in (0.09, 0.11)
    ]  # fmt: skip
    assert found.slope == pytest.approx((ends[1] - ends[0]) / 2, rel=0.25)


def test_a_rule_on_losses_ends_the_curve_where_early_lapses_are_too_likely() -> None:
    rule = AcceptanceRule(loss_limit=0.12, shortfall_limit=1.0)
    what = owners(acceptance=rule, treasury_rate=0.0)
    found = curve_of(carried(credit(2 * NEEDED), what=what), clock(kind()), "contract", HAZARDS)
    # At ten times the credit, support has to stand until it has paid for the plant of 100.
    early = -np.log(1 - 0.12) / (1 + 100 / (10 * 2 * NEEDED))
    assert found.limit is not None
    assert found.limit == pytest.approx(early, rel=0.1)
    assert found.points[0] is not None
    assert found.points[-1] is None


def test_a_termination_payment_takes_part_of_the_doubt_away() -> None:
    bare = factor_for(carried(credit(NEEDED)), clock(kind()).pays("contract", 0.2))
    held = clock(kind(termination_share=0.8)).pays("contract", 0.2)
    kept = factor_for(carried(credit(NEEDED)), held)
    assert bare is not None
    assert kept is not None
    assert 1.0 <= kept < bare


def test_obligated_money_is_not_doubted() -> None:
    grant = Grant(id="grant", amount=100.0, budget=100.0)
    found = curve_of(carried(grant, price=11.0), clock(kind()), "contract", HAZARDS)
    costs = [point.meant.mean() for point in found.points if point is not None]
    assert len(costs) == len(HAZARDS)
    assert max(costs) == pytest.approx(min(costs))
    assert found.limit is None


def test_what_owners_owe_does_not_lapse() -> None:
    floor = Floor(id="floor", material="good", strike=30.0)
    back = UpsideShare(id="back", material="good", threshold=35.0, share=0.3)
    held = carried(floor, back)
    assert [one.id for one in held.running] == ["floor"]
    raised = {one.id: one for one in held.contracts(2.0)}
    assert raised["floor"].strike == 60.0  # type: ignore[attr-defined]
    assert raised["back"].threshold == 60.0  # type: ignore[attr-defined]


def test_sums_are_taken_path_by_path_and_missing_answers_stay_missing() -> None:
    known = curve_of(carried(credit(NEEDED)), clock(kind()), "contract", HAZARDS)
    rule = AcceptanceRule(loss_limit=0.01, shortfall_limit=1.0)
    strict = carried(credit(NEEDED), what=owners(acceptance=rule))
    fragile = curve_of(strict, clock(kind()), "contract", HAZARDS)
    both = totals({"a": {"contract": known}, "b": {"contract": known}}, HAZARDS, Measure.MEAN)
    point = known.points[1]
    assert point is not None
    assert both[1].cost == pytest.approx(2 * point.meant.mean())
    mixed = totals({"a": {"contract": known}, "b": {"contract": fragile}}, HAZARDS)
    assert mixed[-1].cost is None
    assert mixed[-1].lost == ("b",)
    assert mixed[-1].possible == 1
