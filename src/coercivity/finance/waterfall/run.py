"""Run the waterfall: arrays in, accounts out, cash conserved on every path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.finance.compiled import Array, over_paths, rows
from coercivity.finance.waterfall import kernel
from coercivity.finance.waterfall.terms import CashAccounts, Loan, PathCash, Rules
from coercivity.foundation.errors import InternalError

CONSERVED_TO = 1e-9
"""Largest difference of sources and uses of a year, relative. [fraction]"""


def run_waterfall(
    cash: PathCash, rules: Rules, loans: Sequence[Loan] = (), *, workers: int | None = None
) -> CashAccounts:
    r"""Run each path's cash down from revenue to the owners.

    .. math::

        CFADS_y &= (1-\varrho)R_y + S_y - O_y - tax_y - sustaining_y - \Delta W_y \\
        B_{k,y} &= B_{k,y-1}(1+i_k) + draw_{k,y} - paid_{k,y} \\
        distributed_y - contributed_y &= CFADS_y - fees_y - \sum_k paid_{k,y} - \Delta reserve_y
            - (capex_y - grant_y - \sum_k draw_{k,y}) + salvage_y

    Owners carry what capital and negative cash need, but never debt service: what cash and the
    reserve cannot pay becomes arrears at the loan's own rate, and nothing is distributed while
    there are any. A plant closes where its owners decide so (`PathCash.closes`), or where for
    `Rules.patience` years running its cash before debt is negative and service stays unpaid: they
    leave it to the lenders. Its reserve and salvage go to the lenders by rank, what stays unpaid
    is their loss.

    Parameters
    ----------
    cash
        Cash before tax and finance. [million/year, nominal]
    rules
        Tax, reserve, sweep, closing.
    loans
        In the order in which they are paid; without any, the accounts are those of the project
        before finance.
    workers
        Threads; the bits do not depend on them.

    Returns
    -------
    CashAccounts
        By path and year. [million/year, nominal]

    Raises
    ------
    InternalError
        If sources and uses of any year of any path differ by more than `CONSERVED_TO`.

    Examples
    --------
    >>> zero, one = np.zeros((1, 3)), np.array([1])
    >>> cash = PathCash(
    ...     revenue=np.array([[0.0, 90.0, 90.0]]),
    ...     operating_cost=np.array([[0.0, 30.0, 30.0]]),
    ...     capex=np.array([[100.0, 0.0, 0.0]]),
    ...     sustaining=zero, working_capital=zero, taxed_support=zero, untaxed_support=zero,
    ...     grants=zero, first_output=one,
    ... )
    >>> rules = Rules(tax_rate=0.2, depreciation_class="SL-2")
    >>> run_waterfall(cash, rules).equity.tolist()
    [[-100.0, 58.0, 58.0]]
    """
    tables = {
        name: rows(getattr(cash, name), years=cash.years, name=name.replace("_", " "))
        for name in kernel.Cash._fields[: kernel.SHEET]
    }
    first_output = np.ascontiguousarray(cash.first_output, dtype=np.int64)
    closes = np.full(cash.paths, cash.years) if cash.closes is None else cash.closes
    numbers = kernel.Cash(
        first_output=first_output, closes=np.ascontiguousarray(closes, dtype=np.int64), **tables
    )
    table, due = loan_table(loans, years=cash.years)
    law, schedule = law_numbers(rules, loans), rules.schedule()
    books = empty_books(cash.paths, len(loans), cash.years)
    worst = np.empty(cash.paths)

    def work(first: int, end: int) -> None:
        kernel.run_paths(numbers, law, schedule, table, due, books, first, end)
        kernel.find_imbalance(numbers, float(rules.royalty), books, worst, first, end)

    over_paths(work, cash.paths, workers=workers)
    _refuse_imbalance(worst)
    return CashAccounts(**books._asdict(), loans=tuple(loans))


def _refuse_imbalance(worst: Array) -> None:
    if not worst.max(initial=0.0) <= CONSERVED_TO:
        path = int(np.argmax(worst))
        msg = f"sources and uses of path {path} differ by {worst[path]:.3g}, relative"
        raise InternalError(msg)


def loan_table(loans: Sequence[Loan], *, years: int) -> tuple[Array, Array]:
    """Gather the terms of loans by rank, one row a loan, and their payments by year.

    Parameters
    ----------
    loans
        By rank.
    years
        Years of the project. [year]
    """
    table = np.zeros((len(loans), kernel.TERMS))
    due = np.zeros((len(loans), years))
    for k, loan in enumerate(loans):
        due[k] = loan.due
        paying = np.flatnonzero(due[k] > 0)
        table[k, kernel.PRINCIPAL] = loan.principal
        table[k, kernel.SHARE] = loan.share
        table[k, kernel.RATE] = loan.rate
        table[k, kernel.FEE] = loan.fee
        table[k, kernel.INTEREST_FROM] = loan.interest_from
        table[k, kernel.REPAY_FROM] = loan.repay_from
        table[k, kernel.MATURES] = paying[-1] if len(paying) else years - 1
    return table, due


def law_numbers(rules: Rules, loans: Sequence[Loan]) -> Array:
    """Give the rules as numbers; owners fund the reserve the year before the first payment.

    Parameters
    ----------
    rules
        Tax, reserve, sweep, closing.
    loans
        By rank.
    """
    law = np.zeros(kernel.LAWS)
    law[kernel.ROYALTY] = rules.royalty
    law[kernel.TAX_RATE] = rules.tax_rate
    law[kernel.LOSS_LIMIT] = rules.loss_limit
    law[kernel.DEPLETION] = rules.depletion_rate
    law[kernel.DEPLETION_LIMIT] = rules.depletion_limit
    law[kernel.GRANTS_TAXED] = rules.grants_taxed
    law[kernel.RESERVE_YEARS] = rules.reserve_years
    law[kernel.SWEEP] = rules.sweep
    law[kernel.PATIENCE] = rules.patience
    law[kernel.SALVAGE_SHARE] = rules.salvage
    law[kernel.PREFUND_YEAR] = min((loan.interest_from for loan in loans), default=0) - 1
    return law


def empty_books(paths: int, loans: int, years: int) -> kernel.Books:
    """Make accounts of zeros.

    Parameters
    ----------
    paths, loans, years
        How many of each.
    """
    by_year = kernel.Books._fields[: kernel.PAGE]
    return kernel.Books(
        **{name: np.zeros((paths, years)) for name in by_year},
        drawn=np.zeros((paths, loans, years)),
        paid=np.zeros((paths, loans, years)),
        lost=np.zeros((paths, loans)),
        closed=np.full(paths, years, dtype=np.int64),
    )
