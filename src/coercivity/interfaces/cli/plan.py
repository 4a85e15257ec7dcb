"""``coercivity plan``: which plants, where, when, at what cost."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.interfaces.cli.options import CaseArgument, Json, RunsFolder, Scenario, Verbose
from coercivity.interfaces.cli.screen import show, show_json, show_table, tell
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.chain import Case
    from coercivity.foundation.problems import Problem
    from coercivity.planning.solve import PlanProgress
    from coercivity.results import Run
    from coercivity.studies.plan import ModelSize, PlanEvents
    from coercivity.views.plan_words import TextTable

STOPPED = 130
EVERY_SECONDS = 2.0
"""Time between two lines of progress. [s]"""
EVEN = 1e6
"""Span of coefficients up to which a model is called even."""

Gap = Annotated[
    float,
    typer.Option(
        "--gap",
        min=0.0,
        max=1.0,
        help="Proven distance to the best plan, as a share of the gain: cost without any build "
        "less cost of the plan.",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="S",
        min=0.0,
        help="Seconds for the solver; the best plan so far is kept.",
        show_default="none",
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of the solver, and of drawn futures.")
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="ID", help="Name of the run.", show_default="made up"),
]
Require = Annotated[
    list[str] | None,
    typer.Option(
        "--require",
        metavar="REQ",
        help="SEGMENT>=SHARE@YEAR[:CLASS]: serve that share from that year on, by this origin "
        "class or better. May be given several times. With --scenarios, ~0.95 at the end asks for "
        "it in futures that carry 95 % only.",
        show_default="none",
    ),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain",
        help="Say what would make each rejected option pay, what each chosen one is worth, and "
        "what a year less of permitting is worth.",
    ),
]
Near = Annotated[
    float | None,
    typer.Option(
        "--near",
        metavar="EPS",
        min=0.0,
        max=1.0,
        help="Say which options every plan within this share of the gain builds, which none does, "
        "and show other plans as different as possible.",
        show_default="the gap, with --explain",
    ),
]
Frontier = Annotated[
    str | None,
    typer.Option(
        "--frontier",
        metavar="SEGMENT",
        help="Cost against the shortfall of SEGMENT[>=SHARE][:CLASS], and against the year from "
        "which it is served.",
        show_default="none",
    ),
]
Scenarios = Annotated[
    str | None,
    typer.Option(
        "--scenarios",
        metavar="N",
        help="One plan for N futures, drawn from events, overruns, ranges and price levels by "
        "--seed; 'named' for the scenarios of the case that have a probability.",
        show_default="the case alone",
    ),
]
RiskWeight = Annotated[
    float,
    typer.Option(
        "--risk-weight",
        metavar="W",
        help="Weight of the tail against the expected cost: 0 expectation only, 1 tail only.",
    ),
]
TailProbability = Annotated[
    float,
    typer.Option(
        "--tail-probability", metavar="P", help="Mass of the tail: 0.05 is the worst 5 %."
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", metavar="N", help="Processes that share the futures; the plan is the same."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")]


def plan(  # over budget: one argument for each option
    case: CaseArgument,
    scenario: Scenario = None,
    gap: Gap = 0.01,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    name: Name = None,
    require: Require = None,
    explain: Explain = False,
    near: Near = None,
    frontier: Frontier = None,
    scenarios: Scenarios = None,
    risk_weight: RiskWeight = 0.0,
    tail_probability: TailProbability = 0.05,
    workers: Workers = 1,
    strict: Strict = False,
    folder: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Plan which plants to build, where and when, at least cost.

    Every plant waits for its permit and its construction before it gives anything. The answer
    comes in words, then as tables; the run folder keeps all of it.
    """
    from coercivity.results import runs_folder
    from coercivity.studies.plan import PlanOptions
    from coercivity.studies.plan import plan as study
    from coercivity.tables import find_case

    options = PlanOptions(
        scenario=scenario,
        gap=gap,
        time_limit=time_limit,
        seed=seed,
        strict=strict,
        name=name,
        require=tuple(require or ()),
        explain=explain,
        near=near,
        frontier=frontier,
        scenarios=scenarios,
        risk_weight=risk_weight,
        tail_probability=tail_probability,
        workers=workers,
    )
    run = study(find_case(case), runs_folder(folder), options, events=_events(verbose=verbose))
    if as_json:
        show_json(run.result)
    else:
        _show(run)
    _close(run, gap)


