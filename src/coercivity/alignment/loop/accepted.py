"""The chain of a plan as far as a class accepts it: plants, suppliers and what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from coercivity.alignment.loop.chain import Asked, Chain, Step
from coercivity.alignment.loop.equivalents import leads_to_demand
from coercivity.alignment.loop.plants import LoopPlant, Planned
from coercivity.chain import Case
from coercivity.chain.origin import ANY
from coercivity.chain.plants import Asset
from coercivity.chain.processes import Mode
from coercivity.dispatch.classes import ClassBook
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted

ALL = "all"
"""Stands for every segment together."""
WITHOUT_LIMIT = 1e5
"""Stands for an offer without limit. [kt/year]"""

Kept = Mapping[tuple[str, str], float]
"""By country and product, the part of what is made there that serves the demand of the case."""


def segment_asked(case: Case, segment: str | None) -> str:
    """Say which segment is looked at: the one asked for, or every one together.

    Parameters
    ----------
    case
        The case.
    segment
        Asked for; None or ``all`` takes every segment together.

    Raises
    ------
    UsageError
        If no demand has it.
    """
    known = tuple(dict.fromkeys(d.segment for d in case.demands.values() if d.segment))
    if segment is None:
        return ALL
    if segment != ALL and segment not in known:
        near = suggestion(segment, (*known, ALL), listed_in="segments.csv")
        msg = f"--segment: no demand has the segment {quoted(segment)}. {near}  [{UsageError.code}]"
        raise UsageError(msg)
    return segment


def class_asked(case: Case, segment: str, name: str | None) -> str:
    """Say which class counts as accepted.

    It is the one asked for; or the one that the segment asks for, or any demand does; or the widest
    one that has a name.

    Parameters
    ----------
    case
        The case.
    segment
        Segment that is looked at.
    name
        Asked for.

    Raises
    ------
    UsageError
        If there is no such class, or none at all.
    """
    named = [one for one in case.origin.classes if one != ANY]
    if not named:
        msg = (
            "the case has no origin classes, so nothing tells accepted supply from other supply. "
            f"Add origin_classes and origin_rules.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    if name is not None:
        if name not in named:
            near = suggestion(name, named, listed_in="origin_classes.csv")
            msg = f"--class: {quoted(name)} is not an origin class. {near}  [{UsageError.code}]"
            raise UsageError(msg)
        return name
    own = [d.origin_class for d in case.demands.values() if d.segment == segment]
    asked = own + [d.origin_class for d in case.demands.values()]
    return next((one for one in asked if one != ANY), named[-1])


def accepted_chain(
    case: Case,
    planned: Planned,
    plants: Sequence[LoopPlant],
    *,
    segment: str,
    origin_class: str,
    kept: Kept,
) -> Chain:
    """Gather what may serve a segment in a class.

    A plant runs at most as the plan runs it in that year. Of what is made abroad that part serves
    the case that does so in the plan. What is recycled counts by its site, and never exceeds the
    plan. Suppliers outside the loop whose goods are of the class offer what they offer.

    Parameters
    ----------
    case
        The case.
    planned
        What the plan decided.
    plants
        Of the loop.
    segment
        Whose demand is served; ``all`` for every one.
    origin_class
        Accepted, or better.
    kept
        Part of foreign output that serves the case.
    """
    period = int(case.horizon.period_of_year[_place(case, planned.year)])
    segments = {d.segment for d in case.demands.values() if d.segment}
    book = ClassBook(case, [(name, origin_class) for name in sorted(segments)])
    way = leads_to_demand(case)
    ran = _ran(case, planned)
    used = {asset for asset, _ in ran}
    steps = tuple(
        _step(case, case.assets[asset], mode, way, kept)
        for asset in sorted(used)
        for mode in case.processes[case.assets[asset].process].modes
        if _runs(mode, planned.year)
        and book.may_run(case.assets[asset], mode, origin_class)[period]
    )
    brought = [_capacity(case, plant.activity) for plant in plants]
    owned = {name for table in brought for name in table}
    total = _capacity(case, ran)
    return Chain(
        steps=steps,
        always={name: amount for name, amount in total.items() if name not in owned},
        by_relay=brought,
        offers=_offers(case, book, planned.year, period, origin_class, way),
        asked=_asked(case, planned.year, segment),
        others=_others(case, book, planned.year, period, origin_class, segment),
    )


def _place(case: Case, year: int) -> int:
    return min(max(year - case.horizon.first_year, 0), len(case.horizon.years) - 1)


def _ran(case: Case, planned: Planned) -> dict[tuple[str, str], float]:
    place = _place(case, planned.year)
    amounts = {key: float(series[place]) / 1000 for key, series in planned.activity.items()}
    return {key: amount for key, amount in amounts.items() if amount > 0}


def _runs(mode: Mode, year: int) -> bool:
    return (mode.first_year or year) <= year <= (mode.last_year or year)


def _capacity(case: Case, activity: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Give the capacity that some activity takes, by asset. [kt/year]"""
    found: dict[str, float] = {}
    for (asset, name), amount in activity.items():
        modes = case.processes[case.assets[asset].process].modes
        use = next(mode.capacity_use for mode in modes if mode.name == name)
        found[asset] = found.get(asset, 0.0) + use * amount
    return found


