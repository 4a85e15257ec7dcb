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
    """A separated product."""

    material: str
    elements: frozenset[str]
    content: float
    """Tonnes of its elements in a tonne. [t/t]"""


def ore_baskets(tables: CaseTables, case: Case, year: int) -> list[OreBasket]:
    r"""Price every ore in every quote.

    The product of an element is the material, ores apart, that holds it with the fewest others,
    the first of these in the chain. Of an ore with :math:`c_e` tonnes of element and a product
    with :math:`\kappa_k` tonnes of its elements in a tonne,
    :math:`x_k = \sum_{e \in k} c_e/\kappa_k` tonnes of product come, and the basket price is
    :math:`\sum_k x_k p_k / \sum_k x_k` over the products that have a price.

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
    found = []
    for ore in ores(case):
        split, rest = _split(case.materials[ore].contents, products)
        whole = math.fsum(split.values()) + rest
        for (place, series), prices in _prices(tables, case, year).items():
            priced = {product: amount for product, amount in split.items() if product in prices}
            if math.fsum(priced.values()) > 0:
                known = {product: prices[product] for product in priced}
                share = math.fsum(priced.values()) / whole
                found.append(OreBasket(ore, place, series, basket_price(priced, known), share))
    return sorted(found, key=lambda b: (b.ore, -b.priced_share, b.place, b.series))


def _split(
    contents: Mapping[str, float], products: Mapping[str, _Product]
) -> tuple[dict[str, float], float]:
    """Give the tonnes of each product in a tonne of ore, and of elements that none holds."""
    split: dict[str, float] = {}
    rest = 0.0
    for element, amount in contents.items():
        product = products.get(element)
        if product is None:
            rest += amount
        else:
            grown = split.get(product.material, 0.0) + amount / product.content
            split[product.material] = grown
    return split, rest


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
    """Find the separated product of each element."""
    origin = set(ores(case))
    order = case.stage_order
    held = [m for m in case.materials.values() if m.contents and m.id not in origin]
    held.sort(key=lambda m: (len(m.contents), order.get(m.stage or "", len(order) + 1), m.id))
    found: dict[str, _Product] = {}
    for material in held:
        content = math.fsum(material.contents.values())
        product = _Product(material.id, frozenset(material.contents), content)
        for element in material.contents:
            if content > 0:
                found.setdefault(element, product)
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
