"""Cost against the shortfall of a segment, and against the year from which it is served."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coercivity.chain.case import Case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Target
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.planning.frontier_points import (
    SHORTFALL,
    YEAR,
    FrontierPoint,
    frontier_table,
    non_dominated,
    point_of,
)
from coercivity.planning.model import PlanningModel
from coercivity.planning.served_model import ROOM, Found, ServedModel, Start, Wanted
from coercivity.planning.solve import OnProgress, PlanLimits, PlanSolution
from coercivity.planning.targets import parse_requirement
from coercivity.solvers import SolveStatus, StopSignal

POINTS = 8
"""Plans solved of each kind, its two ends included. [count]"""
FORM = re.compile(r"([^>=:]+)(?:>=([0-9]*\.?[0-9]+%?))?(?::(.+))?")
RESOLUTION = 1e-6
"""Distance between two shortfalls that is not halved, as a share of demand. [fraction]"""


def parse_frontier(text: str, case: Case) -> Wanted:
    """Read ``SEGMENT[>=SHARE][:CLASS]``.

    Raises
    ------
    UsageError
        If it cannot be read, or names what the case does not have.
    """
    found = FORM.fullmatch(text.strip().replace(" ", ""))
    if found is None:
        msg = (
            f"The frontier {quoted(text)} cannot be read. Write SEGMENT, SEGMENT>=SHARE or "
            "SEGMENT>=SHARE:CLASS.  [P301]"
        )
        raise UsageError(msg)
    segment, share, name = found.groups()
    year = case.horizon.first_year
    target = parse_requirement(f"{segment}>={share or '100%'}@{year}:{name or ANY}", case)
    return Wanted(target.segment, target.origin_class, target.share)


def tracking_target(wanted: Wanted, case: Case) -> Target:
    """Make a target of no share, which has a model tell the class of a frontier apart."""
    return Target("frontier", wanted.segment, 0.0, wanted.origin_class, case.report_until)


def frontier_points(
    model: PlanningModel,
    plan: PlanSolution,
    wanted: Wanted,
    *,
    points: int = POINTS,
    limits: PlanLimits | None = None,
    done: Iterable[FrontierPoint] = (),
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> Iterator[FrontierPoint]:
    r"""Solve plans on the frontier of a segment, and give them one by one.

    .. math::

        C(\ell) = \min\{cost : shortfall \le \ell\}, \qquad
        C(y) = \min\{cost : served_t \ge share \cdot demand_t\ \forall t \ge y\}

    First the shortfall: the plan itself, then the cheapest of those with the least shortfall (to
    the gap), then the middle of the widest gap between neighbours whose costs differ by more than
    the tolerance (nearer ones cannot be told apart). Shortfall is counted in tonnes over the
    reported periods: it is what a buyer lacks in all, is linear, and one row holds it; the worst
    year can be read from each plan. Then the year, in the same way, between the first in which the
    share can be served and the one from which the plan itself serves it.

    Every point is a plan solved to the gap of ``limits``, counted on the gain of the plan without
    limits, with its own bound. A plan on the tighter side of a limit is the start for it, so that
    no limit gives a dearer plan than a tighter one.

    Parameters
    ----------
    model
        The plan's model. A class other than ``any`` must be told apart in it, see
        `tracking_target`.
    plan
        Its least-cost plan.
    wanted
        Segment, class and share.
    points
        Plans of each kind, ends included, at least 2.
    limits
        Gap, time for each search over whole columns (two to a point), and seed.
    done
        Points of an earlier call with the same arguments, in their order: they are given again
        without being solved, and what follows is the same as if nothing had been interrupted.
    on_progress
        Told how far a point is.
    stop
        Ends it; points given before are whole.

    Raises
    ------
    UsageError
        If the class is not told apart, or the points done belong to something else.
    """
    if points < 2:
        msg = f"A frontier needs at least its two ends, so {points} points cannot do.  [P301]"
        raise UsageError(msg)
    served = ServedModel(
        model, wanted, limits=limits or PlanLimits(), on_progress=on_progress, stop=stop
    )
    kept = list(done)
    for kind in (_ByShortfall, _ByYear):
        yield from kind(served, plan, kept).points(points)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What lies between two neighbours, as places on the axis."""

    low: float
    high: float
    tight: FrontierPoint
    loose: FrontierPoint


