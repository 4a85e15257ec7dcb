"""The plants of a plan with their money: what stands today, and what the plan builds beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coercivity.alignment.loop.prices import Reference
from coercivity.alignment.loop.sinking import Sinking, sinking_of
from coercivity.alignment.loop.thresholds import Money
from coercivity.chain import Case
from coercivity.finance.compiled import Array
from coercivity.finance.prices.processes import Quote
from coercivity.finance.projects.book import PriceBook
from coercivity.finance.projects.from_activity import operation_of_activity
from coercivity.finance.projects.from_case import Decision, assets_of_project
from coercivity.finance.projects.operation import Operation
from coercivity.finance.projects.pricing import Pricing, pricing_of
from coercivity.finance.refusals import FinanceError
from coercivity.tables import CaseTables

BUILT = ", built"
"""Stands behind the name of a project for the part that the plan builds."""
LITTLE = 1e-6
"""Activity below which a plant is not there. [kt/year]"""
REST_SHARE = 0.1
"""To begin to rest, over the cost of a year's running: a stated assumption. [fraction]"""
RESTART_SHARE = 0.25
"""To begin again, over the cost of a year's running, where no asset states it: an assumption."""
CLOSING_SHARE = 0.5
"""To close for good, over the cost of a year's running: a stated assumption. [fraction]"""
SCRAP_SHARE = 0.08
"""What a closed plant brings, over what it cost: a stated assumption. [fraction]"""

Activity = Mapping[tuple[str, str], float]
"""By asset and mode. [kt/year]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlant:
    """A part of a project that opens and closes by itself."""

    name: str
    project: str
    stage: str
    built: bool
    """Whether the plan builds it; otherwise it stands today."""
    activity: Activity
    money: Money
    paid: Mapping[str, float]
    """Key product in what it makes, by stage. [kt/year]"""
    exposed: Mapping[str, float]
    """Key product on which dumping falls, by stage of the dumping. [kt/year]"""
    sinking: Sinking
    lead: float
    """From the decision to first output. [year]"""
    margins: Mapping[Quote, float]
    """Net income from each uncertain margin between two prices. [million/year]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a plan decided, as far as the loop asks."""

    year: int
    """Year that is looked at. [calendar year]"""
    decisions: Mapping[str, Sequence[Decision]]
    """By project."""
    activity: Mapping[tuple[str, str], Array]
    """By asset and mode, and year of the case. [t/year]"""
    built_share: Mapping[str, Array]
    """Part of each asset's capacity that is built, by year of the case. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """Everything that all plants share."""

    case: Case
    tables: CaseTables
    planned: Planned
    reference: Reference
    equivalents: Mapping[str, float]
    """Key product that a tonne of each material stands for. [t/t]"""

    @property
    def place(self) -> int:
        """Place of the year in series of the case."""
        case = self.case
        return min(max(self.planned.year - case.horizon.first_year, 0), len(case.horizon.years) - 1)

    def stages(self) -> tuple[str, ...]:
        """List the stages whose products can be dumped: something they make counts and moves."""
        named = {
            quote.material for quote in (*self.reference.prices, *_linked(self.reference.book))
        }
        found = {
            self.stage_of(material)
            for material in self.equivalents
            if material in named and material in self.traded
        }
        order = self.case.stage_order
        return tuple(sorted((s for s in found if s), key=lambda s: (order.get(s, 0), s)))

    def stage_of(self, material: str) -> str | None:
        """Name the stage of a material, or of the first process that makes it.

        Parameters
        ----------
        material
            What is made.
        """
        stated = self.case.materials[material].stage
        if stated is not None:
            return stated
        makers = (
            process.stage
            for process in self.case.processes.values()
            if any(material in mode.outputs for mode in process.modes)
        )
        return next(makers, None)

    @property
    def traded(self) -> frozenset[str]:
        """Materials that a process makes from the ground or another one takes, scrap left out."""
        made = {
            material
            for process in self.case.processes.values()
            if not process.origin_at_site
            for mode in process.modes
            for material in mode.outputs
        }
        spent = {
            material
            for process in self.case.processes.values()
            if process.origin_at_site
            for mode in process.modes
            for material in mode.inputs
        }
        return frozenset(made - spent)

    def dumped(self, stage: str) -> dict[str, float]:
        """Give the cut of each price by 1 a kg of key product dumped at a stage. [case money/t]

        Parameters
        ----------
        stage
            Whose products are dumped.
        """
        return {
            material: 1000 * amount
            for material, amount in self.equivalents.items()
            if self.stage_of(material) == stage and material in self.traded
        }


