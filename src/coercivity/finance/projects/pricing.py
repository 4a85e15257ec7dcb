"""A price, a buyer and a freight for everything that a project sells or buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.finance.prices.processes import Quote
from coercivity.finance.projects.book import PriceBook
from coercivity.finance.projects.markets import Outlet, freight_in, outlet_of
from coercivity.finance.projects.operation import Operation
from coercivity.finance.refusals import FinanceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """How a project buys and sells."""

    quotes: Mapping[str, Quote]
    """Price of each material it sells or buys."""
    outlets: Mapping[str, Outlet]
    """Of what it sells."""
    freights: Mapping[str, float]
    """Of what it buys. [USD/kg]"""
    long_run: Mapping[str, float]
    """Price of each at long-run levels. [USD/kg]"""
    product: str
    """What building adds most of at long-run prices: per kg of it a missing price is told."""
    sold: frozenset[str]
    """What is made in any year, and so may be sold."""
    unpriced: tuple[str, ...] = ()
    """Made, but without any price: worth nothing here."""


def pricing_of(case: Case, operation: Operation, book: PriceBook) -> Pricing:
    """Find a price, a buyer and a freight for everything that a project sells or buys.

    Parameters
    ----------
    case
        The case.
    operation
        The project.
    book
        Prices of the case.

    Raises
    ------
    FinanceError
        If something has to be bought that has no price, or nothing that is made has one.
    """
    place = _first_place(case, operation)
    found: dict[str, Quote] = {}
    outlets: dict[str, Outlet] = {}
    freights: dict[str, float] = {}
    unpriced = []
    for material in operation.materials:
        site = operation.homes[material]
        quote = book.quote(material, case.sites[site].country)
        tables = (operation.before, operation.after)
        bought = min(float(t.net[material].min()) for t in tables if material in t.net) < 0
        if quote is None:
            if bought:
                _refuse_unpriced(operation.project, material)
            unpriced.append(material)
            continue
        found[material] = quote
        if bought:
            freights[material] = freight_in(case, site, material, place=place)
        made = operation.made(material)
        benchmark = book.long_run(quote)
        outlets[material] = outlet_of(
            case, material, site=site, made=made, benchmark=benchmark, place=place
        )
    product = _main_product(operation, book, found, outlets, unpriced)
    return Pricing(
        quotes=found,
        outlets=outlets,
        freights=freights,
        long_run={material: book.long_run(quote) / 1000 for material, quote in found.items()},
        product=product,
        sold=frozenset(m for m in found if operation.made(m).any() or _made_before(operation, m)),
        unpriced=tuple(unpriced),
    )


def _refuse_unpriced(project: str, material: str) -> None:
    msg = (
        f"project {project!r} has to buy {material!r}, which has no price. What is bought costs "
        "something: add a row to price_models, price_links or prices, or a supplier.  [F111]"
    )
    raise FinanceError(msg, code="F111")


def _added(operation: Operation, material: str) -> float:
    """Give what building adds to output over the life; all output where nothing is built. [kt]"""
    made = operation.made(material)
    if not operation.builds:
        return float(made.sum())
    before = operation.before.net.get(material)
    return float((made - (0.0 if before is None else np.maximum(before, 0.0))).sum())


def _made_before(operation: Operation, material: str) -> bool:
    net = operation.before.net.get(material)
    return net is not None and bool(net.max() > 0)


def _first_place(case: Case, operation: Operation) -> int:
    """Give the place of the year of first output in series of the case."""
    year = operation.first_year + operation.first_output - case.horizon.first_year
    return min(max(year, 0), len(case.horizon.years) - 1)


def _main_product(
    operation: Operation,
    book: PriceBook,
    found: Mapping[str, Quote],
    outlets: Mapping[str, Outlet],
    unpriced: Sequence[str],
) -> str:
    """Give what building adds most of at long-run prices; refuse a project that sells nothing."""

    def earned(tonnes: Mapping[str, float]) -> dict[str, float]:
        price = {m: book.long_run(found[m]) * float(outlets[m].share.mean()) for m in found}
        return {m: tonnes[m] * price[m] for m in found}

    value = earned({m: _added(operation, m) for m in found})
    if max(value.values(), default=0.0) <= 0:
        value = earned({m: float(operation.made(m).sum()) for m in found})
    product = max(value, key=lambda m: value[m], default="")
    if not product or value[product] <= 0:
        msg = (
            f"project {operation.project!r} sells nothing that has a price"
            f"{': ' + ', '.join(unpriced) if unpriced else ''}. Finance needs a product with a "
            "price and a way out: add price_models, price_links or prices, or a link.  [F103]"
        )
        raise FinanceError(msg, code="F103")
    return product
