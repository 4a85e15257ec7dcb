"""Take-or-pay: a buyer takes a share of output at a price, or pays for it all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOrPay(Contract):
    r"""Pay for what is made up to the contract's share and is not sold.

    .. math:: \text{to project} = K \left(\min(\theta\,q, m) - v\right)^{+}

    with q made and v sold. What is sold goes at market; what the buyer takes is his.
    """

    KIND: ClassVar[str] = "take-or-pay"
    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product that is bought."""
    price: float
    """K, nominal unless indexed. [USD/kg]"""
    share: float = 1.0
    """Part of what is made that is taken or paid for. [fraction]"""
    most_volume: float = np.inf
    """Most that is taken or paid for. [kt/year]"""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        made, sold = np.atleast_2d(book.produced[self.material], book.volumes[self.material])
        due = np.maximum(np.minimum(self.share * made, self.most_volume) - sold, 0.0)
        price = self.money(self.price, book)
        paid = price * due * self.stands(book)
        cover = self.window.cover(book.first_output, years=book.years)
        largest = np.minimum(self.share * made, self.most_volume) * cover
        return Settlement(paid, paid, price * largest.max(axis=0))
