"""The whole appraisal: acceptance, the public side, idling, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.acceptance import AcceptanceRule, Estimate
from coercivity.finance.appraisal import appraise
from coercivity.finance.contracts import (
    Contract,
    EbitdaFloor,
    Floor,
    Grant,
    Guarantee,
    PolicyLoan,
    PreferredEquity,
    TakeOrPay,
)
from coercivity.finance.debt import DebtTerms
from coercivity.finance.inputs import CashInputs
from coercivity.finance.refusals import FinanceError
from coercivity.finance.waterfall.terms import Rules
from tests.finance.plants import YEARS, certain, plant, terms, worth


def test_a_certain_plant_is_worth_what_a_spreadsheet_says() -> None:
    found = appraise(certain(), terms(debt=None, rules=Rules(), inflation=0.0, shift=0.0))
    flows = np.array([[-80.0, -120.0] + [50.0] * 13])
    assert found.owners == pytest.approx(flows)
    assert found.equity_npv == pytest.approx(worth(flows, 0.12))
    assert found.payback.years.tolist() == [pytest.approx(4.0)]
    assert found.acceptance.worth.standard_error == 0.0


def test_inflation_alone_changes_nothing_real_before_tax_and_debt() -> None:
    found = [
        appraise(certain(), terms(debt=None, rules=Rules(), inflation=rate)).equity_npv
        for rate in (0.0, 0.03, 0.10)
    ]
    assert found[1] == pytest.approx(found[0])
    assert found[2] == pytest.approx(found[0])


def test_inflation_eats_depreciation_and_an_unindexed_floor() -> None:
    still, rising = (terms(debt=None, inflation=rate) for rate in (0.0, 0.05))
    assert appraise(certain(), rising).worth.value < appraise(certain(), still).worth.value
    for indexed, same in ((True, True), (False, False)):
        floor = Floor(id="f", material="good", strike=90.0, indexed=indexed)
        values = [
            appraise(certain(), replace(t, rules=Rules()), [floor]).worth.value
            for t in (still, rising)
        ]
        assert (values[1] == pytest.approx(values[0])) is same


def test_a_loan_at_the_treasury_rate_that_is_repaid_costs_the_public_nothing() -> None:
    asked = terms(debt=None)
    nominal = (1 + asked.treasury_rate) * (1 + asked.inflation) - 1
    loan = PolicyLoan(id="l", amount=90.0, rate=nominal, tenor=8, grace=1)
    found = appraise(certain(), asked, [loan])
    assert found.accounts.lost.max() == pytest.approx(0.0, abs=1e-9)
    assert found.public.credit_subsidy.value == pytest.approx(0.0, abs=1e-9)
    assert found.public.promised == pytest.approx(
        found.accounts.drawn[0, 0]
        @ (1.025 ** -(np.arange(YEARS) + 0.5) / 1.025 ** np.arange(YEARS))
    )
    dearer = appraise(certain(), asked, [replace(loan, rate=nominal + 0.01)])
    assert dearer.public.credit_subsidy.value < 0


def test_defaults_of_the_paths_make_the_credit_subsidy() -> None:
    asked = terms(debt=None, rules=Rules(tax_rate=0.25, salvage=0.1))
    loan = PolicyLoan(id="l", amount=150.0, rate=0.05, tenor=10)
    found = appraise(plant(500, lower=0.7), asked, [loan])
    level = asked.price_level(YEARS)
    moved = (found.accounts.drawn - found.accounts.paid)[:, 0] / level
    by_hand = (worth(moved, 0.025) / 1.025**0.5).mean()
    assert found.public.credit_subsidy.value == pytest.approx(by_hand)
    assert by_hand > 0
    lost = found.accounts.lost[:, 0] > 0
    assert 0.1 < lost.mean() < 1.0
    assert found.acceptance.shortfall.value >= lost.mean()


def test_a_guarantee_pays_its_share_of_the_loss_less_fees() -> None:
    debt = DebtTerms(gearing_limit=0.9, dscr=1.0, tenor=10, tail=0.9)
    asked = terms(debt=debt, rules=Rules(salvage=0.1), inflation=0.0, shift=0.0)
    found = appraise(plant(500, lower=0.7), asked, [Guarantee(id="g", cover=0.6, fee=0.005)])
    accounts = found.accounts
    last = np.minimum(accounts.closed, YEARS - 1)
    by_hand = 0.6 * accounts.lost[:, 0] * 1.025 ** -last.astype(float)
    by_hand -= worth(accounts.fees, 0.025)
    assert accounts.lost.max() > 0
    assert found.public.paths == pytest.approx(by_hand)
    assert found.public.promised > found.public.outlay.value


def test_preferred_equity_takes_from_the_owners_what_it_gets() -> None:
    offer = PreferredEquity(id="p", amount=80.0, dividend=0.07, stake=0.1)
    asked = terms(debt=None)
    bare, shared = appraise(plant(100), asked), appraise(plant(100), asked, [offer])
    put, taken = offer.split(shared.accounts.contributed, shared.accounts.distributed)
    level = asked.price_level(YEARS)
    assert shared.owners + (taken - put) / level == pytest.approx(bare.owners)
    assert shared.public.paths == pytest.approx(worth((put - taken) / level, 0.025) / 1.025**0.5)


def test_a_plant_idles_where_running_loses_more_than_care_and_only_there() -> None:
    cash = plant(400, lower=0.45)
    open_ended = terms(debt=None, may_close=False)
    running = appraise(cash, replace(open_ended, may_idle=False))
    idling = appraise(cash, open_ended)
    assert idling.operations.idle.any()
    assert np.all(idling.project_npv >= running.project_npv - 1e-9)
    margin = running.operations.book.revenue - running.operations.book.operating_cost
    care = 5.0 * terms().price_level(YEARS)
    started = np.arange(YEARS) >= 2
    assert np.array_equal(idling.operations.idle, started & (margin < -care))


def test_a_floor_under_the_result_keeps_a_plant_running() -> None:
    cash = plant(100, lower=0.3)
    floor = EbitdaFloor(id="e", amount=10.0)
    found = appraise(cash, terms(debt=None), [floor])
    assert not found.operations.idle.any()
    result = found.operations.book.revenue - found.operations.book.operating_cost
    paid = found.settlements["e"].to_project
    assert (result + paid)[:, 2:].min() == pytest.approx(10.0)


def test_unsold_products_and_realisation_lower_revenue_and_take_or_pay_restores_it() -> None:
    cash = certain(sold_share={"good": 0.6}, realisation={"good": 0.5})
    found = appraise(cash, terms(debt=None, inflation=0.0))
    assert found.operations.book.revenue[0, 5] == pytest.approx(70 * 0.6 * 0.5)
    taken = TakeOrPay(id="t", material="good", price=35.0)
    restored = appraise(cash, terms(debt=None, inflation=0.0), [taken])
    assert restored.settlements["t"].to_project[0, 5] == pytest.approx(35.0 * 0.4)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 0.3), st.floats(0.0, 3.0), st.integers(0, 100))
def test_the_accept_rule_is_what_it_says(limit: float, errors: float, seed: int) -> None:
    rule = AcceptanceRule(loss_limit=limit, errors=errors)
    found = appraise(plant(100, seed=seed), terms(acceptance=rule)).acceptance
    worth_enough = found.worth.value >= errors * found.worth.standard_error
    rare = found.loss.value + errors * found.loss.standard_error <= limit
    assert found.investor_accepts == (worth_enough and rare)
    assert bool(found.reasons) == (not (found.investor_accepts and found.lender_accepts))


def test_waiting_raises_what_owners_ask() -> None:
    good = appraise(certain(), terms())
    assert good.acceptance.investor_accepts
    waiting = appraise(certain(), terms(value_of_waiting=good.worth.value + 1.0))
    assert not waiting.acceptance.investor_accepts
    assert "is below" in waiting.acceptance.reasons[0]


def test_loss_of_capital_is_rarer_than_missing_the_hurdle() -> None:
    found = appraise(plant(1000), terms()).acceptance
    assert found.loss.value < found.behind_hurdle.value


def test_lenders_who_find_no_cash_do_not_accept() -> None:
    found = appraise(plant(200, lower=0.3), terms())
    assert not found.acceptance.lender_accepts
    assert "no debt can be sized" in " ".join(found.acceptance.reasons)
    assert found.debt == 0.0
    assert np.isfinite(found.equity_npv).all()


def test_standard_errors_are_those_of_a_mean_and_a_share() -> None:
    sample = np.random.default_rng(1).normal(3, 2, 10_000)
    assert Estimate.mean(sample).standard_error == pytest.approx(0.02, rel=0.03)
    assert Estimate.share(np.asarray(sample > 3)).standard_error == pytest.approx(0.005, rel=0.01)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 1000),
    st.floats(0.05, 3.0),
    st.sampled_from([(), ("floor",), ("grant", "loan"), ("floor", "loan", "guarantee")]),
    st.sampled_from([None, DebtTerms(), DebtTerms(gearing_limit=1.0, dscr=1.0, tail=0.6)]),
)
def test_every_figure_is_finite_or_says_why(
    seed: int, lower: float, kinds: tuple[str, ...], debt: DebtTerms | None
) -> None:
    offers: dict[str, Contract] = {
        "floor": Floor(id="f", material="good", strike=80.0),
        "grant": Grant(id="g", amount=60.0, budget=200.0),
        "loan": PolicyLoan(id="l", amount=70.0, rate=0.03, tenor=9),
        "guarantee": Guarantee(id="u", cover=0.8, fee=0.01, dscr=1.1),
    }
    found = appraise(
        plant(20, seed=seed, lower=lower), terms(debt=debt), [offers[k] for k in kinds]
    )
    for values in (found.owners, found.equity_npv, found.public.paths, found.accounts.balance):
        assert np.isfinite(values).all()
    assert np.array_equal(np.isnan(found.equity_irr.rates), found.equity_irr.status >= 2)
    assert np.isfinite(found.public.p95)
    drawn = found.accounts.drawn.sum(axis=1)
    assert np.all(drawn <= found.operations.book.capex + 1e-9)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"prices": {"good": 0.0}}, r"no revenue to appraise: no product is sold.*\[F103\]"),
    ({"prices": {}}, r"output of \['good'\] has no price.*\[F103\]"),
    ({"sold_share": {"good": 0.0}}, r"no product is sold.*\[F103\]"),
    ({"produced": {"good": np.zeros(15)}}, r"no product is sold.*\[F103\]"),
    ({"operating_cost": np.ones(14)}, r"operating cost has 14 columns, but .* 15 years.*\[F105\]"),
    ({"capex": np.ones((3, 15)), "operating_cost": np.ones((2, 15))}, r"2 paths, others have 3"),
    (
        {"care_cost": np.nan},
        r"care cost is nan on path 0, column 0.*nothing is filled in.*\[F105\]",
    ),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED)
def test_cash_that_cannot_be_appraised_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(FinanceError, match=message):
        appraise(certain(**changes), terms())


def test_an_unknown_depreciation_class_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FinanceError, match=r"'MACRS-9' is not known.*MACRS-7.*\[F106\]"):
        appraise(certain(), terms(rules=Rules(depreciation_class="MACRS-9")))


def test_a_single_row_stands_for_every_path() -> None:
    one: CashInputs = certain(produced={"good": np.concatenate([np.zeros(2), np.ones(13)])})
    rows = replace(one, prices={"good": np.full((7, YEARS), 70.0)})
    many, single = appraise(rows, terms()), appraise(one, terms())
    assert many.equity_npv.tolist() == [single.equity_npv[0]] * 7


def test_net_of_tax_a_taxed_payment_costs_less_by_the_tax_on_it() -> None:
    asked = terms(debt=None, rules=Rules(tax_rate=0.25), inflation=0.0)
    floor = Floor(id="f", material="good", strike=90.0)
    found = appraise(certain(), asked, [floor])
    gross, net = found.public.outlay.value, found.public.net.value
    # Every year has income, with losses and depreciation all used up in the end.
    assert net == pytest.approx(0.75 * gross, rel=1e-9)
    untaxed = appraise(certain(), replace(asked, rules=Rules()), [floor]).public
    assert untaxed.net.value == untaxed.outlay.value
    alone = appraise(certain(), asked, []).public
    assert alone.net.value == alone.outlay.value == 0.0


def test_net_of_tax_a_grant_costs_more_since_it_is_written_off_no_more() -> None:
    asked = terms(debt=None, rules=Rules(tax_rate=0.25), inflation=0.0)
    public = appraise(certain(), asked, [Grant(id="g", amount=60.0, budget=200.0)]).public
    assert 0.75 * public.outlay.value < public.net.value < public.outlay.value


def test_net_cost_and_tax_without_support_are_what_the_public_has_in_all() -> None:
    asked = terms(rules=Rules(tax_rate=0.25, royalty=0.02), may_close=False, may_idle=False)
    floor = Floor(id="f", material="good", strike=80.0)
    with_it, bare = appraise(plant(200), asked, [floor]), appraise(plant(200), asked)
    same = appraise(plant(200), replace(asked, debt=None), [floor])
    without = appraise(plant(200), replace(asked, debt=None))
    in_all = same.public.outlay.value - same.public.tax.value
    assert same.public.net.value - without.public.tax.value == pytest.approx(in_all)
    assert with_it.public.net.value < with_it.public.outlay.value
    assert bare.public.net.value == 0.0


def test_no_rate_is_told_where_grants_pay_for_everything() -> None:
    asked = terms(debt=None, rules=Rules(tax_rate=0.25))
    budget = 80.0 + 120.0 * 1.025
    found = appraise(certain(), asked, [Grant(id="g", amount=budget, budget=budget)])
    assert not np.isfinite(found.equity_irr.quantile(0.5))
    assert np.abs(found.owners[:, :2]).max() < 1e-6
