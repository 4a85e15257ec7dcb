"""The plants of a project in one year: who feeds whom, what is left to sell, what is bought."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from coercivity.chain.plants import Asset
from coercivity.chain.processes import Mode, Process

UNLIMITED = float("inf")


@dataclass(frozen=True, slots=True)
class Plant:
    """An asset of a project with the modes in which it may run."""

    asset: Asset
    own_feed: tuple[Mode, ...]
    """Modes that take what the project makes; they run first, as far as that goes. In order."""
    fed: frozenset[str]
    """What it takes that the project makes itself."""
    reference: Mode
    """The mode in which its nameplate is counted; it takes the rest of the capacity."""


@dataclass(slots=True)
class YearBook:
    """What the plants of a project do in a year."""

    activity: dict[tuple[str, str], float] = field(default_factory=dict)
    """By asset and mode. [t/year]"""
    net: dict[str, float] = field(default_factory=dict)
    """Made less taken of each material; negative is bought. [t/year]"""


def plants_of(assets: Sequence[Asset], processes: Mapping[str, Process]) -> tuple[Plant, ...]:
    """Order the plants of a project from the first step to the last.

    Parameters
    ----------
    assets
        Of the project.
    processes
        Of the case.
    """
    made = {
        material
        for asset in assets
        for mode in processes[asset.process].modes
        for material in mode.outputs
    }
    plants = [_plant(asset, processes[asset.process], made) for asset in assets]
    return tuple(_upstream_first(plants))


def _plant(asset: Asset, process: Process, made: Collection[str]) -> Plant:
    named = [m for m in process.modes if m.reference_material == process.reference_material]
    reference = (named or list(process.modes))[0]
    own = tuple(mode for mode in process.modes if any(m in made for m in mode.inputs))
    first = tuple(mode for mode in own if mode is reference)
    fed = frozenset(m for mode in own for m in mode.inputs if m in made)
    return Plant(asset, (*first, *(m for m in own if m is not reference)), fed, reference)


def _upstream_first(plants: Sequence[Plant]) -> list[Plant]:
    """Put each plant after those that feed it; in a circle the order of the table stands."""
    waiting, ordered = list(plants), []
    while waiting:
        ready = [p for p in waiting if not any(_feeds(q, p) for q in waiting if q is not p)]
        chosen = (ready or waiting)[0]
        ordered.append(chosen)
        waiting.remove(chosen)
    return ordered


def _feeds(giver: Plant, taker: Plant) -> bool:
    given = {m for mode in (*giver.own_feed, giver.reference) for m in mode.outputs}
    return any(m in given for mode in (*taker.own_feed, taker.reference) for m in mode.inputs)


def run_plants(
    plants: Sequence[Plant],
    capacity: Mapping[str, float],
    *,
    sold: Collection[tuple[str, str]],
    bought: Collection[tuple[str, str]],
) -> YearBook:
    """Run every plant at its capacity, as far as it is fed and its product is wanted.

    A plant none of whose products can be sold makes what the next plant takes, no more. A plant
    first takes what the project makes itself, then buys for its reference mode; what cannot be
    bought is a limit. Whether running pays is not asked here.

    Parameters
    ----------
    plants
        Upstream first.
    capacity
        By asset, availability taken off. [t/year of capacity]
    sold, bought
        Pairs of site and material for which there is a way out of the project, or into it.

    Returns
    -------
    YearBook
        Activity, and what is left of each material.
    """
    book = YearBook()
    wanted = _wanted(plants, capacity, sold)
    for plant in plants:
        left = wanted[plant.asset.id]
        closed = {
            m for m in (*plant.reference.inputs, *plant.fed) if (plant.asset.site, m) not in bought
        }
        for mode in plant.own_feed:
            left -= _run(book, plant, mode, left, limited=set(mode.inputs) & (closed | plant.fed))
        _run(book, plant, plant.reference, left, limited=set(plant.reference.inputs) & closed)
    return book


def _run(book: YearBook, plant: Plant, mode: Mode, left: float, *, limited: set[str]) -> float:
    """Run a mode within the capacity left, and give the capacity it takes."""
    most = left / mode.capacity_use
    for material in limited:
        most = min(most, max(book.net.get(material, 0.0), 0.0) / mode.inputs[material])
    if not (most > 0 and most < UNLIMITED):
        return 0.0
    key = (plant.asset.id, mode.name)
    book.activity[key] = book.activity.get(key, 0.0) + most
    for material, amount in mode.outputs.items():
        book.net[material] = book.net.get(material, 0.0) + amount * most
    for material, amount in mode.inputs.items():
        book.net[material] = book.net.get(material, 0.0) - amount * most
    return most * mode.capacity_use


def _wanted(
    plants: Sequence[Plant], capacity: Mapping[str, float], sold: Collection[tuple[str, str]]
) -> dict[str, float]:
    """Give how much of its capacity each plant is asked to use, from the last step up."""
    wanted: dict[str, float] = {}
    needed: dict[str, float] = {}
    for plant in reversed(plants):
        mode, most = plant.reference, capacity.get(plant.asset.id, 0.0)
        outlet = any((plant.asset.site, m) in sold for m in mode.outputs)
        if not outlet:
            pulled = [needed.get(m, 0.0) / amount for m, amount in mode.outputs.items() if amount]
            most = min(most, max(pulled, default=0.0) * mode.capacity_use)
        wanted[plant.asset.id] = most
        for takes in (*plant.own_feed, mode)[:1]:
            for material, amount in takes.inputs.items():
                needed[material] = needed.get(material, 0.0) + amount * most / takes.capacity_use
    return wanted
