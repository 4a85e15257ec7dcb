"""Orderings that thresholds must keep, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.refusals import FinanceError
from coercivity.finance.waiting import (
    GrowingPrice,
    NodeLaw,
    Plant,
    PlantThresholds,
    entry_exit,
    learn_stopping,
    plant_thresholds,
    value_of_waiting,
)

LAW = NodeLaw(volatility=0.4, reversion=0.3, level=55.0)


def found(plant: Plant, **more: float) -> PlantThresholds:
    return plant_thresholds(LAW, plant, rate=0.09, nodes=301, **more)


def price(value: float | None) -> float:
    assert value is not None
    return value


@settings(max_examples=10, deadline=None)
@given(st.floats(20, 70), st.floats(5, 200), st.floats(0, 10), st.floats(0, 8))
def test_leaving_lies_below_entering_and_resting_below_restarting(
    running: float, enter: float, rest: float, restart: float
) -> None:
    plant = Plant(running=running, enter=enter, leave=3.0, care=2.0, rest=rest, restart=restart)
    thresholds = found(plant)
    assert price(thresholds.enter) > running
    low = [value for value in (thresholds.rest, thresholds.leave) if value is not None]
    assert low
    assert all(value <= price(thresholds.enter) for value in low)
    if thresholds.rest is not None:
        assert thresholds.rest <= price(thresholds.restart) * (1 + 1e-12)
        assert price(thresholds.restart) <= price(thresholds.enter) * (1 + 1e-12)
    if thresholds.scrap is not None:
        assert thresholds.scrap <= price(thresholds.restart)


def test_a_higher_sunk_cost_raises_entry_and_leaves_exit_alone_but_for_the_way_back() -> None:
    cheap, dear = (found(Plant(running=50.0, enter=enter, leave=3.0)) for enter in (50.0, 200.0))
    assert price(dear.enter) > price(cheap.enter)
    assert price(dear.leave) <= price(cheap.leave)


def test_doubt_raises_the_price_of_entry_and_certain_support_lowers_it_by_itself() -> None:
    plant = Plant(running=50.0, enter=150.0, leave=3.0)
    bare = price(found(plant).enter)
    enters = [price(found(plant, support=10.0, hazard=hazard).enter) for hazard in (0, 0.1, 1, 100)]
    assert enters == sorted(enters)
    assert enters[0] < bare - 5
    assert enters[-1] == pytest.approx(bare, rel=0.03)


def test_more_volatility_widens_the_band_of_doing_nothing() -> None:
    plant = Plant(running=50.0, enter=100.0, leave=5.0)
    bands = []
    for volatility in (0.2, 0.4):
        law = NodeLaw(volatility=volatility, reversion=0.1, level=55.0)
        one = plant_thresholds(law, plant, rate=0.09, nodes=401)
        bands.append((price(one.enter), price(one.leave)))
    assert bands[1][0] > bands[0][0]
    assert bands[1][1] < bands[0][1]


def test_a_rest_that_costs_as_much_as_running_is_not_used() -> None:
    plant = Plant(running=50.0, enter=150.0, leave=-10.0, care=60.0, rest=1.0, restart=1.0)
    assert found(plant).rest is None
    without = found(Plant(running=50.0, enter=150.0, leave=-10.0))
    assert found(plant).leave == pytest.approx(price(without.leave), rel=1e-9)
    cheap = found(Plant(running=50.0, enter=150.0, leave=-10.0, care=0.5, rest=0.0, restart=1.0))
    assert cheap.rest is not None


def test_values_hold_the_equations_where_nothing_is_done() -> None:
    """Worth grows at the rate: a running plant that never acts is worth its discounted margin."""
    law = NodeLaw(volatility=0.2, reversion=0.8, level=80.0)
    plant = Plant(running=10.0, enter=1e6, leave=1e6)
    one = plant_thresholds(law, plant, rate=0.1, nodes=801)
    assert (one.enter, one.leave) == (None, None)
    node = int(np.argmin(np.abs(one.prices - 120.0)))
    when = (np.arange(60_000) + 0.5) * 0.002
    left = np.exp(-0.8 * when)
    spread = 0.2**2 * (1 - left**2) / 1.6
    start = math.log(one.prices[node] / 80.0)
    mean = 80.0 * np.exp(start * left + 0.5 * spread)
    worth = float((np.exp(-0.1 * when) * (mean - 10.0)).sum() * 0.002)
    assert one.values[1, node] == pytest.approx(worth, rel=2e-3)


@pytest.mark.parametrize(
    ("law", "plant", "rate"),
    [
        (NodeLaw(volatility=0.0), Plant(running=1.0, enter=1.0), 0.1),
        (NodeLaw(volatility=0.1, growth=0.2), Plant(running=1.0, enter=1.0), 0.1),
        (LAW, Plant(running=1.0, enter=1.0, leave=-2.0), 0.1),
        (LAW, Plant(running=1.0, enter=1.0, care=1.0, rest=1.0, restart=-2.0), 0.1),
        (LAW, Plant(running=1.0, enter=1.0), 0.0),
        (LAW, Plant(running=1.0, enter=5.0, leave=3.0, care=1.0, restart=9.0), 0.1),
    ],
)
def test_thresholds_that_cannot_be_are_refused(law: NodeLaw, plant: Plant, rate: float) -> None:
    with pytest.raises(FinanceError, match="thresholds are not defined.*F208"):
        plant_thresholds(law, plant, rate=rate, nodes=101)


def test_a_value_that_outgrows_its_rate_is_refused() -> None:
    with pytest.raises(FinanceError, match="infinite.*F208"):
        GrowingPrice(growth=0.05, volatility=0.2, rate=0.04)
    law = GrowingPrice(growth=0.0, volatility=0.2, rate=0.04)
    with pytest.raises(FinanceError, match="may not earn.*F208"):
        entry_exit(price=law, cost=1.0, enter=1.0, leave=-2.0)


def test_waiting_on_tables_that_do_not_fit_is_refused() -> None:
    with pytest.raises(FinanceError, match=r"shape \(3, 2, 1\) meet worths of the shape \(3, 3\)"):
        learn_stopping(np.ones((3, 2)), np.ones((3, 3)))
    with pytest.raises(FinanceError, match="2 paths with 3 dates"):
        value_of_waiting(np.ones((2, 3)), np.ones((2, 3)), rate=0.1, interval=1.0)


def test_waiting_for_what_may_turn_out_well_is_worth_something() -> None:
    """Today 0 on the mean; next year 10 or -10 is seen: waiting is worth 5, discounted."""
    rng = np.random.default_rng(1)
    later = rng.choice([-10.0, 10.0], 4000)
    states = np.column_stack([np.zeros(4000), later])
    found_value = value_of_waiting(states, states, rate=0.1, interval=1.0)
    assert abs(found_value.value - 5.0 / 1.1) < 3 * found_value.standard_error
