"""The contracts that make sense for a project, each at a few sets of terms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.package.bench import Bench
from coercivity.alignment.package.columns import (
    Site,
    backing_columns,
    capital_columns,
    running_columns,
)
from coercivity.alignment.package.instruments import (
    CAPITAL,
    CAPS,
    PRICE,
    Column,
)
from coercivity.finance.contracts import (
    Grant,
    PolicyLoan,
    Starts,
    Window,
)
from coercivity.finance.contracts.checks import contract_problems
from coercivity.finance.inputs import CashInputs
from coercivity.finance.projects.position import Position

BOUGHT = 0.2
"""A project that buys more than this share of its sales earns a margin, not a price. [fraction]"""
NUDGE = 0.1
"""Part of the price by which it is raised to find where equity breaks even. [fraction]"""
HIGHEST = 5.0
"""Break-even prices above so many long-run prices are not looked at. [ratio]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What a project may be given."""

    columns: tuple[Column, ...]
    limits: Mapping[str, float]
    """Most that the levels of each group may sum to. [fraction]"""
    product: str
    price: float
    """Mean price of the product over the paths and years. [USD/kg, real]"""
    break_even: float | None
    """Constant price of the product at which equity is worth what is needed; None where the
    project lives on a margin. [USD/kg, real]"""


def menu_of(
    bench: Bench,
    product: str,
    *,
    margin: bool = False,
    allow: Collection[str] = (),
    caps: Mapping[str, float] | None = None,
    years: int = 10,
) -> Menu:
    """List what a project may be given, next to the contracts in force.

    Money in the package keeps its value (it is indexed), except loans. Running support begins
    with first output.

    Parameters
    ----------
    bench
        The project; its columns do not matter.
    product
        What price contracts are settled on.
    margin
        Whether it lives on a margin: then no contract on a price is offered.
    allow
        Kinds of contracts; empty allows all.
    caps
        Most of each kind in place of `CAPS`. [fraction]
    years
        Of running support. [year]
    """
    cash, terms = bench.cash, bench.terms
    room = cash.years - cash.planned_first_output
    site = Site(
        cash=cash,
        terms=terms,
        product=product,
        price=_long_run(cash, product),
        capital=bench.capital,
        whole=bench.capital + bench.later,
        caps={**CAPS, **(caps or {})},
        window=Window(Starts.FIRST_OUTPUT, 0.0, float(min(years, room))),
    )
    break_even = None if margin else _break_even(bench, site)
    free = 1.0 - _towards_capital(bench) / site.capital if site.capital > 0 else 0.0
    columns = [
        *capital_columns(site, free),
        *backing_columns(site),
        *running_columns(site, break_even),
    ]
    wanted = [c for c in columns if (not allow or c.kind in allow) and c.most > 0]
    kept = tuple(c for c in wanted if _goes_with(bench, c))
    limits = {**site.caps, CAPITAL: max(free, 0.0), PRICE: 1.0}
    return Menu(
        columns=kept, limits=limits, product=product, price=site.price, break_even=break_even
    )


def _long_run(cash: CashInputs, product: str) -> float:
    return float(np.mean(np.asarray(cash.prices[product])))


def lives_on_a_margin(position: Position) -> bool:
    """Tell whether a project buys so much that a floor under its price would miss its result.

    Parameters
    ----------
    position
        The project; purchases and sales over its life at long-run prices count.
    """
    bought = sold = 0.0
    for material, net in position.operation.after.net.items():
        worth = position.pricing.long_run.get(material, 0.0) * net
        bought -= float(np.minimum(worth, 0.0).sum())
        sold += float(np.maximum(worth, 0.0).sum())
    return bought > BOUGHT * sold


def _break_even(bench: Bench, site: Site) -> float:
    """Find, by a straight line through two prices, where equity is worth what is needed."""
    base = float(bench.appraise(bench.nothing).hurdle.mean())
    nudge = NUDGE * site.price
    lifted = {**bench.cash.prices}
    lifted[site.product] = np.asarray(lifted[site.product]) + nudge
    raised = replace(bench, cash=replace(bench.cash, prices=lifted), seen={})
    slope = (float(raised.appraise(bench.nothing).hurdle.mean()) - base) / nudge
    if slope <= 0:
        return site.price
    found = site.price + (bench.needed - base) / slope
    return float(np.clip(found, 0.2 * site.price, HIGHEST * site.price))


def _towards_capital(bench: Bench) -> float:
    return sum(c.amount for c in bench.contracts if isinstance(c, (Grant, PolicyLoan)))


def _goes_with(bench: Bench, column: Column) -> bool:
    """Tell whether a column contradicts nothing in force, even at a small level."""
    problems = contract_problems(
        (*bench.contracts, *column.make(min(column.most, 1e-3))),
        years=bench.cash.years,
        first_output=bench.cash.planned_first_output,
        budget=max(bench.capital, 1e-12),
    )
    return not [p for p in problems if f"'{column.id}" in f"{p.place} {p.what}"]
