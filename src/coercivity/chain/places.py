"""Countries, sites and the selectors that name them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Country:
    """A country and the group it belongs to."""

    id: str
    name: str
    group: str
    """``domestic``, ``allied``, ``neutral`` or ``covered``."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place where something happens."""

    id: str
    name: str
    country: str
    kind: str
    """``plant``, ``pool``, ``market`` or ``port``."""
    lat: float | None = None
    """Latitude. [degree]"""
    lon: float | None = None
    """Longitude. [degree]"""


def great_circle_km(start: Site, end: Site) -> float | None:
    r"""Measure the great circle between two sites, None where a coordinate is missing.

    .. math::

        d = 2R \arcsin\sqrt{\sin^2\tfrac{\Delta\varphi}{2}
            + \cos\varphi_1\cos\varphi_2\sin^2\tfrac{\Delta\lambda}{2}}

    Returns
    -------
    float or None
        Distance. [km]

    Examples
    --------
    A quarter of the equator:

    >>> here, there = Site("a", "", "X", "plant", 0, 0), Site("b", "", "X", "plant", 0, 90)
    >>> print(f"{great_circle_km(here, there):.0f}")
    10008
    """
    if start.lat is None or start.lon is None or end.lat is None or end.lon is None:
        return None
    first, second = math.radians(start.lat), math.radians(end.lat)
    half_lat = (second - first) / 2
    half_lon = math.radians(end.lon - start.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(first) * math.cos(second) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def _matches_all(parts: Iterable[str], site: Site, country: Country) -> bool:
    names = {site.id, site.country, country.group, f"kind:{site.kind}"}
    return all(part.strip() in names for part in parts)


def select_sites(
    selector: Sequence[Sequence[str]],
    sites: Mapping[str, Site],
    countries: Mapping[str, Country],
) -> frozenset[str]:
    """Find the sites a selector names.

    A selector is a list of alternatives, each a list of names that must all hold.

    Examples
    --------
    >>> sites = {"mp": Site("mp", "", "USA", "plant"), "usa": Site("usa", "", "USA", "pool")}
    >>> countries = {"USA": Country("USA", "", "domestic")}
    >>> sorted(select_sites([["kind:plant", "USA"]], sites, countries))
    ['mp']
    >>> sorted(select_sites([["domestic"]], sites, countries))
    ['mp', 'usa']
    """
    return frozenset(
        site.id
        for site in sites.values()
        if any(_matches_all(parts, site, countries[site.country]) for parts in selector)
    )


def sites_of_row(
    site: str | None, country: str | None, sites: Mapping[str, Site]
) -> tuple[str, ...]:
    """Find where a supplier, buyer or demand stands.

    Examples
    --------
    With a pool, a country means its pool:

    >>> sites = {"mp": Site("mp", "", "USA", "plant"), "usa": Site("usa", "", "USA", "pool")}
    >>> sites_of_row(None, "USA", sites)
    ('usa',)
    >>> sites_of_row(None, None, sites)
    ('mp', 'usa')
    """
    if site is not None:
        return (site,)
    if country is None:
        return tuple(sites)
    inside = [s for s in sites.values() if s.country == country]
    pools = tuple(s.id for s in inside if s.kind == "pool")
    return pools or tuple(s.id for s in inside)
