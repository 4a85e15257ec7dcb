"""One scenario, loaded once and solved for one first-stage decision after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.foundation.errors import InternalError, UnboundedPlan
from coercivity.planning.two_stage.cuts import Cut, cost_cut, feasibility_cut
from coercivity.planning.two_stage.failures import no_plan
from coercivity.planning.two_stage.problem import Recourse
from coercivity.solvers import Basis, HighsModel, Solution, SolveLimits, SolveStatus
from coercivity.solvers.matrices import Array

EXACT = SolveLimits(relative_gap=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a scenario says of a first-stage decision."""

    cost: float
    """Least cost of the recourse; infinite where there is none. [unit of cost]"""
    cut: Cut
    """What its duals prove for every decision."""
    basis: Basis | None
    """Vertex of the solution, from which the next solve starts."""


class Subproblem:
    """A scenario that stays loaded.

    Every solve starts from the vertex of the one before, handed over as such: so the answer
    depends on the decisions asked about, not on the process that was asked.
    """

    def __init__(self, place: int, recourse: Recourse, basis: Basis | None = None) -> None:
        self._place, self._recourse, self._basis = place, recourse, basis
        self._model = HighsModel(recourse.model)
        touched = np.zeros(recourse.model.rows, dtype=bool)
        touched[np.asarray(recourse.technology.indices)] = True
        self._rows = np.flatnonzero(touched)

    def evaluate(self, first: Array) -> Answer:
        """Give the least cost of the recourse after a decision, and a cut.

        Raises
        ------
        UnboundedPlan, Stopped
            If the recourse earns without limit, or Ctrl-C was pressed.
        """
        solution = self.solve(first)
        if solution.status is SolveStatus.OPTIMAL and solution.row_dual is not None:
            self._basis = self.vertex()
            cut = cost_cut(self._place, self._recourse, solution.row_dual)
            return Answer(float(solution.objective or 0.0), cut, self._basis)
        return Answer(np.inf, self._ruled_out(first), self._basis)

    def solve(self, first: Array, *, integers: bool = False) -> Solution:
        """Solve the recourse after a decision, with whole columns or relaxed."""
        shift = (self._recourse.technology @ first)[self._rows]  # type: ignore[operator]
        model = self._recourse.model
        self._model.set_row_bounds(
            self._rows, model.row_lower[self._rows] - shift, model.row_upper[self._rows] - shift
        )
        self._model.start_from(self._basis)
        solution = self._model.solve(EXACT, integers=integers)
        if solution.status is SolveStatus.UNBOUNDED:
            msg = (
                f"The cost of scenario '{self._recourse.name}' has no lower limit: something is "
                "sold for more than it costs, without any limit. Give capacity or sales "
                "a limit in that scenario.  [P402]"
            )
            raise UnboundedPlan(msg)
        if solution.status is SolveStatus.STOPPED:
            raise no_plan(solution.status)
        return solution

    def vertex(self) -> Basis | None:
        """Give the vertex of the last solve."""
        return self._model.basis()

    def _ruled_out(self, first: Array) -> Cut:
        ray = self._model.dual_ray()
        cut = None
        if ray is not None:
            cut = feasibility_cut(self._place, self._recourse, ray, first)
        if cut is None:
            msg = (
                f"Scenario '{self._recourse.name}' cannot be served after a decision, but the "
                "solver gave no proof of it. Give what may be short a penalty, so that every "
                "decision can be continued.  [R005]"
            )
            raise InternalError(msg)
        return cut
