"""What a plan for many futures says: tables by future, each number the one that was optimised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.futures.chances import missed_in, target_rows
from coercivity.planning.futures.hindsight import Hindsight
from coercivity.planning.futures.preparing import Prepared
from coercivity.planning.futures.search import FuturePlan
from coercivity.planning.outcome import TABLES, PlanTable
from coercivity.planning.solve import PlanSolution
from coercivity.planning.two_stage.subproblem import Subproblem
from coercivity.solvers import HighsModel, SolveStatus
from coercivity.solvers.matrices import Array

MONEY = "million, present value"


def as_it_stands(prepared: Prepared, plan: FuturePlan) -> PlanSolution:
    """Run the case as it stands with the builds of a plan: for its tables and prices.

    Cost, bound and gain are those over all futures.

    Raises
    ------
    InfeasiblePlan
        If the case as it stands cannot be served after the plan.
    """
    model = prepared.planned
    highs = HighsModel(model.scaled.matrices)
    built = plan.first[: prepared.first.columns.size]
    highs.set_bounds(prepared.first.columns, built, built)
    soft = target_rows(model, prepared.chances)
    highs.set_row_bounds(soft, np.full(soft.size, -np.inf), np.full(soft.size, np.inf))
    solution = highs.solve(integers=False)
    if solution.status is not SolveStatus.OPTIMAL or solution.primal is None:
        msg = (
            f"The plan serves every future, but not case '{model.case.name}' as it stands. Give "
            "what may be short a penalty, or put the case as it stands among the futures: a "
            "scenario without changes.  [P401]"
        )
        raise InfeasiblePlan(msg)
    unit = model.scaled.unit
    return PlanSolution(
        status=plan.status,
        primal=np.asarray(solution.primal, dtype=np.float64),
        objective=plan.objective,
        bound=plan.bound,
        without_builds=plan.without_builds,
        seconds=plan.seconds,
        row_dual=None if solution.row_dual is None else np.asarray(solution.row_dual) * unit,
        reduced_cost=None
        if solution.reduced_cost is None
        else np.asarray(solution.reduced_cost) * unit,
    )


def in_each_future(
    prepared: Prepared, plan: FuturePlan, standing: PlanSolution
) -> list[PlanSolution]:
    """Run each future with the builds of a plan."""
    found = []
    for place, cut in enumerate(prepared.cuts):
        later = Subproblem(place, prepared.problem.scenarios[place]).solve(plan.first)
        if later.primal is None:
            msg = f"Future '{cut.recourse.name}' cannot be served after the plan.  [P401]"
            raise InfeasiblePlan(msg)
        primal = cut.joined(plan.first, np.asarray(later.primal))
        found.append(replace(standing, primal=primal, row_dual=None, reduced_cost=None))
    return found


def scenario_table(prepared: Prepared, plan: FuturePlan, known: Sequence[Hindsight]) -> PlanTable:
    """List the cost of a plan in each future, and what hindsight would have saved."""
    best = {one.future: one for one in known}
    rows = []
    for future, cost in zip(prepared.futures, plan.costs.tolist(), strict=True):
        one = best.get(future.name)
        rows.append(
            {
                "scenario": future.name,
                "named": future.scenario,
                "probability": future.probability,
                "cost_musd": cost,
                "hindsight_musd": None if one is None else one.cost,
                "hindsight_at_least_musd": None if one is None else one.bound,
                "regret_musd": None if one is None else cost - one.cost,
            }
        )
    money = ("cost_musd", "hindsight_musd", "hindsight_at_least_musd", "regret_musd")
    frame = pd.DataFrame(rows)
    frame = frame.astype(dict.fromkeys(money, float))
    return PlanTable(frame, dict.fromkeys(money, MONEY) | {"probability": "fraction"})


def coverage_table(prepared: Prepared, solutions: Sequence[PlanSolution]) -> PlanTable:
    """List demand and shortfall of every demand and year in each future."""
    frames, units = [], {}
    for future, model, solution in zip(prepared.futures, prepared.models, solutions, strict=True):
        table = TABLES["coverage"](model, solution)
        frame = table.frame.copy()
        frame.insert(0, "scenario", future.name)
        frame.insert(1, "probability", future.probability)
        frames.append(frame)
        units = dict(table.units)
    return PlanTable(pd.concat(frames, ignore_index=True), units | {"probability": "fraction"})


def cost_table(prepared: Prepared, solutions: Sequence[PlanSolution]) -> PlanTable:
    """List the terms of the expected cost, which they sum to."""
    terms: dict[str, float] = {}
    for future, model, solution in zip(prepared.futures, prepared.models, solutions, strict=True):
        for name, value in model.builder.cost_terms(solution.primal).items():
            terms[name] = terms.get(name, 0.0) + future.probability * value
    names = sorted(terms)
    frame = pd.DataFrame({"term": names, "value_musd": [terms[name] for name in names]})
    return PlanTable(frame, {"value_musd": MONEY})


def modules_of(prepared: Prepared, first: Array) -> Mapping[str, int]:
    """Count the modules of each option that a decision builds."""
    model = prepared.planned
    primal = np.zeros(model.scaled.matrices.columns)
    primal[prepared.first.columns] = first[: prepared.first.columns.size]
    found: dict[str, int] = {}
    for (option, _), count in model.investments.modules(primal).items():
        found[option] = found.get(option, 0) + count
    return found


def option_table(prepared: Prepared, plan: FuturePlan, known: Sequence[Hindsight]) -> PlanTable:
    """List the options that the plan, or hindsight in some future, builds.

    ``must`` is built by the plan and by the best plan found for every future; ``could`` by some;
    ``hedge`` by the plan for all futures only, and by the best plan for none of them.
    """
    own = modules_of(prepared, plan.first)
    chances = {future.name: future.probability for future in prepared.futures}
    others = [(chances[one.future], modules_of(prepared, one.first)) for one in known]
    rows = []
    for option in prepared.planned.case.options:
        share = sum(chance for chance, built in others if option in built)
        if not own.get(option) and share == 0:
            continue
        everywhere = bool(others) and all(option in built for _, built in others)
        verdict = "must" if everywhere and own.get(option) else "could"
        if others and share == 0:
            verdict = "hedge"
        rows.append(
            {
                "option": option,
                "modules": own.get(option, 0),
                "hindsight_share": share if others else None,
                "verdict": verdict if others else None,
            }
        )
    columns = ["option", "modules", "hindsight_share", "verdict"]
    frame = pd.DataFrame(rows, columns=columns).astype({"hindsight_share": float})
    return PlanTable(frame, {"modules": "count", "hindsight_share": "fraction"})


def chance_records(prepared: Prepared, plan: FuturePlan) -> list[dict[str, object]]:
    """Tell with which probability targets are held that need not hold always."""
    shares = {future.name: future.probability for future in prepared.futures}
    missed = missed_in(prepared.first, plan.first)
    return [
        {
            "target": goal,
            "asked": asked,
            "held": 1 - sum(shares[name] for name in missed[goal]),
            "missed": missed[goal],
        }
        for goal, asked in prepared.chances.items()
    ]
