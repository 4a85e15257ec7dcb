"""Cuts: what one solve of a scenario proves for every first-stage decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.foundation.errors import InternalError
from coercivity.planning.two_stage.problem import Recourse
from coercivity.solvers.matrices import Array, Indices

NOISE = 1e-5
"""Reduced cost that the solver counts as zero, as a share of 1 + the cost. [fraction]"""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    r"""One proven inequality.

    .. math::

        \theta_s \ge \alpha + \beta^T x \quad\text{(cost)}, \qquad
        0 \ge \alpha + \beta^T x \quad\text{(feasibility)}
    """

    scenario: int
    """Position of the scenario."""
    feasibility: bool
    """Whether it tells which decisions can be served at all, not what they cost."""
    constant: float
    r""":math:`\alpha`. [unit of cost; none for feasibility]"""
    slope: Array
    r""":math:`\beta`, one a first-stage column."""

    def at(self, first: Array) -> float:
        """Evaluate the right side at a decision."""
        return self.constant + float(self.slope @ first)


class CutPool:
    """All cuts found so far, in the order in which they were found."""

    def __init__(self, columns: int) -> None:
        self._slopes: list[Array] = []
        self.scenarios: list[int] = []
        self.feasibility: list[bool] = []
        self.constants: list[float] = []
        self._columns = columns

    def __len__(self) -> int:
        return len(self.scenarios)

    def add(self, cut: Cut) -> None:
        """Keep a cut."""
        self.scenarios.append(cut.scenario)
        self.feasibility.append(cut.feasibility)
        self.constants.append(cut.constant)
        self._slopes.append(cut.slope)

    @property
    def slopes(self) -> Array:
        """Slope of every cut, one row each."""
        if not self._slopes:
            return np.zeros((0, self._columns))
        return np.vstack(self._slopes)

    def priced(self) -> Indices:
        """Give the scenarios that have a cut on their cost."""
        found = {
            place
            for place, feasible in zip(self.scenarios, self.feasibility, strict=True)
            if not feasible
        }
        return np.array(sorted(found), dtype=np.int64)


def cost_cut(place: int, recourse: Recourse, row_dual: Array) -> Cut:
    r"""Make a cut on the cost of a scenario from any weights of its rows.

    For every :math:`\pi`, whatever the solver's exactness,

    .. math::

        Q_s(x) \ge q_{0s} + \sum_i \pi_i b_i(\pi) + \sum_j d_j y_j(d) - \pi^T T_s x,
        \qquad d = q_s - W_s^T \pi

    with :math:`b_i` the lower bound of the row where :math:`\pi_i > 0` and the upper one where it
    is negative, and :math:`y_j` the lower bound of the column where :math:`d_j > 0` and the
    upper one where it is negative. Only where that bound is infinite is a :math:`d_j` within
    the solver's tolerance taken as zero.

    References
    ----------
    Birge and Louveaux (2011), *Introduction to Stochastic Programming*, section 5.1.

    Examples
    --------
    Buying later costs 3 a unit, so each unit that is short costs 3:

    >>> from scipy.sparse import csc_array
    >>> from coercivity.solvers import Matrices
    >>> model = Matrices.of(csc_array([[1.0]]), cost=[3.0], row_lower=[30.0])
    >>> later = Recourse("high", 1.0, csc_array([[1.0]]), model)
    >>> cut = cost_cut(0, later, np.array([3.0]))
    >>> cut.constant, cut.slope.tolist(), cut.at(np.array([10.0]))
    (90.0, [-3.0], 60.0)
    """
    constant, slope, leak = _combined(recourse, row_dual, recourse.model.cost)
    if leak > 0:
        msg = (
            f"The duals of scenario '{recourse.name}' leave a column without a limit a reduced "
            f"cost of {leak:.3g}, so they prove nothing. The numbers of the model may lie too far "
            "apart: look at the largest and smallest amounts of the case.  [R005]"
        )
        raise InternalError(msg)
    return Cut(place, False, constant + recourse.model.offset, slope)


def feasibility_cut(place: int, recourse: Recourse, ray: Array, first: Array) -> Cut | None:
    """Make a cut that rules out a decision which a scenario cannot be served with.

    Parameters
    ----------
    place, recourse
        The scenario.
    ray
        Weights of its rows which show that there is no solution, of either sign.
    first
        The decision to rule out.

    Returns
    -------
    Cut or None
        None where the weights do not rule it out.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> from coercivity.solvers import Matrices
    >>> model = Matrices.of(csc_array([[1.0]]), cost=[3.0], upper=[5.0], row_lower=[30.0])
    >>> later = Recourse("high", 1.0, csc_array([[1.0]]), model)
    >>> cut = feasibility_cut(0, later, np.array([1.0]), np.array([10.0]))
    >>> cut.constant, cut.slope.tolist()
    (25.0, [-1.0])
    """
    free = np.zeros(recourse.model.columns)
    largest = float(np.max(np.abs(ray), initial=0.0))
    if largest == 0:
        return None
    for weights in (ray / largest, -ray / largest):
        constant, slope, leak = _combined(recourse, weights, free)
        size = float(np.max(np.abs(slope), initial=0.0))
        if leak > 0:
            continue
        scale = size if size > 0 else 1.0
        cut = Cut(place, True, constant / scale, slope / scale)
        if cut.at(first) > 0:
            return cut
    return None


def _combined(recourse: Recourse, weights: Array, costs: Array) -> tuple[float, Array, float]:
    """Combine the rows: constant, slope, and the largest reduced cost that no bound holds."""
    model = recourse.model
    sides = np.where(weights > 0, model.row_lower, model.row_upper)
    held = np.where(np.isfinite(sides) & (weights != 0), weights, 0.0)
    reduced = costs - model.matrix.T @ held  # type: ignore[attr-defined]
    ends = np.where(reduced > 0, model.lower, model.upper)
    open_ended = ~np.isfinite(ends) & (reduced != 0)
    leaks = np.abs(reduced[open_ended])
    leaks = leaks[leaks > NOISE * (1 + np.abs(costs[open_ended]))]
    used = ~open_ended & (reduced != 0)
    constant = float(held @ np.where(held != 0, sides, 0.0)) + float(reduced[used] @ ends[used])
    slope = -(recourse.technology.T @ held)  # type: ignore[attr-defined]
    return constant, np.asarray(slope, dtype=float), float(leaks.max(initial=0.0))