def _linked(book: PriceBook) -> list[Quote]:
    return [link.quote for link in book.links]


def loop_plants(yard: Yard) -> tuple[tuple[LoopPlant, ...], dict[str, str]]:
    """Describe every plant of a plan that runs in the year, and say which could not be.

    Parameters
    ----------
    yard
        The plan, its prices and equivalents.

    Returns
    -------
    tuple
        Plants, and the reason for each project that has money missing.
    """
    found: list[LoopPlant] = []
    refused: dict[str, str] = {}
    for project in yard.tables["projects"].ids():
        try:
            found += _parts(yard, project)
        except FinanceError as error:
            if error.code != "F109":
                refused[project] = str(error)
    return tuple(found), refused


def _parts(yard: Yard, project: str) -> list[LoopPlant]:
    planned, case = yard.planned, yard.case
    decisions = [d for d in planned.decisions[project] if d.first_output <= planned.year]
    kept, built = _activity(yard, assets_of_project(case, project, decisions))
    if not kept and not built:
        return []
    operation = operation_of_activity(
        case,
        project,
        decisions=decisions,
        activity=planned.activity,
        built_share=planned.built_share,
    )
    pricing = pricing_of(case, operation, yard.reference.book)
    teller = _Teller(yard, operation, pricing)
    parts = []
    for activity, is_built in ((kept, False), (built, True)):
        if activity:
            parts.append(_plant(yard, teller, activity, built=is_built))
    return parts


def _activity(yard: Yard, assets: Sequence[object]) -> tuple[Activity, Activity]:
    """Part what runs in the year into what stands today and what is built."""
    names = {getattr(asset, "id", "") for asset in assets}
    kept: dict[tuple[str, str], float] = {}
    built: dict[tuple[str, str], float] = {}
    for key, series in yard.planned.activity.items():
        if key[0] in names:
            amount = float(series[yard.place]) / 1000
            share = yard.planned.built_share.get(key[0])
            part = 0.0 if share is None else float(share[yard.place])
            for table, value in ((kept, amount * (1 - part)), (built, amount * part)):
                if value > LITTLE:
                    table[key] = value
    return kept, built


@dataclass(frozen=True, slots=True)
class _Teller:
    """Counts the income of a project in the year at given prices."""

    yard: Yard
    operation: Operation
    pricing: Pricing

    @property
    def year(self) -> int:
        """Year of the project. [year]"""
        return min(
            max(self.yard.planned.year - self.operation.first_year, 0), self.operation.years - 1
        )

    def income(self, prices: Mapping[Quote, float], *, built: bool) -> float:
        """Give sales less purchases of a part of the project. [million/year]"""
        before = self._of(prices, before=True)
        return self._of(prices, before=False) - before if built else before

    def _of(self, prices: Mapping[Quote, float], *, before: bool) -> float:
        running = self.operation.before if before else self.operation.after
        total = 0.0
        for material, quote in self.pricing.quotes.items():
            series = running.net.get(material)
            amount = 0.0 if series is None else float(series[self.year])
            price = prices[quote] / 1000
            if amount > 0:
                outlet = self.pricing.outlets[material]
                share = float(outlet.share[self.year])
                away = share * outlet.freight + (1 - share) * outlet.disposal
                total += amount * (share * outlet.realisation * price - away)
            elif amount < 0:
                total += amount * (price + self.pricing.freights.get(material, 0.0))
        return total

    def cost(self, *, built: bool) -> float:
        """Give the running cost of a part of the project. [million/year]"""
        before = float(self.operation.before.cost[self.year])
        return float(self.operation.after.cost[self.year]) - before if built else before


