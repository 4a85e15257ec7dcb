"""The home country of a case: what it makes, trades, keeps and uses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from coercivity.chain import Case
from coercivity.chain.processes import Mode
from coercivity.resilience.cover import days_of_cover
from coercivity.resilience.observed import Counted, Ledger, counted, counted_material
from coercivity.resilience.qualified import running_modes, year_in_horizon
from coercivity.resilience.reliance import Balance, apparent_consumption, import_reliance

TRADED = ("import", "export", "consumption")
FLOWS = ("production", "import", "export", "consumption")


@dataclass(frozen=True, slots=True)
class HomeBalance:
    """What the home country made and traded of a material, or at a stage, in a year."""

    year: int
    """The year. [calendar year]"""
    material: str | None
    stage: str | None
    """The stage, where it was counted as a whole and not by material."""
    amounts: Mapping[str, float | None]
    """Production, import, export, consumption and stock_rise; None = not counted. [t/year]"""

    @property
    def balance(self) -> Balance | None:
        """The balance; None where production, or all trade and use, was not counted.

        Where trade was counted on one side only, the other counts as none; where it was not
        counted at all, the consumption stands for it.
        """
        known = self.amounts
        production, consumption = known["production"], known["consumption"]
        if production is None:
            return None
        rise = known["stock_rise"] or 0.0
        if known["import"] is None and known["export"] is None:
            if consumption is None:
                return None
            return Balance(production, imports=consumption - production)
        return Balance(production, known["import"] or 0.0, known["export"] or 0.0, rise)

    @property
    def reliance(self) -> float | None:
        """Net import reliance; None where it is not defined. [fraction]"""
        return None if self.balance is None else import_reliance(self.balance)

    @property
    def use(self) -> float | None:
        """What was used: as counted, else apparent; None where it is not known. [t/year]"""
        if self.amounts["consumption"] is not None:
            return self.amounts["consumption"]
        return None if self.balance is None else apparent_consumption(self.balance)


def home_balances(ledger: Ledger, case: Case, year: int) -> list[HomeBalance]:
    """Gather the balances of the home country, by material and, where counted so, by stage.

    Parameters
    ----------
    ledger
        The observations.
    case
        The case; its perspective is the home country.
    year
        The year. [calendar year]
    """
    home = case.perspective or ""
    rows = [o for kind in TRADED for o in ledger.select(kind, year) if o.country == home]
    named = {o.material or ledger.measures.get(o.stage or "") for o in rows}
    materials = sorted(name for name in named if name is not None and name in case.materials)
    stages = sorted(
        {o.stage for o in rows if o.material is None and o.stage is not None}
        - {s for s, measure in ledger.measures.items() if measure in case.materials}
    )
    found = [
        HomeBalance(year, name, None, _amounts(ledger, home, year, material=name))
        for name in materials
    ]
    return found + [
        HomeBalance(year, None, name, _amounts(ledger, home, year, stage=name)) for name in stages
    ]


def _amounts(
    ledger: Ledger,
    home: str,
    year: int,
    *,
    material: str | None = None,
    stage: str | None = None,
) -> dict[str, float | None]:
    def at(kind: str, when: int) -> float | None:
        if material is not None:
            found: Counted = counted_material(ledger, when, material, kind=kind)
        else:
            found = counted(ledger, when, stage or "", kind=kind)
        return found.countries.get(home)

    amounts = {kind: at(kind, year) for kind in FLOWS}
    before, after = at("stock", year - 1), at("stock", year)
    rise = None if before is None or after is None else after - before
    return amounts | {"stock_rise": rise}


@dataclass(frozen=True, slots=True)
class Cover:
    """How long the stock of a material at home lasts."""

    material: str
    stock: float
    """What is kept. [t]"""
    stock_from: str
    """``observed`` or ``opening``."""
    use: float
    """What is used. [t/year]"""
    use_from: str
    """``observed``, ``demand`` or ``plants``."""
    days: float
    """365 x stock / use. [day]"""


def cover_at_home(ledger: Ledger, case: Case, year: int) -> list[Cover]:
    """Tell the days for which the stocks at home cover what is used there.

    The stock is the one counted in the year, else the opening of the case's stocks. The use is what
    was counted or follows from trade, else the demand that the material is the first to serve,
    else what the plants at home take in when they run at full capacity.

    Parameters
    ----------
    ledger
        The observations.
    case
        The case.
    year
        The year; where the case says nothing of it, its nearest year counts. [calendar year]
    """
    home = case.perspective or ""
    observed = {
        name: _stock_counted(ledger, home, name, year)
        for name in {o.material for o in ledger.select("stock", year)} - {None}
        if name is not None
    }
    opening: dict[str, float] = {}
    for kept in case.stocks.values():
        if case.sites[kept.site].country == home:
            opening[kept.material] = opening.get(kept.material, 0.0) + kept.opening
    counted_use = {b.material: b.use for b in home_balances(ledger, case, year)}
    demand, plants = demand_at_home(case, year), _plants_at_home(case, year)
    found = []
    for material in sorted({*opening, *(m for m, x in observed.items() if x is not None)}):
        seen = observed.get(material)
        stock, stock_from = (
            (opening.get(material, 0.0), "opening") if seen is None else (seen, "observed")
        )
        for use_from, use in (
            ("observed", counted_use.get(material)),
            ("demand", demand.get(material)),
            ("plants", plants.get(material)),
        ):
            days = days_of_cover(stock, use) if use is not None and use > 0 else None
            if days is not None and use is not None and math.isfinite(use):
                found.append(Cover(material, stock, stock_from, use, use_from, days))
                break
    return found


def _stock_counted(ledger: Ledger, home: str, material: str, year: int) -> float | None:
    return counted_material(ledger, year, material, kind="stock").countries.get(home)


def demand_at_home(case: Case, year: int) -> dict[str, float]:
    """Sum the demands at home by the first material that serves each. [t/year]"""
    at = year_in_horizon(case, year) - case.horizon.first_year
    found: dict[str, float] = {}
    for demand in case.demands.values():
        at_home = any(case.sites[site].country == case.perspective for site in demand.sites)
        if at_home and demand.alternatives:
            first = demand.alternatives[0]
            amount = float(demand.amount[at]) * first.amount
            found[first.material] = found.get(first.material, 0.0) + amount
    return found


def _plants_at_home(case: Case, year: int) -> dict[str, float]:
    """Sum what the plants at home take in at full capacity, by material. [t/year]"""
    taken: dict[tuple[str, str], float] = {}
    for run in running_modes(case, year_in_horizon(case, year)):
        if case.sites[run.asset.site].country != case.perspective:
            continue
        mode: Mode = run.mode
        for material, amount in mode.inputs.items():
            key = (run.asset.id, material)
            taken[key] = max(taken.get(key, 0.0), run.capacity * amount)
    found: dict[str, float] = {}
    for (_, material), amount in taken.items():
        found[material] = found.get(material, 0.0) + amount
    return found
