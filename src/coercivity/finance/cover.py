"""Debt service cover, each statistic by its own name: they differ tenfold on the same paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.waterfall.terms import CashAccounts


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover of agreed debt service. Without any debt service every figure is infinite or 0."""

    share_of_years_below: Mapping[float, float]
    """Share of all project-years with service whose cover is below the key. [fraction]"""
    worst_year_below: Mapping[float, float]
    """Share of paths below the key in the year in which most are. [fraction]"""
    paths_below: Mapping[float, float]
    """Share of paths with at least one year below the key. [fraction]"""
    path_minimum_p10: float
    """Worst year of a path, tenth percentile over paths. [ratio]"""
    average_p50: float
    """Mean over the years of a path, median over paths. [ratio]"""
    by_year: Array
    """Percentiles 10, 50, 90 of each year's cover; NaN in years without service. [ratio]"""


def debt_cover(accounts: CashAccounts, *, levels: tuple[float, ...] = (1.0, 1.3)) -> Cover:
    r"""Measure cash over agreed service, :math:`DSCR_{n,y} = CFADS_{n,y} / S_{n,y}`.

    Service is what was agreed for the year, arrears not counted; a closed plant covers nothing of
    what would have fallen due.

    Parameters
    ----------
    accounts
        Of the waterfall with debt.
    levels
        Cover below which years and paths are counted. [ratio]

    Notes
    -----
    For every level, share of years :math:`\le` worst year :math:`\le` share of paths.
    """
    service = _agreed(accounts)
    serving = (service > 0).any(axis=0)
    cfads = np.where(accounts.open_years(), accounts.cfads, 0.0)[:, serving]
    due = service[:, serving]
    cover = np.divide(cfads, due, out=np.full(due.shape, np.inf), where=due > 0)
    by_year = np.full((3, service.shape[1]), np.nan)
    if not serving.any():
        none = dict.fromkeys(levels, 0.0)
        return Cover(none, none, none, np.inf, np.inf, by_year)
    by_year[:, serving] = np.quantile(cover, [0.1, 0.5, 0.9], axis=0, method="lower")
    below = {level: cover < level for level in levels}
    return Cover(
        {level: float(found.mean()) for level, found in below.items()},
        {level: float(found.mean(axis=0).max()) for level, found in below.items()},
        {level: float(found.any(axis=1).mean()) for level, found in below.items()},
        float(np.quantile(cover.min(axis=1), 0.1, method="lower")),
        float(np.median(_mean_of_finite(cover))),
        by_year,
    )


def _mean_of_finite(cover: Array) -> Array:
    finite = np.isfinite(cover)
    total = np.where(finite, cover, 0.0).sum(axis=1)
    number = finite.sum(axis=1)
    mean = np.divide(total, number, out=np.full(len(cover), np.inf), where=number > 0)
    return np.asarray(mean, dtype=np.float64)


def _agreed(accounts: CashAccounts) -> Array:
    """Give the service due by path and year; after closing, the schedule as agreed."""
    schedule = np.zeros(accounts.cfads.shape[1])
    for loan in accounts.loans:
        if loan.principal > 0:
            schedule += loan.due
    return np.where(accounts.open_years(), accounts.due, schedule[None, :])


def loan_life_cover(accounts: CashAccounts, *, loan: int = 0) -> Array:
    r"""Give each path's loan life cover, :math:`LLCR_n`.

    .. math:: LLCR_n = \sum_t CFADS_{n,t} (1+i)^{-(t-f+1)} / B_{n,f-1}

    Counted from the year before the loan's first payment :math:`f` over its agreed payments, at
    its own rate, against the balance then. A path that has drawn nothing gets infinity.

    Parameters
    ----------
    accounts
        Of the waterfall with debt.
    loan
        Position of the loan by rank.

    Returns
    -------
    Array
        One value a path. [ratio]
    """
    agreed = accounts.loans[loan]
    paying = np.flatnonzero(agreed.due > 0)
    balance = np.zeros(len(accounts.closed))
    if len(paying) == 0:
        return np.full(len(balance), np.inf)
    first = int(paying[0])
    flows = accounts.drawn[:, loan, :first] - accounts.paid[:, loan, :first]
    for year in range(first):
        balance = balance * (1 + agreed.rate) + flows[:, year]
    cash = accounts.cfads[:, paying]
    worth = (cash * (1 + agreed.rate) ** -(paying - first + 1.0)).sum(axis=1)
    ratio = np.divide(worth, balance, out=np.full(len(balance), np.inf), where=balance > 0)
    return np.asarray(ratio, dtype=np.float64)
