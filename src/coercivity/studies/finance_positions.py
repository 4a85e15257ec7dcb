"""Projects of a case or plan, made ready to be appraised on the same paths of prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from coercivity.chain import Case
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.book import PriceBook, price_book
from coercivity.finance.projects.deciding_later import LATEST
from coercivity.finance.projects.from_case import Decision
from coercivity.finance.projects.operation import Operation
from coercivity.finance.projects.position import Position, position_of
from coercivity.finance.projects.pricing import pricing_of
from coercivity.finance.refusals import FinanceError
from coercivity.foundation.errors import CaseError, CoercivityError
from coercivity.studies.finance_decisions import company_of
from coercivity.tables import CaseTables


@dataclass(slots=True)
class Positions:
    """Projects that can be appraised, and why others cannot."""

    ready: dict[str, Position] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """Why a project could not be made ready."""
    reasons: list[CoercivityError] = field(default_factory=list)
    prices: PricePaths = field(default_factory=lambda: PricePaths({}, 4, {}))


def positions_of(
    case: Case,
    tables: CaseTables,
    *,
    names: Sequence[str],
    decisions: Mapping[str, Sequence[Decision]],
    describe: Callable[[str], Operation],
    paths: int,
    seed: int,
    workers: int | None = None,
) -> Positions:
    """Make projects ready to be appraised; one that cannot be is told with its reason.

    Parameters
    ----------
    case, tables
        The case.
    names
        Projects.
    decisions
        What each project builds.
    describe
        Gives a project as planned.
    paths, seed
        How many paths, and the seed of all draws.
    workers
        Threads; the bits do not depend on them.
    """
    book = price_book(case, tables)
    found = Positions()
    operations = _described(case, book, names, describe, found)
    found.prices = _prices(case, book, operations, paths=paths, seed=seed, workers=workers)
    for name, operation in operations.items():
        try:
            found.ready[name] = position_of(
                case, tables, operation,
                book=book, prices=found.prices,
                company=company_of(case, tables, name, decisions), paths=paths, seed=seed,
            )  # fmt: skip
        except (FinanceError, CaseError) as error:
            refuse(found, name, error)
    return found


def refuse(found: Positions, name: str, error: CoercivityError) -> None:
    """Write down why a project cannot be appraised.

    Parameters
    ----------
    found
        Where it is written.
    name
        The project.
    error
        What was wrong.
    """
    found.ready.pop(name, None)
    found.refused[name] = _why(error)
    found.reasons.append(error)


def _described(
    case: Case,
    book: PriceBook,
    names: Sequence[str],
    describe: Callable[[str], Operation],
    found: Positions,
) -> dict[str, Operation]:
    operations: dict[str, Operation] = {}
    for name in names:
        try:
            operation = describe(name)
            pricing_of(case, operation, book)
        except FinanceError as error:
            refuse(found, name, error)
        else:
            operations[name] = operation
    return operations


def _why(error: CoercivityError) -> str:
    if isinstance(error, CaseError):
        return "; ".join(f"{p.place}: {p.what}. {p.instead}  [{p.code}]" for p in error.problems)
    return str(error)


def _prices(
    case: Case,
    book: PriceBook,
    operations: Mapping[str, Operation],
    *,
    paths: int,
    seed: int,
    workers: int | None,
) -> PricePaths:
    if not operations:
        return PricePaths({}, 4, {})
    wanted = {q for o in operations.values() for q in pricing_of(case, o, book).quotes.values()}
    last = max(one.first_year + one.years for one in operations.values())
    return book.draw(
        sorted(wanted),
        years=last - case.horizon.first_year + LATEST,
        paths=paths,
        seed=seed,
        workers=workers,
    )
