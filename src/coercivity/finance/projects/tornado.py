"""What moves the worth of a project: each input at its low and its high, the rest as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.finance.contracts import Grant, PolicyLoan
from coercivity.finance.prices.processes import Quote
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.asked import project_row
from coercivity.finance.projects.position import Position
from coercivity.tables import CaseTables, Row

Change = Callable[[Position, float], Position]


@dataclass(frozen=True, slots=True)
class Lever:
    """An input with its range."""

    name: str
    unit: str
    base: float
    low: float
    high: float
    change: Change
    """Gives the project with another value of the input."""


@dataclass(frozen=True, slots=True)
class Swing:
    """What an input does to the mean worth of equity at the hurdle."""

    name: str
    unit: str
    base: float
    low: float
    high: float
    at_low: float
    """Mean worth at the low value. [million, real]"""
    at_high: float
    """Mean worth at the high value. [million, real]"""


def swings(
    position: Position, levers: Sequence[Lever], *, workers: int | None = None
) -> tuple[Swing, ...]:
    """Appraise a project at both ends of each input, on the same paths; the widest first.

    Parameters
    ----------
    position
        The project.
    levers
        What is moved.
    workers
        Threads; the bits do not depend on them.
    """

    def worth(lever: Lever, value: float) -> float:
        return lever.change(position, value).appraise(workers=workers).worth.value

    found = [
        Swing(
            lever.name,
            lever.unit,
            lever.base,
            lever.low,
            lever.high,
            worth(lever, lever.low),
            worth(lever, lever.high),
        )
        for lever in levers
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.at_high - one.at_low)))


def levers_of(tables: CaseTables, position: Position) -> tuple[Lever, ...]:
    """List the inputs of a project for which the tables state a low and a high.

    A price moves in proportion on every path, and what follows it follows; a margin by an amount;
    capital and running cost in proportion, by what the rows of its modules and plants state,
    weighted by money.

    Parameters
    ----------
    tables
        Of the case.
    position
        The project.
    """
    return (
        *_levels(tables, position),
        *_margins(tables, position),
        *_capital(tables, position),
        *_running(tables, position),
        *_asked(tables, position),
    )


def _range(row: Row | None, column: str) -> tuple[float, float, float] | None:
    if row is None:
        return None
    names = (column, f"{column}_low", f"{column}_high")
    if not all(row.given(name) for name in names):
        return None
    base, low, high = (row.number(name) for name in names)
    return base, low, high


def _levels(tables: CaseTables, position: Position) -> Iterator[Lever]:
    """Give the prices that move by themselves and count in what the project sells or buys."""
    links = position.book.needed(position.pricing.quotes.values())
    counted = {quote.material for quote in position.pricing.quotes.values()}
    counted |= {link.follows for link in links}
    for row in tables["price_models"].rows():
        quote = Quote(row.text("material"), row.maybe_text("place") or "")
        span = _range(row, "level")
        if span is not None and span[0] > 0 and quote.material in counted:
            base, low, high = (value / 1000 for value in span)
            yield Lever(f"price of {quote}", "USD/kg", base, low, high, _price_at(quote, base))


def _price_at(quote: Quote, base: float) -> Change:
    def change(position: Position, value: float) -> Position:
        known = {*position.book.system.quotes, *position.book.held}
        prices = {q: table for q, table in position.drawn.paths.prices.items() if q in known}
        prices[quote] = prices[quote] * (value / base)
        moved = PricePaths(prices, 4, {}, position.drawn.paths.margins)
        return position.with_prices(moved, position.book)

    return change


def _margins(tables: CaseTables, position: Position) -> Iterator[Lever]:
    main = position.pricing.quotes[position.pricing.product]
    for row in tables["price_links"].rows():
        quote = Quote(row.text("material"), row.maybe_text("place") or "")
        span = _range(row, "margin")
        if span is not None and quote == main:
            base, low, high = (value / 1000 for value in span)
            yield Lever(f"margin of {quote}", "USD/kg", base, low, high, _margin_at(quote, base))


def _margin_at(quote: Quote, base: float) -> Change:
    def change(position: Position, value: float) -> Position:
        prices = dict(position.drawn.paths.prices)
        prices[quote] = np.maximum(prices[quote] + 1000 * (value - base), 0.0)
        drawn = replace(position.drawn, paths=PricePaths(prices, 4, {}))
        return replace(position, drawn=drawn)

    return change


def _capital(tables: CaseTables, position: Position) -> Iterator[Lever]:
    parts = [
        (amount, _range(tables["options"].find(name), "capital"))
        for name, amount in position.operation.modules.items()
    ]
    yield from _weighted("capital", "million", parts, _capital_at)


def _capital_at(position: Position, ratio: float) -> Position:
    planned = position.operation
    moved = replace(planned, budget=ratio * planned.budget, later=ratio * planned.later)
    # Grants and loans never exceed what is spent, so they shrink with a smaller budget.
    contracts = tuple(
        replace(c, amount=min(ratio, 1.0) * c.amount) if isinstance(c, (Grant, PolicyLoan)) else c
        for c in position.contracts
    )
    return replace(position, operation=moved, contracts=contracts)


def _running(tables: CaseTables, position: Position) -> Iterator[Lever]:
    parts = [
        (spent, _range(tables["assets"].find(name), "variable_cost"))
        for name, spent in position.operation.after.by_plant.items()
    ]
    yield from _weighted("running cost", "million/year", parts, _running_at)


def _running_at(position: Position, ratio: float) -> Position:
    planned = position.operation
    before = replace(planned.before, cost=ratio * planned.before.cost)
    after = replace(planned.after, cost=ratio * planned.after.cost)
    return replace(position, operation=replace(planned, before=before, after=after))


def _weighted(
    name: str,
    unit: str,
    parts: Sequence[tuple[float, tuple[float, float, float] | None]],
    change: Change,
) -> Iterator[Lever]:
    """Give one lever of several amounts with ranges; those without a range stay."""
    base = low = high = 0.0
    for amount, span in parts:
        known = span if span is not None and span[0] > 0 else (1.0, 1.0, 1.0)
        base += amount
        low += amount * known[1] / known[0]
        high += amount * known[2] / known[0]
    if base > 0 and low < high:
        yield Lever(name, unit, base, low, high, lambda p, value: change(p, value / base))


def _asked(tables: CaseTables, position: Position) -> Iterator[Lever]:
    row = project_row(tables, position.operation.project)
    hurdle, rate = _range(row, "hurdle"), _range(row, "debt_rate")
    if hurdle is not None:
        yield Lever("hurdle", "fraction", *hurdle, _hurdle_at)
    if rate is not None and position.terms.debt is not None:
        yield Lever("interest", "fraction", *rate, _interest_at)


def _hurdle_at(position: Position, value: float) -> Position:
    return replace(position, terms=replace(position.terms, hurdle=value))


def _interest_at(position: Position, value: float) -> Position:
    debt = position.terms.debt
    if debt is None:
        return position
    return replace(position, terms=replace(position.terms, debt=replace(debt, rate=value)))
