"""Lanes: explicit links and link rules, opened only where something moves and is of use."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.chain.assembly.trading import grouped
from coercivity.chain.lanes import Landscape, Way, open_ways, reachable, useful
from coercivity.chain.places import Country, Site, great_circle_km, select_sites
from coercivity.chain.plants import Asset, Option
from coercivity.chain.processes import Material, Process
from coercivity.chain.series import YearlyReader, held
from coercivity.chain.trade import Demand, Lane, Link, Offer, Stock, Taker
from coercivity.foundation.periods import Array
from coercivity.tables import CaseTables, Row

Mask = NDArray[np.bool_]
Selector = Sequence[Sequence[str]]
"""Alternatives, each a list of names that must all hold."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands at the ends of the ways."""

    countries: Mapping[str, Country]
    sites: Mapping[str, Site]
    materials: Mapping[str, Material]
    processes: Mapping[str, Process]
    assets: Mapping[str, Asset]
    options: Mapping[str, Option]
    offers: Sequence[Offer]
    takers: Sequence[Taker]
    demands: Mapping[str, Demand]
    stocks: Mapping[str, Stock]


@dataclass(frozen=True, slots=True)
class Ways:
    """The links and lanes of a case, and where materials come to be and are of use."""

    links: Mapping[str, Link]
    lanes: tuple[Lane, ...]
    sources: frozenset[tuple[str, str]]
    uses: frozenset[tuple[str, str]]


def _runs(asset: Asset, options: Mapping[str, Option]) -> bool:
    return bool((asset.capacity > 0).any()) or any(
        option.adds_to == asset.id for option in options.values()
    )


def landscape_of(around: Surroundings) -> Landscape:
    """Draw what makes and takes material, without the ways."""
    landscape = Landscape(
        fixed_only=frozenset(m.id for m in around.materials.values() if not m.tradable)
    )
    for offer in around.offers:
        landscape.sources.update((site, offer.material) for site in offer.sites)
    for taker in around.takers:
        landscape.sinks.update((site, taker.material) for site in taker.sites)
    for demand in around.demands.values():
        landscape.sinks.update(
            (site, choice.material) for site in demand.sites for choice in demand.alternatives
        )
    for stock in around.stocks.values():
        if stock.opening > 0:
            landscape.sources.add((stock.site, stock.material))
        if (stock.most > 0).any():
            landscape.sinks.add((stock.site, stock.material))
    for asset in around.assets.values():
        if _runs(asset, around.options):
            obliged = bool((asset.least_activity > 0).any())
            for mode in around.processes[asset.process].modes:
                landscape.modes.append((asset.site, mode, obliged))
    return landscape


def link_of(row: Row, reader: YearlyReader) -> Link:
    """Read an explicit link."""
    alive = reader.alive(row)
    capacity = np.where(alive > 0, reader.column("links", row, "capacity"), 0.0)
    return Link(
        id=row.text("id"),
        start=row.text("from"),
        end=row.text("to"),
        capacity=capacity,
        least=reader.column("links", row, "least") * alive,
    )


def _named(row: Row) -> frozenset[str] | None:
    return frozenset(row.names("materials")) or None


class RuleBook:
    """The link rules of a case, each opened over the pairs of sites it names."""

    def __init__(self, tables: CaseTables, around: Surroundings, reader: YearlyReader) -> None:
        self._around = around
        self._reader = reader
        self._rows = {row.text("id"): row for row in tables.tables["link_rules"].rows()}
        self._costs: dict[tuple[str, str, str], Array] = {}
        self._open = {name: reader.alive(row) for name, row in self._rows.items()}
        self._shut: dict[tuple[str, str], list[tuple[frozenset[str] | None, Mask]]] = {}

    def draw(self, landscape: Landscape) -> None:
        """Add the ways that rules open, and the bans of those that close in every year."""
        for name, row in self._rows.items():
            holds = self._open[name].astype(bool)
            starts = sorted(self._sites(row.pairs("from")))
            ends = sorted(self._sites(row.pairs("to")))
            for pair in ((s, e) for s in starts for e in ends if s != e):
                if row["allow"]:
                    landscape.ways.append(Way(name, *pair, _named(row), None))
                elif holds.all():
                    landscape.closed.setdefault(pair, []).append(_named(row))
                elif holds.any():
                    self._shut.setdefault(pair, []).append((_named(row), holds))

    def _sites(self, selector: Selector) -> frozenset[str]:
        return select_sites(selector, self._around.sites, self._around.countries)

    def open_years(self, rule: str, start: str, end: str, material: str) -> Array:
        """Give 1 in years in which a rule holds and no ban of some years stands against it."""
        years = self._open[rule]
        for banned, holds in self._shut.get((start, end), ()):
            if banned is None or material in banned:
                years = np.where(holds, 0.0, years)
        return years

    def cost(self, rule: str, start: str, end: str) -> Array:
        """Give the freight per gross tonne of a rule between two sites. [case money/t]"""
        key = (rule, start, end)
        if key not in self._costs:
            row, per_km = self._rows[rule], self._rows[rule].number("cost_per_km")
            cost = self._reader.column("link_rules", row, "fixed_cost")
            if per_km:
                sites = self._around.sites
                length = great_circle_km(sites[start], sites[end])
                cost = cost + per_km * row.number("distance_factor") * (length or 0.0)
            self._costs[key] = cost
        return self._costs[key]


