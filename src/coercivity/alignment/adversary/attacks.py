"""What an adversary can do: dump a product by a depth for some years, at the cost of his margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.finance.compiled import Array
from coercivity.finance.projects.book import PriceBook

OWN_COST = 0.25
"""Share of a long-run price below which the adversary does not sell: about the 15 of 60 USD/kg
taken for a separated light oxide where no cost of his is known. A stated assumption."""
DEPTHS = (0.25, 0.5, 0.75, 1.0)
"""Depths tried, as shares of the way from the long-run price to his own cost."""
LENGTHS = (1, 2, 3, 5)
"""Durations tried. [year]"""
COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Exposure:
    """A product that an adversary sells, and what dumping it costs him."""

    material: str
    volume: Array
    """What he must be ready to sell cheaply, by year of the case: his exports, or what the plants
    that he undercuts sell, whichever is more. [kt/year]"""
    long_run: float
    """Price at ordinary levels. [USD/kg]"""
    own_cost: float
    """Price below which he does not sell. [USD/kg]"""
    suppliers: tuple[str, ...] = ()
    """Who offers it for him."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A price pushed down by a depth for some years."""

    material: str
    depth: float
    """Taken off the price, down to his own cost at most. [USD/kg]"""
    from_year: int
    years: int
    cost: float
    """Margin given up at most: depth by exports by years. [million, real]"""

    @property
    def last_year(self) -> int:
        """Last year of the attack. [calendar year]"""
        return self.from_year + self.years - 1


def exposures_of(
    case: Case,
    book: PriceBook,
    materials: Iterable[str],
    *,
    own_cost: float = OWN_COST,
    volume: float | None = None,
    sold: Mapping[str, Array] | None = None,
) -> tuple[Exposure, ...]:
    """Say what the adversary sells: the offers of covered countries.

    A price gives way only to one who can serve the market at it, so where the plants he undercuts
    sell more than he does, their sales count as the volume on which he gives up margin.

    Parameters
    ----------
    case, book
        The case, and its prices.
    materials
        Products that projects buy or sell.
    own_cost
        Share of the long-run price below which he does not sell. [fraction]
    volume
        What he sells abroad of each product; None adds up what suppliers of covered countries
        offer, by year. [kt/year]
    sold
        What the plants that he undercuts sell of each product, by year of the case. [kt/year]

    Returns
    -------
    tuple of Exposure
        Products with a price and with exports, in the order of the materials.
    """
    covered = {c.id for c in case.countries.values() if c.group == COVERED}
    found = []
    for material in dict.fromkeys(materials):
        places = book.places.get(material, ())
        if not places:
            continue
        exports = _exports(case, material, covered)
        if volume is not None:
            exports = np.full(len(exports), volume)
        home = next((place for place in places if place in covered), places[0])
        quote = book.quote(material, home)
        if quote is None or not exports.any():
            continue
        price = book.long_run(quote) / 1000.0
        least = (sold or {}).get(material, 0.0 * exports)
        if price > 0:
            found.append(
                Exposure(
                    material=material,
                    volume=np.maximum(exports, least),
                    long_run=price,
                    own_cost=own_cost * price,
                    suppliers=_suppliers(case, material, covered),
                )
            )
    return tuple(found)


def _suppliers(case: Case, material: str, covered: set[str]) -> tuple[str, ...]:
    his = (
        offer.supplier
        for offer in case.offers
        if offer.material == material and covered & {offer.country, *offer.origin.values()}
    )
    return tuple(dict.fromkeys(his))


def _exports(case: Case, material: str, covered: set[str]) -> Array:
    """Add up what suppliers of some countries offer, by year of the case. [kt/year]"""
    total = np.zeros(len(case.horizon.years))
    for offer in case.offers:
        if offer.material == material and covered & {offer.country, *offer.origin.values()}:
            total = total + offer.offered / 1000.0
    return total


def attack_grid(
    exposures: Sequence[Exposure],
    *,
    first_year: int,
    starts: Sequence[int],
    depths: Sequence[float] = DEPTHS,
    lengths: Sequence[int] = LENGTHS,
) -> tuple[Attack, ...]:
    r"""List attacks, the cheapest first.

    .. math:: cost = h \sum_{y=a}^{a+D-1} V_y

    with depth h [USD/kg] and volume V [kt/year]. Where the price is already near his own cost he
    gives up less than this; the budget counts the whole. The grid does not depend on the budget,
    so that more money never buys less.

    Parameters
    ----------
    exposures
        What he sells.
    first_year
        Of the volumes. [calendar year]
    starts
        First years tried. [calendar year]
    depths
        Shares of the way from the long-run price to his own cost. [fraction]
    lengths
        Durations tried. [year]

    Examples
    --------
    >>> ore = Exposure("ore", np.full(10, 2.0), long_run=50.0, own_cost=10.0)
    >>> [(a.depth, a.years, a.cost) for a in attack_grid([ore], first_year=2025, starts=[2026],
    ...     depths=[0.5, 1.0], lengths=[1, 2])]
    [(20.0, 1, 40.0), (40.0, 1, 80.0), (20.0, 2, 80.0), (40.0, 2, 160.0)]
    """
    found = []
    for one in exposures:
        room = one.long_run - one.own_cost
        for start in starts:
            for length in lengths:
                begin = start - first_year
                sold = float(one.volume[begin : begin + length].sum())
                if begin + length > len(one.volume) or sold <= 0:
                    continue
                for part in depths:
                    depth = part * room
                    found.append(Attack(one.material, depth, start, length, depth * sold))
    return tuple(sorted(found, key=lambda a: (a.cost, a.material, a.from_year, a.years, a.depth)))
