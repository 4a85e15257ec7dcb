"""HiGHS itself: its options, a run and what it answered."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from coercivity.foundation.errors import InternalError
from coercivity.solvers.checks import expect, new_highs
from coercivity.solvers.matrices import Array, Indices
from coercivity.solvers.port import (
    Basis,
    ProgressCallback,
    Solution,
    SolveLimits,
    SolveStatus,
    StopSignal,
)
from coercivity.solvers.running import PATIENCE, Outcome, Runner, count, finite

LARGE = 8_000
"""Rows and columns together from which ``ipx`` was faster on cold linear models of chains."""
LARGE_SEARCH = 50_000
"""The same for the first linear model of a search over whole columns."""

ModelStatus = highspy.HighsModelStatus
FEASIBLE_POINT = int(highspy.SolutionStatus.kSolutionStatusFeasible)
LIMITS_REACHED = frozenset(
    {
        ModelStatus.kTimeLimit,
        ModelStatus.kIterationLimit,
        ModelStatus.kSolutionLimit,
        ModelStatus.kMemoryLimit,
    }
)
PROVEN = {
    ModelStatus.kOptimal: SolveStatus.OPTIMAL,
    ModelStatus.kInfeasible: SolveStatus.INFEASIBLE,
    ModelStatus.kUnbounded: SolveStatus.UNBOUNDED,
}
MARKS = tuple(highspy.HighsBasisStatus(number) for number in range(5))
"""What a column or row of a vertex is, by its number in a `Basis`."""
UNDECIDED = ModelStatus.kUnboundedOrInfeasible
ANSWERS = LIMITS_REACHED | set(PROVEN) | {UNDECIDED, ModelStatus.kInterrupt}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """One solve as it was asked for."""

    limits: SolveLimits
    """When to stop and how to work."""
    mixed: bool
    """Whether columns must be whole."""
    began: float
    """Clock at its start. [s]"""
    on_progress: ProgressCallback | None = None
    """Told how far it is."""
    stop: StopSignal | None = None
    """Stops it."""

    @property
    def remaining(self) -> float:
        """Time left of the limit, in [s]."""
        if self.limits.time_limit is None:
            return math.inf
        return max(self.limits.time_limit - (time.perf_counter() - self.began), 0.0)


class Handle:
    """One ``Highs`` object with a model in it."""

    def __init__(self, lp: highspy.HighsLp) -> None:
        self._highs = new_highs()
        expect(self._highs.passModel(lp), "load the model")
        self._size = lp.num_col_ + lp.num_row_
        self._runner = Runner(self._highs)

    @property
    def undecided(self) -> bool:
        """Whether the model was found infeasible or unbounded, without saying which."""
        return self._highs.getModelStatus() == UNDECIDED

    def change_bounds(self, columns: Indices, lower: Array, upper: Array) -> None:
        """Send bounds of columns."""
        self._runner.settle()
        sent = self._highs.changeColsBounds(columns.size, int32(columns), lower, upper)
        expect(sent, "change bounds of columns")

    def change_row_bounds(self, rows: Indices, lower: Array, upper: Array) -> None:
        """Send bounds of rows."""
        self._runner.settle()
        change = self._highs.changeRowsBounds  # type: ignore[attr-defined]
        sent = change(rows.size, int32(rows), lower, upper)
        expect(sent, "change bounds of rows")

    def change_costs(self, columns: Indices, costs: Array) -> None:
        """Send costs of columns."""
        self._runner.settle()
        sent = self._highs.changeColsCost(columns.size, int32(columns), costs)
        expect(sent, "change costs")

    def dual_ray(self) -> Array | None:
        """Give the combination of rows that shows why there is no solution; None without one."""
        self._runner.settle()
        if self._highs.getModelStatus() != ModelStatus.kInfeasible:
            return None
        status, exists, ray = self._highs.getDualRay()  # type: ignore[attr-defined]
        highspy.Highs.resetGlobalScheduler(True)
        return np.array(ray) if status == highspy.HighsStatus.kOk and exists else None

    def forget(self) -> None:
        """Drop solution and vertex of earlier solves; the model stays."""
        self._runner.settle()
        expect(self._highs.clearSolver(), "forget earlier solves")

    def basis(self) -> Basis | None:
        """Give the vertex of the last linear solve; None where there is none."""
        self._runner.settle()
        found = self._highs.getBasis()
        if not found.valid:
            return None
        return Basis(
            columns=np.array([int(mark) for mark in found.col_status], dtype=np.int8),
            rows=np.array([int(mark) for mark in found.row_status], dtype=np.int8),
        )

    def start_from(self, basis: Basis) -> None:
        """Begin the next linear solve at this vertex."""
        given = highspy.HighsBasis()
        given.col_status = [MARKS[mark] for mark in basis.columns.tolist()]
        given.row_status = [MARKS[mark] for mark in basis.rows.tolist()]
        given.valid = True
        expect(self._highs.setBasis(given), "start from a vertex")

    def start_at(self, values: Array) -> None:
        """Offer a solution, NaN where not known, to the next solve with whole columns."""
        known = np.flatnonzero(np.isfinite(values))
        sent = self._highs.setSolution(known.size, int32(known), values[known])
        expect(sent, "take a start")

    def prepare(self, asked: Asked) -> None:
        """Set every option that a solve depends on, so that none is left over from the last."""
        limits, mixed = asked.limits, asked.mixed
        if mixed:
            self.forget()
        self._runner.settle()
        method = limits.method
        if method == "choose":
            large = self._size >= (LARGE_SEARCH if mixed else LARGE)
            method = "ipx" if large and not self._highs.getBasis().valid else "simplex"
        # A named linear method would make the solver ignore that columns are whole.
        self._option("solver", value="choose" if mixed else method)
        self._option("mip_lp_solver", value=method if mixed else "choose")
        self._option("solve_relaxation", value=not mixed)
        self._option("presolve", value="choose")
        self._option("run_crossover", value="on" if limits.crossover else "off")
        self._option("threads", value=limits.threads)
        self._option("random_seed", value=limits.seed)
        self._option("mip_abs_gap", value=limits.absolute_gap)
        self._option("mip_rel_gap", value=limits.relative_gap)
        self._option("mip_allow_restart", value=limits.allow_restart)

    def run(self, asked: Asked) -> Outcome:
        """Run, once more by another way where the first gave no answer.

        A search over whole columns looks up only between its heuristics, which take seconds on
        large models; so one that is stopped is left behind after a moment.
        """
        patience = PATIENCE if asked.mixed else math.inf
        for second in (False, True):
            if second:
                logger.warning("The solver gave no answer; trying without presolve.")
                self.forget()
                self._option("presolve", value="off")
                self._option("solver", value="choose" if asked.mixed else "simplex")
            # For linear models the solver counts the time of every run since it was loaded.
            spent = 0.0 if asked.mixed else float(self._highs.getRunTime())
            self._option("time_limit", value=asked.remaining + spent)
            outcome = self._runner.run(asked.on_progress, asked.stop, patience=patience)
            if outcome.left or outcome.interrupted or self._highs.getModelStatus() in ANSWERS:
                return outcome
        told = self._highs.modelStatusToString(self._highs.getModelStatus())
        msg = (
            f"The solver gave no answer to the model (status '{told}'), twice. Its numbers may "
            "lie too far apart: look at the largest and smallest amounts of the case. "
            "If they are as meant, please report this.  [R005]"
        )
        raise InternalError(msg)

    def read(self, asked: Asked, *, interrupted: bool) -> Solution:
        """Translate what the solver answered."""
        told, info = self._highs.getModelStatus(), self._highs.getInfo()
        values = self._highs.getSolution()
        found = info.primal_solution_status == FEASIBLE_POINT and values.value_valid
        found = found and told not in (ModelStatus.kInfeasible, ModelStatus.kUnbounded)
        optimal = told == ModelStatus.kOptimal
        objective = float(info.objective_function_value) if found else None
        bound = objective if optimal else None
        if asked.mixed and (found or told not in PROVEN):
            bound = finite(info.mip_dual_bound)
        dual = optimal and not asked.mixed and values.dual_valid
        return Solution(
            status=translated(told, found=found, interrupted=interrupted),
            objective=objective,
            bound=bound,
            primal=np.array(values.col_value) if found else None,
            row_dual=np.array(values.row_dual) if dual else None,
            reduced_cost=np.array(values.col_dual) if dual else None,
            seconds=time.perf_counter() - asked.began,
            iterations=count(info.simplex_iteration_count)
            + count(info.ipm_iteration_count)
            + count(info.crossover_iteration_count),
            nodes=count(info.mip_node_count),
        )

    def left(self, asked: Asked, cost: Array, offset: float) -> Solution:
        """Tell what a search had found when it was left behind; it is not asked any more."""
        primal, progress = self._runner.best
        return Solution(
            status=SolveStatus.STOPPED,
            objective=None if primal is None else float(cost @ primal) + offset,
            bound=None if progress is None else progress.bound,
            primal=primal,
            seconds=time.perf_counter() - asked.began,
            nodes=0 if progress is None else progress.nodes,
        )

    def _option(self, name: str, *, value: bool | float | str) -> None:
        expect(self._highs.setOptionValue(name, value), f"take {name} = {value}")


def translated(told: highspy.HighsModelStatus, *, found: bool, interrupted: bool) -> SolveStatus:
    """Translate the solver's own status, in the one place where that is done."""
    if interrupted or told == ModelStatus.kInterrupt:
        return SolveStatus.STOPPED
    if told in LIMITS_REACHED:
        return SolveStatus.FEASIBLE if found else SolveStatus.NOT_FOUND
    return PROVEN[told]


def int32(values: Indices) -> NDArray[np.int32]:
    """Give positions in the size that the solver takes."""
    return values.astype(np.int32)
