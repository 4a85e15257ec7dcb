"""The study behind ``loop``: what is kept when support ends, and what dumping then takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from coercivity.alignment.loop.draws import (
    Factors,
    Owners,
    ask_doubting,
    ask_owners,
    draw_factors,
    no_draw,
    relays_of,
)
from coercivity.alignment.loop.package import PackageLeft, package_left
from coercivity.alignment.loop.relays import Relays
from coercivity.alignment.loop.whole import (
    InTime,
    Loop,
    Width,
    find_loop,
    in_time,
    width_of,
)
from coercivity.chain import Case, load_case
from coercivity.foundation.errors import UsageError
from coercivity.results import Request, Run, RunWriter, open_run
from coercivity.results.catalogue import run_by_id
from coercivity.results.manifest import MANIFEST
from coercivity.studies.finance_decisions import refuse_other_runs
from coercivity.studies.loop_asked import (
    LoopAsked,
    SegmentLoop,
    accepting,
    each_segment,
    read_asked,
)
from coercivity.studies.loop_tables import headline, key_figures, loop_result, loop_tables
from coercivity.tables import CaseTables
from coercivity.tables.csv_writer import write_case

Progress = Callable[[str, float], None]
FEWEST_DRAWS = 10
"""For a tenth percentile. [draw]"""
HAZARDS = (0.1,)
"""At which a second loop is drawn unless asked otherwise. [1/year]"""


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """What is asked about the loop."""

    segment: str | None = None
    """Segment whose demand is served; None takes every segment together."""
    origin_class: str | None = None
    """Class that counts as accepted, or better; None takes the one that is asked for."""
    hazards: tuple[float, ...] = HAZARDS
    """Beliefs that support ends for good, each with a loop of its own. [1/year]"""
    package: str | None = None
    """Id or folder of a run of `align` for the same plan, whose package is looked at too."""
    paths: int = 100
    """Draws of long-run price, capital and running cost. [draw]"""
    seed: int = 0
    """Seed of all draws."""
    strict: bool = False
    """Whether warnings about the case are errors."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""
    workers: int | None = None
    """Threads; the bits do not depend on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFound:
    """Everything that was found."""

    options: LoopOptions
    based_on: str
    asked: LoopAsked
    central: Relays
    """Plants at planned values."""
    base: Loop
    doubted: Mapping[float, Loop] = field(default_factory=dict)
    """By hazard."""
    width: Width
    in_time: InTime
    package: PackageLeft | None = None
    """Of the align run, if one is looked at."""
    package_of: str = ""
    """Id of that run."""
    segments: tuple[SegmentLoop, ...] = ()


def loop(
    subject: str | Path, runs: Path, options: LoopOptions, *, tell: Progress | None = None
) -> Run:
    """Draw the loop of a plan.

    Parameters
    ----------
    subject
        Id or folder of a plan, or of a run of ``align`` for a plan, whose package counts then.
    runs
        Folder of runs.
    options
        What is asked.
    tell
        Is told phase and share of the work done.
    """
    run = _opened(subject, runs)
    if run.manifest.verb == "align":
        options = replace(options, package=options.package or str(run.path))
        run = _opened(str(run.result["based_on"]), run.path.parent)
    return loop_of_run(run, runs, options, tell=tell)


def _opened(subject: str | Path, runs: Path) -> Run:
    path = Path(subject)
    return open_run(path) if (path / MANIFEST).is_file() else run_by_id(str(subject), runs=runs)


def loop_of_run(run: Run, runs: Path, options: LoopOptions, *, tell: Progress | None = None) -> Run:
    """Draw the loop of a plan and write the run.

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
        If the run is not a plan, or what is asked does not exist.
    FinanceError
        If no plant of the plan can be looked at.
    """
    _check(options)
    refuse_other_runs(run)
    package = None if options.package is None else _opened(options.package, runs)
    case, tables, _ = load_case(run.inputs, strict=options.strict)
    asked = {
        "segment": options.segment,
        "class": options.origin_class,
        "hazards": list(options.hazards),
        "package": options.package,
        "paths": options.paths,
        "seed": options.seed,
        "strict": options.strict,
        "based_on": run.id,
    }
    request = Request("loop", case.name, asked, name=options.name)
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        found = study_loop(case, tables, run, options, package=package, tell=told)
        for name, (frame, units) in loop_tables(found).items():
            writer.table(name, frame, units=units)
        return writer.finish(
            "ok",
            result=loop_result(writer.id, found),
            kpis=key_figures(found),
            headline=headline(found),
        )


def _check(options: LoopOptions) -> None:
    if options.paths < FEWEST_DRAWS:
        msg = (
            f"--paths {options.paths}: a tenth percentile needs draws. Ask for at least "
            f"{FEWEST_DRAWS}.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    for hazard in options.hazards:
        if not (math.isfinite(hazard) and hazard > 0):
            msg = (
                f"--hazard {hazard:g}: a hazard is the chance a year that support ends for good, "
                f"above 0. The base loop has none: leave it out.  [{UsageError.code}]"
            )
            raise UsageError(msg)


def study_loop(
    case: Case,
    tables: CaseTables,
    run: Run,
    options: LoopOptions,
    *,
    package: Run | None = None,
    tell: Progress,
) -> LoopFound:
    """Find the loop of a plan.

    Parameters
    ----------
    case, tables
        The case that was planned.
    run
        The plan.
    options
        What is asked.
    package
        A run of ``align`` for the plan.
    tell
        Is told phase and share of the work done.
    """
    asked = read_asked(
        case,
        tables,
        run,
        segment=options.segment,
        origin_class=options.origin_class,
        workers=options.workers,
    )
    ground, reference = asked.ground, asked.yard.reference
    tell("asking the owner of each plant when he would act", 0.05)
    owners = ask_owners(asked.plants, reference.law)
    factors = draw_factors(
        tables, asked.plants, reference=reference, draws=options.paths, seed=options.seed
    )
    central, drawn = _relays(owners, factors, asked.weights)
    base = find_loop(central, drawn, ground, tell=lambda s: tell("the loop", 0.25 + 0.4 * s))
    doubted = _doubted(asked, owners, factors, base, options.hazards, tell)
    tell("how hard and how long", 0.92)
    return LoopFound(
        options=options,
        based_on=run.id,
        asked=asked,
        central=central,
        base=base,
        doubted=doubted,
        width=width_of(central, ground, stage=base.drawn_stage, highest=base.highest),
        in_time=_in_time(asked, base, central, drawn),
        package=None if package is None else _left(asked, base, drawn, accepting(run, package)),
        package_of="" if package is None else package.id,
        segments=each_segment(asked, central),
    )  # fmt: skip


def _in_time(asked: LoopAsked, base: Loop, central: Relays, drawn: Sequence[Relays]) -> InTime:
    rates = np.array([plant.sinking.rate for plant in asked.plants])
    leads = np.array([plant.lead for plant in asked.plants])
    return in_time(base, central, drawn, asked.ground, rates=rates, leads=leads)


def _left(
    asked: LoopAsked, base: Loop, drawn: Sequence[Relays], accepted: Collection[str]
) -> PackageLeft:
    brought = np.array([plant.built and plant.project in accepted for plant in asked.plants])
    return package_left(drawn, asked.ground, brought, stage=base.drawn_stage, highest=base.highest)


def _doubted(
    asked: LoopAsked,
    owners: Owners,
    factors: Sequence[Factors],
    base: Loop,
    hazards: Sequence[float],
    tell: Progress,
) -> dict[float, Loop]:
    """Draw the loop of owners who doubt, for the stage that is drawn."""
    shown = replace(asked.ground, stages=(base.drawn_stage,))
    found = {}
    for number, hazard in enumerate(hazards):
        tell(f"the loop with a hazard of {hazard:g}", 0.65 + 0.25 * number / len(hazards))
        doubting = ask_doubting(owners, asked.yard.reference.law, hazard)
        planned, moved = _relays(doubting, factors, asked.weights)
        found[hazard] = find_loop(planned, moved, shown, highest=base.highest)
    return found


def _relays(
    owners: Owners, factors: Sequence[Factors], weights: Mapping[str, float]
) -> tuple[Relays, list[Relays]]:
    """Give the plants at planned values, and of each draw."""
    planned = relays_of(owners, no_draw(len(owners.plants)), weights)
    return planned, [relays_of(owners, one, weights) for one in factors]
