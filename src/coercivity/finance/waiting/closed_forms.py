"""Investing under uncertainty where formulas are known: thresholds of a price without return."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import root
from scipy.special import ndtr

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowingPrice:
    r"""A price with :math:`dP = \mu P\,dt + \sigma P\,dW`, and the rate at which it is valued."""

    growth: float
    r""":math:`\mu`, below the rate. [1/year]"""
    volatility: float
    r""":math:`\sigma`, above 0. [1/year^0.5]"""
    rate: float
    r""":math:`\rho`, continuous, above 0. [1/year]"""

    def __post_init__(self) -> None:
        if not (self.rate > 0 and self.growth < self.rate and self.volatility > 0):
            msg = (
                f"growth {self.growth!r}, volatility {self.volatility!r}, rate {self.rate!r}: a "
                "value that grows as fast as it is discounted is infinite. The rate must be above "
                "0 and above the growth, the volatility above 0.  [F208]"
            )
            raise FinanceError(msg, code="F208")

    @property
    def roots(self) -> tuple[float, float]:
        r"""Roots :math:`\beta_1 > 1 > 0 > \beta_2` of the fundamental quadratic.

        .. math:: \tfrac12\sigma^2\beta(\beta-1) + \mu\beta - \rho = 0

        Examples
        --------
        >>> [round(beta, 9) for beta in GrowingPrice(growth=0, volatility=0.2, rate=0.04).roots]
        [2.0, -1.0]
        """
        half = 0.5 - self.growth / self.volatility**2
        wide = math.sqrt(half**2 + 2 * self.rate / self.volatility**2)
        return half + wide, half - wide

    @property
    def shortfall(self) -> float:
        r""":math:`\delta = \rho - \mu`. [1/year]"""
        return self.rate - self.growth


def investment_threshold(cost: float, *, price: GrowingPrice) -> float:
    r"""Give the project value from which to invest, :math:`V^* = \frac{\beta_1}{\beta_1-1} I`.

    Parameters
    ----------
    cost
        I, sunk. [money]
    price
        Law of the project value.

    References
    ----------
    Dixit and Pindyck (1994), *Investment under Uncertainty*, chapter 5.

    Examples
    --------
    >>> law = GrowingPrice(growth=0.0, volatility=0.2, rate=0.04)
    >>> round(investment_threshold(1.0, price=law), 9)
    2.0
    """
    beta = price.roots[0]
    return beta / (beta - 1) * cost


def investment_worth(value: float, *, cost: float, price: GrowingPrice) -> float:
    r"""Give the worth of the right to invest: :math:`(V^*-I)(V/V^*)^{\beta_1}` below the threshold.

    Parameters
    ----------
    value
        V, project value today. [money]
    cost
        I, sunk. [money]
    price
        Law of the project value.

    Examples
    --------
    >>> law = GrowingPrice(growth=0.0, volatility=0.2, rate=0.04)
    >>> [round(investment_worth(v, cost=1.0, price=law), 9) for v in (1.0, 3.0)]
    [0.25, 2.0]
    """
    threshold = investment_threshold(cost, price=price)
    if value >= threshold:
        return value - cost
    return float((threshold - cost) * (value / threshold) ** price.roots[0])


@dataclass(frozen=True, slots=True)
class EntryExit:
    """Prices at which a plant is opened and closed."""

    enter: float
    """[money/unit]"""
    leave: float
    """[money/unit]"""


def entry_exit(*, price: GrowingPrice, cost: float, enter: float, leave: float) -> EntryExit:
    r"""Solve the four equations of entry and exit of one unit a year.

    .. math::

        V_0 = A P^{\beta_1}, \qquad V_1 = B P^{\beta_2} + P/\delta - C/\rho

        V_1(P_H) - V_0(P_H) = I, \quad V_1'(P_H) = V_0'(P_H), \quad
        V_1(P_L) - V_0(P_L) = -E, \quad V_1'(P_L) = V_0'(P_L)

    Parameters
    ----------
    price
        Law of the price.
    cost
        C, of running, above 0. [money/year]
    enter, leave
        I, paid to open, at least 0; E, paid to close, above :math:`-I` (negative is scrap value).
        Both 0 give the same price, C. [money]

    References
    ----------
    Dixit (1989), *Journal of Political Economy* 97(3), 620-638.

    Examples
    --------
    The central case of the paper:

    >>> law = GrowingPrice(growth=0.0, volatility=0.1, rate=0.025)
    >>> found = entry_exit(price=law, cost=1.0, enter=4.0, leave=0.0)
    >>> f"{found.enter:.4f} {found.leave:.4f}"
    '1.4667 0.7657'
    """
    if enter + leave < 0 or enter < 0 or not cost > 0 or cost <= price.rate * leave:
        msg = (
            f"opening at {enter!r} and closing at {leave!r} with running cost {cost!r} has no "
            "answer: opening and closing again may not earn, and running costs more than the "
            "interest on closing.  [F208]"
        )
        raise FinanceError(msg, code="F208")
    if enter + leave == 0:
        even = cost + price.rate * enter
        return EntryExit(even, even)

    def misses(logs: Array) -> Array:
        return _misses(np.exp(logs), price=price, cost=cost, enter=enter, leave=leave)

    # As the costs of switching vanish the gap closes with their third root.
    width = (price.volatility**2 * (enter + leave) / cost) ** (1 / 3)
    for stretch in (1.0, 1.5, 0.5, 2.5, 0.2):
        begin = np.log([cost + price.rate * enter, cost - price.rate * leave])
        found = root(misses, begin + stretch * width * np.array([0.5, -0.5]), tol=1e-12)
        high, low = np.exp(found.x)
        if np.abs(misses(found.x)).max() < 1e-8 * (cost / price.rate) and high > low:
            return EntryExit(float(high), float(low))
    msg = (
        f"the equations of entry and exit for costs {cost!r}, {enter!r}, {leave!r} were not solved "
        "from any start. Use `plant_thresholds`, which always ends.  [F208]"
    )
    raise FinanceError(msg, code="F208")


def _misses(
    prices: Array, *, price: GrowingPrice, cost: float, enter: float, leave: float
) -> Array:
    """Give what is missing in value, slopes being equal at both prices."""
    up, down = price.roots
    high, low = float(prices[0]), float(prices[1])
    # Slopes: A up P^(up-1) - B down P^(down-1) = 1/delta at both prices, scaled by the higher.
    ratio = low / high
    slopes = np.array(
        [[up, -down], [up * ratio ** (up - 1), -down * ratio ** (down - 1)]], dtype=np.float64
    )
    idle, run = np.linalg.solve(slopes, np.full(2, high / price.shortfall))

    def gain(part: float) -> float:
        steady = part * high / price.shortfall - cost / price.rate
        return float(run * part**down + steady - idle * part**up)

    return np.array([gain(1.0) - enter, gain(ratio) + leave])


def european_put(
    spot: float, *, strike: float, rate: float, volatility: float, years: float
) -> float:
    r"""Give the worth of a right to sell at one date.

    .. math:: K e^{-rT}\Phi(-d_2) - S\,\Phi(-d_1), \qquad
        d_{1,2} = \frac{\ln(S/K) + (r \pm \sigma^2/2)T}{\sigma\sqrt T}

    Parameters
    ----------
    spot, strike
        S and K. [money]
    rate, volatility, years
        r, continuous, :math:`\sigma`, T. [1/year], [1/year^0.5], [year]

    References
    ----------
    Black and Scholes (1973), *Journal of Political Economy* 81(3), 637-654.

    Examples
    --------
    >>> print(f"{european_put(36, strike=40, rate=0.06, volatility=0.2, years=1):.3f}")
    3.844
    """
    spread = volatility * math.sqrt(years)
    one = (math.log(spot / strike) + rate * years) / spread + 0.5 * spread
    paid = strike * math.exp(-rate * years) * float(ndtr(spread - one))
    return paid - spot * float(ndtr(-one))
