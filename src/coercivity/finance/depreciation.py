"""What the tax office lets a plant write off: schedules of depreciation, and depletion."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError

MACRS: Mapping[int, tuple[float, ...]] = {
    3: (33.33, 44.45, 14.81, 7.41),
    5: (20.0, 32.0, 19.2, 11.52, 11.52, 5.76),
    7: (14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46),
    10: (10.0, 18.0, 14.4, 11.52, 9.22, 7.37, 6.55, 6.55, 6.56, 6.55, 3.28),
    15: (5.0, 9.5, 8.55, 7.7, 6.93, 6.23, *(5.9, 5.9, 5.91), *(5.9, 5.91) * 3, 2.95),
    20: (3.75, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, *(4.462, 4.461) * 6, 2.231),
}
"""Percent of basis in each year by class life, half-year convention (IRS Publication 946, A-1)."""

CLASS = re.compile(r"(MACRS|SL)-(\d+)")


def depreciation_schedule(name: str) -> Array:
    """Give the share of basis written off in each year from placing in service. [fraction]

    Parameters
    ----------
    name
        ``MACRS-n`` with n of 3, 5, 7, 10, 15, 20 (half-year convention), ``SL-n`` in equal parts
        over n years from the first, or ``none``.

    Raises
    ------
    FinanceError
        For any other name.

    Examples
    --------
    >>> depreciation_schedule("MACRS-3").tolist()
    [0.3333, 0.4445, 0.1481, 0.0741]
    >>> depreciation_schedule("SL-4").tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    if name == "none":
        return np.zeros(0)
    found = CLASS.fullmatch(name)
    if found is not None:
        life = int(found[2])
        if found[1] == "SL" and life > 0:
            return np.full(life, 1.0 / life)
        if found[1] == "MACRS" and life in MACRS:
            return np.round(np.array(MACRS[life]) / 100, 10)
    known = ", ".join(f"MACRS-{life}" for life in MACRS)
    msg = (
        f"depreciation class {name!r} is not known. Tax depreciation follows a published table: "
        f"write one of {known}, SL-n for equal parts over n years, or none.  [F106]"
    )
    raise FinanceError(msg, code="F106")


def derived_schedule(life: int, *, factor: float) -> Array:
    r"""Derive a half-year schedule: declining balance, then straight line once that is more.

    .. math:: d_k = \max\!\left(\tfrac{f}{L},\ \tfrac{1}{L - k + \frac12}\right) B_k,
        \qquad d_0 = \tfrac{f}{2L}

    with :math:`B_k` what is left at the start of year k, and all of it in the last half-year.

    Parameters
    ----------
    life
        Class life L. [year]
    factor
        Times the straight-line rate: 2 up to ten years, 1.5 above. [ratio]

    Examples
    --------
    >>> [round(float(share), 4) for share in derived_schedule(3, factor=2.0)]
    [0.3333, 0.4444, 0.1481, 0.0741]
    """
    left, shares = 1.0, []
    for year in range(life + 1):
        if year == 0:
            share = factor / life / 2
        elif year == life:
            share = left
        else:
            share = left * max(factor / life, 1 / (life - year + 0.5))
        shares.append(min(share, left))
        left -= shares[-1]
    return np.array(shares)


def straight_line(cost: float, *, salvage: float, life: float) -> float:
    """Give the equal yearly write-off, (cost - salvage) / life. [million/year]

    Parameters
    ----------
    cost, salvage
        Paid at the start and left at the end. [million]
    life
        Years of use. [year]

    Examples
    --------
    >>> straight_line(30_000.0, salvage=7_500.0, life=10)
    2250.0
    """
    return (cost - salvage) / life


def declining_balance(
    cost: float, *, salvage: float, life: int, year: int, months: int = 12
) -> float:
    r"""Give the fixed-declining-balance write-off of a year, counted from 1. [million/year]

    The rate is :math:`1-(s/c)^{1/L}`, rounded to three places as spreadsheets do; the first year
    counts by its months.

    Parameters
    ----------
    cost, salvage
        Paid at the start and left at the end; both above 0. [million]
    life
        Years of use. [year]
    year
        Year asked for, from 1 to life + 1. [year]
    months
        Months of the first year. [month]

    Examples
    --------
    >>> round(declining_balance(1e6, salvage=1e5, life=6, year=1, months=7), 2)
    186083.33
    """
    rate = round(1 - (salvage / cost) ** (1 / life), 3)
    left = cost
    written = 0.0
    for number in range(1, year + 1):
        part = months / 12 if number == 1 else (12 - months) / 12 if number > life else 1.0
        written = left * rate * part
        left -= written
    return written


def percentage_depletion(
    gross_income: ArrayLike, taxable_income: ArrayLike, *, rate: float, limit: float
) -> Array:
    r"""Give the depletion allowed, :math:`\min(\rho\,G,\ \ell\,\max(T, 0))`. [million/year]

    Parameters
    ----------
    gross_income
        Revenue from the property, without support. [million/year]
    taxable_income
        Of the property before depletion. [million/year]
    rate
        Share of gross income by mineral, as data. [fraction]
    limit
        Most as a share of taxable income; 0.5 in U.S. law (26 USC 613(a)). [fraction]

    Examples
    --------
    >>> percentage_depletion([100.0, 100.0], [60.0, 20.0], rate=0.25, limit=0.5).tolist()
    [25.0, 10.0]
    """
    gross = np.asarray(gross_income, dtype=np.float64)
    ceiling = limit * np.maximum(np.asarray(taxable_income, dtype=np.float64), 0.0)
    return np.asarray(np.minimum(rate * np.maximum(gross, 0.0), ceiling), dtype=np.float64)
