"""Which material can move where: explicit links, rules, and what is worth moving."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from coercivity.chain.processes import Mode

Node = tuple[str, str]
"""A site and a material."""


@dataclass(frozen=True, slots=True)
class Way:
    """A directed way that may carry some materials (None = whatever fits)."""

    name: str
    start: str
    end: str
    materials: frozenset[str] | None
    link: str | None
    """The explicit link; None for a rule."""

    def carries(self, material: str) -> bool:
        """Tell whether the way may carry a material."""
        return self.materials is None or material in self.materials


@dataclass(slots=True)
class Landscape:
    """Everything that makes or takes material at sites, before anything is decided."""

    sources: set[Node] = field(default_factory=set)
    """Where material comes from outside or lies at the start."""
    sinks: set[Node] = field(default_factory=set)
    """Where material is asked for, sold or kept."""
    modes: list[tuple[str, Mode, bool]] = field(default_factory=list)
    """Site, mode and whether something obliges it to run."""
    ways: list[Way] = field(default_factory=list)
    closed: dict[tuple[str, str], list[frozenset[str] | None]] = field(default_factory=dict)
    """Materials that rules forbid between two sites (None = all)."""
    fixed_only: frozenset[str] = frozenset()
    """Materials that move on explicit links only."""
    explicit: set[tuple[str, str, str]] = field(default_factory=set)
    """Start, end and material served by an explicit link that names the material."""

    def opens(self, way: Way, material: str) -> bool:
        """Tell whether a way is open to a material, links winning over rules."""
        if not way.carries(material):
            return False
        if way.link is not None:
            return True
        if material in self.fixed_only or (way.start, way.end, material) in self.explicit:
            return False
        bans = self.closed.get((way.start, way.end), ())
        return not any(ban is None or material in ban for ban in bans)


def reachable(landscape: Landscape) -> set[Node]:
    """Find where each material can come to be, by supply, production or transport."""
    found: set[Node] = set()
    outgoing = _by_site(landscape.ways, at_start=True)
    consumers = _modes_by_input(landscape.modes)
    queue: deque[Node] = deque(landscape.sources)
    for site, mode, _ in landscape.modes:
        if not mode.inputs:
            queue.extend((site, material) for material in mode.outputs)
    while queue:
        node = queue.popleft()
        if node in found:
            continue
        found.add(node)
        site, material = node
        for way in outgoing.get(site, ()):
            if landscape.opens(way, material):
                queue.append((way.end, material))
        for mode in consumers.get(node, ()):
            if all((site, needed) in found for needed in mode.inputs):
                queue.extend((site, made) for made in mode.outputs)
    return found


def useful(landscape: Landscape) -> set[Node]:
    """Find where each material is of use: sold, asked for, kept, used up or moved on."""
    found: set[Node] = set()
    incoming = _by_site(landscape.ways, at_start=False)
    makers: dict[Node, list[Mode]] = {}
    queue: deque[Node] = deque(landscape.sinks)
    for site, mode, obliged in landscape.modes:
        for made in mode.outputs:
            makers.setdefault((site, made), []).append(mode)
        if obliged or not mode.outputs:
            queue.extend((site, needed) for needed in mode.inputs)
    while queue:
        node = queue.popleft()
        if node in found:
            continue
        found.add(node)
        site, material = node
        for way in incoming.get(site, ()):
            if landscape.opens(way, material):
                queue.append((way.start, material))
        for mode in makers.get(node, ()):
            queue.extend((site, needed) for needed in mode.inputs)
    return found


def open_ways(
    landscape: Landscape, sources: set[Node], uses: set[Node]
) -> Iterator[tuple[Way, str]]:
    """List every way and material with something to move and somewhere it is of use."""
    at_site: dict[str, list[str]] = {}
    for site, material in sorted(sources):
        at_site.setdefault(site, []).append(material)
    for way in landscape.ways:
        for material in at_site.get(way.start, ()):
            if (way.end, material) in uses and landscape.opens(way, material):
                yield way, material


def _by_site(ways: Iterable[Way], *, at_start: bool) -> Mapping[str, list[Way]]:
    found: dict[str, list[Way]] = {}
    for way in ways:
        found.setdefault(way.start if at_start else way.end, []).append(way)
    return found


def _modes_by_input(modes: Iterable[tuple[str, Mode, bool]]) -> Mapping[Node, list[Mode]]:
    found: dict[Node, list[Mode]] = {}
    for site, mode, _ in modes:
        for needed in mode.inputs:
            found.setdefault((site, needed), []).append(mode)
    return found
