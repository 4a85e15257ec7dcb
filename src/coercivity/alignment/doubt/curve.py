r"""Public cost at equal acceptance by believed hazard, and where no amount is enough.

.. math:: C(\lambda_i, \lambda_g) = \min_\theta\ E_{\lambda_g}[PV_r\ \text{outlay}]
    \quad\text{s.t. all accept under } \lambda_i

Investors believe :math:`\lambda_i`; the government knows its own :math:`\lambda_g`. The price of
doubt is :math:`\partial C(\lambda_i, 0)/\partial\lambda_i`: what a government that means it pays
for not being believed. On the diagonal the expected outlay falls as the hazard rises, because
support stops: it is never told without what is delivered for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.alignment.doubt.clocks import Clock
from coercivity.alignment.doubt.support import Carried
from coercivity.finance.compiled import Array

HAZARDS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Believed hazards that are looked at. [1/year]"""
TIMES = (1.1, 1.3, 1.7, 2.5, 5.0, 10.0)
"""So many times the running support is tried where it is not enough; ten times as much is no offer
that anybody would make. More is not always better either: lenders may lend more on it, and be short
more often when it lapses. [ratio]"""
LEAST = 1 / 64
"""Less than so many times that of the zero-doubt package is not looked at. [ratio]"""
APART = 1.3
"""Of two amounts between which the search halves. [ratio]"""
HALVINGS = 6
LIMIT_HALVINGS = 5
HIGHEST = 4.0
"""Hazards above this are not looked at. [1/year]"""
STEP = 0.01
"""Of the central difference. [1/year]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A package that is accepted under one believed hazard."""

    hazard: float
    """Believed. [1/year]"""
    factor: float
    """Running support over that of the zero-doubt package. [ratio]"""
    meant: Array
    """Public cost of each path if the promise never lapses. [million, real]"""
    lapsing: Array
    """Public cost of each path if it lapses as believed. [million, real]"""
    promised: float
    """Most that may fall due. [million, real]"""
    loss: float
    """Probability of a loss, as believed. [fraction]"""
    years: float
    """Mean time for which running support stands if it lapses as believed. [year]"""
    tonnes: float
    """Mean output of the main product if it lapses as believed. [t]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One project under doubts in one kind of promise."""

    kind: str
    points: tuple[Point | None, ...]
    """One for each of the hazards asked; None where no amount is enough."""
    limit: float | None
    """Hazard beyond which no amount is enough; None where there is none up to `HIGHEST`, or no
    running support. [1/year]"""
    slope: float | None
    """Price of doubt at the hazard of the case. [million per 0.01/year]"""


def curve_of(
    carried: Carried, clock: Clock, kind: str, hazards: Sequence[float] = HAZARDS
) -> Curve:
    """Find what is accepted under each believed hazard, with the same draws throughout.

    Where no amount is enough, none is under more doubt: a higher believed hazard takes support away
    in every year of every draw and adds to none, so beyond the first such point none is looked for.

    Parameters
    ----------
    carried
        The zero-doubt package.
    clock
        Of the project.
    kind
        Of promise behind all running support.
    hazards
        Believed, rising. [1/year]
    """
    points: list[Point | None] = []
    for hazard in hazards:
        known = [point for point in points if point is not None]
        start = known[-1].factor if known else 1.0
        over = len(known) < len(points)
        points.append(None if over else _point(carried, clock, kind, hazard, start=start))
    return Curve(
        kind=kind,
        points=tuple(points),
        limit=_limit(carried, clock, kind, points, hazards),
        slope=_slope(carried, clock, kind, points, hazards),
    )


