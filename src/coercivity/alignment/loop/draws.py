"""Draws of the long-run price, of capital and of running cost, and the relays of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from coercivity.alignment.loop.plants import LoopPlant
from coercivity.alignment.loop.prices import Reference
from coercivity.alignment.loop.relays import Array, Relays
from coercivity.alignment.loop.thresholds import Acts, IndexLaw, Money, acts_of, certain_acts
from coercivity.finance.prices.links import PriceLink, margin_factor
from coercivity.finance.prices.processes import Quote
from coercivity.finance.technical import technical_risk
from coercivity.tables import CaseTables
from coercivity.uncertainty import log_spread, stream

CAPITAL = (0.6, 1.0, 1.8)
"""Factors on capital at which owners are asked; in between is interpolated."""
COST_SPREAD = 0.10
"""Standard deviation of the log running cost where no plant states a range: an assumption."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What is multiplied in one draw, or in none."""

    price: float
    """On all prices that move by themselves."""
    capital: Array
    """By plant."""
    cost: Array
    """By plant."""
    margins: Mapping[Quote, float] = field(default_factory=dict)
    """On margins between two prices; those that are missing stand as stated."""


def no_draw(count: int) -> Factors:
    """Leave everything as it is.

    Parameters
    ----------
    count
        Number of plants.
    """
    return Factors(1.0, np.ones(count), np.ones(count))


def draw_factors(
    tables: CaseTables, plants: Sequence[LoopPlant], *, reference: Reference, draws: int, seed: int
) -> tuple[Factors, ...]:
    """Draw long-run prices and margins, once for all plants, and capital and cost of each.

    The price is lognormal with the stated standard error of its level; margins are lognormal with
    the stated mean, by one number for a material at all its places; capital follows the law of
    overruns of its stage or project; running cost is lognormal, its stated range taken as eight
    draws in ten.

    Parameters
    ----------
    tables
        Of the case.
    plants
        Of the loop.
    reference
        Prices that hold while the field moves, and how uncertain they are.
    draws, seed
        How many, and the seed of all.
    """
    width = math.sqrt(math.log1p(reference.spread**2))
    price = np.exp(width * stream(seed, "loop", "price").standard_normal(draws) - width**2 / 2)
    capital = np.ones((draws, len(plants)))
    cost = np.ones((draws, len(plants)))
    for number, plant in enumerate(plants):
        shares = stream(seed, "loop", "capital", plant.name).random(draws)
        risk = technical_risk(tables, stage=plant.sinking.stage, project=plant.project)
        capital[:, number] = risk.overrun.at(shares)
        deviation = _cost_spread(tables, plant)
        normal = stream(seed, "loop", "cost", plant.name).standard_normal(draws)
        cost[:, number] = np.exp(deviation * normal)
    margins = _margins(reference.book.links, draws=draws, seed=seed)
    return tuple(
        Factors(float(price[n]), capital[n], cost[n], {q: float(f[n]) for q, f in margins.items()})
        for n in range(draws)
    )


def _margins(links: Iterable[PriceLink], *, draws: int, seed: int) -> dict[Quote, Array]:
    """Draw the factor on each uncertain margin. [1]"""
    return {
        link.quote: margin_factor(
            link.margin_spread,
            stream(seed, "loop", "margin", link.quote.material).standard_normal(draws),
        )
        for link in links
        if link.margin_spread > 0
    }


def _cost_spread(tables: CaseTables, plant: LoopPlant) -> float:
    """Give the standard deviation of the log cost: that of its assets' ranges, by activity."""
    found, weights = [], []
    for (asset, _), amount in plant.activity.items():
        row = tables["assets"].find(asset)
        names = ("variable_cost_low", "variable_cost_high")
        if row is None or not all(row.given(name) for name in names):
            continue
        low, high = (row.number(name) for name in names)
        if 0 < low < high:
            found.append(log_spread(low, high))
            weights.append(amount)
    return float(np.average(found, weights=weights)) if found else COST_SPREAD


@dataclass(frozen=True, slots=True)
class Owners:
    """When the owner of each plant acts, for a range of capital."""

    plants: tuple[LoopPlant, ...]
    by_capital: tuple[tuple[Acts, ...], ...]
    """By plant and factor of `CAPITAL`."""
    doubted: tuple[Acts, ...] | None = None
    """By plant, where support may end: at planned capital and reference prices."""


