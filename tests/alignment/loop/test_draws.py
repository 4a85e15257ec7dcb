"""What is not known is drawn: prices, margins, capital and cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.alignment.loop.draws import Factors, ask_owners, moved, relays_of
from coercivity.alignment.loop.plants import LoopPlant
from coercivity.alignment.loop.sinking import Sinking
from coercivity.alignment.loop.thresholds import IndexLaw, Money
from coercivity.finance.prices import Quote

METAL = Quote("metal", "here")
LAW = IndexLaw(0.3, 0.5)


def maker(*, moving: float = 0.0, margin: float = 30.0) -> LoopPlant:
    """Give a plant that lives of the margin between two prices."""
    money = Money(
        moving=moving, steady=margin, cost=10.0, care=1.0, rest=1.0, restart=3.0, leave=2.0,
        enter=100.0, rate=0.1,
    )  # fmt: skip
    return LoopPlant(
        name="maker, built", project="maker", stage="metal", built=True, activity={}, money=money,
        paid={"metal": 1.0}, exposed={"metal": 1.0}, lead=2.0, margins={METAL: margin},
        sinking=Sinking(
            stage="metal", capital=100.0, effective=100.0, rate=0.1,
        ),
    )  # fmt: skip


def drawn(factor: float) -> Factors:
    return Factors(1.0, np.ones(1), np.ones(1), {METAL: factor} if factor else {})


@given(st.floats(0.2, 3.0))
def test_a_plant_earns_what_its_margin_brings(factor: float) -> None:
    plant = maker()
    assert moved(plant, drawn(factor), 0).margin == pytest.approx(30.0 * factor - 10.0)


@pytest.mark.parametrize("margin", [5.0, 30.0])
@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_a_thinner_margin_takes_as_much_more_support(factor: float, margin: float) -> None:
    """Owners act at the same total: support makes up what the margin lacks."""
    owners = ask_owners([maker(moving=12.0, margin=margin)], LAW)
    planned, thin = (relays_of(owners, drawn(f), {"metal": 1.0}) for f in (1.0, factor))
    assert moved(owners.plants[0], drawn(factor), 0).certain == (margin == 30.0)
    lacking = margin * (1 - factor)
    assert thin.enter - planned.enter == pytest.approx(lacking, abs=1e-6)
    assert thin.stop - planned.stop == pytest.approx(lacking, abs=1e-6)


def test_margins_that_are_not_drawn_stand_as_stated() -> None:
    assert moved(maker(), drawn(0.0), 0) == maker().money
