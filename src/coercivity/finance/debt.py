"""Debt sized from the bad tenth of cash, its agreed payments, and the room it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array
from coercivity.finance.measures import annuity_worth
from coercivity.finance.refusals import FinanceError
from coercivity.finance.waterfall.terms import Loan


class Repayment(Enum):
    """How repayment runs."""

    SCULPTED = "sculpted"
    """In proportion to the cash it was sized on: the same cover every year."""
    ANNUITY = "annuity"
    """The same payment every year."""


class Bound(Enum):
    """What kept a loan from being larger."""

    COVER = "cover"
    """Cash over the cover asked."""
    GEARING = "gearing"
    """The most a lender gives as a share of capital."""
    SHORTFALL = "shortfall"
    """A larger loan would be short too often."""
    NO_CASH = "no cash"
    """In no year of repayment does the cash it is sized on leave anything to pay with."""
    NO_CAPITAL = "no capital"
    """Nothing is built before interest falls due, so there is nothing to lend for."""
    FIXED = "fixed"
    """The amount was agreed, not sized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtTerms:
    """What a lender asks."""

    id: str = "debt"
    gearing_limit: float = 0.5
    """Most debt as a share of the capital budget, at most 1. [fraction]"""
    dscr: float = 1.3
    """Cash over debt service asked in every year it is sized on; at least 1. [ratio]"""
    rate: float = 0.075
    """All-in interest, nominal. [1/year]"""
    tenor: int = 10
    """Years over which debt is repaid. [year]"""
    grace: int = 0
    """Years after planned first output in which only interest is paid. [year]"""
    repayment: Repayment = Repayment.SCULPTED
    tail: float = 0.10
    """Share of paths with less cash than the cash it is sized on. [fraction]"""
    fee: float = 0.0
    """Yearly guarantee fee on the balance. [1/year]"""
    guarantor: str = ""
    """Contract that guarantees it."""
    public: bool = False
    """Whether the government lends."""

    def __post_init__(self) -> None:
        shares = {"gearing_limit": self.gearing_limit, "tail": self.tail}
        wrong = [f"{name} {value}" for name, value in shares.items() if not 0 <= value <= 1]
        wrong += [f"dscr {self.dscr}"] if not self.dscr >= 1 else []
        wrong += [f"rate {self.rate}"] if not self.rate > -1 else []
        wrong += [f"tenor {self.tenor}"] if self.tenor < 1 else []
        wrong += [f"grace {self.grace}"] if self.grace < 0 else []
        if wrong:
            msg = (
                f"loan {self.id!r} has {', '.join(wrong)}. Debt is at most the whole of the "
                "capital, covered at least once, and repaid over at least one year: shares lie "
                "in 0 to 1, dscr is at least 1, tenor at least 1, grace at least 0.  [F104]"
            )
            raise FinanceError(msg, code="F104")


@dataclass(frozen=True, slots=True)
class DebtSizing:
    """A sized loan and why it is not larger."""

    loan: Loan
    bound: Bound
    sized_on: Array
    """Cash of the bad tail in each year, the quantile of `DebtTerms.tail`. [million/year]"""
    gearing: float
    """Principal as a share of the capital budget. [fraction]"""


def check_term(terms: DebtTerms, *, first_output: int, years: int) -> None:
    """Refuse a loan that is not repaid within the life of the project.

    Parameters
    ----------
    terms
        What the lender asks.
    first_output
        Planned year of first output. [year]
    years
        Years of the project. [year]

    Raises
    ------
    FinanceError
        If the last payment falls after the last year.

    Examples
    --------
    >>> check_term(DebtTerms(tenor=10), first_output=3, years=13)
    """
    end = first_output + terms.grace + terms.tenor
    if end > years:
        msg = (
            f"loan {terms.id!r} is repaid in years {end - terms.tenor} to {end - 1}, but the "
            f"project ends after year {years - 1}. Debt is repaid from the project's own cash: "
            f"shorten tenor {terms.tenor} or grace {terms.grace} by {end - years}.  [F102]"
        )
        raise FinanceError(msg, code="F102")


def tail_cash(cfads: ArrayLike, *, tail: float) -> Array:
    r"""Give the cash that a share ``tail`` of paths falls below, year by year, :math:`Q_\tau`.

    Parameters
    ----------
    cfads
        Cash flow available for debt service by path and year. [million/year, nominal]
    tail
        Share of paths below; 0.10 asks what nine in ten paths reach. [fraction]

    Examples
    --------
    >>> paths = np.arange(11.0)[:, None] * np.array([[1.0, 10.0]])
    >>> tail_cash(paths, tail=0.10).tolist()
    [1.0, 10.0]
    """
    table = np.atleast_2d(np.asarray(cfads, dtype=np.float64))
    if len(table) == 1:
        return np.array(table[0])
    return np.array([np.quantile(np.ascontiguousarray(column), tail) for column in table.T])


