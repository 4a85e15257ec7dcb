"""What a plant earns and when it stands idle, before capital, tax and finance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.finance.closing import LEARNING_PATHS, rational_closing, years_of_standing
from coercivity.finance.compiled import Array, compiled, over_paths, rows
from coercivity.finance.contracts import Book, Contract, Settlement, Step
from coercivity.finance.inputs import CashInputs, ProjectTerms


@dataclass(frozen=True, slots=True)
class Operations:
    """A plant's years: what it sells, what contracts pay, where it stands idle."""

    book: Book
    """What contracts saw in the end; idle years sell nothing. [nominal]"""
    settlements: Mapping[str, Settlement]
    """Of contracts on capital, output and result, by id."""
    idle: NDArray[np.bool_]
    """Years in which a started plant stands still."""
    closes: NDArray[np.int64]
    """Year at whose end owners close each path; the number of years where they do not. [year]"""

    def support(self, contracts: Sequence[Contract], *, taxed: bool) -> Array:
        """Add up what running contracts pay. [million/year, nominal]

        Parameters
        ----------
        contracts
            Of the project.
        taxed
            Whether to add those that are income, or those that are not.
        """
        wanted = [
            self.settlements[contract.id].to_project
            for contract in contracts
            if contract.STEP in {Step.RUNNING, Step.PROFIT}
            and self.settlements[contract.id].taxed is taxed
        ]
        return sum(wanted, np.zeros((1, self.book.years)))

    def grants(self, contracts: Sequence[Contract]) -> Array:
        """Add up what is paid towards capital. [million/year, nominal]

        Parameters
        ----------
        contracts
            Of the project.
        """
        paid = [self.settlements[c.id].to_project for c in contracts if c.STEP is Step.FUNDING]
        return sum(paid, np.zeros((1, self.book.years)))


@compiled
def _sell(price: Array, factor: Array, sold: Array, out: Array, first: int, end: int) -> None:
    years = sold.shape[1]
    parts = price.shape[1] // years
    for path in range(first, end):
        quotes = price[path if price.shape[0] > 1 else 0]
        tonnes = sold[path if sold.shape[0] > 1 else 0]
        for year in range(years):
            total = 0.0
            for part in range(parts):
                total += quotes[year * parts + part]
            out[path, year] += tonnes[year] * factor[year] * (total / parts)


def basket_revenue(
    sold: Mapping[str, Array],
    prices: Mapping[str, ArrayLike],
    *,
    realisation: Mapping[str, ArrayLike],
    level: Array,
    paths: int,
    workers: int | None = None,
) -> Array:
    r"""Add up sales of all products at what each realises of its benchmark.

    .. math:: R_{n,y} = I_y \sum_j \phi_{j,y}\,v_{n,j,y}\,\bar P_{n,j,y}

    Parameters
    ----------
    sold
        By product; what finds no buyer is left out before. [kt/year]
    prices
        Benchmark by quarter or year. [USD/kg, real]
    realisation
        Price got over the benchmark, 1 where missing. [fraction]
    level
        Nominal money per unit of real money by year. [ratio]
    paths
        Number of paths.
    workers
        Threads; the bits do not depend on them.

    Examples
    --------
    >>> basket_revenue(
    ...     {"x": np.array([[2.0]])}, {"x": [[8.0, 12.0, 10.0, 10.0]]},
    ...     realisation={"x": 0.5}, level=np.ones(1), paths=1,
    ... ).tolist()
    [[10.0]]
    """
    years = len(level)
    out = np.zeros((paths, years))
    for name, tonnes in sold.items():
        price = np.ascontiguousarray(np.atleast_2d(np.asarray(prices[name], dtype=np.float64)))
        if price.shape[1] % years:
            price = rows(price, years=years, name=f"price of {name!r}")
        factor = level * rows(realisation.get(name, 1.0), years=years, name="realisation")[0]
        volume = np.ascontiguousarray(tonnes)
        _over(_sell, (price, factor, volume, out), paths, workers)
    return out


def _over(
    kernel: Callable[..., None], arrays: tuple[Array, ...], paths: int, workers: int | None
) -> None:
    over_paths(lambda first, end: kernel(*arrays, first, end), paths, workers=workers)


