"""A grant towards capital, paid with spending or at milestones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.contracts.interface import Book, Contract, Settlement, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Contract):
    r"""Pay an agreed sum, or a share of capital, as building proceeds.

    .. math:: g_y = G \sum_{j:\ p_{y-1} < m_j \le p_y} s_j \quad\text{or}\quad
        g_y = \min\!\left(\gamma\,capex_y,\ G - \textstyle\sum_{t<y} g_t\right)

    with p the share of the path's capital spent so far, milestones :math:`(m_j, s_j)` of progress
    and payment, and :math:`\gamma = G / budget`. Overruns are not shared.
    """

    KIND: ClassVar[str] = "grant"
    STEP: ClassVar[Step] = Step.FUNDING

    amount: float = 0.0
    """G, nominal. [million]"""
    share: float = 0.0
    """Part of capital instead of an amount; overruns are shared then. [fraction]"""
    budget: float = 0.0
    """Capital as planned, over which an amount is spread; 0 takes the path's own. [million]"""
    milestones: tuple[tuple[float, float], ...] = ()
    """Progress of spending and the share of the amount paid then. [fraction, fraction]"""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        """
        capex = np.atleast_2d(book.capex)
        spent = np.cumsum(capex, axis=1)
        total = spent[:, -1:]
        if self.share > 0:
            paid = self.share * capex
        elif self.milestones:
            progress = np.divide(spent, total, out=np.zeros_like(spent), where=total > 0)
            reached = sum(
                share * (progress >= min(mark, 1.0) - 1e-12) for mark, share in self.milestones
            )
            paid = self.amount * np.diff(np.asarray(reached, dtype=np.float64), prepend=0.0)
        else:
            over = np.maximum(self.budget, 1e-300) if self.budget > 0 else total
            part = np.divide(spent, over, out=np.zeros_like(spent), where=over > 0)
            paid = self.amount * np.diff(np.minimum(part, 1.0), prepend=0.0)
        paid = paid * self.stands(book)
        full = np.maximum(self.amount * (self.share == 0), self.share * total.max())
        timing = paid.max(axis=0)
        most = full * timing / timing.sum() if timing.sum() > 0 else np.zeros(book.years)
        return Settlement(paid, paid, most)
