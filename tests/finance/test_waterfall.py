"""The waterfall: equal to a plain second one, conserving, the same bits on any threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.appraisal import appraise
from coercivity.finance.contracts import Floor, Grant, ProductionCredit, Starts, Window
from coercivity.finance.tax import tax_with_losses
from coercivity.finance.waterfall import run as running
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import NEVER, PathCash, Rules
from coercivity.foundation.errors import InternalError
from tests.finance.plain_waterfall import close, compared, plain_path
from tests.finance.plants import certain, loan, path_cash, plant, terms, worth

RULES = st.builds(
    Rules,
    royalty=st.sampled_from([0.0, 0.05]),
    tax_rate=st.sampled_from([0.0, 0.25]),
    depreciation_class=st.sampled_from(["MACRS-7", "SL-4", "none"]),
    depletion_rate=st.sampled_from([0.0, 0.14]),
    grants_taxed=st.booleans(),
    reserve_years=st.sampled_from([0.0, 0.5, 1.0]),
    sweep=st.sampled_from([0.0, 0.5]),
    patience=st.sampled_from([1, 2, NEVER]),
    salvage=st.sampled_from([0.0, 0.2]),
)


@settings(max_examples=60, deadline=None)
@given(RULES, st.integers(0, 2), st.integers(0, 10**6))
def test_every_account_equals_that_of_the_plain_waterfall(
    rules: Rules, number: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cash = path_cash(rng, 4, 10)
    loans = [loan(rng, 10, name=f"loan {k}") for k in range(number)]
    found = run_waterfall(cash, rules, loans)
    for path in range(cash.paths):
        lines, lost, closed = plain_path(cash, rules, loans, path)
        assert int(found.closed[path]) == closed
        assert found.lost[path].tolist() == pytest.approx(lost, abs=1e-8)
        for year, line in enumerate(lines):
            for name in compared(line):
                assert close(getattr(found, name)[path, year], line[name]), (name, path, year)
            assert close(found.drawn[path, :, year].sum(), line["drawn"])
            assert close(found.paid[path, :, year].sum(), line["paid"])
        for name in ("cfads", "distributed", "contributed", "paid"):
            assert not getattr(found, name)[path, ..., len(lines) :].any()


@settings(max_examples=40, deadline=None)
@given(RULES, st.integers(0, 2), st.integers(0, 10**6))
def test_sources_equal_uses_and_loans_end_at_what_is_lost(
    rules: Rules, number: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cash = path_cash(rng, 30, 12)
    loans = [loan(rng, 12, name=f"loan {k}") for k in range(number)]
    found = run_waterfall(cash, rules, loans)
    alive = found.open_years()
    inflow = cash.revenue + cash.taxed_support + cash.untaxed_support + cash.grants
    outflow = cash.operating_cost + rules.royalty * cash.revenue + cash.capex
    outflow = outflow + cash.sustaining + cash.working_capital
    sources = (inflow * alive).sum(axis=1) + found.drawn.sum(axis=(1, 2))
    sources += found.contributed.sum(axis=1) + found.salvage.sum(axis=1)
    uses = (outflow * alive).sum(axis=1) + found.tax.sum(axis=1) + found.fees.sum(axis=1)
    uses += found.paid.sum(axis=(1, 2)) + found.distributed.sum(axis=1)
    assert sources == pytest.approx(uses, rel=1e-9)
    for k, agreed in enumerate(loans):
        balance = np.zeros(cash.paths)
        for year in range(cash.years):
            on_time = year <= found.closed
            grown = balance * (1 + agreed.rate) + found.drawn[:, k, year] - found.paid[:, k, year]
            balance = np.where(on_time, grown, balance)
        assert balance == pytest.approx(found.lost[:, k], abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(RULES, st.integers(1, 2), st.integers(0, 10**6))
def test_owners_take_nothing_while_service_is_unpaid_and_never_pay_it(
    rules: Rules, number: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cash = replace(path_cash(rng, 30, 12), grants=np.zeros((1, 12)))
    loans = [loan(rng, 12, name=f"loan {k}") for k in range(number)]
    found = run_waterfall(cash, rules, loans)
    inside = (np.arange(12)[None, :] < np.minimum(found.closed, 11)[:, None]) & (
        found.unpaid > 1e-9
    )
    assert np.all(found.distributed[inside] <= 1e-9)
    late = np.arange(12)[None, :] >= np.maximum(cash.first_output, 4)[:, None]
    needed = np.maximum(-(found.cfads - found.fees), 0.0)
    assert found.contributed[late] == pytest.approx(needed[late], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 2), st.integers(0, 10**6))
def test_loans_and_grants_are_never_above_what_is_spent(number: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    cash = path_cash(rng, 30, 12)
    loans = [loan(rng, 12, name=f"loan {k}") for k in range(number)]
    found = run_waterfall(cash, Rules(), loans)
    room = np.maximum(cash.capex - cash.grants, 0.0)
    assert np.all(found.drawn.sum(axis=1) <= room + 1e-9)
    assert np.all(found.drawn.sum(axis=2) <= [agreed.principal + 1e-9 for agreed in loans])


def test_tax_without_debt_is_that_of_the_plain_rule() -> None:
    rng = np.random.default_rng(3)
    income = rng.normal(10, 40, (50, 12))
    zero = np.zeros((1, 12))
    cash = PathCash(
        revenue=np.maximum(income, 0),
        operating_cost=np.maximum(-income, 0),
        capex=zero,
        sustaining=zero,
        working_capital=zero,
        taxed_support=zero,
        untaxed_support=zero,
        grants=zero,
        first_output=np.zeros(50, dtype=np.int64),
    )
    found = run_waterfall(cash, Rules(tax_rate=0.3, patience=NEVER))
    assert found.tax == pytest.approx(tax_with_losses(income, rate=0.3).tax)


def test_depletion_is_at_most_half_of_income() -> None:
    cash = certain()
    base = terms(debt=None, rules=Rules(tax_rate=0.25))
    free = replace(base, rules=Rules(tax_rate=0.25, depletion_rate=0.14))
    huge = replace(base, rules=Rules(tax_rate=0.25, depletion_rate=1.0))
    taxes = [appraise(cash, t).project.tax.sum() for t in (base, free, huge)]
    assert taxes[0] > taxes[1] > taxes[2]
    assert taxes[2] == pytest.approx(taxes[0] / 2, rel=1e-9)


def test_the_same_bits_on_one_two_and_three_threads() -> None:
    cash = plant(2000)
    contracts = [
        Floor(id="f", material="good", strike=80.0, window=Window(Starts.FIRST_OUTPUT, 0.0, 8.0)),
        Grant(id="g", amount=40.0, budget=200.0),
        ProductionCredit(id="c", material="good", amount=4.0),
    ]
    found = [appraise(cash, terms(), contracts, workers=w) for w in (1, 2, 3)]
    for other in found[1:]:
        for name in ("owners", "equity_npv", "project_npv"):
            assert getattr(found[0], name).tobytes() == getattr(other, name).tobytes()
        assert found[0].equity_irr.rates.tobytes() == other.equity_irr.rates.tobytes()
        assert found[0].accounts.paid.tobytes() == other.accounts.paid.tobytes()


def test_paths_do_not_see_each_other() -> None:
    cash = path_cash(np.random.default_rng(1), 20, 10)
    loans = [loan(np.random.default_rng(2), 10, name="loan")]
    rules = Rules(tax_rate=0.2, sweep=0.3)
    all_paths = run_waterfall(cash, rules, loans)
    names = ["revenue", "operating_cost", "capex", "sustaining", "working_capital"]
    names += ["taxed_support", "untaxed_support", "grants"]
    last = PathCash(
        **{n: getattr(cash, n)[-1:] for n in names}, first_output=cash.first_output[-1:]
    )
    assert run_waterfall(last, rules, loans).equity[0].tolist() == all_paths.equity[-1].tolist()


def test_an_imbalance_is_our_bug() -> None:
    with pytest.raises(InternalError, match=r"sources and uses of path 1 differ by 0\.1"):
        running._refuse_imbalance(np.array([0.0, 0.1]))
    with pytest.raises(InternalError, match="path 0"):
        running._refuse_imbalance(np.array([np.nan]))


def test_value_is_conserved_between_owners_lenders_and_the_public() -> None:
    contracts = [
        Floor(id="f", material="good", strike=80.0),
        Grant(id="g", amount=40.0, budget=200.0),
        ProductionCredit(id="c", material="good", amount=4.0),
    ]
    rules = Rules(tax_rate=0.25, royalty=0.03, salvage=0.1, sweep=0.2)
    found = appraise(plant(300), terms(rules=rules, inflation=0.0), contracts)
    accounts, book = found.accounts, found.operations.book
    alive, rate = accounts.open_years(), 0.05
    lenders = worth((accounts.paid - accounts.drawn).sum(axis=1), rate)
    owners = worth(accounts.equity, rate)
    paid = sum(found.settlements[c.id].outlay for c in contracts) * alive
    public = worth(accounts.tax + rules.royalty * book.revenue * alive - paid, rate)
    plant_itself = (book.revenue - book.operating_cost - book.capex) * alive
    upkeep = 2.0 * (np.arange(15) >= 2) * alive
    held = np.diff(accounts.reserve, axis=1, prepend=0.0)
    whole = worth(plant_itself - upkeep + accounts.salvage - held, rate)
    assert owners + lenders + public == pytest.approx(whole, rel=1e-9, abs=1e-7)
