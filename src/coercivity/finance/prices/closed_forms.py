"""What is known of mean-reverting prices without simulating."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array


def decay(reversion: ArrayLike, *, years: float) -> Array:
    r"""Give what is left of a distance to the attractor, :math:`e^{-\kappa T}`. [fraction]

    Parameters
    ----------
    reversion
        :math:`\kappa`; negative where a fit is explosive. [1/year]
    years
        T. [year]

    Examples
    --------
    >>> float(decay(math.log(2), years=1.0))
    0.5
    """
    return np.asarray(np.exp(-np.asarray(reversion, dtype=np.float64) * years))


def step_deviation(reversion: ArrayLike, *, volatility: ArrayLike, years: float) -> Array:
    r"""Give the deviation of the log price after T years.

    .. math:: \sigma \sqrt{\frac{1 - e^{-2\kappa T}}{2\kappa}}, \qquad
        \sigma\sqrt{T} \text{ at } \kappa = 0

    Parameters
    ----------
    reversion
        :math:`\kappa`. [1/year]
    volatility
        :math:`\sigma`. [1/year^0.5]
    years
        T. [year]

    Examples
    --------
    It tends to :math:`\sigma/\sqrt{2\kappa}`:

    >>> float(step_deviation(0.5, volatility=0.3, years=1e9))
    0.3
    """
    kappa = np.asarray(reversion, dtype=np.float64)
    small = np.abs(kappa * years) < 1e-12
    safe = np.where(small, 1.0, kappa)
    variance = np.where(small, years, -np.expm1(-2 * safe * years) / (2 * safe))
    return np.asarray(np.asarray(volatility) * np.sqrt(variance), dtype=np.float64)


def step_correlations(correlation: Array, *, reversion: Array, years: float) -> Array:
    r"""Give the correlations of exact steps of prices that return at different speeds.

    .. math:: \rho_{ij}\,\frac{(1-e^{-(\kappa_i+\kappa_j)T})/(\kappa_i+\kappa_j)}
        {\sqrt{(1-e^{-2\kappa_i T})/2\kappa_i}\,\sqrt{(1-e^{-2\kappa_j T})/2\kappa_j}}

    Parameters
    ----------
    correlation
        :math:`\rho` of the continuous shocks. [fraction]
    reversion
        :math:`\kappa` of each price, above 0. [1/year]
    years
        Length of a step. [year]

    Examples
    --------
    >>> same = step_correlations(np.full((2, 2), 0.5), reversion=np.array([0.6, 0.6]), years=1.0)
    >>> float(same[0, 1])
    0.5
    """
    both = reversion[:, None] + reversion[None, :]
    shared = -np.expm1(-both * years) / both
    own = np.sqrt(np.diag(shared))
    return np.asarray(correlation * shared / (own[:, None] * own[None, :]))


def expected_price(
    start: float, *, level: float, reversion: float, volatility: float, years: float
) -> float:
    r"""Give the mean price after T years of a price with one attractor and no jumps.

    .. math:: E[P_T] = \exp\left(\theta + (x_0-\theta)e^{-\kappa T} + \tfrac12 v_T\right)

    Parameters
    ----------
    start, level
        Price today, and the attractor :math:`e^{\theta}`. [any money]
    reversion, volatility
        :math:`\kappa` [1/year] and :math:`\sigma`. [1/year^0.5]
    years
        T. [year]

    Examples
    --------
    >>> print(f"{expected_price(50, level=50, reversion=0.5, volatility=0.2, years=1e6):.4f}")
    51.0101
    """
    left = float(decay(reversion, years=years))
    spread = float(step_deviation(reversion, volatility=volatility, years=years))
    centre = math.log(level) + (math.log(start) - math.log(level)) * left
    return math.exp(centre + 0.5 * spread**2)


def switching_chances(
    to_second: ArrayLike, back: ArrayLike, *, years: float
) -> tuple[Array, Array]:
    r"""Give the chances to be in the second state after T years from the first, and from itself.

    .. math:: p_{12} = \pi\,(1-e^{-(\lambda_{12}+\lambda_{21})T}), \quad
        p_{22} = \pi + (1-\pi)\,e^{-(\lambda_{12}+\lambda_{21})T}, \quad
        \pi = \frac{\lambda_{12}}{\lambda_{12}+\lambda_{21}}

    Parameters
    ----------
    to_second, back
        Rates between the states. [1/year]
    years
        T. [year]

    Examples
    --------
    >>> [float(chance) for chance in switching_chances(1.0, 3.0, years=1e9)]
    [0.25, 0.25]
    """
    one, two = np.asarray(to_second, dtype=np.float64), np.asarray(back, dtype=np.float64)
    total = one + two
    share = np.divide(one, total, out=np.zeros(np.shape(total)), where=total > 0)
    left = np.exp(-total * years)
    return np.asarray(share * (1 - left)), np.asarray(share + (1 - share) * left)
