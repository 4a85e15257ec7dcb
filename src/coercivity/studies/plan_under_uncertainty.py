"""The study behind ``plan --scenarios``: one plan for many futures, and what it is worth."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted
from coercivity.planning.futures.chances import Requirements
from coercivity.planning.futures.hindsight import (
    FreshFutures,
    Hindsight,
    hindsight,
    in_fresh_futures,
)
from coercivity.planning.futures.outcome import (
    as_it_stands,
    chance_records,
    cost_table,
    coverage_table,
    in_each_future,
    option_table,
    scenario_table,
)
from coercivity.planning.futures.preparing import Prepared, prepare
from coercivity.planning.futures.search import FutureLimits, FuturePlan, plan_for_all
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import OnProgress, PlanLimits, PlanProgress, PlanSolution
from coercivity.results import Parts
from coercivity.solvers import StopSignal
from coercivity.studies.plan_result import ModelSize, records, refuse_wide, size_of
from coercivity.tables import CaseTables
from coercivity.uncertainty.futures import Future, named_futures
from coercivity.uncertainty.sampling import sampled_futures
from coercivity.uncertainty.scenarios import stream

NAMED = "named"
"""Word that asks for the scenarios of the case that have a probability."""
LARGEST_SEED = 2**31
FRESH = 10
"""Least number of fresh futures that judge a plan. [count]"""


@dataclass(frozen=True, slots=True)
class FutureQuestion:
    """Which futures a plan is made for, and what counts in them."""

    scenarios: str
    """How many are drawn, or ``named`` for the scenarios of the case with a probability."""
    limits: FutureLimits = field(default_factory=FutureLimits)
    """What counts, and when the plan is good enough; its seed draws the futures."""

    @property
    def count(self) -> int | None:
        """How many futures are drawn; None for the named ones.

        Raises
        ------
        UsageError
            If it is neither a count nor the word.
        """
        text = self.scenarios.strip()
        if text == NAMED:
            return None
        if not text.isdecimal() or int(text) < 1:
            msg = (
                f"{quoted(self.scenarios)} scenarios cannot be planned for. Give how many are to "
                f"be drawn, at least 1, or '{NAMED}' for those of scenarios.csv that have a "
                "probability.  [U306]"
            )
            raise UsageError(msg)
        return int(text)


@dataclass(slots=True)
class FutureAnswers:
    """What was found: the plan, tables besides those of a plan, and keys of the JSON object."""

    model: PlanningModel
    """Model of the case as it stands."""
    solution: PlanSolution
    """The case as it stands with the builds of the plan; cost and proof over all futures."""
    size: ModelSize
    """Size of all futures together."""
    tables: dict[str, PlanTable]
    result: dict[str, Any]
    build_seconds: float
    """Time to formulate all futures. [s]"""


def futures_of(
    case: Case, tables: CaseTables, question: FutureQuestion, *, fresh: bool = False
) -> tuple[Future, ...]:
    """Name or draw the futures of a question.

    Parameters
    ----------
    case, tables
        The case.
    question
        Which futures.
    fresh
        Whether to draw others, independently, to judge a plan by; none where they are named.
    """
    count, seed = question.count, question.limits.seed
    if count is None:
        return () if fresh else named_futures(tables)
    if not fresh:
        return sampled_futures(tables, case, count=count, seed=seed)
    other = int(stream(seed, "fresh futures").integers(LARGEST_SEED))
    return sampled_futures(tables, case, count=max(count, FRESH), seed=other, stratified=False)


def plan_futures(
    case: Case,
    tables: CaseTables,
    question: FutureQuestion,
    *,
    required: Requirements | None = None,
    parts: Parts | None = None,
    on_model: Callable[[ModelSize], None] | None = None,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> FutureAnswers:
    """Find one plan for many futures and judge it.

    Parameters
    ----------
    case, tables
        The case as it stands.
    question
        Which futures, and what counts in them.
    required
        Targets besides those of the case; they hold in every future, or with a probability.
    parts
        Keeps all that is found, so that a broken-off run goes on where it was.
    on_model
        Told the size of all futures together.
    on_progress
        Told how far it is.
    stop
        Ends it; what was found is kept.

    Raises
    ------
    UsageError
        If there is nothing to draw from, or the question cannot be used.
    PlanError
        If there is no plan, or none was found in time.
    """
    limits, began = question.limits, time.perf_counter()
    prepared = prepare(case, tables, futures_of(case, tables, question), required=required)
    size = _size(prepared)
    refuse_wide(size, case)
    if on_model is not None:
        on_model(size)
    built = time.perf_counter() - began
    plan = plan_for_all(prepared, limits, parts=parts, on_progress=on_progress, stop=stop)
    known = _in_hindsight(prepared, plan, limits, parts, on_progress, stop)
    fresh = in_fresh_futures(
        prepared,
        plan,
        futures_of(case, tables, question, fresh=True),
        parts=parts,
        on_each=_counted(on_progress, plan),
        stop=stop,
    )
    standing = as_it_stands(prepared, plan)
    solutions = in_each_future(prepared, plan, standing)
    found = {
        "scenarios": scenario_table(prepared, plan, known),
        "coverage_by_scenario": coverage_table(prepared, solutions),
        "cost_terms": cost_table(prepared, solutions),
        "options_over_scenarios": option_table(prepared, plan, known),
    }
    result = _result(prepared, plan, limits, known, fresh, found)
    return FutureAnswers(prepared.planned, standing, size, found, result, built)


def _in_hindsight(
    prepared: Prepared,
    plan: FuturePlan,
    limits: FutureLimits,
    parts: Parts | None,
    on_progress: OnProgress | None,
    stop: StopSignal | None,
) -> tuple[Hindsight, ...]:
    """Plan for each future on its own, all of them in at most as long as the plan itself."""
    each = None if limits.time_limit is None else limits.time_limit / len(prepared.futures)
    wanted = PlanLimits(gap=limits.gap, time_limit=each, seed=limits.seed)

    def told(progress: PlanProgress) -> None:
        if on_progress is not None:
            seconds = plan.seconds + progress.seconds
            on_progress(PlanProgress("hindsight", seconds, plan.objective, plan.bound))

    return hindsight(prepared, plan, wanted, parts=parts, on_progress=told, stop=stop)


def _counted(on_progress: OnProgress | None, plan: FuturePlan) -> Callable[[int], None]:
    """Tell of fresh futures as they are priced, with the cost and proof of the plan."""

    def told(_: int) -> None:
        if on_progress is not None:
            progress = PlanProgress("fresh futures", plan.seconds, plan.objective, plan.bound)
            on_progress(progress)

    return told


def _size(prepared: Prepared) -> ModelSize:
    """Measure all futures together: the first stage once, what follows in each."""
    first, scenarios = prepared.problem.first, prepared.problem.scenarios
    return replace(
        size_of(prepared.planned),
        rows=first.rows + sum(one.model.rows for one in scenarios),
        columns=first.columns + sum(one.model.columns for one in scenarios),
        integers=int(first.integrality.sum()),
        nonzeros=len(first.matrix.data)
        + sum(len(one.model.matrix.data) + len(one.technology.data) for one in scenarios),
    )


def _result(
    prepared: Prepared,
    plan: FuturePlan,
    limits: FutureLimits,
    known: tuple[Hindsight, ...],
    fresh: FreshFutures | None,
    tables: dict[str, PlanTable],
) -> dict[str, Any]:
    scenarios = tables["scenarios"].frame
    options = tables["options_over_scenarios"].frame
    interval = None if fresh is None else fresh.interval
    return {
        "risk_weight": limits.risk_weight,
        "tail_probability": limits.tail_probability,
        "scenarios": records(scenarios[["scenario", "probability", "cost_musd", "regret_musd"]]),
        "expected": plan.expected,
        "tail": plan.tail,
        "vss": plan.value_of_planning_for_all,
        **_perfect_information(prepared, plan, known),
        "out_of_sample": None
        if interval is None
        else {
            "mean": interval.mean,
            "low": interval.lower,
            "high": interval.upper,
            "count": interval.count,
        },
        "chances": chance_records(prepared, plan),
        "must_build": options.loc[options["verdict"] == "must", "option"].tolist(),
        "rounds": plan.rounds,
        "cuts": plan.cuts,
    }


def _perfect_information(
    prepared: Prepared, plan: FuturePlan, known: tuple[Hindsight, ...]
) -> dict[str, float | None]:
    """Give the value of perfect information, from the best plans found and from their bounds.

    [million]; None where a future has not been planned for on its own.
    """
    if len(known) < len(prepared.futures):
        return {"evpi": None, "evpi_at_most": None}
    chances = prepared.problem.probabilities
    costs, bounds = (
        float(chances @ np.array(values))
        for values in ([one.cost for one in known], [one.bound for one in known])
    )
    return {"evpi": plan.expected - costs, "evpi_at_most": plan.expected - bounds}
