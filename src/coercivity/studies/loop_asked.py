"""The plants and the chain of a loop: read from a plan, its case, and what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coercivity.alignment.loop.accepted import Kept, accepted_chain, class_asked, segment_asked
from coercivity.alignment.loop.chain import Dispatcher
from coercivity.alignment.loop.equivalents import key_equivalents
from coercivity.alignment.loop.measures import retained_share
from coercivity.alignment.loop.plants import LoopPlant, Planned, Yard, loop_plants
from coercivity.alignment.loop.prices import reference_of
from coercivity.alignment.loop.reach import ChainReach
from coercivity.alignment.loop.relays import Relays
from coercivity.alignment.loop.weights import deepest_dumping, weights_of
from coercivity.alignment.loop.whole import Ground, find_loop
from coercivity.chain import Case
from coercivity.finance.projects.book import price_book
from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.finance_decisions import read_decisions
from coercivity.tables import CaseTables


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopAsked:
    """The plants and the chain that are looked at."""

    segment: str
    origin_class: str
    yard: Yard
    plants: tuple[LoopPlant, ...]
    refused: Mapping[str, str]
    """Why a project could not be looked at."""
    kept: Kept
    """Part of foreign output that serves the case."""
    weights: Mapping[str, float]
    """Share of the field that each stage gets."""
    ground: Ground

    @property
    def key(self) -> str:
        """Key product."""
        return self.yard.tables.settings.key_product

    @property
    def unit(self) -> str:
        """Of the field."""
        return f"{self.yard.case.currency}/kg {self.key}"

    @property
    def year(self) -> int:
        """Whose demand is served. [calendar year]"""
        return self.yard.planned.year


@dataclass(frozen=True, slots=True)
class SegmentLoop:
    """The loop of one segment at planned values, in short."""

    segment: str
    served: float
    """With support. [fraction]"""
    kept: float | None
    """Of that, when support has ended. [fraction]"""
    weakest: str | None
    half_loss: float | None
    """At the weakest stage; None where no dumping halves it. [money/kg of key product]"""


def read_asked(
    case: Case,
    tables: CaseTables,
    run: Run,
    *,
    segment: str | None,
    origin_class: str | None,
    workers: int | None = None,
) -> LoopAsked:
    """Read the plants of a plan and the chain in which they stand.

    Parameters
    ----------
    case, tables
        The case that was planned.
    run
        The plan.
    segment
        Whose demand is served; None for every one.
    origin_class
        Class that counts as accepted; None for the one that is asked for.
    workers
        Threads; the bits do not depend on them.

    Raises
    ------
    UsageError
        If no project runs a plant, nothing can be dumped, or what is asked does not exist.
    """
    yard = _yard(case, tables, run, workers)
    plants, refused = loop_plants(yard)
    if not plants:
        raise UsageError(_nobody(run, refused))
    chosen = segment_asked(case, segment)
    accepted = class_asked(case, chosen, origin_class)
    kept = _kept(case, run, yard.planned.year)
    return LoopAsked(
        segment=chosen,
        origin_class=accepted,
        yard=yard,
        plants=plants,
        refused=refused,
        kept=kept,
        weights=weights_of(yard, plants),
        ground=_ground(yard, plants, chosen, accepted, kept),
    )


def _yard(case: Case, tables: CaseTables, run: Run, workers: int | None) -> Yard:
    decided = read_decisions(case, run, tables["projects"].ids())
    planned = Planned(
        year=case.report_until,
        decisions=decided.decisions,
        activity=decided.activity,
        built_share=decided.built_share,
    )
    key = tables.settings.key_product
    reference = reference_of(price_book(case, tables), key=key, workers=workers)
    equivalents = key_equivalents(case, key, prices=reference.table(), year=planned.year)
    return Yard(
        case=case, tables=tables, planned=planned, reference=reference, equivalents=equivalents
    )


def _nobody(run: Run, refused: Mapping[str, str]) -> str:
    why = next(iter(refused.values()), "none of them runs in the last year that is reported")
    return (
        f"no project of the plan '{run.id}' can open or close: {why}. The loop asks owners, who "
        "are rows of `projects` with plants, prices and a hurdle: add them to the case and plan it "
        f"again.  [{UsageError.code}]"
    )


def _ground(
    yard: Yard, plants: Sequence[LoopPlant], segment: str, origin_class: str, kept: Kept
) -> Ground:
    chain = accepted_chain(
        yard.case, yard.planned, plants, segment=segment, origin_class=origin_class, kept=kept
    )
    deepest = {stage: deepest_dumping(yard, plants, stage) for stage in yard.stages()}
    stages = tuple(
        stage
        for stage, depth in deepest.items()
        if depth > 0 and any(plant.exposed.get(stage, 0) > 0 for plant in plants)
    )
    if not stages:
        msg = (
            f"nothing that plants of '{yard.case.name}' sell can be dumped: no product of a stage "
            "has both a price and a way to what is asked for. Add price_models or price_links.  "
            f"[{UsageError.code}]"
        )
        raise UsageError(msg)
    return Ground(serve=Dispatcher(chain), reach=ChainReach(chain), stages=stages, deepest=deepest)


def _kept(case: Case, run: Run, year: int) -> Kept:
    """Give the part of what is made of a product in a country that serves the case in the plan."""
    if "makers" not in run.tables:
        return {}
    frame = run.table("makers")
    start = case.horizon.starts[int(case.horizon.period_of_year[year - case.horizon.first_year])]
    frame = frame[(frame["year"] == start) & (frame["kind"] == "made")]
    return {
        (str(row.country), str(row.material)): min(
            1.0, float(str(row.served_t)) / float(str(row.amount_t))
        )
        for row in frame.itertuples()
        if float(str(row.amount_t)) > 0
    }


def each_segment(asked: LoopAsked, central: Relays) -> tuple[SegmentLoop, ...]:
    """Look at every segment by itself at planned values.

    Parameters
    ----------
    asked
        Plants and chain.
    central
        Plants at planned values.
    """
    yard = asked.yard
    segments = dict.fromkeys(d.segment for d in yard.case.demands.values() if d.segment)
    found = []
    for segment in segments:
        ground = _ground(yard, asked.plants, segment, asked.origin_class, asked.kept)
        one = find_loop(central, (), ground)
        curve = one.falling.mean
        served = float(curve.accepted[-1])
        half = None if one.weakest is None else one.half_loss[one.weakest].depth
        found.append(SegmentLoop(segment, served, retained_share(curve), one.weakest, half))
    return tuple(found)


def accepting(run: Run, package: Run) -> frozenset[str]:
    """Read which projects accept the package of a run for the same plan.

    Parameters
    ----------
    run
        The plan.
    package
        A run of ``align`` for it.

    Raises
    ------
    UsageError
        If it is none, or for another plan.
    """
    accepts = package.result.get("accepts")
    if package.manifest.verb != "align" or not isinstance(accepts, dict):
        msg = (
            f"--package: run '{package.id}' ({package.manifest.verb}) has no package. Name a run "
            f"of `align`.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    if package.result.get("based_on") != run.id:
        msg = (
            f"--package: run '{package.id}' is a package for '{package.result.get('based_on')}', "
            f"not for the plan '{run.id}'. A package brings the plants of its own plan: name one "
            f"for this plan.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    return frozenset(name for name, accepted in accepts.items() if accepted)
