"""A floor under the yearly result before capital, tax and finance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class EbitdaFloor(Contract):
    r"""Make up what the result lacks of an escalated floor; share what is above.

    .. math:: \text{to project} = (E_0(1+e)^{k} - EBITDA)^{+} - \sigma\,(EBITDA - E_0(1+e)^{k})^{+}

    with k whole years since the contract began. Only years with output count: an idle plant gets
    nothing.
    """

    KIND: ClassVar[str] = "ebitda-floor"
    STEP: ClassVar[Step] = Step.PROFIT

    amount: float
    """Floor in the first year, nominal unless indexed. [million/year]"""
    escalation: float = 0.0
    """Yearly rise of the floor. [1/year]"""
    share_above: float = 0.0
    """Part of what is above that the payer takes. [fraction]"""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        if book.result is None:
            msg = f"contract {self.id!r} is settled on a result that is not known yet"
            raise ValueError(msg)
        begun = np.floor(self.window.opens(book.first_output))[:, None]
        age = np.maximum(np.arange(book.years)[None, :] - begun, 0.0)
        floor = self.money(self.amount, book) * (1 + self.escalation) ** age
        lacking = floor - book.result
        running = np.atleast_2d(book.revenue) > 0
        pays = np.maximum(lacking, 0.0) - self.share_above * np.maximum(-lacking, 0.0)
        paid = np.where(running, pays, 0.0) * self.stands(book)
        cover = self.window.cover(book.first_output, years=book.years)
        most = ((floor + np.atleast_2d(book.operating_cost)) * cover).max(axis=0)
        return Settlement(paid, paid, most)
