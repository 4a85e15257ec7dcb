"""The loop of one chain: its branches on all draws, its measures, and what makes it wide."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.loop import measures
from coercivity.alignment.loop.curves import Curve, Serve, area_between, curve_of, mean_of
from coercivity.alignment.loop.measures import HalfLoss
from coercivity.alignment.loop.relays import Array, Relays
from coercivity.alignment.loop.sweep import Branch, Reach, Standing, Ways, everywhere
from coercivity.alignment.loop.terms import (
    DUMPING_YEARS,
    SUPPORT_YEARS,
    half_loss_by_years,
    kept_after,
)

BEYOND = 2.0
"""The highest field over the one at which nearly all that can come has come."""
NEARLY = 0.98
"""Part of what any support can bring that counts as nearly all. [fraction]"""
LEAST_FIELD = 1.0
"""Highest field where support brings nobody. [money/kg of key product]"""
CLOSINGS = ("scrapped", "kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The chain in which relays stand."""

    serve: Serve
    reach: Reach
    stages: tuple[str, ...]
    """At which it may be dumped."""
    deepest: Mapping[str, float]
    """Dumping at which products of each stage would be given away. [money/kg of key product]"""

    def ways(self, relays: Relays, highest: float) -> Ways:
        """Give the ways of the field through the chain.

        Parameters
        ----------
        relays
            Plants.
        highest
            Highest field. [money/kg of key product]
        """
        return Ways(relays=relays, highest=highest, deepest=self.deepest, reach=self.reach)


