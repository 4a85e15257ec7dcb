"""The chain of one year as moves: all that turns, carries, buys, serves or sells in a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from coercivity.chain import Case
from coercivity.chain.origin import ANY
from coercivity.chain.processes import Mode
from coercivity.dispatch.classes import ClassBook
from coercivity.resilience.simulation.leads import AT_ONCE, MONTHS_A_YEAR, ONE_MONTH, Leads
from coercivity.uncertainty.futures import Target

Node = tuple[str, str, str]
"""Site, material and class; or ``demand``, its id and nothing."""
Tables = Mapping[str, pd.DataFrame]
"""Tables of a plan or dispatch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """What limits moves together: a plant, a link, a step of a supplier or buyer."""

    key: str
    most: float
    """Most it does when nothing is lost; may be infinite. [t/month]"""
    own: tuple[Target, ...] = ()
    """Targets of events whose losses compound."""
    widest: tuple[Target, ...] = ()
    """Targets of which the largest loss holds, beside the others."""
    material: str = ""
    """Material that outside suppliers offer more of once its price has stayed high."""
    start: int = 0
    """Months in which it must be asked for before it works; 0 where it does. [month]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way in which material changes place, form or hands."""

    kind: str
    """``activity``, ``lane``, ``worse`` (used in a worse class), ``offer``, ``service``, ``sale``
    or ``unsold``."""
    name: str
    planned: float
    """What the plan of the year moves. [t/month]"""
    inputs: Mapping[Node, float]
    """Tonnes taken from nodes per tonne moved. [t/t]"""
    outputs: Mapping[Node, float]
    """Tonnes given to nodes per tonne moved. [t/t]"""
    lead: int = ONE_MONTH
    """Until what is moved arrives. [month]"""
    limit: Limited | None = None
    """What limits it together with others."""
    use: float = 1.0
    """Tonnes of its limit that a tonne moved takes. [t/t]"""
    cost: float = 0.0
    """By which spare moves are ranked. [case money/t]"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A demand of the year."""

    demand: str
    segment: str
    priority: int
    amount: float
    """What is asked for. [t/month]"""
    planned: float
    """What the plan serves. [t/month]"""

    @property
    def node(self) -> Node:
        """Node at which it is served."""
        return ("demand", self.demand, "")


@dataclass(frozen=True, slots=True)
class Kept:
    """A stock of the year."""

    node: Node
    level: float
    """What lies there at the start of the year. [t]"""
    most: float
    """Most that is kept. [t]"""


@dataclass(slots=True)
class Chain:
    """The chain of one year."""

    year: int
    """First year of the period that is simulated. [calendar year]"""
    moves: list[Move] = field(default_factory=list)
    demands: list[Wanted] = field(default_factory=list)
    stocks: list[Kept] = field(default_factory=list)

    def nodes(self) -> list[Node]:
        """List the nodes that moves touch, in the order in which they are met."""
        found = dict.fromkeys(one.node for one in self.demands)
        for move in self.moves:
            found |= dict.fromkeys((*move.inputs, *move.outputs))
        return list(found)


