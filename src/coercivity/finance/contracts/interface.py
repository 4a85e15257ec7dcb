"""What every contract is, sees and gives back.

A contract is a frozen record of its terms in a file named after its kind. It has a `KIND`, a
`STEP` at which it acts, and the one method that this step calls:

===========  ====================  ==========================================================
step         method                acts
===========  ====================  ==========================================================
``FUNDING``  ``settle(book)``      on capital, before debt
``RUNNING``  ``settle(book)``      on output, price and cost of each quarter or year
``PROFIT``   ``settle(book)``      on the result after all running contracts
``LENDING``  ``lend(...)``         adds a loan
``BACKING``  ``back(base)``        betters the terms of the debt that is sized on cash
``OWNERS``   ``split(...)``        on what owners put in and take out
===========  ====================  ==========================================================

To add a kind: write the record in a file of its name, and list it in ``contracts/__init__``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array, rows
from coercivity.finance.contracts.window import Window


class Step(Enum):
    """Where in the waterfall a kind of contract acts."""

    FUNDING = "funding"
    RUNNING = "running"
    PROFIT = "profit"
    LENDING = "lending"
    BACKING = "backing"
    OWNERS = "owners"

    @property
    def method(self) -> str:
        """Name of the method that this step calls."""
        others = {"lending": "lend", "backing": "back", "owners": "split"}
        return others.get(self.value, "settle")


class Basis(Enum):
    """Which tonnes a contract counts."""

    SOLD = "sold"
    PRODUCED = "produced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What contracts see: output, prices, cost, promises. Arrays have one row, or one a path."""

    prices: Mapping[str, Array]
    """Benchmark of each product by quarter (or year), shape (paths, 4 x years). [USD/kg, real]"""
    volumes: Mapping[str, Array]
    """Sold of each product. [kt/year]"""
    produced: Mapping[str, Array]
    """Made of each product, sold or not. [kt/year]"""
    revenue: Array
    """From sales at market, all products. [million/year, nominal]"""
    operating_cost: Array
    """[million/year, nominal]"""
    capex: Array
    """[million/year, nominal]"""
    first_output: NDArray[np.int64]
    """Year of first output of each path. [year]"""
    level: Array
    """Nominal money per unit of real money in each year. [ratio]"""
    alive: Mapping[str, Array] = field(default_factory=dict)
    """Share of each year in which each kind of promise stands; missing kinds always do."""
    result: Array | None = None
    """Revenue and running support less operating cost and royalty. [million/year, nominal]"""

    def tonnes(self, material: str, basis: Basis) -> Array:
        """Give the tonnes of a product that a contract counts. [kt/year]

        Parameters
        ----------
        material
            The product.
        basis
            Which tonnes count.
        """
        table = self.volumes if basis is Basis.SOLD else self.produced
        return rows(table[material], years=self.years, name=f"volume of {material!r}")

    def quotes(self, material: str) -> Array:
        """Give the mean price of a product by path and year. [USD/kg, nominal]

        Parameters
        ----------
        material
            The product.
        """
        table = np.atleast_2d(self.prices[material])
        return np.asarray(table.reshape(len(table), self.years, -1).mean(axis=2) * self.level)

    @property
    def years(self) -> int:
        """Years of the project."""
        return len(self.level)

    @property
    def paths(self) -> int:
        """Number of paths."""
        return len(self.first_output)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one contract moves. One row a path, one column a year. [million/year, nominal]"""

    to_project: Array
    """Paid to the project; negative where the project pays."""
    outlay: Array
    """Paid by the payer; negative where the payer receives."""
    most: Array
    """Most that may fall due in each year if the promise stands, any price. [million/year]"""
    taxed: bool = True
    """Whether it is income of the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Terms that every contract has."""

    KIND: ClassVar[str] = ""
    STEP: ClassVar[Step]

    id: str
    window: Window = Window()
    promise: str = "contract"
    """Kind of promise behind it."""
    indexed: bool = False
    """Whether its money keeps its value; otherwise it is nominal."""
    public: bool = True
    """Whether the government pays."""

    def settle(self, book: Book) -> Settlement:
        """Settle every year of every path; kinds that act on loans or owners have no say here.

        Parameters
        ----------
        book
            What contracts see.
        """
        msg = f"{self.KIND} has nothing to settle"
        raise NotImplementedError(msg)

    def stands(self, book: Book) -> Array:
        """Give the share of each year in which the contract runs and its promise stands.

        Parameters
        ----------
        book
            What contracts see.
        """
        cover = self.window.cover(book.first_output, years=book.years)
        return np.asarray(cover * book.alive.get(self.promise, 1.0), dtype=np.float64)

    def money(self, value: float, book: Book) -> Array:
        """Give a stated amount in nominal money by year, with the price level if indexed.

        Parameters
        ----------
        value
            As written in the contract. [any money]
        book
            What contracts see.
        """
        return np.asarray(value * (book.level if self.indexed else np.ones(book.years)))
