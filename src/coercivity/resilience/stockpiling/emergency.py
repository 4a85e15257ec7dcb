"""A case as it would be in an emergency: quiet years to prepare, then years with supply cut off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.chain import Case
from coercivity.chain.assembly import assemble
from coercivity.chain.origin import OriginRules
from coercivity.chain.plants import Asset, Option
from coercivity.chain.trade import Demand, Link, Offer, Stock, Taker
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.periods import Array
from coercivity.foundation.problems import quoted
from coercivity.planning.built import Modules, with_builds
from coercivity.resilience.stockpiling.chance import PILE, at_chance
from coercivity.resilience.stockpiling.forms import Form, is_cut
from coercivity.tables import CaseTables
from coercivity.tables.drafts import draft_of

ROOM = 1e7
"""More than any stock would hold. [t]"""
UNSERVED = 1e8
"""Cost of a tonne short where a shortfall is only measured. [case money/t]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What happens, when, and how much of the demand may stay unmet."""

    segment: str | None
    """Whose demand is to be met; no other is served. None is all demand, in order of priority."""
    year: int
    """First year of the conflict. [calendar year]"""
    limit: float = 0.0
    """Most of each demand and year that may stay unmet. [fraction]"""
    surge: float = 1.0
    """Demand in the emergency over that of the case. [ratio]"""
    chance: float = 0.1
    """That it comes: what is spent only then counts with it. [fraction]"""
    conflict: int = 1
    """Years of conflict. [year]"""
    regeneration: int = 3
    """Years of regeneration after it. [year]"""
    cut: tuple[str, ...] = ("covered", "neutral", "allied")
    """Country groups that deliver nothing during the conflict."""
    still_cut: tuple[str, ...] = ("covered",)
    """Country groups that deliver nothing during regeneration."""

    @property
    def end(self) -> int:
        """First year after it. [calendar year]"""
        return self.year + self.conflict + self.regeneration


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands when the emergency comes, besides what the case has."""

    modules: Modules
    """By option and decision year. [count]"""
    idle: Mapping[str, Array]
    """Years in which an asset is idle, as for `planning.built.with_builds`."""


def expect_emergency(case: Case, emergency: Emergency) -> None:
    """Refuse an emergency that the case cannot hold.

    Parameters
    ----------
    case
        The case.
    emergency
        What is asked.

    Raises
    ------
    UsageError
        If the segment, the years or a share cannot be.
    """
    known = sorted({d.segment for d in case.demands.values() if d.segment})
    if emergency.segment not in known:
        near = suggestion(emergency.segment or "", known, listed_in="demands.csv")
        msg = f"--segment: nothing is asked for in {quoted(emergency.segment)}. {near}  [S101]"
        raise UsageError(msg)
    first, end = case.horizon.first_year, case.horizon.end
    if not first < emergency.year <= end - (emergency.end - emergency.year):
        last = end - (emergency.end - emergency.year)
        msg = (
            f"--year {emergency.year}: the emergency lasts to the end of {emergency.end - 1}, and "
            f"a stock is bought in {first}. The case runs from {first} to {end - 1}: name a year "
            f"from {first + 1} to {last}.  [S105]"
        )
        raise UsageError(msg)
    if not (0 <= emergency.limit < 1 and emergency.surge > 0 and 0 < emergency.chance <= 1):
        msg = (
            f"--limit {emergency.limit:g} --surge {emergency.surge:g} --chance "
            f"{emergency.chance:g}: the part that may stay unmet lies from 0 to below 1, the surge "
            "is above 0, and the chance is above 0 and at most 1.  [S106]"
        )
        raise UsageError(msg)


def years_of_emergency(
    tables: CaseTables, emergency: Emergency, forms: Sequence[Form] = (), *, coarse: bool = False
) -> Case:
    """Give the case over the years up to the end of an emergency, with sellers of a stockpile.

    Parameters
    ----------
    tables
        Of the case.
    emergency
        What happens.
    forms
        Forms that may be stocked; none for a case without a stockpile.
    coarse
        Whether quiet years are one period; enough where nothing is decided in them.
    """
    return assemble(_with_piles(_cut_off(tables, emergency, coarse=coarse), forms))


def emergency_case(
    case: Case,
    emergency: Emergency,
    standing: Standing,
    *,
    options: bool = False,
    measured: bool = False,
) -> Case:
    r"""Give the case of an emergency, as a plan can be made of it.

    From the first year to the year before the conflict nothing is asked for, bought or made with
    what stands: it serves quiet years. In the first year a stockpile of each form may be bought.
    In each year of the emergency, sellers and plants of the groups that are cut give nothing, and

    .. math:: served_{d,y} \ge (1-\ell)\,\sigma\,D_{d,y}

    of every demand of the segment, in its own class, with limit :math:`\ell` and surge
    :math:`\sigma`. No other demand is served and nothing is sold. What is made, moved and bought
    in the emergency costs its price times the chance that it comes. Keeping what stands costs
    nothing here, since it is kept anyway; a plant that only a new option brings has its own
    fixed cost.

    Parameters
    ----------
    case
        From `years_of_emergency`.
    emergency
        What happens.
    standing
        What a plan has built by then.
    options
        Whether the options not yet taken may be built before and during the emergency.
    measured
        Whether demand may go short at a high cost, in order to measure by how much.
    """
    years = np.asarray(case.horizon.years)
    during, conflict = years >= emergency.year, years < emergency.year + emergency.conflict
    groups = [emergency.cut if war else emergency.still_cut for war in conflict]
    idle = {name: marks[: len(years)] for name, marks in standing.idle.items()}
    built = with_builds(case, standing.modules, idle=idle)
    cut = {*emergency.cut, *emergency.still_cut}
    new = _left(case, standing.modules, cut) if options else {}
    assets = {
        asset.id: _closed_asset(built, asset, case.assets[asset.id], during, groups)
        for asset in built.assets.values()
    }
    closed = replace(
        built,
        origin=_in_force(built.origin, emergency),
        report_until=emergency.end - 1,
        assets=assets,
        links={name: _free_link(link) for name, link in built.links.items()},
        stocks={name: _held_stock(stock) for name, stock in built.stocks.items()},
        options=new,
        offers=tuple(_cut_offer(case, one, during, groups) for one in built.offers),
        takers=tuple(_disposal(one) for one in built.takers),
        demands={
            name: _asked(demand, emergency, during, measured=measured)
            for name, demand in built.demands.items()
            if emergency.segment in (None, demand.segment)
        },
        targets=(),
        limits=tuple(limit for limit in built.limits if limit.kind in ("exports", "imports")),
    )
    return closed if measured else at_chance(closed, emergency.chance)


