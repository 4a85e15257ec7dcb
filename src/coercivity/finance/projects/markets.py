"""What of a by-product finds a buyer, at what price, and what the rest costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.finance.compiled import Array


@dataclass(frozen=True, slots=True)
class Outlet:
    """How a project sells a material."""

    share: Array
    """Part that finds a buyer, by year. [fraction]"""
    realisation: float
    """Price got over the benchmark. [fraction]"""
    freight: float
    """To the nearest place outside the project. [USD/kg]"""
    disposal: float
    """Cost of what is not sold. [USD/kg]"""


def outlet_of(
    case: Case, material: str, *, site: str, made: Array, benchmark: float, place: int
) -> Outlet:
    """Say how a project sells a material.

    What a plant of the case takes or a demand asks for sells in full at the benchmark. A mere
    by-product sells as far as the buyers of the plant's country go (of all countries, where it
    has none), dearest first, at what they pay; the rest is disposed of.

    Parameters
    ----------
    case
        The case.
    material
        What is sold.
    site
        Where it is made.
    made
        By year of the project, as planned. [kt/year]
    benchmark
        Long-run price that buyers' prices are compared with. [case money/t]
    place
        Place in series of the case, of the year whose buyers count.
    """
    freight = _freight(case, site, material, place)
    disposal = _disposal(case, material, place)
    wanted = {m for p in case.processes.values() for mode in p.modes for m in mode.inputs}
    wanted |= {one.material for d in case.demands.values() for one in d.alternatives}
    if material in wanted:
        return Outlet(np.ones(len(made)), 1.0, freight, disposal)
    steps = _buyers(case, material, case.sites[site].country, place)
    market = sum(most for _, most in steps) / 1000
    share = np.minimum(1.0, np.divide(market, made, out=np.ones(len(made)), where=made > 0))
    paid = _mean_price(steps, float(made.max(initial=0.0)) * 1000)
    realisation = paid / benchmark if benchmark > 0 and paid > 0 else 1.0
    return Outlet(np.asarray(share), realisation, freight, disposal)


def _buyers(case: Case, material: str, country: str, place: int) -> list[tuple[float, float]]:
    """List price and tonnes of the buyers' steps, dearest first."""
    known = [t for t in case.takers if t.material == material and t.price[place] > 0]
    near = [taker for taker in known if taker.country == country]
    steps = [(float(t.price[place]), float(t.most[place])) for t in near or known]
    return sorted(steps, reverse=True)


def _mean_price(steps: list[tuple[float, float]], tonnes: float) -> float:
    """Give the mean price of so many tonnes, sold to the dearest first."""
    left, money, sold = tonnes, 0.0, 0.0
    for price, most in steps:
        taken = min(left, most)
        money, sold, left = money + price * taken, sold + taken, left - taken
    return money / sold if sold > 0 else 0.0


def _freight(case: Case, site: str, material: str, place: int) -> float:
    costs = [
        float(lane.cost[place])
        for lane in case.lanes
        if lane.start == site and lane.material == material and lane.open[place] > 0
    ]
    return min(costs, default=0.0) / 1000


def freight_in(case: Case, site: str, material: str, *, place: int) -> float:
    """Give the least freight and duty at which a plant is supplied. [USD/kg]

    Parameters
    ----------
    case
        The case.
    site
        Of the plant.
    material
        What it buys.
    place
        Place in series of the case.
    """
    costs = [
        float(lane.cost[place] + lane.tariff[place])
        for lane in case.lanes
        if lane.end == site and lane.material == material and lane.open[place] > 0
    ]
    return min(costs, default=0.0) / 1000


def _disposal(case: Case, material: str, place: int) -> float:
    asked = [-float(t.price[place]) for t in case.takers if t.material == material]
    return max((cost for cost in asked if cost > 0), default=0.0) / 1000
