"""A pit and a mill of one project, written as a case, for the tests of projects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from coercivity.chain import Case, load_case
from coercivity.finance.projects.book import price_book
from coercivity.finance.projects.from_case import Decision, operation_of_case, own_decisions
from coercivity.finance.projects.position import Company, Position, position_of
from coercivity.tables import CaseTables
from tests.written_cases import Rows, Tables, write_case_folder

SETTINGS: dict[str, object] = {
    "periods": [2025, 2026, 2027, 2028, 2030, 2035, 2041],
    "discount_rate": 0.07,
    "discounting": "mid",
    "report_until": 2036,
}
TERMS: dict[str, object] = {
    "hurdle": 0.10,
    "gearing_limit": 0.5,
    "dscr": 1.3,
    "debt_rate": 0.07,
    "tenor": 8,
    "grace": 1,
    "tax_rate": 0.25,
    "depreciation_class": "SL-10",
}
STILL: dict[str, object] = {"reversion": 0.6, "volatility": 0.0}


def works(**changes: Rows) -> Tables:
    """Write a pit whose ore only the mill takes; the mill makes a good and a side product.

    At a long-run price of 40 000 a tonne, 1000 t of good bring 40 million a year, running costs
    12 million, building 100.
    """
    tables: dict[str, Rows] = {
        "countries": [
            {"id": "USA", "group": "domestic"},
            {"id": "AUS", "group": "allied"},
            {"id": "CHN", "group": "covered"},
        ],
        "sites": [
            {"id": "hill", "country": "USA"},
            {"id": "home", "country": "USA", "kind": "pool"},
        ],
        "stages": [{"id": "dig", "order": 1}, {"id": "refine", "order": 2}],
        "materials": [{"id": "ore"}, {"id": "good"}, {"id": "side"}],
        "processes": [
            {"id": "dig", "stage": "dig", "reference_material": "ore"},
            {"id": "mill", "stage": "refine", "reference_material": "ore"},
            {"id": "use", "stage": "refine", "reference_material": "good"},
        ],
        "recipes": [
            {"process": "dig", "material": "ore", "direction": "out", "amount": 1},
            {"process": "mill", "material": "ore", "direction": "in", "amount": 1},
            {"process": "mill", "material": "good", "direction": "out", "amount": 0.1},
            {"process": "mill", "material": "side", "direction": "out", "amount": 0.2},
            {"process": "use", "material": "good", "direction": "in", "amount": 1},
        ],
        "companies": [{"id": "owner"}],
        "projects": [{"id": "works", "company": "owner", **TERMS}],
        "assets": [
            {"id": "pit", "site": "hill", "process": "dig", "project": "works",
             "variable_cost": 400},
            {"id": "plant", "site": "hill", "process": "mill", "project": "works",
             "variable_cost": 800},
            {"id": "user", "site": "home", "process": "use", "nameplate_capacity": 5000},
        ],
        "options": [
            {"id": "open-pit", "adds_to": "pit", "size": 12000, "capital": 40, "build_years": 2,
             "earliest": 2026, "life": 15, "capital_low": 30, "capital_high": 60},
            {"id": "build-plant", "adds_to": "plant", "size": 10000, "capital": 60,
             "build_years": 2, "earliest": 2026, "life": 15, "requires": "open-pit"},
        ],
        "links": [{"id": "road", "from": "hill", "to": "home", "cost": 100}],
        "buyers": [
            {"id": "few", "site": "home", "material": "side", "most": 500, "price": 900},
            {"id": "dump", "site": "home", "material": "side", "price": -50},
        ],
        "price_models": [
            {"material": "good", "place": "CHN", "level": 40000, "level_low": 30000,
             "level_high": 60000, **STILL},
            {"material": "side", "place": "CHN", "level": 1000, **STILL},
        ],
    }  # fmt: skip
    return {**tables, **changes}


def load_works(
    folder: Path, settings: Mapping[str, object] | None = None, **changes: Rows
) -> tuple[Case, CaseTables]:
    """Write and load the works."""
    write_case_folder(folder, works(**changes), {**SETTINGS, **(settings or {})})
    case, tables, _ = load_case(folder)
    return case, tables


def position(
    case: Case, tables: CaseTables, *, project: str = "works", paths: int = 200, **more: Any
) -> Position:
    """Make a project of a case ready to be appraised."""
    operation = operation_of_case(case, project)
    book = price_book(case, tables)
    last = operation.first_year + operation.years - case.horizon.first_year
    quotes = [*book.system.quotes, *(link.quote for link in book.links), *book.held]
    prices = book.draw(quotes, years=last, paths=paths, seed=1, workers=1)
    decisions: tuple[Decision, ...] = own_decisions(case, project)
    company = Company(
        budgets={project: float(operation.budget.sum() + operation.later.sum())},
        starts={d.option.id: float(d.first_output) for d in decisions},
    )
    return position_of(
        case,
        tables,
        operation,
        **{"book": book, "prices": prices, "company": company, "paths": paths, "seed": 1, **more},
    )


def close(found: object, expected: object) -> bool:
    """Compare arrays to a relative 1e-9."""
    return bool(np.allclose(np.asarray(found), np.asarray(expected), rtol=1e-9, atol=1e-9))
