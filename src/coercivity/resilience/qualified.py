"""Who can make or deliver what in a class: plants that run, suppliers, and what reaches them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coercivity.chain import Case
from coercivity.chain.lanes import Node
from coercivity.chain.origin import ANY
from coercivity.chain.plants import Asset
from coercivity.chain.processes import Mode
from coercivity.chain.trade import Offer
from coercivity.resilience.rules import Check, Failure, RulesOfDay

NOT_RUNNING = frozenset({"mothballed"})


@dataclass(frozen=True, slots=True)
class Seller:
    """A plant or an outside supplier, with one material it can deliver."""

    id: str
    kind: str
    """``asset`` or ``supplier``."""
    material: str
    country: str | None
    """Where it makes the material; None = not known."""
    capacity: float
    """Most it can deliver; may be infinite. [t/year]"""
    check: Check
    """Whether the material is of the class, and where it fails."""
    through: frozenset[str]
    """Countries of its own stages, or of the origin it states."""


@dataclass(frozen=True, slots=True)
class Running:
    """A mode of a plant that runs in a year."""

    asset: Asset
    mode: Mode
    capacity: float
    """Most of its reference material. [t/year]"""

    def output(self, material: str) -> float:
        """Most of a material that comes out. [t/year]"""
        amount = self.mode.outputs[material]
        return self.capacity * amount if amount else 0.0


@dataclass(frozen=True, slots=True)
class Lost:
    """What is taken away before one looks who is left."""

    countries: frozenset[str] = frozenset()
    sellers: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()


def year_in_horizon(case: Case, year: int) -> int:
    """Give the nearest year for which the case says what exists. [calendar year]"""
    return min(max(year, case.horizon.first_year), case.horizon.end - 1)


def running_modes(case: Case, year: int, *, lost: Lost | None = None) -> list[Running]:
    """List the modes of every plant that has capacity in a year, options left aside.

    Parameters
    ----------
    case
        The case.
    year
        A year of its horizon. [calendar year]
    lost
        What is taken away.
    """
    lost, at, found = lost or Lost(), year - case.horizon.first_year, []
    for asset in case.assets.values():
        process = case.processes[asset.process]
        capacity = float(asset.capacity[at]) * float(asset.availability[at])
        gone = (
            asset.id in lost.sellers
            or case.sites[asset.site].country in lost.countries
            or process.stage in lost.stages
        )
        if gone or asset.status in NOT_RUNNING or not capacity > 0:
            continue
        for mode in process.modes:
            begun = mode.first_year is None or mode.first_year <= year
            if begun and (mode.last_year is None or year <= mode.last_year):
                found.append(Running(asset, mode, capacity / (mode.capacity_use or 1.0)))
    return found


def offers_in(case: Case, year: int, *, lost: Lost | None = None) -> list[Offer]:
    """List the offers of a year; what passed through a lost country or stage is lost too."""
    lost, at = lost or Lost(), year - case.horizon.first_year
    return [
        offer
        for offer in case.offers
        if offer.offered[at] > 0
        and offer.supplier not in lost.sellers
        and not lost.countries & _through(offer)
        and not lost.stages & set(_stages_up_to(case, offer.material))
    ]


def _through(offer: Offer) -> frozenset[str]:
    own = {offer.country} if offer.country is not None else set()
    return frozenset({*offer.origin.values(), *own})


def _stages_up_to(case: Case, material: str) -> tuple[str, ...]:
    last = case.stage_order.get(case.materials[material].stage or "")
    return tuple(s for s, order in case.stage_order.items() if last is None or order <= last)


@dataclass(slots=True)
class Reach:
    """How near to passing each material can come at each site, for one class on one day.

    The best way is found by relaxing plants and lanes until nothing improves: a check can only
    lose failures and conditions, so it ends.
    """

    case: Case
    rules: RulesOfDay
    year: int
    """Year whose plants, offers and lanes count. [calendar year]"""
    lost: Lost = field(default_factory=Lost)
    best: dict[Node, Check] = field(default_factory=dict)
    """The best check of a material at a site; absent = it cannot come there."""
    running: list[Running] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.running = running_modes(self.case, self.year, lost=self.lost)
        self.offers = offers_in(self.case, self.year, lost=self.lost)
        for offer in self.offers:
            check = self.of_offer(offer)
            for site in offer.sites:
                self._improve((site, offer.material), check)
        at = self.year - self.case.horizon.first_year
        lanes = [
            ((lane.start, lane.material), (lane.end, lane.material))
            for lane in self.case.lanes
            if lane.open[at] > 0
        ]
        while self._relax(lanes):
            pass

    def _relax(self, lanes: Sequence[tuple[Node, Node]]) -> bool:
        changed = False
        for start, end in lanes:
            if start in self.best:
                changed |= self._improve(end, self.best[start])
        for run in self.running:
            for material in run.mode.outputs:
                check = self.of_mode(run, material)
                if check is not None:
                    changed |= self._improve((run.asset.site, material), check)
        return changed

    def _improve(self, node: Node, check: Check) -> bool:
        known = self.best.get(node)
        if known is not None and known.size <= check.size:
            return False
        self.best[node] = check
        return True

    def of_offer(self, offer: Offer) -> Check:
        """Check an offer: where each stage up to that of its material ran."""
        stages = _stages_up_to(self.case, offer.material)
        origin = {stage: offer.origin.get(stage, offer.country) for stage in stages}
        return self.rules.check_stages(origin, stages, offer.material)

    def of_mode(self, run: Running, material: str) -> Check | None:
        """Check a plant that makes a material: its own stage, and the best of each input.

        None where an input that carries origin cannot come to its site.
        """
        process = self.case.processes[run.asset.process]
        country = self.case.sites[run.asset.site].country
        if process.origin_at_site:
            stages = self.rules.stages()
            return self.rules.check_stages(dict.fromkeys(stages, country), stages, material)
        checks = [self.rules.check_stage(process.stage, country, material)]
        for needed in run.mode.inputs:
            if not self.case.carries_origin(needed):
                continue
            found = self.best.get((run.asset.site, needed))
            if found is None:
                return None
            checks.append(found)
        return self.rules.relieved(self.rules.joined(checks), material)

    def sellers(self, materials: Sequence[str]) -> list[Seller]:
        """List who can deliver some materials, with the check of each."""
        return [seller for m in materials for seller in (*self._plants(m), *self._suppliers(m))]

    def _plants(self, material: str) -> Iterator[Seller]:
        by_asset: dict[str, list[Running]] = {}
        for run in self.running:
            if material in run.mode.outputs:
                by_asset.setdefault(run.asset.id, []).append(run)
        for name, runs in by_asset.items():
            checked = [
                (self.of_mode(run, material) or self._without_input(run), run) for run in runs
            ]
            check, _ = min(checked, key=lambda pair: pair[0].size)
            same = [run for found, run in checked if found.size == check.size]
            country = self.case.sites[runs[0].asset.site].country
            capacity = max(run.output(material) for run in same)
            yield Seller(name, "asset", material, country, capacity, check, frozenset({country}))

    def _without_input(self, run: Running) -> Check:
        for needed in run.mode.inputs:
            if self.case.carries_origin(needed) and (run.asset.site, needed) not in self.best:
                stage = self.case.materials[needed].stage or ""
                return Check((Failure(stage, None, f"nothing brings '{needed}' to the plant"),))
        return Check()

    def _suppliers(self, material: str) -> Iterator[Seller]:
        at = self.year - self.case.horizon.first_year
        steps: dict[str, list[Offer]] = {}
        for offer in self.offers:
            if offer.material == material:
                steps.setdefault(offer.supplier, []).append(offer)
        stage = self.case.materials[material].stage or ""
        for name, offers in steps.items():
            first = offers[0]
            yield Seller(
                id=name,
                kind="supplier",
                material=material,
                country=first.origin.get(stage, first.country),
                capacity=sum(float(offer.offered[at]) for offer in offers),
                check=self.of_offer(first),
                through=_through(first),
            )


class Ways:
    """What lies behind each material of a case, worked out once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.makers: dict[str, list[Mode]] = {}
        for process in case.processes.values():
            for mode in process.modes:
                for made in mode.outputs:
                    self.makers.setdefault(made, []).append(mode)
        self._upstream: dict[str, frozenset[str]] = {}
        self._stages: dict[str, tuple[str, ...]] = {}

    def inputs(self, mode: Mode) -> list[str]:
        """List the inputs of a mode that pass their origin on."""
        return [needed for needed in mode.inputs if self.case.carries_origin(needed)]

    def upstream(self, material: str) -> frozenset[str]:
        """Find every material on the way to a material, itself included."""
        if material not in self._upstream:
            found: set[str] = set()
            queue = [material]
            while queue:
                name = queue.pop()
                if name not in found:
                    found.add(name)
                    queue += [i for mode in self.makers.get(name, ()) for i in self.inputs(mode)]
            self._upstream[material] = frozenset(found)
        return self._upstream[material]

    def stages(self, material: str) -> tuple[str, ...]:
        """List the stages that a material passes through, in the order of the chain.

        Where no process of the case makes it, every stage up to its own counts.
        """
        if material not in self._stages:
            processes, order = self.case.processes, self.case.stage_order
            modes = [m for name in self.upstream(material) for m in self.makers.get(name, ())]
            passed = {processes[mode.process].stage for mode in modes} - {None}
            last = order.get(self.case.materials[material].stage or "")
            ordered = sorted(order, key=order.__getitem__)
            known = [s for s in ordered if last is None or order[s] <= last]
            self._stages[material] = tuple(s for s in known if not passed or s in passed)
        return self._stages[material]


def materials_of_segment(case: Case, segment: str, year: int) -> dict[str, str]:
    """Give the materials that may serve a segment, each with the strictest class asked of it."""
    found: dict[str, str] = {}
    for demand in case.demands.values():
        if demand.segment != segment:
            continue
        for choice in demand.alternatives:
            if choice.first_year is not None and choice.first_year > year:
                continue
            asked = (found.get(choice.material, ANY), demand.origin_class)
            found[choice.material] = min(asked, key=case.origin.rank)
    return found