class _Axis(ABC):
    """One kind of limit: asks for plans, or takes them from those that are done."""

    kind = ""

    def __init__(
        self, served: ServedModel, plan: PlanSolution, done: Sequence[FrontierPoint]
    ) -> None:
        self.served, self.plan = served, plan
        self.tolerance = served.tolerance(plan)
        self._done = [point for point in done if point.kind == self.kind]
        self._given = 0

    def points(self, count: int) -> Iterator[FrontierPoint]:
        """Give the ends, then halve the widest gap."""
        loose = self.waiting() or self.loose()
        if loose is None or self.stopped:
            return
        yield loose
        tight = self.waiting() or self.tight(loose)
        if tight is None or self.stopped:
            return
        yield tight
        gaps = [_Gap(self.place(tight), self.place(loose), tight, loose)]
        for _ in range(count - 2):
            gaps = [gap for gap in gaps if self._worth_halving(gap)]
            if not gaps:
                return
            gap = max(gaps, key=lambda gap: gap.high - gap.low)
            gaps.remove(gap)
            limit = self.middle(gap.low, gap.high) or 0.0
            found = self.waiting(limit) or self.solved(
                limit, Start(gap.tight.whole, gap.tight.cost_musd)
            )
            if found is None or self.stopped:
                return
            yield found
            if found.cost_musd is not None:
                gaps.append(_Gap(gap.low, self.place(found), gap.tight, found))
                gaps.append(_Gap(limit, gap.high, found, gap.loose))

    def _worth_halving(self, gap: _Gap) -> bool:
        """Leave alone what has no middle, or neighbours that cost the same within the gap."""
        costs = (gap.tight.cost_musd, gap.loose.cost_musd)
        apart = [cost for cost in costs if cost is not None]
        told_apart = len(apart) == 2 and apart[0] - apart[1] > self.tolerance
        return told_apart and self.middle(gap.low, gap.high) is not None

    @property
    def stopped(self) -> bool:
        """Whether someone asked to end."""
        return self.served.stop is not None and self.served.stop.is_set()

    @abstractmethod
    def loose(self) -> FrontierPoint | None:
        """Give the end that costs least."""

    @abstractmethod
    def tight(self, loose: FrontierPoint) -> FrontierPoint | None:
        """Give the end that serves most, or soonest; None where it is the other end."""

    @abstractmethod
    def place(self, point: FrontierPoint) -> float:
        """Give the place of a plan on the axis: tonnes, or the number of the period."""

    @abstractmethod
    def middle(self, low: float, high: float) -> float | None:
        """Give the limit halfway; None where there is nothing between."""

    def solved(self, limit: float, start: Start | None) -> FrontierPoint | None:
        """Solve within a limit; None where no plan exists."""
        self.ask(limit)
        found = self.served.cheapest(tolerance=self.tolerance, start=start)
        return None if found.status is SolveStatus.INFEASIBLE else self.point(found, limit)

    @abstractmethod
    def ask(self, limit: float) -> None:
        """Set the limit."""

    def waiting(self, limit: float | None = None) -> FrontierPoint | None:
        """Take the next point that is done, if one is left; ``limit`` is what it has to be for."""
        if self._given >= len(self._done):
            return None
        point, wanted = self._done[self._given], self.served.wanted
        self._given += 1
        right = (point.segment, point.origin_class) == (wanted.segment, wanted.origin_class)
        if not right or (limit is not None and self.limit_of(point) != limit):
            msg = (
                f"Point {self._given} by {self.kind} is not what comes next on this frontier: the "
                "points that are done belong to another case, segment or gap. Start anew.  [P301]"
            )
            raise UsageError(msg)
        return point

    @abstractmethod
    def limit_of(self, point: FrontierPoint) -> float | None:
        """Give the limit within which a point was solved."""

    def point(self, found: Found, limit: float | None) -> FrontierPoint:
        """Read a plan as a point."""
        served, primal = self.served, found.primal
        by_year = self.kind == YEAR
        first = served.served_from(primal) if by_year and primal is not None else None
        reached = limit if first is None else first
        return FrontierPoint(
            kind=self.kind,
            segment=served.wanted.segment,
            origin_class=served.wanted.origin_class,
            limit_t=None if by_year else limit,
            since=served.year(limit) if by_year else None,
            shortfall_t=None if primal is None else served.shortfall(primal) * TONNES_PER_UNIT,
            year=served.year(reached) if by_year else None,
            cost_musd=found.objective,
            bound_musd=found.bound,
            status=found.status.value,
            whole=() if primal is None else served.whole(primal),
        )

    def itself(self) -> Found:
        """Give the plan without limits."""
        plan = self.plan
        return Found(plan.status, plan.objective, plan.bound, plan.primal)


