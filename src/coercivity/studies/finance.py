"""The study behind ``finance``: would owners and lenders of each project say yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coercivity.chain import Case, load_case
from coercivity.finance.acceptance import Estimate
from coercivity.finance.appraisal import Appraisal
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.deciding_later import gain_of_waiting, with_waiting
from coercivity.finance.projects.from_activity import operation_of_activity
from coercivity.finance.projects.from_case import Decision, operation_of_case, own_decisions
from coercivity.finance.projects.missing import Missing, accepts, missing_price
from coercivity.finance.projects.operation import Operation
from coercivity.finance.projects.position import Position
from coercivity.finance.projects.tornado import Swing, levers_of, swings
from coercivity.finance.refusals import FinanceError
from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.finance_decisions import read_decisions, refuse_other_runs
from coercivity.studies.finance_positions import positions_of, refuse
from coercivity.studies.finance_tables import finance_result, finance_tables, headline, key_figures
from coercivity.studies.subject import named_run
from coercivity.tables import CaseTables, find_case
from coercivity.tables.csv_writer import write_case

MISSING_PATHS = 1000
"""Of the same paths, those on which the missing price is searched. [path]"""
TORNADO_PATHS = 500
"""Of the same paths, those on which inputs are moved. [path]"""
FEWEST_PATHS = 100
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class FinanceOptions:
    """What is asked about finance."""

    projects: tuple[str, ...] = ()
    """Projects; empty takes all that build something."""
    paths: int = 2000
    """Paths of prices, technical risk and promises. [path]"""
    seed: int = 0
    """Seed of all draws."""
    scenario: str | None = None
    """Named scenario whose changes apply; only of a case."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""
    workers: int | None = None
    """Threads; the bits do not depend on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A project with everything that was found."""

    position: Position
    found: Appraisal
    missing: Missing
    swings: tuple[Swing, ...]
    waiting: Estimate
    """What deciding later is worth. [million, real]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """What was found of all projects."""

    judged: tuple[Judged, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why a project could not be appraised."""
    options: FinanceOptions
    based_on: str
    """``case``, or the run whose decisions were taken."""
    first_year: int
    """Of the prices. [calendar year]"""
    prices: PricePaths


def finance_of_case(
    case_path: Path, runs: Path, options: FinanceOptions, *, tell: Progress | None = None
) -> Run:
    """Appraise the projects of a case: each takes its own options once and runs at availability.

    Parameters
    ----------
    case_path
        Folder or workbook of the case.
    runs
        Folder in which the run folder is made.
    options
        What is asked.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    CaseError
        If the case is wrong; all problems at once.
    UsageError
        If there is no such project, or none that could be appraised.
    """
    case, tables, _ = load_case(case_path, scenario=options.scenario, strict=options.strict)
    decisions = {name: own_decisions(case, name) for name in tables["projects"].ids()}
    return _study(
        case, tables, runs, options,
        decisions=decisions, describe=lambda name: operation_of_case(case, name),
        based_on="case", tell=tell,
    )  # fmt: skip