def price_units(currency: str) -> dict[str, float]:
    """Give the units of a price that can be read as case money per tonne. [t/t]"""
    return {f"{currency}/t": 1.0, f"{currency}/kg": 1000.0}


def duty_quotes(
    prices: Iterable[Row], material: Material, country: str, units: Container[object]
) -> list[Row]:
    """Find the prices on which a duty is charged: of the exporter, else of the only place.

    Parameters
    ----------
    prices
        Rows of ``prices`` for the material.
    material
        The material; quotes on another basis are left aside.
    country
        The exporting country.
    units
        Units that can be read.
    """
    rows = [
        row
        for row in prices
        if row["basis"] in {None, material.basis} and (row["unit"] is None or row["unit"] in units)
    ]
    here = [row for row in rows if row["place"] == country]
    return here or (rows if len({row["place"] for row in rows}) == 1 else [])


class TariffBook:
    """Duties by exporting country, importing country and material."""

    def __init__(self, tables: CaseTables, around: Surroundings, reader: YearlyReader) -> None:
        self._around, self._reader, self._tables = around, reader, tables
        rows = list(tables.tables["tariffs"].rows())
        self._rows = grouped(rows, "from", "to", "material")
        self._prices = grouped(list(tables.tables["prices"].rows()), "material")
        self._known: dict[tuple[str, str, str], Array] = {}
        self._units = price_units(tables.settings.currency)

    def duty(self, start: str, end: str, material: str) -> Array:
        """Give the duty per tonne between two countries. [case money/t]"""
        key = (start, end, material)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, start: str, end: str, material: str) -> Array:
        countries = self._around.countries
        duty = self._reader.constant(0.0)
        if start == end:
            return duty
        for exporter in (countries[start].group, start):
            for importer in (countries[end].group, end):
                rows = self._rows.get((exporter, importer, material))
                if rows:
                    duty = self._charge(rows, start, material, before=duty)
        return duty

    def _charge(self, rows: list[Row], start: str, material: str, *, before: Array) -> Array:
        """Let each row hold until the next of its key, whether it is a rate or an amount."""
        years = self._reader.years
        latest = held(
            {r.maybe_whole("year"): n for n, r in enumerate(rows)},
            years,
            before=self._reader.constant(-1.0),
        )
        duty = np.array(before)
        for number, row in enumerate(rows):
            by_rate = row.given("rate")
            cost = self._reader.column("tariffs", row, "rate" if by_rate else "amount")
            if by_rate:
                cost = np.where(cost > 0, cost * self.value(start, material), 0.0)
            duty = np.where(latest == number, cost, duty)
        return duty

    def value(self, country: str, material: str) -> Array:
        """Give the value on which a duty is charged; NaN where the case has none. [case money/t]"""
        prices_of = self._prices.get((material,), [])
        chosen = duty_quotes(prices_of, self._around.materials[material], country, self._units)
        if chosen:
            return self._price_path(chosen)
        prices = [
            np.where(offer.offered > 0, offer.price, np.inf)
            for offer in self._around.offers
            if offer.country == country and offer.material == material
        ]
        if not prices:
            return self._reader.constant(float("nan"))
        cheapest = np.min(prices, axis=0)
        return np.where(np.isfinite(cheapest), cheapest, 0.0)

    def _price(self, row: Row) -> float:
        return row.number("price") * (1.0 if row["unit"] is None else self._units[row.text("unit")])

    def _price_path(self, rows: Sequence[Row]) -> Array:
        """Take the mean of the quotes of each year, and go straight from year to year."""
        by_year: dict[int | None, list[float]] = {}
        for row in rows:
            date = row.maybe_text("date")
            year = None if date is None else int(date[:4])
            by_year.setdefault(year, []).append(self._price(row))
        means = {year: math.fsum(found) / len(found) for year, found in by_year.items()}
        known = sorted((year, mean) for year, mean in means.items() if year is not None)
        if not known:
            return self._reader.constant(means[None])
        years = np.asarray(self._reader.years, dtype=float)
        prices = np.interp(years, [y for y, _ in known], [p for _, p in known])
        return np.asarray(prices, dtype=np.float64)


