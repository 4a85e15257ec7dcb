"""The package that may flee from doubt: more money at signing, less support that may lapse.

The curve of a project holds obligated money at the amount of the zero-doubt package, so that doubt
in one promise is told apart from a change of instrument. Here grants, loans and guarantees may also
go up to their caps, one step after the other, and running support shrinks to what is still needed.
The cheapest of these ways and of the one that was held counts, so it never costs more than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from coercivity.alignment.doubt.clocks import Clock
from coercivity.alignment.doubt.curve import Curve, factor_for
from coercivity.alignment.doubt.support import Carried, runs
from coercivity.alignment.package.bench import Bench, Levels
from coercivity.alignment.package.measure import Measure
from coercivity.finance.compiled import Array

STEPS: tuple[tuple[str, ...], ...] = (("grant",), ("grant", "loan"), ("grant", "loan", "guarantee"))
"""Kinds that go up to their caps together; of loans the cheapest."""
HELD = "held"
HALVINGS = 4
"""Of the last step of the search for running support that is enough."""
FAR = 3.0
"""A way this much dearer than the cheapest is not looked at under more doubt. [ratio]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """The cheapest way at one believed hazard."""

    way: str
    """`HELD`, or the kinds that went up to their caps."""
    meant: Array
    """Public cost of each path if the promise never lapses. [million, real]"""


@dataclass(slots=True)
class WaysOut:
    """Ways that are still looked at, on the way from little doubt to more."""

    ways: dict[str, Carried]
    starts: dict[str, float] = field(default_factory=dict)
    """Factor of running support at which each way was enough without doubt. [ratio]"""
    believed: dict[str, Freed | None] = field(default_factory=dict)
    """Each way where support always pays: the same for every kind of promise."""


def ways_out(carried: Carried, bench: Bench, levels: Levels) -> WaysOut:
    """List packages with more obligated money in place of some running support.

    Parameters
    ----------
    carried
        The zero-doubt package.
    bench
        The project with its columns, never doubted.
    levels
        Of the zero-doubt package. [fraction]
    """
    found: dict[str, Carried] = {}
    if not carried.running:
        return WaysOut(found)
    known = {levels}
    for kinds in STEPS:
        raised = bench.fits(_raised(bench, levels, kinds))
        if raised not in known:
            known.add(raised)
            obligated = tuple(one for one in bench.given(raised) if not runs(one))
            found[" and ".join(kinds)] = replace(carried, obligated=obligated)
    return WaysOut(found)


def _raised(bench: Bench, levels: Levels, kinds: Sequence[str]) -> Levels:
    """Take kinds up to what their caps and those of their groups leave, the others as they are."""
    raised = list(levels)
    for kind in kinds:
        places = [k for k, column in enumerate(bench.columns) if column.kind == kind]
        for place in places[:1]:
            column = bench.columns[place]
            room = [
                bench.limits[group]
                - sum(raised[k] for k, one in enumerate(bench.columns) if group in one.groups)
                for group in column.groups
                if group in bench.limits
            ]
            most = min([column.most, *(raised[place] + left for left in room)])
            raised[place] = max(raised[place], most)
    return tuple(raised)


def freed(
    curve: Curve,
    out: WaysOut,
    clock: Clock,
    hazards: Sequence[float],
    measure: Measure = Measure.MEAN,
) -> tuple[Freed | None, ...]:
    """Give the cheapest way at each hazard; None where none is enough.

    Ways that cost more than `FAR` times the cheapest are not looked at under more doubt, those that
    are not enough neither.

    Parameters
    ----------
    curve
        With obligated money held.
    out
        Of `ways_out`; what is found without doubt is kept in it for the next kind of promise.
    clock
        Of the project.
    hazards
        Of the points of the curve. [1/year]
    measure
        Of public cost.
    """
    starts = dict.fromkeys(out.ways, 1.0) | out.starts
    kept = list(out.ways)
    found: list[Freed | None] = []
    for hazard, held in zip(hazards, curve.points, strict=True):
        pays = clock.pays(curve.kind, hazard)
        certain = bool((pays == 1.0).all())
        tried: dict[str, Freed | None] = {}
        for name in kept:
            if certain and name in out.believed:
                tried[name] = out.believed[name]
                continue
            factor = factor_for(out.ways[name], pays, start=starts[name], halvings=HALVINGS)
            cost = None if factor is None else out.ways[name].cost(np.ones_like(pays), factor)
            tried[name] = None if cost is None else Freed(way=name, meant=cost)
            starts[name] = starts[name] if factor is None else factor
            if certain:
                out.believed[name] = tried[name]
                out.starts[name] = starts[name]
        known = [one for one in tried.values() if one is not None]
        if held is not None:
            known.append(Freed(way=HELD, meant=held.meant))
        best = min(known, key=lambda one: measure.of(one.meant), default=None)
        found.append(best)
        kept = [] if best is None else _near(tried, best, measure)
    return tuple(found)


def _near(tried: Mapping[str, Freed | None], best: Freed, measure: Measure) -> list[str]:
    """Name the ways that may still be the cheapest under more doubt."""
    most = measure.of(best.meant)
    most += (FAR - 1) * abs(most)
    return [
        name for name, one in tried.items() if one is not None and measure.of(one.meant) <= most
    ]