class _ByShortfall(_Axis):
    """Limits are tonnes that may be lacking over the report."""

    kind = SHORTFALL

    def loose(self) -> FrontierPoint | None:
        return self.point(self.itself(), None)

    def tight(self, loose: FrontierPoint) -> FrontierPoint | None:
        if self.place(loose) <= ROOM * TONNES_PER_UNIT:
            return None
        least = self.served.least_shortfall(self.plan)
        if least is None:
            return None
        limit = (least.shortfall + ROOM) * TONNES_PER_UNIT
        if limit >= self.place(loose):
            return None
        found = self.solved(limit, Start(least.whole))
        if found is None or least.proven:
            return found
        return replace(found, status=SolveStatus.FEASIBLE.value)

    def place(self, point: FrontierPoint) -> float:
        return point.shortfall_t or 0.0

    def middle(self, low: float, high: float) -> float | None:
        wide = high - low > max(RESOLUTION * self.served.total, 2 * ROOM) * TONNES_PER_UNIT
        return (low + high) / 2 if wide else None

    def ask(self, limit: float) -> None:
        self.served.ask(limit=limit / TONNES_PER_UNIT)

    def limit_of(self, point: FrontierPoint) -> float | None:
        return point.limit_t


class _ByYear(_Axis):
    """Limits are numbers of the reported period from which the share is served."""

    kind = YEAR

    def loose(self) -> FrontierPoint | None:
        if self.served.served_from(self.plan.primal) is not None:
            return self.point(self.itself(), None)
        return self.solved(len(self.served.periods) - 1, None)

    def tight(self, loose: FrontierPoint) -> FrontierPoint | None:
        low, high = 0, round(self.place(loose))
        while low < high:
            middle = (low + high) // 2
            self.ask(middle)
            if self.served.relaxes():
                high = middle
            else:
                low = middle + 1
        for place in range(high, round(self.place(loose))):
            found = self.solved(place, None)
            if found is not None:
                return found
        return None

    def place(self, point: FrontierPoint) -> float:
        return self.served.place(point.year)

    def middle(self, low: float, high: float) -> float | None:
        return (low + high) // 2 if high - low > 1 else None

    def ask(self, limit: float) -> None:
        self.served.ask(since=round(limit))

    def limit_of(self, point: FrontierPoint) -> float | None:
        return None if point.since is None else self.served.place(point.since)


__all__ = [
    "POINTS",
    "FrontierPoint",
    "Wanted",
    "frontier_points",
    "frontier_table",
    "non_dominated",
    "parse_frontier",
    "point_of",
    "tracking_target",
]
