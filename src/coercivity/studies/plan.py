"""The study behind ``plan``: case and options in, run out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.chain import Case, load_case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Target
from coercivity.foundation.errors import CaseError, InfeasiblePlan
from coercivity.foundation.problems import Place, Problem
from coercivity.planning.earliest import Earliest, earliest_years
from coercivity.planning.frontier import parse_frontier, tracking_target
from coercivity.planning.influence import influence_table
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.outcome import PlanTable
from coercivity.planning.requirements import conflict_message, contradictions
from coercivity.planning.solve import PlanLimits, PlanProgress, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.planning.targets import parse_requirements, with_targets
from coercivity.results import Request, Run, RunWriter
from coercivity.solvers import CoefficientRange, SolveStatus, StopSignal
from coercivity.studies.plan_further import Answers, Further, look_further
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case

SHARES = {
    "relaxation": 0.1,
    "without builds": 0.2,
    "first plan": 0.3,
    "proof": 0.5,
    "reading": 0.95,
}
"""Share of the work done when a phase begins. [fraction]"""

WIDEST_SPAN = 1e9
"""Ratio of largest to smallest coefficient beyond which a model is not solved."""


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

    @property
    def further(self) -> Further:
        """What is asked beyond the plan."""
        return Further(self.explain, self.near, self.frontier, self.gap)


@dataclass(frozen=True, slots=True)
class ModelSize:
    """Size of a model and the range of its numbers."""

    rows: int
    columns: int
    integers: int
    nonzeros: int
    coefficients: CoefficientRange

    @property
    def span(self) -> float:
        """Ratio of the largest to the smallest entry of the matrix."""
        entries = self.coefficients.matrix
        return 1.0 if entries is None else entries[1] / entries[0]


@dataclass(frozen=True, slots=True)
class PlanEvents:
    """Callbacks of a plan, each optional: what was read, what was built, how far it is."""

    on_case: Callable[[Case, list[Problem]], None] | None = None
    on_model: Callable[[ModelSize], None] | None = None
    on_progress: Callable[[PlanProgress], None] | None = None


def size_of(model: PlanningModel) -> ModelSize:
    """Measure a model."""
    matrices = model.scaled.matrices
    return ModelSize(
        rows=matrices.rows,
        columns=matrices.columns,
        integers=int(matrices.integrality.sum()),
        nonzeros=len(matrices.matrix.data),
        coefficients=matrices.coefficient_range(),
    )


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
    began = time.perf_counter()
    case, tables, problems = load_case(case_path, scenario=options.scenario, strict=options.strict)
    problems = with_targets(case, tables, problems, strict=options.strict)
    if events.on_case is not None:
        events.on_case(case, problems)
    asked = Request("plan", case.name, asdict(options), seed=options.seed, name=options.name)
    with RunWriter(runs, asked, write_inputs=lambda folder: write_case(tables, folder)) as writer:
        return _write_plan(writer, (case, tables), options, events, stop, began)


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
    _refuse_wide(size, case)
    if events.on_model is not None:
        events.on_model(size)
    build_seconds = time.perf_counter() - clock

    def told(progress: PlanProgress) -> None:
        writer.progress(progress.phase, SHARES.get(progress.phase), _message(progress))
        if events.on_progress is not None:
            events.on_progress(progress)

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
    writer: RunWriter, model: PlanningModel, solution: PlanSolution, tables: CaseTables
) -> dict[str, PlanTable]:
    writer.progress("reading", SHARES["reading"])
    found = read_plan(model, solution)
    found["influence"] = influence_table(model, solution, tables)
    for name, table in found.items():
        writer.table(name, table.frame, units=table.units)
    return found


def _refuse_wide(size: ModelSize, case: Case) -> None:
    """Refuse a model whose numbers lie too far apart for a solver to be exact."""
    entries = size.coefficients.matrix
    if entries is None or size.span <= WIDEST_SPAN:
        return
    what = f"the coefficients of the model span from {entries[0]:.3g} to {entries[1]:.3g}"
    instead = (
        "A solver is not exact over more than nine orders of magnitude. Look for a recipe amount, "
        "size or capital with a wrong unit (tonnes, million)."
    )
    raise CaseError([Problem("N201", Place("the model"), what, instead)], case=case.name)


def _message(progress: PlanProgress) -> str:
    if progress.objective is None or progress.bound is None:
        return ""
    return f"best {progress.objective:.6g}, bound {progress.bound:.6g}"


def plan_result(
    run: str,
    case: Case,
    solution: PlanSolution,
    size: ModelSize,
    tables: dict[str, PlanTable],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """Write a plan as the JSON object of the command line."""
    builds = tables["builds"].frame
    return {
        "run": run,
        "status": solution.status.value,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "gap_of_gain": solution.gap_of_gain,
        "gain": solution.gain,
        "currency": case.currency,
        "price_year": case.price_year,
        "seconds": seconds,
        "size": {"rows": size.rows, "columns": size.columns, "integers": size.integers},
        "builds": _records(
            builds[
                [
                    "option", "asset", "site", "project", "decision_year",
                    "first_output_year", "size_t_per_year", "capital_musd",
                ]
            ]
        ),
        "coverage": _coverage(tables),
        "cost_terms": {
            str(term): float(value)
            for term, value in tables["cost_terms"].frame.itertuples(index=False)
        },
        "bottlenecks": _records(
            tables["bottlenecks"].frame.drop_duplicates(["year", "stage"])[
                ["year", "stage", "asset", "value_musd_per_year"]
            ]
        ),
    }  # fmt: skip


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) for row in plain.to_numpy().tolist()]


def _coverage(tables: dict[str, PlanTable]) -> list[dict[str, Any]]:
    served = tables["served"].frame
    by_class: dict[tuple[str, int], dict[str, float]] = {}
    for demand, year, cls, tonnes in zip(
        served["demand"], served["year"], served["class"], served["served_t"], strict=True
    ):
        held = by_class.setdefault((demand, int(year)), {})
        held[cls] = held.get(cls, 0.0) + float(tonnes)
    return [
        {
            "demand": row["demand"],
            "segment": row["segment"],
            "year": row["year"],
            "demand_t": row["demand_t"],
            "served_t": by_class.get((row["demand"], row["year"]), {}),
            "shortfall_t": row["shortfall_t"],
        }
        for row in _records(tables["coverage"].frame)
    ]


def key_figures(
    case: Case, tables: dict[str, PlanTable], solution: PlanSolution
) -> dict[str, float]:
    """Give the figures by which runs are compared."""
    builds, coverage = tables["builds"].frame, tables["coverage"].frame
    reported = coverage[coverage["year"] <= case.report_until]
    weights = reported["years"]
    asked = float((reported["demand_t"] * weights).sum())
    short = float((reported["shortfall_t"] * weights).sum())
    return {
        "objective_musd": solution.objective,
        "capital_musd": float(builds["capital_musd"].sum()),
        "modules": float(builds["modules"].sum()),
        "served_share": 1 - short / asked if asked else 1.0,
        "report_until": float(case.report_until),
    }


def headline(case: Case, tables: dict[str, PlanTable]) -> str:
    """Say a plan in a line for the list of runs."""
    builds = tables["builds"].frame
    count, capital = int(builds["modules"].sum()), float(builds["capital_musd"].sum())
    year = f"{case.price_year}" if case.price_year else ""
    return f"{count} modules, {capital:,.0f} million {case.currency}{year}"


def is_proven(run: Run) -> bool:
    """Tell whether a plan was proven to the gap it was asked for."""
    return str(run.result.get("status")) == SolveStatus.OPTIMAL.value


__all__ = ["CaseTables", "PlanEvents", "PlanOptions", "plan"]
