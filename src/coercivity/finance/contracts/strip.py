"""The compiled settlement of contracts that pay by price, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coercivity.finance.compiled import Array, compiled, over_paths, rows
from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step


@compiled
def _strip(
    price: Array,
    volume: Array,
    alive: Array,
    level: Array,
    strike: Array,
    opens: Array,
    numbers: Array,
    out: Array,
    first: int,
    end: int,
) -> None:
    """Add up quarters: below the strike times what is missing, above it times what is over."""
    below, above, length = numbers[0], numbers[1], numbers[2]
    years = level.size
    parts = price.shape[1] // years
    for path in range(first, end):
        quotes = price[path if price.shape[0] > 1 else 0]
        sold = volume[path if volume.shape[0] > 1 else 0]
        standing = alive[path if alive.shape[0] > 1 else 0]
        start = opens[path if opens.size > 1 else 0]
        stop = start + length
        for year in range(years):
            total = 0.0
            if year + 1.0 > start and year < stop and standing[year] > 0.0 and sold[year] > 0.0:
                for part in range(parts):
                    begins = year + part / parts
                    share = (min(begins + 1.0 / parts, stop) - max(begins, start)) * parts
                    if share > 0.0:
                        short = strike[year] - level[year] * quotes[year * parts + part]
                        total += min(share, 1.0) * (below if short > 0.0 else above) * short
            out[path, year] = total * sold[year] * standing[year] / parts


def settle_strip(
    contract: Contract,
    book: Book,
    *,
    material: str,
    strike: float,
    below: float,
    above: float,
    basis: Basis = Basis.SOLD,
    workers: int | None = None,
) -> Array:
    r"""Settle a price contract on what is sold. [million/year, nominal]

    .. math:: s_{n,y} = \tfrac{1}{4}\sum_{q \in y} c_q\,a_{n,y}\,v_{n,y}
        \left[b\,(K_y - P_{n,q})^{+} - u\,(P_{n,q} - K_y)^{+}\right]

    Parameters
    ----------
    contract
        Whose window, promise and indexation count.
    book
        Prices by quarter, volumes by year, spread evenly over the year.
    material
        Product it is settled on.
    strike
        K, nominal unless the contract is indexed. [USD/kg]
    below, above
        Shares b and u paid to the project below the strike and by it above. [fraction]
    basis
        Which tonnes count.
    workers
        Threads; the bits do not depend on them.
    """
    price = np.ascontiguousarray(np.atleast_2d(book.prices[material]), dtype=np.float64)
    if price.shape[1] % book.years:
        msg = f"prices of {material!r} have {price.shape[1]} columns for {book.years} years"
        raise ValueError(msg)
    volume = book.tonnes(material, basis)
    alive = rows(book.alive.get(contract.promise, 1.0), years=book.years, name="promise")
    opens = contract.window.opens(book.first_output)
    numbers = np.array([below, above, contract.window.years])
    strikes = contract.money(strike, book)
    out = np.empty((book.paths, book.years))
    over_paths(
        lambda first, end: _strip(
            price, volume, alive, book.level, strikes, opens, numbers, out, first, end
        ),
        book.paths,
        workers=workers,
    )
    return out


def most_by_year(
    contract: Contract, book: Book, *, material: str, unit: float, basis: Basis = Basis.SOLD
) -> Array:
    """Give the most a price contract may pay in a year: the whole strike on the largest volume.

    Parameters
    ----------
    contract
        Whose window and indexation count; the promise is taken to stand.
    book
        Volumes by year.
    material
        Product it is settled on.
    unit
        Paid per kg at a price of zero, or the credit itself. [USD/kg]
    basis
        Which tonnes count.
    """
    cover = contract.window.cover(book.first_output, years=book.years)
    largest = (book.tonnes(material, basis) * cover).max(axis=0)
    return np.asarray(contract.money(unit, book) * largest)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeContract(Contract):
    """Terms of contracts that pay by the distance of the benchmark to a strike."""

    STEP: ClassVar[Step] = Step.RUNNING

    material: str
    """Product it is settled on."""
    strike: float
    """K, nominal unless indexed. [USD/kg]"""
    share: float = 1.0
    """Part of the tonnes that is covered. [fraction]"""
    basis: Basis = Basis.SOLD
    """Which tonnes count."""

    def settled(self, book: Book, *, above: float) -> Settlement:
        """Settle every year of every path.

        Parameters
        ----------
        book
            What contracts see.
        above
            Share paid by the project above the strike. [fraction]
        """
        paid = settle_strip(
            self,
            book,
            material=self.material,
            strike=self.strike,
            below=self.share,
            above=above,
            basis=self.basis,
        )
        unit = self.share * self.strike
        most = most_by_year(self, book, material=self.material, unit=unit, basis=self.basis)
        return Settlement(paid, paid, most)
