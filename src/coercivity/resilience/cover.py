"""How long stocks last."""

from __future__ import annotations

DAYS_PER_YEAR = 365.0
MONTHS_PER_YEAR = 12.0


def days_of_cover(stock: float, use: float) -> float | None:
    r"""Give the days for which a stock covers all use, :math:`365\, S / U`. [day]

    Parameters
    ----------
    stock
        What is kept, :math:`S`. [t]
    use
        What is used, :math:`U`. [t/year]

    Returns
    -------
    float or None
        None where nothing is used. [day]

    Examples
    --------
    >>> days_of_cover(100.0, 730.0)
    50.0
    """
    _check(stock=stock, use=use)
    return None if use == 0 else DAYS_PER_YEAR * stock / use


def months_of_cover(stock: float, *, need: float, left: float) -> float | None:
    r"""Give the months for which a stock fills the gap that a loss leaves.

    .. math::

        T = \frac{12\, S}{D - L}

    Parameters
    ----------
    stock
        What is kept, :math:`S`. [t]
    need
        What is needed, :math:`D`. [t/year]
    left
        Supply that goes on, :math:`L`. [t/year]

    Returns
    -------
    float or None
        None where what goes on is enough, so that the stock is not touched. [month]

    Examples
    --------
    >>> months_of_cover(50.0, need=400.0, left=200.0)
    3.0
    >>> months_of_cover(50.0, need=400.0, left=400.0) is None
    True
    """
    _check(stock=stock, need=need, left=left)
    return None if left >= need else MONTHS_PER_YEAR * stock / (need - left)


def _check(**amounts: float) -> None:
    for name, amount in amounts.items():
        if not amount >= 0:
            msg = f"{name} must not be negative, got {amount!r}"
            raise ValueError(msg)
