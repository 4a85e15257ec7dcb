"""Tax on income when losses are carried forward; the plain form of what the waterfall does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array

LOSS_LIMIT = 0.8
"""Most of a year's income that earlier losses may offset (26 USC 172(a)(2)). [fraction]"""


@dataclass(frozen=True, slots=True)
class TaxBill:
    """Tax of each path and year, and the losses it leaves."""

    tax: Array
    """Paid in the year. [million/year]"""
    losses: Array
    """Carried into the next year. [million]"""


def tax_with_losses(
    taxable_income: ArrayLike, *, rate: float, limit: float = LOSS_LIMIT
) -> TaxBill:
    r"""Tax income after losses carried forward without end; losses are never refunded.

    .. math:: u_y = \min(N_y,\ \ell\,T_y^{+}),\quad tax_y = \tau\,(T_y^{+} - u_y),\quad
        N_{y+1} = N_y - u_y + T_y^{-}

    Parameters
    ----------
    taxable_income
        After every deduction but earlier losses, by path and year. [million/year]
    rate
        Tax rate. [fraction]
    limit
        Most of a year's income that losses may offset. [fraction]

    Examples
    --------
    A loss of 100 offsets 80 of the next income of 100, and 20 of the one after:

    >>> bill = tax_with_losses([-100.0, 100.0, 100.0], rate=0.5)
    >>> bill.tax.tolist(), bill.losses.tolist()
    ([[0.0, 10.0, 40.0]], [[100.0, 20.0, 0.0]])
    """
    income = np.atleast_2d(np.asarray(taxable_income, dtype=np.float64))
    tax = np.zeros_like(income)
    losses = np.zeros_like(income)
    carried = np.zeros(len(income))
    for year in range(income.shape[1]):
        earned = np.maximum(income[:, year], 0.0)
        used = np.minimum(carried, limit * earned)
        tax[:, year] = rate * (earned - used)
        carried = carried - used + np.maximum(-income[:, year], 0.0)
        losses[:, year] = carried
    return TaxBill(tax, losses)