def _cut_off(tables: CaseTables, emergency: Emergency, *, coarse: bool) -> CaseTables:
    """Let the case end with the emergency; its years, and the first, stand for themselves."""
    first, *others = tables.settings.periods
    quiet = () if coarse else (year for year in (first + 1, *others) if year < emergency.year)
    periods = sorted({first, *quiet, *range(emergency.year, emergency.end + 1)})
    settings = replace(tables.settings, periods=tuple(periods), report_until=emergency.end - 1)
    return replace(tables, settings=settings)


def _with_piles(tables: CaseTables, forms: Sequence[Form]) -> CaseTables:
    """Add a stock of each form and a seller that fills it in the first year alone."""
    if not forms:
        return tables
    sellers, stocks = draft_of(tables["suppliers"]), draft_of(tables["stocks"])
    first = tables.settings.periods[0]
    for form in forms:
        name = f"{PILE}{form.material}:{form.site}"
        row = {"id": name, "step": 1, "site": form.site, "material": form.material}
        sellers.rows += [
            {**row, "year": first, "price": form.price, "offered": ROOM},
            {**row, "year": first + 1, "price": form.price, "offered": 0.0},
        ]
        sellers.origins += [(sellers.file, 0)] * 2
        stocks.rows.append(
            {
                "id": name,
                "site": form.site,
                "material": form.material,
                "opening": 0.0,
                "most": ROOM,
                "holding_cost": form.keeping,
                "owner": "strategic",
            }
        )
        stocks.origins.append((stocks.file, 0))
    added = {"suppliers": sellers.table(), "stocks": stocks.table()}
    return replace(tables, tables={**tables.tables, **added})


def _in_force(origin: OriginRules, emergency: Emergency) -> OriginRules:
    """Let rules that begin by the end hold from the start, since stock is bought to them."""
    rules = tuple(
        replace(rule, from_date=None)
        if rule.from_date is not None and rule.from_date.year < emergency.end
        else rule
        for rule in origin.rules
    )
    return replace(origin, rules=rules)


def _left(case: Case, modules: Modules, cut: Collection[str]) -> dict[str, Option]:
    """Give the options of which modules are left, at places that are never cut off."""
    taken: dict[str, int] = {}
    for (name, _), count in modules.items():
        taken[name] = taken.get(name, 0) + count
    found = {}
    for name, option in case.options.items():
        asset = case.assets.get(option.adds_to)
        away = asset is not None and case.group_of_site(asset.site) in cut
        left = option.most - taken.get(name, 0)
        if left > 0 and not away and not taken.keys() & set(option.excludes):
            needs = tuple(other for other in option.requires if other not in taken)
            found[name] = replace(option, most=left, requires=needs)
    return found


def _closed_asset(
    built: Case,
    asset: Asset,
    before: Asset,
    during: np.ndarray,
    groups: Sequence[tuple[str, ...]],
) -> Asset:
    """Close an asset in quiet years and while its country group is cut."""
    group = built.group_of_site(asset.site)
    open_years = during & np.array([group not in cut for cut in groups])
    alone = not np.any(asset.capacity > 0)
    return replace(
        asset,
        capacity=np.where(open_years, asset.capacity, 0.0),
        least_activity=np.zeros_like(asset.least_activity),
        fixed_cost=before.fixed_cost if alone else asset.fixed_cost,
    )


def _cut_offer(
    case: Case,
    offer: Offer,
    during: np.ndarray,
    groups: Sequence[tuple[str, ...]],
) -> Offer:
    if offer.supplier.startswith(PILE):
        return offer
    open_years = during & np.array([not is_cut(case, offer, cut) for cut in groups])
    return replace(offer, offered=np.where(open_years, offer.offered, 0.0))


def _free_link(link: Link) -> Link:
    """Let a way carry nothing, too."""
    return replace(link, least=np.zeros_like(link.least))


def _held_stock(stock: Stock) -> Stock:
    """Leave a stock of the case at its opening: it can be drawn, not filled, and costs nothing."""
    if stock.id.startswith(PILE):
        return stock
    nothing = np.zeros_like(stock.holding_cost)
    return replace(stock, most=nothing, holding_cost=nothing)


def _disposal(taker: Taker) -> Taker:
    """Leave only those who are paid for taking."""
    return replace(taker, most=np.where(taker.price < 0, taker.most, 0.0))


def _asked(demand: Demand, emergency: Emergency, during: np.ndarray, *, measured: bool) -> Demand:
    share = emergency.surge * (1.0 if measured else 1.0 - emergency.limit)
    amount = np.where(during, demand.amount * share, 0.0)
    penalty = np.full_like(demand.amount, UNSERVED / demand.priority) if measured else None
    return replace(demand, amount=amount, penalty=penalty)
