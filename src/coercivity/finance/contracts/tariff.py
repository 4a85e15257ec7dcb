"""A tariff on the competing import: buyers pay more, the government collects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff(Contract):
    r"""Raise the price that the project gets in the protected market.

    .. math:: \text{to project} = \phi\,\tau\,\theta\,P\,v, \qquad
        \text{outlay} = -\tau\,P\,M

    The difference is paid by buyers; M is what is still imported.
    """

    KIND: ClassVar[str] = "tariff"
    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product that is protected."""
    rate: float
    """Share of the import price. [fraction]"""
    pass_through: float = 1.0
    """Part of the tariff by which the home price rises. [fraction]"""
    share: float = 1.0
    """Part of sales that goes to the protected market. [fraction]"""
    imports: float = 0.0
    """Tonnes on which the tariff is still collected. [kt/year]"""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        wedge = self.rate * book.quotes(self.material) * self.stands(book)
        sold = book.tonnes(self.material, Basis.SOLD)
        gained = self.pass_through * self.share * wedge * sold
        collected = np.broadcast_to(-wedge * self.imports, gained.shape)
        return Settlement(gained, np.array(collected), np.zeros(book.years))
