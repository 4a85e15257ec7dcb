"""An adversary who sells nothing for some years, where he is relied on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.adversary.attacks import LENGTHS, Exposure
from coercivity.alignment.adversary.service import Served
from coercivity.finance.compiled import Array

SMALLEST = 1e-6
"""Losses below this are rounding of the solver. [fraction]"""
Withhold = Callable[[Mapping[str, Array]], Served]
"""Serves what can be served when suppliers withhold a share of what they offer by year."""


@dataclass(frozen=True, slots=True)
class Ban:
    """Products that are not sold for some years."""

    materials: tuple[str, ...]
    from_year: int
    years: int
    cost: float
    """Margin given up: long-run price less his own cost, on all he sells. [million, real]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BanResponse:
    """The ban that costs most of what is served while he sells."""

    base: Served
    """With all that he offers."""
    best: Ban | None
    """None where no ban within the budget takes anything."""
    served: Served
    """Under it."""
    tried: int


def ban_grid(
    exposures: Sequence[Exposure],
    *,
    first_year: int,
    starts: Sequence[int],
    lengths: Sequence[int] = LENGTHS,
) -> tuple[Ban, ...]:
    r"""List bans of each product by itself and of all together, the cheapest first.

    .. math:: cost = \sum_m (\bar P_m - c_m) \sum_{y=a}^{a+D-1} V_{m,y}

    Parameters
    ----------
    exposures
        What he sells.
    first_year
        Of the volumes. [calendar year]
    starts
        First years tried. [calendar year]
    lengths
        Durations tried. [year]

    Examples
    --------
    >>> ore = Exposure("ore", np.full(10, 2.0), 50.0, 10.0, ("seller",))
    >>> [(ban.materials, ban.years, ban.cost) for ban in
    ...     ban_grid([ore], first_year=2025, starts=[2026], lengths=[1, 2])]
    [(('ore',), 1, 80.0), (('ore',), 2, 160.0)]
    """
    named = [one for one in exposures if one.suppliers]
    groups = [[one] for one in named] + ([named] if len(named) > 1 else [])
    found = []
    for group in groups:
        for start in starts:
            for length in lengths:
                begin = start - first_year
                if begin + length > len(group[0].volume):
                    continue
                cost = sum(
                    (one.long_run - one.own_cost) * float(one.volume[begin : begin + length].sum())
                    for one in group
                )
                found.append(Ban(tuple(one.material for one in group), start, length, cost))
    return tuple(sorted(found, key=lambda b: (b.cost, b.materials, b.from_year, b.years)))


def best_ban(
    exposures: Sequence[Exposure],
    bans: Sequence[Ban],
    serve: Withhold,
    *,
    first_year: int,
    years: int,
) -> BanResponse:
    """Try bans and keep the one that takes most, the cheaper of equals.

    A ban that lasts longer from the same year takes no less, so of each start and group the
    longest is tried first, and shorter ones only where it is better than what is known.

    Parameters
    ----------
    exposures
        What he sells.
    bans
        Bans within his budget.
    serve
        Serves what can be served.
    first_year, years
        Of the case. [calendar year], [year]
    """
    suppliers = {one.material: one.suppliers for one in exposures}

    def under(ban: Ban) -> Served:
        share = np.zeros(years)
        begin = ban.from_year - first_year
        share[begin : begin + ban.years] = 1.0
        return serve({name: share for m in ban.materials for name in suppliers[m]})

    base = serve({})
    best, served, tried = None, base, 0
    groups: dict[tuple[tuple[str, ...], int], list[Ban]] = {}
    for ban in bans:
        groups.setdefault((ban.materials, ban.from_year), []).append(ban)
    for group in groups.values():
        for ban in sorted(group, key=lambda one: -one.years):
            found = under(ban)
            tried += 1
            cheaper = best is None or ban.cost < best.cost
            equal = found.share <= served.share + SMALLEST and found.share < base.share - SMALLEST
            if found.share < served.share - SMALLEST or (equal and cheaper):
                best, served = ban, found
            elif found.share > served.share + SMALLEST or best is None:
                break
    return BanResponse(base=base, best=best, served=served, tried=tried)
