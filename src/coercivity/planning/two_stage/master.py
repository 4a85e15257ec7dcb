"""The first stage with what the cuts know of the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from coercivity.planning.two_stage.cuts import CutPool
from coercivity.planning.two_stage.problem import TwoStageProblem
from coercivity.solvers import (
    Basis,
    HighsModel,
    Matrices,
    Solution,
    SolveLimits,
    SolveStatus,
    StopSignal,
)
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.risk_measures import MeanAndTail


@dataclass(frozen=True, slots=True, eq=False)
class MasterPoint:
    """What the master proposes."""

    first: Array
    """A first-stage decision."""
    known: Array
    """What the cuts know of the cost of each scenario after it. [unit of cost]"""
    bound: float
    """No decision costs less in all; minus infinity where that is not proven. [unit of cost]"""
    basis: Basis | None
    """Vertex, for the next solve."""


class Master:
    """Builds and solves the first stage over the cuts.

    The model is loaded anew each time, from the cuts and a vertex alone: so a resumed search
    goes the way that the broken-off one would have gone.
    """

    def __init__(self, problem: TwoStageProblem, risk: MeanAndTail) -> None:
        self._problem, self._risk = problem, risk
        self._count = len(problem.scenarios)
        self._tail = risk.risk_weight > 0

    def matrices(self, cuts: CutPool, *, radius: float | None = None) -> Matrices:
        """Write the master: first stage, cost of each scenario, threshold and excess."""
        first, count = self._problem.first, self._count
        extra = count + 1 if self._tail else 0
        unknown = np.ones(count, dtype=bool)
        unknown[cuts.priced()] = False
        lower, upper = first.lower, first.upper
        if radius is not None:
            lower = np.where(np.isinf(lower), np.minimum(-radius, upper), lower)
            upper = np.where(np.isinf(upper), np.maximum(radius, lower), upper)
        rows = [
            hstack([csr_array(first.matrix), csr_array((first.rows, count + extra))]),
            *self._excess(),
            self._cut_rows(cuts, extra),
        ]
        excesses = np.zeros(count if self._tail else 0)
        return Matrices.of(
            vstack(rows),
            cost=self._costs(),
            lower=np.concatenate(
                [lower, np.where(unknown, 0.0, -np.inf), *self._tail_side(-np.inf, 0.0)]
            ),
            upper=np.concatenate(
                [upper, np.where(unknown, 0.0, np.inf), *self._tail_side(np.inf, np.inf)]
            ),
            integrality=np.concatenate([first.integrality, np.zeros(count + extra, bool)]),
            row_lower=np.concatenate([first.row_lower, excesses, cuts.constants]),
            row_upper=np.concatenate([first.row_upper, np.full(excesses.size + len(cuts), np.inf)]),
            offset=first.offset,
        )

    def solve(
        self,
        cuts: CutPool,
        basis: Basis | None,
        *,
        limits: SolveLimits,
        integers: bool,
        radius: float | None = None,
        start: Array | None = None,
        stop: StopSignal | None = None,
    ) -> tuple[SolveStatus, MasterPoint | None]:
        """Find the best decision as far as the cuts know."""
        matrices = self.matrices(cuts, radius=radius)
        model = HighsModel(matrices)
        if basis is not None and not integers:
            model.start_from(basis.with_rows(matrices.rows - basis.rows.size))
        beginning = None
        if start is not None:
            beginning = np.concatenate([start, np.full(matrices.columns - start.size, np.nan)])
        solution = model.solve(limits, integers=integers, start=beginning, stop=stop)
        if solution.primal is None:
            return solution.status, None
        return solution.status, self._point(solution, cuts, model, radius=radius, integers=integers)

    def _point(
        self,
        solution: Solution,
        cuts: CutPool,
        model: HighsModel,
        *,
        radius: float | None,
        integers: bool,
    ) -> MasterPoint:
        columns = self._problem.first.columns
        values = np.asarray(solution.primal)
        if integers:
            values = self._whole(values, model)
        complete = cuts.priced().size == self._count and radius is None
        proven = solution.bound if complete and solution.bound is not None else -np.inf
        known = np.where(np.isin(np.arange(self._count), cuts.priced()), 0.0, -np.inf)
        return MasterPoint(
            first=values[:columns],
            known=known + values[columns : columns + self._count],
            bound=float(proven),
            basis=model.basis(),
        )

    def _whole(self, values: Array, model: HighsModel) -> Array:
        """Make whole columns exactly whole, and fit the others to them."""
        fitted = model.solve_fixed(values)
        chosen = values if fitted.primal is None else np.asarray(fitted.primal)
        whole = np.flatnonzero(self._problem.first.integrality)
        chosen = chosen.copy()
        chosen[whole] = np.rint(chosen[whole])
        return chosen

    def _costs(self) -> Array:
        weight, chances = self._risk.risk_weight, self._problem.probabilities
        parts = [self._problem.first.cost, (1 - weight) * chances]
        if self._tail:
            parts += [np.array([weight]), weight / self._risk.tail_probability * chances]
        return np.concatenate(parts)

    def _tail_side(self, threshold: float, excess: float) -> list[Array]:
        if not self._tail:
            return []
        return [np.array([threshold]), np.full(self._count, excess)]

    def _excess(self) -> list[csr_array]:
        """Write that the excess is at least the cost of a scenario above the threshold."""
        if not self._tail:
            return []
        count = self._count
        ahead = csr_array((count, self._problem.first.columns))
        one = eye_array(count, format="csr")
        return [hstack([ahead, -one, csr_array(np.ones((count, 1))), one], format="csr")]

    def _cut_rows(self, cuts: CutPool, extra: int) -> csr_array:
        places = np.asarray(cuts.scenarios, dtype=np.int64)
        priced = (~np.asarray(cuts.feasibility, dtype=bool)).astype(float)
        own = csr_array((priced, (np.arange(len(cuts)), places)), shape=(len(cuts), self._count))
        return hstack([csr_array(-cuts.slopes), own, csr_array((len(cuts), extra))], format="csr")
