"""What it is worth to plan for many futures, to know the future, and how a plan fares in others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coercivity.foundation.errors import InfeasiblePlan, UnboundedPlan
from coercivity.planning.two_stage.averages import mean_scenario
from coercivity.planning.two_stage.extensive import extensive_form
from coercivity.planning.two_stage.problem import Recourse, TwoStageProblem
from coercivity.planning.two_stage.solution import TwoStageSolution
from coercivity.planning.two_stage.subproblem import Subproblem
from coercivity.solvers import HighsModel, Solution, SolveLimits, SolveStatus
from coercivity.solvers.matrices import Array
from coercivity.uncertainty.intervals import MeanInterval, mean_interval
from coercivity.uncertainty.risk_measures import Expectation, MeanAndTail

TIGHT = SolveLimits(relative_gap=1e-9)


@dataclass(frozen=True, slots=True, eq=False)
class PlanQuality:
    """Four costs in expectation and what lies between them."""

    stochastic_cost: float
    """Expected cost of the plan for all scenarios (RP). [unit of cost]"""
    wait_and_see_cost: float
    """Expected cost if the scenario were known first (WS). [unit of cost]"""
    expected_value_plan: Array
    """First stage of the plan for the average scenario."""
    cost_on_average: float
    """What that plan costs if the average comes true (EV). [unit of cost]"""
    expected_value_cost: float
    """What that plan costs in expectation (EEV); infinite if a scenario cannot be served after it.
    [unit of cost]"""
    unserved: tuple[str, ...]
    """Scenarios that cannot be served after the plan for the average: why EEV is infinite."""

    @property
    def value_of_perfect_information(self) -> float:
        """RP - WS: what knowing the scenario first is worth. [unit of cost]"""
        return self.stochastic_cost - self.wait_and_see_cost

    @property
    def value_of_stochastic_solution(self) -> float:
        """EEV - RP: what planning for all scenarios is worth. [unit of cost]"""
        return self.expected_value_cost - self.stochastic_cost


@dataclass(frozen=True, slots=True, eq=False)
class OutOfSample:
    """How a decision fares in scenarios it was not made for."""

    interval: MeanInterval
    """Mean cost, first stage included, with its interval. [unit of cost]"""
    costs: Array
    """Cost in each fresh scenario, first stage included. [unit of cost]"""


def plan_quality(
    problem: TwoStageProblem,
    solution: TwoStageSolution,
    *,
    expected: Recourse | None = None,
    limits: SolveLimits = TIGHT,
) -> PlanQuality:
    r"""Measure EVPI and VSS of a plan made for expectation.

    .. math::

        \mathrm{WS} \le \mathrm{RP} \le \mathrm{EEV}, \qquad
        \mathrm{EVPI} = \mathrm{RP} - \mathrm{WS}, \qquad
        \mathrm{VSS} = \mathrm{EEV} - \mathrm{RP}

    Parameters
    ----------
    problem
        First stage and scenarios.
    solution
        The plan; its expected cost is taken, whatever risk weight it was made with. Both values
        are exact up to its gap.
    expected
        The scenario that the plan for the average sees; by default the average of all numbers.
    limits
        Of each solve.

    References
    ----------
    Birge and Louveaux (2011), *Introduction to Stochastic Programming*, chapter 4.

    Examples
    --------
    All 30 bought now cost 30; knowing first costs 10 or 30; the plan for the average buys 20, and
    10 more at 3 in one scenario of two:

    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> from coercivity.planning.two_stage.extensive import solve_extensive
    >>> problem = buy_now_or_later()
    >>> quality = plan_quality(problem, solve_extensive(problem))
    >>> quality.value_of_perfect_information, quality.value_of_stochastic_solution
    (10.0, 5.0)
    """
    planned = expected_value_plan(problem, expected=expected, limits=limits)
    first = np.array(planned.primal)[: problem.first.columns]
    whole = np.flatnonzero(problem.first.integrality)
    first[whole] = np.rint(first[whole])
    costs = recourse_costs(problem, first)
    expectation = Expectation()
    return PlanQuality(
        stochastic_cost=first_cost(problem, solution.first_stage)
        + expectation.value(solution.scenario_costs, problem.probabilities),
        wait_and_see_cost=expectation.value(
            wait_and_see_costs(problem, limits=limits), problem.probabilities
        ),
        expected_value_plan=first,
        cost_on_average=float(planned.objective or 0.0),
        expected_value_cost=first_cost(problem, first)
        + expectation.value(costs, problem.probabilities),
        unserved=tuple(
            name for name, cost in zip(problem.names, costs, strict=True) if np.isinf(cost)
        ),
    )


def first_cost(problem: TwoStageProblem, first: ArrayLike) -> float:
    """Give the cost of a first-stage decision alone. [unit of cost]

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> first_cost(buy_now_or_later(), [20.0])
    20.0
    """
    return problem.first.offset + float(problem.first.cost @ np.asarray(first, dtype=float))


def expected_value_plan(
    problem: TwoStageProblem, *, expected: Recourse | None = None, limits: SolveLimits = TIGHT
) -> Solution:
    """Plan for the average scenario, as if it were certain.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> expected_value_plan(buy_now_or_later()).objective
    20.0
    """
    alone = problem.with_scenarios((expected or mean_scenario(problem),))
    return _expected(HighsModel(extensive_form(alone)).solve(limits), alone.names[0])


def wait_and_see_costs(problem: TwoStageProblem, *, limits: SolveLimits = TIGHT) -> Array:
    """Give the least cost of each scenario, first stage included, if it were known first.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> wait_and_see_costs(buy_now_or_later()).tolist()
    [10.0, 30.0]
    """
    costs = []
    for place, name in enumerate(problem.names):
        solution = HighsModel(extensive_form(problem.alone(place))).solve(limits)
        costs.append(float(_expected(solution, name).objective or 0.0))
    return np.array(costs)


def recourse_costs(problem: TwoStageProblem, first: ArrayLike) -> Array:
    """Give the cost of the recourse in each scenario after a decision. [unit of cost]

    It is infinite where a scenario cannot be served.

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> recourse_costs(buy_now_or_later(), [20.0]).tolist()
    [0.0, 30.0]
    """
    decision = np.asarray(first, dtype=float)
    costs = []
    for place, recourse in enumerate(problem.scenarios):
        solution = Subproblem(place, recourse).solve(decision, integers=True)
        served = solution.status is SolveStatus.OPTIMAL
        costs.append(float(solution.objective or 0.0) if served else np.inf)
    return np.array(costs)


def risk_of(
    problem: TwoStageProblem,
    first: ArrayLike,
    *,
    risk_weight: float = 0.0,
    tail_probability: float = 0.05,
) -> float:
    """Give first-stage cost and risk of a decision. [unit of cost]

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> risk_of(buy_now_or_later(), [20.0], risk_weight=1.0, tail_probability=0.5)
    50.0
    """
    risk = MeanAndTail(risk_weight, tail_probability)
    return first_cost(problem, first) + risk.value(
        recourse_costs(problem, first), problem.probabilities
    )


def out_of_sample(
    problem: TwoStageProblem,
    first: ArrayLike,
    fresh: Iterable[Recourse],
    *,
    level: float = 0.95,
) -> OutOfSample:
    """Price a decision in scenarios that it was not made for.

    Parameters
    ----------
    problem
        Gives the first stage; its own scenarios are not used.
    first
        The decision.
    fresh
        Independent draws of equal weight; their probabilities are not looked at. They may be
        made one after another, and each is let go once it is priced.
    level
        Share of such intervals that hold the true mean. [fraction]

    Examples
    --------
    >>> from coercivity.planning.two_stage.example import buy_now_or_later
    >>> fresh = buy_now_or_later((10.0, 22.0, 24.0)).scenarios
    >>> found = out_of_sample(buy_now_or_later(), [20.0], fresh)
    >>> found.costs.tolist(), found.interval.mean
    ([20.0, 26.0, 32.0], 26.0)
    """
    decision = np.asarray(first, dtype=float)
    sure = first_cost(problem, decision)
    costs = []
    for place, recourse in enumerate(fresh):
        solution = Subproblem(place, recourse).solve(decision, integers=True)
        costs.append(sure + float(_expected(solution, recourse.name).objective or 0.0))
    return OutOfSample(mean_interval(costs, level=level), np.array(costs))


def _expected(solution: Solution, name: str) -> Solution:
    if solution.status is SolveStatus.UNBOUNDED:
        msg = f"The cost of scenario '{name}' has no lower limit. Give sales a limit.  [P402]"
        raise UnboundedPlan(msg)
    if solution.status is not SolveStatus.OPTIMAL:
        msg = (
            f"Scenario '{name}' cannot be served. Give what may be short a penalty, so that every "
            "decision can be continued and priced.  [P401]"
        )
        raise InfeasiblePlan(msg)
    return solution
