"""Standing idle and closing: a choice that is worth something, and more where the plant is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.appraisal import appraise
from coercivity.finance.closing import rational_closing, years_of_standing
from coercivity.finance.contracts import (
    Contract,
    Floor,
    ProductionCredit,
    Starts,
    TakeOrPay,
    Window,
)
from coercivity.finance.debt import DebtTerms
from coercivity.finance.inputs import CashInputs
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import NEVER, Rules
from tests.finance.plants import YEARS, certain, loan, path_cash, plant, terms

RAMP = np.concatenate([np.zeros(2), np.ones(YEARS - 2)])


def falling(price: float, *, year: int = 5) -> CashInputs:
    """Describe a certain plant whose price falls for good."""
    after = np.arange(YEARS) >= year
    return certain(prices={"good": np.where(after, price, 60.0)}, care_cost=4.0 * RAMP)


def test_a_plant_that_will_only_lose_is_closed_when_that_is_seen_and_gets_nothing_after() -> None:
    support = Floor(id="f", material="good", strike=3.0)
    found = appraise(falling(1.0), terms(debt=None), [support])
    assert found.accounts.closed.tolist() == [4]
    assert not found.accounts.cfads[0, 5:].any()
    assert found.public.outlay.value == 0.0


def test_a_small_loss_for_good_closes_a_plant_that_would_never_stand_idle() -> None:
    found = appraise(falling(18.0), terms(debt=None))
    assert not found.operations.idle.any()
    assert found.accounts.closed.tolist() == [4]


def test_a_dip_before_better_years_closes_nothing() -> None:
    price = np.full(YEARS, 60.0)
    price[5:7] = 10.0
    cash = certain(prices={"good": price}, care_cost=4.0 * RAMP)
    found = appraise(cash, terms(debt=None))
    assert np.flatnonzero(found.operations.idle[0]).tolist() == [5, 6]
    assert found.accounts.closed.tolist() == [YEARS]


@pytest.mark.parametrize(("patience", "closes"), [(2, 4), (3, 4), (4, YEARS)])
def test_owners_pay_no_care_for_a_plant_that_too_many_idle_years_will_close(
    patience: int, closes: int
) -> None:
    price = np.full(YEARS, 90.0)
    price[5:8] = 10.0
    cash = certain(prices={"good": price}, care_cost=4.0 * RAMP)
    found = appraise(cash, terms(debt=None, rules=Rules(patience=patience)))
    assert found.accounts.closed.tolist() == [closes]


def test_a_plant_is_closed_for_what_it_fetches() -> None:
    rules = Rules(salvage=0.5)
    found = appraise(falling(24.0), terms(debt=None, rules=rules))
    assert found.accounts.closed.tolist() == [4]
    assert found.accounts.salvage[0, 4] > 0
    assert appraise(falling(24.0), terms(debt=None)).accounts.closed.tolist() == [YEARS]


def test_contracts_on_output_pay_nothing_while_a_plant_stands_idle() -> None:
    offers: list[Contract] = [
        Floor(id="f", material="good", strike=12.0),
        ProductionCredit(id="c", material="good", amount=1.0),
        TakeOrPay(id="t", material="good", price=5.0),
    ]
    found = appraise(plant(300, lower=0.3), terms(debt=None), offers)
    idle = found.operations.idle
    assert idle.any()
    for settled in found.settlements.values():
        assert not np.broadcast_to(settled.to_project, idle.shape)[idle].any()


def test_owners_leave_a_plant_that_loses_money_while_its_debt_is_unpaid() -> None:
    rng = np.random.default_rng(3)
    cash = replace(path_cash(rng, 40, 14), closes=None)
    agreed = [loan(rng, 14, name="loan")]
    found = run_waterfall(cash, Rules(patience=2), agreed)
    late = np.arange(14)[None, :] >= cash.first_output[:, None]
    failed = late & (found.cfads < 0) & (found.unpaid > 1e-9)
    by_hand = [
        next((y for y in range(1, 14) if failed[n, y] and failed[n, y - 1]), 14) for n in range(40)
    ]
    assert found.closed.tolist() == by_hand
    assert min(by_hand) < 14
    assert not (run_waterfall(cash, Rules(patience=NEVER), agreed).closed < 14).any()


OFFERS: tuple[list[Contract], ...] = (
    [],
    [Floor(id="f", material="good", strike=60.0, window=Window(Starts.FIRST_OUTPUT, 0.0, 6.0))],
    [ProductionCredit(id="c", material="good", amount=4.0)],
)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.floats(0.2, 1.2),
    st.floats(0.5, 0.98),
    st.sampled_from(OFFERS),
    st.sampled_from([0.0, 0.25]),
    st.sampled_from([2, 3, NEVER]),
)
def test_worth_never_rises_when_the_margin_falls(
    seed: int, lower: float, fall: float, offers: list[Contract], tax: float, patience: int
) -> None:
    asked = terms(debt=None, rules=Rules(tax_rate=tax, patience=patience))
    good = plant(300, seed=seed, lower=lower)
    cases = [good, plant(300, seed=seed, lower=lower * fall)]
    cases.append(replace(good, operating_cost=np.asarray(good.operating_cost) / fall))
    better, *worse = (appraise(cash, asked, offers).worth.value for cash in cases)
    for value in worse:
        assert value <= better + 1e-6


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.floats(0.2, 1.2),
    st.sampled_from(OFFERS),
    st.sampled_from([None, DebtTerms(gearing_limit=0.4)]),
    st.floats(0.0, 12.0),
)
def test_the_choice_to_stand_idle_and_to_close_is_worth_something(
    seed: int, lower: float, offers: list[Contract], debt: DebtTerms | None, care: float
) -> None:
    asked = terms(debt=debt, rules=Rules(patience=NEVER))
    cash = plant(300, seed=seed, lower=lower, care_cost=care)
    free = appraise(cash, replace(asked, rules=Rules(patience=NEVER)), offers)
    bound = appraise(cash, replace(asked, may_idle=False, may_close=False), offers)
    assert free.project_npv.mean() >= bound.project_npv.mean() - 1e-6


def test_the_rule_found_is_the_best_of_all_thresholds() -> None:
    rng = np.random.default_rng(5)
    sign = rng.normal(0, 1, (12, 3))
    flows = sign + rng.normal(0, 0.3, (12, 3))
    never, zero = np.full(12, 3), np.zeros(12, dtype=np.int64)
    found = rational_closing(
        flows, [sign], worth_of_closing=np.zeros((1, 3)), started=zero, latest=never
    )
    kept = np.where(np.arange(3)[None, :] <= found[:, None], flows, 0.0).sum()
    best = -np.inf
    cuts = [np.append(np.sort(sign[:, year]), np.inf) for year in range(2)]
    for first, second in product(*cuts):
        when = np.where(sign[:, 0] < first, 0, np.where(sign[:, 1] < second, 1, 3))
        best = max(best, np.where(np.arange(3)[None, :] <= when[:, None], flows, 0.0).sum())
    assert kept <= best + 1e-12
    assert kept >= best - 0.05 * abs(best)
    assert kept >= flows.sum()


def test_nothing_closes_before_it_has_begun_or_where_going_on_pays() -> None:
    flows = np.full((50, 6), -1.0)
    started = np.full(50, 3)
    found = rational_closing(
        flows, [flows], worth_of_closing=np.zeros((1, 6)), started=started, latest=0 * started + 6
    )
    assert set(found.tolist()) == {3}
    good = rational_closing(
        -flows, [flows], worth_of_closing=np.zeros((1, 6)), started=started, latest=0 * started + 6
    )
    assert set(good.tolist()) == {6}


def test_idle_years_count_only_while_they_follow_each_other() -> None:
    idle = np.array([[True, False, True, True, False, True], [True, True, True, False, True, True]])
    assert years_of_standing(idle, patience=3).tolist() == [6, 2]
    assert years_of_standing(idle, patience=2).tolist() == [3, 1]
