"""The scenario that is the average of all: the future as a plan for the average sees it."""

from __future__ import annotations

import numpy as np

from coercivity.foundation.errors import UsageError
from coercivity.planning.two_stage.problem import Recourse, TwoStageProblem
from coercivity.solvers import Matrices
from coercivity.solvers.matrices import Array


def mean_scenario(problem: TwoStageProblem, *, name: str = "expected") -> Recourse:
    r"""Average every number over the scenarios, :math:`\bar q = \sum_s p_s q_s` and so on.

    Raises
    ------
    UsageError
        If the scenarios differ in size, or a limit is infinite in some only: there is no average
        then.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> mean_scenario(buy_now_or_later()).model.row_lower.tolist()
    [20.0]
    """
    models = [scenario.model for scenario in problem.scenarios]
    if len({(model.rows, model.columns) for model in models}) > 1:
        msg = (
            "The scenarios differ in their numbers of rows or columns, so they have no average. "
            "Give the expected scenario yourself.  [U305]"
        )
        raise UsageError(msg)
    chances = problem.probabilities
    scenarios = list(zip(chances, problem.scenarios, strict=True))
    return Recourse(
        name,
        1.0,
        sum(chance * one.technology.tocsc() for chance, one in scenarios),
        Matrices.of(
            sum(chance * one.model.matrix for chance, one in scenarios),
            cost=chances @ np.array([model.cost for model in models]),
            lower=averaged("lower", chances, [model.lower for model in models]),
            upper=averaged("upper", chances, [model.upper for model in models]),
            integrality=models[0].integrality,
            row_lower=averaged("row_lower", chances, [model.row_lower for model in models]),
            row_upper=averaged("row_upper", chances, [model.row_upper for model in models]),
            offset=float(chances @ np.array([model.offset for model in models])),
        ),
    )


def averaged(what: str, chances: Array, values: list[Array]) -> Array:
    """Average limits, which are infinite in all scenarios that can happen or in none.

    Examples
    --------
    >>> averaged("upper", np.array([0.5, 0.5]), [np.array([2.0]), np.array([4.0])]).tolist()
    [3.0]
    """
    table = np.array([value for value, chance in zip(values, chances, strict=True) if chance > 0])
    infinite = np.isinf(table)
    if (infinite.any(axis=0) & ~infinite.all(axis=0)).any():
        place = int(np.flatnonzero(infinite.any(axis=0) & ~infinite.all(axis=0))[0])
        msg = (
            f"Limit {place} of '{what}' is infinite in some scenarios and finite in others, so "
            "it has no average. Give the expected scenario yourself.  [U305]"
        )
        raise UsageError(msg)
    means = chances[chances > 0] @ np.where(infinite, 0.0, table)
    return np.where(infinite.all(axis=0), table[0], means)