class Reader:
    """Reads the moves of one period of a plan.

    Parameters
    ----------
    case
        The chain as it stands, no options left.
    tables
        Tables of the plan: activity, flows, purchases, sales, served, downgrades, stocks.
    period
        Number of the period.
    required
        Segments and classes that targets of the plan asked for.
    leads
        Of moves and of plants that stand still.
    """

    def __init__(
        self,
        case: Case,
        tables: Tables,
        period: int,
        *,
        required: Iterable[tuple[str, str]] = (),
        leads: Leads | None = None,
    ) -> None:
        self.case, self.tables, self.period = case, tables, period
        self.leads = Leads() if leads is None else leads
        self.year = case.horizon.starts[period]
        self.classes = ClassBook(case, required)
        self.modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
        self.offers = {(one.supplier, one.step): one for one in case.offers}
        self.lanes = {(one.id, one.material): one for one in case.lanes}

    def mean(self, by_year: np.ndarray) -> float:
        """Average a yearly series over the period."""
        return float(self.case.horizon.mean_by_period(by_year)[self.period])

    def rows(self, name: str) -> Iterator[dict[str, object]]:
        """Give the rows of a table in the period."""
        frame = self.tables.get(name)
        if frame is not None and len(frame):
            for row in frame[frame["year"] == self.year].to_dict("records"):
                yield {str(key): value for key, value in row.items()}

    def plant(self, asset_id: str, *, start: int = 0) -> Limited:
        """Give what limits a plant that runs, or stands still until it is started."""
        asset = self.case.assets[asset_id]
        capacity = np.where(asset.availability > 0, asset.capacity * asset.availability, 0.0)
        hit: list[Target] = [("asset", asset.id)]
        if asset.project:
            hit.append(("project", asset.project))
        hit.append(("country", self.case.sites[asset.site].country))
        return Limited(
            key=f"asset/{asset.id}", most=self.mean(capacity) / MONTHS_A_YEAR, own=tuple(hit),
            start=start,
        )  # fmt: skip

    def offer(self, supplier: str, step: int) -> Limited:
        """Give what limits a step of a supplier.

        An event of a country hits all that comes from it or has gone through it (``origin``); of
        country and material the larger loss holds, for both may be names of one thing.
        """
        offer = self.offers[supplier, step]
        countries = set(offer.origin.values())
        if offer.country:
            countries.add(offer.country)
        if not countries:
            countries = {self.case.sites[site].country for site in offer.sites}
        places: list[Target] = [("country", name) for name in sorted(countries)]
        return Limited(
            key=f"offer/{supplier}/{step}",
            most=self.mean(offer.offered) / MONTHS_A_YEAR,
            own=(("supplier", supplier),),
            widest=(*places, ("material", offer.material)),
            material=offer.material,
        )

    def link(self, name: str | None) -> Limited | None:
        """Give what limits an explicit link."""
        if name is None:
            return None
        most = self.mean(self.case.links[name].capacity) / MONTHS_A_YEAR
        return Limited(key=f"link/{name}", most=most, own=(("link", name),))

    def recipe(self, asset_id: str, mode: Mode, cls: str) -> tuple[dict[Node, float], ...]:
        """Give what a plant takes and gives, by node, when it runs in a class."""
        asset = self.case.assets[asset_id]
        at_site = self.case.processes[asset.process].origin_at_site
        landing = self.classes.landing
        taken = {
            (asset.site, name, ANY if at_site else landing(name, cls)): amount
            for name, amount in mode.inputs.items()
        }
        given = {
            (asset.site, name, landing(name, cls)): amount for name, amount in mode.outputs.items()
        }
        return taken, given


def chain_of_year(reader: Reader) -> Chain:
    """Read the chain of one period: every planned move, each demand and stock."""
    chain = Chain(reader.year)
    chain.moves += _activities(reader)
    chain.moves += _carried(reader)
    chain.moves += _bought_and_sold(reader)
    chain.moves += _services(reader)
    chain.demands += _demands(reader)
    known = set(chain.nodes())
    chain.stocks += [_at_known(one, reader, known) for one in _stocks(reader)]
    return chain


def _at_known(kept: Kept, reader: Reader, known: set[Node]) -> Kept:
    """Put a stock of a class that nobody uses where it is used in a worse class."""
    site, material, cls = kept.node
    classes = reader.classes.tracked.get(material, ())
    worse = classes[classes.index(cls) :] if cls in classes else ()
    for name in worse:
        if (site, material, name) in known:
            return Kept((site, material, name), kept.level, kept.most)
    return kept


def _monthly(value: object) -> float:
    return float(str(value)) / MONTHS_A_YEAR


def _activities(reader: Reader) -> Iterator[Move]:
    for row in reader.rows("activity"):
        asset, cls = str(row["asset"]), str(row["class"])
        mode = reader.modes[str(row["process"]), str(row["mode"])]
        taken, given = reader.recipe(asset, mode, cls)
        cost = reader.mean(reader.case.assets[asset].variable_cost + mode.variable_cost)
        yield Move(
            kind="activity", name=f"{asset}/{mode.name}/{cls}",
            planned=_monthly(row["activity_t"]), inputs=taken, outputs=given,
            limit=reader.plant(asset), use=mode.capacity_use, cost=cost,
            lead=reader.leads.of_asset(asset),
        )  # fmt: skip


