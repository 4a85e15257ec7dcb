"""The study behind ``plan``: case and options in, run out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coercivity.chain import Case, load_case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Target
from coercivity.foundation.errors import InfeasiblePlan, UsageError
from coercivity.foundation.problems import Problem
from coercivity.planning.earliest import Earliest, earliest_years
from coercivity.planning.frontier import parse_frontier, tracking_target
from coercivity.planning.futures.chances import parse_chances
from coercivity.planning.futures.search import FutureLimits
from coercivity.planning.influence import influence_table
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.outcome import PlanTable
from coercivity.planning.requirements import conflict_message, contradictions
from coercivity.planning.solve import PlanLimits, PlanProgress, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.planning.targets import parse_requirements, with_targets
from coercivity.results import Request, Run, RunWriter
from coercivity.solvers import SolveStatus, StopSignal
from coercivity.studies.plan_further import Answers, Further, look_further
from coercivity.studies.plan_result import (
    ModelSize,
    headline,
    key_figures,
    plan_result,
    refuse_wide,
    size_of,
)
from coercivity.studies.plan_under_uncertainty import FutureQuestion, plan_futures
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case

SHARES = {
    "relaxation": 0.1,
    "without builds": 0.2,
    "first plan": 0.3,
    "proof": 0.5,
    "hindsight": 0.7,
    "fresh futures": 0.85,
    "reading": 0.95,
}
"""Share of the work done when a phase begins. [fraction]"""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan is asked to do."""

    scenario: str | None = None
    """Named scenario whose changes apply; None is the case as it stands."""
    gap: float = 0.01
    """Proven distance to the best plan, as a share of the gain. [fraction]"""
    time_limit: float | None = None
    """Time for everything the solver does. [s]"""
    seed: int = 0
    """Seed of the solver."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""
    require: tuple[str, ...] = ()
    """Targets besides those of the case, as ``SEGMENT>=SHARE@YEAR[:CLASS]``."""
    explain: bool = False
    """Whether it says what would make rejected options pay, and what chosen ones are worth."""
    near: float | None = None
    """Look at every plan within this share of the gain. [fraction]"""
    frontier: str | None = None
    """Segment, share and class for cost against shortfall, as ``SEGMENT[>=SHARE][:CLASS]``."""
    scenarios: str | None = None
    """Futures the plan is made for: how many are drawn, or ``named``; None for the case alone."""
    risk_weight: float = 0.0
    """0 counts the expected cost of the futures only, 1 their tail only. [fraction]"""
    tail_probability: float = 0.05
    """Mass of the tail; 0.05 is the worst 5 % of the futures. [fraction]"""
    workers: int = 1
    """Processes that share the futures; any number gives the same plan. [count]"""

    @property
    def futures(self) -> FutureQuestion | None:
        """Which futures the plan is made for; None for the case alone."""
        if self.scenarios is None:
            return None
        limits = FutureLimits(
            gap=self.gap,
            time_limit=self.time_limit,
            seed=self.seed,
            risk_weight=self.risk_weight,
            tail_probability=self.tail_probability,
            workers=self.workers,
        )
        return FutureQuestion(self.scenarios, limits)

    @property
    def recorded(self) -> dict[str, Any]:
        """What a run is asked; how many processes share the work is no part of it."""
        return {name: value for name, value in asdict(self).items() if name != "workers"}

    @property
    def further(self) -> Further:
        """What is asked beyond the plan."""
        return Further(self.explain, self.near, self.frontier, self.gap)


@dataclass(frozen=True, slots=True)
class PlanEvents:
    """Callbacks of a plan, each optional: what was read, what was built, how far it is."""

    on_case: Callable[[Case, list[Problem]], None] | None = None
    on_model: Callable[[ModelSize], None] | None = None
    on_progress: Callable[[PlanProgress], None] | None = None


def plan(
    case_path: Path,
    runs: Path,
    options: PlanOptions | None = None,
    *,
    events: PlanEvents | None = None,
    stop: StopSignal | None = None,
) -> Run:
    """Plan a case and write the run.

    Parameters
    ----------
    case_path
        Folder or workbook of the case.
    runs
        Folder in which the run folder is made.
    options
        What is asked.
    events
        Who is told how far it is.
    stop
        Stops the solver, the best plan so far being kept.

    Raises
    ------
    CaseError
        If the case is wrong; all problems at once.
    PlanError
        If there is no plan, or none was found in time.
    """
    options, events = options or PlanOptions(), events or PlanEvents()
    expect_possible(options)
    began = time.perf_counter()
    case, tables, problems = load_case(case_path, scenario=options.scenario, strict=options.strict)
    problems = with_targets(case, tables, problems, strict=options.strict)
    if events.on_case is not None:
        events.on_case(case, problems)
    asked = Request("plan", case.name, options.recorded, seed=options.seed, name=options.name)
    with RunWriter(runs, asked, write_inputs=lambda folder: write_case(tables, folder)) as writer:
        write = _write_plan if options.futures is None else _write_futures
        return write(writer, (case, tables), options, events, stop, began)


def expect_possible(options: PlanOptions) -> None:
    """Refuse what cannot be asked of a plan for many futures, before anything is read.

    Raises
    ------
    UsageError
        If futures cannot be counted, weighed, or asked together with another question.
    """
    question = options.futures
    if question is None:
        if options.risk_weight > 0:
            msg = (
                f"--risk-weight {options.risk_weight:g} weighs the tail of many futures, but the "
                "plan is for one. Add --scenarios N, or leave it out.  [U306]"
            )
            raise UsageError(msg)
        return
    _ = question.count, question.limits.risk
    if options.workers < 1:
        msg = f"{options.workers} worker processes cannot do any work. Give at least 1.  [R001]"
        raise UsageError(msg)
    single = {
        "--explain": options.explain or None,
        "--near": options.near,
        "--frontier": options.frontier,
    }
    asked = [name for name, value in single.items() if value is not None]
    if asked:
        msg = (
            f"{' and '.join(asked)} asks about one future, --scenarios about many. Ask one at a "
            "time; --scenarios alone says which options every future wants, and the regret in "
            "each.  [U306]"
        )
        raise UsageError(msg)


def _write_plan(
    writer: RunWriter,
    loaded: tuple[Case, CaseTables],
    options: PlanOptions,
    events: PlanEvents,
    stop: StopSignal | None,
    began: float,
) -> Run:
    case, tables = loaded
    writer.progress("building", 0.05)
    clock = time.perf_counter()
    targets = parse_requirements(options.require, case)
    model = build_model(case, targets=(*targets, *_tracked(options, case)))
    size = size_of(model)
    refuse_wide(size, case)
    if events.on_model is not None:
        events.on_model(size)
    build_seconds = time.perf_counter() - clock

    told = _teller(writer, events)
    limits = PlanLimits(gap=options.gap, time_limit=options.time_limit, seed=options.seed)
    try:
        solution = solve_plan(model, limits, on_progress=told, stop=stop)
    except InfeasiblePlan:
        writer.progress("conflict")
        raise _explained(model, tables, options, targets, stop) from None
    found = _write_tables(writer, model, solution, tables)
    answers = look_further(
        model, solution, tables, options.further, targets=targets, limits=limits,
        parts=writer.parts, on_progress=told, stop=stop,
    )  # fmt: skip
    for name, table in answers.tables.items():
        writer.table(name, table.frame, units=table.units)
    total = time.perf_counter() - began
    seconds = {"build": build_seconds, "solve": solution.seconds, "total": total}
    return _finish(writer, case, (solution, size), found, seconds, answers)


def _write_futures(
    writer: RunWriter,
    loaded: tuple[Case, CaseTables],
    options: PlanOptions,
    events: PlanEvents,
    stop: StopSignal | None,
    began: float,
) -> Run:
    """Plan for many futures; tables are those of the case as it stands, with the same builds."""
    case, tables = loaded
    question = options.futures
    if question is None:
        return _write_plan(writer, loaded, options, events, stop, began)
    writer.progress("building", 0.05)
    answers = plan_futures(
        case, tables, question, required=parse_chances(options.require, case),
        parts=writer.parts, on_model=events.on_model, on_progress=_teller(writer, events),
        stop=stop,
    )  # fmt: skip
    found = _write_tables(writer, answers.model, answers.solution, tables, answers.tables)
    seconds = {
        "build": answers.build_seconds,
        "solve": answers.solution.seconds,
        "total": time.perf_counter() - began,
    }
    return _finish(
        writer, case, (answers.solution, answers.size), found, seconds,
        Answers(result=answers.result),
    )  # fmt: skip


def _teller(writer: RunWriter, events: PlanEvents) -> Callable[[PlanProgress], None]:
    """Tell both the run and the caller how far a plan is."""

    def told(progress: PlanProgress) -> None:
        writer.progress(progress.phase, SHARES.get(progress.phase), _message(progress))
        if events.on_progress is not None:
            events.on_progress(progress)

    return told


def _finish(
    writer: RunWriter,
    case: Case,
    solved: tuple[PlanSolution, ModelSize],
    found: dict[str, PlanTable],
    seconds: dict[str, float],
    answers: Answers,
) -> Run:
    solution, size = solved
    return writer.finish(
        solution.status.value,
        result=plan_result(writer.id, case, solution, size, found, seconds) | answers.result,
        kpis=key_figures(case, found, solution),
        seconds=seconds,
        solver="highs",
        gap=solution.gap,
        headline=headline(case, found),
    )


def _explained(
    model: PlanningModel,
    tables: CaseTables,
    options: PlanOptions,
    targets: tuple[Target, ...],
    stop: StopSignal | None,
) -> InfeasiblePlan:
    """Say which requirements contradict each other, and when each target could be met."""
    found = contradictions(model, tables, stop=stop) or []
    years = earliest_years(model.case, tables, targets=targets, stop=stop)
    message = conflict_message(model.case.name, options.scenario, found)
    conflict = [(one.requirement, one.place) for one in found]
    return InfeasiblePlan(_with_years(message, years), conflict, [one.record() for one in years])


def _with_years(message: str, years: Sequence[Earliest]) -> str:
    """Add to the message when each target could be met; its last line stays last."""
    if not years:
        return message
    lines = [
        f"  {one.requirement}: "
        f"{'no reported year' if one.year is None else one.year} ({one.because})"
        for one in years
    ]
    head, tail = message.rsplit("\n\n", 1)
    return "\n".join([head, "", "The earliest year in which each target could be met:", *lines,
                      "", tail])  # fmt: skip


def _tracked(options: PlanOptions, case: Case) -> tuple[Target, ...]:
    """Have the model tell the class of a frontier apart."""
    if options.frontier is None:
        return ()
    wanted = parse_frontier(options.frontier, case)
    return () if wanted.origin_class == ANY else (tracking_target(wanted, case),)


def _write_tables(
    writer: RunWriter,
    model: PlanningModel,
    solution: PlanSolution,
    tables: CaseTables,
    more: Mapping[str, PlanTable] | None = None,
) -> dict[str, PlanTable]:
    writer.progress("reading", SHARES["reading"])
    found = read_plan(model, solution)
    found["influence"] = influence_table(model, solution, tables)
    found |= more or {}
    for name, table in found.items():
        writer.table(name, table.frame, units=table.units)
    return found


def _message(progress: PlanProgress) -> str:
    if progress.objective is None or progress.bound is None:
        return ""
    return f"best {progress.objective:.6g}, bound {progress.bound:.6g}"


def is_proven(run: Run) -> bool:
    """Tell whether a plan was proven to the gap it was asked for."""
    return str(run.result.get("status")) == SolveStatus.OPTIMAL.value


__all__ = ["CaseTables", "ModelSize", "PlanEvents", "PlanOptions", "plan"]