def _events(*, verbose: bool) -> PlanEvents:
    from coercivity.studies.plan import PlanEvents

    last = [time.monotonic()]

    def on_progress(progress: PlanProgress) -> None:
        if time.monotonic() - last[0] >= EVERY_SECONDS:
            last[0] = time.monotonic()
            tell(_progress_line(progress))

    return PlanEvents(
        on_case=lambda case, problems: _tell_case(case, problems, verbose=verbose),
        on_model=_tell_model,
        on_progress=on_progress,
    )


def _tell_case(case: Case, problems: list[Problem], *, verbose: bool) -> None:
    from coercivity.foundation.problems import Severity, listing

    tell(
        f"case '{case.name}', {case.horizon.first_year} to {case.horizon.end - 1}: assets "
        f"{len(case.assets)}, options {len(case.options)}, lanes {len(case.lanes)}, demands "
        f"{len(case.demands)}"
    )
    warnings = [p for p in problems if p.severity is Severity.WARNING]
    if warnings and verbose:
        tell(listing(warnings))
    elif warnings:
        tell(f"{len(warnings)} warnings; `coercivity check` lists them")


def _tell_model(size: ModelSize) -> None:
    verdict = "even" if size.span <= EVEN else "wide, watch the last digits"
    entries = size.coefficients.matrix
    shown = "none" if entries is None else f"{entries[0]:.2g} to {entries[1]:.2g} ({verdict})"
    tell(
        f"model: {size.rows} rows, {size.columns} columns, {size.integers} whole-number "
        f"decisions; coefficients {shown}"
    )


def _progress_line(progress: PlanProgress) -> str:
    line = f"{progress.seconds:6.0f} s  {progress.phase}"
    if progress.objective is not None and progress.bound is not None:
        best, bound = progress.objective, progress.bound
        line += f": best {best:,.1f}, bound {bound:,.1f} million"
    return line


def _show(run: Run) -> None:
    from coercivity.views.further_words import further_answer, further_tables
    from coercivity.views.futures_words import futures_answer, futures_tables
    from coercivity.views.influence_words import weakest_table
    from coercivity.views.plan_words import (
        answer,
        bottleneck_table,
        builds_table,
        cost_table,
        coverage_table,
        stages_table,
    )

    show("\n".join([*answer(run), *further_answer(run), *futures_answer(run)]))
    makers = (builds_table, coverage_table, stages_table, bottleneck_table, cost_table)
    for table in [*futures_tables(run), *(make(run) for make in makers), *further_tables(run)]:
        _show_text_table(table)
    _show_text_table(weakest_table(run))
    show(f"\nThe run is in {run.path}. `coercivity runs` lists all; tables are in tables/.")


def _show_text_table(table: TextTable) -> None:
    if table.rows:
        show_table(table.columns, table.rows, title=f"\n{table.title}")


def _close(run: Run, gap: float) -> None:
    status = run.result["status"]
    if status == "optimal":
        return
    reached = run.result["gap_of_gain"]
    measure = "gain" if reached is not None else "cost"
    reached = run.result["gap"] if reached is None else reached
    tell(
        f"{'Stopped' if status == 'stopped' else 'Time ran out'} with a plan, not a proof: at most "
        f"{reached:.2%} of the {measure} away from the best plan; asked for {gap:.2%}. Allow more "
        f"time, or accept it with --gap {reached * 1.01:.2g}."
    )
    if status == "stopped":
        sys.stdout.flush()
        raise typer.Exit(STOPPED)


VERB = Verb(
    "plan",
    plan,
    (
        ("coercivity plan mini", "plan a reference case"),
        (
            "coercivity plan us-tungsten --scenario ban-2028 --gap 0.05",
            "under a scenario; us-rare-earths takes a minute or more",
        ),
        ("coercivity plan mini --require 'industry>=90%@2028'", "with a target to be met"),
        ("coercivity plan mini --explain --near 0.05", "with reasons, and what could be otherwise"),
        (
            "coercivity plan us-tungsten --scenarios 5 --seed 1 --gap 0.05",
            "one plan for five drawn futures",
        ),
        ("coercivity plan mini --gap 0 --json", "to the last cent, for programs"),
    ),
    exits=(0, 1, 2, 3, 4, 5, 130),
)
