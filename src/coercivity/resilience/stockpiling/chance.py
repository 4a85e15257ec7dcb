"""What is spent only if an emergency comes counts with the chance that it comes."""

from __future__ import annotations

from dataclasses import replace

from coercivity.chain import Case
from coercivity.chain.processes import Process
from coercivity.chain.trade import Demand

PILE = "stockpile:"
"""Begins the ids of stocks and sellers of the stockpile; no id of a case has a colon."""


def at_chance(case: Case, chance: float) -> Case:
    """Multiply every price of operation by a chance; stock, its keeping and plants keep theirs.

    Parameters
    ----------
    case
        A case in which only the emergency is operated.
    chance
        That it comes. [fraction]
    """
    return replace(
        case,
        assets={
            asset.id: replace(asset, variable_cost=asset.variable_cost * chance)
            for asset in case.assets.values()
        },
        processes={name: _process(one, chance) for name, one in case.processes.items()},
        lanes=tuple(
            replace(lane, cost=lane.cost * chance, tariff=lane.tariff * chance)
            for lane in case.lanes
        ),
        offers=tuple(
            offer if offer.supplier.startswith(PILE) else replace(offer, price=offer.price * chance)
            for offer in case.offers
        ),
        takers=tuple(replace(taker, price=taker.price * chance) for taker in case.takers),
        demands={name: _demand(one, chance) for name, one in case.demands.items()},
    )


def _process(process: Process, chance: float) -> Process:
    modes = (replace(m, variable_cost=m.variable_cost * chance) for m in process.modes)
    return replace(process, modes=tuple(modes))


def _demand(demand: Demand, chance: float) -> Demand:
    ways = (replace(way, extra_cost=way.extra_cost * chance) for way in demand.alternatives)
    return replace(demand, alternatives=tuple(ways))
