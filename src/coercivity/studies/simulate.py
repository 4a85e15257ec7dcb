"""The study behind ``stress simulate``: months of operation under disruptions, many times over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.foundation.errors import UsageError
from coercivity.planning.targets import parse_requirements
from coercivity.resilience.simulation.policies import USUAL, policy_of
from coercivity.resilience.simulation.reading import dispatched, elasticities_of, layout_of
from coercivity.resilience.simulation.replications import (
    Batch,
    Trial,
    batches,
    joined,
    run_batch,
)
from coercivity.results import Parts, Request, Run, RunWriter
from coercivity.studies.simulate_asked import (
    expect_targets,
    read_scheduled,
    read_shocks,
    read_surges,
)
from coercivity.studies.simulate_leads import read_leads, standing_chain
from coercivity.studies.simulate_tables import headline, simulate_result, simulate_tables
from coercivity.studies.subject import Subject, read_subject
from coercivity.tables.csv_writer import write_case
from coercivity.uncertainty.disruptions import simulated_rules

FEWEST, MOST = 20, 1_000_000
"""Replications that a percentile needs, and that a run takes. [count]"""
LONGEST = 1200
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateOptions:
    """What is simulated."""

    months: int = 120
    """Length of a replication. [month]"""
    replications: int = 1000
    seed: int = 0
    year: int | None = None
    """Year whose flows are the routing; None is the first in which every build of a plan runs, or
    the first of a case. [calendar year]"""
    policy: str = USUAL
    lose: tuple[str, ...] = ()
    """Certain disruptions, ``SCOPE:TARGET@MONTH+MONTHS`` with a share lost after ``x``."""
    surge: tuple[str, ...] = ()
    """Surges, ``SEGMENT=FACTOR@MONTH+MONTHS``."""
    price_shock: tuple[str, ...] = ()
    """Price shocks, ``MATERIAL=FACTOR@MONTH+MONTHS``."""
    lead: tuple[str, ...] = ()
    """Leads that differ from a month, ``SCOPE:TARGET=MONTHS``."""
    events: bool = True
    """Whether the events of the case are drawn."""
    against: str | None = None
    """Another plan or case that meets the same draws."""
    against_policy: str | None = None
    """Another policy that meets the same draws."""
    scenario: str | None = None
    strict: bool = False
    name: str | None = None
    workers: int | None = None
    """Threads; the bits do not depend on them."""


def simulate(
    subject: str | Path, runs: Path, options: SimulateOptions, *, tell: Progress | None = None
) -> Run:
    """Simulate a plan or a case month by month and write the run.

    Every batch of replications is kept as it is done: a run that was broken off goes on when it
    is asked the same again, and ends with the same bits.

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
        If an option cannot be used, or nothing can happen.
    """
    _expect_numbers(options)
    read = read_subject(subject, runs, scenario=options.scenario, strict=options.strict)
    trial, year = trial_of(read, options)
    other = _other(runs, read, trial, options, year)
    request = Request(
        "stress-simulate", read.case.name, _asked(options, read, year), name=options.name,
        seed=options.seed,
    )  # fmt: skip
    tables = read.tables
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        half = 0.95 if other is None else 0.475
        seen = replicated(trial, options, writer.parts, "own", lambda x: told("months", half * x))
        beside = None
        if other is not None:
            beside = replicated(
                other, options, writer.parts, "other",
                lambda x: told("the same months again", half + half * x),
            )  # fmt: skip
        found = simulate_tables(trial, seen, other, beside)
        for name, (frame, units) in found.items():
            writer.table(name, frame, units=units)
        result = simulate_result(writer.id, trial, found, _asked(options, read, year))
        return writer.finish("ok", result=result, kpis=_kpis(result), headline=headline(result))


def trial_of(read: Subject, options: SimulateOptions) -> tuple[Trial, int]:
    """Read what is simulated, and the year whose flows are its routing.

    Parameters
    ----------
    read
        The plan or case.
    options
        What is asked.
    """
    case = standing_chain(read)
    year = options.year if options.year is not None else _usual_year(read)
    policy, elasticities = policy_of(options.policy), elasticities_of(read.tables)
    leads = read_leads(options.lead, read.tables)
    if not policy.restart:
        leads = replace(leads, starts={})
    required: list[tuple[str, str]] = []
    if read.run is None:
        plan = dispatched(case)
    else:
        plan = {name: read.run.table(name) for name in read.run.tables}
        asked = parse_requirements(tuple(read.run.manifest.options.get("require") or ()), case)
        required = [(one.segment, one.origin_class) for one in (*case.targets, *asked)]
    layout = layout_of(
        case, plan, year=year, required=required, elasticities=elasticities,
        leads=leads,
    )  # fmt: skip
    rules = simulated_rules(read.tables) if options.events else ()
    trial = Trial(
        layout=layout,
        rules=rules,
        scheduled=read_scheduled(options.lose, read.tables, months=options.months),
        surges=read_surges(options.surge, layout.segments, months=options.months),
        shocks=read_shocks(options.price_shock, layout.materials, months=options.months),
        elasticities=elasticities,
        policy=policy,
        months=options.months,
        seed=options.seed,
    )
    expect_targets(trial, read)
    return trial, year


def _usual_year(read: Subject) -> int:
    """Give the first year in which every build runs; of a case, its first year."""
    first = read.case.horizon.first_year
    if read.run is None:
        return first
    built = read.run.table("builds")
    latest = int(built["first_output_year"].max()) if len(built) else first
    return min(latest, read.case.report_until)


def _other(
    runs: Path, read: Subject, trial: Trial, options: SimulateOptions, year: int
) -> Trial | None:
    """Read what is set beside it: another plan or case in the same year, or another policy."""
    if options.against is None and options.against_policy is None:
        return None
    policy = trial.policy
    if options.against_policy is not None:
        policy = policy_of(options.against_policy)
    other = replace(trial, policy=policy)
    if options.against is not None or policy.restart != trial.policy.restart:
        beside = read
        if options.against is not None:
            beside = read_subject(options.against, runs, strict=options.strict)
        other, _ = trial_of(beside, replace(options, year=year, policy=policy.name))
        if other.layout.segments != trial.layout.segments:
            msg = (
                f"'{options.against}' has the segments {', '.join(other.layout.segments)}, "
                f"'{read.case.name}' has {', '.join(trial.layout.segments)}. What is compared "
                "serves the same segments: name another plan of the same case.  [S205]"
            )
            raise UsageError(msg)
    return other


def replicated(
    trial: Trial,
    options: SimulateOptions,
    parts: Parts,
    name: str,
    told: Callable[[float], None],
) -> Batch:
    """Run all batches, each kept in the run folder and read back if it is there already.

    Parameters
    ----------
    trial
        What is simulated.
    options
        How many replications, on how many threads.
    parts
        Keeps batches.
    name
        Begins the names of the files.
    told
        Is told the share done. [fraction]
    """
    done = []
    for first, count in batches(options.replications):
        file = f"{name}-{first}.npz"
        known = _kept(parts.folder / file)
        if known is None:
            known = run_batch(trial, first=first, count=count, workers=options.workers)
            _keep(parts, file, known)
        done.append(known)
        told((first + count) / options.replications)
    return joined(done)


def _keep(parts: Parts, file: str, batch: Batch) -> None:
    def write(path: Path) -> None:
        with path.open("wb") as stream:
            np.savez(stream, short=batch.short, cover=batch.cover, price=batch.price)

    parts.keep_file(file, write)


def _kept(file: Path) -> Batch | None:
    if not file.is_file():
        return None
    with np.load(file) as kept:
        return Batch(kept["short"], kept["cover"], kept["price"])


def _asked(options: SimulateOptions, read: Subject, year: int) -> dict[str, Any]:
    return {
        "months": options.months,
        "replications": options.replications,
        "year": year,
        "policy": options.policy,
        "lose": list(options.lose),
        "surge": list(options.surge),
        "price_shock": list(options.price_shock),
        "lead": list(options.lead),
        "events": options.events,
        "against": options.against,
        "against_policy": options.against_policy,
        "scenario": options.scenario,
        "strict": options.strict,
        "based_on": read.based_on,
        "seed": options.seed,
    }


def _expect_numbers(options: SimulateOptions) -> None:
    if not 1 <= options.months <= LONGEST:
        msg = (
            f"--months {options.months}: a replication lasts from 1 to {LONGEST} months. Ask for "
            "120, which is ten years.  [S206]"
        )
        raise UsageError(msg)
    if not FEWEST <= options.replications <= MOST:
        msg = (
            f"--replications {options.replications}: a 95th percentile needs at least {FEWEST}, "
            f"and a run takes {MOST:,} at most.  [S206]"
        )
        raise UsageError(msg)


def _kpis(result: dict[str, Any]) -> dict[str, float]:
    return {
        f"lost_{segment}_t": float(found["mean"]) for segment, found in result["lost_t"].items()
    }
