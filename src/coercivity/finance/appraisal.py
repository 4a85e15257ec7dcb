"""Appraise a project: operate it, size its debt, run its cash, judge it, value the public side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.finance.acceptance import Acceptance, Estimate, judge
from coercivity.finance.compiled import Array, rows
from coercivity.finance.contracts import (
    Contract,
    Guarantee,
    PolicyLoan,
    PreferredEquity,
    Settlement,
)
from coercivity.finance.contracts.checks import contract_problems
from coercivity.finance.cover import Cover, debt_cover
from coercivity.finance.debt import DebtSizing, size_debt
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.measures import Payback, net_present_value, payback
from coercivity.finance.operations import Operations, operate
from coercivity.finance.public_side import PublicSide, public_side
from coercivity.finance.returns import InternalRates, internal_rate_of_return
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import CashAccounts, Loan, PathCash
from coercivity.foundation.errors import CaseError


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """Everything known of a project on its paths. Values are real, accounts nominal."""

    operations: Operations
    project: CashAccounts
    """Before debt. [million/year, nominal]"""
    accounts: CashAccounts
    """With debt. [million/year, nominal]"""
    sizing: tuple[DebtSizing, ...]
    """Of each loan by rank."""
    owners: Array
    """Net cash of the common owners. [million/year, real]"""
    equity_npv: Array
    """Of each path at the hurdle. [million, real]"""
    equity_npv_treasury: Array
    """Of each path at the Treasury rate. [million, real]"""
    project_npv: Array
    """Before debt at the hurdle. [million, real]"""
    equity_irr: InternalRates
    """Real. [1/year]"""
    payback: Payback
    """Of the project before debt, from planned first output. [year]"""
    cover: Cover
    public: PublicSide
    acceptance: Acceptance

    @property
    def settlements(self) -> Mapping[str, Settlement]:
        """What each contract on capital, output or result moves. [million/year, nominal]"""
        return self.operations.settlements

    @property
    def debt(self) -> float:
        """Principal of all loans. [million, nominal]"""
        return sum(sizing.loan.principal for sizing in self.sizing)

    @property
    def worth(self) -> Estimate:
        """Mean equity value at the hurdle. [million, real]"""
        return self.acceptance.worth


def appraise(
    cash: CashInputs,
    terms: ProjectTerms,
    contracts: Sequence[Contract] = (),
    *,
    workers: int | None = None,
) -> Appraisal:
    """Appraise a project on all its paths.

    Parameters
    ----------
    cash
        Output, prices and cost. [kt/year, USD/kg real, million/year real]
    terms
        What owners, lenders, law and money ask.
    contracts
        That support or bind it.
    workers
        Threads; the bits do not depend on them.

    Raises
    ------
    FinanceError
        If the cash cannot be appraised, or debt not sized.
    CaseError
        With every problem of the contracts at once.

    Examples
    --------
    A plant of 100 that earns 30 a year for ten years, certain and untaxed, without debt:

    >>> made = np.array([0.0] + [1.0] * 10)
    >>> cash = CashInputs(
    ...     produced={"x": made}, prices={"x": 50.0}, operating_cost=20.0 * made,
    ...     capex=[100.0] + [0.0] * 10, budget=[100.0] + [0.0] * 10, planned_first_output=1,
    ... )
    >>> terms = ProjectTerms(id="plant", hurdle=0.10, shift=0.0, debt=None)
    >>> found = appraise(cash, terms)
    >>> print(f"{found.worth.value:.2f}", f"{found.equity_irr.rates[0]:.4f}")
    84.34 0.2732
    """
    cash.check()
    _refuse_contracts(cash, terms, contracts)
    operations = operate(cash, terms, contracts, workers=workers)
    flows = path_cash(cash, operations, contracts)
    project = run_waterfall(flows, terms.rules, workers=workers)
    sizing = _lend(cash, terms, contracts, flows, project, workers=workers)
    loans = [found.loan for found in sizing]
    accounts = run_waterfall(flows, terms.rules, loans, workers=workers) if loans else project
    level = operations.book.level
    owners, before_debt = _owners(accounts, contracts) / level, project.equity / level

    def worth(flows: Array, rate: float) -> Array:
        return net_present_value(flows, rate=rate, shift=terms.shift, workers=workers)

    hurdle, treasury = worth(owners, terms.hurdle), worth(owners, terms.treasury_rate)
    return Appraisal(
        operations=operations,
        project=project,
        accounts=accounts,
        sizing=sizing,
        owners=owners,
        equity_npv=hurdle,
        equity_npv_treasury=treasury,
        project_npv=worth(before_debt, terms.hurdle),
        equity_irr=internal_rate_of_return(owners, workers=workers),
        payback=payback(before_debt, counted_from=cash.planned_first_output),
        cover=debt_cover(accounts),
        public=_public(contracts, operations, accounts, terms),
        acceptance=_judged(hurdle, treasury, accounts, terms),
    )


def _public(
    contracts: Sequence[Contract],
    operations: Operations,
    accounts: CashAccounts,
    terms: ProjectTerms,
) -> PublicSide:
    return public_side(
        contracts,
        operations.settlements,
        accounts,
        level=operations.book.level,
        rate=terms.treasury_rate,
        shift=terms.shift,
    )


def _judged(
    hurdle: Array, treasury: Array, accounts: CashAccounts, terms: ProjectTerms
) -> Acceptance:
    return judge(
        hurdle,
        treasury,
        accounts=accounts,
        rule=terms.acceptance,
        value_of_waiting=terms.value_of_waiting,
        asked_debt=terms.debt is not None and terms.debt.gearing_limit > 0,
    )


def _refuse_contracts(cash: CashInputs, terms: ProjectTerms, contracts: Sequence[Contract]) -> None:
    budget = float(np.sum(np.asarray(cash.budget) * terms.price_level(cash.years)))
    problems = contract_problems(
        contracts, years=cash.years, first_output=cash.planned_first_output, budget=budget
    )
    if problems:
        raise CaseError(problems, case=terms.id)


def path_cash(cash: CashInputs, operations: Operations, contracts: Sequence[Contract]) -> PathCash:
    """Put what the waterfall needs into nominal money.

    Parameters
    ----------
    cash
        Real money.
    operations
        Revenue, cost and settlements.
    contracts
        Of the project.
    """
    book = operations.book
    years, level = cash.years, book.level
    return PathCash(
        revenue=book.revenue,
        operating_cost=book.operating_cost,
        capex=book.capex,
        sustaining=rows(cash.sustaining, years=years, name="sustaining capital") * level,
        working_capital=rows(cash.working_capital, years=years, name="working capital") * level,
        taxed_support=operations.support(contracts, taxed=True),
        untaxed_support=operations.support(contracts, taxed=False),
        grants=operations.grants(contracts),
        first_output=book.first_output,
    )


def _lend(
    cash: CashInputs,
    terms: ProjectTerms,
    contracts: Sequence[Contract],
    flows: PathCash,
    project: CashAccounts,
    *,
    workers: int | None,
) -> tuple[DebtSizing, ...]:
    """Write down agreed loans and size the rest on the bad tail of cash."""
    budget = rows(cash.budget, years=cash.years, name="budget")[0] * terms.price_level(cash.years)
    first = cash.planned_first_output
    agreed = [c for c in contracts if isinstance(c, PolicyLoan)]
    senior = [c.lend(budget=budget, first_output=first) for c in agreed if not c.junior]
    junior = [c.lend(budget=budget, first_output=first) for c in agreed if c.junior]
    if terms.debt is None:
        return (*senior, *junior)
    asked = terms.debt
    for contract in contracts:
        if isinstance(contract, Guarantee):
            asked = contract.back(asked)
    given = float(flows.grants.sum(axis=1).max())
    free = 1.0 - sum(found.gearing for found in (*senior, *junior)) - given / budget.sum()
    asked = replace(asked, gearing_limit=min(asked.gearing_limit, max(0.0, free)))
    service = sum((_service(found.loan) for found in senior), np.zeros(cash.years))

    def size(cfads: Array) -> DebtSizing:
        return size_debt(cfads, asked, budget=budget, first_output=first, senior=service)

    sized = size(project.cfads)
    for _ in range(terms.shield_rounds):
        loans = [found.loan for found in (*senior, sized, *junior)]
        sized = size(run_waterfall(flows, terms.rules, loans, workers=workers).cfads)
    return (*senior, sized, *junior)


def _service(loan: Loan) -> Array:
    """Give what an agreed loan asks by year, interest of its grace years included."""
    service = np.array(loan.due)
    paying = slice(loan.repay_from, len(service))
    factors = (1 + loan.rate) ** -(np.arange(len(service) - loan.repay_from) + 1.0)
    balance = float(np.sum(service[paying] * factors))
    service[loan.interest_from : loan.repay_from] = balance * loan.rate
    return service


def _owners(accounts: CashAccounts, contracts: Sequence[Contract]) -> Array:
    """Give net cash of the common owners: preferred ones come first. [million/year, nominal]"""
    contributed, distributed = accounts.contributed, accounts.distributed
    for contract in contracts:
        if isinstance(contract, PreferredEquity):
            put, taken = contract.split(contributed, distributed)
            contributed, distributed = contributed - put, distributed - taken
    return distributed - contributed
