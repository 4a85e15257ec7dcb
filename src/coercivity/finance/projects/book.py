"""Which price a material has at which place, and its paths.

A material is priced, in this order, by its own process or links (at the country of the plant, else
at the country from which the case is seen, else where it is quoted at all); by what a plant of the
case makes of it, times the share of that value which its stated price pays today; by its stated
price, held. A plant buys and sells at the same book, so a feed moves with what is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from coercivity.chain import Case
from coercivity.chain.processes import Mode
from coercivity.finance.compiled import Array
from coercivity.finance.prices.from_tables import price_links, price_system
from coercivity.finance.prices.links import PriceLink, draw_margins, follow
from coercivity.finance.prices.processes import PriceSystem, Quote
from coercivity.finance.prices.simulation import PricePaths, simulate
from coercivity.finance.refusals import FinanceError
from coercivity.tables import CaseTables, Row

PAYABLE = 0.5
"""Share of the value of its products that a feed without any stated price costs: between the 0.44
and 0.70 that concentrates and carbonates with a price get; a stated assumption."""


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Every price of a case, before any path is drawn. Money is real."""

    system: PriceSystem
    links: tuple[PriceLink, ...]
    """Of the tables, and of feeds priced by what is made of them."""
    start: Mapping[Quote, float]
    """Price today of those that move by themselves. [case money/t]"""
    held: Mapping[Quote, float]
    """Stated prices that do not move. [case money/t]"""
    places: Mapping[str, tuple[str, ...]]
    """Places at which each material is priced."""
    levels: Mapping[Quote, float]
    """Long-run price of each. [case money/t]"""
    domestic: frozenset[str]
    """Countries whose plants sell at the prices of the perspective."""
    perspective: str
    notes: Mapping[str, str] = field(default_factory=dict)
    """How a feed without a price of its own is priced, in words."""

    def quote(self, material: str, country: str) -> Quote | None:
        """Find the price of a material for a plant in a country; None where it has none.

        Parameters
        ----------
        material
            What is priced.
        country
            Of the plant.
        """
        places = self.places.get(material, ())
        if not places:
            return None
        if country in places:
            return Quote(material, country)
        if country in self.domestic and self.perspective in places:
            return Quote(material, self.perspective)
        return Quote(material, places[0])

    def long_run(self, quote: Quote) -> float:
        """Give the price at ordinary long-run levels of what it follows. [case money/t]

        Parameters
        ----------
        quote
            Which price.
        """
        return self.levels[quote]

    def needed(self, wanted: Iterable[Quote]) -> tuple[PriceLink, ...]:
        """Give the links that some prices need, those they follow included.

        Parameters
        ----------
        wanted
            Prices that are asked for.
        """
        asked = {quote.material for quote in wanted}
        while True:
            more = {link.follows for link in self.links if link.quote.material in asked} - asked
            if not more:
                break
            asked |= more
        return tuple(link for link in self.links if link.quote.material in asked)

    def draw(
        self,
        wanted: Iterable[Quote],
        *,
        years: int,
        paths: int,
        seed: int,
        workers: int | None = None,
    ) -> PricePaths:
        """Draw paths of prices by quarter from the first year of the case.

        Parameters
        ----------
        wanted
            Prices that are asked for.
        years, paths
            How long, how many. [year], [path]
        seed
            Seed of all draws.
        workers
            Threads; the bits do not depend on them.

        Returns
        -------
        PricePaths
            Of every price wanted, and those they follow. [case money/t]
        """
        moved = simulate(
            self.system, years=years, paths=paths, seed=seed, start=self.start, workers=workers
        )
        constant = {q: np.full((1, 4 * years), price) for q, price in self.held.items()}
        links = self.needed(list(wanted))
        margins = draw_margins(links, paths=paths, seed=seed)
        known = PricePaths({**moved.prices, **constant}, 4, moved.second, margins)
        return follow(known, links)


def price_book(case: Case, tables: CaseTables) -> PriceBook:
    """Gather every price of a case.

    Parameters
    ----------
    case
        The case.
    tables
        Its tables.
    """
    system = price_system(tables)
    links = list(price_links(tables))
    start = _start_prices(tables, system)
    held: dict[Quote, float] = {}
    today = {q: start.get(q, system.process(q).level) for q in system.quotes}
    _follow_today(today, links)
    notes = _price_feeds(case, tables, today, links, held)
    levels = {q: system.process(q).level for q in system.quotes} | held
    _follow_today(levels, links)
    quotes = [*system.quotes, *(link.quote for link in links), *held]
    return PriceBook(
        system=system,
        links=tuple(links),
        start=start,
        held=held,
        places=_places(quotes),
        levels=levels,
        domestic=frozenset(c.id for c in case.countries.values() if c.group != "covered"),
        perspective=case.perspective or "",
        notes={name: text.replace("%", " %") for name, text in notes.items()},
    )


