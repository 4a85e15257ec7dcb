"""A project ready to be appraised: its operation, prices, draws, terms and contracts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coercivity.chain import Case
from coercivity.finance.appraisal import Appraisal, appraise
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract, Grant, PolicyLoan, Step
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.prices.links import follow
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.agreements import Agreements, agreements_of
from coercivity.finance.projects.asked import project_row, terms_of_project
from coercivity.finance.projects.book import PriceBook
from coercivity.finance.projects.cash import (
    Drawn,
    cash_of,
    draw_project,
    lenders_first_output,
)
from coercivity.finance.projects.contract_terms import Setting
from coercivity.finance.projects.operation import Operation
from coercivity.finance.projects.pricing import Pricing, pricing_of
from coercivity.finance.technical import TechnicalDraws
from coercivity.tables import CaseTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Everything that an appraisal of a project needs."""

    operation: Operation
    pricing: Pricing
    book: PriceBook
    drawn: Drawn
    terms: ProjectTerms
    contracts: tuple[Contract, ...] = ()
    with_building: frozenset[str] = frozenset()
    """Ids of contracts that belong to what is built: without it they fall away."""
    notes: tuple[str, ...] = field(default=())
    """What was assumed or left out, in words."""

    def cash(self, *, premium: float = 0.0) -> CashInputs:
        """Give the cash on all paths.

        Parameters
        ----------
        premium
            Added to the price of the main product, real. [USD/kg]
        """
        return cash_of(self.operation, self.pricing, self.drawn, premium=premium)

    @property
    def may_go_on(self) -> bool:
        """Whether plants exist that could run on with nothing built."""
        running = self.operation.before.net.values()
        return self.operation.builds and any(net.max(initial=0.0) > 0 for net in running)

    def appraise(self, *, premium: float = 0.0, workers: int | None = None) -> Appraisal:
        """Appraise it; where plants exist owners judge what building adds to going on without.

        Parameters
        ----------
        premium
            Added to the price of the main product, real. [USD/kg]
        workers
            Threads; the bits do not depend on them.
        """
        cash, going_on = self.cash(premium=premium), None
        if self.may_go_on:
            still = self.without_building().appraise(premium=premium, workers=workers)
            going_on = still.owners
        return appraise(cash, self.terms, self.contracts, workers=workers, going_on=going_on)

    def first_paths(self, count: int) -> Position:
        """Keep the first paths only.

        Parameters
        ----------
        count
            How many. [path]
        """
        technical, prices = self.drawn.technical, self.drawn.paths

        def cut(table: Array) -> Array:
            return table[:count]

        drawn = replace(
            self.drawn,
            paths=PricePaths(
                {q: cut(table) for q, table in prices.prices.items()},
                prices.steps_a_year,
                {},
                {name: cut(table) for name, table in prices.margins.items()},
            ),
            technical=TechnicalDraws(
                cut(technical.overrun), cut(technical.delay), cut(technical.output_share)
            ),
            alive={name: cut(table) for name, table in self.drawn.alive.items()},
        )
        return replace(self, drawn=drawn)

    def with_prices(self, prices: PricePaths, book: PriceBook) -> Position:
        """Let prices that follow others follow these.

        Parameters
        ----------
        prices
            Of what moves by itself, or is held.
        book
            Whose links count.
        """
        followed = follow(prices, book.needed(self.pricing.quotes.values()))
        return replace(self, drawn=replace(self.drawn, paths=followed), book=book)

    def without_building(self) -> Position:
        """Let the plants that exist run on, with nothing built.

        Contracts on capital fall away, and of the others those that belong to what is built.
        """
        still = replace(
            self.operation,
            after=self.operation.before,
            budget=0.0 * self.operation.budget,
            later=0.0 * self.operation.later,
            first_output=0,
            care=self.operation.care
            * (self.operation.before.cost.sum() / max(self.operation.after.cost.sum(), 1e-12)),
            modules={},
        )
        kept = tuple(
            one
            for one in self.contracts
            if one.STEP in {Step.RUNNING, Step.PROFIT} and one.id not in self.with_building
        )
        terms = replace(self.terms, debt=None)
        return replace(self, operation=still, contracts=kept, terms=terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the contracts of a project's company have to know."""

    budgets: dict[str, float]
    """Capital of each project of the company that builds. [million]"""
    starts: dict[str, float]
    """Planned first output of options that are taken. [calendar year]"""


def position_of(
    case: Case,
    tables: CaseTables,
    operation: Operation,
    *,
    book: PriceBook,
    prices: PricePaths,
    company: Company,
    paths: int,
    seed: int,
    with_contracts: bool = True,
) -> Position:
    """Make a project ready to be appraised.

    Parameters
    ----------
    case, tables
        The case.
    operation
        The project as planned.
    book, prices
        Prices of the case, and paths of them.
    company
        What its contracts have to know of other projects.
    paths, seed
        How many paths, and the seed of all draws.
    with_contracts
        Whether its contracts count.
    """
    pricing = pricing_of(case, operation, book)
    terms = terms_of_project(
        tables, operation.project, first_year=operation.first_year, builds=operation.builds
    )
    first = case.horizon.first_year
    drawn = draw_project(tables, operation, prices, case_first=first, paths=paths, seed=seed)
    found = Agreements()
    if with_contracts:
        setting = _setting(tables, operation, pricing, terms, company)
        found = agreements_of(tables, setting)
        if _covered(found, setting):
            terms = replace(terms, debt=None)
            found.notes.append("Grants and agreed loans pay for all capital: no more is borrowed.")
    terms, contracts, cut = _within_life(terms, found.contracts, operation, drawn)
    notes = (*operation.notes, *_price_notes(pricing, book), *found.notes, *cut)
    return Position(
        operation=operation,
        pricing=pricing,
        book=book,
        drawn=drawn,
        terms=terms,
        contracts=contracts,
        with_building=_with_building(tables, operation),
        notes=notes,
    )


def _with_building(tables: CaseTables, operation: Operation) -> frozenset[str]:
    """Name contracts of a project that begin with what it builds: an option, or first output."""
    bound = []
    for row in tables["contracts"].rows():
        waits = row.maybe_text("starts_with")
        own = waits in operation.modules
        if own or (waits is None and row.text("starts") == "first-output"):
            bound.append(row.text("id"))
    return frozenset(bound)


def _setting(
    tables: CaseTables,
    operation: Operation,
    pricing: Pricing,
    terms: ProjectTerms,
    company: Company,
) -> Setting:
    row = project_row(tables, operation.project)
    total = sum(company.budgets.values())
    cost = float(operation.after.cost.sum())
    bought = _bought(operation, pricing)
    debt = terms.debt
    return Setting(
        project=operation.project,
        company=row.maybe_text("company") or "",
        first_year=operation.first_year,
        years=operation.years,
        product=pricing.product,
        products=frozenset(m for m in pricing.quotes if operation.made(m).any()),
        budget=float((operation.budget * terms.price_level(operation.years)).sum()),
        company_share=company.budgets.get(operation.project, 0.0) / total if total else 0.0,
        credited_share=float(operation.after.credited.sum()) / (cost + bought)
        if cost + bought > 0
        else 0.0,
        rate=debt.rate if debt else 0.0,
        tenor=debt.tenor if debt else 1,
        grace=debt.grace if debt else 0,
        starts=company.starts,
    )


def _within_life(
    terms: ProjectTerms, contracts: Sequence[Contract], operation: Operation, drawn: Drawn
) -> tuple[ProjectTerms, tuple[Contract, ...], list[str]]:
    """Let loans be repaid before the project ends, counted from the output lenders count on."""
    first = lenders_first_output(operation, drawn)
    notes: list[str] = []

    def years(name: str, tenor: int, grace: int) -> int:
        room = operation.years - first - grace
        if tenor > room:
            notes.append(
                f"{name} is repaid over {max(room, 0)} years in place of {tenor}: the project ends "
                f"{operation.years - first} years after the first output that lenders count on."
            )
        return min(tenor, room)

    kept: list[Contract] = []
    for one in contracts:
        if not isinstance(one, PolicyLoan):
            kept.append(one)
        elif (tenor := years(one.id, one.tenor, one.grace)) > 0:
            kept.append(replace(one, tenor=tenor))
    if terms.debt is not None:
        tenor = years(terms.debt.id, terms.debt.tenor, terms.debt.grace)
        debt = replace(terms.debt, tenor=tenor) if tenor > 0 else None
        terms = replace(terms, debt=debt)
    return terms, tuple(kept), notes


def _covered(found: Agreements, setting: Setting) -> bool:
    """Tell whether nothing is left to lend for."""
    given = [c.amount for c in found.contracts if isinstance(c, (Grant, PolicyLoan))]
    return bool(given) and sum(given) >= setting.budget * (1 - 1e-9)


def _bought(operation: Operation, pricing: Pricing) -> float:
    """Give what is bought over the life, at long-run prices. [million]"""
    return sum(
        -float(net[net < 0].sum()) * pricing.long_run.get(material, 0.0)
        for material, net in operation.after.net.items()
    )


def _price_notes(pricing: Pricing, book: PriceBook) -> tuple[str, ...]:
    notes = [book.notes[m] for m in pricing.quotes if m in book.notes]
    for material, outlet in pricing.outlets.items():
        if outlet.share.min(initial=1.0) < 1:
            sold = f"{outlet.share.min():.0%}".replace("%", " %")
            notes.append(f"Only {sold} of {material} finds a buyer.")
    if pricing.unpriced:
        notes.append(f"Without a price, and so worth nothing: {', '.join(pricing.unpriced)}.")
    return tuple(notes)
