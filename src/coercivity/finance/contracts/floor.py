"""A price floor: the payer makes up what the price lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step
from coercivity.finance.contracts.strip import most_by_year, settle_strip


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor(Contract):
    r"""Pay what the benchmark lacks of the strike, quarter by quarter.

    .. math:: \text{to project} = \theta\,v\,(K - P)^{+}
    """

    KIND: ClassVar[str] = "floor"
    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product it is settled on."""
    strike: float
    """K, nominal unless indexed. [USD/kg]"""
    share: float = 1.0
    """Part of the tonnes that is covered. [fraction]"""
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
            strike=self.strike,
            below=self.share,
            above=0.0,
            basis=self.basis,
        )
        unit = self.share * self.strike
        most = most_by_year(self, book, material=self.material, unit=unit, basis=self.basis)
        return Settlement(paid, paid, most)
