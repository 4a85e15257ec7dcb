"""The study behind ``stress sweep``: every shock in turn, ranked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from coercivity.chain import Case
from coercivity.foundation.errors import UsageError
from coercivity.resilience.attack.measure import measure_of, period_of
from coercivity.resilience.attack.outages import Outages
from coercivity.resilience.attack.pieces import Asking
from coercivity.resilience.attack.shocks import pairs_of, plain_shocks, shocks_of_events
from coercivity.resilience.attack.sweep import Sweeper
from coercivity.resilience.attack.targets import (
    Target,
    find_target,
    group_targets,
    single_targets,
)
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.stress_sweep_kept import AnswersKept
from coercivity.studies.stress_sweep_tables import Swept, key_figures, sweep_result, sweep_tables
from coercivity.studies.subject import Subject, read_subject
from coercivity.tables.csv_writer import write_case

YEARS_AFTER = 4
"""Reported years that must follow the first year of a shock where none is named. [year]"""
UNASKED = ("name", "workers")
"""Options that do not belong to the question."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOptions:
    """What is asked about shocks."""

    segment: str | None = None
    """Whose demand counts; None counts all, weighted by 1 ÷ priority."""
    year: int | None = None
    """Year at whose beginning every shock starts; None is the first in which all modules of a
    plan run at full size, five years before the end at the latest; the first year of a case.
    [calendar year]"""
    targets: tuple[str, ...] = ()
    """Only these; empty takes everything that can fail."""
    pairs: bool = False
    """Whether every two plants, links or suppliers are lost together as well."""
    workers: int = 1
    """Processes that share the shocks; the answer is the same to the bit. [count]"""
    time_limit: float | None = None
    """Time after which no further pair is looked at; None looks at all. [s]"""
    scenario: str | None = None
    """Named scenario whose changes apply; only of a case."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""


def sweep(
    subject: str | Path, runs: Path, options: SweepOptions, *, tell: Progress | None = None
) -> Run:
    """Lose one thing after another of a plan or a case, and write the run.

    Parameters
    ----------
    subject
        Id or folder of a plan; or folder, workbook or name of a case.
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
        If there is no such segment, year or target, no worker or no time.
    """
    began = time.perf_counter()
    _expect_time(options.time_limit)
    outages = Outages(workers=options.workers)
    read = read_subject(subject, runs, scenario=options.scenario, strict=options.strict)
    case, tables = read.chain(), read.tables
    measure = measure_of(case, segment=options.segment)
    year = start_of(read, case, options.year)
    targets = _asked(case, read, options)
    shocks = [*plain_shocks(targets), *shocks_of_events(tables, targets)]
    # How many work on it changes no answer, so an unfinished sweep goes on with any number.
    asked = {key: value for key, value in asdict(options).items() if key not in UNASKED}
    request = Request(
        "stress-sweep",
        read.case.name,
        asked | {"year": year, "based_on": read.based_on, "targets": list(options.targets)},
        name=options.name,
    )
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, 0.1 + 0.85 * share)
            if tell is not None:
                tell(phase, 0.1 + 0.85 * share)

        told("building", 0.0)
        sweeper = Sweeper(case, measure, year=year, targets=targets)
        pairs = pairs_of(targets) if options.pairs else []
        with outages:
            asking = Asking(outages, AnswersKept(writer.parts), _deadline(options.time_limit))
            swept = sweeper.sweep(shocks, asking, pairs=pairs, tell=told)
        return _written(writer, Swept(case, tables, measure, year, swept), read, began)


def _written(writer: RunWriter, found: Swept, read: Subject, began: float) -> Run:
    result = sweep_result(writer.id, found, based_on=read.based_on)
    for name, (frame, units) in sweep_tables(found, result).items():
        writer.table(name, frame, units=units)
    seconds = {"total": time.perf_counter() - began}
    result |= {"seconds": seconds}
    return writer.finish(
        "feasible" if found.found.untried else "ok",
        result=result,
        kpis=key_figures(result),
        seconds=seconds,
        solver="highs",
        headline=found.headline,
    )


def _expect_time(time_limit: float | None) -> None:
    if time_limit is not None and not time_limit > 0:
        msg = f"--time-limit {time_limit:g} leaves no time. Give more than 0.  [S103]"
        raise UsageError(msg)


def _deadline(time_limit: float | None) -> float | None:
    return None if time_limit is None else time.monotonic() + time_limit


def _asked(case: Case, read: Subject, options: SweepOptions) -> tuple[Target, ...]:
    every = (*single_targets(case, read.tables), *group_targets(case, read.tables))
    if not options.targets:
        return every
    return tuple(dict.fromkeys(find_target(name, every) for name in options.targets))


def start_of(read: Subject, case: Case, year: int | None) -> int:
    """Say when shocks begin: with the period of a year.

    Parameters
    ----------
    read
        The plan or the case.
    case
        Its chain.
    year
        Year that was named. [calendar year]

    Raises
    ------
    UsageError
        If the year is not reported.
    """
    if year is not None:
        return case.horizon.starts[period_of(case, year)]
    if read.run is None:
        return case.horizon.first_year
    builds = read.run.table("builds")
    full = [
        int(first) + len(read.case.options[str(option)].ramp) - 1
        for option, first in zip(builds["option"], builds["first_output_year"], strict=True)
    ]
    latest = max(case.report_until - YEARS_AFTER, case.horizon.first_year)
    begun = min(max([case.horizon.first_year, *full]), latest)
    return case.horizon.starts[period_of(case, begun)]


__all__ = ["SweepOptions", "start_of", "sweep"]