def ask_owners(plants: Sequence[LoopPlant], law: IndexLaw) -> Owners:
    """Ask each owner when he would act.

    Parameters
    ----------
    plants
        Of the loop.
    law
        Of the price index.
    """
    return Owners(
        tuple(plants),
        tuple(
            tuple(acts_of(law, replace(p.money, enter=f * p.money.enter)) for f in CAPITAL)
            for p in plants
        ),
    )


def ask_doubting(owners: Owners, law: IndexLaw, hazard: float) -> Owners:
    """Ask each owner when he would act if support may end for good at any time.

    Parameters
    ----------
    owners
        Asked already as if support were for good.
    law
        Of the price index.
    hazard
        Chance that it ends. [1/year]
    """
    found = tuple(acts_of(law, plant.money, hazard=hazard) for plant in owners.plants)
    return replace(owners, doubted=found)


def relays_of(owners: Owners, factors: Factors, weights: Mapping[str, float]) -> Relays:
    r"""Turn owners into relays for one draw: thresholds in support are those in margin less margin.

    Margins at which owners act grow with prices when capital and prices grow together, so with
    prices :math:`\ell` times and capital :math:`\varphi` times as high
    :math:`m^*(\ell, \varphi) = \ell\, m^*(1, \varphi/\ell)`; costs of switching move along.

    Parameters
    ----------
    owners
        Asked.
    factors
        Of the draw.
    weights
        Share of the field that each stage gets.
    """
    rows = [_row(owners, number, factors) for number in range(len(owners.plants))]
    table = np.maximum.accumulate(np.array(rows).reshape(-1, 3), axis=1)
    plants = owners.plants
    stages = dict.fromkeys(stage for plant in plants for stage in plant.exposed)
    return Relays(
        names=tuple(plant.name for plant in plants),
        stop=table[:, 0],
        restart=table[:, 1],
        enter=table[:, 2],
        paid=np.array(
            [sum(weights.get(s, 0.0) * kt for s, kt in plant.paid.items()) for plant in plants]
        ),
        exposed={s: np.array([plant.exposed.get(s, 0.0) for plant in plants]) for s in stages},
        standing=np.array([not plant.built for plant in plants], dtype=np.bool_),
    )


def _row(owners: Owners, number: int, factors: Factors) -> tuple[float, float, float]:
    """Give the support at which a plant stops, restarts and opens. [million/year]"""
    plant = owners.plants[number]
    money = moved(plant, factors, number)
    if plant.money.certain or money.certain:
        acts = certain_acts(money)
    else:
        acts = _interpolated(owners.by_capital[number], factors.price, factors.capital[number])
    found = np.array([acts.stop, acts.restart, acts.enter]) - money.margin
    if owners.doubted is not None:
        plain, doubted = owners.by_capital[number][1], owners.doubted[number]
        more = [getattr(doubted, n) - getattr(plain, n) for n in ("stop", "restart", "enter")]
        # A plant that needs no support does not mind whether it lasts.
        found = found + np.where(found > 0, np.maximum(more, 0.0), 0.0)
    return float(found[0]), float(found[1]), float(found[2])


def moved(plant: LoopPlant, factors: Factors, number: int) -> Money:
    """Give the money of a plant in a draw.

    Parameters
    ----------
    plant
        As planned.
    factors
        Of the draw.
    number
        Of the plant.
    """
    money = plant.money
    more = sum(
        gain * (factors.margins.get(quote, 1.0) - 1.0) for quote, gain in plant.margins.items()
    )
    return replace(
        money,
        moving=money.moving * factors.price,
        steady=money.steady + more,
        cost=money.cost * float(factors.cost[number]),
        enter=money.enter * float(factors.capital[number]),
    )


def _interpolated(acts: Sequence[Acts], price: float, capital: float) -> Acts:
    at = float(np.clip(capital / price, CAPITAL[0], None))
    beyond = max(at - CAPITAL[-1], 0.0)
    slope = (acts[-1].enter - acts[-2].enter) / (CAPITAL[-1] - CAPITAL[-2])
    enter = float(np.interp(at, CAPITAL, [one.enter for one in acts])) + beyond * slope
    restart = float(np.interp(at, CAPITAL, [one.restart for one in acts]))
    stop = float(np.interp(at, CAPITAL, [one.stop for one in acts]))
    return Acts(price * enter, price * restart, price * stop)
