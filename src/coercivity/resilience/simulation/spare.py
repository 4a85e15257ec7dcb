"""Moves that the plan of the year does not make, but that could be made when others fail."""

from __future__ import annotations

from collections.abc import Iterator

from coercivity.resilience.simulation.leads import AT_ONCE
from coercivity.resilience.simulation.moves import Chain, Move, Node, Reader
from coercivity.resilience.simulation.standing import of_use, standing_moves


def with_spare(chain: Chain, reader: Reader) -> Chain:
    """Add the spare moves between nodes that the chain of the year has.

    These are: the other steps of suppliers at those nodes, open lanes between two of them,
    use in a worse class, and service of a demand by every material and class that it accepts.
    Plants that stand still the whole year can be started if a lead is stated for them; they, what
    feeds them and what carries away what they make are the only nodes added. No running plant
    runs another mode: it is no optimiser.
    """
    known, done = set(chain.nodes()), {(move.kind, move.name) for move in chain.moves}
    stood = standing_moves(chain, reader)
    wide = known.union(*(move.inputs for move in stood), *(move.outputs for move in stood))
    spare = [*_offers(reader, wide), *_lanes(reader, wide), *_worse(reader, wide)]
    spare += _services(reader, wide, chain)
    if stood:
        spare = of_use(spare, stood, known)
    added = [move for move in spare if (move.kind, move.name) not in done]
    return Chain(chain.year, [*chain.moves, *added], chain.demands, chain.stocks)


def _offers(reader: Reader, known: set[Node]) -> Iterator[Move]:
    for offer in reader.case.offers:
        if reader.mean(offer.offered) <= 0:
            continue
        cls = reader.classes.of_supply(offer.material, offer.country, offer.origin)[reader.period]
        for site in offer.sites:
            node = (site, offer.material, cls)
            if node in known:
                yield Move(
                    kind="offer", name=f"{offer.supplier}/{offer.step}/{site}/{cls}",
                    planned=0.0, inputs={}, outputs={node: 1.0},
                    limit=reader.offer(offer.supplier, offer.step),
                    cost=reader.mean(offer.price), lead=reader.leads.of_supplier(offer.supplier),
                )  # fmt: skip


def _lanes(reader: Reader, known: set[Node]) -> Iterator[Move]:
    for lane in reader.case.lanes:
        if reader.mean(lane.open) < 0.5:
            continue
        for cls in reader.classes.tracked[lane.material]:
            start, end = (lane.start, lane.material, cls), (lane.end, lane.material, cls)
            if start in known and end in known:
                yield Move(
                    kind="lane", name=f"{lane.id}/{lane.material}/{cls}", planned=0.0,
                    inputs={start: 1.0}, outputs={end: 1.0}, limit=reader.link(lane.link),
                    cost=reader.mean(lane.cost + lane.tariff),
                    lead=reader.leads.of_lane(lane.id, lane.link),
                )  # fmt: skip


def _worse(reader: Reader, known: set[Node]) -> Iterator[Move]:
    for site, material, better in sorted(known):
        classes = reader.classes.tracked.get(material, ())
        if better not in classes:
            continue
        for worse in classes[classes.index(better) + 1 :]:
            if (site, material, worse) in known:
                yield Move(
                    kind="worse", name=f"{site}/{material}/{better}", planned=0.0, lead=AT_ONCE,
                    inputs={(site, material, better): 1.0},
                    outputs={(site, material, worse): 1.0},
                )  # fmt: skip
                break


def _services(reader: Reader, known: set[Node], chain: Chain) -> Iterator[Move]:
    for wanted in chain.demands:
        demand = reader.case.demands[wanted.demand]
        for choice in demand.alternatives:
            if choice.first_year is not None and choice.first_year > chain.year:
                continue
            for site in demand.sites:
                for cls in reader.classes.accepted(choice.material, demand.origin_class):
                    node = (site, choice.material, cls)
                    if node in known:
                        yield Move(
                            kind="service", name=f"{demand.id}/{site}/{choice.material}/{cls}",
                            planned=0.0, lead=AT_ONCE, inputs={node: choice.amount},
                            outputs={wanted.node: 1.0}, cost=reader.mean(choice.extra_cost),
                        )  # fmt: skip
