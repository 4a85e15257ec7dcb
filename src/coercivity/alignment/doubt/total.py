"""Doubt in one kind of promise behind the packages of all projects, path by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.doubt.curve import Curve, Point
from coercivity.alignment.doubt.free import Freed
from coercivity.alignment.package.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All projects under one believed hazard; figures are None where one of them has none."""

    kind: str
    hazard: float
    """Believed. [1/year]"""
    cost: float | None
    """If the promise never lapses, by the measure. [million, real]"""
    expected: float | None
    """The same, mean. [million, real]"""
    p95: float | None
    """The same, exceeded on one path in twenty. [million, real]"""
    promised: float | None
    """Most that may fall due. [million, real]"""
    lapsing: float | None
    """Mean cost if it lapses as believed: the diagonal. [million, real]"""
    lapsing_p95: float | None
    """Of the diagonal. [million, real]"""
    loss: float | None
    """Largest probability of a loss among projects. [fraction]"""
    years: float | None
    """Mean over projects with running support. [year]"""
    tonnes: float | None
    """Output of all main products. [t]"""
    lost: tuple[str, ...]
    """Projects for which no amount is enough."""
    possible: int
    """Projects for which some amount is."""
    free: float | None = None
    """Cost if obligated money may go up too and the promise never lapses, by the measure.
    [million, real]"""
    free_lost: tuple[str, ...] = ()
    """Projects for which that is not enough either."""

    @property
    def cost_per_tonne(self) -> float | None:
        """Diagonal cost over output. [USD/kg]"""
        if self.lapsing is None or not self.tonnes:
            return None
        return 1000 * self.lapsing / self.tonnes


Free = Mapping[str, Mapping[str, Sequence[Freed | None]]]


def totals(
    curves: Mapping[str, Mapping[str, Curve]],
    hazards: Sequence[float],
    measure: Measure = Measure.MEAN,
    *,
    free: Free | None = None,
) -> tuple[Total, ...]:
    """Sum the curves of projects by kind of promise and believed hazard.

    Parameters
    ----------
    curves
        By project, then kind.
    hazards
        Of the points of every curve. [1/year]
    measure
        Of public cost.
    free
        Packages that may flee from doubt, by project, then kind; one for each hazard.
    """
    kinds = dict.fromkeys(kind for mine in curves.values() for kind in mine)
    found = []
    for kind in kinds:
        for n, hazard in enumerate(hazards):
            points = {name: mine[kind].points[n] for name, mine in curves.items()}
            one = _total(kind, hazard, points, measure)
            if free is not None:
                one = _with_free(one, {name: mine[kind][n] for name, mine in free.items()}, measure)
            found.append(one)
    return tuple(found)


def _with_free(one: Total, free: Mapping[str, Freed | None], measure: Measure) -> Total:
    known = [each.meant for each in free.values() if each is not None]
    lost = tuple(name for name, each in free.items() if each is None)
    cost = None if lost or not known else measure.of(np.sum(known, axis=0))
    return replace(one, free=cost, free_lost=lost)


def _total(kind: str, hazard: float, points: Mapping[str, Point | None], measure: Measure) -> Total:
    lost = tuple(name for name, point in points.items() if point is None)
    known = [point for point in points.values() if point is not None]
    if lost or not known:
        return Total(
            kind=kind,
            hazard=hazard,
            cost=None,
            expected=None,
            p95=None,
            promised=None,
            lapsing=None,
            lapsing_p95=None,
            loss=None,
            years=None,
            tonnes=None,
            lost=lost,
            possible=len(known),
        )
    meant = np.sum([point.meant for point in known], axis=0)
    lapsing = np.sum([point.lapsing for point in known], axis=0)
    carried = [point.years for point in known if point.years > 0]
    return Total(
        kind=kind,
        hazard=hazard,
        cost=measure.of(meant),
        expected=float(meant.mean()),
        p95=float(np.quantile(meant, 0.95)),
        promised=sum(point.promised for point in known),
        lapsing=float(lapsing.mean()),
        lapsing_p95=float(np.quantile(lapsing, 0.95)),
        loss=max(point.loss for point in known),
        years=float(np.mean(carried)) if carried else 0.0,
        tonnes=sum(point.tonnes for point in known),
        lost=(),
        possible=len(known),
    )
