"""The cheapest way through an emergency: by stock, by capacity, or by both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.chain import Case
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.outcome import builds, coverage
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.resilience.stockpiling.chance import PILE
from coercivity.resilience.stockpiling.emergency import (
    Emergency,
    Standing,
    emergency_case,
    years_of_emergency,
)
from coercivity.resilience.stockpiling.forms import Form
from coercivity.tables import CaseTables

ROUNDING = 1e-9
"""Shares below this are rounding of the solver. [fraction]"""
SMALLEST = 1e-3
"""Stocks below this are rounding of the solver. [t]"""
BEFOREHAND = ("holding", "filling", "capital", "salvage", "fixed", "care", "restart")
"""Terms of cost that are spent so as to be ready, besides buying the stock."""
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Pile:
    """A form in stock."""

    material: str
    site: str
    stage: str | None
    tonnes: float
    """Bought in the first year. [t]"""
    purchase: float
    """[million, discounted to the start of the case]"""
    keeping: float
    """Until it is used up. [million, discounted]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One way of being ready, with its cost. Money is discounted to the start of the case."""

    piles: tuple[Pile, ...]
    builds: pd.DataFrame
    """As of a plan."""
    ready: float
    """Spent so as to be ready: stock bought and kept, plants built less salvage. [million]"""
    running: float
    """Spent on what is made, moved and bought in the emergency, if it comes. [million]"""
    expected: float
    """Both together, the emergency's with its chance: what was minimised. [million]"""
    proven: float
    """No way of this kind has a lower expected cost. [million]"""
    levels: pd.DataFrame
    """Stock of each form at the end of each year: material, site, year, stock_t."""

    @property
    def tonnes(self) -> float:
        """All that is stocked. [t]"""
        return sum(pile.tonnes for pile in self.piles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The mix of forms, beside its alternatives."""

    emergency: Emergency
    forms: tuple[Form, ...]
    without: pd.DataFrame
    """Demand and shortfall without any stockpile or new plant: demand, year, demand_t, served_t,
    shortfall_t."""
    needed: bool
    """Whether without them more than the limit stays unmet somewhere."""
    stock: Readiness | None = None
    """Stock alone; None where no stock of priced forms can do it, or none is needed."""
    capacity: Readiness | None = None
    """New plants alone; None where they cannot do it in time, or none are needed."""
    mixture: Readiness | None = None
    """Stock and new plants, whichever costs less."""
    best: float = 0.0
    """Least part of the whole demand that can stay unmet, with all stock and all plants.
    [fraction]"""


def find_mix(
    tables: CaseTables,
    emergency: Emergency,
    standing: Standing,
    forms: Sequence[Form],
    *,
    limits: PlanLimits | None = None,
    tell: Tell | None = None,
) -> Answer:
    r"""Find the cheapest stock, the cheapest plants, and the cheapest of both together.

    .. math:: \min\; \sum_m p_m q_m + \sum_{m,t} h_m \bar v_{m,t} + capital - salvage
        + \pi \cdot \text{cost in the emergency}

    with the chance :math:`\pi` that it comes, subject to the operation of the chain in
    `emergency.emergency_case`, all discounted at the rate of the case. The stock is a linear
    programme and exact; plants come whole.

    Parameters
    ----------
    tables
        Of the case.
    emergency
        What happens and how much may stay unmet.
    standing
        What a plan has built.
    forms
        What may be stocked.
    limits
        Gap of the searches with plants.
    tell
        Is told phase and share of the work done.

    Returns
    -------
    Answer
        With None for each way that cannot do it, and then the least part that stays unmet.
    """
    told = tell or (lambda phase, share: None)

    plain = years_of_emergency(tables, emergency)
    stocked = years_of_emergency(tables, emergency, forms)

    def way(*, piles: bool, options: bool) -> Readiness | None:
        case = emergency_case(stocked if piles else plain, emergency, standing, options=options)
        return _cheapest(case, emergency, limits)

    told("what is unmet without a stock", 0.05)
    without = measured_service(emergency_case(plain, emergency, standing, measured=True), limits)
    short = without["shortfall_t"] > (emergency.limit + ROUNDING) * without["demand_t"]
    if not short.any():
        return Answer(emergency=emergency, forms=tuple(forms), without=without, needed=False)
    told("the cheapest stock", 0.2)
    stock = way(piles=True, options=False)
    told("the cheapest plants", 0.4)
    capacity = way(piles=False, options=True)
    told("the cheapest of both", 0.7)
    mixture = way(piles=True, options=True)
    return Answer(
        emergency=emergency,
        forms=tuple(forms),
        without=without,
        needed=True,
        stock=stock,
        capacity=capacity,
        mixture=mixture,
        best=_least_unmet(stocked, emergency, standing) if mixture is None else 0.0,
    )


def _least_unmet(stocked: Case, emergency: Emergency, standing: Standing) -> float:
    """Give the least part that stays unmet with all stock and all plants. [fraction]"""
    left = measured_service(
        emergency_case(stocked, emergency, standing, options=True, measured=True)
    )
    return float(left["shortfall_t"].sum() / left["demand_t"].sum())


def measured_service(case: Case, limits: PlanLimits | None = None) -> pd.DataFrame:
    """Measure what is asked and what stays unmet in an emergency.

    Parameters
    ----------
    case
        From `emergency.emergency_case`, ``measured``.
    limits
        Gap of the search, where there are options.

    Returns
    -------
    pd.DataFrame
        demand, segment, year, demand_t, served_t, shortfall_t. [t/year]
    """
    model = build_model(case)
    frame = coverage(model, solve_plan(model, limits)).frame
    return frame[["demand", "segment", "year", "demand_t", "served_t", "shortfall_t"]]


def _cheapest(case: Case, emergency: Emergency, limits: PlanLimits | None) -> Readiness | None:
    model = build_model(case)
    try:
        found = solve_plan(model, limits)
    except InfeasiblePlan:
        return None
    terms = model.builder.cost_terms(found.primal)
    piles = _piles(model, found)
    ready = sum(terms.get(name, 0.0) for name in BEFOREHAND)
    ready += sum(pile.purchase for pile in piles)
    return Readiness(
        piles=piles,
        builds=builds(model, found).frame,
        ready=ready,
        running=(found.objective - ready) / emergency.chance,
        expected=found.objective,
        proven=found.bound,
        levels=_levels(model, found),
    )


def _piles(model: PlanningModel, found: PlanSolution) -> tuple[Pile, ...]:
    """List what the sellers of the stockpile deliver, with what it costs to buy and to keep."""
    case, block = model.case, model.operation.purchase
    bought: dict[str, float] = {}
    for label, number in zip(block.labels, block.index["offer"], strict=True):
        name = case.offers[int(str(number))].supplier
        if name.startswith(PILE):
            bought[name] = bought.get(name, 0.0) + float(found.primal[label]) * TONNES_PER_UNIT
    keeping = _keeping(model, found)
    factor = float(case.horizon.discount_factors[0])
    piles = []
    for offer in case.offers:
        tonnes = bought.pop(offer.supplier, 0.0)
        if tonnes > SMALLEST:
            stock = case.stocks[offer.supplier]
            piles.append(
                Pile(
                    stock.material,
                    stock.site,
                    case.materials[stock.material].stage,
                    tonnes,
                    tonnes * float(offer.price[0]) / 1e6 * factor,
                    keeping.get(offer.supplier, 0.0),
                )
            )
    return tuple(sorted(piles, key=lambda pile: -pile.purchase))


def _keeping(model: PlanningModel, found: PlanSolution) -> dict[str, float]:
    """Share the cost of holding among stocks: the very coefficients that were minimised."""
    block = model.operation.storage.level
    names = dict(zip(block.labels.tolist(), block.index["stock"], strict=True))
    kept: dict[str, float] = {}
    for part in model.builder.terms.get("holding", ()):
        for label, coefficient in zip(part.labels.tolist(), part.coefficients, strict=True):
            name = str(names[label])
            kept[name] = kept.get(name, 0.0) + float(coefficient * found.primal[label])
    return kept


def _levels(model: PlanningModel, found: PlanSolution) -> pd.DataFrame:
    case, block = model.case, model.operation.storage.level
    ends = case.horizon.boundaries[1:]
    frame = pd.DataFrame(
        {
            "stock": [str(name) for name in block.index["stock"]],
            "year": [ends[int(str(p))] - 1 for p in block.index["period"]],
            "stock_t": np.asarray(found.primal)[block.labels] * TONNES_PER_UNIT + 0.0,
        }
    )
    frame = frame.loc[frame["stock"].str.startswith(PILE)]
    sums: pd.DataFrame = frame.groupby(["stock", "year"], as_index=False)[["stock_t"]].sum()
    sums.insert(0, "material", [case.stocks[name].material for name in sums["stock"]])
    sums.insert(1, "site", [case.stocks[name].site for name in sums["stock"]])
    held = [name for name, part in sums.groupby("stock") if part["stock_t"].max() > SMALLEST]
    kept: pd.DataFrame = sums[sums["stock"].isin(held)].drop(columns="stock")
    return kept.reset_index(drop=True)
