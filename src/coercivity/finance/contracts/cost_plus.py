"""Cost-plus: the price of a share of output is its cost and a margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPlus(Contract):
    r"""Bring revenue to cost plus a margin, both ways.

    .. math:: \text{to project} = \theta\left((1+m)\,O + F - R\right)

    with operating cost O, an agreed yearly charge F for capital and revenue R at market.
    """

    KIND: ClassVar[str] = "cost-plus"
    STEP: ClassVar[Step] = Step.RUNNING

    margin: float
    """On operating cost. [fraction]"""
    capital_charge: float = 0.0
    """Agreed for capital, nominal unless indexed. [million/year]"""
    share: float = 1.0
    """Part of output bought at cost plus. [fraction]"""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        charge = self.money(self.capital_charge, book)
        running = np.atleast_2d(book.revenue) > 0
        full = (1 + self.margin) * np.atleast_2d(book.operating_cost) + charge
        paid = np.where(running, self.share * (full - book.revenue), 0.0) * self.stands(book)
        cover = self.window.cover(book.first_output, years=book.years)
        return Settlement(paid, paid, (self.share * full * cover).max(axis=0))
