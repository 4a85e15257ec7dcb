"""Flat maps: projections, base maps that come with the program, and places on them.

Base maps are projected once, when they are made (``tools/vendor.py``), and sites by the same
functions here, so a chart option holds plain numbers and no program.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Point = tuple[float, float]
"""Place on the flat map, to the right and up. [map unit]"""

WORLD_CENTRE = -116.0
"""Longitude in the middle of the world map; the edge then cuts few countries. [degree]"""

DISCLAIMER = "Boundaries are schematic and imply no opinion on the legal status of any territory."

EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
"""Coefficients of the projection by Šavrič, Patterson and Jenny (2018), equation 3."""


def wrapped(longitude: float) -> float:
    """Bring a longitude between -180 and 180. [degree]

    Examples
    --------
    >>> wrapped(190.0), wrapped(-180.0), wrapped(40.0)
    (-170.0, -180.0, 40.0)
    """
    return (longitude + 180.0) % 360.0 - 180.0


def equal_earth(longitude: float, latitude: float) -> Point:
    r"""Project a place to the Equal Earth world map.

    .. math::

        \sin\theta = \tfrac{\sqrt 3}{2}\sin\varphi, \qquad
        y = \theta \sum_k a_k \theta^{2k}, \qquad
        x = \frac{2\sqrt 3\,\lambda\cos\theta}{3\,\mathrm{d}y/\mathrm{d}\theta}

    with powers :math:`1, \theta^2, \theta^6, \theta^8`.

    Parameters
    ----------
    longitude
        From the middle of the map, :math:`\lambda`; subtract `WORLD_CENTRE` first. [degree]
    latitude
        North positive, :math:`\varphi`. [degree]

    Returns
    -------
    tuple of float
        Place on a sphere of radius 100. [map unit]

    References
    ----------
    Šavrič, Patterson and Jenny (2018), *International Journal of Geographical Information
    Science* 33(3), 454–465.

    Examples
    --------
    >>> equal_earth(0.0, 0.0)
    (0.0, 0.0)
    >>> x, y = equal_earth(180.0, 0.0)
    >>> print(f"{x:.1f} {y:.1f}")
    270.7 0.0
    """
    first, second, third, fourth = EQUAL_EARTH
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    height = theta * (first + second * square + sixth * (third + fourth * square))
    slope = first + 3 * second * square + sixth * (7 * third + 9 * fourth * square)
    width = 2 * math.sqrt(3) / 3 * math.radians(longitude) * math.cos(theta) / slope
    return 100 * width, 100 * height


@dataclass(frozen=True, slots=True)
class Albers:
    """An equal-area conic projection with two standard parallels, as a function of a place."""

    parallels: tuple[float, float]
    """Standard parallels. [degree]"""
    origin: tuple[float, float]
    """Longitude and latitude that land on ``at``. [degree]"""
    scale: float = 1.0
    """Size relative to the main part of the map."""
    at: Point = (0.0, 0.0)
    """Where the origin is put. [map unit]"""

    def __call__(self, longitude: float, latitude: float) -> Point:
        r"""Project a place.

        .. math::

            n = \tfrac12(\sin\varphi_1 + \sin\varphi_2), \quad
            \rho = \frac{\sqrt{\cos^2\varphi_1 + 2n\sin\varphi_1 - 2n\sin\varphi}}{n}, \quad
            x = \rho\sin n\lambda, \; y = \rho_0 - \rho\cos n\lambda

        References
        ----------
        Snyder (1987), *Map Projections*, U.S. Geological Survey Professional Paper 1395,
        equations 14-1 to 14-6.
        """
        low, high = (math.sin(math.radians(p)) for p in self.parallels)
        cone = (low + high) / 2
        constant = 1 - low * low + 2 * cone * low

        def radius(angle: float) -> float:
            inside = constant - 2 * cone * math.sin(math.radians(angle))
            return math.sqrt(max(inside, 0.0)) / cone

        turned = cone * math.radians(wrapped(longitude - self.origin[0]))
        length = radius(latitude)
        unit = 100 * self.scale
        return (
            self.at[0] + unit * length * math.sin(turned),
            self.at[1] + unit * (radius(self.origin[1]) - length * math.cos(turned)),
        )


CONTIGUOUS = Albers((29.5, 45.5), (-96.6, 38.7))
ALASKA = Albers((55.0, 65.0), (-152.0, 63.0), scale=0.35, at=(-32.5, -18.5))
HAWAII = Albers((8.0, 18.0), (-157.3, 20.5), at=(-16.0, -21.5))


def albers_usa(longitude: float, latitude: float) -> Point | None:
    """Project a place in the fifty states; Alaska and Hawaii are set below the others.

    Returns None for a place elsewhere.

    Examples
    --------
    >>> x, y = albers_usa(-96.6, 38.7)
    >>> print(f"{abs(x):.1f} {abs(y):.1f}")
    0.0 0.0
    >>> albers_usa(139.7, 35.7) is None
    True
    """
    place = wrapped(longitude)
    if latitude > 50.5 and (place < -129.9 or place > 170.0):
        return ALASKA(place, latitude)
    if 18.0 < latitude < 23.0 and -161.0 < place < -154.0:
        return HAWAII(place, latitude)
    if 24.0 < latitude < 50.0 and -125.5 < place < -66.5:
        return CONTIGUOUS(place, latitude)
    return None


def world_place(longitude: float, latitude: float) -> Point | None:
    """Project a place to the world map that comes with the program.

    Examples
    --------
    >>> x, y = world_place(-116.0, 0.0)
    >>> print(f"{x:.1f} {y:.1f}")
    0.0 0.0
    """
    return equal_earth(wrapped(longitude - WORLD_CENTRE), latitude)


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A base map that comes with the program."""

    name: str
    """Name under which a chart option refers to it."""
    bounds: tuple[Point, Point]
    """Lower left and upper right corner of what is shown. [map unit]"""
    project: Callable[[float, float], Point | None]
    """From longitude and latitude to a place on it; None where it does not show the place."""

    def scale(self, width: float) -> float:
        """Pixels per map unit when it is drawn this wide. [px/map unit]"""
        (left, _), (right, _) = self.bounds
        return width / (right - left)

    def height(self, width: float) -> float:
        """Height when it is drawn this wide. [px]"""
        (_, low), (_, high) = self.bounds
        return self.scale(width) * (high - low)


UNITED_STATES = BaseMap("united-states", ((-46.5, -26.0), (38.5, 24.0)), albers_usa)
WORLD = BaseMap("world", ((-262.0, -104.0), (262.0, 133.0)), world_place)
BASE_MAPS = {base.name: base for base in (UNITED_STATES, WORLD)}


@cache
def base_map_text(name: str) -> str:
    """Read a base map as GeoJSON text, for ECharts to register under its name.

    Examples
    --------
    >>> base_map_text("world")[:27]
    '{"type":"FeatureCollection"'
    """
    file = files("coercivity.views") / "vendored" / f"{BASE_MAPS[name].name}.json"
    return file.read_text(encoding="utf-8")


def base_map_shapes(name: str) -> dict[str, Any]:
    """Read a base map as a GeoJSON object."""
    shapes: dict[str, Any] = json.loads(base_map_text(name))
    return shapes
