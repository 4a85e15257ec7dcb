"""A certain plant and promises that may lapse, for the tests of doubt."""

from __future__ import annotations

from typing import Any

import numpy as np

from coercivity.alignment.doubt import Carried, Clock, carried_by
from coercivity.alignment.package import Bench
from coercivity.finance.acceptance import AcceptanceRule
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract, ProductionCredit, Starts, Window
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.political_will import PromiseKind

YEARS, SUPPORT, PATHS = 12, 10, 4000
HURDLE = 0.12
ANY_LOSS = AcceptanceRule(loss_limit=1.0, shortfall_limit=1.0)


def unprofitable(paths: int = PATHS, *, price: float = 10.0) -> CashInputs:
    """Describe a plant of 100 that only breaks even while it runs."""
    made = np.concatenate([[0.0], np.ones(YEARS - 1)])
    budget = np.zeros(YEARS)
    budget[0] = 100.0
    return CashInputs(
        produced={"good": made},
        prices={"good": np.full((paths, YEARS), price)},
        operating_cost=10.0 * made,
        capex=budget,
        budget=budget,
        planned_first_output=1,
    )


def owners(**changes: Any) -> ProjectTerms:
    """Give owners who pay for all, untaxed, in money that keeps its value."""
    plain: dict[str, Any] = {
        "id": "plant", "hurdle": HURDLE, "inflation": 0.0, "debt": None, "acceptance": ANY_LOSS,
        "may_close": False,
    }  # fmt: skip
    return ProjectTerms(**{**plain, **changes})


def credit(amount: float) -> ProductionCredit:
    """Give a credit on every tonne for the years of support."""
    window = Window(Starts.FIRST_OUTPUT, 0.0, float(SUPPORT))
    return ProductionCredit(
        id="credit", material="good", amount=amount, indexed=True, window=window
    )


def carried(*given: Contract, what: ProjectTerms | None = None, price: float = 10.0) -> Carried:
    """Put a package behind one promise."""
    bench = Bench(cash=unprofitable(price=price), terms=what or owners(), workers=1)
    return carried_by(bench, given, product="good")


def kind(name: str = "contract", **more: Any) -> PromiseKind:
    """Give a kind of promise that lapses at any time for good."""
    return PromiseKind(**{"id": name, "hazard": 0.05, **more})


def clock(*kinds: PromiseKind, seed: int = 1, paths: int = PATHS) -> Clock:
    """Set the clock of the plant."""
    return Clock(
        kinds={one.id: one for one in kinds},
        years=YEARS,
        begins=0,
        first_output=np.ones(paths),
        case_first=2026,
        seed=seed,
    )


def factors(rate: float) -> Array:
    """Discount the years of support, which begin with year 1."""
    return np.asarray((1 + rate) ** -(np.arange(1, SUPPORT + 1) + 0.5))


def standing(hazard: float) -> Array:
    """Give the mean share of each year of support in which a promise stands, exactly."""
    edges = np.arange(1, SUPPORT + 1)
    if hazard == 0:
        return np.ones(SUPPORT)
    return np.asarray(np.exp(-hazard * edges) * (1 - np.exp(-hazard)) / hazard)
