"""The forms that could be stocked: where each would lie, what it costs to buy and to keep."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.chain.places import Site
from coercivity.chain.trade import Offer
from coercivity.finance.projects.book import PriceBook, price_book
from coercivity.tables import CaseTables

KEEPING_SHARE = 0.10
"""Cost of keeping over the price where the case has no stock of the material: 7 % for the money
bound and 3 % for room and ageing, as in the reference cases. [1/year]"""


@dataclass(frozen=True, slots=True)
class Form:
    """A material that could be stocked, with its price."""

    material: str
    site: str
    """Where it would lie."""
    price: float
    """To buy it in quiet years. [case money/t]"""
    keeping: float
    """To keep it. [case money/t/year]"""
    priced_by: str
    """``offer`` or ``price-book``."""


def places_of(case: Case, material: str) -> tuple[Site, ...]:
    """List where a stock of a material would lie: pools at home, and plants there that take it.

    Parameters
    ----------
    case
        The case, seen from its ``perspective``.
    material
        What would be stocked.
    """
    takes = {
        asset.site
        for asset in case.assets.values()
        if any(material in mode.inputs for mode in case.processes[asset.process].modes)
    }
    return tuple(
        site
        for site in case.sites.values()
        if site.country == case.perspective and (site.kind == "pool" or site.id in takes)
    )


def forms_of(case: Case, tables: CaseTables) -> tuple[Form, ...]:
    """List every material that could be stocked at home and has a price.

    The price is that of the cheapest seller none of whose stages lies in a covered country, else
    the long-run price of the case's price book. A material with neither is left out.

    Parameters
    ----------
    case, tables
        The case.
    """
    keeping = {
        stock.material: float(stock.holding_cost[0])
        for stock in case.stocks.values()
        if np.any(stock.holding_cost > 0)
    }
    book = price_book(case, tables)
    found = []
    for material in case.materials:
        price, source = _price(case, book, material)
        if price > 0:
            each = keeping.get(material, KEEPING_SHARE * price)
            places = places_of(case, material)
            found += [Form(material, site.id, price, each, source) for site in places]
    return tuple(found)


def is_cut(case: Case, offer: Offer, groups: Collection[str]) -> bool:
    """Tell whether the seller, or any stage behind it, lies in one of some country groups.

    Parameters
    ----------
    case
        The case.
    offer
        What is sold.
    groups
        Country groups.
    """
    passed = [*offer.origin.values(), *([offer.country] if offer.country else [])]
    return any(case.countries[country].group in groups for country in passed)


def _price(case: Case, book: PriceBook, material: str) -> tuple[float, str]:
    sold = [
        float(offer.price[0])
        for offer in case.offers
        if offer.material == material
        and offer.offered[0] > 0
        and not is_cut(case, offer, ("covered",))
    ]
    if sold:
        return min(sold), "offer"
    quote = book.quote(material, case.perspective or "")
    return (0.0, "") if quote is None else (book.long_run(quote), "price-book")
