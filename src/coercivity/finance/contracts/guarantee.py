"""A guarantee of private debt: better terms, and the lender's loss is made good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from coercivity.finance.contracts.interface import Contract, Step
from coercivity.finance.debt import DebtTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee(Contract):
    r"""Make good a share of what the lender writes off, for a yearly fee.

    .. math:: \text{outlay}_y = \theta\,L_y - \varphi\,B_{y-1}

    with L what stays unpaid after closing and salvage, or at the end, and B the balance.
    """

    KIND: ClassVar[str] = "guarantee"
    STEP: ClassVar[Step] = Step.BACKING

    cover: float
    """Part of the loss that is made good. [fraction]"""
    fee: float = 0.0
    """Yearly, on the balance. [1/year]"""
    rate: float | None = None
    """Interest with the guarantee; blank leaves it. [1/year]"""
    gearing_limit: float | None = None
    """Gearing with the guarantee; blank leaves it. [fraction]"""
    dscr: float | None = None
    """Cover asked with the guarantee; blank leaves it. [ratio]"""

    def back(self, base: DebtTerms) -> DebtTerms:
        """Better the terms of the debt that is guaranteed.

        Parameters
        ----------
        base
            What the lender asks without the guarantee.
        """
        return replace(
            base,
            fee=self.fee,
            guarantor=self.id,
            rate=base.rate if self.rate is None else self.rate,
            gearing_limit=base.gearing_limit if self.gearing_limit is None else self.gearing_limit,
            dscr=base.dscr if self.dscr is None else self.dscr,
        )