def factor_for(
    carried: Carried, pays: Array, *, start: float = 1.0, halvings: int = HALVINGS
) -> float | None:
    """Give the least running support that is accepted, over that of the zero-doubt package.

    Parameters
    ----------
    carried
        The package.
    pays
        Share of each year in which running support pays, as believed. [fraction]
    start
        Where the search begins; the answer depends on it by the precision only. [ratio]
    halvings
        Of the last step, which is at most `APART`. [count]

    Returns
    -------
    float or None
        None where none of `TIMES` as much is enough.
    """

    def enough(factor: float) -> bool:
        return carried.believed(pays, factor).accepted

    if not carried.running:
        return 1.0 if enough(1.0) else None
    low, high = start, start
    if enough(start):
        while low > LEAST and enough(low / APART):
            low /= APART
        low, high = low / APART, low
    else:
        for times in TIMES:
            low, high = high, start * times
            if enough(high):
                break
        else:
            return None
    for _ in range(halvings):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _point(
    carried: Carried, clock: Clock, kind: str, hazard: float, *, start: float
) -> Point | None:
    pays = clock.pays(kind, hazard)
    factor = factor_for(carried, pays, start=start)
    if factor is None:
        return None
    always = np.ones_like(pays)
    found = carried.in_full(pays, factor)
    base = carried.bench.appraise(carried.bench.nothing)
    made = found.operations.book.produced[carried.product] * found.accounts.open_years()
    return Point(
        hazard=hazard,
        factor=factor,
        meant=carried.cost(always, factor),
        lapsing=np.asarray(found.public.paths - base.public),
        promised=found.public.promised - base.promised,
        loss=found.acceptance.loss.value,
        years=_years_delivered(carried, clock, kind, hazard, found.operations.book.first_output),
        tonnes=1000 * float(made.sum(axis=1).mean()),
    )


def _years_delivered(
    carried: Carried, clock: Clock, kind: str, hazard: float, first_output: NDArray[np.int64]
) -> float:
    """Give the longest of the mean times for which contracts run and stand. [year]"""
    stands = clock.stands(kind, hazard)
    covers = [one.window.cover(first_output, years=clock.years) for one in carried.running]
    return max((float((cover * stands).sum(axis=1).mean()) for cover in covers), default=0.0)


def _limit(
    carried: Carried,
    clock: Clock,
    kind: str,
    points: Sequence[Point | None],
    hazards: Sequence[float],
) -> float | None:
    """Bisect for the hazard at which even the most support stops being enough."""
    if not carried.running:
        return None

    tried = [*TIMES[3:]]

    def enough(hazard: float) -> bool:
        pays = clock.pays(kind, hazard)
        for times in list(tried):
            if carried.believed(pays, times).accepted:
                # What was enough last is asked first.
                tried.remove(times)
                tried.insert(0, times)
                return True
        return False

    known = [h for h, point in zip(hazards, points, strict=True) if point is not None]
    low = max(known, default=0.0)
    higher = [h for h, p in zip(hazards, points, strict=True) if p is None and h > low]
    high = min(higher, default=HIGHEST)
    if not higher and enough(high):
        return None
    if not known:
        return 0.0
    for _ in range(LIMIT_HALVINGS):
        middle = 0.5 * (low + high)
        if enough(middle):
            low = middle
        else:
            high = middle
    return low


def _slope(
    carried: Carried,
    clock: Clock,
    kind: str,
    points: Sequence[Point | None],
    hazards: Sequence[float],
) -> float | None:
    """Take the central difference at the hazard of the case. [million per 0.01/year]"""
    at = clock.kinds[kind].hazard
    below = [p for h, p in zip(hazards, points, strict=True) if h <= at and p is not None]
    if at > max(hazards) or not below:
        return None
    start, ends = below[-1].factor, []
    for hazard in (max(at - STEP, 0.0), at + STEP):
        pays = clock.pays(kind, hazard)
        factor = factor_for(carried, pays, start=start)
        if factor is None:
            return None
        ends.append(float(carried.cost(np.ones_like(pays), factor).mean()))
    return (ends[1] - ends[0]) / (at + STEP - max(at - STEP, 0.0)) * 0.01
