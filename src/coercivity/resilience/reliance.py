"""How far a country lives on imports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """What a country makes, trades and puts into stock in a year."""

    production: float
    """Made from primary and secondary material. [t/year]"""
    imports: float = 0.0
    """Bought abroad. [t/year]"""
    exports: float = 0.0
    """Sold abroad. [t/year]"""
    stock_rise: float = 0.0
    """Stock at the end of the year less stock at its start. [t/year]"""


def apparent_consumption(balance: Balance) -> float:
    r"""Give what must have been used up, :math:`AC = P + M - X - \Delta S`. [t/year]

    Parameters
    ----------
    balance
        Production :math:`P`, imports :math:`M`, exports :math:`X` and the rise of stocks
        :math:`\Delta S`. [t/year]

    Examples
    --------
    >>> apparent_consumption(Balance(100.0, imports=60.0, exports=40.0, stock_rise=20.0))
    100.0
    """
    return balance.production + balance.imports - balance.exports - balance.stock_rise


def import_reliance(balance: Balance) -> float | None:
    r"""Give net import reliance as a share of apparent consumption.

    .. math::

        NIR = \frac{M - X - \Delta S}{P + M - X - \Delta S}

    Parameters
    ----------
    balance
        What was made, traded and stored. [t/year]

    Returns
    -------
    float or None
        1 = nothing is made at home, 0 = as much is made as used, negative = a net exporter; None
        where nothing was used, so that no share exists. [fraction]

    References
    ----------
    U.S. Geological Survey, *Mineral Commodity Summaries*, appendix on net import reliance.

    Examples
    --------
    >>> import_reliance(Balance(25.0, imports=80.0, exports=5.0))
    0.75
    >>> import_reliance(Balance(50.0, exports=30.0))
    -1.5
    >>> import_reliance(Balance(50.0, exports=50.0)) is None
    True
    """
    used = apparent_consumption(balance)
    return None if used <= 0 else (used - balance.production) / used