def _carried(reader: Reader) -> Iterator[Move]:
    for row in reader.rows("flows"):
        material, cls = str(row["material"]), str(row["class"])
        lane = reader.lanes[str(row["lane"]), material]
        yield Move(
            kind="lane", name=f"{lane.id}/{material}/{cls}", planned=_monthly(row["flow_t"]),
            inputs={(lane.start, material, cls): 1.0}, outputs={(lane.end, material, cls): 1.0},
            limit=reader.link(lane.link), cost=reader.mean(lane.cost + lane.tariff),
            lead=reader.leads.of_lane(lane.id, lane.link),
        )  # fmt: skip
    for row in reader.rows("downgrades"):
        site, material = str(row["site"]), str(row["material"])
        better, worse = str(row["class"]), str(row["worse"])
        yield Move(
            kind="worse", name=f"{site}/{material}/{better}",
            planned=_monthly(row["downgraded_t"]), lead=AT_ONCE,
            inputs={(site, material, better): 1.0}, outputs={(site, material, worse): 1.0},
        )  # fmt: skip


def _bought_and_sold(reader: Reader) -> Iterator[Move]:
    for row in reader.rows("purchases"):
        supplier, step = str(row["supplier"]), int(str(row["step"]))
        site, material, cls = str(row["site"]), str(row["material"]), str(row["class"])
        yield Move(
            kind="offer", name=f"{supplier}/{step}/{site}/{cls}",
            planned=_monthly(row["bought_t"]), inputs={}, outputs={(site, material, cls): 1.0},
            limit=reader.offer(supplier, step),
            cost=reader.mean(reader.offers[supplier, step].price),
            lead=reader.leads.of_supplier(supplier),
        )  # fmt: skip
    for table, kind, column in (("sales", "sale", "sold_t"), ("unsold", "unsold", "unsold_t")):
        for row in reader.rows(table):
            site, material, cls = str(row["site"]), str(row["material"]), str(row["class"])
            yield Move(
                kind=kind, name=f"{row.get('buyer', site)}/{material}/{cls}",
                planned=_monthly(row[column]), inputs={(site, material, cls): 1.0}, outputs={},
            )  # fmt: skip


def _services(reader: Reader) -> Iterator[Move]:
    for row in reader.rows("served"):
        demand = reader.case.demands[str(row["demand"])]
        site, material, cls = str(row["site"]), str(row["material"]), str(row["class"])
        choice = next(one for one in demand.alternatives if one.material == material)
        yield Move(
            kind="service", name=f"{demand.id}/{site}/{material}/{cls}",
            planned=_monthly(row["served_t"]), lead=AT_ONCE,
            inputs={(site, material, cls): choice.amount},
            outputs={("demand", demand.id, ""): 1.0}, cost=reader.mean(choice.extra_cost),
        )  # fmt: skip


def _demands(reader: Reader) -> Iterator[Wanted]:
    served: dict[str, float] = {}
    for row in reader.rows("served"):
        name = str(row["demand"])
        served[name] = served.get(name, 0.0) + _monthly(row["served_t"])
    for demand in reader.case.demands.values():
        amount = reader.mean(demand.amount) / MONTHS_A_YEAR
        if amount > 0:
            planned = min(served.get(demand.id, 0.0), amount)
            segment = demand.segment or demand.id
            yield Wanted(demand.id, segment, demand.priority, amount, planned)


def _stocks(reader: Reader) -> Iterator[Kept]:
    """Read what lies in stocks at the start of the period: what the period before left."""
    before: dict[tuple[str, str], float] = {}
    frame = reader.tables.get("stocks")
    if reader.period == 0:
        before = {(name, ANY): one.opening for name, one in reader.case.stocks.items()}
    elif frame is not None and len(frame):
        last = frame[frame["year"] == reader.case.horizon.starts[reader.period - 1]]
        before = {
            (str(row["stock"]), str(row["class"])): float(row["level_t"])
            for row in last.to_dict("records")
        }
    for name, stock in reader.case.stocks.items():
        most = reader.mean(stock.most)
        held = {cls: level for (own, cls), level in before.items() if own == name}
        for cls, level in (held or {ANY: 0.0}).items():
            yield Kept((stock.site, stock.material, cls), level, most)
