"""Preferred equity with warrants: ranks before the owners, shares what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.contracts.interface import Contract, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferredEquity(Contract):
    r"""Pay in before the owners, be paid out before them, and take a stake in the rest.

    .. math:: C_y = C_{y-1}(1+d) + in_y - \min(C_{y-1}(1+d),\ X_y), \qquad
        in_y = \min(A - \textstyle\sum_{t<y} in_t,\ need_y)

    with the claim C, whose dividend is paid in kind, and X what the project distributes. The
    stake is of what is left after the claim, as if warrants were exercised at no price: an upper
    bound of what the holder gets.
    """

    KIND: ClassVar[str] = "preferred-equity"
    STEP: ClassVar[Step] = Step.OWNERS

    amount: float
    """A, nominal. [million]"""
    dividend: float
    """d, added to the claim until it is paid. [1/year]"""
    stake: float = 0.0
    """Part of what is distributed after the claim. [fraction]"""

    def split(self, contributed: Array, distributed: Array) -> tuple[Array, Array]:
        """Give what the holder puts in and takes out. [million/year, nominal]

        Parameters
        ----------
        contributed, distributed
            Of all owners, by path and year. [million/year, nominal]
        """
        put, taken = np.zeros_like(contributed), np.zeros_like(distributed)
        claim = np.zeros(len(contributed))
        left = np.full(len(contributed), self.amount)
        for year in range(contributed.shape[1]):
            put[:, year] = np.minimum(left, contributed[:, year])
            left = left - put[:, year]
            claim = claim * (1 + self.dividend)
            paid = np.minimum(claim, distributed[:, year])
            claim = claim - paid + put[:, year]
            taken[:, year] = paid + self.stake * (distributed[:, year] - paid)
        return put, taken
