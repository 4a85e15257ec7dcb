"""The case: every noun of the chain, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from coercivity.chain.origin import OriginRules
from coercivity.chain.places import Country, Site
from coercivity.chain.plants import Asset, Option
from coercivity.chain.processes import Material, Process
from coercivity.chain.trade import (
    Demand,
    Lane,
    Limit,
    Link,
    Offer,
    Stock,
    Taker,
    Target,
)
from coercivity.foundation.periods import Horizon


@dataclass(frozen=True)
class Case:
    """A chain with its markets, demands and rules, ready to be planned."""

    name: str
    title: str
    currency: str
    price_year: int | None
    perspective: str | None
    report_until: int
    """Last year that is reported and for which targets hold. [calendar year]"""
    horizon: Horizon
    countries: Mapping[str, Country]
    sites: Mapping[str, Site]
    materials: Mapping[str, Material]
    processes: Mapping[str, Process]
    assets: Mapping[str, Asset]
    """Assets that can be dispatched; observed and closed ones are left out."""
    options: Mapping[str, Option]
    links: Mapping[str, Link]
    lanes: tuple[Lane, ...]
    offers: tuple[Offer, ...]
    takers: tuple[Taker, ...]
    demands: Mapping[str, Demand]
    stocks: Mapping[str, Stock]
    limits: tuple[Limit, ...]
    targets: tuple[Target, ...]
    origin: OriginRules
    stage_order: Mapping[str, int]
    sources: frozenset[tuple[str, str]]
    """Site and material pairs at which the material can come to be."""
    uses: frozenset[tuple[str, str]]
    """Site and material pairs at which the material is of use."""

    @cached_property
    def options_of(self) -> Mapping[str, tuple[Option, ...]]:
        """Options by the asset or link they enlarge."""
        found: dict[str, tuple[Option, ...]] = {}
        for option in self.options.values():
            found[option.adds_to] = (*found.get(option.adds_to, ()), option)
        return found

    @cached_property
    def priced_disposal(self) -> frozenset[str]:
        """Materials for which the case states a disposal price."""
        return frozenset(taker.material for taker in self.takers if (taker.price < 0).any())

    @cached_property
    def tracks_elements(self) -> bool:
        """Whether any material has a composition."""
        return any(material.contents for material in self.materials.values())

    def carries_origin(self, material: str) -> bool:
        """Tell whether a material passes its origin on.

        Materials with tracked elements do; in a case without compositions every material does.
        """
        return not self.tracks_elements or bool(self.materials[material].contents)

    def group_of_site(self, site: str) -> str:
        """Give the country group of a site."""
        return self.countries[self.sites[site].country].group

    def period_years(self, period: int) -> tuple[int, ...]:
        """Give the years of a period."""
        return tuple(range(self.horizon.boundaries[period], self.horizon.boundaries[period + 1]))
