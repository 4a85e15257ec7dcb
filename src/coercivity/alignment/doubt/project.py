"""The doubts of one project in every kind of promise that may carry its package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coercivity.alignment.doubt.clocks import Clock
from coercivity.alignment.doubt.curve import HAZARDS, Curve, curve_of
from coercivity.alignment.doubt.free import Freed, freed, ways_out
from coercivity.alignment.doubt.support import Carried, carried_by, never_doubted
from coercivity.alignment.package.aligned import Aligned
from coercivity.alignment.package.bench import Levels
from coercivity.alignment.package.measure import Measure, cost_of
from coercivity.alignment.package.search import trimmed
from coercivity.alignment.package.starts import everything
from coercivity.finance.political_will import PromiseKind
from coercivity.finance.projects.position import Position

OBLIGATED = "obligated"
"""Kind that is safe up to its amount, whatever is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A project that needs running support, under every doubt."""

    project: str
    levels: Levels
    """Of the zero-doubt package. [fraction]"""
    cost: float
    """Of the zero-doubt package, which all doubts are compared with. [million, real]"""
    carried: Carried
    curves: dict[str, Curve]
    """By kind of promise."""
    free: dict[str, tuple[Freed | None, ...]]
    """By kind of promise, one for each point of its curve."""


def doubt_of(
    aligned: Aligned,
    position: Position,
    kinds: dict[str, PromiseKind],
    *,
    seed: int,
    measure: Measure = Measure.MEAN,
    hazards: Sequence[float] = HAZARDS,
) -> Doubted | None:
    """Cut the package to what full belief needs, then raise it under each doubt.

    Parameters
    ----------
    aligned
        The project with its package.
    position
        It, on the paths on which acceptance was asked.
    kinds
        Of promises of the case.
    seed
        With which it was drawn.
    measure
        Of public cost.
    hazards
        Believed. [1/year]

    Returns
    -------
    Doubted or None
        None where no package is needed, or none is enough even if it is fully believed.
    """
    if not any(aligned.levels) and aligned.failing is None:
        return None
    bench = never_doubted(aligned.check)
    enough = next((one for one in (aligned.levels, *everything(bench)) if bench.agrees(one)), None)
    if enough is None:
        return None
    levels = trimmed(bench, enough, measure)
    carried = carried_by(bench, bench.given(levels), product=aligned.menu.product)
    clock = Clock.of(position, kinds, seed=seed)
    curves = {name: curve_of(carried, clock, name, hazards) for name in kinds if name != OBLIGATED}
    ways = ways_out(carried, bench, levels)
    return Doubted(
        project=aligned.project,
        levels=levels,
        cost=cost_of(bench, levels, measure),
        carried=carried,
        curves=curves,
        free={name: freed(one, ways, clock, hazards, measure) for name, one in curves.items()},
    )