def _price_feeds(
    case: Case,
    tables: CaseTables,
    today: dict[Quote, float],
    links: list[PriceLink],
    held: dict[Quote, float],
) -> dict[str, str]:
    """Price what has no process and no links: feeds by what is made of them, the rest as stated."""
    notes: dict[str, str] = {}
    takers = _takers(case)
    waiting = [m for m in case.materials if all(quote.material != m for quote in today)]
    while waiting:
        ready = next((m for m in waiting if _made_of(takers.get(m), m, today)), None)
        if ready is None:
            break
        waiting.remove(ready)
        made = _made_of(takers[ready], ready, today)
        stated, worth = _stated(case, tables, ready), sum(s * today[q] for q, s in made.items())
        payable = PAYABLE if stated is None else stated / worth
        quote = Quote(ready, next(iter(made)).place)
        links += [
            PriceLink(quote=quote, follows=q.material, share=payable * share)
            for q, share in made.items()
        ]
        today[quote] = payable * worth
        why = "assumed, since no price is stated" if stated is None else "as its price today"
        notes[ready] = f"{ready} is priced at {payable:.0%} of what is made of it ({why})."
    for material in waiting:
        stated = _stated(case, tables, material)
        if stated is not None:
            held[Quote(material)] = stated
            notes[material] = f"{material} keeps its stated price of {stated:,.0f}."
    return notes


def _places(quotes: Iterable[Quote]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for quote in quotes:
        found[quote.material] = tuple(dict.fromkeys((*found.get(quote.material, ()), quote.place)))
    return found


def _start_prices(tables: CaseTables, system: PriceSystem) -> dict[Quote, float]:
    """Take the last price stated at the place in the price year or later; before it, none."""
    found: dict[Quote, tuple[str, float]] = {}
    earliest = str(tables.settings.price_year or 0)
    for row in tables["prices"].rows():
        quote = Quote(row.text("material"), row.maybe_text("place") or "")
        date = str(row["date"] or "")
        if quote in system.quotes and date[:4] >= earliest:
            _refuse_worthless(row, quote)
            found[quote] = max(found.get(quote, ("", 0.0)), (date, row.number("price")))
    return {quote: price for quote, (_, price) in found.items()}


def _refuse_worthless(row: Row, quote: Quote) -> None:
    price = row.number("price")
    if not price > 0:
        msg = (
            f"{row.place('price')}: the price of {quote} is {price:g}. Paths of prices start from "
            "it and stay above 0: correct it, or leave the row out to start from the long-run "
            "level.  [F203]"
        )
        raise FinanceError(msg, code="F203")


def _follow_today(today: dict[Quote, float], links: Iterable[PriceLink]) -> None:
    """Add today's price of what follows others."""
    single = PricePaths({q: np.array([[price]]) for q, price in today.items()}, 1, {})
    plain = [
        PriceLink(quote=k.quote, follows=k.follows, share=k.share, margin=k.margin) for k in links
    ]
    for quote, table in follow(single, plain).prices.items():
        today[quote] = float(table[0, 0])


def _takers(case: Case) -> dict[str, Mode]:
    """Give the first mode that takes each material as its only feed."""
    found: dict[str, Mode] = {}
    for process in case.processes.values():
        for mode in process.modes:
            if len(mode.inputs) == 1 and len(mode.outputs) > 0:
                found.setdefault(next(iter(mode.inputs)), mode)
    return found


def _made_of(mode: Mode | None, material: str, today: Mapping[Quote, float]) -> dict[Quote, float]:
    """Give what is made of a tonne, of products with a price."""
    if mode is None:
        return {}
    made: dict[Quote, float] = {}
    for product, amount in mode.outputs.items():
        quote = next((q for q in today if q.material == product), None)
        if quote is not None:
            made[quote] = amount / mode.inputs[material]
    return made


def _stated(case: Case, tables: CaseTables, material: str) -> float | None:
    """Give the price that the tables state: observed, else asked, else paid by a buyer."""
    rows = [r for r in tables["prices"].rows() if r.text("material") == material]
    if rows:
        return max(rows, key=lambda row: str(row["date"] or "")).number("price")
    asked = [float(offer.price[0]) for offer in case.offers if offer.material == material]
    if asked:
        return min(asked)
    paid = [float(t.price[0]) for t in case.takers if t.material == material and t.price[0] > 0]
    return max(paid) if paid else None


def quarter_prices(drawn: PricePaths, quote: Quote, *, from_year: int, years: int) -> Array:
    """Give a price by path and quarter over the years of a project. [USD/kg]

    Parameters
    ----------
    drawn
        Paths by quarter.
    quote
        Which price.
    from_year
        First year, counted from the first of the paths. [year]
    years
        How many. [year]
    """
    table = drawn.prices[quote][:, 4 * from_year : 4 * (from_year + years)]
    return np.ascontiguousarray(table / 1000.0)
