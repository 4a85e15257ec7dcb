"""Appraise a project: operate it, size its debt, run its cash, judge it, value the public side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.finance.acceptance import Acceptance, Estimate, judge
from coercivity.finance.compiled import Array, rows
from coercivity.finance.contracts import Contract, PreferredEquity, Settlement
from coercivity.finance.contracts.checks import contract_problems
from coercivity.finance.cover import Cover, debt_cover
from coercivity.finance.debt import DebtSizing
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.lending import lend, lend_less
from coercivity.finance.measures import Payback, net_present_value, payback
from coercivity.finance.operations import Operations, operate
from coercivity.finance.public_side import PublicSide, public_side
from coercivity.finance.returns import InternalRates, internal_rate_of_return
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import NEVER, CashAccounts, PathCash
from coercivity.foundation.errors import CaseError

ROUNDING = 1e-9
"""Share of the largest yearly cash below which cash is rounding. [fraction]"""
NET_PATHS = 5000
"""Paths on which the tax that comes back is estimated. [path]"""


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
    """Net cash of the common owners, less what they would get with nothing built.
    [million/year, real]"""
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
    going_on: Array | None = None
    """Net cash of the owners with nothing built, where plants exist. [million/year, real]"""

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
    going_on: Array | None = None,
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
    going_on
        Net cash of the owners with nothing built, by path and year: where plants exist, owners
        judge what building adds to it. Accounts, debt and the public side stay those of the whole.
        [million/year, real]

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
    _refuse(cash, terms, contracts)
    operations = operate(cash, terms, contracts, workers=workers)
    flows = path_cash(cash, operations, contracts)
    project = run_waterfall(flows, terms.rules, workers=workers)
    sizing = lend(cash, terms, contracts, flows, project, workers=workers)
    accounts = project
    if sizing:
        sizing, accounts = lend_less(sizing, flows, terms, workers=workers)
    without = np.zeros(1) if going_on is None else going_on
    owners = _owners(accounts, contracts) / operations.book.level - without
    before_debt = project.equity / operations.book.level - without

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
        equity_irr=internal_rate_of_return(_clean(owners), workers=workers),
        payback=payback(before_debt, counted_from=cash.planned_first_output),
        cover=debt_cover(accounts),
        public=_public(contracts, operations, accounts, terms, flows=flows, workers=workers),
        acceptance=judged(hurdle, treasury, accounts, terms),
        going_on=going_on,
    )


def _public(
    contracts: Sequence[Contract],
    operations: Operations,
    accounts: CashAccounts,
    terms: ProjectTerms,
    *,
    flows: PathCash,
    workers: int | None,
) -> PublicSide:
    """Value the public side, gross and net of the tax that the project pays because of it."""
    paying = [c for c in contracts if c.public and c.id in operations.settlements]
    tax_without = None
    if paying:
        bare = replace(
            flows,
            taxed_support=flows.taxed_support - operations.support(paying, taxed=True),
            untaxed_support=flows.untaxed_support - operations.support(paying, taxed=False),
            grants=flows.grants - operations.grants(paying),
            closes=accounts.closed,
        ).first(NET_PATHS)
        rules = replace(terms.rules, patience=NEVER)
        tax_without = run_waterfall(bare, rules, accounts.loans, workers=workers).tax
    return public_side(
        contracts,
        operations.settlements,
        accounts,
        level=operations.book.level,
        rate=terms.treasury_rate,
        shift=terms.shift,
        tax_without=tax_without,
    )


def judged(
    hurdle: Array, treasury: Array, accounts: CashAccounts, terms: ProjectTerms
) -> Acceptance:
    """Apply the accept rule of a project.

    Parameters
    ----------
    hurdle, treasury
        Equity value of each path at the hurdle and at the Treasury rate. [million, real]
    accounts
        With debt.
    terms
        Of the project.
    """
    return judge(
        hurdle,
        treasury,
        accounts=accounts,
        rule=terms.acceptance,
        value_of_waiting=terms.value_of_waiting,
        asked_debt=terms.debt is not None and terms.debt.gearing_limit > 0,
    )


def _refuse(cash: CashInputs, terms: ProjectTerms, contracts: Sequence[Contract]) -> None:
    cash.check()
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
        closes=operations.closes,
    )


def _clean(flows: Array) -> Array:
    """Take what is only rounding for nothing: a rate on nothing put in means nothing."""
    least = ROUNDING * np.abs(flows).max(axis=1, initial=0.0, keepdims=True)
    return np.where(np.abs(flows) <= least, 0.0, flows)


def _owners(accounts: CashAccounts, contracts: Sequence[Contract]) -> Array:
    """Give net cash of the common owners: preferred ones come first. [million/year, nominal]"""
    contributed, distributed = accounts.contributed, accounts.distributed
    for contract in contracts:
        if isinstance(contract, PreferredEquity):
            put, taken = contract.split(contributed, distributed)
            contributed, distributed = contributed - put, distributed - taken
    return distributed - contributed
