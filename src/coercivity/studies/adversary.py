"""The study behind ``stress adversary``: the best an adversary with a budget can do to a plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from coercivity.alignment.adversary import (
    BanResponse,
    Exposure,
    Field,
    Response,
    Service,
    attack_grid,
    ban_grid,
    best_ban,
    best_response,
    exposures_of,
)
from coercivity.alignment.adversary.attacks import OWN_COST
from coercivity.chain import Case
from coercivity.finance.compiled import Array
from coercivity.finance.projects.book import price_book
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.planning.built import built_case
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.adversary_tables import (
    Attacked,
    adversary_result,
    adversary_tables,
    headline,
    key_figures,
)
from coercivity.studies.finance_decisions import Decided
from coercivity.studies.plan_positions import PlanPositions, plan_positions
from coercivity.tables.csv_writer import write_case

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class AdversaryOptions:
    """What an adversary may do, and how it is worked out."""

    budget: float
    """Margin he may give up in all. [million, real]"""
    segment: str | None = None
    """Whose demand he is after; None takes all demand, weighted by 1 over priority."""
    materials: tuple[str, ...] = ()
    """Products he may dump; empty takes all that he sells and a project trades."""
    own_cost: float = OWN_COST
    """Share of the long-run price below which he does not sell. [fraction]"""
    exports: float | None = None
    """What he sells abroad of each product; None reads the offers of covered countries.
    [kt/year]"""
    every: int = 3
    """Years between the first years that are tried. [year]"""
    paths: int = 200
    """Paths of prices, technical risk and promises. [path]"""
    seed: int = 0
    """Seed of all draws."""
    name: str | None = None
    """Id of the run; None makes one from verb and time."""
    workers: int | None = None
    """Threads; the bits do not depend on them."""


def adversary(
    run: Run, runs: Path, options: AdversaryOptions, *, tell: Progress | None = None
) -> Run:
    """Find the adversary's best response to a plan and write the run.

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
        If the run is not a plan, an option makes no sense, or he sells nothing that matters.
    """
    _check(options)
    plan = plan_positions(run, paths=options.paths, seed=options.seed, workers=options.workers)
    exposures = traded_exposures(plan, options)
    asked = asdict(options) | {"based_on": run.id, "materials": [e.material for e in exposures]}
    del asked["name"], asked["workers"]
    request = Request("stress-adversary", plan.case.name, asked, name=options.name)
    with RunWriter(
        runs, request, write_inputs=lambda folder: write_case(plan.tables, folder)
    ) as writer:

        def told(phase: str, share: float) -> None:
            writer.progress(phase, share)
            if tell is not None:
                tell(phase, share)

        told("setting up what can be served", 0.02)
        found = attack_plan(run, plan, exposures, options, tell=told)
        for name, (frame, units) in adversary_tables(found).items():
            writer.table(name, frame, units=units)
        return writer.finish(
            "ok",
            result=adversary_result(writer.id, found),
            kpis=key_figures(found),
            headline=headline(found),
        )


def attack_plan(
    run: Run,
    plan: PlanPositions,
    exposures: Sequence[Exposure],
    options: AdversaryOptions,
    *,
    tell: Progress | None = None,
) -> Attacked:
    """Try every attack within the budget.

    Parameters
    ----------
    run
        The plan.
    plan
        Its projects, on common paths.
    exposures
        What the adversary sells.
    options
        What is asked.
    tell
        Is told phase and share of the work done.
    """
    case = plan.case
    service = Service(built_case(run), segment=options.segment)
    field = field_of(plan, service, exposures, workers=options.workers)
    starts = starts_in(case, every=options.every)
    attacks = attack_grid(exposures, first_year=field.first_year, starts=starts)
    response = best_response(
        field, [one for one in attacks if one.cost <= options.budget], tell=tell
    )
    return Attacked(
        response=response,
        ban=_ban(field, service, response, exposures, starts, options.budget),
        exposures=tuple(exposures),
        based_on=run.id,
        case=case,
        refused=plan.positions.refused,
        asked=service.asked,
        budget=options.budget,
        own_cost=options.own_cost,
        segment=options.segment,
        paths=options.paths,
        seed=options.seed,
    )


def field_of(
    plan: PlanPositions,
    service: Service,
    exposures: Sequence[Exposure],
    *,
    workers: int | None = None,
) -> Field:
    """Set up what an adversary plays against.

    Parameters
    ----------
    plan
        Its projects, on common paths.
    service
        What can be served.
    exposures
        What he sells.
    workers
        Threads; the bits do not depend on them.
    """
    case = plan.case
    return Field(
        positions=plan.positions.ready,
        built=_built(case, plan.decided),
        serve=service.of,
        floors={one.material: one.own_cost for one in exposures},
        first_year=case.horizon.first_year,
        years=len(case.horizon.years),
        last_reported=case.report_until,
        workers=workers,
    )


def starts_in(case: Case, *, every: int) -> range:
    """List the first years of attacks that are tried.

    Parameters
    ----------
    case
        The chain.
    every
        Years between them. [year]
    """
    return range(case.horizon.first_year + 1, case.report_until + 1, every)


def _ban(
    field: Field,
    service: Service,
    response: Response,
    exposures: Sequence[Exposure],
    starts: Sequence[int],
    budget: float,
) -> BanResponse:
    """Try every export ban within the budget, plants standing as without an attack."""
    standing = {name: side.standing for name, side in response.base.sides.items()}
    bans = ban_grid(exposures, first_year=field.first_year, starts=starts)
    return best_ban(
        exposures,
        [one for one in bans if one.cost <= budget],
        lambda withheld: service.of(standing, withheld=withheld),
        first_year=field.first_year,
        years=field.years,
    )


def traded_exposures(plan: PlanPositions, options: AdversaryOptions) -> tuple[Exposure, ...]:
    """Find what he sells that a project trades; refuse products that he cannot dump.

    Parameters
    ----------
    plan
        Its projects.
    options
        What he may do.

    Raises
    ------
    UsageError
        If he sells nothing that matters, or not what is named.
    """
    book = price_book(plan.case, plan.tables)
    ready = plan.positions.ready.values()
    traded = [quote.material for one in ready for quote in one.pricing.quotes.values()]
    follows = [
        link.follows for one in ready for link in one.book.needed(one.pricing.quotes.values())
    ]
    found = exposures_of(
        plan.case,
        book,
        sorted({*traded, *follows}),
        own_cost=options.own_cost,
        volume=options.exports,
        sold=_sales(plan),
    )
    known = [one.material for one in found]
    for name in options.materials:
        if name not in known:
            near = suggestion(name, known, listed_in="what he sells and a project trades")
            msg = f"--material: {quoted(name)} cannot be dumped. {near}  [S301]"
            raise UsageError(msg)
    if not found:
        msg = (
            "no supplier of a covered country offers anything that a project buys or sells at a "
            "price, so there is nothing to dump. State his exports with --exports.  [S301]"
        )
        raise UsageError(msg)
    return tuple(one for one in found if not options.materials or one.material in options.materials)


def _sales(plan: PlanPositions) -> dict[str, Array]:
    """Add up what the projects of the plan sell of each product, by year. [kt/year]"""
    first, years = plan.case.horizon.first_year, len(plan.case.horizon.years)
    found: dict[str, Array] = {}
    for one in plan.positions.ready.values():
        begin = one.operation.first_year - first
        for material in one.pricing.sold:
            made = one.operation.made(material)[: years - begin]
            total = found.setdefault(material, np.zeros(years))
            total[begin : begin + len(made)] += made
    return found


def _built(case: Case, decided: Decided) -> dict[str, Array]:
    """Give the part of each project's capacity that is built: of its assets, the largest."""
    found: dict[str, Array] = {}
    for asset, share in decided.built_share.items():
        project = case.assets[asset].project if asset in case.assets else None
        if project is not None:
            found[project] = np.maximum(found.get(project, 0.0 * share), share)
    return found


def _check(options: AdversaryOptions) -> None:
    """Refuse numbers that make no sense."""
    wrong = {
        "--budget": (options.budget, options.budget >= 0, "0 or more, in million"),
        "--own-cost": (options.own_cost, 0 <= options.own_cost < 1, "from 0 to below 1"),
        "--every": (options.every, options.every >= 1, "at least 1"),
    }
    if options.exports is not None:
        wrong["--exports"] = (options.exports, options.exports > 0, "above 0, in kt a year")
    for name, (value, holds, wanted) in wrong.items():
        if not holds or not math.isfinite(value):
            msg = f"{name} {value}: write a number that is {wanted}.  [S301]"
            raise UsageError(msg)