def _first_book(cash: CashInputs, terms: ProjectTerms, workers: int | None) -> Book:
    """Write down a plant that always runs."""
    years, level = cash.years, terms.price_level(cash.years)
    produced = {
        name: rows(table, years=years, name=f"output of {name!r}")
        for name, table in cash.produced.items()
    }
    sold = {
        name: table * rows(cash.sold_share.get(name, 1.0), years=years, name="sold share")
        for name, table in produced.items()
    }
    first = cash.first_output()
    running = np.arange(years)[None, :] >= first[:, None]
    revenue = basket_revenue(
        sold,
        cash.prices,
        realisation=cash.realisation,
        level=level,
        paths=cash.paths,
        workers=workers,
    )
    cost = rows(cash.operating_cost, years=years, name="operating cost") * level
    return Book(
        prices={
            name: rows(table, years=years, name="price")
            if np.size(table) == 1
            else np.atleast_2d(np.asarray(table, dtype=np.float64))
            for name, table in cash.prices.items()
        },
        volumes=sold,
        produced=produced,
        revenue=revenue,
        operating_cost=np.where(running, cost, 0.0),
        capex=rows(cash.capex, years=years, name="capex") * level,
        first_output=first,
        level=level,
        alive=cash.alive,
    )


def _settle(
    book: Book, contracts: Sequence[Contract], *, royalty: float
) -> tuple[dict[str, Settlement], Array]:
    """Settle contracts on output, then those on the result; give the result too."""
    settlements: dict[str, Settlement] = {}
    result = (1 - royalty) * book.revenue - book.operating_cost
    for contract in contracts:
        if contract.STEP is Step.RUNNING:
            settlements[contract.id] = contract.settle(book)
            result = result + settlements[contract.id].to_project
    seen = replace(book, result=result)
    for contract in contracts:
        if contract.STEP is Step.PROFIT:
            settlements[contract.id] = contract.settle(seen)
            result = result + settlements[contract.id].to_project
    return settlements, result


def operate(
    cash: CashInputs,
    terms: ProjectTerms,
    contracts: Sequence[Contract] = (),
    *,
    workers: int | None = None,
) -> Operations:
    r"""Run a plant through its years and settle its contracts.

    A started plant stands idle in a year in which running, every contract's payment included,
    brings less than care costs:

    .. math:: (1-\varrho)\,R + S - O < -care

    It then makes nothing, pays for care, and contracts see no output: those that pay on output,
    take-or-pay included, pay nothing, since a buyer pays for what is ready and not taken. Starting
    again costs nothing. A plant is closed for good at the end of a year in which going on, idle
    years included, is worth less than closing at the hurdle, before tax and debt
    (`rational_closing`, on the market result and on the result with contracts of that year), or
    in which it has stood idle for too long; but not before what is built was to begin, since
    owners who build have decided to go on until then.

    Parameters
    ----------
    cash
        Output, prices and cost.
    terms
        Whether the plant may idle and close; hurdle; inflation; royalty, patience, salvage.
    contracts
        Of the project.
    workers
        Threads; the bits do not depend on them.
    """
    book = _first_book(cash, terms, workers)
    royalty = terms.rules.royalty
    settlements, result = _settle(book, contracts, royalty=royalty)
    market = (1 - royalty) * book.revenue - book.operating_cost
    care = rows(cash.care_cost, years=cash.years, name="care cost") * book.level
    started = np.arange(cash.years)[None, :] >= book.first_output[:, None]
    idle = started & (result < -care) if terms.may_idle else np.zeros_like(started)
    if idle.any():
        runs = ~idle
        book = replace(
            book,
            volumes={name: table * runs for name, table in book.volumes.items()},
            produced={name: table * runs for name, table in book.produced.items()},
            revenue=book.revenue * runs,
            operating_cost=np.where(idle, care, book.operating_cost),
        )
        settlements, _ = _settle(book, contracts, royalty=royalty)
    for contract in contracts:
        if contract.STEP is Step.FUNDING:
            settlements[contract.id] = contract.settle(book)
    closes = np.full(cash.paths, cash.years, dtype=np.int64)
    if terms.may_close:
        run_on = np.where(idle, -care, result)
        signs = [market, result] if contracts else [market]
        closes = _closing(cash, terms, book, run_on=run_on, signs=signs, idle=idle)
    return Operations(book, settlements, idle, closes)


def _closing(
    cash: CashInputs,
    terms: ProjectTerms,
    book: Book,
    *,
    run_on: Array,
    signs: Sequence[Array],
    idle: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Say when each path is closed for good."""
    years, rules = cash.years, terms.rules
    standing = years_of_standing(idle, patience=rules.patience)
    few = min(cash.paths, LEARNING_PATHS)
    upkeep = rows(cash.sustaining, years=years, name="sustaining capital")[:few]
    upkeep = upkeep + rows(cash.working_capital, years=years, name="working capital")[:few]
    factors = (1 + terms.hurdle) ** -(np.arange(years) + terms.shift)
    capex = book.capex[:few]
    flows = ((run_on[:few] - capex) / book.level - upkeep) * factors
    return rational_closing(
        np.broadcast_to(flows, (few, years)),
        [np.broadcast_to(sign, (cash.paths, years)) for sign in signs],
        worth_of_closing=rules.salvage * np.cumsum(capex, axis=1) / book.level * factors,
        started=np.maximum(book.first_output, cash.planned_first_output),
        latest=standing,
    )