def _step(case: Case, asset: Asset, mode: Mode, way: Collection[str], kept: Kept) -> Step:
    process, country = case.processes[asset.process], case.sites[asset.site].country
    takes = {} if process.origin_at_site else dict(mode.inputs)
    return Step(
        plant=asset.id,
        use=mode.capacity_use,
        takes={m: amount for m, amount in takes.items() if case.carries_origin(m)},
        makes={
            m: amount * kept.get((country, m), 1.0)
            for m, amount in mode.outputs.items()
            if m in way
        },
    )


def _offers(
    case: Case, book: ClassBook, year: int, period: int, name: str, way: Collection[str]
) -> dict[str, float]:
    found: dict[str, float] = {}
    rank = case.origin.rank
    for offer in case.offers:
        if offer.material not in way:
            continue
        best = book.of_supply(offer.material, offer.country, offer.origin)[period]
        if rank(best) <= rank(name):
            amount = min(float(offer.offered[_place(case, year)]) / 1000, WITHOUT_LIMIT)
            found[offer.material] = found.get(offer.material, 0.0) + amount
    return {material: amount for material, amount in found.items() if amount > 0}


def _asked(case: Case, year: int, segment: str) -> tuple[Asked, ...]:
    place = _place(case, year)
    return tuple(
        Asked(
            id=demand.id,
            amount=float(demand.amount[place]) / 1000,
            served_by={
                one.material: one.amount
                for one in demand.alternatives
                if (one.first_year or year) <= year
            },
        )
        for demand in case.demands.values()
        if segment in (ALL, demand.segment) and demand.amount[place] > 0
    )


def _others(case: Case, book: ClassBook, year: int, period: int, name: str, segment: str) -> float:
    """Give the part of the demand that suppliers not accepted could serve at most."""
    place, rank = _place(case, year), case.origin.rank
    offered: dict[str, float] = {}
    for offer in case.offers:
        best = book.of_supply(offer.material, offer.country, offer.origin)[period]
        if rank(best) > rank(name):
            amount = min(float(offer.offered[place]) / 1000, WITHOUT_LIMIT)
            offered[offer.material] = offered.get(offer.material, 0.0) + amount
    asked = _asked(case, year, segment)
    served = 0.0
    for one in asked:
        left = one.amount
        for material, amount in one.served_by.items():
            taken = min(left, offered.get(material, 0.0) / amount)
            offered[material] = offered.get(material, 0.0) - taken * amount
            served, left = served + taken, left - taken
    total = sum(one.amount for one in asked)
    return float(np.clip(served / total, 0.0, 1.0)) if total > 0 else 0.0
