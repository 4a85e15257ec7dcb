"""Simulated prices against formulas: stationary spread, means, correlation, states, jumps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coercivity.finance.prices import (
    PriceProcess,
    PriceSystem,
    Quote,
    log_change_correlations,
    simulate,
)
from coercivity.finance.prices.closed_forms import (
    expected_price,
    step_correlations,
    switching_chances,
)

PATHS = 8192
ORE = Quote("ore")


def alone(**changes: float) -> PriceSystem:
    fields = {"level": 50.0, "reversion": 0.6, "volatility": 0.5, **changes}
    return PriceSystem((PriceProcess(quote=ORE, **fields),), np.eye(1))  # type: ignore[arg-type]


def within(sample: np.ndarray, value: float, *, errors: float = 3.0) -> bool:
    error = float(sample.std()) / float(len(sample) ** 0.5)
    return abs(float(sample.mean()) - value) <= errors * error


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("reversion", [0.2, 0.6, 2.0])
def test_the_long_run_spread_is_sigma_over_the_root_of_twice_kappa(
    reversion: float, steps: int
) -> None:
    years = math.ceil(8 / reversion)
    system = alone(reversion=reversion)
    logs = np.log(simulate(system, years=years, paths=PATHS, seed=5, steps_a_year=steps).of("ore"))
    squared = (logs[:, -1] - math.log(50)) ** 2
    assert within(squared, 0.5**2 / (2 * reversion))
    assert within(logs[:, -1], math.log(50))


@pytest.mark.parametrize("start", [20.0, 50.0, 150.0])
def test_the_mean_price_is_that_of_a_lognormal(start: float) -> None:
    found = simulate(alone(), years=3, paths=PATHS, seed=5, start={ORE: start}).of("ore")
    for year in (1, 3):
        mean = expected_price(start, level=50, reversion=0.6, volatility=0.5, years=year)
        assert within(found[:, 4 * year - 1], mean)


def test_one_long_step_and_many_short_ones_have_one_law() -> None:
    short = simulate(alone(), years=2, paths=PATHS, seed=1, steps_a_year=12, start={ORE: 90.0})
    long = simulate(alone(), years=2, paths=PATHS, seed=2, steps_a_year=1, start={ORE: 90.0})
    one, other = np.log(short.of("ore")[:, -1]), np.log(long.of("ore")[:, -1])
    error = math.hypot(one.std(), other.std()) / PATHS**0.5
    assert abs(one.mean() - other.mean()) < 3 * error
    assert one.std() == pytest.approx(other.std(), rel=3 / (PATHS**0.5))


def test_exact_steps_of_different_speeds_correlate_as_the_formula_says() -> None:
    speeds, rho = np.array([0.2, 3.0]), np.array([[1.0, 0.8], [0.8, 1.0]])
    exact = step_correlations(rho, reversion=speeds, years=1.0)[0, 1]
    fine = 2000
    times = (np.arange(fine) + 0.5) / fine
    weights = np.exp(-speeds[:, None] * (1 - times))
    summed = weights @ weights.T / fine
    by_sum = 0.8 * summed[0, 1] / math.sqrt(summed[0, 0] * summed[1, 1])
    assert exact == pytest.approx(by_sum, rel=1e-5)
    assert exact < 0.8


def test_shocks_of_prices_correlate_as_asked() -> None:
    rho = np.array([[1.0, 0.7, 0.9], [0.7, 1.0, 0.7], [0.9, 0.7, 1.0]])
    parts = tuple(
        PriceProcess(quote=Quote(name), level=1.0, reversion=0.5, volatility=0.3)
        for name in ("a", "b", "c")
    )
    found = simulate(PriceSystem(parts, rho), years=1, paths=PATHS, seed=4, steps_a_year=1)
    logs = np.log(np.column_stack([found.of(name)[:, 0] for name in ("a", "b", "c")]))
    errors = (1 - rho**2) / PATHS**0.5
    assert (np.abs(np.corrcoef(logs.T) - rho) <= 3 * errors + 1e-12).all()


def test_time_at_the_second_attractor_is_that_of_the_chain() -> None:
    system = alone(second_ratio=2.0, rate_to_second=0.35, rate_back=0.4)
    found = simulate(system, years=6, paths=PATHS, seed=6, steps_a_year=4)
    in_second = found.second[ORE]
    enter, _ = switching_chances(0.35, 0.4, years=5.75)
    assert not in_second[:, 0].any()
    assert within(in_second[:, -1].astype(float), float(enter))
    assert float(switching_chances(0.35, 0.4, years=1e6)[0]) == pytest.approx(0.35 / 0.75)
    moved = in_second[:, 1][~in_second[:, 0]]
    assert within(moved.astype(float), float(switching_chances(0.35, 0.4, years=0.25)[0]))


def test_the_mean_of_two_attractors_follows_the_chain() -> None:
    system = alone(second_ratio=2.0, rate_to_second=0.35, rate_back=0.4)
    found = simulate(system, years=4, paths=PATHS, seed=7, steps_a_year=4)
    left, mean = math.exp(-0.6 / 4), 0.0
    for step in range(16):
        share = float(switching_chances(0.35, 0.4, years=step / 4)[0])
        mean = mean * left + share * math.log(2) * (1 - left)
    assert within(np.log(found.of("ore")[:, -1] / 50), mean)


def test_jumps_come_at_their_rate_and_of_their_size() -> None:
    system = alone(volatility=0.0, reversion=1e-9, jump_rate=0.8, jump_mean=0.45, jump_sd=0.25)
    logs = np.log(simulate(system, years=2, paths=PATHS, seed=8).of("ore") / 50)
    total = logs[:, -1]
    assert within(total, 1.6 * 0.45)
    assert within((total - 1.6 * 0.45) ** 2, 1.6 * (0.45**2 + 0.25**2))
    still = np.abs(np.diff(logs, axis=1)) < 1e-6
    assert within(still.mean(axis=1), math.exp(-0.2))


def test_several_jumps_of_one_step_add_up_as_independent_ones() -> None:
    system = alone(volatility=0.0, reversion=1e-9, jump_rate=3.0, jump_mean=0.1, jump_sd=0.25)
    total = np.log(simulate(system, years=1, paths=PATHS, seed=8, steps_a_year=1).of("ore") / 50)
    assert within(total[:, 0], 3 * 0.1)
    assert within((total[:, 0] - 3 * 0.1) ** 2, 3 * (0.1**2 + 0.25**2))
    assert within((np.abs(total[:, 0]) < 1e-6).astype(float), math.exp(-3))


def test_drawn_parameters_have_their_mean_and_error_and_widen_the_fan() -> None:
    process = PriceProcess(
        quote=ORE,
        level=50.0,
        reversion=0.6,
        volatility=0.0,
        standard_errors={"level": 5.0, "reversion": 0.3},
    )
    system = PriceSystem((process,), np.eye(1))
    drawn = simulate(system, years=60, paths=PATHS, seed=9, steps_a_year=1).of("ore")[:, -1]
    assert within(drawn, 50.0)
    assert within((drawn - 50.0) ** 2, 25.0, errors=4)
    fixed = simulate(system, years=2, paths=10, seed=9, drawn_parameters=False).of("ore")
    assert np.ptp(fixed) < 1e-12


def test_simulated_changes_give_the_correlation_back() -> None:
    rho = np.array([[1.0, 0.6], [0.6, 1.0]])
    parts = tuple(
        PriceProcess(quote=Quote(name), level=1.0, reversion=0.4, volatility=0.3) for name in "ab"
    )
    found = simulate(PriceSystem(parts, rho), years=2000, paths=1, seed=4, steps_a_year=1)
    _, matrix = log_change_correlations({name: found.of(name)[0].tolist() for name in "ab"})
    assert matrix[0, 1] == pytest.approx(0.6, abs=3 * (1 - 0.36) / 2000**0.5)
