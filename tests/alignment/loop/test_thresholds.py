"""An owner acts where dynamic programming says, and where formulas do when prices stand still."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.alignment.loop.sinking import effective_capital, return_on_whole
from coercivity.alignment.loop.thresholds import IndexLaw, Money, acts_of, certain_acts
from coercivity.finance.inputs import ProjectTerms
from coercivity.finance.waiting import NodeLaw, Plant, plant_thresholds
from coercivity.finance.waterfall.terms import Rules

LAW = IndexLaw(volatility=0.35, reversion=0.5)
PLANT = Money(
    moving=100.0, steady=0.0, cost=80.0, care=8.0, rest=4.0, restart=10.0, leave=15.0,
    enter=300.0, rate=0.09,
)  # fmt: skip
STILL = replace(PLANT, moving=0.0, steady=100.0)


def test_at_the_margin_found_the_owner_acts_at_the_reference_price() -> None:
    """Ask the programme of the finance room again, on other nodes."""
    acts = acts_of(LAW, PLANT)
    for name, margin in (("enter", acts.enter), ("restart", acts.restart), ("stop", acts.stop)):
        found = plant_thresholds(
            NodeLaw(volatility=LAW.volatility, reversion=LAW.reversion, level=100.0),
            Plant(running=80.0, enter=300.0, leave=15.0, care=8.0, rest=4.0, restart=10.0),
            rate=0.09,
            support=margin - PLANT.margin,
            nodes=1201,
        )
        stops = max(price for price in (found.rest, found.leave, 0.0) if price is not None)
        price = stops if name == "stop" else getattr(found, name)
        assert price == pytest.approx(100.0, rel=0.015)


def test_only_support_and_cost_together_count_while_support_lasts() -> None:
    dearer = acts_of(LAW, replace(PLANT, cost=95.0))
    assert dearer.enter == pytest.approx(acts_of(LAW, PLANT).enter, abs=1e-9)


def test_prices_that_move_make_owners_wait_and_hold_on() -> None:
    moving, still = acts_of(LAW, PLANT), certain_acts(PLANT)
    assert moving.enter > still.enter == pytest.approx(27.0)
    assert moving.stop < still.stop == pytest.approx(-0.09 * 15)
    assert moving.stop < moving.restart < moving.enter


def test_prices_that_hardly_move_leave_the_formula() -> None:
    found, still = acts_of(IndexLaw(0.005, 0.5), PLANT), certain_acts(PLANT)
    assert found.enter == pytest.approx(still.enter, abs=1.0)
    assert found.stop == pytest.approx(still.stop, abs=1.0)


def test_dearer_capital_delays_opening_and_moves_nothing_else_much() -> None:
    cheap, dear = acts_of(LAW, PLANT), acts_of(LAW, replace(PLANT, enter=600.0))
    assert dear.enter > cheap.enter + 10
    assert dear.stop == pytest.approx(cheap.stop, abs=1.0)


@given(st.floats(0.01, 0.5))
@settings(max_examples=20, deadline=None)
def test_certain_support_that_may_end_must_be_higher(hazard: float) -> None:
    r"""Unit support with hazard is worth :math:`k/(\rho+\lambda)`; afterwards the plant is left."""
    poor = replace(STILL, cost=110.0)
    margin = certain_acts(poor, hazard=hazard).enter
    support = margin - poor.margin
    after = max(poor.margin / 0.09, -poor.care / 0.09 - poor.rest, -poor.leave)
    worth = (poor.margin + support + hazard * after) / (0.09 + hazard)
    assert worth == pytest.approx(poor.enter)
    assert margin > certain_acts(poor).enter


def test_doubt_moves_opening_much_and_stopping_hardly() -> None:
    poor = replace(PLANT, cost=110.0)
    sure, doubting = acts_of(LAW, poor), acts_of(LAW, poor, hazard=0.2)
    assert doubting.enter > sure.enter + 10
    assert doubting.stop == pytest.approx(sure.stop, abs=4.0)


def test_restarting_dearer_than_building_anew_is_building_anew() -> None:
    acts = acts_of(LAW, replace(PLANT, enter=20.0, restart=500.0, leave=-50.0))
    assert acts.stop <= acts.restart <= acts.enter


def test_the_return_on_the_whole_mixes_owners_and_lenders() -> None:
    terms = ProjectTerms(id="p", hurdle=0.12, rules=Rules(tax_rate=0.25))
    lent = 1.05625 / 1.025 - 1  # 7.5 % nominal less a quarter, less 2.5 % inflation
    assert return_on_whole(terms) == pytest.approx(math.log1p(0.5 * 0.12 + 0.5 * lent))


def test_without_tax_and_with_a_long_life_capital_is_capital() -> None:
    bare = ProjectTerms(id="p", debt=None)
    found = effective_capital(100.0, terms=bare, rate=0.1, life=400.0)
    assert found == pytest.approx(100.0)
    once = effective_capital(100.0, terms=bare, rate=0.1, life=10.0)
    assert once == pytest.approx(sum(100.0 * math.exp(-0.1 * 10 * n) for n in range(200)))