def size_debt(
    cfads: ArrayLike,
    terms: DebtTerms,
    *,
    budget: ArrayLike,
    first_output: int,
    senior: ArrayLike = 0.0,
) -> DebtSizing:
    r"""Size the largest loan that the bad tail of cash covers, up to the gearing limit.

    .. math::

        S_t = \max\!\left(\tfrac{Q_{\tau}[CFADS_t]}{DSCR} - senior_t,\ 0\right), \qquad
        D = \min\!\Big(g_{max}\,capex,\ \sum_t \tfrac{S_t}{(1+i)^{t}}
            \Big/ \sum_t \tfrac{w_t}{(1+i)^{t}}\Big)

    with :math:`w` the budget's phasing; interest joins the balance until planned first output.
    With all capital in year 0 and no grace this is the formula of `models`: the present value of
    the covered cash. Grace years pay interest only, so the balance at their end is the one at
    their start. An annuity pays the least :math:`S_t` of its years.

    Parameters
    ----------
    cfads
        By path and year, after the tax of a project without debt. [million/year, nominal]
    terms
        What the lender asks.
    budget
        Capital spent by year as planned. [million/year, nominal]
    first_output
        Planned year of first output; interest is paid from here on. [year]
    senior
        Debt service that ranks before, by year. [million/year, nominal]

    Returns
    -------
    DebtSizing
        The loan with its payments, and what bounds it. A loan of 0 says why in `bound`.

    Examples
    --------
    Cash of 130 a year with cover 1.3 services 100; at zero interest the loan is their sum:

    >>> terms = DebtTerms(gearing_limit=1.0, dscr=1.3, rate=0.0, tenor=3)
    >>> cash = [0.0, 130.0, 130.0, 130.0]
    >>> sizing = size_debt(cash, terms, budget=[900.0, 0.0, 0.0, 0.0], first_output=1)
    >>> round(sizing.loan.principal, 9), sizing.loan.due.tolist(), sizing.bound.value
    (300.0, [0.0, 100.0, 100.0, 100.0], 'cover')
    """
    cash = tail_cash(cfads, tail=terms.tail)
    years = len(cash)
    check_term(terms, first_output=first_output, years=years)
    capital = np.zeros(years) + np.asarray(budget, dtype=np.float64)
    service, repay_from = _service(cash, terms, first_output=first_output, senior=senior)
    principal, bound = 0.0, Bound.NO_CASH
    owed_at_start = float(np.sum(service * (1 + terms.rate) ** -_since(years, repay_from - 1)))
    grown = _grown(capital, terms.rate, first_output=first_output)
    total = float(capital.sum())
    if grown <= 0:
        bound = Bound.NO_CAPITAL
    elif owed_at_start > 0:
        covered = owed_at_start / grown * total
        bound = Bound.COVER if covered <= terms.gearing_limit * total else Bound.GEARING
        principal = min(covered, terms.gearing_limit * total)
        service *= principal / covered
    share = principal / total if principal > 0 else 0.0
    loan = Loan(
        id=terms.id,
        principal=principal,
        share=share,
        rate=terms.rate,
        due=service if principal > 0 else np.zeros(years),
        interest_from=first_output,
        repay_from=repay_from,
        fee=terms.fee,
        guarantor=terms.guarantor,
        public=terms.public,
    )
    return DebtSizing(loan, bound, cash, share)


def agreed_loan(
    terms: DebtTerms, *, amount: float, budget: ArrayLike, first_output: int
) -> DebtSizing:
    r"""Write down a loan of an agreed amount, drawn with capital and repaid in level payments.

    .. math:: a = D \sum_t w_t (1+i)^{f-1-t} \Big/ A(i, n)

    Parameters
    ----------
    terms
        Rate, tenor, grace; the gearing limit bounds the amount.
    amount
        Agreed. [million, nominal]
    budget
        Capital spent by year as planned. [million/year, nominal]
    first_output
        Planned year of first output. [year]

    Examples
    --------
    >>> terms = DebtTerms(gearing_limit=1.0, rate=0.10, tenor=2)
    >>> sizing = agreed_loan(terms, amount=173.55, budget=[200.0, 0.0, 0.0], first_output=1)
    >>> [round(float(due), 2) for due in sizing.loan.due]
    [0.0, 100.0, 100.0]
    """
    capital = np.asarray(budget, dtype=np.float64)
    check_term(terms, first_output=first_output, years=len(capital))
    total = float(capital.sum())
    most = terms.gearing_limit * total
    principal = min(amount, most)
    repay_from = first_output + terms.grace
    due = np.zeros(len(capital))
    if principal > 0:
        owed = _grown(capital, terms.rate, first_output=first_output) * principal / total
        due[repay_from : repay_from + terms.tenor] = owed / annuity_worth(
            terms.rate, years=terms.tenor
        )
    loan = Loan(
        id=terms.id,
        principal=principal,
        share=principal / total if total > 0 else 0.0,
        rate=terms.rate,
        due=due,
        interest_from=first_output,
        repay_from=repay_from,
        fee=terms.fee,
        guarantor=terms.guarantor,
        public=terms.public,
    )
    bound = Bound.FIXED if amount <= most else Bound.GEARING
    return DebtSizing(loan, bound, np.zeros(len(capital)), loan.share)


def _since(years: int, start: int) -> Array:
    return np.asarray(np.arange(years) - start, dtype=np.float64)


def _grown(capital: Array, rate: float, *, first_output: int) -> float:
    """Give the balance at the end of the year before interest is paid, had all been lent."""
    before = capital[: max(first_output, 1)]
    return float(np.sum(before * (1 + rate) ** -_since(len(before), max(first_output, 1) - 1)))


def _service(
    cash: Array, terms: DebtTerms, *, first_output: int, senior: ArrayLike
) -> tuple[Array, int]:
    """Give what the cash covers in each year of repayment, and the first of them."""
    repay_from = first_output + terms.grace
    window = slice(repay_from, repay_from + terms.tenor)
    covered = np.maximum(cash / terms.dscr - np.asarray(senior, dtype=np.float64), 0.0)
    service = np.zeros(len(cash))
    level = terms.repayment is Repayment.ANNUITY
    service[window] = covered[window].min() if level else covered[window]
    return service, repay_from
