"""Which loans a project gets: agreed ones, and one sized on the bad tail of its cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coercivity.finance.compiled import Array, rows
from coercivity.finance.contracts import Contract, Guarantee, PolicyLoan
from coercivity.finance.debt import Bound, DebtSizing, size_debt
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import CashAccounts, Loan, PathCash

FINENESS = 32
"""Steps in which a loan that is short too often is made smaller. [step]"""
TRIED_PATHS = 5000
"""Paths on which a smaller loan is looked for; it is proven on all. [path]"""


def lend(
    cash: CashInputs,
    terms: ProjectTerms,
    contracts: Sequence[Contract],
    flows: PathCash,
    project: CashAccounts,
    *,
    workers: int | None,
) -> tuple[DebtSizing, ...]:
    """Write down agreed loans and size the rest on the bad tail of cash.

    Parameters
    ----------
    cash, terms, contracts
        The project.
    flows
        Its cash before tax and finance. [million/year, nominal]
    project
        Its accounts without debt.
    workers
        Threads; the bits do not depend on them.
    """
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


def lend_less(
    sizing: tuple[DebtSizing, ...],
    flows: PathCash,
    terms: ProjectTerms,
    *,
    workers: int | None,
) -> tuple[tuple[DebtSizing, ...], CashAccounts]:
    """Lend less where service would be short too often, down to what is short rarely enough.

    Parameters
    ----------
    sizing
        Loans by rank.
    flows
        Cash before tax and finance. [million/year, nominal]
    terms
        Whose accept rule limits how often service may be short.
    workers
        Threads; the bits do not depend on them.

    Returns
    -------
    tuple of DebtSizing, and CashAccounts
        Loans, as they were where they are small enough or where none would be; accounts with them.
    """
    which = terms.debt.id if terms.debt is not None else None
    at = next((k for k, found in enumerate(sizing) if found.loan.id == which), None)
    few, rule = flows.first(TRIED_PATHS), terms.acceptance
    known: dict[tuple[int, int], CashAccounts] = {}

    def lent(steps: int) -> tuple[DebtSizing, ...]:
        if at is None or steps == FINENESS:
            return sizing
        return (*sizing[:at], _part_of(sizing[at], steps / FINENESS), *sizing[at + 1 :])

    def run(steps: int, cash: PathCash) -> CashAccounts:
        key = steps, cash.paths
        if key not in known:
            loans = [found.loan for found in lent(steps)]
            known[key] = run_waterfall(cash, terms.rules, loans, workers=workers)
        return known[key]

    if at is None or sizing[at].loan.principal <= 0:
        return sizing, run(FINENESS, flows)
    low, high = FINENESS, FINENESS
    if rule.often_short(run(FINENESS, few)):
        low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if rule.often_short(run(middle, few)) else (middle, high)
    for steps in range(low, 0, -1):
        if not rule.often_short(run(steps, flows)):
            return lent(steps), run(steps, flows)
    return sizing, run(FINENESS, flows)


def _part_of(sizing: DebtSizing, part: float) -> DebtSizing:
    loan = sizing.loan
    smaller = replace(
        loan, principal=part * loan.principal, share=part * loan.share, due=part * loan.due
    )
    return replace(sizing, loan=smaller, bound=Bound.SHORTFALL, gearing=part * sizing.gearing)