def finance(
    subject: str | Path, runs: Path, options: FinanceOptions, *, tell: Progress | None = None
) -> Run:
    """Appraise the projects of a plan or of a case, whichever is named.

    A name that is a run of the folder is that run; anything else is looked for among cases.

    Parameters
    ----------
    subject
        Id or folder of a plan; or folder, workbook or name of a case.
    runs
        Folder of runs.
    options
        What is asked.
    tell
        Is told phase and share of the work done.
    """
    run = named_run(subject, runs)
    if run is None:
        return finance_of_case(find_case(subject), runs, options, tell=tell)
    if options.scenario is not None:
        msg = (
            f"--scenario belongs to a case; the plan '{subject}' has its own already. Plan the "
            f"scenario and name that run.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    return finance_of_run(run, runs, options, tell=tell)


def finance_of_run(
    run: Run, runs: Path, options: FinanceOptions, *, tell: Progress | None = None
) -> Run:
    """Appraise the projects of a plan: its decision years, sizes and activity.

    Parameters
    ----------
    run
        A plan.
    runs
        Folder in which the run folder is made.
    options
        What is asked.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    UsageError
        If the run is not a plan, or has no such project.
    """
    refuse_other_runs(run)
    case, tables, _ = load_case(run.inputs, strict=options.strict)
    decided = read_decisions(case, run, tables["projects"].ids())

    def describe(name: str) -> Operation:
        return operation_of_activity(
            case,
            name,
            decisions=decided.decisions[name],
            activity=decided.activity,
            built_share=decided.built_share,
        )

    return _study(
        case, tables, runs, options,
        decisions=decided.decisions, describe=describe, based_on=run.id, tell=tell,
    )  # fmt: skip


def _study(
    case: Case,
    tables: CaseTables,
    runs: Path,
    options: FinanceOptions,
    *,
    decisions: Mapping[str, Sequence[Decision]],
    describe: Callable[[str], Operation],
    based_on: str,
    tell: Progress | None,
) -> Run:
    """Appraise the projects asked for and write the run."""
    names = _asked(tables, options, decisions)
    asked = {
        "projects": list(options.projects),
        "paths": options.paths,
        "seed": options.seed,
        "scenario": options.scenario,
        "strict": options.strict,
        "based_on": based_on,
    }
    request = Request("finance", case.name, asked, name=options.name)
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        found = appraise_projects(
            case, tables, options,
            names=names, decisions=decisions, describe=describe, based_on=based_on, tell=told,
        )  # fmt: skip
        for name, (frame, units) in finance_tables(found).items():
            writer.table(name, frame, units=units)
        return writer.finish(
            "ok",
            result=finance_result(writer.id, found),
            kpis=key_figures(found),
            headline=headline(found),
        )


def _asked(
    tables: CaseTables, options: FinanceOptions, decisions: Mapping[str, Sequence[Decision]]
) -> tuple[str, ...]:
    """Say which projects are looked at: those named, or all that build something."""
    if options.paths < FEWEST_PATHS:
        msg = (
            f"--paths {options.paths}: a tenth percentile and a probability need paths. Ask for "
            f"at least {FEWEST_PATHS}.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    known = tables["projects"].ids()
    for name in options.projects:
        if name not in known:
            near = suggestion(name, known, listed_in="projects.csv")
            msg = f"--project: {quoted(name)} is not a project. {near}  [{UsageError.code}]"
            raise UsageError(msg)
    names = options.projects or tuple(name for name in known if decisions[name])
    if not names:
        msg = (
            "no project of the case builds anything, so nobody is asked for money. Give its "
            "options a project (of the asset they add to), or name one with --project.  "
            f"[{UsageError.code}]"
        )
        raise UsageError(msg)
    return tuple(dict.fromkeys(names))


def appraise_projects(
    case: Case,
    tables: CaseTables,
    options: FinanceOptions,
    *,
    names: Sequence[str],
    decisions: Mapping[str, Sequence[Decision]],
    describe: Callable[[str], Operation],
    based_on: str = "case",
    tell: Progress | None = None,
) -> Finance:
    """Appraise projects on the same paths of prices; one that cannot be is told with its reason.

    Parameters
    ----------
    case, tables
        The case.
    options
        What is asked.
    names
        Projects.
    decisions
        What each project builds.
    describe
        Gives a project as planned.
    based_on
        Where decisions come from.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    CoercivityError
        The first reason, if no project at all can be appraised.
    """
    found = positions_of(
        case, tables,
        names=names, decisions=decisions, describe=describe,
        paths=options.paths, seed=options.seed, workers=options.workers,
    )  # fmt: skip
    judged = []
    for number, (name, position) in enumerate(list(found.ready.items())):
        if tell is not None:
            tell(f"appraising {name}", 0.1 + 0.85 * number / len(found.ready))
        try:
            judged.append(_judge(tables, position, options))
        except (FinanceError, CaseError) as error:
            refuse(found, name, error)
    if not judged:
        raise found.reasons[0]
    return Finance(
        judged=tuple(judged),
        refused=found.refused,
        options=options,
        based_on=based_on,
        first_year=case.horizon.first_year,
        prices=found.prices,
    )


def _judge(tables: CaseTables, position: Position, options: FinanceOptions) -> Judged:
    waiting = gain_of_waiting(position, workers=options.workers)
    found = with_waiting(position.appraise(workers=options.workers), position, waiting)
    fewest = position.first_paths(min(TORNADO_PATHS, options.paths))
    return Judged(
        position=position,
        found=found,
        missing=_missing(position, found, options),
        swings=_swings(tables, fewest, found.worth.value, options),
        waiting=waiting,
    )


def _swings(
    tables: CaseTables, few: Position, worth: float, options: FinanceOptions
) -> tuple[Swing, ...]:
    """Move inputs on fewer paths; what that changes is told from the worth on all of them."""
    found = swings(few, levers_of(tables, few), workers=options.workers)
    if not found:
        return ()
    apart = worth - few.appraise(workers=options.workers).worth.value
    return tuple(
        replace(one, at_low=one.at_low + apart, at_high=one.at_high + apart) for one in found
    )


def _missing(position: Position, found: Appraisal, options: FinanceOptions) -> Missing:
    """Search what is missing on fewer paths; on all of them where the fewer would accept."""
    if accepts(found):
        return Missing(0.0, 0.0)
    fewer = position.first_paths(min(MISSING_PATHS, options.paths))
    missing = missing_price(fewer, workers=options.workers, waiting=True)
    if missing.value == 0.0:
        return missing_price(position, found=found, workers=options.workers, waiting=True)
    return missing
