"""A loaded plan whose service of one segment can be asked for: over the report, or from a year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, vstack

from coercivity.chain.origin import ANY
from coercivity.dispatch.builder import Array
from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.planning.model import PlanningModel
from coercivity.planning.solve import EXACT, OnProgress, PlanLimits, PlanProgress, PlanSolution
from coercivity.solvers import (
    HighsModel,
    Matrices,
    Progress,
    Solution,
    SolveLimits,
    SolveStatus,
    StopSignal,
)

ROOM = 1e-6
"""Left between a limit and the plan it was read from, for rounding. [kt over the report]"""
LEAST_GAP = 1e-6
"""Distance to the least shortfall that is always good enough. [fraction of demand]"""
NEARLY = 1e-6
"""Distance from a whole number that counts as none."""
SAME = 1e-6
"""Lack below which a share of demand counts as served. [fraction of demand]"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a frontier is drawn of: a share of a segment's demand, in a class or better."""

    segment: str
    origin_class: str = ANY
    share: float = 1.0
    """Share that must be served from a year on. [fraction]"""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A least-cost plan under a limit."""

    status: SolveStatus
    objective: float | None = None
    """Cost of the plan; None where there is none. [million]"""
    bound: float | None = None
    """Proven: no plan within the limit costs less. [million]"""
    primal: Array | None = None
    """Value of each column."""


@dataclass(frozen=True, slots=True)
class Start:
    """A plan to begin from."""

    whole: tuple[int, ...]
    """Its whole columns."""
    cost: float | None = None
    """What it costs, where that is known. [million]"""


@dataclass(frozen=True, slots=True)
class Least:
    """The plan that serves most."""

    shortfall: float
    """What it lacks over the report. [kt]"""
    whole: tuple[int, ...]
    """Its whole columns."""
    proven: bool
    """Whether no plan lacks less, to the gap."""


class ServedModel:
    r"""The matrices of a plan with rows for what is served, loaded once.

    .. math::

        \sum_{t} n_t \sum_{d,\,k \le class} g_{d,k,t} \ge \sum_t n_t\,demand_t - limit, \qquad
        \sum_{d,\,k \le class} g_{d,k,t} \ge share \cdot demand_t \quad (t \ge t^*)

    over the reported periods *t* of :math:`n_t` years. The first row limits the shortfall of the
    segment, in tonnes over the report; the others hold from a year on. For class ``any`` what is
    not served is the very shortfall of the plan (``demand_is_met``).

    Parameters
    ----------
    model
        The plan; its own targets and limits hold throughout.
    wanted
        Segment, class and share.
    limits
        Gap, time for each solve and seed.
    """

    def __init__(
        self,
        model: PlanningModel,
        wanted: Wanted,
        *,
        limits: PlanLimits,
        on_progress: OnProgress | None = None,
        stop: StopSignal | None = None,
    ) -> None:
        self.model, self.wanted, self.limits = model, wanted, limits
        self.on_progress, self.stop = on_progress, stop
        self.unit = model.scaled.unit
        network = model.network
        case = model.case
        _expect_tracked(model, wanted)
        self.periods = [p for p, y in enumerate(case.horizon.starts) if y <= case.report_until]
        amounts = [
            network.mass(demand.amount)
            for demand in case.demands.values()
            if demand.segment == wanted.segment
        ]
        self.asked: Array = np.sum(amounts, axis=0)[self.periods]
        self._lengths = network.lengths[self.periods]
        self.total = float(self._lengths @ self.asked)
        matrices = model.scaled.matrices
        self._served = _service_rows(model, wanted, self.periods, matrices.columns)
        self._over_report = csc_array(self._lengths[None, :] @ self._served)
        self._row, self._rows = matrices.rows, matrices.rows + 1 + np.arange(len(self.periods))
        self.matrices = _with_rows(matrices, [self._over_report, self._served])
        self._whole = np.flatnonzero(matrices.integrality)
        self.highs = HighsModel(self.matrices)

    def shortfall(self, primal: Array) -> float:
        """Give what a plan does not serve, over the report. [kt]"""
        return max(0.0, self.total - float((self._over_report @ primal)[0]))

    def served_from(self, primal: Array) -> int | None:
        """Give the first reported period from which a plan serves the share; None if it ends short.

        The place counts among the reported periods.
        """
        lack = self.wanted.share * self.asked - self._served @ primal
        short = np.flatnonzero(lack > SAME * np.maximum(self.asked, SAME))
        if not short.size:
            return 0
        first = int(short[-1]) + 1
        return first if first < len(self.periods) else None

    def year(self, place: float | None) -> int | None:
        """Give the first year of a reported period by its place."""
        if place is None:
            return None
        return self.model.case.horizon.starts[self.periods[round(place)]]

    def place(self, year: int | None) -> int:
        """Give the place of the reported period that begins in a year."""
        starts = [self.model.case.horizon.starts[period] for period in self.periods]
        return starts.index(year) if year in starts else len(starts) - 1

    def tolerance(self, plan: PlanSolution) -> float:
        """Give the distance to the bound that is good enough, the same for every point. [million]

        It is the stated gap as a share of the gain of the plan without any limit; where it has no
        gain, of its cost.
        """
        base = plan.gain if plan.gap_of_gain is not None else abs(plan.objective)
        return max(EXACT * max(1.0, abs(plan.objective)), self.limits.gap * (base or 0.0))

    def whole(self, primal: Array) -> tuple[int, ...]:
        """Give the values of the whole columns, from which the rest of a plan follows."""
        return tuple(round(value) for value in primal[self._whole].tolist())

    def ask(self, *, limit: float | None = None, since: int | None = None) -> None:
        """Ask for a shortfall of at most ``limit`` [kt], and for the share from a period on."""
        lower = -np.inf if limit is None else self.total - limit
        self.highs.set_row_bounds([self._row], lower, np.inf)
        held = np.arange(len(self.periods)) >= (len(self.periods) if since is None else since)
        asked = np.where(held, self.wanted.share * self.asked, -np.inf)
        self.highs.set_row_bounds(self._rows, asked, np.inf)

    def relaxes(self) -> bool:
        """Tell whether what is asked can hold if columns need not be whole."""
        found = self._solve(integers=False, relative_gap=EXACT)
        return found.status is not SolveStatus.INFEASIBLE

    def least_shortfall(self, plan: PlanSolution) -> Least | None:
        """Find the plan that serves most over the report, whatever it costs.

        It is the least to the stated gap, here as a share of what the relaxation saves of the
        shortfall of the plan without limits. None where none was found in time.
        """
        self.ask()
        everywhere = np.arange(self.matrices.columns)
        gain = np.asarray(self._over_report.toarray()).ravel()
        self.highs.set_costs(everywhere, -gain)
        try:
            relaxed = self._solve(integers=False, relative_gap=EXACT)
            if relaxed.primal is None:
                return None
            saved = self.shortfall(plan.primal) - self.shortfall(relaxed.primal)
            found = self._search(relaxed, max(self.limits.gap * saved, LEAST_GAP * self.total))
        finally:
            self.highs.set_costs(everywhere, self.matrices.cost)
        if found.primal is None:
            return None
        proven = found.status is SolveStatus.OPTIMAL
        return Least(self.shortfall(found.primal), self.whole(found.primal), proven)

    def cheapest(self, *, tolerance: float, start: Start | None) -> Found:
        """Find the cheapest plan of what is asked.

        Parameters
        ----------
        tolerance
            Distance to the bound that is good enough. [million]
        start
            Whole columns of a plan that meets what is asked, and its cost where that is known.
        """
        gap = tolerance / self.unit
        relaxed = self._solve(integers=False, relative_gap=EXACT)
        if relaxed.status is not SolveStatus.OPTIMAL or relaxed.objective is None:
            return Found(relaxed.status)
        found = self._search(relaxed, gap, start)
        bound = max(b for b in (relaxed.objective, found.bound) if b is not None)
        if found.primal is None:
            return Found(found.status, bound=bound * self.unit)
        exact = self.highs.solve_fixed(found.primal, limits=SolveLimits(relative_gap=EXACT))
        chosen = exact if exact.status is SolveStatus.OPTIMAL else found
        cost = math.nan if chosen.objective is None else chosen.objective
        bound, status = min(bound, cost), found.status
        if status is SolveStatus.FEASIBLE and cost - bound <= gap:
            status = SolveStatus.OPTIMAL
        return Found(status, cost * self.unit, bound * self.unit, chosen.primal)

    def _search(self, relaxed: Solution, gap: float, start: Start | None = None) -> Solution:
        """Search near the relaxation, then everywhere from the better of that and the start.

        The second search is left out where the first is within the gap of the relaxation.
        """
        near = self._near(relaxed, gap)
        begun = None if start is None else self._started(start.whole)
        known = math.inf if start is None or start.cost is None else start.cost / self.unit
        cost = math.inf if near.objective is None else near.objective
        lowest = -math.inf if relaxed.objective is None else relaxed.objective
        if near.primal is not None and cost <= known and cost - lowest <= gap:
            return replace(near, status=SolveStatus.OPTIMAL, bound=lowest)
        if near.primal is not None and (begun is None or cost < known):
            begun = near.primal
        found = self._solve(integers=True, absolute_gap=gap, start=begun)
        if found.primal is None and near.primal is not None:
            bound = relaxed.objective if found.bound is None else found.bound
            stopped = found.status is SolveStatus.STOPPED
            status = SolveStatus.STOPPED if stopped else SolveStatus.FEASIBLE
            return replace(near, status=status, bound=bound)
        return found

    def _near(self, relaxed: Solution, gap: float) -> Solution:
        """Search between floor and ceiling of each whole column of the relaxation."""
        columns, lower, upper = self._whole, self.matrices.lower, self.matrices.upper
        values = np.zeros(0) if relaxed.primal is None else relaxed.primal[columns]
        low = np.maximum(np.floor(values + NEARLY), lower[columns])
        high = np.minimum(np.ceil(values - NEARLY), upper[columns])
        self.highs.set_bounds(columns, low, np.maximum(low, high))
        try:
            return self._solve(integers=True, absolute_gap=gap / 2)
        finally:
            self.highs.set_bounds(columns, lower[columns], upper[columns])

    def _started(self, whole: Sequence[int]) -> Array:
        values = np.full(self.matrices.columns, np.nan)
        values[self._whole] = whole
        return values

    def _solve(
        self,
        *,
        integers: bool,
        absolute_gap: float = 0.0,
        relative_gap: float = 0.0,
        start: Array | None = None,
    ) -> Solution:
        def told(progress: Progress) -> None:
            if self.on_progress is not None:
                parts = (progress.objective, progress.bound)
                cost, bound = (None if x is None else x * self.unit for x in parts)
                self.on_progress(PlanProgress("frontier", progress.seconds, cost, bound))

        limits = SolveLimits(
            # A linear solve is short; the solver would count the time of all earlier solves.
            time_limit=self.limits.time_limit if integers else None,
            absolute_gap=absolute_gap,
            relative_gap=relative_gap,
            seed=self.limits.seed,
        )
        return self.highs.solve(
            limits, integers=integers, start=start, on_progress=told, stop=self.stop
        )


def _expect_tracked(model: PlanningModel, wanted: Wanted) -> None:
    """Refuse a class that the model does not tell apart: its service would look like none."""
    demands = [d for d in model.case.demands.values() if d.segment == wanted.segment]
    if not demands:
        msg = f"No demand has the segment {quoted(wanted.segment)}; see segments.csv.  [P301]"
        raise UsageError(msg)
    materials = {choice.material for demand in demands for choice in demand.alternatives}
    tracked = {name for material in materials for name in model.network.classes.tracked[material]}
    if wanted.origin_class not in tracked:
        msg = (
            f"The frontier of segment {quoted(wanted.segment)} in class "
            f"{quoted(wanted.origin_class)} cannot be drawn: the model does not tell that class "
            "apart for what serves the segment. Add a target of that segment and class.  [P301]"
        )
        raise UsageError(msg)


def _service_rows(
    model: PlanningModel, wanted: Wanted, periods: Sequence[int], columns: int
) -> csc_array:
    """Sum what serves the segment in the class or better, a row for each period. [kt/year]"""
    case, block = model.case, model.operation.service
    rank, places = case.origin.rank, {period: row for row, period in enumerate(periods)}
    rows, labels = list[int](), list[int]()
    for label, name, cls, period in zip(
        block.labels.tolist(),
        block.index["demand"],
        block.index["class"],
        block.index["period"],
        strict=True,
    ):
        right_class = rank(cls) <= rank(wanted.origin_class)
        if period in places and right_class and case.demands[name].segment == wanted.segment:
            rows.append(places[period])
            labels.append(label)
    return csc_array((np.ones(len(rows)), (rows, labels)), shape=(len(periods), columns))


def _with_rows(matrices: Matrices, rows: Sequence[csc_array]) -> Matrices:
    """Add free rows below a model."""
    more = sum(part.shape[0] for part in rows)
    return Matrices.of(
        vstack([matrices.matrix, *rows], format="csc"),
        cost=matrices.cost,
        lower=matrices.lower,
        upper=matrices.upper,
        integrality=matrices.integrality,
        row_lower=np.concatenate([matrices.row_lower, np.full(more, -np.inf)]),
        row_upper=np.concatenate([matrices.row_upper, np.full(more, np.inf)]),
        offset=matrices.offset,
    )


__all__ = ["ROOM", "Found", "Least", "ServedModel", "Start", "Wanted"]
