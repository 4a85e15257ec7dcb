"""How long a buyer lasts when a supplier, a country or a stage falls away."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coercivity.chain import Case
from coercivity.chain.processes import Mode
from coercivity.resilience.cover import months_of_cover
from coercivity.resilience.home import demand_at_home
from coercivity.resilience.qualified import Lost
from coercivity.resilience.sourcing import LineCheck, Sourcing
from coercivity.resilience.throughput import most_in_class

FORMULA = (
    "months = 12 x stock / (need - supply that goes on), the material that runs out first; none "
    "where what goes on is enough. When a stage falls away, stocks of what comes after it count "
    "too."
)


@dataclass(frozen=True, slots=True)
class Position:
    """What a buyer needs and has of one material."""

    material: str
    need: float
    """What is needed. [t/year]"""
    supply: float
    """What comes in, nothing being lost; may be infinite. [t/year]"""
    stock: float
    """What is kept for the buyer. [t]"""


@dataclass(frozen=True, slots=True)
class FallAway:
    """What is left when one thing is lost."""

    kind: str
    """``supplier``, ``country`` or ``stage``."""
    id: str
    material: str
    """The material that runs out first."""
    left: float
    """Supply of it that goes on; may be infinite. [t/year]"""
    months: float | None
    """Until it runs out; None where what goes on is enough. [month]"""


@dataclass(frozen=True, slots=True)
class Endurance:
    """Where a buyer stands and how long it lasts."""

    positions: tuple[Position, ...]
    losses: tuple[FallAway, ...]


Left = Callable[[Lost], Mapping[str, float]]
"""Supply that goes on, by material, when something is lost. [t/year]"""


def endurance_of_segment(sourcing: Sourcing) -> Endurance:
    """Tell how long a segment lasts on what can qualify for it, options left aside.

    Needed is the demand of the segment, each by the first material that serves it; what comes in
    is at most what can be of the class asked for (see
    :func:`coercivity.resilience.throughput.most_in_class`).
    """
    case, materials = sourcing.case, sourcing.materials
    at = sourcing.year - case.horizon.first_year
    need: dict[str, float] = {}
    for demand in case.demands.values():
        if demand.segment == sourcing.segment and demand.alternatives:
            first = demand.alternatives[0]
            amount = float(demand.amount[at]) * first.amount
            need[first.material] = need.get(first.material, 0.0) + amount

    def left(lost: Lost) -> dict[str, float]:
        bounds = {
            name: most_in_class(sourcing.reach(name, lost=lost)) for name in set(materials.values())
        }
        return {material: bounds[materials[material]].get(material, 0.0) for material in need}

    passing = (seller.id for seller in sourcing.sellers() if seller.check.passes)
    sellers = list(dict.fromkeys(passing))
    return _endurance(sourcing, need, left, _stocks(sourcing, need), sellers)


def endurance_of_list(sourcing: Sourcing, checks: Sequence[LineCheck]) -> Endurance:
    """Tell how long a buyer lasts who buys what is on a supply list, passing or not.

    Needed is what the list buys. The stock is what it states, else the buyer's part of the stocks
    at home.
    """
    need: dict[str, float] = {}
    for one in checks:
        need[one.line.material] = need.get(one.line.material, 0.0) + one.line.amount
    stocks = _stocks(sourcing, need)
    for one in checks:
        if one.line.stock is not None:
            stated = [c.line.stock or 0.0 for c in checks if c.line.material == one.line.material]
            stocks[one.line.material] = math.fsum(stated)

    def left(lost: Lost) -> dict[str, float]:
        found = dict.fromkeys(need, 0.0)
        for one in checks:
            line, origin = one.line, sourcing.origin_of(one.line)
            passed = {*origin, *sourcing.ways.stages(line.material)}
            if not (
                line.supplier in lost.sellers
                or lost.countries & set(origin.values())
                or lost.stages & passed
            ):
                found[line.material] += line.amount
        return found

    sellers = list(dict.fromkeys(one.line.supplier for one in checks))
    return _endurance(sourcing, need, left, stocks, sellers)


def _endurance(
    sourcing: Sourcing,
    need: Mapping[str, float],
    left: Left,
    stocks: Mapping[str, float],
    sellers: Sequence[str],
) -> Endurance:
    case = sourcing.case
    before = left(Lost())
    stages = {stage for material in need for stage in sourcing.ways.stages(material)}
    candidates = [
        *(("supplier", name, Lost(sellers=frozenset({name}))) for name in sellers),
        *(("country", name, Lost(countries=frozenset({name}))) for name in _countries(case)),
        *(
            ("stage", name, Lost(stages=frozenset({name})))
            for name in sorted(stages, key=case.stage_order.__getitem__)
        ),
    ]
    losses = []
    for kind, name, lost in candidates:
        after = left(lost)
        if all(after[material] == before[material] for material in need):
            continue
        kept = stocks if kind != "stage" else _stocks_after(sourcing, need, stocks, name)
        losses.append(_first_to_run_out((kind, name), need, after, kept))
    positions = (Position(m, need[m], before[m], stocks.get(m, 0.0)) for m in need)
    return Endurance(tuple(positions), tuple(losses))


def _first_to_run_out(
    what: tuple[str, str],
    need: Mapping[str, float],
    after: Mapping[str, float],
    stocks: Mapping[str, float],
) -> FallAway:
    found = [
        FallAway(
            *what,
            material,
            after[material],
            months_of_cover(stocks.get(material, 0.0), need=need[material], left=after[material]),
        )
        for material in need
    ]
    return min(found, key=lambda one: (one.months is None, one.months or 0.0))


def _stocks(sourcing: Sourcing, need: Mapping[str, float]) -> dict[str, float]:
    """Give the part of the stocks at home that is kept for the buyer. [t]

    Private stocks are shared by all demand at home in proportion; strategic ones go to the
    segments of first priority.
    """
    return {material: _part(sourcing, material, need[material]) for material in need}


def _part(sourcing: Sourcing, material: str, need: float) -> float:
    case = sourcing.case
    whole = demand_at_home(case, sourcing.year).get(material, 0.0)
    share = 1.0 if whole <= need else need / whole
    ranks = {
        demand.segment: demand.priority
        for demand in case.demands.values()
        if any(choice.material == material for choice in demand.alternatives)
    }
    first = ranks.get(sourcing.segment) == min(ranks.values(), default=None)
    return math.fsum(
        stock.opening * (1.0 if stock.owner == "strategic" and first else share)
        for stock in case.stocks.values()
        if stock.material == material and case.sites[stock.site].country == case.perspective
    )


def _stocks_after(
    sourcing: Sourcing, need: Mapping[str, float], stocks: Mapping[str, float], stage: str
) -> dict[str, float]:
    """Add what can still be made of stocks that have passed a lost stage. [t]"""
    return {m: _StillMade(sourcing, stocks, need[m], stage).of(m) for m in need}


class _StillMade:
    r"""Stock of a material and what its inputs that passed a lost stage can still become.

    .. math::

        P_m = S_m + \max_r \min_i P_i \, b_{r,m} / a_{r,i}

    over recipes *r* of processes that still run, their inputs *i* that need the lost stage, and
    tonnes *a* taken and *b* given per tonne of activity.
    """

    def __init__(
        self, sourcing: Sourcing, stocks: Mapping[str, float], need: float, stage: str
    ) -> None:
        self._sourcing, self._need, self._stage = sourcing, need, stage
        self._known: dict[str, float] = {}
        self._stocks = stocks

    def of(self, material: str) -> float:
        """Give it for a material; on a loop, its stock alone. [t]"""
        if material not in self._known:
            stock = self._known[material] = self._stock(material)
            makers = self._sourcing.ways.makers.get(material, ())
            made = (self._made(mode) * mode.outputs[material] for mode in makers)
            self._known[material] = stock + max(made, default=0.0)
        return self._known[material]

    def _made(self, mode: Mode) -> float:
        """Give the activity that stocks of its inputs still allow. [t]"""
        ways = self._sourcing.ways
        if ways.case.processes[mode.process].stage == self._stage:
            return 0.0
        lost = [needed for needed in ways.inputs(mode) if self._stage in ways.stages(needed)]
        return min((self.of(needed) / mode.inputs[needed] for needed in lost), default=0.0)

    def _stock(self, material: str) -> float:
        """Share the stock of an intermediate by the finished demand that stands behind it. [t]"""
        if material in self._stocks:
            return self._stocks[material]
        case, ways = self._sourcing.case, self._sourcing.ways
        demands = demand_at_home(case, self._sourcing.year).items()
        behind = math.fsum(x for finished, x in demands if material in ways.upstream(finished))
        share = 1.0 if behind <= self._need else self._need / behind
        return share * math.fsum(
            stock.opening
            for stock in case.stocks.values()
            if stock.material == material and case.sites[stock.site].country == case.perspective
        )


def _countries(case: Case) -> list[str]:
    """List the countries in which something of the case is made or comes from."""
    found = {case.sites[asset.site].country for asset in case.assets.values()}
    for offer in case.offers:
        found |= {*offer.origin.values(), *([offer.country] if offer.country else [])}
    return [country for country in case.countries if country in found]