@dataclass(frozen=True, slots=True)
class Band:
    """A branch on all draws."""

    mean: Curve
    draws: tuple[Curve, ...]

    def quantile(self, share: float, fields: Array, *, of: str = "magnetisation") -> Array:
        """Give a percentile of the draws at some fields. [fraction]

        Parameters
        ----------
        share
            Share of draws at or below it. [fraction]
        fields
            Where. [money/kg of key product]
        of
            ``accepted`` or ``magnetisation``.
        """
        table = np.array([one.at(fields, of=of) for one in self.draws])
        return np.asarray(np.quantile(table, share, axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One loop, for one belief in support."""

    highest: float
    """Highest field. [money/kg of key product]"""
    saturating: float
    """Field at which nearly all that can come has come. [money/kg of key product]"""
    down: Mapping[str, Band]
    """Falling branch, by stage of the dumping."""
    virgin: Band
    """From today up."""
    up: Mapping[str, Band]
    """Rising branch after dumping at the weakest stage, by closing."""
    weakest: str | None
    """Stage at which least dumping halves what is served; None where none does."""
    half_loss: Mapping[str, HalfLoss]
    """By stage."""
    unsettled: int
    """Intervals in which plants did not settle."""
    top: Standing
    """What runs at the highest field at planned values."""

    @property
    def drawn_stage(self) -> str:
        """Stage whose dumping the picture shows."""
        return self.weakest or next(iter(self.down))

    @property
    def falling(self) -> Band:
        """Falling branch of the picture."""
        return self.down[self.drawn_stage]


def highest_field(relays: Relays, serve: Serve) -> float:
    """Give a field well above that at which nearly all that can come has come. [money/kg]

    Parameters
    ----------
    relays
        Plants at planned values.
    serve
        Of the chain.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        needs = np.where(relays.enter <= 0, 0.0, relays.enter / relays.paid)
    come = np.unique(needs[np.isfinite(needs)])
    if not come.size:
        return LEAST_FIELD
    whole = serve(needs <= come[-1]).accepted
    enough = next(h for h in come if serve(needs <= h).accepted >= NEARLY * whole - 1e-9)
    return max(_round_up(BEYOND * float(enough)), LEAST_FIELD)


def _round_up(value: float) -> float:
    """Round up to two digits.

    Examples
    --------
    >>> _round_up(123.4), _round_up(0.0)
    (130.0, 0.0)
    """
    if value <= 0:
        return 0.0
    unit = 10 ** (math.floor(math.log10(value)) - 1)
    return float(math.ceil(value / unit - 1e-9) * unit)


def find_loop(
    central: Relays,
    drawn: Sequence[Relays],
    ground: Ground,
    *,
    highest: float | None = None,
    tell: Callable[[float], None] = lambda _: None,
) -> Loop:
    """Move the field over all draws and take the measures of the mean.

    Parameters
    ----------
    central
        Plants at planned values.
    drawn
        Plants of each draw; empty takes planned values alone.
    ground
        The chain.
    highest
        Highest field; found from planned values unless given. [money/kg of key product]
    tell
        Is told the share of the work that is done.
    """
    top = highest_field(central, ground.serve) if highest is None else highest
    ways = [ground.ways(relays, top) for relays in (tuple(drawn) or (central,))]
    virgin, falls = [], dict[str, list[Branch]]()
    for number, way in enumerate(ways):
        virgin.append(way.virgin())
        for stage in ground.stages:
            falls.setdefault(stage, []).append(way.down(virgin[-1].end.on, stage))
        tell((number + 1) / len(ways))
    down = {stage: _band(falls[stage], ground.serve) for stage in ground.stages}
    half = {stage: _half_loss(down[stage], ground.deepest[stage]) for stage in ground.stages}
    weakest = weakest_stage(half)
    shown = weakest or ground.stages[0]
    rises = {
        closing: [
            way.up(fall.end, shown, scrapped=closing == "scrapped")
            for way, fall in zip(ways, falls[shown], strict=True)
        ]
        for closing in CLOSINGS
    }
    risen = _band(virgin, ground.serve)
    every = [*virgin, *falls[shown], *(branch for way in rises.values() for branch in way)]
    return Loop(
        highest=top,
        saturating=_saturating(risen.mean),
        down=down,
        virgin=risen,
        up={closing: _band(found, ground.serve) for closing, found in rises.items()},
        weakest=weakest,
        half_loss=half,
        unsettled=sum(branch.unsettled for branch in every),
        top=ground.ways(central, top).virgin().end,
    )


def _saturating(virgin: Curve) -> float:
    """Give the field at which nearly all has come that comes at the highest."""
    enough = virgin.accepted >= NEARLY * virgin.accepted[-1] - 1e-12
    return float(virgin.edges[int(np.argmax(enough))])


def _band(found: Sequence[Branch], serve: Serve) -> Band:
    curves = tuple(curve_of(branch, serve) for branch in found)
    return Band(mean_of(curves), curves)


def _half_loss(band: Band, deepest: float) -> HalfLoss:
    each = [measures.half_loss(curve) for curve in band.draws]
    return measures.with_interval(measures.half_loss(band.mean), each, deepest=deepest)


def weakest_stage(half: Mapping[str, HalfLoss]) -> str | None:
    """Name the stage at which least dumping halves what is served; None where none does.

    Parameters
    ----------
    half
        By stage.
    """
    lost = {s: h.depth for s, h in half.items() if h.depth is not None and not h.censored}
    return min(lost, key=lambda s: (lost[s], s)) if lost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """What makes the loop wide: its area with all, with sunk cost alone, with coordination alone.

    Areas are of the branch after all that stopped was scrapped. [money/kg of key product]
    """

    whole: float
    sunk_cost: float
    """Every plant taken by itself."""
    coordination: float
    """Nothing sunk, so that plants open where they stop."""
    kept: float
    """With all, but nothing that stopped scrapped."""


def width_of(relays: Relays, ground: Ground, *, stage: str, highest: float) -> Width:
    """Measure how much of a loop's width is sunk cost, and how much that plants need each other.

    Parameters
    ----------
    relays
        Plants at planned values.
    ground
        The chain.
    stage
        At which it is dumped.
    highest
        Highest field. [money/kg of key product]
    """
    even = np.minimum(np.maximum(relays.stop, 0.0), relays.enter)
    flat = replace(relays, enter=even, restart=even, stop=even)
    alone = replace(ground, reach=everywhere)

    def area(of: Relays, where: Ground, closing: str) -> float:
        ways = where.ways(of, highest)
        down = ways.down(ways.virgin().end.on, stage)
        up = ways.up(down.end, stage, scrapped=closing == "scrapped")
        return area_between(curve_of(down, ground.serve), curve_of(up, ground.serve))

    return Width(
        whole=area(relays, ground, "scrapped"),
        sunk_cost=area(relays, alone, "scrapped"),
        coordination=area(flat, ground, "scrapped"),
        kept=area(relays, ground, "kept"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InTime:
    """What limited support leaves, and what limited dumping takes."""

    held_for: Mapping[float, tuple[float, float, float]]
    """Share kept after support of so many years: mean, p10, p90. [fraction]"""
    halves: Mapping[float, HalfLoss]
    """Depth of dumping at the weakest stage that halves it, by years of dumping."""


def in_time(
    loop: Loop,
    central: Relays,
    drawn: Sequence[Relays],
    ground: Ground,
    *,
    rates: Array,
    leads: Array,
) -> InTime:
    """Tell what support for some years leaves, and how deep dumping for some years must be.

    Parameters
    ----------
    loop
        The loop for good.
    central, drawn
        Plants at planned values, and of each draw.
    ground
        The chain.
    rates
        Of return of each plant. [1/year]
    leads
        From decision to first output of each plant. [year]
    """
    stage, every = loop.drawn_stage, tuple(drawn) or (central,)
    most = [float(curve.accepted[-1]) for curve in loop.falling.draws]
    held = {}
    for years in SUPPORT_YEARS:
        shares = [
            kept_after(
                relays,
                rates=rates, leads=leads, years=years, stage=stage, field=loop.highest,
                serve=ground.serve, reach=ground.reach,
            )
            for relays in every
        ]  # fmt: skip
        kept = [share / full for share, full in zip(shares, most, strict=True) if full > 0]
        if kept:
            held[years] = (float(sum(shares) / sum(most)), *measures.spread(kept))
    halves = half_loss_by_years(
        central,
        loop.top,
        rates=rates, stage=stage, lowest=-ground.deepest[stage], highest=loop.highest,
        serve=ground.serve, reach=ground.reach, years=DUMPING_YEARS,
    )  # fmt: skip
    return InTime(held_for=held, halves=halves)
