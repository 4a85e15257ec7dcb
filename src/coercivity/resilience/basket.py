"""The price of the basket of separated products that an ore holds."""

from __future__ import annotations

import math
from collections.abc import Mapping


def basket_price(distribution: Mapping[str, float], prices: Mapping[str, float]) -> float:
    r"""Average the prices of the separated products, weighted by the ore's distribution.

    .. math::

        \bar{p} = \frac{\sum_e x_e \, p_e}{\sum_e x_e}

    Parameters
    ----------
    distribution
        Share of each product in the ore, :math:`x_e`; need not sum to 1, the average is
        normalised by the sum. [fraction or per cent]
    prices
        Price of each of these products, :math:`p_e`. [money/t, or any money per mass]

    Returns
    -------
    float
        Price of one tonne of the basket, in the unit of ``prices``.

    Raises
    ------
    ValueError
        If a product has no price, a share is negative, or the shares sum to zero.

    Notes
    -----
    A product without a price is the caller's decision: leaving it out of both arguments values it
    like the average of the others, giving it the price 0 values it at nothing.

    Examples
    --------
    >>> print(f"{basket_price({'La': 25.0, 'Nd': 25.0}, {'La': 4.0, 'Nd': 60.0}):.2f}")
    32.00
    """
    missing = sorted(set(distribution) - set(prices))
    if missing:
        msg = f"no price for {', '.join(missing)}"
        raise ValueError(msg)
    total = math.fsum(distribution.values())
    if total <= 0 or any(share < 0 for share in distribution.values()):
        msg = f"shares must not be negative nor all zero, got {dict(distribution)}"
        raise ValueError(msg)
    return math.fsum(share * prices[e] for e, share in distribution.items()) / total
