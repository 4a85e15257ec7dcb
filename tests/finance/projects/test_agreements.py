"""Contracts of the tables: which count, how they are read, and what is told of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.finance.contracts import (
    Basis,
    Contract,
    Floor,
    Grant,
    PolicyLoan,
    ProductionCredit,
    Starts,
)
from coercivity.finance.projects.position import Company, Position
from coercivity.foundation.errors import CaseError
from tests.finance.projects.works import load_works, position

Row = dict[str, Any]
PROMISES = [
    {"id": "announcement", "hazard": 2.5},
    {"id": "contract", "hazard": 0.05, "termination_share": 0.8},
    {"id": "obligated", "hazard": 0},
]


def with_contract(folder: Path, row: Row, *terms: Row) -> Position:
    """Give the works one contract."""
    contract = {"id": "deal", "project": "works", "promise": "contract", **row}
    numbers = [{"contract": "deal", **term} for term in terms]
    case, tables = load_works(
        folder, promises=PROMISES, contracts=[contract], contract_terms=numbers
    )
    return position(case, tables, paths=50)


def only(found: Position) -> Contract:
    assert len(found.contracts) == 1, found.notes
    return found.contracts[0]


def test_a_floor_is_read_with_its_window_and_basis(tmp_path: Path) -> None:
    row = {"kind": "floor", "starts": "date", "start_date": "2027-07-02", "years": 8,
           "volume_basis": "produced|sold"}  # fmt: skip
    strike = {"term": "strike", "value": 110000, "unit": "USD/t", "material": "good"}
    found = only(with_contract(tmp_path, row, strike))
    assert isinstance(found, Floor)
    assert (found.strike, found.basis, found.material) == (110.0, Basis.PRODUCED, "good")
    assert found.window.starts is Starts.DATE
    assert found.window.at == pytest.approx(1.5, abs=0.01)
    assert found.public


def test_numbers_that_its_kind_does_not_read_are_told(tmp_path: Path) -> None:
    strike = {"term": "strike", "value": 60, "unit": "USD/kg"}
    found = with_contract(tmp_path, {"kind": "floor"}, strike, {"term": "lenght", "value": 9})
    assert "deal (floor): not read are lenght." in found.notes
    assert not any("strike" in note for note in found.notes)


def test_a_floor_raises_worth_and_the_public_pays_for_it(tmp_path: Path) -> None:
    row = {"kind": "floor", "starts": "first-output", "years": 8}
    ready = with_contract(tmp_path, row, {"term": "strike", "value": 60, "unit": "USD/kg"})
    case, tables = load_works(tmp_path / "bare")
    bare = position(case, tables, paths=50).appraise()
    found = ready.appraise()
    assert found.worth.value > bare.worth.value + 10
    assert found.public.outlay.value > 50


@pytest.mark.parametrize(
    ("row", "terms", "why"),
    [
        (
            {"kind": "floor", "promise": "announcement"},
            {"term": "strike", "value": 50},
            "not signed",
        ),
        (
            {"kind": "grant", "starts": "date", "start_date": "2020-05-01"},
            {"term": "amount", "value": 5},
            "paid from 2020 on",
        ),
        ({"kind": "floor"}, {"term": "share", "value": 1}, "no strike is stated"),
        (
            {"kind": "floor"},
            {"term": "strike", "value": 50, "material": "ore"},
            "sells none of ore",
        ),
        ({"kind": "take-or-pay"}, {"term": "share", "value": 1}, "no price is stated"),
    ],
)
def test_what_does_not_count_is_told(tmp_path: Path, row: Row, terms: Row, why: str) -> None:
    found = with_contract(tmp_path, row, terms)
    assert found.contracts == ()
    assert any(why in note and note.startswith("deal") for note in found.notes)


def test_a_grant_above_the_budget_is_cut_and_told(tmp_path: Path) -> None:
    found = with_contract(tmp_path, {"kind": "grant"}, {"term": "amount", "value": 500})
    grant = only(found)
    assert isinstance(grant, Grant)
    # 100 million in money of 2026 and 2027, at 2.5 % a year after 2025.
    assert grant.amount == pytest.approx(50 * 1.025 + 50 * 1.025**2)
    assert any("is cut from 500.0" in note for note in found.notes)
    assert found.terms.debt is None
    assert found.appraise().debt == 0


def test_a_loan_takes_rate_and_tenor_of_the_project_where_it_states_none(tmp_path: Path) -> None:
    loan = only(with_contract(tmp_path, {"kind": "loan"}, {"term": "amount", "value": 20}))
    assert isinstance(loan, PolicyLoan)
    assert (loan.amount, loan.rate, loan.tenor, loan.grace) == (20.0, 0.07, 8, 1)


def test_a_credit_on_cost_phases_out_by_calendar_year(tmp_path: Path) -> None:
    full = {"term": "share_of_cost", "value": 0.1, "from_date": "2023-01-01",
            "to_date": "2030-12-31"}  # fmt: skip
    half = {**full, "value": 0.05, "from_date": "2031-01-01", "to_date": "2031-12-31"}
    credit = only(with_contract(tmp_path, {"kind": "production-credit"}, full, half))
    assert isinstance(credit, ProductionCredit)
    assert credit.cost_share == pytest.approx(0.1)
    assert list(credit.phase_out[:7]) == pytest.approx([1.0] * 5 + [0.5, 0.0])


def test_a_contract_of_the_company_is_split_by_capital(tmp_path: Path) -> None:
    case, tables = load_works(
        tmp_path,
        contracts=[{"id": "deal", "kind": "grant", "company": "owner"}],
        contract_terms=[{"contract": "deal", "term": "amount", "value": 30}],
    )
    from_company = position(case, tables, paths=50)
    assert isinstance(only(from_company), Grant)
    company = Company(budgets={"works": 100.0, "other": 200.0}, starts={})
    third = only(position(case, tables, paths=50, company=company))
    assert isinstance(third, Grant)
    assert third.amount == pytest.approx(10.0)


def test_contracts_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    case, tables = load_works(
        tmp_path,
        contracts=[
            {"id": name, "kind": "floor", "project": "works"} for name in ("first", "second")
        ],
        contract_terms=[
            {"contract": name, "term": "strike", "value": 50} for name in ("first", "second")
        ],
    )
    with pytest.raises(CaseError, match="cover 200 % of the sales"):
        position(case, tables, paths=50).appraise()


def test_a_term_beyond_the_life_is_refused(tmp_path: Path) -> None:
    ready = with_contract(tmp_path, {"kind": "floor", "years": 40}, {"term": "strike", "value": 50})
    with pytest.raises(CaseError, match="F102"):
        ready.appraise()
