"""Worth of cash flows: present value, annuities, dated and modified returns, payback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array, compiled, over_paths

DAYS_A_YEAR = 365.0
"""Days that count as a year between dates. [day]"""


def discount_factors(rate: float, *, years: int, shift: float = 0.0) -> Array:
    r"""Give the present value of 1 in each year, :math:`(1+r)^{-(y + shift)}`. [fraction]

    Parameters
    ----------
    rate
        Discount rate, above -1; real for real money. [1/year]
    years
        Number of years, the first is 0. [year]
    shift
        Part of the year that has passed when its money falls: 0 start, 0.5 middle, 1 end. [year]

    Examples
    --------
    >>> discount_factors(0.25, years=3).tolist()
    [1.0, 0.8, 0.64]
    """
    if not rate > -1:
        msg = f"a discount rate must be above -1, got {rate!r}"
        raise ValueError(msg)
    return np.asarray((1.0 + rate) ** -(np.arange(years) + shift), dtype=np.float64)


@compiled
def _weigh(flows: Array, factors: Array, worth: Array, first: int, end: int) -> None:
    for path in range(first, end):
        total = 0.0
        for year in range(factors.size):
            total += flows[path, year] * factors[year]
        worth[path] = total


def net_present_value(
    flows: ArrayLike, *, rate: float, shift: float = 0.0, workers: int | None = 1
) -> Array:
    r"""Discount each path's yearly flows to the start of year 0.

    .. math:: NPV_n = \sum_y \frac{c_{n,y}}{(1+r)^{y + shift}}

    Parameters
    ----------
    flows
        Cash by path and year; one path may be given as a list. [million/year]
    rate
        Discount rate, real for real money. [1/year]
    shift
        When in a year its money falls; 1 is the convention of spreadsheets, which discount the
        first flow too. [year]
    workers
        Threads; the bits do not depend on them.

    Returns
    -------
    Array
        One value a path. [million]

    Examples
    --------
    >>> flows = [-10_000, 3_000, 4_200, 6_800]
    >>> print(f"{net_present_value(flows, rate=0.1, shift=1.0)[0]:.2f}")
    1188.44
    """
    table = np.ascontiguousarray(np.atleast_2d(np.asarray(flows, dtype=np.float64)))
    factors = discount_factors(rate, years=table.shape[1], shift=shift)
    worth = np.empty(len(table))
    over_paths(
        lambda first, end: _weigh(table, factors, worth, first, end), len(table), workers=workers
    )
    return worth


def dated_net_present_value(flows: Sequence[float], dates: Sequence[date], *, rate: float) -> float:
    r"""Discount dated flows to the first date, :math:`\sum c_k (1+r)^{-(d_k - d_0)/365}`. [million]

    Parameters
    ----------
    flows
        Cash on each date. [million]
    dates
        One a flow.
    rate
        Effective yearly rate, above -1. [1/year]

    Examples
    --------
    >>> days = [date(2025, 1, 1), date(2026, 1, 1)]
    >>> round(dated_net_present_value([-100.0, 121.0], days, rate=0.10), 2)
    10.0
    """
    if len(flows) != len(dates) or not dates:
        msg = f"{len(flows)} flows but {len(dates)} dates"
        raise ValueError(msg)
    if not rate > -1:
        msg = f"a discount rate must be above -1, got {rate!r}"
        raise ValueError(msg)
    when = np.array([(day - dates[0]).days for day in dates]) / DAYS_A_YEAR
    return float(np.sum(np.asarray(flows, dtype=np.float64) * (1 + rate) ** -when))


def annuity_worth(rate: float, *, years: float) -> float:
    r"""Give the worth of 1 a year at the end of each year, :math:`(1-(1+r)^{-n})/r`. [year]

    Parameters
    ----------
    rate
        Discount rate. [1/year]
    years
        Number of payments. [year]

    Examples
    --------
    >>> round(annuity_worth(0.10, years=2), 4), annuity_worth(0.0, years=7)
    (1.7355, 7.0)
    """
    if rate == 0:
        return float(years)
    return float(-np.expm1(-years * np.log1p(rate)) / rate)


def annuity_factor(rate: float, *, years: float) -> float:
    r"""Give the level payment that repays 1, :math:`r/(1-(1+r)^{-n})`; 1/n at zero. [1/year]

    Parameters
    ----------
    rate
        Interest a payment interval. [1/year]
    years
        Number of payments, above 0. [year]

    Examples
    --------
    >>> round(annuity_factor(0.10, years=2), 4), annuity_factor(0.0, years=4)
    (0.5762, 0.25)
    """
    if years <= 0:
        msg = f"a loan is repaid over more than 0 years, got {years!r}"
        raise ValueError(msg)
    return 1.0 / annuity_worth(rate, years=years)


def cumulative_interest(
    rate: float, *, payments: int, principal: float, first: int, last: int
) -> float:
    r"""Add up the interest within level payments ``first`` to ``last``, counted from 1. [million]

    With payment :math:`a` the balance before payment :math:`k` is
    :math:`B_{k-1} = D(1+i)^{k-1} - a\,((1+i)^{k-1}-1)/i`.

    Parameters
    ----------
    rate
        Interest a payment interval. [1/interval]
    payments
        Number of level payments. [interval]
    principal
        Loan at the start. [million]
    first, last
        Payments counted, both included. [interval]

    Examples
    --------
    One payment of 110 repays 100 and its interest:

    >>> round(cumulative_interest(0.10, payments=1, principal=100.0, first=1, last=1), 9)
    10.0
    """
    level = principal * annuity_factor(rate, years=payments)
    balance, interest = principal, 0.0
    for number in range(1, last + 1):
        if number >= first:
            interest += balance * rate
        balance = balance * (1 + rate) - level
    return interest


def modified_internal_rate_of_return(
    flows: Sequence[float], *, finance_rate: float, reinvestment_rate: float
) -> float:
    r"""Give the return when inflows are reinvested and outflows financed at stated rates.

    .. math:: MIRR = \left(\frac{\sum c_y^{+}(1+r_r)^{n-y}}{-\sum c_y^{-}(1+r_f)^{-y}}
        \right)^{1/n} - 1

    Parameters
    ----------
    flows
        Cash by year, with money spent and money earned. [million/year]
    finance_rate, reinvestment_rate
        Rates at which outflows are discounted and inflows compounded. [1/year]

    Examples
    --------
    >>> rate = modified_internal_rate_of_return(
    ...     [-100.0, 0.0, 144.0], finance_rate=0.05, reinvestment_rate=0.05
    ... )
    >>> round(rate, 9)
    0.2
    """
    cash = np.asarray(flows, dtype=np.float64)
    last = len(cash) - 1
    earned = net_present_value(np.maximum(cash, 0.0), rate=reinvestment_rate)[0]
    spent = -net_present_value(np.minimum(cash, 0.0), rate=finance_rate)[0]
    if not (earned > 0 and spent > 0):
        msg = "a modified return needs at least one year of spending and one of earning"
        raise ValueError(msg)
    return float((earned * (1 + reinvestment_rate) ** last / spent) ** (1 / last) - 1)


@dataclass(frozen=True, slots=True)
class Payback:
    """When each path has earned back what it spent."""

    years: Array
    """From the start of the stated year; infinity where it never comes back. [year]"""
    repaid: float
    """Share of paths that come back. [fraction]"""


def payback(flows: ArrayLike, *, counted_from: float = 0.0) -> Payback:
    """Tell when the sum of a path's flows turns positive for good.

    Within the year the flow is taken as even. A path that turns positive and falls back, say for
    closure, counts from the last time; a path that ends below zero never pays back.

    Parameters
    ----------
    flows
        Cash by path and year, undiscounted. [million/year]
    counted_from
        Year from which payback counts, such as that of first output. [year]

    Examples
    --------
    >>> payback([-100.0, 40.0, 40.0, 40.0]).years.tolist()
    [3.5]
    >>> payback([[-100.0, 40.0], [-10.0, 20.0]]).repaid
    0.5
    """
    total = np.cumsum(np.atleast_2d(np.asarray(flows, dtype=np.float64)), axis=1)
    count, years = total.shape
    behind = total < 0
    last_behind = np.where(behind.any(axis=1), years - 1 - np.argmax(behind[:, ::-1], axis=1), -1)
    ended = last_behind < years - 1
    path = np.arange(count)
    after = np.minimum(last_behind + 1, years - 1)
    before = np.where(last_behind >= 0, total[path, np.maximum(last_behind, 0)], 0.0)
    step = total[path, after] - before
    part = np.divide(-before, step, out=np.zeros(count), where=step > 0)
    when = np.where(ended, after + part - counted_from, np.inf)
    return Payback(when, float(np.mean(ended)))
