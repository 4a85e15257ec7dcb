"""Debt: flat cover under sculpting, limits kept, terms refused, statistics named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.appraisal import appraise
from coercivity.finance.compiled import Array
from coercivity.finance.cover import debt_cover, loan_life_cover
from coercivity.finance.debt import Bound, DebtTerms, Repayment, agreed_loan, size_debt, tail_cash
from coercivity.finance.refusals import FinanceError
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import PathCash, Rules
from tests.finance.plants import certain, plant, terms

YEARS = 14
BUDGET = np.array([100.0, 150.0] + [0.0] * (YEARS - 2))
CASH = st.lists(st.floats(1, 100), min_size=YEARS - 2, max_size=YEARS - 2)
LENDERS = st.builds(
    DebtTerms,
    gearing_limit=st.sampled_from([0.3, 0.7, 1.0]),
    dscr=st.sampled_from([1.0, 1.3, 2.0]),
    rate=st.sampled_from([0.0, 0.05, 0.1]),
    tenor=st.integers(1, 9),
    grace=st.integers(0, 3),
    repayment=st.sampled_from(Repayment),
)


def untaxed(cfads: list[float]) -> PathCash:
    """Describe a plant that earns exactly this after two years of building."""
    zero = np.zeros((1, YEARS))
    return PathCash(
        revenue=np.array([[0.0, 0.0, *cfads]]),
        operating_cost=zero,
        capex=BUDGET[None, :],
        sustaining=zero,
        working_capital=zero,
        taxed_support=zero,
        untaxed_support=zero,
        grants=zero,
        first_output=np.array([2]),
    )


@settings(max_examples=100, deadline=None)
@given(CASH, LENDERS)
def test_a_sized_loan_is_repaid_by_its_payments_and_keeps_its_limits(
    cfads: list[float], lender: DebtTerms
) -> None:
    cash = untaxed(cfads)
    sizing = size_debt(cash.revenue, lender, budget=BUDGET, first_output=2)
    loan = sizing.loan
    assert 0 < loan.principal <= lender.gearing_limit * BUDGET.sum() + 1e-9
    repaid = slice(2 + lender.grace, 2 + lender.grace + lender.tenor)
    assert np.all(loan.due[repaid] <= cash.revenue[0, repaid] / lender.dscr + 1e-9)
    assert loan.due.sum() == pytest.approx(loan.due[repaid].sum())
    enough = lender.rate * loan.principal * 1.3 < min(cfads)
    found = run_waterfall(cash, Rules(reserve_years=0.0), [loan])
    if enough:
        assert found.lost[0, 0] == pytest.approx(0.0, abs=1e-7)
        assert found.unpaid.max() == pytest.approx(0.0, abs=1e-7)
        assert found.balance[0, repaid.stop - 1] == pytest.approx(0.0, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(CASH, st.sampled_from([1.1, 1.3, 2.0]), st.sampled_from([0.0, 0.06]), st.integers(2, 12))
def test_sculpting_gives_flat_cover_and_the_same_loan_life_cover(
    cfads: list[float], dscr: float, rate: float, tenor: int
) -> None:
    lender = DebtTerms(gearing_limit=1.0, dscr=dscr, rate=rate, tenor=tenor)
    cash = untaxed(cfads)
    sizing = size_debt(cash.revenue, lender, budget=BUDGET * 100, first_output=2)
    assert sizing.bound is Bound.COVER
    big = replace(cash, capex=cash.capex * 100)
    found = run_waterfall(big, Rules(reserve_years=0.0), [sizing.loan])
    serving = found.due[0] > 0
    assert found.cfads[0, serving] / found.due[0, serving] == pytest.approx(dscr, rel=1e-9)
    assert loan_life_cover(found)[0] == pytest.approx(dscr, rel=1e-9)


def test_debt_bound_by_cover_is_the_present_value_of_covered_cash() -> None:
    lender = DebtTerms(gearing_limit=1.0, dscr=1.25, rate=0.08, tenor=5)
    cash = np.array([0.0, 10.0, 20.0, 30.0, 20.0, 10.0])
    budget = np.array([500.0, 0, 0, 0, 0, 0])
    sizing = size_debt(cash, lender, budget=budget, first_output=1)
    expected = sum(c / 1.25 / 1.08**year for year, c in enumerate(cash))
    assert sizing.loan.principal == pytest.approx(expected, rel=1e-12)


def test_the_bad_tenth_of_cash_sizes_it() -> None:
    paths = np.linspace(0, 100, 101)[:, None] * np.ones((1, 4))
    assert tail_cash(paths, tail=0.10).tolist() == pytest.approx([10.0] * 4)
    assert tail_cash(paths, tail=0.5).tolist() == pytest.approx([50.0] * 4)


def test_a_senior_loan_leaves_less_to_lend_on() -> None:
    cash = np.array([0.0, 130.0, 130.0, 130.0])
    lender = DebtTerms(gearing_limit=1.0, dscr=1.3, rate=0.0, tenor=3)
    budget = np.array([900.0, 0, 0, 0])
    sizing = size_debt(cash, lender, budget=budget, first_output=1, senior=[0, 40.0, 40, 40])
    assert sizing.loan.principal == pytest.approx(180.0)


def test_no_cash_no_capital_and_gearing_are_told_apart() -> None:
    lender = DebtTerms(gearing_limit=0.5, dscr=1.0, rate=0.0, tenor=3)
    budget = np.array([100.0, 0, 0, 0])
    sizes = [
        size_debt(cash, lender, budget=spent, first_output=1)
        for cash, spent in (
            (np.array([0.0, -1, -1, -1]), budget),
            (np.array([0.0, 9, 9, 9]), 0 * budget),
            (np.array([0.0, 90, 90, 90]), budget),
        )
    ]
    assert [s.bound for s in sizes] == [Bound.NO_CASH, Bound.NO_CAPITAL, Bound.GEARING]
    assert [s.loan.principal for s in sizes] == pytest.approx([0.0, 0.0, 50.0])
    for sizing in sizes:
        assert np.isfinite(sizing.loan.due).all()


def test_an_agreed_loan_is_level_and_repaid() -> None:
    lender = DebtTerms(gearing_limit=1.0, rate=0.07, tenor=6, grace=2)
    sizing = agreed_loan(lender, amount=90.0, budget=BUDGET, first_output=2)
    found = run_waterfall(untaxed([60.0] * (YEARS - 2)), Rules(), [sizing.loan])
    paid = found.paid[0, 0]
    assert found.drawn[0, 0].sum() == pytest.approx(90.0)
    assert paid[2:4] == pytest.approx(found.balance[0, 1] * 0.07)
    assert paid[4:10] == pytest.approx(paid[4])
    assert found.lost[0, 0] == pytest.approx(0.0, abs=1e-9)


def test_terms_that_contradict_each_other_are_refused_with_their_values() -> None:
    with pytest.raises(FinanceError, match=r"gearing_limit 1\.2, dscr 0\.9.*\[F104\]"):
        DebtTerms(gearing_limit=1.2, dscr=0.9)
    with pytest.raises(FinanceError, match=r"tenor 0.*\[F104\]"):
        DebtTerms(tenor=0)
    with pytest.raises(FinanceError, match=r"years 5 to 14, but the project ends after.*\[F102\]"):
        size_debt(np.ones(12), DebtTerms(tenor=10, grace=3), budget=np.ones(12), first_output=2)


def test_statistics_of_cover_are_ordered_and_differ() -> None:
    found = appraise(plant(2000), terms(debt=DebtTerms(gearing_limit=0.7)))
    cover = found.cover
    for level in (1.0, 1.3):
        share = cover.share_of_years_below[level]
        assert 0 < share < cover.worst_year_below[level] < cover.paths_below[level]
    assert cover.path_minimum_p10 < cover.average_p50


def test_cover_without_debt_is_infinite_and_never_missing() -> None:
    cover = debt_cover(appraise(certain(), terms(debt=None)).accounts)
    assert cover.path_minimum_p10 == np.inf
    assert cover.share_of_years_below[1.0] == 0.0


def test_debt_sized_with_its_tax_shield_converges_to_flat_cover() -> None:
    base = terms(debt=DebtTerms(gearing_limit=1.0, tenor=10), rules=Rules(tax_rate=0.25))
    cash = certain(price=45.0)
    careful, shielded = (appraise(cash, replace(base, shield_rounds=rounds)) for rounds in (0, 40))
    assert shielded.debt > careful.debt

    def cover(found: Array, due: Array) -> Array:
        return found[due > 0] / due[due > 0]

    flat = cover(shielded.accounts.cfads[0], shielded.accounts.due[0])
    assert flat == pytest.approx(1.3, rel=1e-6)


def test_debt_is_never_above_what_grants_and_agreed_loans_leave() -> None:
    from coercivity.finance.contracts import Grant, PolicyLoan

    budget = float(np.sum(np.asarray(certain().budget) * terms().price_level(15)))
    contracts = [
        Grant(id="g", amount=0.3 * budget, budget=budget),
        PolicyLoan(id="l", amount=0.4 * budget, rate=0.03, tenor=8),
    ]
    found = appraise(certain(200.0), terms(debt=DebtTerms(gearing_limit=0.9)), contracts)
    assert found.debt == pytest.approx(0.7 * budget)
    drawn = found.accounts.drawn.sum(axis=1)
    grants = found.settlements["g"].to_project
    assert np.all(drawn + grants <= found.operations.book.capex + 1e-9)
