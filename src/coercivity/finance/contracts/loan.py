"""A loan of the government, or of anybody, at agreed terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coercivity.finance.compiled import Array
from coercivity.finance.contracts.interface import Contract, Step
from coercivity.finance.debt import DebtSizing, DebtTerms, agreed_loan


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLoan(Contract):
    r"""Lend an agreed amount with capital, repaid in level payments after the grace years.

    .. math:: draw_y = \tfrac{D}{budget}\,capex_y, \qquad
        a = B_{f-1} \Big/ \frac{1-(1+i)^{-n}}{i}

    It ranks before debt sized on cash, unless `junior`.
    """

    KIND: ClassVar[str] = "loan"
    STEP: ClassVar[Step] = Step.LENDING

    amount: float
    """D, nominal. [million]"""
    rate: float
    """Nominal. [1/year]"""
    tenor: int
    """Years of repayment. [year]"""
    grace: int = 0
    """Years after planned first output in which only interest is paid. [year]"""
    gearing_limit: float = 1.0
    """Most as a share of the capital budget. [fraction]"""
    junior: bool = False
    """Whether it is paid after debt sized on cash."""

    def lend(self, *, budget: Array, first_output: int) -> DebtSizing:
        """Write down the loan.

        Parameters
        ----------
        budget
            Capital by year as planned. [million/year, nominal]
        first_output
            Planned year of first output. [year]
        """
        terms = DebtTerms(
            id=self.id,
            gearing_limit=self.gearing_limit,
            rate=self.rate,
            tenor=self.tenor,
            grace=self.grace,
            public=self.public,
        )
        return agreed_loan(terms, amount=self.amount, budget=budget, first_output=first_output)
