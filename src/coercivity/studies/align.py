"""The study behind ``align``: what package makes every investor and lender of a plan say yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coercivity.alignment.doubt import HAZARDS, Doubted, doubt_of
from coercivity.alignment.package import Aligned, Measure, Samples, helped
from coercivity.alignment.package.aligned import align_project
from coercivity.alignment.package.budget import yearly_outlay
from coercivity.alignment.package.fitting import Fitted, fit_budget, given
from coercivity.alignment.package.together import Together, together
from coercivity.finance.compiled import Array
from coercivity.finance.political_will import PromiseKind, promise_kinds
from coercivity.finance.refusals import FinanceError
from coercivity.foundation.errors import CaseError, CoercivityError
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.align_adversary import (
    adversary_json,
    adversary_rows,
    met_by_adversary,
)
from coercivity.studies.align_asked import asked, drawn, found_run, seed_of, starts_of
from coercivity.studies.align_coordination import coordination_of, coordination_tables
from coercivity.studies.align_fixed_point import by_align, fixed_point_json, settle_plan
from coercivity.studies.align_months import MonthsBought, months_bought, months_table
from coercivity.studies.align_options import (
    AlignOptions,
    package_options,
    refuse_senseless,
    written_options,
)
from coercivity.studies.align_tables import align_result, align_tables, headline, key_figures
from coercivity.studies.plan_positions import PlanPositions
from coercivity.tables.csv_writer import write_case

__all__ = ["Align", "AlignOptions", "align", "align_of_run", "align_projects", "seed_of"]

NO_PENALTY = (
    "no demand has a penalty, so nothing says what the chain costs while a project is missing; "
    "give demands.csv penalties to see who waits for whom"
)
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Align:
    """What was found of all projects."""

    aligned: tuple[Aligned, ...]
    doubted: Mapping[str, Doubted]
    """By project; those that need running support."""
    refused: Mapping[str, str]
    """Why a project could not be appraised."""
    left_out: Mapping[str, str]
    """Projects whose packages do not fit into the yearly budget, and what would do."""
    yearly: Mapping[str, Array]
    """Mean public outlay of each package by year of its project. [million/year, nominal]"""
    first_years: Mapping[str, int]
    """Year 0 of each project. [calendar year]"""
    options: AlignOptions
    based_on: str
    case_hazards: Mapping[str, float]
    """Of each kind of promise, as the case has them. [1/year]"""
    equilibria: Mapping[str, Any] | None = None
    """Who waits for whom, as the JSON object has it."""
    together: Together | None = None
    """One set of terms for all; None where not asked for or fewer than two projects need any."""
    months: MonthsBought | None = None
    """What the packages buy; None where nothing is asked for."""


def align(
    subject: str | Path, runs: Path, options: AlignOptions, *, tell: Progress | None = None
) -> Run:
    """Find the packages of a plan.

    Parameters
    ----------
    subject
        Id or folder of a plan.
    runs
        Folder of runs.
    options
        What is asked.
    tell
        Is told phase and share of the work done.

    Raises
    ------
    UsageError
        If the run is not a plan, or an option has no sense.
    """
    return align_of_run(found_run(subject, runs), runs, options, tell=tell)


def align_of_run(
    run: Run, runs: Path, options: AlignOptions, *, tell: Progress | None = None
) -> Run:
    """Find the packages of a plan and write the run.

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
    """
    refuse_senseless(options)
    samples = drawn(run, options)
    tables = samples[0].tables
    names = asked(samples[0], options, run)
    request = Request(
        "align", samples[0].case.name, written_options(options, run.id), name=options.name
    )
    with RunWriter(runs, request, write_inputs=lambda folder: write_case(tables, folder)) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        starts = starts_of(options.start, runs)
        found = align_projects(samples, names, options, based_on=run.id, starts=starts, tell=told)
        told("who waits for whom, and what the packages buy", 0.95)
        with ThreadPoolExecutor(max_workers=2) as pool:
            game = pool.submit(_game, run, samples[0], found)
            bought = pool.submit(_bought, run, samples[0], found)
            found = replace(found, equilibria=game.result(), months=bought.result())
        written = {**align_tables(found), **coordination_tables(found.equilibria or {})}
        if found.months is not None:
            written["months_served"] = months_table(found.months)
        for name, (frame, units) in written.items():
            writer.table(name, frame, units=units)
        result = align_result(writer.id, found)
        result["fixed_point"] = None
        if options.fixed_point:
            result["fixed_point"] = _settled(run, runs, options, result, name=writer.id, tell=told)
        result["adversary"] = _answered(run, samples, found, writer, tell=told)
        return writer.finish(
            result["status"], result=result, kpis=key_figures(found), headline=headline(found)
        )


def _answered(
    run: Run,
    samples: Sequence[PlanPositions],
    found: Align,
    writer: RunWriter,
    *,
    tell: Progress,
) -> dict[str, Any] | None:
    """Let packages and an adversary answer each other, if asked for, and write the tables."""
    if found.options.adversary is None:
        return None
    met = met_by_adversary(run, samples, found.aligned, found.options, tell=tell)
    for name, (frame, units) in adversary_rows(met).items():
        writer.table(name, frame, units=units)
    return adversary_json(met)


def _settled(
    run: Run,
    runs: Path,
    options: AlignOptions,
    result: Mapping[str, Any],
    *,
    name: str,
    tell: Progress,
) -> dict[str, Any]:
    """Let plan and packages answer each other; the packages of the first plan are known."""
    plain = replace(options, fixed_point=0, same_terms=False, adversary=None, doubt=False)

    def find(plan: Run) -> Mapping[str, Any]:
        if plan.id == run.id:
            return result
        return align_of_run(plan, runs, replace(plain, name=f"{plan.id}-aligned")).result

    found = settle_plan(
        run,
        runs,
        by_align(find),
        rounds=options.fixed_point,
        name=name,
        time_limit=options.time_limit,
        tell=tell,
    )
    return fixed_point_json(found)


def _game(run: Run, plan: PlanPositions, found: Align) -> dict[str, Any]:
    """Play the owners' game with every package signed; where it cannot be played, say why."""
    given = {one.project: one.contracts for one in found.aligned}
    positions = {
        name: helped(position, given.get(name, ()))
        for name, position in plan.positions.ready.items()
    }
    if all(demand.penalty is None for demand in plan.case.demands.values()):
        return {"least": None, "greatest": None, "complements": None, "reason": NO_PENALTY}
    seed = seed_of(found.options.seed, 0)
    return coordination_of(plan.case, plan.tables, run, positions, seed=seed)


