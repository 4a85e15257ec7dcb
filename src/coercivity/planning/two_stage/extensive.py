"""The extensive form: every scenario written out in one model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, csc_array, csr_array, hstack, vstack

from coercivity.planning.two_stage.failures import no_plan
from coercivity.planning.two_stage.problem import TwoStageProblem
from coercivity.planning.two_stage.solution import TwoStageSolution
from coercivity.solvers import HighsModel, Matrices, SolveLimits, StopSignal
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.risk_measures import MeanAndTail

DEFAULTS = SolveLimits()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of each scenario stand in the extensive form."""

    first: slice
    """First-stage columns."""
    scenarios: tuple[slice, ...]
    """Recourse columns of each scenario."""
    threshold: int | None
    """Column of the cost from which the tail counts; None without risk weight."""


def layout_of(problem: TwoStageProblem, *, risk_weight: float = 0.0) -> Layout:
    """Tell where the columns of each scenario stand in the extensive form.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> layout_of(buy_now_or_later(), risk_weight=0.5).threshold
    3
    """
    at = problem.first.columns
    slices = []
    for scenario in problem.scenarios:
        slices.append(slice(at, at + scenario.model.columns))
        at += scenario.model.columns
    threshold = at if risk_weight > 0 else None
    return Layout(slice(0, problem.first.columns), tuple(slices), threshold)


def extensive_form(
    problem: TwoStageProblem, *, risk_weight: float = 0.0, tail_probability: float = 0.05
) -> Matrices:
    r"""Write every scenario out in one model.

    .. math::

        \min\; c^T x + (1-w) \sum_s p_s (q_s^T y_s + q_{0s})
        + w \Bigl(\eta + \tfrac1\tau \sum_s p_s e_s\Bigr), \qquad
        e_s \ge q_s^T y_s + q_{0s} - \eta, \quad e_s \ge 0

    Parameters
    ----------
    problem
        First stage and scenarios.
    risk_weight
        :math:`w`: 0 counts the expectation only, 1 the tail only. [fraction]
    tail_probability
        :math:`\tau`: mass of the tail; 0.05 is the worst 5 %. [fraction]

    Returns
    -------
    Matrices
        Columns: first stage, each scenario, then with a risk weight :math:`\eta` and
        :math:`e_s`. Rows: first stage, each scenario, then the excess of each.

    References
    ----------
    Rockafellar and Uryasev (2000), *Journal of Risk* 2(3), 21-41, Theorem 1.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> problem = buy_now_or_later()
    >>> model = extensive_form(problem, risk_weight=1.0, tail_probability=0.5)
    >>> model.columns, model.cost.tolist()
    (6, [1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    """
    risk = MeanAndTail(risk_weight, tail_probability)
    models = [scenario.model for scenario in problem.scenarios]
    weights = (1 - risk.risk_weight) * problem.probabilities
    first = problem.first
    later = block_diag([csr_array(model.matrix) for model in models], format="csr")
    ahead = vstack([csr_array(scenario.technology) for scenario in problem.scenarios])
    padding = csr_array((first.rows, later.shape[1]))
    whole = vstack([hstack([csr_array(first.matrix), padding]), hstack([ahead, later])])
    plain = Matrices.of(
        whole,
        cost=np.concatenate(
            [first.cost, *(w * m.cost for w, m in zip(weights, models, strict=True))]
        ),
        lower=np.concatenate([first.lower, *(m.lower for m in models)]),
        upper=np.concatenate([first.upper, *(m.upper for m in models)]),
        integrality=np.concatenate([first.integrality, *(m.integrality for m in models)]),
        row_lower=np.concatenate([first.row_lower, *(m.row_lower for m in models)]),
        row_upper=np.concatenate([first.row_upper, *(m.row_upper for m in models)]),
        offset=first.offset + float(weights @ np.array([m.offset for m in models])),
    )
    return _with_tail(plain, problem, risk) if risk.risk_weight > 0 else plain


def _with_tail(plain: Matrices, problem: TwoStageProblem, risk: MeanAndTail) -> Matrices:
    """Add the threshold, the excess of each scenario over it, and their cost."""
    count = len(problem.scenarios)
    models = [scenario.model for scenario in problem.scenarios]
    costs = block_diag([csr_array(model.cost[None, :]) for model in models], format="csr")
    ahead = csr_array((count, problem.first.columns))
    excess = hstack([ahead, -costs, np.ones((count, 1)), csr_array(np.eye(count))], format="csr")
    upper = hstack([csr_array(plain.matrix), csr_array((plain.rows, count + 1))], format="csr")
    offsets: Array = np.array([model.offset for model in models])
    return Matrices.of(
        csc_array(vstack([upper, excess])),
        cost=np.concatenate(
            [
                plain.cost,
                [risk.risk_weight],
                risk.risk_weight / risk.tail_probability * problem.probabilities,
            ]
        ),
        lower=np.concatenate([plain.lower, [-np.inf], np.zeros(count)]),
        upper=np.concatenate([plain.upper, np.full(count + 1, np.inf)]),
        integrality=np.concatenate([plain.integrality, np.zeros(count + 1, bool)]),
        row_lower=np.concatenate([plain.row_lower, offsets]),
        row_upper=np.concatenate([plain.row_upper, np.full(count, np.inf)]),
        offset=plain.offset,
    )


def solve_extensive(
    problem: TwoStageProblem,
    *,
    risk_weight: float = 0.0,
    tail_probability: float = 0.05,
    limits: SolveLimits = DEFAULTS,
    stop: StopSignal | None = None,
) -> TwoStageSolution:
    """Solve the extensive form: the reference, and the way for whole columns in the recourse.

    Parameters
    ----------
    problem
        First stage and scenarios.
    risk_weight, tail_probability
        As for `extensive_form`. [fraction]
    limits
        When to stop and how to work.
    stop
        Stops the solver.

    Raises
    ------
    InfeasiblePlan, UnboundedPlan, PlanNotFound
        If no plan exists, none is cheapest, or none was found in time.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> solve_extensive(buy_now_or_later()).objective
    30.0
    """
    matrices = extensive_form(problem, risk_weight=risk_weight, tail_probability=tail_probability)
    solution = HighsModel(matrices).solve(limits, stop=stop)
    if solution.primal is None or solution.objective is None or solution.bound is None:
        raise no_plan(solution.status)
    layout = layout_of(problem)
    values = solution.primal
    costs = [
        scenario.model.offset + float(scenario.model.cost @ values[part])
        for scenario, part in zip(problem.scenarios, layout.scenarios, strict=True)
    ]
    return TwoStageSolution(
        status=solution.status,
        first_stage=values[layout.first],
        scenario_costs=np.array(costs),
        objective=solution.objective,
        bound=min(solution.bound, solution.objective),
        seconds=solution.seconds,
    )
