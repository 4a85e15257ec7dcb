"""Replications in batches: drawn by name and number, run one by one, on any number of threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coercivity.finance.compiled import Array, over_paths
from coercivity.resilience.simulation.claims import claims_of
from coercivity.resilience.simulation.layout import USES, Layout, Places
from coercivity.resilience.simulation.month import replicate
from coercivity.resilience.simulation.policies import POLICIES, USUAL, Policy
from coercivity.resilience.simulation.state import Lost, Rules, Seen, State, empty_state
from coercivity.uncertainty.disruptions import (
    Losses,
    Scheduled,
    drawn_by_month,
    with_scheduled,
)
from coercivity.uncertainty.sampling_events import EventRule

BATCH = 1024
"""Replications that are drawn and kept together. [count]"""
LEAST_DEMAND_ELASTICITY = -1e-3


@dataclass(frozen=True, slots=True)
class Elasticity:
    """How users and outside suppliers of a material answer to its price."""

    material: str
    demand: float
    """Below 0. [ratio]"""
    supply: float
    """At least 0. [ratio]"""
    lag: int
    """Until supply answers. [month]"""


@dataclass(frozen=True, slots=True)
class Surge:
    """A segment that wants more, or less, for some months."""

    segment: str
    factor: float
    """On what it asks for. [fraction]"""
    first: int
    """First month, counted from 1. [month]"""
    months: int


@dataclass(frozen=True, slots=True)
class PriceShock:
    """A price that is higher from outside for some months; users take less of it."""

    material: str
    factor: float
    """On the price. [fraction]"""
    first: int
    """First month, counted from 1. [month]"""
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is simulated: the chain, what may happen to it, and what is done then."""

    layout: Layout
    rules: tuple[EventRule, ...] = ()
    scheduled: tuple[Scheduled, ...] = ()
    surges: tuple[Surge, ...] = ()
    shocks: tuple[PriceShock, ...] = ()
    elasticities: tuple[Elasticity, ...] = ()
    policy: Policy = field(default_factory=lambda: POLICIES[USUAL])
    months: int
    """Length of a replication. [month]"""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What is seen of some replications; rows are replications, columns months."""

    short: Array
    """By replication, segment and month, what the plan leaves short included. [t]"""
    cover: Array
    """By replication, segment and month. [day]"""
    price: Array
    """By replication, material and month; relative to the plan. [fraction]"""


def wanted_by_month(trial: Trial) -> Array:
    r"""Give what each demand asks for as a share of its plan, by month. [fraction]

    A surge multiplies; under a price shock of factor :math:`\phi` a demand asks for
    :math:`\phi^{\epsilon_d}` of what the plan serves it with from that material.
    """
    chain = trial.layout.chain
    factors = np.ones((len(chain.demands), trial.months))
    for surge in trial.surges:
        months = slice(surge.first - 1, surge.first - 1 + surge.months)
        for place, one in enumerate(chain.demands):
            if one.segment == surge.segment:
                factors[place, months] *= surge.factor
    known = {one.material: one for one in trial.elasticities}
    for shock in trial.shocks:
        months = slice(shock.first - 1, shock.first - 1 + shock.months)
        less = 1 - shock.factor ** known[shock.material].demand
        for place, part in enumerate(_share_of(trial, shock.material)):
            factors[place, months] *= 1 - part * less
    return factors


def _share_of(trial: Trial, material: str) -> list[float]:
    """Give the share of each demand that the plan serves with a material. [fraction]"""
    served: dict[object, float] = {}
    for move in trial.layout.chain.moves:
        if move.kind == "service" and any(node[1] == material for node in move.inputs):
            end = next(iter(move.outputs))
            served[end] = served.get(end, 0.0) + move.planned
    return [
        min(1.0, served.get(one.node, 0.0) / one.planned) if one.planned > 0 else 0.0
        for one in trial.layout.chain.demands
    ]


def used_by_month(trial: Trial, factors: Array) -> Array:
    """Give what is used of each priced material when nothing is lost. [t/month]"""
    chain, names = trial.layout.chain, trial.layout.materials
    places = {one.node: place for place, one in enumerate(chain.demands)}
    used = np.zeros((len(names), trial.months))
    for move in chain.moves:
        if move.kind in USES:
            factor = (
                factors[places[next(iter(move.outputs))]]
                if move.kind == "service"
                else np.ones(trial.months)
            )
            for node, amount in move.inputs.items():
                if node[1] in names:
                    used[names.index(node[1])] += move.planned * amount * factor
    return used


def goes_on(layout: Layout, losses: Losses, *, count: int, months: int) -> tuple[Array, Places]:
    """Give what is left of every limit that is hit, and the row of each limit.

    Losses of a plant itself, its project and its country compound; of country and material of an
    outside supplier the larger one holds, for both may be names of one thing.
    """
    rows, places = [np.ones((count, months))], list[int]()
    for limit in layout.limits:
        hit = [losses[one] for one in limit.own if one in losses]
        widest = [losses[one] for one in limit.widest if one in losses]
        if not hit and not widest:
            places.append(0)
            continue
        left = np.ones((count, months))
        for lost in hit:
            left = left * (1 - lost)
        if widest:
            left = left * (1 - np.maximum.reduce(widest))
        places.append(len(rows))
        rows.append(left)
    return np.ascontiguousarray(np.stack(rows, axis=1)), np.array(places, dtype=np.uint32)


def rules_of(trial: Trial) -> Rules:
    """Give the loop its numbers: those of the policy, and elasticities by material."""
    by_name = {one.material: one for one in trial.elasticities}
    known = [by_name[name] for name in trial.layout.materials]
    numbers = trial.policy.numbers()
    return Rules(
        rated=numbers["rated"],
        reserve=numbers["reserve"],
        refill=numbers["refill"],
        search=numbers["search"],
        levels=trial.layout.levels,
        start=trial.layout.net.start if trial.policy.restart else _never(trial.layout),
        demand_elasticity=np.array([min(one.demand, LEAST_DEMAND_ELASTICITY) for one in known]),
        supply_elasticity=np.array([one.supply for one in known]),
        lag=np.array([float(one.lag) for one in known]),
        claims=claims_of(trial.layout),
    )


def _never(layout: Layout) -> Array:
    """Let no plant start that stands still. [month]"""
    return np.where(layout.net.start > 0, np.inf, 0.0)


def run_batch(trial: Trial, *, first: int, count: int, workers: int | None = None) -> Batch:
    """Run some replications.

    Parameters
    ----------
    trial
        What is simulated.
    first, count
        First replication, counted from 0, and number of them.
    workers
        Threads; None takes the processors. The bits do not depend on it.
    """
    rules, lost, seen = set_up(trial, first=first, count=count)

    def work(begin: int, end: int) -> None:
        replicate(trial.layout.net, state_of(trial), rules, lost, seen, (begin, end))

    over_paths(work, count, workers=workers)
    short = seen.short + never_served(trial, wanted_by_month(trial))
    return Batch(short, seen.cover, seen.price)


def set_up(trial: Trial, *, first: int, count: int) -> tuple[Rules, Lost, Seen]:
    """Draw what happens in some replications, and make room for what will be seen of them."""
    layout, months = trial.layout, trial.months
    drawn = drawn_by_month(trial.rules, months=months, first=first, count=count, seed=trial.seed)
    losses = with_scheduled(drawn, trial.scheduled, months=months, count=count)
    left, hit = goes_on(layout, losses, count=count, months=months)
    factors = wanted_by_month(trial)
    planned = np.array([one.planned for one in layout.chain.demands])
    lost = Lost(left, hit, planned[:, None] * factors, used_by_month(trial, factors))
    seen = Seen(
        np.zeros((count, len(layout.segments), months)),
        np.zeros((count, len(layout.segments), months)),
        np.ones((count, len(layout.materials), months)),
    )
    return rules_of(trial), lost, seen


def state_of(trial: Trial) -> State:
    """Make room for one replication at a time."""
    layout = trial.layout
    return empty_state(
        layout.net, levels=layout.levels, months=trial.months, materials=len(layout.materials)
    )


def never_served(trial: Trial, factors: Array) -> Array:
    """Give what the plan itself leaves short, by segment and month. [t]"""
    layout = trial.layout
    found = np.zeros((len(layout.segments), trial.months))
    for one, factor in zip(layout.chain.demands, factors, strict=True):
        found[layout.segments.index(one.segment)] += (one.amount - one.planned) * factor
    return found


def planned_shortfall(trial: Trial) -> Mapping[str, float]:
    """Give what is short by segment over all months when nothing is lost. [t]"""
    found = never_served(trial, wanted_by_month(trial)).sum(axis=1)
    return dict(zip(trial.layout.segments, found.tolist(), strict=True))


def demand_by_month(trial: Trial) -> Array:
    """Give what each segment asks for, by month. [t]"""
    layout, factors = trial.layout, wanted_by_month(trial)
    found = np.zeros((len(layout.segments), trial.months))
    for one, factor in zip(layout.chain.demands, factors, strict=True):
        found[layout.segments.index(one.segment)] += one.amount * factor
    return found


def batches(replications: int) -> Iterator[tuple[int, int]]:
    """List first replication and count of every batch.

    Examples
    --------
    >>> list(batches(2100))
    [(0, 1024), (1024, 1024), (2048, 52)]
    """
    for first in range(0, replications, BATCH):
        yield first, min(BATCH, replications - first)


def joined(parts: Sequence[Batch]) -> Batch:
    """Join batches in their order."""
    return Batch(
        np.concatenate([one.short for one in parts]),
        np.concatenate([one.cover for one in parts]),
        np.concatenate([one.price for one in parts]),
    )
