"""Small projects on the bench, for the tests of packages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from coercivity.alignment.package import Bench, Menu, menu_of
from coercivity.finance.acceptance import AcceptanceRule
from coercivity.finance.inputs import CashInputs, ProjectTerms
from tests.finance.plants import certain, plant, terms

ANY_LOSS = AcceptanceRule(loss_limit=1.0, shortfall_limit=1.0)
"""Only the mean counts."""


def without_lenders(**changes: Any) -> ProjectTerms:
    """Give terms of owners who pay for everything, in money that keeps its value."""
    return terms(**{"debt": None, "inflation": 0.0, "acceptance": ANY_LOSS, **changes})


def put(
    cash: CashInputs,
    what: ProjectTerms,
    *,
    allow: Collection[str] = (),
    caps: Mapping[str, float] | None = None,
    **more: Any,
) -> Bench:
    """Put a project on the bench with its menu."""
    bare = Bench(cash=cash, terms=what, workers=1)
    menu = menu_of(bare, "good", allow=allow, caps=caps)
    return with_menu(bare, menu, **more)


def with_menu(bench: Bench, menu: Menu, **more: Any) -> Bench:
    """Give a project the columns of a menu."""
    return Bench(
        cash=bench.cash,
        terms=bench.terms,
        contracts=bench.contracts,
        columns=menu.columns,
        limits=menu.limits,
        workers=1,
        **more,
    )


def poor(seed: int, *, lower: float = 0.8, paths: int = 400) -> CashInputs:
    """Draw a plant that nobody would fund."""
    return plant(paths, seed=seed, lower=lower)


def pair(*, lower: float = 0.8, paths: int = 400, **more: Any) -> tuple[Bench, Bench]:
    """Give a plant on the paths on which effects are measured and on those that check."""
    made = put(poor(1, lower=lower, paths=paths), terms(), **more)
    menu = Menu(
        columns=made.columns, limits=made.limits, product="good", price=0.0, break_even=None
    )
    check = with_menu(Bench(cash=poor(2, lower=lower, paths=paths), terms=terms(), workers=1), menu)
    return made, check.tightened()


def sure(price: float = 40.0, **changes: Any) -> CashInputs:
    """Describe a plant of 200 million without any chance in it, at a price that is too low."""
    return certain(price, **changes)


def level_of(bench: Bench, levels: tuple[float, ...], name: str) -> float:
    """Give the level of a column by its id."""
    return float(np.sum([v for c, v in zip(bench.columns, levels, strict=True) if c.id == name]))
