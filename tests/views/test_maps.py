from __future__ import annotations

import hashlib
import json
import math
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.views.maps import (
    BASE_MAPS,
    CONTIGUOUS,
    Point,
    albers_usa,
    base_map_shapes,
    equal_earth,
    world_place,
    wrapped,
)

longitudes = st.floats(-180, 180)
latitudes = st.floats(-89, 89)
CITIES = {
    "Colorado": (-104.99, 39.74),
    "Florida": (-81.38, 28.54),
    "Alaska": (-149.90, 61.22),
    "Hawaii": (-155.43, 19.60),
    "Maine": (-69.78, 45.3),
}
COUNTRIES = {
    "Australia": (133.9, -25.0),
    "Brazil": (-47.9, -15.8),
    "China": (104.1, 35.0),
    "Kazakhstan": (71.4, 48.5),
    "United States of America": (-98.0, 39.0),
}


def inside(point: Point, ring: list[list[float]]) -> bool:
    """Tell by the crossings of a ray whether a ring goes around a point."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


def holder(base: str, point: Point) -> list[str]:
    return [
        feature["properties"]["name"]
        for feature in base_map_shapes(base)["features"]
        if any(inside(point, part[0]) for part in feature["geometry"]["coordinates"])
    ]


@pytest.mark.parametrize("state", CITIES)
def test_a_place_lands_in_its_state(state: str) -> None:
    point = albers_usa(*CITIES[state])
    assert point is not None
    assert holder("united-states", point) == [state]


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_place_lands_in_its_country(country: str) -> None:
    point = world_place(*COUNTRIES[country])
    assert point is not None
    assert holder("world", point) == [country]


def area(project: object, longitude: float, latitude: float, step: float = 1e-4) -> float:
    """Measure how much larger than on the sphere a small square is drawn."""
    assert callable(project)
    x0, y0 = project(longitude, latitude)
    x1, y1 = project(longitude + step, latitude)
    x2, y2 = project(longitude, latitude + step)
    drawn = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
    return float(drawn / (math.radians(step) ** 2 * math.cos(math.radians(latitude))))


@given(st.floats(-170, 170), st.floats(-80, 80))
def test_the_world_map_keeps_areas(longitude: float, latitude: float) -> None:
    assert area(equal_earth, longitude, latitude) == pytest.approx(1e4, rel=2e-3)


@given(st.floats(-124, -67), st.floats(25, 49))
def test_the_map_of_the_states_keeps_areas(longitude: float, latitude: float) -> None:
    assert area(CONTIGUOUS, longitude, latitude) == pytest.approx(1e4, rel=2e-3)


@given(longitudes, latitudes)
def test_places_on_the_world_map_are_inside_it(longitude: float, latitude: float) -> None:
    point = world_place(longitude, latitude)
    assert point is not None
    assert -271 < point[0] < 271
    assert -132 < point[1] < 132


@given(st.floats(-1000, 1000))
def test_a_longitude_is_wrapped_by_whole_turns(longitude: float) -> None:
    turns = (longitude - wrapped(longitude)) / 360
    assert turns == pytest.approx(round(turns), abs=1e-9)
    assert -180 <= wrapped(longitude) <= 180


@pytest.mark.parametrize("name", BASE_MAPS)
def test_shapes_fill_the_map_and_stay_in_it(name: str) -> None:
    (left, low), (right, high) = BASE_MAPS[name].bounds
    parts = [p for f in base_map_shapes(name)["features"] for p in f["geometry"]["coordinates"]]
    corners = [corner for part in parts for ring in part for corner in ring]
    assert all(left <= x <= right and low <= y <= high for x, y in corners)
    assert max(x for x, _ in corners) - min(x for x, _ in corners) > 0.9 * (right - left)


def test_every_vendored_file_is_the_one_listed() -> None:
    folder = files("coercivity.views") / "vendored"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        content = (folder / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert entry["version"]
        assert entry["licence"]
        assert all((folder / name).is_file() for name in entry["licence_files"])
    assert {entry["file"] for entry in manifest["files"]} == {
        "echarts.min.js",
        "htmx.min.js",
        "united-states.json",
        "world.json",
    }
