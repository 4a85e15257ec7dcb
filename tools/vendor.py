"""Make the files under ``src/coercivity/views/vendored`` again from their published packages.

Run with ``python tools/vendor.py`` where ``npm`` and the Python packages ``topojson``,
``antimeridian`` and ``shapely`` are installed; ``--check`` compares instead of writing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import antimeridian
from shapely.geometry import MultiPolygon, Polygon, shape  # type: ignore[import-untyped]
from shapely.geometry.base import BaseGeometry  # type: ignore[import-untyped]
from topojson.utils import serialize_as_geojson

from coercivity.views.maps import (
    ALASKA,
    CONTIGUOUS,
    HAWAII,
    WORLD_CENTRE,
    Point,
    equal_earth,
    wrapped,
)

FOLDER = Path(__file__).resolve().parents[1] / "src" / "coercivity" / "views" / "vendored"
ISLANDS = {"02": ALASKA, "15": HAWAII}
TERRITORIES = {"60", "66", "69", "72", "78"}
POLAR = {"010"}
LONGEST_EDGE = 4.0
"""Edges are split at this length before they are projected. [degree]"""
SMALLEST = {"world": 0.4, "united-states": 0.02}
"""Parts of a shape below this area are left out. [map unit²]"""
DETAIL = {"world": 0.15, "united-states": 0.03}
"""Deviation allowed when shapes are made simpler. [map unit]"""


@dataclass(frozen=True, slots=True)
class Package:
    """A published package and what is taken from it."""

    name: str
    version: str
    licence: str
    data: str
    """Where its content comes from."""
    takes: str
    """File inside the package."""
    gives: str
    """File that is made."""
    legal: tuple[str, ...] = ("LICENSE",)
    """Licence files that go along."""


PACKAGES = (
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        "Apache ECharts, Apache Software Foundation",
        "dist/echarts.min.js",
        "echarts.min.js",
        ("LICENSE", "NOTICE"),
    ),
    Package(
        "us-atlas",
        "3.0.1",
        "ISC",
        "U.S. Census Bureau cartographic boundary files (public domain)",
        "states-10m.json",
        "united-states.json",
    ),
    Package(
        "world-atlas",
        "2.0.2",
        "ISC",
        "Natural Earth 4.1.0, 1:110m (public domain)",
        "countries-110m.json",
        "world.json",
    ),
    Package(
        "htmx.org",
        "4.0.1",
        "0BSD",
        "htmx, Big Sky Software",
        "dist/htmx.min.js",
        "htmx.min.js",
    ),
)


def packed(package: Package, folder: Path) -> Path:
    """Fetch a package with npm and unpack it; gives its folder."""
    called = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(called, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    target = folder / package.name
    with tarfile.open(folder / f"{package.name}-{package.version}.tgz") as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def features(file: Path, name: str) -> list[dict[str, Any]]:
    """Decode one object of a TopoJSON file."""
    topology = json.loads(file.read_text(encoding="utf-8"))
    collection = serialize_as_geojson(topology, objectname=name)  # type: ignore[no-untyped-call]
    if isinstance(collection, str):
        collection = json.loads(collection)
    found: list[dict[str, Any]] = collection["features"]
    return found


def states(file: Path) -> Iterator[tuple[str, BaseGeometry]]:
    """Give each state on the flat map."""
    for feature in features(file, "states"):
        if feature["id"] not in TERRITORIES:
            project = ISLANDS.get(feature["id"], CONTIGUOUS)
            yield feature["properties"]["name"], projected(shape(feature["geometry"]), project)


def countries(file: Path) -> Iterator[tuple[str, BaseGeometry]]:
    """Give each country on the flat map, cut at its edge."""
    for feature in features(file, "countries"):
        if feature.get("id") in POLAR:
            continue
        turned = mapped(shape(feature["geometry"]), lambda x, y: (wrapped(x - WORLD_CENTRE), y))
        cut = antimeridian.fix_shape(turned.__geo_interface__, fix_winding=True)
        split = shape(cut).segmentize(LONGEST_EDGE)
        yield feature["properties"]["name"], projected(split, equal_earth)


def projected(geometry: BaseGeometry, project: Callable[[float, float], Point]) -> BaseGeometry:
    """Project a shape."""
    return mapped(geometry, project)


def mapped(geometry: BaseGeometry, change: Callable[[float, float], Point]) -> BaseGeometry:
    """Change every place of a shape."""
    parts = [
        Polygon(
            [change(x, y) for x, y in part.exterior.coords],
            [[change(x, y) for x, y in ring.coords] for ring in part.interiors],
        )
        for part in polygons(geometry)
        if part.area > 0
    ]
    return MultiPolygon(parts)


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Give the polygons of a shape."""
    return list(geometry.geoms) if isinstance(geometry, MultiPolygon) else [geometry]


def collection(name: str, shapes: Iterator[tuple[str, BaseGeometry]]) -> bytes:
    """Write shapes as GeoJSON, the same bytes each time."""
    written = []
    for label, geometry in shapes:
        parts = sorted(polygons(geometry), key=lambda part: part.area, reverse=True)
        kept = [p for n, p in enumerate(parts) if n == 0 or p.area >= SMALLEST[name]]
        rings = [
            [rounded(ring) for ring in (part.exterior, *part.interiors)]
            for part in (p.simplify(DETAIL[name]) for p in kept)
            if not part.is_empty
        ]
        geometry_written = {"type": "MultiPolygon", "coordinates": rings}
        written.append(
            {"type": "Feature", "properties": {"name": label}, "geometry": geometry_written}
        )
    written.sort(key=lambda feature: str(feature["properties"]))
    whole = {"type": "FeatureCollection", "features": written}
    return (json.dumps(whole, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def rounded(ring: Any) -> list[list[float]]:  # noqa: ANN401
    """Give the places of a ring to two decimals."""
    return [[round(x, 2) + 0.0, round(y, 2) + 0.0] for x, y in ring.coords]


def make(folder: Path) -> dict[str, bytes]:
    """Make every vendored file, by its name."""
    made: dict[str, bytes] = {}
    entries = []
    for package in PACKAGES:
        source = packed(package, folder)
        taken = source / package.takes
        if package.gives == "united-states.json":
            content = collection("united-states", states(taken))
        elif package.gives == "world.json":
            content = collection("world", countries(taken))
        else:
            content = taken.read_bytes()
        made[package.gives] = content
        legal = {f"licences/{package.name}-{name}.txt": source / name for name in package.legal}
        made |= {name: file.read_bytes() for name, file in legal.items()}
        entries.append(
            {
                "file": package.gives,
                "package": package.name,
                "version": package.version,
                "from": f"https://www.npmjs.com/package/{package.name}/v/{package.version}",
                "taken": package.takes,
                "taken_sha256": digest(taken.read_bytes()),
                "licence": package.licence,
                "licence_files": sorted(legal),
                "data": package.data,
                "sha256": digest(content),
            }
        )
    manifest = {"made_by": "tools/vendor.py", "files": entries}
    made["manifest.json"] = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    return made


def digest(content: bytes) -> str:
    """Give the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder))
    if check:
        held = {name: FOLDER / name for name in made}
        wrong = [n for n, f in held.items() if not f.is_file() or f.read_bytes() != made[n]]
        sys.stdout.write("\n".join(f"differs: {name}" for name in wrong) + "\n" if wrong else "")
        return 1 if wrong else 0
    for name, content in made.items():
        target = FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