def ways_of(tables: CaseTables, around: Surroundings, reader: YearlyReader) -> Ways:
    """Open every lane on which something can move to where it is of use."""
    landscape = landscape_of(around)
    link_rows = {row.text("id"): row for row in tables.tables["links"].rows()}
    links = {name: link_of(row, reader) for name, row in link_rows.items()}
    for name, row in link_rows.items():
        named = _named(row)
        landscape.ways.append(Way(name, links[name].start, links[name].end, named, name))
        for material in around.materials if named is None else named:
            landscape.explicit.add((links[name].start, links[name].end, material))
    rules, tariffs = RuleBook(tables, around, reader), TariffBook(tables, around, reader)
    rules.draw(landscape)
    sources, uses = reachable(landscape), useful(landscape)
    freight = {name: reader.column("links", row, "cost") for name, row in link_rows.items()}
    alive = {name: reader.alive(row) for name, row in link_rows.items()}
    lanes: dict[tuple[str, str, str, str], Lane] = {}
    for way, material in open_ways(landscape, sources, uses):
        start, end = around.sites[way.start].country, around.sites[way.end].country
        explicit = way.link is not None
        cost = freight[way.name] if explicit else rules.cost(way.name, way.start, way.end)
        lane = Lane(
            id=way.name if explicit else f"{way.name}:{way.start}>{way.end}",
            link=way.link,
            start=way.start,
            end=way.end,
            material=material,
            cost=cost * around.materials[material].gross_per_t,
            tariff=tariffs.duty(start, end, material),
            open=alive[way.name]
            if explicit
            else rules.open_years(way.name, way.start, way.end, material),
        )
        key = (way.link or "", way.start, way.end, material)
        lanes[key] = lane if key not in lanes else _merged(lanes[key], lane)
    return Ways(
        links=links,
        lanes=tuple(lanes.values()),
        sources=frozenset(sources),
        uses=frozenset(uses),
    )


def _merged(first: Lane, second: Lane) -> Lane:
    """Join two rules between the same sites: the cheapest open one counts in each year."""
    costs = [np.where(lane.open > 0, lane.cost, np.inf) for lane in (first, second)]
    best = np.minimum(*costs)
    return Lane(
        id=first.id,
        link=None,
        start=first.start,
        end=first.end,
        material=first.material,
        cost=np.where(np.isfinite(best), best, np.minimum(first.cost, second.cost)),
        tariff=first.tariff,
        open=np.maximum(first.open, second.open),
    )


def missing_places(
    tables: CaseTables, sites: Mapping[str, Site], countries: Mapping[str, Country]
) -> list[tuple[Row, list[str]]]:
    """Find rules that cost by distance between sites without coordinates."""
    found = []
    for row in tables.tables["link_rules"].rows():
        if not row["allow"] or not row.number("cost_per_km"):
            continue
        named = {
            site
            for end in ("from", "to")
            for site in select_sites(row.pairs(end), sites, countries)
        }
        lost = sorted(s for s in named if sites[s].lat is None or sites[s].lon is None)
        if lost:
            found.append((row, lost))
    return found


def unknown_selectors(
    tables: CaseTables, sites: Mapping[str, Site], countries: Mapping[str, Country]
) -> list[tuple[Row, str, str]]:
    """Find the parts of selectors that name no site, country, group or kind."""
    kinds = {f"kind:{kind}" for kind in ("plant", "pool", "market", "port")}
    groups = {"domestic", "allied", "neutral", "covered"}
    known = set(sites) | set(countries) | kinds | groups
    return [
        (row, end, part)
        for row in tables.tables["link_rules"].rows()
        for end in ("from", "to")
        for alternative in row.pairs(end)
        for part in alternative
        if part not in known
    ]
