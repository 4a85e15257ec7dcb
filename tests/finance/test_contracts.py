"""Contracts: each formula by hand, and laws that hold for all draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.appraisal import appraise
from coercivity.finance.contracts import (
    KINDS,
    Basis,
    Book,
    Contract,
    ContractForDifference,
    CostPlus,
    EbitdaFloor,
    Floor,
    Grant,
    Guarantee,
    PolicyLoan,
    PreferredEquity,
    ProductionCredit,
    Starts,
    Step,
    StockpilePurchase,
    TakeOrPay,
    Tariff,
    UpsideShare,
    Window,
    registry,
)
from coercivity.finance.contracts.checks import contract_problems
from coercivity.finance.debt import DebtTerms
from coercivity.finance.waterfall.terms import NEVER, Rules
from coercivity.foundation.errors import CaseError
from coercivity.tables.schemas.money import CONTRACT_KINDS
from tests.finance.plants import certain, plant, terms

OPEN = Rules(tax_rate=0.25, patience=NEVER)
"""Of a plant that never closes."""


def book(**changes: Any) -> Book:
    """Describe two years of one product at quarterly prices around 60."""
    made: dict[str, Any] = {
        "prices": {"x": np.array([[40.0, 60.0, 80.0, 100.0, 50.0, 50.0, 50.0, 50.0]])},
        "volumes": {"x": np.array([[2.0, 4.0]])},
        "produced": {"x": np.array([[3.0, 4.0]])},
        "revenue": np.array([[140.0, 200.0]]),
        "operating_cost": np.array([[100.0, 250.0]]),
        "capex": np.array([[50.0, 50.0]]),
        "first_output": np.array([0]),
        "level": np.array([1.0, 1.1]),
    }
    return Book(**{**made, **changes})


def paid(contract: Contract, seen: Book | None = None) -> list[float]:
    """Settle and give what the project gets."""
    return [float(p) for p in np.round(contract.settle(seen or book()).to_project[0], 9)]


def test_a_floor_pays_quarter_by_quarter_not_on_the_mean() -> None:
    assert paid(Floor(id="f", material="x", strike=70.0)) == [20.0, 60.0]
    by_year = replace(book(), prices={"x": np.array([[70.0, 50.0]])})
    assert paid(Floor(id="f", material="x", strike=70.0), by_year) == [0.0, 60.0]


def test_an_indexed_strike_keeps_its_value() -> None:
    assert paid(Floor(id="f", material="x", strike=70.0, indexed=True)) == [20.0, 88.0]


def test_a_floor_on_what_is_produced_counts_more() -> None:
    floor = Floor(id="f", material="x", strike=70.0, share=0.5, basis=Basis.PRODUCED)
    assert paid(floor) == [15.0, 30.0]


def test_a_contract_for_difference_takes_back_what_is_above() -> None:
    assert paid(ContractForDifference(id="c", material="x", strike=70.0)) == [0.0, 60.0]


def test_an_upside_share_takes_its_part_above_the_threshold() -> None:
    assert paid(UpsideShare(id="u", material="x", threshold=70.0, share=0.3)) == [-6.0, 0.0]


def test_a_floor_less_all_of_the_upside_is_a_contract_for_difference() -> None:
    seen = book()
    floor = Floor(id="f", material="x", strike=66.0).settle(seen).to_project
    upside = UpsideShare(id="u", material="x", threshold=66.0, share=1.0).settle(seen).to_project
    both = ContractForDifference(id="c", material="x", strike=66.0).settle(seen).to_project
    assert floor + upside == pytest.approx(both)


def test_take_or_pay_pays_for_what_is_made_and_not_sold() -> None:
    assert paid(TakeOrPay(id="t", material="x", price=30.0)) == [30.0, 0.0]
    assert paid(TakeOrPay(id="t", material="x", price=30.0, most_volume=2.5)) == [15.0, 0.0]


def test_cost_plus_brings_revenue_to_cost_and_margin_both_ways() -> None:
    contract = CostPlus(id="c", margin=0.1, capital_charge=20.0)
    assert paid(contract) == [-10.0, 95.0]


def test_an_ebitda_floor_escalates_and_shares_what_is_above() -> None:
    seen = book(result=np.array([[40.0, -55.0]]))
    floor = EbitdaFloor(id="e", amount=30.0, escalation=0.1, share_above=0.5)
    assert paid(floor, seen) == [-5.0, 88.0]
    with pytest.raises(ValueError, match="'e' is settled on a result that is not known yet"):
        floor.settle(book())


def test_a_production_credit_phases_out_and_is_not_taxed() -> None:
    credit = ProductionCredit(
        id="p", material="x", amount=5.0, cost_share=0.1, phase_out=(1.0, 0.5)
    )
    assert paid(credit) == [25.0, 22.5]
    assert not credit.settle(book()).taxed


def test_a_tariff_is_paid_by_buyers_and_earns_on_what_is_still_imported() -> None:
    tariff = Tariff(id="t", material="x", rate=0.25, pass_through=0.8, imports=10.0)
    found = tariff.settle(book())
    assert found.to_project[0].tolist() == pytest.approx([28.0, 44.0])
    assert found.outlay[0].tolist() == pytest.approx([-175.0, -137.5])


def test_a_stockpile_buys_first_what_is_not_sold() -> None:
    buyer = StockpilePurchase(id="s", material="x", price=60.0, volume=2.0)
    found = buyer.settle(book())
    assert found.to_project[0].tolist() == pytest.approx([70.0, 10.0])
    assert found.outlay[0].tolist() == pytest.approx([140.0, 120.0])


def test_a_grant_is_paid_with_spending_or_at_milestones_and_never_above_its_amount() -> None:
    capex = np.array([[20.0, 60.0, 20.0], [40.0, 120.0, 40.0]])
    seen = book(capex=capex, first_output=np.array([0, 0]), level=np.ones(3))
    spread = Grant(id="g", amount=50.0, budget=100.0).settle(seen).to_project
    assert np.round(spread, 9).tolist() == [[10.0, 30.0, 10.0], [20.0, 30.0, 0.0]]
    steps = Grant(id="g", amount=50.0, milestones=((0.5, 0.4), (1.0, 0.6))).settle(seen).to_project
    assert steps.tolist() == [[0.0, 20.0, 30.0], [0.0, 20.0, 30.0]]
    shared = Grant(id="g", share=0.1).settle(seen)
    assert shared.to_project.sum(axis=1).tolist() == [10.0, 20.0]
    assert shared.most.sum() == pytest.approx(20.0)


def test_preferred_owners_are_paid_before_the_others() -> None:
    contract = PreferredEquity(id="p", amount=60.0, dividend=0.1, stake=0.25)
    put, taken = contract.split(np.array([[100.0, 0.0, 0.0]]), np.array([[0.0, 50.0, 50.0]]))
    assert put.tolist() == [[60.0, 0.0, 0.0]]
    assert taken[0].tolist() == pytest.approx([0.0, 50.0, 17.6 + 0.25 * 32.4])


def test_a_guarantee_betters_only_what_it_names() -> None:
    base = DebtTerms()
    better = Guarantee(id="g", cover=0.8, fee=0.01, rate=0.05, gearing_limit=0.8).back(base)
    assert (better.rate, better.gearing_limit, better.fee, better.guarantor) == (
        *(0.05, 0.8, 0.01),
        "g",
    )
    assert better.dscr == base.dscr


def test_windows_count_from_signing_a_date_or_first_output() -> None:
    first = np.array([1, 3])
    assert Window(Starts.SIGNING, 0.0, 2.0).cover(first, years=4).tolist() == [[1, 1, 0, 0]]
    late = Window(Starts.FIRST_OUTPUT, 0.0, 2.0).cover(first, years=4)
    assert late.tolist() == [[0, 1, 1, 0], [0, 0, 0, 1]]
    quarters = Window(Starts.DATE, 0.25, 0.5).cover(first, years=1, parts=4)
    assert quarters.tolist() == [[0.0, 1.0, 1.0, 0.0]]


@given(st.floats(0, 5), st.floats(0, 6), st.integers(1, 4))
def test_covered_parts_add_up_to_the_length(at: float, years: float, parts: int) -> None:
    cover = Window(Starts.DATE, at, years).cover(np.array([0]), years=12, parts=parts)
    assert cover.sum() / parts == pytest.approx(min(years, 12 - at), abs=1e-9)


def test_a_part_of_a_year_and_a_lapsed_promise_pay_their_part() -> None:
    floor = Floor(id="f", material="x", strike=70.0, window=Window(Starts.DATE, 1.5, 9.0))
    assert paid(floor) == [0.0, 30.0]
    lapsing = replace(book(), alive={"contract": np.array([[1.0, 0.25]])})
    assert paid(Floor(id="f", material="x", strike=70.0), lapsing) == [20.0, 15.0]


@settings(max_examples=25, deadline=None)
@given(st.floats(20, 150), st.integers(0, 1000), st.booleans())
def test_a_floor_never_hurts_the_owner(strike: float, seed: int, indexed: bool) -> None:
    # A plant that may close can close later with a floor, and cost its owners more on that path;
    # then the law holds in the mean, see below.
    cash, asked = plant(60, seed=seed), terms(debt=None, rules=OPEN, may_close=False)
    floor = Floor(id="f", material="good", strike=strike, indexed=indexed)
    bare, held = appraise(cash, asked), appraise(cash, asked, [floor])
    assert np.all(held.operations.idle <= bare.operations.idle)
    assert np.all(held.equity_npv >= bare.equity_npv - 1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(0.5, 1.1))
def test_a_floor_helps_owners_in_the_mean_where_plants_may_close(seed: int, lower: float) -> None:
    cash, asked = plant(500, seed=seed, lower=lower), terms(debt=None)
    values = [
        appraise(cash, asked, [Floor(id="f", material="good", strike=strike)]).worth.value
        for strike in (1.0, 30.0, 50.0, 70.0)
    ]
    assert values == pytest.approx(sorted(values), abs=0.02)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_loss_does_not_rise_and_outlay_does_with_the_strike(seed: int) -> None:
    cash, asked = plant(150, seed=seed), terms(debt=None, rules=OPEN, may_close=False)
    found = [
        appraise(cash, asked, [Floor(id="f", material="good", strike=strike)])
        for strike in (40.0, 60.0, 80.0, 100.0)
    ]
    losses = [f.acceptance.loss.value for f in found]
    outlays = [f.public.outlay.value for f in found]
    assert losses == sorted(losses, reverse=True)
    assert outlays == sorted(outlays)
    assert outlays[-1] > outlays[0]


def test_lower_prices_and_more_overrun_lose_more_and_default_more() -> None:
    asked = terms(debt=DebtTerms(gearing_limit=0.6))
    found = [appraise(plant(800, lower=scale), asked) for scale in (1.2, 1.0, 0.8)]
    assert [f.acceptance.loss.value for f in found] == sorted(
        f.acceptance.loss.value for f in found
    )
    cash = plant(800)
    dearer = replace(cash, capex=1.5 * np.asarray(cash.capex))
    assert appraise(dearer, asked).worth.value < appraise(cash, asked).worth.value


def test_no_contract_promises_less_than_it_pays() -> None:
    cash, asked = plant(200), terms()
    offers: list[Contract] = [
        Floor(id="a", material="good", strike=80.0),
        ContractForDifference(id="b", material="good", strike=80.0),
        ProductionCredit(id="c", material="good", amount=5.0, cost_share=0.1),
        StockpilePurchase(id="d", material="good", price=80.0, volume=0.2),
        TakeOrPay(id="e", material="good", price=50.0, share=1.0),
        CostPlus(id="f", margin=0.1),
        EbitdaFloor(id="g", amount=20.0, escalation=0.02),
        Grant(id="h", amount=50.0, budget=200.0),
    ]
    for offer in offers:
        found = appraise(cash, asked, [offer]).settlements[offer.id]
        by_year = found.outlay <= found.most + 1e-9
        in_all = found.outlay.sum(axis=1) <= found.most.sum() + 1e-9
        assert np.all(in_all), offer.KIND
        assert offer.STEP is Step.FUNDING or np.all(by_year), offer.KIND


def test_every_kind_of_the_tables_has_one_class() -> None:
    assert sorted(KINDS) == sorted(CONTRACT_KINDS)
    for kind, contract in KINDS.items():
        assert kind == contract.KIND


def test_the_registry_refuses_what_is_incomplete() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Nothing(Contract):
        """No formula."""

        KIND: ClassVar[str] = "nothing"
        STEP: ClassVar[Step] = Step.RUNNING

    with pytest.raises(TypeError, match=r"Nothing lacks method settle, a formula.*, a file named"):
        registry([Nothing], expected=["nothing"])
    with pytest.raises(TypeError, match=r"Floor lacks a name of its own \('floor' is taken\)"):
        registry([Floor, Floor], expected=["floor"])
    with pytest.raises(TypeError, match=r"\['grant'\]"):
        registry([Floor], expected=["floor", "grant"])


def problems(*contracts: Contract) -> list[tuple[str, str]]:
    """List codes and texts."""
    found = contract_problems(contracts, years=20, first_output=2, budget=100.0)
    return [(problem.code, problem.what) for problem in found]


def test_contradicting_contracts_are_told_all_at_once() -> None:
    half = Floor(id="a", material="x", strike=90.0, share=0.6)
    found = problems(
        half,
        ContractForDifference(id="b", material="x", strike=80.0, share=0.6),
        UpsideShare(id="c", material="x", threshold=85.0, share=0.5),
        Grant(id="d", amount=80.0),
        PolicyLoan(id="d", amount=40.0, rate=0.04, tenor=10),
        Floor(id="e", material="y", strike=1.0, share=1.5, window=Window(years=25.0)),
        EbitdaFloor(id="f", amount=1.0),
        EbitdaFloor(id="g", amount=2.0),
        Guarantee(id="h", cover=1.5),
        Guarantee(id="i", cover=0.5),
    )
    assert [code for code, _ in found] == ["F101"] * 6 + ["F102", "F107", "F108", "F108"]
    texts = " · ".join(text for _, text in found)
    for part in (
        "'d' stands twice",
        "'a' and 'b' cover 120 % of the sales of 'x'",
        "the floor 90 lies above the threshold 85",
        "'b' and 'c' together take 1.10 of high prices",
        "'f' and 'g' both put a floor under the same result",
        "'h' and 'i' both guarantee the debt",
        "runs until 25 years after signing, but the project ends after 20",
        "give 120 million towards a budget of 100 million",
        "share is 1.5",
        "cover is 1.5",
    ):
        assert part in texts
    assert problems(half, replace(half, id="b", share=0.4)) == []
    early, late = (Window(Starts.DATE, at, 5.0) for at in (0.0, 5.0))
    assert problems(replace(half, window=early), replace(half, id="b", window=late)) == []


def test_an_appraisal_refuses_its_contracts_with_place_and_advice() -> None:
    twins = [Floor(id="a", material="good", strike=90.0)] * 2
    with pytest.raises(CaseError, match=r"2 problems in case 'plant'[^§]*give each its own id"):
        appraise(certain(), terms(), twins)
