"""The cash of a project: its operation on paths of prices and of what may go otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.inputs import CashInputs
from coercivity.finance.political_will import draw_standing, promise_kinds
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.book import quarter_prices
from coercivity.finance.projects.operation import Operation
from coercivity.finance.projects.pricing import Pricing
from coercivity.finance.technical import (
    TechnicalDraws,
    TechnicalRisk,
    draw_technical,
    spent_capital,
    technical_risk,
)
from coercivity.tables import CaseTables

LATE = 0.10
"""Share of paths whose first output is later than lenders count on. [fraction]"""
PREMIUM = "premium"
"""Stands for a constant addition to the price of the main product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Everything that chance decides for a project."""

    paths: PricePaths
    """Prices by quarter from the first year of the case. [case money/t]"""
    case_first: int
    """First year of those paths. [calendar year]"""
    technical: TechnicalDraws
    late: float = 0.0
    """Delay that one path in ten exceeds, by its law. [year]"""
    alive: Mapping[str, Array] = field(default_factory=dict)
    """Share of each year in which each kind of promise stands. [fraction]"""


def draw_project(
    tables: CaseTables,
    operation: Operation,
    prices: PricePaths,
    *,
    case_first: int,
    paths: int,
    seed: int,
    risk: TechnicalRisk | None = None,
) -> Drawn:
    """Draw what may go otherwise in a project, beside prices that are drawn for all.

    Parameters
    ----------
    tables
        Of the case: ``overruns``, ``promises``.
    operation
        The project.
    prices
        Paths of prices.
    case_first
        First year of those paths. [calendar year]
    paths
        How many. [path]
    seed
        Seed of all draws.
    risk
        Technical risk; None reads it from the tables.
    """
    if risk is None:
        risk = technical_risk(tables, stage=operation.stage, project=operation.project)
    technical = draw_technical(
        risk,
        project=operation.project,
        planned_first_output=operation.first_output,
        years=operation.years,
        paths=paths,
        seed=seed,
    )
    return Drawn(
        paths=prices,
        case_first=case_first,
        technical=technical,
        late=float(risk.delay.at(np.array([1 - LATE]))[0]),
        alive=_alive(tables, operation, technical, case_first=case_first, paths=paths, seed=seed),
    )


def _alive(
    tables: CaseTables,
    operation: Operation,
    technical: TechnicalDraws,
    *,
    case_first: int,
    paths: int,
    seed: int,
) -> dict[str, Array]:
    r"""Give the share of each year in which promises pay, :math:`a + \delta (1 - a)`.

    Where a lapse costs a termination payment, its share :math:`\delta` of what would still be due
    is counted as if it were paid year by year: the same present value, told later.
    """
    begins = operation.first_year - case_first
    found = {}
    for kind in promise_kinds(tables).values():
        standing = draw_standing(
            kind, years=begins + operation.years, paths=paths, seed=seed, start=float(case_first)
        )
        begun = None
        if kind.grandfathered:
            begun = begins + operation.first_output + technical.delay
        share = standing.alive(begun=begun)[:, begins:]
        found[kind.id] = share + kind.termination_share * (1 - share)
    return found


def cash_of(
    operation: Operation, pricing: Pricing, drawn: Drawn, *, premium: float = 0.0
) -> CashInputs:
    r"""Put the output, prices and cost of a project on its paths.

    .. math:: q_{n,y} = b_y + f_{n,y}\,(a_y - b_y), \qquad
        f_{n,y} = \min\!\left(1, \frac{o_{n,y}}{\text{planned}_y}\right)

    with b and a before and after building and o the output share drawn: never more than planned.
    Running cost moves with output. What is bought costs its own price on the path.

    Parameters
    ----------
    operation
        The project as planned.
    pricing
        How it buys and sells.
    drawn
        What chance decides.
    premium
        Added to the price of the main product, real. [USD/kg]
    """
    produced, prices, cost = _sales(operation, pricing, drawn)
    capex = spent_capital(
        operation.budget + operation.later,
        planned_first_output=operation.first_output,
        draws=drawn.technical,
    )
    cash = CashInputs(
        produced=produced,
        prices=prices,
        operating_cost=cost,
        capex=capex,
        budget=operation.budget,
        planned_first_output=lenders_first_output(operation, drawn),
        realisation={m: pricing.outlets[m].realisation for m in produced},
        sold_share={m: pricing.outlets[m].share for m in produced},
        care_cost=operation.care,
        alive=drawn.alive,
    )
    return with_premium(cash, pricing.product, premium) if premium else cash


def _sales(
    operation: Operation, pricing: Pricing, drawn: Drawn
) -> tuple[dict[str, Array], dict[str, Array], Array]:
    """Give what is made, at which benchmarks, and what running costs, purchases included."""
    reached = _reached(operation, drawn.technical)
    offset, zero = operation.first_year - drawn.case_first, np.zeros(operation.years)
    produced: dict[str, Array] = {}
    prices: dict[str, Array] = {}
    cost = _mixed(operation.before.cost, operation.after.cost, reached)
    for material, quote in pricing.quotes.items():
        before, after = (one.net.get(material, zero) for one in (operation.before, operation.after))
        net = _mixed(before, after, reached)
        table = quarter_prices(drawn.paths, quote, from_year=offset, years=operation.years)
        made, outlet = np.maximum(net, 0.0), pricing.outlets[material]
        if material in pricing.sold:
            produced[material], prices[material] = made, table
            away = outlet.share * outlet.freight + (1 - outlet.share) * outlet.disposal
            cost = cost + made * away
        if before.min() < 0 or after.min() < 0:
            yearly = table.reshape(len(table), operation.years, -1).mean(axis=2)
            cost = cost - np.minimum(net, 0.0) * (yearly + pricing.freights.get(material, 0.0))
    return produced, prices, cost


def lenders_first_output(operation: Operation, drawn: Drawn) -> int:
    """Give the year of first output that lenders count on: one path in ten is later. [year]

    Parameters
    ----------
    operation
        The project as planned.
    drawn
        What chance decides; without building nothing is late.
    """
    if not operation.builds:
        return operation.first_output
    return operation.first_output + math.ceil(drawn.late - 1e-9)


def with_premium(cash: CashInputs, product: str, premium: float) -> CashInputs:
    """Add a constant to what the main product brings; benchmarks of contracts stay as they are.

    Parameters
    ----------
    cash
        Of the project.
    product
        Main product.
    premium
        Added, real. [USD/kg]
    """
    name = f"{product} {PREMIUM}"
    return replace(
        cash,
        produced={**cash.produced, name: cash.produced[product]},
        prices={**cash.prices, name: np.full((1, cash.years), premium)},
        sold_share={**cash.sold_share, name: cash.sold_share.get(product, 1.0)},
    )


def _reached(operation: Operation, technical: TechnicalDraws) -> Array:
    if not operation.builds:
        return np.ones((len(technical.delay), operation.years))
    planned = operation.planned_share
    share = np.divide(
        technical.output_share,
        planned[None, :],
        out=np.zeros_like(technical.output_share),
        where=planned[None, :] > 0,
    )
    return np.minimum(share, 1.0)


def _mixed(before: Array, after: Array, reached: Array) -> Array:
    if np.array_equal(before, after):
        return np.broadcast_to(before, reached.shape)
    return np.asarray(before + reached * (after - before))
