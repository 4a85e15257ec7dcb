"""What is known of a project before it is appraised: output, prices, cost, terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.finance.acceptance import AcceptanceRule
from coercivity.finance.compiled import Array, rows
from coercivity.finance.debt import DebtTerms
from coercivity.finance.refusals import FinanceError
from coercivity.finance.waterfall.terms import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class CashInputs:
    """Output, prices and cost by path and year; one row stands for every path. Money is real."""

    produced: Mapping[str, ArrayLike]
    """Made of each product. [kt/year]"""
    prices: Mapping[str, ArrayLike]
    """Benchmark of each product by quarter or by year. [USD/kg, real]"""
    operating_cost: ArrayLike
    """While running. [million/year, real]"""
    capex: ArrayLike
    """Spent on building, overruns and delay included. [million/year, real]"""
    budget: ArrayLike
    """Spent on building as planned, on which lenders and grants are sized. [million/year, real]"""
    planned_first_output: int
    """Year of first output as planned. [year]"""
    realisation: Mapping[str, ArrayLike] = field(default_factory=dict)
    """Price got over the benchmark; 1 where a product is missing. [fraction]"""
    sold_share: Mapping[str, ArrayLike] = field(default_factory=dict)
    """Part of output that finds a buyer; 1 where a product is missing. [fraction]"""
    sustaining: ArrayLike = 0.0
    """Spent to keep running. [million/year, real]"""
    working_capital: ArrayLike = 0.0
    """Added to working capital, or freed. [million/year, real]"""
    care_cost: ArrayLike = 0.0
    """While idle. [million/year, real]"""
    alive: Mapping[str, Array] = field(default_factory=dict)
    """Share of each year in which each kind of promise stands. [fraction]"""

    @property
    def years(self) -> int:
        """Years of the project."""
        return int(np.atleast_2d(self.budget).shape[1])

    @property
    def paths(self) -> int:
        """Number of paths: the rows of the longest table."""
        tables = (*self.produced.values(), *self.prices.values(), self.capex, self.operating_cost)
        return max(len(np.atleast_2d(np.asarray(table))) for table in tables)

    def first_output(self) -> NDArray[np.int64]:
        """Give each path's first year with output; the number of years where there is none."""
        made = np.zeros((self.paths, self.years), dtype=np.bool_)
        for name, table in self.produced.items():
            made |= rows(table, years=self.years, name=f"output of {name!r}") > 0
        return np.where(made.any(axis=1), made.argmax(axis=1), self.years).astype(np.int64)

    def check(self) -> None:
        """Refuse arrays that do not fit each other, values that are not finite, no revenue.

        Raises
        ------
        FinanceError
            With what is wrong and its value.
        """
        for name, table in self._tables():
            found = np.atleast_2d(np.asarray(table, dtype=np.float64))
            wrong = _misfit(name, found, paths=self.paths, years=self.years)
            if wrong:
                msg = f"{wrong}  [F105]"
                raise FinanceError(msg, code="F105")
        unpriced = sorted(set(self.produced) - set(self.prices))
        earned = [
            name
            for name in self.produced
            if name in self.prices
            and np.any(np.asarray(self.produced[name]) > 0)
            and np.any(np.asarray(self.prices[name]) > 0)
            and np.any(np.asarray(self.sold_share.get(name, 1.0)) > 0)
        ]
        if not earned or unpriced:
            what = f"output of {unpriced} has no price" if unpriced else "no product is sold"
            msg = (
                f"the project has no revenue to appraise: {what}. Finance needs output, a price "
                "and a buyer for at least one product, and a price (0 if unsold) for each.  [F103]"
            )
            raise FinanceError(msg, code="F103")

    def _tables(self) -> list[tuple[str, ArrayLike]]:
        """List every table with its name."""
        return [
            *((f"output of {name!r}", table) for name, table in self.produced.items()),
            *((f"price of {name!r}", table) for name, table in self.prices.items()),
            *((f"realisation of {name!r}", table) for name, table in self.realisation.items()),
            *((f"sold share of {name!r}", table) for name, table in self.sold_share.items()),
            *((f"promise {name!r}", table) for name, table in self.alive.items()),
            ("operating cost", self.operating_cost),
            ("capex", self.capex),
            ("budget", self.budget),
            ("sustaining capital", self.sustaining),
            ("working capital", self.working_capital),
            ("care cost", self.care_cost),
        ]


def _misfit(name: str, table: Array, *, paths: int, years: int) -> str:
    """Say why a table does not fit, or nothing."""
    columns = table.shape[1]
    quarterly = name.startswith("price") and columns == 4 * years
    if table.ndim != 2 or not (columns in (1, years) or quarterly):
        return (
            f"{name} has {columns} columns, but the project has {years} years. Tables run over "
            "the same years (prices also over their quarters): cut or extend it."
        )
    if len(table) not in (1, paths):
        return (
            f"{name} has {len(table)} paths, others have {paths}. A table has one row for all "
            "paths or one row each: draw them with the same number of paths."
        )
    bad = ~np.isfinite(table)
    if bad.any():
        path, column = (int(n) for n in np.argwhere(bad)[0])
        return (
            f"{name} is {table[path, column]} on path {path}, column {column}. Cash cannot be "
            "added up with it: find why it is missing; nothing is filled in."
        )
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTerms:
    """What owners, lenders, law and money ask of a project."""

    id: str
    hurdle: float = 0.12
    """Return on equity that owners ask, real. [1/year]"""
    treasury_rate: float = 0.025
    """At which the public side and a loss of capital are judged, real. [1/year]"""
    inflation: float = 0.025
    """Yearly rise of prices; real money of the price year becomes nominal with it. [1/year]"""
    years_after_price_year: float = 0.0
    """From the price year to year 0. [year]"""
    shift: float = 0.5
    """When in a year its money falls. [year]"""
    rules: Rules = Rules()
    debt: DebtTerms | None = DebtTerms()
    """What lenders ask; None for a project without debt."""
    may_idle: bool = True
    """Whether the plant stands idle in years in which running loses more than care costs."""
    may_close: bool = True
    """Whether a plant is closed for good when going on is worth less, or after too many idle
    years (`Rules.patience`)."""
    shield_rounds: int = 0
    """Times that debt is sized again on cash after its own tax shield; 0 sizes it on the cash of
    a project without debt, which is the careful way."""
    value_of_waiting: float = 0.0
    """What owners could gain by deciding later (`gain_of_waiting`). [million, real]"""
    acceptance: AcceptanceRule = AcceptanceRule()

    def price_level(self, years: int) -> Array:
        """Give nominal money per unit of real money in each year. [ratio]

        Parameters
        ----------
        years
            Years of the project. [year]

        Examples
        --------
        >>> ProjectTerms(id="p", inflation=0.5, years_after_price_year=1.0).price_level(2).tolist()
        [1.5, 2.25]
        """
        when = np.arange(years) + self.years_after_price_year
        return np.asarray((1 + self.inflation) ** when, dtype=np.float64)
