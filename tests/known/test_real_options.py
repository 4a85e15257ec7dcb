"""American puts of Longstaff and Schwartz (2001), table 1; thresholds of Dixit and Pindyck."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coercivity.finance.waiting import (
    GrowingPrice,
    NodeLaw,
    Plant,
    entry_exit,
    european_put,
    investment_threshold,
    investment_worth,
    learn_stopping,
    plant_thresholds,
    stopping_threshold,
    value_of_waiting,
)

STRIKE, RATE, DATES_A_YEAR = 40.0, 0.06, 50
TABLE = [
    # spot, volatility, years, finite differences, European, least squares, its standard error
    (36, 0.2, 1, 4.478, 3.844, 4.472, 0.010),
    (36, 0.2, 2, 4.840, 3.763, 4.821, 0.012),
    (36, 0.4, 1, 7.101, 6.711, 7.091, 0.020),
    (36, 0.4, 2, 8.508, 7.700, 8.488, 0.024),
    (40, 0.2, 1, 2.314, 2.066, 2.313, 0.009),
    (40, 0.2, 2, 2.885, 2.356, 2.879, 0.010),
    (40, 0.4, 1, 5.312, 5.060, 5.308, 0.018),
    (40, 0.4, 2, 6.920, 6.326, 6.921, 0.022),
    (44, 0.2, 1, 1.110, 1.017, 1.118, 0.007),
    (44, 0.2, 2, 1.690, 1.429, 1.675, 0.009),
    (44, 0.4, 1, 3.948, 3.783, 3.957, 0.017),
    (44, 0.4, 2, 5.647, 5.202, 5.622, 0.021),
]
"""Longstaff and Schwartz (2001), Review of Financial Studies 14(1), table 1, rows 36, 40, 44."""


def prices_of(spot: float, *, volatility: float, years: int, pairs: int, seed: int) -> np.ndarray:
    steps = years * DATES_A_YEAR
    half = np.random.default_rng(seed).standard_normal((pairs, steps))
    shocks = np.concatenate([half, -half])
    drift = (RATE - 0.5 * volatility**2) / DATES_A_YEAR
    moves = drift + volatility / math.sqrt(DATES_A_YEAR) * shocks
    return np.asarray(spot * np.exp(np.cumsum(moves, axis=1)))


def paid_by(prices: np.ndarray) -> np.ndarray:
    when = (np.arange(prices.shape[1]) + 1) / DATES_A_YEAR
    return np.asarray(np.maximum(STRIKE - prices, 0.0) * np.exp(-RATE * when))


@pytest.mark.parametrize("row", TABLE)
def test_american_puts_of_the_table(row: tuple[float, ...]) -> None:
    spot, volatility, years, differences, _, least_squares, their_error = row
    pairs = 5000
    learnt = prices_of(spot, volatility=volatility, years=int(years), pairs=pairs, seed=1)
    rule = learn_stopping(learnt, paid_by(learnt), degree=3)
    fresh = prices_of(spot, volatility=volatility, years=int(years), pairs=pairs, seed=2)
    worth = rule.worth(fresh, paid_by(fresh))
    paired = 0.5 * (worth[:pairs] + worth[pairs:])
    error = float(paired.std()) / pairs**0.5
    assert abs(paired.mean() - least_squares) < 3 * math.hypot(error, their_error)
    assert paired.mean() < differences + 3 * error


@pytest.mark.parametrize("row", TABLE)
def test_european_puts_of_the_table(row: tuple[float, ...]) -> None:
    spot, volatility, years, _, european, *_ = row
    found = european_put(spot, strike=STRIKE, rate=RATE, volatility=volatility, years=years)
    assert found == pytest.approx(european, abs=5.1e-4)


def test_a_rule_with_hindsight_is_worth_no_more_than_knowing_the_path() -> None:
    prices = prices_of(40, volatility=0.4, years=1, pairs=500, seed=3)
    paid = paid_by(prices)
    worth = learn_stopping(prices, paid).worth(prices, paid)
    assert (worth <= paid.max(axis=1) + 1e-12).all()
    assert worth.mean() > paid[:, -1].mean()


def test_investing_waits_for_twice_the_cost() -> None:
    """Dixit and Pindyck (1994), chapter 5: r = delta = 0.04, sigma = 0.2, I = 1."""
    law = GrowingPrice(growth=0.0, volatility=0.2, rate=0.04)
    assert law.roots[0] == pytest.approx(2.0)
    assert investment_threshold(1.0, price=law) == pytest.approx(2.0)
    assert investment_worth(1.0, cost=1.0, price=law) == pytest.approx(0.25)
    for value in (0.5, 1.0, 1.9):
        assert investment_worth(value, cost=1.0, price=law) == pytest.approx(value**2 / 4)


def test_least_squares_finds_the_worth_of_waiting() -> None:
    law = GrowingPrice(growth=0.0, volatility=0.2, rate=0.04)
    paths, years, per_year = 6000, 60, 2
    half = np.random.default_rng(5).standard_normal((paths // 2, years * per_year))
    moves = -0.5 * 0.04 / per_year + 0.2 / math.sqrt(per_year) * np.concatenate([half, -half])
    order = np.random.default_rng(6).permutation(paths)
    values = np.exp(np.cumsum(np.column_stack([np.zeros(paths), moves[order]]), axis=1))
    found = value_of_waiting(
        values, values - 1.0, rate=math.expm1(0.04), interval=1 / per_year, degree=3
    )
    closed = investment_worth(1.0, cost=1.0, price=law)
    # Few dates, an end and a learnt rule each take a little; nothing may add.
    assert found.value < closed + 3 * found.standard_error
    assert found.value > 0.90 * closed - 3 * found.standard_error
    when = np.arange(values.shape[1]) / per_year
    present = (values - 1.0) * np.exp(-0.04 * when)
    rule = learn_stopping(values, present, degree=3)
    grid = np.linspace(1.01, 3.0, 200)
    thresholds = [
        stopping_threshold(
            rule, date, states=grid, worth=(grid - 1.0) * math.exp(-0.04 * date / per_year)
        )
        for date in range(10, 50)
    ]
    known = [threshold for threshold in thresholds if threshold is not None]
    assert len(known) > 30
    # Two dates a year stop sooner by the factor exp(-0.5826 sigma sqrt(dt)): Broadie,
    # Glasserman and Kou (1997).
    expected = investment_threshold(1.0, price=law) * math.exp(-0.5826 * 0.2 / math.sqrt(per_year))
    assert float(np.median(known)) == pytest.approx(expected, rel=0.1)


def test_entry_and_exit_of_the_paper() -> None:
    """Dixit (1989), central case: k = 4, l = 0, w = 1, rho = 0.025, mu = 0, sigma = 0.1."""
    law = GrowingPrice(growth=0.0, volatility=0.1, rate=0.025)
    found = entry_exit(price=law, cost=1.0, enter=4.0, leave=0.0)
    assert found.enter == pytest.approx(1.4667, abs=5e-5)
    assert found.leave == pytest.approx(0.7657, abs=5e-5)


CASES = [
    (0.0, 0.1, 0.025, 1.0, 4.0, 0.0),
    (0.0, 0.2, 0.05, 1.0, 5.0, 0.5),
    (0.01, 0.3, 0.08, 2.0, 6.0, -1.0),
    (-0.02, 0.15, 0.04, 3.0, 20.0, 2.0),
]


@pytest.mark.parametrize("case", CASES)
def test_dynamic_programming_equals_the_four_equations(case: tuple[float, ...]) -> None:
    growth, volatility, rate, cost, enter, leave = case
    law = GrowingPrice(growth=growth, volatility=volatility, rate=rate)
    closed = entry_exit(price=law, cost=cost, enter=enter, leave=leave)
    errors = []
    for nodes in (401, 1601):
        found = plant_thresholds(
            NodeLaw(volatility=volatility, growth=growth),
            Plant(running=cost, enter=enter, leave=leave),
            rate=rate,
            nodes=nodes,
        )
        assert found.enter is not None
        assert found.leave is not None
        errors += [found.enter / closed.enter - 1, found.leave / closed.leave - 1]
        assert abs(errors[-2]) < found.step
        assert abs(errors[-1]) < found.step
    assert max(map(abs, errors[2:])) < 0.008


def test_without_sunk_cost_entry_equals_exit() -> None:
    law = GrowingPrice(growth=0.0, volatility=0.2, rate=0.05)
    free = entry_exit(price=law, cost=1.0, enter=0.0, leave=0.0)
    assert (free.enter, free.leave) == (1.0, 1.0)
    gaps = []
    for cost in (1.0, 0.1, 0.01, 0.001):
        found = entry_exit(price=law, cost=1.0, enter=cost, leave=0.0)
        assert found.leave < 1.0 < found.enter
        gaps.append(found.enter - found.leave)
    # The band closes with the third root of the sunk cost: Dixit (1991).
    ratios = [gaps[n + 1] / gaps[n] for n in range(3)]
    assert ratios == pytest.approx([0.1 ** (1 / 3)] * 3, rel=0.1)
    nodes = plant_thresholds(
        NodeLaw(volatility=0.2), Plant(running=1.0, enter=0.0), rate=0.05, nodes=801
    )
    assert nodes.enter == nodes.leave
    assert nodes.enter == pytest.approx(1.0, rel=nodes.step)
