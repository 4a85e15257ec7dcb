"""Who stands behind what serves the demands: plants and suppliers, by stage and country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from coercivity.chain.case import Case
from coercivity.chain.origin import ANY
from coercivity.chain.plants import Asset
from coercivity.chain.trade import Offer
from coercivity.dispatch.builder import Block
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import SMALLEST, TONNES, PlanTable
from coercivity.planning.solve import PlanSolution
from coercivity.planning.tracing import (
    LAST_STEP,
    Kind,
    Origin,
    Web,
    spared_stages,
    stages_on_the_way,
    trace,
)

Entry = tuple[tuple[int, str, str | None, str], float]
"""Year, material, country, kind, and tonnes a year."""
PROVENANCE = [
    "year", "demand", "segment", "material", "stage", "country", "group", "kind", "served_t",
    "share",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """What serves a demand in a period from one place."""

    demand: str
    material: str
    period: int
    point: int
    """Place in the web from which it is drawn."""
    served: float
    """In tonnes of demand. [kt/year]"""
    drawn: float
    """In tonnes of the material. [kt/year]"""


def makers(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List, by year, who makes or sells the materials that can serve a demand.

    ``kind`` is ``made`` for plants of the case, by their country, ``bought`` for suppliers, by the
    country of their last step, ``stock`` for what lay there at the start. ``amount_t`` is all that
    is made or bought, part of which may be sold abroad or kept; ``served_t`` is what serves
    demands, traced to whoever gave it its form, which may have been in an earlier period.
    """
    made: dict[tuple[int, str, str | None, str], float] = {}
    for key, tonnes in (*_made(model, solution), *_bought(model, solution)):
        made[key] = made.get(key, 0.0) + tonnes * TONNES_PER_UNIT
    served: dict[tuple[int, str, str | None, str], float] = {}
    web, services = gather(model, solution)
    shares = trace(web, LAST_STEP, {s.point for s in services})
    for one in services:
        year = model.case.horizon.starts[one.period]
        for origin, part in shares[one.point].items():
            key = (year, one.material, origin.country, origin.kind.value)
            served[key] = served.get(key, 0.0) + part * one.drawn * TONNES_PER_UNIT
    least = SMALLEST * TONNES_PER_UNIT
    keys = {k for found in (made, served) for k, tonnes in found.items() if tonnes > least}
    rows = [
        {
            "year": year,
            "material": material,
            "country": country,
            "group": _group(model.case, country),
            "kind": kind,
            "amount_t": made.get((year, material, country, kind), 0.0),
            "served_t": served.get((year, material, country, kind), 0.0),
        }
        for year, material, country, kind in sorted(keys, key=str)
    ]
    columns = ["year", "material", "country", "group", "kind", "amount_t", "served_t"]
    return PlanTable(pd.DataFrame(rows, columns=columns), {"amount_t": TONNES, "served_t": TONNES})


