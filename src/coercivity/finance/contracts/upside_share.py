"""A share of high prices that the project gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step
from coercivity.finance.contracts.strip import settle_strip


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsideShare(Contract):
    r"""Take a share of what the benchmark is above a threshold, quarter by quarter.

    .. math:: \text{to project} = -\sigma\,v\,(P - K)^{+}
    """

    KIND: ClassVar[str] = "upside-share"
    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product it is settled on."""
    threshold: float
    """K, nominal unless indexed. [USD/kg]"""
    share: float
    """Part that the government takes. [fraction]"""
    basis: Basis = Basis.SOLD
    """Which tonnes count."""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        paid = settle_strip(
            self,
            book,
            material=self.material,
            strike=self.threshold,
            below=0.0,
            above=self.share,
            basis=self.basis,
        )
        return Settlement(paid, paid, np.zeros(book.years))
