"""Small plants and draws for the tests of finance."""

from __future__ import annotations

from typing import Any

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.waterfall.terms import Loan, PathCash, Rules

YEARS = 15


def plant(paths: int = 200, *, seed: int = 1, lower: float = 1.0, **changes: Any) -> CashInputs:
    """Draw a plant of 200 million whose price moves; ``lower`` scales every price."""
    rng = np.random.default_rng(seed)
    ramp = np.concatenate([np.zeros(2), [0.5], np.ones(YEARS - 3)])
    walk = np.cumsum(rng.normal(0, 0.10, (paths, 4 * YEARS)), axis=1)
    budget = np.zeros(YEARS)
    budget[:2] = 80.0, 120.0
    overrun = 0.5 + rng.lognormal(-0.705, 0.72, (paths, 1))
    terms: dict[str, Any] = {
        "produced": {"good": ramp * rng.uniform(0.8, 1.0, (paths, YEARS))},
        "prices": {"good": lower * 70 * np.exp(walk)},
        "operating_cost": 25.0 * (ramp > 0),
        "capex": overrun * budget,
        "budget": budget,
        "planned_first_output": 2,
        "sustaining": 2.0 * (ramp > 0),
        "care_cost": 5.0,
    }
    return CashInputs(**{**terms, **changes})


def certain(price: float = 70.0, **changes: Any) -> CashInputs:
    """Describe the same plant without any chance in it."""
    ramp = np.concatenate([np.zeros(2), np.ones(YEARS - 2)])
    budget = np.zeros(YEARS)
    budget[:2] = 80.0, 120.0
    terms: dict[str, Any] = {
        "produced": {"good": ramp},
        "prices": {"good": np.full(YEARS, price)},
        "operating_cost": 20.0 * ramp,
        "capex": budget,
        "budget": budget,
        "planned_first_output": 2,
    }
    return CashInputs(**{**terms, **changes})


def terms(**changes: Any) -> ProjectTerms:
    """Give plain terms: 25 % tax, debt of ten years."""
    return ProjectTerms(**{"id": "plant", "rules": Rules(tax_rate=0.25), **changes})


def path_cash(rng: np.random.Generator, paths: int, years: int) -> PathCash:
    """Draw cash that may turn negative, with delay."""
    first = rng.integers(1, max(2, years // 2), paths)
    running = np.arange(years)[None, :] >= first[:, None]
    return PathCash(
        revenue=running * rng.uniform(0, 100, (paths, years)),
        operating_cost=running * rng.uniform(10, 60, (paths, years)),
        capex=~running * rng.uniform(10, 100, (paths, years)),
        sustaining=running * rng.uniform(0, 8, (paths, years)),
        working_capital=rng.uniform(-2, 2, (paths, years)),
        taxed_support=running * rng.uniform(-5, 15, (paths, years)),
        untaxed_support=running * rng.uniform(0, 5, (paths, years)),
        grants=~running * rng.uniform(0, 20, (paths, years)),
        first_output=first,
        closes=rng.integers(first, 3 * years),
    )


def loan(rng: np.random.Generator, years: int, *, name: str) -> Loan:
    """Draw a loan with uneven payments."""
    start = int(rng.integers(1, 4))
    grace = int(rng.integers(0, 2))
    due = np.zeros(years)
    due[start + grace : years - 1] = rng.uniform(1, 20, years - 1 - start - grace)
    return Loan(
        id=name,
        principal=float(rng.uniform(20, 120)),
        share=float(rng.uniform(0.1, 0.6)),
        rate=float(rng.uniform(0.0, 0.12)),
        due=due,
        interest_from=start,
        repay_from=start + grace,
        fee=float(rng.choice([0.0, 0.01])),
    )


def worth(flows: Array, rate: float) -> Array:
    """Discount with numpy alone."""
    factors = (1 + rate) ** -np.arange(flows.shape[1])
    return np.asarray((flows * factors).sum(axis=1))


def covering(*contracts: Contract) -> list[Contract]:
    """List contracts of any kinds."""
    return list(contracts)