def provenance(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    r"""List in which country each stage of what serves the demands ran, traced through the plan.

    ``served_t`` is in tonnes of demand; ``share`` is its part of what passed the stage, so that
    the shares of a year, demand, material and stage add up to one. Sales abroad are not in it.
    ``kind`` tells who stands behind a row; see `coercivity.planning.tracing.Kind`, and
    `coercivity.planning.tracing.trace` for the rule.
    """
    case = model.case
    web, services = gather(model, solution)
    points = {s.point for s in services}
    found: dict[tuple[int, str, str, str, Origin], float] = {}
    for stage in sorted(case.stage_order, key=lambda s: (case.stage_order[s], s)):
        shares = trace(web, stage, points)
        for one in services:
            year = case.horizon.starts[one.period]
            for origin, part in shares[one.point].items():
                key = (year, one.demand, one.material, stage, origin)
                found[key] = found.get(key, 0.0) + part * one.served * TONNES_PER_UNIT
    frame = pd.DataFrame(
        [
            (year, demand, case.demands[demand].segment, material, stage, origin.country,
             _group(case, origin.country), origin.kind.value, tonnes, 0.0)
            for (year, demand, material, stage, origin), tonnes in found.items()
            if tonnes > SMALLEST * TONNES_PER_UNIT
        ],
        columns=PROVENANCE,
    )  # fmt: skip
    whole = frame.groupby(["year", "demand", "material", "stage"])["served_t"].transform("sum")
    frame["share"] = frame["served_t"] / whole
    frame = frame.sort_values(["year", "demand", "material"], kind="stable", ignore_index=True)
    return PlanTable(frame, {"served_t": TONNES, "share": "fraction"})


def _group(case: Case, country: str | None) -> str | None:
    return None if country is None else case.countries[country].group


def gather(model: PlanningModel, solution: PlanSolution) -> tuple[Web, list[Service]]:
    """Make a web of everything that moved in a plan, and list what served the demands."""
    web = Web(stages_on_the_way(model.case))
    reading = _Reading(model, solution, web, spared_stages(model.case))
    reading.runs()
    reading.purchases()
    reading.moves()
    reading.stocks()
    return web, reading.services()


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads what moved from the columns of a solution."""

    model: PlanningModel
    solution: PlanSolution
    web: Web
    spared: Mapping[str, frozenset[str]]

    def _used(self, block: Block) -> Iterator[tuple[tuple[object, ...], float]]:
        """Give the index of every column above rounding, and its value. [kt/year]"""
        values = self.solution.primal[block.labels].tolist() if len(block) else []
        for key, value in zip(zip(*block.index.values(), strict=True), values, strict=True):
            if value > SMALLEST:
                yield key, value

    def _place(self, site: object, material: str, cls: object, period: object) -> int:
        return self.web.point(("place", site, material, cls, period))

    def _years(self, period: object) -> float:
        return float(self.model.network.lengths[int(str(period))])

    def runs(self) -> None:
        """Read what plants took and gave."""
        case, classes = self.model.case, self.model.network.classes
        modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
        for key, value in self._used(self.model.operation.activity):
            name, mode_name, cls, period = (str(part) for part in key)
            asset = case.assets[name]
            process, mode = case.processes[asset.process], modes[asset.process, mode_name]
            tonnes = value * self._years(period)
            run = self.web.point(("run", *key), self._told_by_plant(asset, mode.outputs))
            for made, amount in mode.outputs.items():
                place = self._place(asset.site, made, classes.landing(made, cls), key[3])
                self.web.move(run, place, made, tonnes * amount)
            for needed, amount in mode.inputs.items():
                if case.carries_origin(needed) and not process.origin_at_site:
                    taken = classes.landing(needed, cls)
                    place = self._place(asset.site, needed, taken, key[3])
                    self.web.move(place, run, needed, tonnes * amount)

    def _told_by_plant(self, asset: Asset, outputs: Mapping[str, float]) -> dict[str, Origin]:
        case, country = self.model.case, self.model.case.sites[asset.site].country
        process, told = case.processes[asset.process], {}
        if process.origin_at_site:
            spared = (s for made in outputs for s in self._asked(made))
            told = dict.fromkeys(spared, Origin(country, Kind.RECYCLED))
        told[LAST_STEP] = Origin(country, Kind.MADE)
        if process.stage is not None:
            told[process.stage] = Origin(country, Kind.MADE)
        return told

    def _asked(self, material: str) -> list[str]:
        """List the stages that a tonne from outside has behind it."""
        order, own = self.model.case.stage_order, self.model.case.materials[material].stage
        last = None if own is None else order[own]
        return [s for s in self.spared[material] if last is None or order[s] <= last]

    def purchases(self) -> None:
        """Read what was bought, with the origin that the supplier declares."""
        for key, value in self._used(self.model.operation.purchase):
            number, site, cls, period = key
            offer = self.model.case.offers[int(str(number))]
            source = self.web.point(("offer", number), self._told_by(offer))
            place = self._place(site, offer.material, cls, period)
            self.web.move(source, place, offer.material, value * self._years(period))

    def _told_by(self, offer: Offer) -> dict[str, Origin]:
        own = self.model.case.materials[offer.material].stage or LAST_STEP
        told = {
            stage: Origin(offer.origin.get(stage, offer.country), Kind.BOUGHT)
            for stage in self._asked(offer.material)
        }
        told[LAST_STEP] = Origin(offer.origin.get(own, offer.country), Kind.BOUGHT)
        return told

    def moves(self) -> None:
        """Read what moved on lanes, and what was used as a worse class."""
        operation, lanes = self.model.operation, self.model.case.lanes
        for (number, cls, period), value in self._used(operation.flow):
            lane = lanes[int(str(number))]
            start = self._place(lane.start, lane.material, cls, period)
            end = self._place(lane.end, lane.material, cls, period)
            self.web.move(start, end, lane.material, value * self._years(period))
        for (site, name, cls, worse, period), value in self._used(operation.downgrade):
            better, lower = (self._place(site, str(name), c, period) for c in (cls, worse))
            self.web.move(better, lower, str(name), value * self._years(period))

    def stocks(self) -> None:
        """Read what went into stocks, came out, and was kept from one period to the next."""
        case, storage = self.model.case, self.model.operation.storage
        for block, inward in ((storage.filled, True), (storage.drawn, False)):
            for (name, cls, period), value in self._used(block):
                stock = case.stocks[str(name)]
                place = self._place(stock.site, stock.material, cls, period)
                kept = self.web.point(("stock", name, cls, period))
                ends = (place, kept) if inward else (kept, place)
                self.web.move(*ends, stock.material, value * self._years(period))
        for (name, cls, period), value in self._used(storage.level):
            after = int(str(period)) + 1
            if after < self.model.network.periods:
                lands = ("stock", name, self._lands(str(name), str(cls), after), after)
                kept = self.web.point(("stock", name, cls, period))
                material = case.stocks[str(name)].material
                self.web.move(kept, self.web.point(lands), material, value)
        for stock in (s for s in case.stocks.values() if s.opening > 0):
            unknown = Origin(None, Kind.STOCK)
            told = dict.fromkeys((LAST_STEP, *self._asked(stock.material)), unknown)
            start = self.web.point(("opening", stock.id), told)
            kept = self.web.point(("stock", stock.id, ANY, 0))
            self.web.move(start, kept, stock.material, stock.opening / TONNES_PER_UNIT)

    def _lands(self, name: str, cls: str, period: int) -> str:
        """Give the class of a stock that was of a class in the period before."""
        case = self.model.case
        stage = case.materials[case.stocks[name].material].stage
        before, after = case.period_years(period - 1), case.period_years(period)
        stricter = case.origin.grows_stricter(cls, before, after, up_to=stage)
        return ANY if cls != ANY and stricter else cls

    def services(self) -> list[Service]:
        """List what served the demands."""
        found = []
        for key, value in self._used(self.model.operation.service):
            name, number, site, cls, period = key
            choice = self.model.case.demands[str(name)].alternatives[int(str(number))]
            place = self._place(site, choice.material, cls, period)
            found.append(
                Service(
                    str(name), choice.material, int(str(period)), place, value,
                    value * choice.amount,
                )
            )  # fmt: skip
        return found


def _serving(model: PlanningModel) -> set[str]:
    return {c.material for demand in model.case.demands.values() for c in demand.alternatives}


def _made(model: PlanningModel, solution: PlanSolution) -> Iterator[Entry]:
    case, serving, block = model.case, _serving(model), model.operation.activity
    modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
    for label, name, mode, period in zip(
        block.labels.tolist(),
        block.index["asset"],
        block.index["mode"],
        block.index["period"],
        strict=True,
    ):
        asset = case.assets[name]
        country = case.sites[asset.site].country
        for material, amount in modes[asset.process, mode].outputs.items():
            if material in serving:
                tonnes = amount * float(solution.primal[label])
                yield (case.horizon.starts[period], material, country, "made"), tonnes


def _bought(model: PlanningModel, solution: PlanSolution) -> Iterator[Entry]:
    case, serving, block = model.case, _serving(model), model.operation.purchase
    for label, number, period in zip(
        block.labels.tolist(), block.index["offer"], block.index["period"], strict=True
    ):
        offer = case.offers[number]
        if offer.material in serving:
            stage = case.materials[offer.material].stage
            country = offer.origin.get(stage or "", offer.country or "") or None
            key = (case.horizon.starts[period], offer.material, country, "bought")
            yield key, float(solution.primal[label])
