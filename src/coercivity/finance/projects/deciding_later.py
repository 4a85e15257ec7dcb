"""What owners could gain by deciding some years later, when they have seen how prices moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coercivity.finance.acceptance import Estimate
from coercivity.finance.appraisal import Appraisal, judged
from coercivity.finance.compiled import Array
from coercivity.finance.projects.book import quarter_prices
from coercivity.finance.projects.position import Position
from coercivity.finance.waiting.regression import regress, value_of_waiting

LATEST = 3
"""Years by which a decision may be put off. [year]"""
WAITING_PATHS = 1000
"""Of the same paths, those on which waiting is valued. [path]"""
FEWEST_PATHS = 100
"""Below this nothing can be learnt about waiting. [path]"""
DEGREE = 2
LEAST_PRICE = 1e-6
"""Stands for a price of nothing, whose logarithm is asked for. [USD/kg]"""


def postponed(position: Position, years: int) -> Position:
    """Give the same project, decided later on the same paths of prices, with the same contracts.

    Parameters
    ----------
    position
        The project.
    years
        By how many. [year]
    """
    operation = position.operation
    return replace(position, operation=replace(operation, first_year=operation.first_year + years))


def gain_of_waiting(
    position: Position, *, premium: float = 0.0, workers: int | None = None
) -> Estimate:
    r"""Estimate what the right to decide one, two or three years later is worth today.

    .. math:: W = E\big[(1+\rho)^{-k^*} \max(0, \hat V_{k^*}(x_{k^*}))\big], \qquad
        \hat V_k(x) = E[NPV_k \mid x_k = x], \quad x_k = \ln(P_k / P_0)

    The project is appraised in full at each later date on the same paths. What is seen by then is
    how the price of the main product has moved since today's decision, no more, so that whoever
    decides today knows as little as whoever waits begins with. The best date is learnt by
    regression on one half of the paths and valued on the other.

    Parameters
    ----------
    position
        The project.
    premium
        Added to the price of the main product, real. [USD/kg]
    workers
        Threads; the bits do not depend on them.

    Notes
    -----
    The same contracts are taken to be offered later, and rivals not to come first: both make
    waiting look better than it may be. Nothing else than the price is learnt, which makes it look
    worse. Zero where nothing is built, on fewer than `FEWEST_PATHS` paths, and where the paths of
    prices end too early.
    """
    few = position.first_paths(WAITING_PATHS)
    paths = len(few.drawn.technical.delay)
    if not few.operation.builds or not _reaches(few) or paths < FEWEST_PATHS:
        return Estimate(0.0, 0.0)
    prices = [_price(few, k) for k in range(LATEST + 1)]
    moved = np.column_stack([np.log(price / prices[0]) for price in prices])
    worth = np.zeros_like(moved)
    for years in range(1, LATEST + 1):
        later = postponed(few, years).appraise(premium=premium, workers=workers)
        known = moved[:, [years]]
        seen = regress(known, later.equity_npv, degree=DEGREE)
        worth[:, years] = later.worth.value if seen is None else seen.at(known)
    return value_of_waiting(moved, worth, rate=position.terms.hurdle, interval=1.0, degree=DEGREE)


def _reaches(position: Position) -> bool:
    operation, drawn = position.operation, position.drawn
    last = operation.first_year - drawn.case_first + operation.years + LATEST
    tables = [drawn.paths.prices[quote] for quote in position.pricing.quotes.values()]
    return all(table.shape[1] >= 4 * last for table in tables)


def _price(position: Position, years: int) -> Array:
    """Give the price of the main product in the quarter in which a decision falls. [USD/kg]"""
    quote = position.pricing.quotes[position.pricing.product]
    begins = position.operation.first_year - position.drawn.case_first + years
    table = quarter_prices(position.drawn.paths, quote, from_year=begins, years=1)
    seen = np.maximum(table[:, 0], LEAST_PRICE)
    return np.asarray(np.broadcast_to(seen, len(position.drawn.technical.delay)))


def with_waiting(found: Appraisal, position: Position, waiting: Estimate) -> Appraisal:
    """Judge an appraisal again, with what waiting is worth.

    Parameters
    ----------
    found
        The appraisal.
    position
        Of the project.
    waiting
        What deciding later is worth. [million, real]
    """
    least = max(position.terms.value_of_waiting, waiting.value)
    terms = replace(position.terms, value_of_waiting=least)
    acceptance = judged(found.equity_npv, found.equity_npv_treasury, found.accounts, terms)
    return replace(found, acceptance=acceptance)