def _bought(run: Run, plan: PlanPositions, found: Align) -> MonthsBought | None:
    """Say how long home serves its demand by itself with ever more packages signed."""
    costs = {
        one.project: float(one.cost.mean())
        for one in found.aligned
        if one.accepts and not one.before.accepted
    }
    unaided = [one.project for one in found.aligned if one.before.accepted]
    return months_bought(plan.case, plan.tables, run, costs, unaided=unaided)


def align_projects(
    samples: Sequence[PlanPositions],
    names: Sequence[str],
    options: AlignOptions,
    *,
    based_on: str,
    starts: Mapping[str, Mapping[str, float]] | None = None,
    tell: Progress | None = None,
) -> Align:
    """Find the package of each project, and what doubt adds to it.

    Parameters
    ----------
    samples
        The plan on four sets of paths.
    names
        Projects.
    options
        What is asked.
    based_on
        Id of the plan.
    starts
        Packages to begin the search with: level by column, by project. [fraction]
    tell
        Is told phase and share of the work done.

    Raises
    ------
    CoercivityError
        The first reason, if no project at all can be appraised.
    """
    refused = dict(samples[0].positions.refused)
    ready = [name for name in names if name in samples[0].positions.ready]
    if not ready:
        raise samples[0].positions.reasons[0]
    kinds = dict(promise_kinds(samples[0].tables))
    found = _each(ready, samples, options, kinds=kinds, starts=starts or {}, tell=tell)
    pairs = []
    for name, result in zip(ready, found, strict=True):
        if isinstance(result, CoercivityError):
            refused[name] = str(result)
        else:
            pairs.append(result)
    if not pairs:
        raise next(one for one in found if isinstance(one, CoercivityError))
    first_years = {
        name: position.operation.first_year for name, position in samples[0].positions.ready.items()
    }
    fitted = _fitted([pair[0] for pair in pairs], options, first_years)
    shared, fitted = _shared(fitted, options, tell)
    return Align(
        together=shared,
        aligned=fitted.aligned,
        doubted={pair[1].project: pair[1] for pair in pairs if pair[1] is not None},
        refused={name: why for name, why in refused.items() if name in names},
        left_out=fitted.left_out,
        yearly={one.project: yearly_outlay(one.fresh, one.levels) for one in fitted.aligned},
        first_years=first_years,
        options=options,
        based_on=based_on,
        case_hazards={name: kind.hazard for name, kind in kinds.items()},
    )


