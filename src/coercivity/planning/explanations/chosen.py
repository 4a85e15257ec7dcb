"""What it would cost to do without an option that the plan builds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.foundation.errors import Stopped
from coercivity.planning.explanations.obstacles import dependents
from coercivity.planning.explanations.warm import HeldPlan
from coercivity.planning.model import PlanningModel
from coercivity.solvers import HighsModel, SolveLimits, SolveStatus, StopSignal


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option that the plan builds, and what forbidding it costs."""

    option: str
    forbid_cost_held: float | None
    """Extra cost with the other decisions held; None where the chain cannot run then. [million]"""
    forbid_cost_at_least: float | None
    """Proven: forbidding it costs at least this, whatever else is changed; None where no plan
    does without it. [million]"""
    with_it: tuple[str, ...]
    """Options that the plan builds and that fall with it, because they require it."""
    reason: str
    """Why a figure is missing; else empty."""


class RelaxedPlan:
    r"""The linear relaxation of a model, loaded once, for bounds under what is forbidden.

    .. math:: L_o = \min \{ c^T x : \text{all rows},\; Y_o = 0,\; Y \text{ not whole} \}

    Every plan without *o* costs at least :math:`L_o`.
    """

    def __init__(self, model: PlanningModel, *, stop: StopSignal | None = None) -> None:
        self.model, self.stop = model, stop
        self.highs = HighsModel(model.scaled.matrices)
        self.bound = self._solve()
        self._vertex = self.highs.basis()

    def without(self, option: str) -> float | None:
        """Bound the cost of all plans without an option; None where there is none. [million]"""
        matrices = self.model.scaled.matrices
        chosen = self.model.investments
        labels = np.array([chosen.labels[option, p] for p in chosen.periods[option]], dtype=int)
        self.highs.start_from(self._vertex)
        self.highs.set_bounds(labels, 0.0, 0.0)
        try:
            return self._solve()
        finally:
            self.highs.set_bounds(labels, matrices.lower[labels], matrices.upper[labels])

    def _solve(self) -> float | None:
        found = self.highs.solve(SolveLimits(), integers=False, stop=self.stop)
        if found.status is SolveStatus.STOPPED:
            msg = "Stopped while a plan was being explained; what was found is kept.  [R004]"
            raise Stopped(msg)
        return None if found.objective is None else found.objective * self.model.scaled.unit


def explain_chosen(held: HeldPlan, relaxed: RelaxedPlan, option: str) -> Chosen:
    r"""Find what forbidding an option costs, between a proven floor and a plan that does it.

    .. math:: \max(0,\, L_o - C^*) \;\le\; C_o - C_{opt}, \qquad C_o - C^* \le V(Y^* - Y^*_o) - C^*

    with :math:`C^*` the cost of the plan, :math:`C_{opt} \le C^*` that of the cheapest one and
    :math:`C_o` that of the cheapest one without *o*. What requires *o* falls with it.

    Parameters
    ----------
    held
        The plan.
    relaxed
        Its model, relaxed.
    option
        An option of which it builds a module.
    """
    held.rewind()
    falling = dependents(held, option)
    answer = held.forbid(*falling)
    bound = relaxed.without(option)
    at_least = None if bound is None else max(0.0, bound - held.cost)
    reason = ""
    if bound is None:
        reason = "no plan satisfies the case without it"
    elif answer.cost is None:
        reason = "the other decisions of the plan cannot be kept without it"
    cost = None if answer.cost is None else answer.cost - held.cost
    return Chosen(option, cost, at_least, falling[1:], reason)
