"""Plan and packages, each knowing the other: the wiring of the fixed point to runs of a plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.alignment.fixed_point import Aligned, Planned, Round, Settled, settle
from coercivity.chain import Case, load_case
from coercivity.foundation.errors import PlanNotFound
from coercivity.planning.influence import influence_table
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.planning.targets import parse_requirements
from coercivity.results import Request, Run, RunWriter
from coercivity.solvers import SolveStatus
from coercivity.studies.finance_decisions import refuse_other_runs
from coercivity.studies.plan_result import headline, key_figures, plan_result, size_of
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case

AlignRun = Callable[[Run], Aligned]
"""Finds the packages of a plan: adders are their public cost per unit of the project's capital."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedPoint:
    """How plan and packages settled."""

    settled: Settled
    plans: Mapping[object, Run]
    """The run of each plan that was visited, by its decisions."""


def settle_plan(
    run: Run,
    runs: Path,
    align: AlignRun,
    *,
    rounds: int = 4,
    damping: float = 0.5,
    name: str | None = None,
    time_limit: float | None = None,
    tell: Progress | None = None,
) -> FixedPoint:
    """Plan again with the cost of packages on capital until plan and packages agree.

    Parameters
    ----------
    run
        The plan to begin with: made without the cost of packages.
    runs
        Folder in which further plans are written, each named after the first with its number.
    align
        Finds the packages of a plan.
    rounds
        Plans made at most. [count]
    damping
        Share of the new cost in the next. [fraction]
    name
        Before the number in the names of further plans; the first plan's id unless given.
    time_limit
        For everything; no further plan is begun once it is over, and none is looked for longer
        than what is left. What was found until then is told. [s]
    tell
        Is told phase and share of the work done.

    Raises
    ------
    UsageError
        If the run is not a plan.
    PlanError
        If a plan with these costs is not found.
    """
    refuse_other_runs(run)
    plans: dict[object, Run] = {}
    made = [0]

    clock = _Clock(time_limit)

    def plan(adders: Mapping[str, float]) -> Planned | None:
        if made[0] and clock.over:
            return None
        made[0] += 1
        if tell is not None:
            tell(f"plan {made[0]} of {rounds} at most", (made[0] - 1) / rounds)
        number = made[0]
        found = run
        if number > 1:
            again = _in_time(clock, run, runs, adders, number=number, name=name)
            if again is None:
                return None
            found = again
        key = decisions_of(found)
        plans.setdefault(key, found)
        return Planned(key, float(plans[key].result["objective"]))

    def answer(planned: Planned) -> Aligned:
        return align(plans[planned.key])

    return FixedPoint(settled=settle(plan, answer, rounds=rounds, damping=damping), plans=plans)


class _Clock:
    """What is left of a time limit."""

    def __init__(self, limit: float | None) -> None:
        self._end = None if limit is None else time.monotonic() + limit

    @property
    def left(self) -> float | None:
        """Time that is left; None without a limit. [s]"""
        return None if self._end is None else self._end - time.monotonic()

    @property
    def over(self) -> bool:
        """Whether there is a limit and it is over."""
        left = self.left
        return left is not None and left <= 0


def _in_time(
    clock: _Clock,
    run: Run,
    runs: Path,
    adders: Mapping[str, float],
    *,
    number: int,
    name: str | None,
) -> Run | None:
    """Plan again in the time that is left; None where that is too short for any plan."""
    left = clock.left
    try:
        return plan_with_adders(run, runs, adders, number=number, name=name, time_limit=left)
    except PlanNotFound:
        if left is None:
            raise
        return None


def decisions_of(run: Run) -> tuple[tuple[str, int, int], ...]:
    """Give what a plan decides: option, year and modules, in order."""
    builds = run.table("builds")
    rows = builds[["option", "decision_year", "modules"]].to_numpy().tolist()
    return tuple(sorted((str(option), int(year), int(count)) for option, year, count in rows))


def plan_with_adders(
    run: Run,
    runs: Path,
    adders: Mapping[str, float],
    *,
    number: int,
    name: str | None = None,
    time_limit: float | None = None,
) -> Run:
    r"""Plan the same case again with packages on the capital of projects, and write the run.

    .. math:: \min_x\; C(x) + \sum_p a_p \sum_{o \in p} K_o(x)

    The run tells the cost C without what was added, since packages are transfers; its bound is the
    first plan's, which holds for any plan of the case.

    Parameters
    ----------
    run
        The first plan.
    runs
        Folder in which the run is written.
    adders
        By project, per unit of discounted capital. [fraction]
    number
        Of the plan; names the run.
    name
        Before the number; the first plan's id unless given.
    time_limit
        For the solver: the best plan until then is taken. [s]
    """
    began = time.perf_counter()
    case, tables, _ = load_case(run.inputs)
    asked = run.manifest.options
    model = build_model(case, targets=parse_requirements(_list(asked.get("require")), case))
    gap, seed = float(asked.get("gap") or 0.01), int(asked.get("seed") or 0)
    limits = PlanLimits(gap=gap, seed=seed, time_limit=time_limit)
    found = solve_plan(dearer(model, adders), limits)
    solution = _without_adders(model, found, bound=float(run.result["bound"]))
    options = {"require": _list(asked.get("require")), "gap": gap, "adders": dict(adders)}
    called = f"{name or run.id}-packages-{number}"
    return _written(runs, case, tables, (model, solution), options, name=called, began=began)


