"""Basket prices of the ores of a case: what their separated products would sell for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.resilience.basket import basket_price
from coercivity.tables import CaseTables, Row

Quote = tuple[str, str]
"""Place and series: prices of different quotes are never mixed."""
KG_PER_T = 1000.0


@dataclass(frozen=True, slots=True)
class OreBasket:
    """The basket price of an ore in one quote."""

    ore: str
    place: str
    """Where the prices are quoted; empty where none is named."""
    series: str
    """Series of the prices; empty where none is named."""
    price: float
    """Of a tonne of the products that have a price, as the ore splits. [case money/t]"""
    priced_share: float
    """Share of the ore's products, by mass, that have a price in the quote. [fraction]"""


@dataclass(frozen=True, slots=True)
class _Product:
    """The separated product of one element."""

    material: str
    content: float
    """Tonnes of the element in a tonne. [t/t]"""


def ore_baskets(tables: CaseTables, case: Case, year: int) -> list[OreBasket]:
    r"""Price every ore in every quote.

    A product is the first material of the chain that holds a single element. Of an ore with
    :math:`c_e` tonnes of element and products with :math:`\kappa_e` tonnes of it in a tonne,
    :math:`x_e = c_e/\kappa_e` tonnes of product come, and the basket price is
    :math:`\sum_e x_e p_e / \sum_e x_e` over the products that have a price.

    Parameters
    ----------
    tables, case
        The case.
    year
        Year of the prices: the mean of the year, else linear between the years before and after,
        constant after the last; none before the first. [calendar year]

    Returns
    -------
    list of OreBasket
        By ore, the quote that prices most of it first.
    """
    products = _products(case)
    quotes = _prices(tables, case, year)
    found = []
    for ore in ores(case):
        contents = case.materials[ore].contents
        split = {e: c / products[e].content for e, c in contents.items() if e in products}
        whole = math.fsum(split.values()) + math.fsum(
            amount for element, amount in contents.items() if element not in products
        )
        for (place, series), prices in quotes.items():
            known = {
                e: prices[products[e].material] for e in split if products[e].material in prices
            }
            priced = {element: split[element] for element in known}
            if math.fsum(priced.values()) > 0:
                share = math.fsum(priced.values()) / whole
                found.append(OreBasket(ore, place, series, basket_price(priced, known), share))
    return sorted(found, key=lambda b: (b.ore, -b.priced_share, b.place, b.series))


def ores(case: Case) -> list[str]:
    """List the materials that hold elements and come out of a process that takes none in."""
    found = {
        made
        for process in case.processes.values()
        for mode in process.modes
        if not any(case.materials[needed].contents for needed in mode.inputs)
        for made in mode.outputs
        if len(case.materials[made].contents) > 0
    }
    return sorted(found)


def _products(case: Case) -> dict[str, _Product]:
    """Find the separated product of each element: the first in the chain to hold it alone."""
    single = [m for m in case.materials.values() if len(m.contents) == 1]
    origin = set(ores(case))
    order = case.stage_order
    found: dict[str, _Product] = {}
    for material in sorted(
        single, key=lambda m: (m.id in origin, order.get(m.stage or "", len(order) + 1), m.id)
    ):
        element, content = next(iter(material.contents.items()))
        if content > 0:
            found.setdefault(element, _Product(material.id, content))
    return found


def _prices(tables: CaseTables, case: Case, year: int) -> dict[Quote, dict[str, float]]:
    """Give the price of each material in a year, by quote. [case money/t]"""
    currency = tables.settings.currency
    units = {None: 1.0, f"{currency}/t": 1.0, f"{currency}/kg": KG_PER_T}
    rows: dict[tuple[Quote, str], list[tuple[Row, float]]] = {}
    for row in tables["prices"]:
        material, unit = row.text("material"), row.maybe_text("unit")
        if row["basis"] not in {None, case.materials[material].basis} or unit not in units:
            continue
        quote = (row.maybe_text("place") or "", row.maybe_text("series") or "")
        rows.setdefault((quote, material), []).append((row, row.number("price") * units[unit]))
    found: dict[Quote, dict[str, float]] = {}
    for (quote, material), dated in rows.items():
        price = _price_in(_by_year(dated), year)
        if price is not None:
            found.setdefault(quote, {})[material] = price
    return found


def _by_year(rows: list[tuple[Row, float]]) -> dict[int | None, float]:
    """Average the prices of each year; None is the year of undated ones."""
    gathered: dict[int | None, list[float]] = {}
    for row, price in rows:
        date = row.maybe_text("date")
        gathered.setdefault(None if date is None else int(date[:4]), []).append(price)
    return {year: math.fsum(prices) / len(prices) for year, prices in gathered.items()}


def _price_in(by_year: Mapping[int | None, float], year: int) -> float | None:
    dated = sorted(_dated(by_year))
    if not dated or year < dated[0][0]:
        return by_year.get(None)
    return float(np.interp(year, [y for y, _ in dated], [price for _, price in dated]))


def _dated(by_year: Mapping[int | None, float]) -> Iterator[tuple[int, float]]:
    for year, price in by_year.items():
        if year is not None:
            yield year, price
