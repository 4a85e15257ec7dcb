"""Purchases for a stockpile, first of what is not sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class StockpilePurchase(Contract):
    r"""Buy an agreed volume at the higher of a price and the market.

    .. math:: \text{to project} = K' u + (K' - P)\,(b - u), \quad \text{outlay} = K' b, \quad
        K' = \max(K, P)

    with b bought, :math:`b \le \min(m, q)`, and u of it from what is not sold. The outlay is
    gross: what the stock is worth is not taken off.
    """

    KIND: ClassVar[str] = "stockpile-purchase"
    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product that is bought."""
    price: float
    """K, nominal unless indexed. [USD/kg]"""
    volume: float
    """m, bought a year. [kt/year]"""
    at_least_market: bool = True
    """Whether the market price is paid where it is higher."""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        made = book.tonnes(self.material, Basis.PRODUCED)
        unsold = np.maximum(made - book.tonnes(self.material, Basis.SOLD), 0.0)
        market = book.quotes(self.material)
        agreed = self.money(self.price, book)
        price = np.maximum(agreed, market) if self.at_least_market else agreed
        bought = np.minimum(self.volume, made) * self.stands(book)
        spare = np.minimum(bought, unsold)
        gained = price * spare + (price - market) * (bought - spare)
        cover = self.window.cover(book.first_output, years=book.years)
        most = (price * np.minimum(self.volume, made) * cover).max(axis=0)
        return Settlement(gained, np.asarray(price * bought), most)