def dearer(model: PlanningModel, adders: Mapping[str, float]) -> PlanningModel:
    """Add a share of its capital to the cost of every module of a project.

    Parameters
    ----------
    model
        The plan.
    adders
        By project, per unit of discounted capital. [fraction]
    """
    options = {label: name for (name, _), label in model.investments.labels.items()}
    cost = np.array(model.scaled.matrices.cost)
    for term in model.builder.terms.get("capital", ()):
        for label, coefficient in zip(term.labels, term.coefficients, strict=True):
            project = model.case.options[options[int(label)]].project
            share = adders.get(project, 0.0) if project is not None else 0.0
            cost[label] += share * coefficient / model.scaled.unit
    return replace(
        model, scaled=replace(model.scaled, matrices=replace(model.scaled.matrices, cost=cost))
    )


def _without_adders(model: PlanningModel, found: PlanSolution, *, bound: float) -> PlanSolution:
    """Count a plan at its cost to society; it is proven best with the adders, not without."""
    terms = [term for parts in model.builder.terms.values() for term in parts]
    objective = model.builder.constant + sum(term.value(found.primal) for term in terms)
    best = objective - bound <= 1e-6 * abs(objective)
    return replace(
        found,
        status=SolveStatus.OPTIMAL if best else SolveStatus.FEASIBLE,
        objective=objective,
        bound=bound,
    )


def _written(
    runs: Path,
    case: Case,
    tables: CaseTables,
    solved: tuple[PlanningModel, PlanSolution],
    options: Mapping[str, Any],
    *,
    name: str,
    began: float,
) -> Run:
    model, solution = solved
    request = Request("plan", case.name, dict(options), name=name)
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:
        found = read_plan(model, solution)
        found["influence"] = influence_table(model, solution, tables)
        for table, laid in found.items():
            writer.table(table, laid.frame, units=laid.units)
        total = time.perf_counter() - began
        seconds = {"build": total - solution.seconds, "solve": solution.seconds, "total": total}
        result = plan_result(writer.id, case, solution, size_of(model), found, seconds)
        return writer.finish(
            solution.status.value,
            result=result,
            kpis=key_figures(case, found, solution),
            seconds=seconds,
            solver="highs",
            gap=solution.gap,
            headline=headline(case, found),
        )


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def fixed_point_json(found: FixedPoint) -> dict[str, Any]:
    """Write how plan and packages settled as a JSON object.

    Parameters
    ----------
    found
        As `settle_plan` gives it.
    """
    settled = found.settled

    def told(one: Round | None) -> dict[str, Any] | None:
        if one is None:
            return None
        return {
            "run": found.plans[one.planned.key].id,
            "objective_musd": one.planned.cost,
            "public_cost_musd": one.aligned.public_cost,
            "accepted": one.aligned.accepted,
            "modules": len(found.plans[one.planned.key].table("builds")),
        }

    return {
        "stable": settled.stable,
        "ending": settled.ending.value,
        "visited": [told(one) for one in settled.rounds],
        "cycle": [told(one) for one in settled.cycle],
        "cheapest_for_society": told(settled.society),
        "cheapest_for_taxpayer": told(settled.taxpayer),
    }


def by_align(find: Callable[[Run], Mapping[str, Any]]) -> AlignRun:
    """Answer plans with the packages that `align` finds.

    The adder of a project is the mean public cost of its package over its capital. One whose
    package does not exist gets the cost of its last try, and the plan does not count as accepted.

    Parameters
    ----------
    find
        Gives the JSON object of ``align`` for a plan.
    """

    def answer(run: Run) -> Aligned:
        if run.table("builds").empty:
            return Aligned({}, 0.0, accepted=True)
        result = find(run)
        adders = {
            str(row["project"]): float(row["public_cost_mean_musd"] or 0.0) / row["capital_musd"]
            for row in result["projects"]
            if row["capital_musd"] > 0
        }
        cost = float(result["public_cost_musd"]["mean"] or 0.0)
        return Aligned(adders, cost, accepted=all(result["accepts"].values()))

    return answer
