"""What a floor or a share of the upside pays, by how often it is settled."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError


def settled(
    prices: ArrayLike,
    *,
    strike: float,
    steps_a_year: int,
    settlements_a_year: int,
    above: bool = False,
) -> Array:
    r"""Give what one unit a year is paid, each settlement on the mean price of its interval.

    .. math:: s_{n,y} = \frac1m \sum_{q \in y} (K - \bar P_{n,q})^{+}

    Parameters
    ----------
    prices
        By path and step. [money]
    strike
        K. [money]
    steps_a_year
        Of the prices. [1/year]
    settlements_a_year
        m; divides the steps. [1/year]
    above
        Whether the price over the strike is paid instead.

    Returns
    -------
    Array
        By path and year. [money]

    Examples
    --------
    A good and a bad half-year cancel when settled once:

    >>> settled([[40.0, 80.0]], strike=60.0, steps_a_year=2, settlements_a_year=2).tolist()
    [[10.0]]
    >>> settled([[40.0, 80.0]], strike=60.0, steps_a_year=2, settlements_a_year=1).tolist()
    [[0.0]]
    """
    table = np.atleast_2d(np.asarray(prices, dtype=np.float64))
    if steps_a_year % settlements_a_year or table.shape[1] % steps_a_year:
        msg = (
            f"{table.shape[1]} prices in {steps_a_year} steps a year cannot be settled "
            f"{settlements_a_year} times a year. Settle whole intervals: 1, 2, 4 or 12 times, as "
            "the steps allow.  [F204]"
        )
        raise FinanceError(msg, code="F204")
    parts = steps_a_year // settlements_a_year
    means = table.reshape(len(table), -1, settlements_a_year, parts).mean(axis=3)
    gap = means - strike if above else strike - means
    return np.asarray(np.maximum(gap, 0.0).mean(axis=2))


def strip_worth(
    prices: ArrayLike,
    *,
    strike: float,
    rate: float,
    steps_a_year: int,
    settlements_a_year: int,
    above: bool = False,
) -> Array:
    r"""Give the worth of a strip on one unit a year, paid in mid-year. [money x year]

    .. math:: W_n = \sum_y \frac{s_{n,y}}{(1+r)^{y+1/2}}

    Parameters
    ----------
    prices, strike, steps_a_year, settlements_a_year, above
        As in `settled`.
    rate
        r. [1/year]

    Examples
    --------
    >>> strip_worth([50.0], strike=60.0, rate=0.0, steps_a_year=1, settlements_a_year=1).tolist()
    [10.0]
    """
    paid = settled(
        prices,
        strike=strike,
        steps_a_year=steps_a_year,
        settlements_a_year=settlements_a_year,
        above=above,
    )
    factors = (1.0 + rate) ** -(np.arange(paid.shape[1]) + 0.5)
    return np.asarray((paid * factors).sum(axis=1))
