"""When money that was raised, earned and lent is gone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array


def runs_dry(flows: ArrayLike, *, raised: float, credit: float, rate: float) -> Array:
    r"""Give the first year in which a company can no longer pay, with no new money from owners.

    .. math:: B_y = B_{y-1} + \min(B_{y-1}, 0)\,i + c_y, \qquad
        \tau = \min\{y: B_y < -L\}, \quad B_{-1} = raised

    Parameters
    ----------
    flows
        Cash by path and year after what falls due, building included. [million/year]
    raised
        Cash at the start. [million]
    credit
        L, what lenders give at most once it is gone. [million]
    rate
        i, interest on what they give. [1/year]

    Returns
    -------
    Array
        One year a path, counted from 0; infinity where money lasts. [year]

    Examples
    --------
    Of 100 raised 80 a year are spent; with 50 of credit the money is gone in the second year:

    >>> runs_dry([[-80.0, -80.0, 30.0]], raised=100.0, credit=50.0, rate=0.1).tolist()
    [1.0]
    >>> runs_dry([[-80.0, -60.0, 30.0]], raised=100.0, credit=50.0, rate=0.1).tolist()
    [inf]
    """
    table = np.atleast_2d(np.asarray(flows, dtype=np.float64))
    balance = np.full(len(table), float(raised))
    found = np.full(len(table), np.inf)
    for year in range(table.shape[1]):
        balance = balance + np.minimum(balance, 0.0) * rate + table[:, year]
        found = np.where(np.isinf(found) & (balance < -credit), float(year), found)
    return found