def _each(
    ready: Sequence[str],
    samples: Sequence[PlanPositions],
    options: AlignOptions,
    *,
    kinds: dict[str, PromiseKind],
    starts: Mapping[str, Mapping[str, float]],
    tell: Progress | None,
) -> list[tuple[Aligned, Doubted | None] | CoercivityError]:
    """Look at every project by itself, a few at a time; keep why one could not be."""

    def one(name: str) -> tuple[Aligned, Doubted | None] | CoercivityError:
        try:
            return _one(name, samples, options, kinds=kinds, start=starts.get(name))
        except (FinanceError, CaseError) as error:
            return error

    with ThreadPoolExecutor(max_workers=options.threads) as pool:
        waiting = [pool.submit(one, name) for name in ready]
        for number, _ in enumerate(as_completed(waiting), start=1):
            if tell is not None:
                tell(f"{number} of {len(ready)} projects", 0.05 + 0.9 * number / len(ready))
        return [each.result() for each in waiting]


def _shared(
    fitted: Fitted, options: AlignOptions, tell: Progress | None
) -> tuple[Together | None, Fitted]:
    """Look for one set of terms for all, if asked for."""
    if not options.same_terms:
        return None, fitted
    if tell is not None:
        tell("one set of terms for all", 0.95)
    shared = together(fitted.aligned, Measure(options.cost))
    aligned = tuple(_best(one, shared, options) for one in fitted.aligned)
    return shared, replace(fitted, aligned=aligned)


def _best(one: Aligned, shared: Together | None, options: AlignOptions) -> Aligned:
    """Take the terms for all as a project's own package where they cost less than it."""
    if shared is None or one.project not in shared.levels or not shared.holds[one.project]:
        return one
    measure, levels = Measure(options.cost), shared.levels[one.project]
    if measure.of(one.fresh.cost(levels)) >= measure.of(one.cost):
        return one
    other = given(one, levels, measure)
    better = other.accepts and measure.of(other.cost) < measure.of(one.cost)
    return other if better else one


def _fitted(
    aligned: Sequence[Aligned], options: AlignOptions, first_years: Mapping[str, int]
) -> Fitted:
    if options.budget is None:
        return Fitted(aligned=tuple(aligned), left_out={})
    return fit_budget(
        aligned,
        budget=options.budget,
        first_years=first_years,
        measure=Measure(options.cost),
    )


def _one(
    name: str,
    samples: Sequence[PlanPositions],
    options: AlignOptions,
    *,
    kinds: dict[str, PromiseKind],
    start: Mapping[str, float] | None,
) -> tuple[Aligned, Doubted | None]:
    train, check, fresh, further = (one.positions.ready[name] for one in samples)
    measure = Measure(options.cost)
    aligned = align_project(
        Samples(train=train, check=check, fresh=fresh, further=further),
        package_options(options, start),
        workers=1,
    )
    if not options.doubt:
        return aligned, None
    doubted = doubt_of(
        aligned, check, kinds, seed=seed_of(options.seed, 1), measure=measure, hazards=HAZARDS
    )
    return aligned, doubted