def _plant(yard: Yard, teller: _Teller, activity: Activity, *, built: bool) -> LoopPlant:
    operation, reference = teller.operation, yard.reference
    here = teller.income(reference.table(), built=built)
    higher = teller.income(reference.table(index=1.1), built=built)
    moving = (higher - here) / 0.1
    cost = max(teller.cost(built=built), LITTLE)
    whole = max(float(operation.after.cost[teller.year]), LITTLE)
    sinking = sinking_of(yard.case, yard.tables, operation, activity, built=built, cost=cost)
    restart = sum(yard.case.assets[a].restart_cost for a in {key[0] for key in activity})
    money = Money(
        moving=moving,
        steady=here - moving,
        cost=cost,
        care=float(operation.care[teller.year]) * cost / whole,
        rest=REST_SHARE * cost,
        restart=restart or RESTART_SHARE * cost,
        leave=CLOSING_SHARE * cost - SCRAP_SHARE * sinking.capital,
        enter=sinking.effective,
        rate=sinking.rate,
    )
    return LoopPlant(
        name=operation.project + (BUILT if built else ""),
        project=operation.project,
        stage=_main_stage(yard, activity),
        built=built,
        activity=activity,
        money=money,
        paid=_paid(yard, activity),
        exposed=_exposed(yard, teller, here, built=built),
        sinking=sinking,
        lead=float(operation.first_output) if built else 0.0,
        margins=_margins(teller, reference, here, built=built),
    )


def _margins(
    teller: _Teller, reference: Reference, here: float, *, built: bool
) -> dict[Quote, float]:
    """Give what doubling each uncertain margin adds to net income. [million/year]"""
    uncertain = dict.fromkeys(k.quote for k in reference.book.links if k.margin_spread > 0)
    found = {}
    for quote in uncertain:
        doubled = reference.table(margins={quote: 2.0})
        gain = teller.income(doubled, built=built) - here
        if gain != 0:
            found[quote] = gain
    return found


def made_by_stage(yard: Yard, activity: Activity) -> dict[str, dict[str, float]]:
    """Give what plants make, by stage and material. [kt/year]

    Parameters
    ----------
    yard
        The plan.
    activity
        Of plants, by asset and mode. [kt/year]
    """
    found: dict[str, dict[str, float]] = {}
    for (asset, name), amount in activity.items():
        process = yard.case.processes[yard.case.assets[asset].process]
        mode = next(one for one in process.modes if one.name == name)
        table = found.setdefault(process.stage or "", {})
        for material, share in mode.outputs.items():
            table[material] = table.get(material, 0.0) + share * amount
    return found


def _paid(yard: Yard, activity: Activity) -> dict[str, float]:
    return {
        stage: sum(amount * yard.equivalents.get(m, 0.0) for m, amount in made.items())
        for stage, made in made_by_stage(yard, activity).items()
    }


def _main_stage(yard: Yard, activity: Activity) -> str:
    paid = _paid(yard, activity)
    return max(paid, key=lambda stage: paid[stage], default="")


def _exposed(yard: Yard, teller: _Teller, here: float, *, built: bool) -> dict[str, float]:
    """Give what a plant loses a year by dumping of 1 a kg; a gain counts as none.

    What feed costs less is counted, and what follows the dumped price falls with it. Where a plant
    would gain on the whole, its gain is left out: dumping opens no plant here.
    """
    found = {}
    for stage in yard.stages():
        cut = teller.income(yard.reference.table(cut=yard.dumped(stage)), built=built)
        found[stage] = max(here - cut, 0.0)
    return found
