"""The solver HiGHS behind the port: one loaded model, solved again and again."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from coercivity.solvers.checks import check_costs, check_sizes, positions, spread
from coercivity.solvers.files import write_model
from coercivity.solvers.handle import Asked, Handle
from coercivity.solvers.loading import as_lp, one_each, without_columns
from coercivity.solvers.matrices import Array, Matrices, check_sides, fault
from coercivity.solvers.port import (
    Basis,
    ModelNumbers,
    ProgressCallback,
    Solution,
    SolveLimits,
    SolveStatus,
    StopSignal,
)
from coercivity.solvers.running import Outcome
from coercivity.solvers.vouch import vouched

DEFAULTS = SolveLimits()
WHOLE = 1e-4
"""How far from whole a value may be and still be rounded."""


class HighsModel:
    """A model that stays loaded in HiGHS. It is silent, and always minimises.

    After a change of bounds or costs, a linear model starts from its last vertex (dual simplex).
    A model with whole columns always starts afresh, so that its answer does not depend on
    what was solved before. Not to be shared between threads; build one in each process.

    Parameters
    ----------
    matrices
        The model. It is copied.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> model = HighsModel(Matrices.of(
    ...     csc_array([[1.0, 1.0]]), cost=[2, 3], upper=[3, np.inf], row_lower=[4]))
    >>> solution = model.solve()
    >>> solution.objective, solution.primal.tolist(), solution.row_dual.tolist()
    (9.0, [3.0, 1.0], [3.0])
    >>> model.set_row_bounds([0], [5], [np.inf])
    >>> model.solve().objective
    12.0
    """

    def __init__(self, matrices: Matrices) -> None:
        self._matrices = matrices
        self._cost = matrices.cost.copy()
        self._lower, self._upper = matrices.lower.copy(), matrices.upper.copy()
        self._row_lower, self._row_upper = matrices.row_lower.copy(), matrices.row_upper.copy()
        self._whole = np.flatnonzero(matrices.integrality)
        check_sizes(matrices)
        self._handle = Handle(as_lp(self._matrices, self.numbers))

    @property
    def numbers(self) -> ModelNumbers:
        """Copy the numbers as they stand."""
        return ModelNumbers(
            cost=self._cost.copy(),
            lower=self._lower.copy(),
            upper=self._upper.copy(),
            row_lower=self._row_lower.copy(),
            row_upper=self._row_upper.copy(),
        )

    def restore(self, numbers: ModelNumbers) -> None:
        """Put the numbers back as they were; only those that differ are sent."""
        columns = np.flatnonzero((self._lower != numbers.lower) | (self._upper != numbers.upper))
        self.set_bounds(columns, numbers.lower[columns], numbers.upper[columns])
        rows = np.flatnonzero(
            (self._row_lower != numbers.row_lower) | (self._row_upper != numbers.row_upper)
        )
        self.set_row_bounds(rows, numbers.row_lower[rows], numbers.row_upper[rows])
        priced = np.flatnonzero(self._cost != numbers.cost)
        self.set_costs(priced, numbers.cost[priced])

    def set_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of some columns, given by position, none twice."""
        at = positions("column", columns, self._matrices.columns)
        low, high = spread("lower", lower, at), spread("upper", upper, at)
        check_sides("column", low, high)
        self._lower[at], self._upper[at] = low, high
        self._handle.change_bounds(at, low, high)

    def set_row_bounds(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Change the bounds of some rows, given by position, none twice."""
        at = positions("row", rows, self._matrices.rows)
        low, high = spread("lower", lower, at), spread("upper", upper, at)
        check_sides("row", low, high)
        self._row_lower[at], self._row_upper[at] = low, high
        self._handle.change_row_bounds(at, low, high)

    def set_costs(self, columns: ArrayLike, costs: ArrayLike) -> None:
        """Change the costs of some columns, given by position, none twice."""
        at = positions("column", columns, self._matrices.columns)
        values = spread("costs", costs, at)
        check_costs(values)
        self._cost[at] = values
        self._handle.change_costs(at, values)

    def solve(
        self,
        limits: SolveLimits = DEFAULTS,
        *,
        start: ArrayLike | None = None,
        integers: bool = True,
        on_progress: ProgressCallback | None = None,
        stop: StopSignal | None = None,
    ) -> Solution:
        """Minimise the cost.

        Parameters
        ----------
        limits
            When to stop and how to work.
        start
            A first solution for a model with whole columns: one value a column, NaN where not
            known. The solver completes or drops it. Linear models do not use it.
        integers
            False solves the linear relaxation, nothing being rebuilt.
        on_progress
            Called in this thread while the solver works.
        stop
            Stops the solver, the best solution so far being kept. So does Ctrl-C, once;
            the second Ctrl-C is raised as ``KeyboardInterrupt``.
        """
        if stop is not None and stop.is_set():
            return Solution(SolveStatus.STOPPED)
        if self._matrices.columns == 0:
            return without_columns(self._matrices, self._row_lower, self._row_upper)
        mixed = integers and self._whole.size > 0
        asked = Asked(limits, mixed, time.perf_counter(), on_progress, stop)
        self._handle.prepare(asked)
        if mixed and start is not None:
            # A start that misses a bound by rounding alone would be refused.
            inside = np.clip(one_each(start, self._matrices.columns), self._lower, self._upper)
            self._handle.start_at(inside)
        outcome = self._handle.run(asked)
        if not (outcome.left or outcome.interrupted) and self._handle.undecided:
            return self._infeasible_or_unbounded(asked)
        whole = self._whole if mixed else self._whole[:0]
        return vouched(self._found(asked, outcome), self._cost, self._matrices.offset, whole)

    def solve_fixed(
        self,
        primal: ArrayLike,
        *,
        limits: SolveLimits = DEFAULTS,
        stop: StopSignal | None = None,
    ) -> Solution:
        """Fix whole columns at their rounded value and solve what is left, for its duals.

        Parameters
        ----------
        primal
            One value a column; those of whole columns must be whole within 0.0001.
        limits, stop
            As for `solve`.
        """
        values = one_each(primal, self._matrices.columns)
        rounded = np.rint(values[self._whole])
        far = ~(np.abs(rounded - values[self._whole]) <= WHOLE)
        if far.any():
            column = self._whole[far][0]
            msg = f"column {column} is to be fixed at {values[column]}, which is not whole."
            raise fault(msg)
        lower, upper = self._lower[self._whole], self._upper[self._whole]
        self.set_bounds(self._whole, rounded, rounded)
        try:
            return self.solve(limits, integers=False, stop=stop)
        finally:
            self.set_bounds(self._whole, lower, upper)

    def basis(self) -> Basis | None:
        """Give the vertex of the last linear solve; None where there is none."""
        return self._handle.basis()

    def dual_ray(self) -> Array | None:
        """Give the combination of rows that shows why the last linear solve has no solution.

        With this weight on each row, the rows together ask for more than the columns can give.
        None where the last solve did not end infeasible, or the bounds of one column cross.
        """
        return self._handle.dual_ray()

    def start_from(self, basis: Basis | None) -> None:
        """Forget all earlier solves; start the next linear one from this vertex, or cold.

        With the same vertex, the same numbers give the same answer whatever was solved before.
        """
        self._handle.forget()
        if basis is not None:
            self._handle.start_from(basis)

    def write(self, path: Path) -> None:
        """Write the model as it stands, as LP or MPS by the ending of the path."""
        lp = as_lp(self._matrices, self.numbers)
        names, row_names = self._matrices.column_names, self._matrices.row_names
        lp.col_names_ = list(names or ()) or [f"c{i}" for i in range(self._matrices.columns)]
        lp.row_names_ = list(row_names or ()) or [f"r{i}" for i in range(self._matrices.rows)]
        write_model(lp, Path(path))

    def _found(self, asked: Asked, outcome: Outcome) -> Solution:
        if not outcome.left:
            return self._handle.read(asked, interrupted=outcome.interrupted)
        found = self._handle.left(asked, self._cost, self._matrices.offset)
        # The solver that was left behind still works, on a model of its own.
        self._handle = Handle(as_lp(self._matrices, self.numbers))
        return found

    def _infeasible_or_unbounded(self, asked: Asked) -> Solution:
        """Decide by asking for any solution at all: without costs nothing is unbounded."""
        everywhere, costs = np.arange(self._matrices.columns), self._cost.copy()
        self.set_costs(everywhere, 0.0)
        try:
            self._handle.forget()
            found = self._found(asked, self._handle.run(replace(asked, on_progress=None)))
        finally:
            self.set_costs(everywhere, costs)
        exists = found.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
        return Solution(
            SolveStatus.UNBOUNDED if exists else found.status,
            seconds=found.seconds,
            iterations=found.iterations,
            nodes=found.nodes,
        )
