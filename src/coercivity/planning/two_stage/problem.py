"""A decision taken before the scenario is known, and what can still be done after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from coercivity.solvers import Matrices
from coercivity.solvers.matrices import Array, SparseMatrix, check_finite, fault
from coercivity.uncertainty.probabilities import check_names, checked_probabilities


@dataclass(frozen=True, slots=True, eq=False)
class Recourse:
    r"""What one scenario makes of a first-stage decision.

    .. math::

        Q_s(x) = \min_y\; q_s^T y + q_{0s} \quad\text{with}\quad
        l_s \le T_s x + W_s y \le u_s,\quad y \in [\underline y_s, \overline y_s]
    """

    name: str
    """Name of the scenario."""
    probability: float
    """Its probability. [fraction]"""
    technology: SparseMatrix
    """:math:`T_s`: by columns, shape (rows, first-stage columns)."""
    model: Matrices
    """:math:`W_s, q_s, q_{0s}, l_s, u_s` and the bounds of :math:`y`."""

    def __post_init__(self) -> None:
        if self.technology.shape[0] != self.model.rows:
            msg = (
                f"scenario '{self.name}' has {self.technology.shape[0]} rows of technology for "
                f"{self.model.rows} rows of recourse."
            )
            raise fault(msg)
        check_finite(f"the technology of scenario '{self.name}'", self.technology.data)


@dataclass(frozen=True, eq=False)
class TwoStageProblem:
    r"""Minimise the first-stage cost and the risk of what follows.

    .. math::

        \min_{x \in X}\; c^T x + (1-w)\,\mathrm{E}[Q_s(x)]
        + w\,\mathrm{CVaR}_\tau[Q_s(x)]

    The weight :math:`w` and the tail :math:`\tau` belong to the question, not to the problem.

    Examples
    --------
    Buy now at 1 or later at 3, when 10 or 30 are needed with the same probability:

    >>> from scipy.sparse import csc_array
    >>> first = Matrices.of(csc_array((0, 1)), cost=[1.0], upper=[100.0])
    >>> later = [
    ...     Recourse(name, 0.5, csc_array([[1.0]]),
    ...              Matrices.of(csc_array([[1.0]]), cost=[3.0], row_lower=[need]))
    ...     for name, need in (("low", 10.0), ("high", 30.0))]
    >>> problem = TwoStageProblem(first, tuple(later))
    >>> problem.names, problem.probabilities.tolist()
    (('low', 'high'), [0.5, 0.5])
    """

    first: Matrices
    """:math:`c` and :math:`X`: the rows, bounds and whole columns of :math:`x` alone."""
    scenarios: tuple[Recourse, ...]
    """What follows in each scenario."""

    def __post_init__(self) -> None:
        check_names(scenario.name for scenario in self.scenarios)
        checked_probabilities(self.probabilities, names=self.names)
        for scenario in self.scenarios:
            if scenario.technology.shape[1] != self.first.columns:
                msg = (
                    f"scenario '{scenario.name}' knows {scenario.technology.shape[1]} first-stage "
                    f"columns, the first stage has {self.first.columns}."
                )
                raise fault(msg)

    @cached_property
    def probabilities(self) -> Array:
        """Probability of each scenario. [fraction]"""
        return np.array([scenario.probability for scenario in self.scenarios], dtype=float)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each scenario."""
        return tuple(scenario.name for scenario in self.scenarios)

    @property
    def continuous_recourse(self) -> bool:
        """Whether nothing after the first stage must be whole."""
        return not any(scenario.model.integrality.any() for scenario in self.scenarios)

    def with_scenarios(self, scenarios: tuple[Recourse, ...]) -> TwoStageProblem:
        """Give the same first stage other futures."""
        return replace(self, scenarios=scenarios)

    def alone(self, place: int) -> TwoStageProblem:
        """Give the problem in which one scenario is certain."""
        return self.with_scenarios((replace(self.scenarios[place], probability=1.0),))
