"""A credit for each tonne made, or on its cost, with a phase-out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionCredit(Contract):
    r"""Pay a credit on what is made, free of tax.

    .. math:: \text{to project} = f_y\,(c\,q + \kappa\,O)

    with the phase-out f by calendar year, which a delay does not move.
    """

    KIND: ClassVar[str] = "production-credit"
    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product that earns it."""
    amount: float = 0.0
    """c, nominal unless indexed. [USD/kg]"""
    cost_share: float = 0.0
    """Part of operating cost that is credited. [fraction]"""
    phase_out: tuple[float, ...] = ()
    """Share paid by year of the project; the last value holds on; blank pays all. [fraction]"""
    basis: Basis = Basis.PRODUCED
    """Which tonnes count."""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        years = np.arange(book.years)
        steps = np.array(self.phase_out or (1.0,))
        share = steps[np.minimum(years, len(steps) - 1)]
        tonnes = book.tonnes(self.material, self.basis)
        full = self.money(self.amount, book) * tonnes
        full = share * (full + self.cost_share * np.where(tonnes > 0, book.operating_cost, 0.0))
        paid = full * self.stands(book)
        cover = self.window.cover(book.first_output, years=book.years)
        return Settlement(paid, paid, (full * cover).max(axis=0), taxed=False)
