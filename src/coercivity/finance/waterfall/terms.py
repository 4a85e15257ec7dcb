"""What the waterfall is told and what it gives back. Money is nominal unless it says real."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array
from coercivity.finance.depreciation import depreciation_schedule
from coercivity.finance.tax import LOSS_LIMIT

NEVER = 10**6
"""Years of patience or of grace that no project reaches. [year]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Law, reserve and closing; everything that is the same on every path."""

    royalty: float = 0.0
    """Share of revenue, deductible. [fraction]"""
    tax_rate: float = 0.0
    """On income. [fraction]"""
    depreciation_class: str = "MACRS-7"
    """Of what is built, from the year of first output; later capital from the year it is spent."""
    depletion_rate: float = 0.0
    """Percentage depletion of revenue, by mineral, as data. [fraction]"""
    depletion_limit: float = 0.5
    """Most depletion as a share of income before it. [fraction]"""
    loss_limit: float = LOSS_LIMIT
    """Most of a year's income that earlier losses may offset. [fraction]"""
    grants_taxed: bool = False
    """Whether grants are income; otherwise they lower the basis of depreciation."""
    reserve_years: float = 0.5
    """Debt service held in reserve; owners fund it the year before the first payment. [year]"""
    sweep: float = 0.0
    """Share of the cash left after service and reserve that repays debt early. [fraction]"""
    patience: int = 3
    """Years running after which a plant that stands idle is closed for good, and after which owners
    leave a plant that loses money while its debt service stays unpaid. [year]"""
    salvage: float = 0.0
    """Worth of a closed plant as a share of what was built, to lenders first. [fraction]"""

    def schedule(self) -> Array:
        """Give the share of basis written off in each year. [fraction]"""
        return depreciation_schedule(self.depreciation_class)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """One loan with its payments as agreed at signing."""

    id: str
    principal: float
    """Most that is drawn, interest during construction not counted. [million, nominal]"""
    share: float
    """Drawn with each unit of capital spent, until `principal` is reached. [fraction]"""
    rate: float
    """All-in interest, nominal. [1/year]"""
    due: Array
    """Interest and repayment agreed for each year. [million/year, nominal]"""
    interest_from: int
    """First year in which interest is paid; before it, it joins the balance. [year]"""
    repay_from: int
    """First year of `due`; between the two only interest falls due. [year]"""
    fee: float = 0.0
    """Yearly fee to a guarantor on the balance. [1/year]"""
    public: bool = False
    """Whether the government lends."""
    guarantor: str = ""
    """Contract that makes its loss good and gets the fee; at most one loan has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCash:
    """Cash before tax and finance: one row, or one row a path; one column a year."""

    revenue: Array
    """From sales. [million/year, nominal]"""
    operating_cost: Array
    """[million/year, nominal]"""
    capex: Array
    """Spent on building. [million/year, nominal]"""
    sustaining: Array
    """Spent to keep running. [million/year, nominal]"""
    working_capital: Array
    """Added to (or, negative, freed from) working capital. [million/year, nominal]"""
    taxed_support: Array
    """Payments under contracts that are income. [million/year, nominal]"""
    untaxed_support: Array
    """Payments and credits that are not. [million/year, nominal]"""
    grants: Array
    """Towards capital. [million/year, nominal]"""
    first_output: NDArray[np.int64]
    """Year of first output of each path; the number of years where there is none. [year]"""
    closes: NDArray[np.int64] | None = None
    """Year at whose end owners close each path; the number of years where they do not. [year]"""

    @property
    def paths(self) -> int:
        """Number of paths."""
        return len(self.first_output)

    @property
    def years(self) -> int:
        """Number of years."""
        return int(self.revenue.shape[1])

    def first(self, count: int) -> PathCash:
        """Keep the first paths only.

        Parameters
        ----------
        count
            How many. [path]
        """
        tables = {one.name: getattr(self, one.name) for one in fields(self)}
        cut = {
            name: table if table is None or len(table) == 1 else table[:count]
            for name, table in tables.items()
        }
        return PathCash(**cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashAccounts:
    """What happened on each path; one row a path, one column a year. [million/year, nominal]"""

    cfads: Array
    """Cash flow available for debt service: after tax and upkeep, before debt."""
    tax: Array
    fees: Array
    """Paid to guarantors."""
    due: Array
    """Debt service agreed for the year, arrears not counted."""
    unpaid: Array
    """Service and arrears that neither cash nor reserve could pay."""
    drawn: Array
    """Of all loans; by loan and year, ``(paths, loans, years)``."""
    paid: Array
    """To lenders, early repayment and proceeds of closing included; ``(paths, loans, years)``."""
    reserve: Array
    """Held at the end of the year. [million, nominal]"""
    balance: Array
    """Debt outstanding at the end of the year, before it is written off. [million, nominal]"""
    contributed: Array
    """Put in by owners."""
    distributed: Array
    """Taken out by owners."""
    salvage: Array
    """Proceeds of closing."""
    lost: Array
    """Written off by each lender at the end; ``(paths, loans)``. [million, nominal]"""
    closed: NDArray[np.int64]
    """Last year of each path that closed early; the number of years where none did. [year]"""
    loans: tuple[Loan, ...] = field(default=())
    """The loans, in the order in which they are paid."""

    @property
    def equity(self) -> Array:
        """Net cash of all owners. [million/year, nominal]"""
        return self.distributed - self.contributed

    def open_years(self) -> NDArray[np.bool_]:
        """Tell in which years each path has not been closed before."""
        years = np.arange(self.cfads.shape[1])
        return np.asarray(years[None, :] <= self.closed[:, None])
