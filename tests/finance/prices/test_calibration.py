"""Fits against truth: exact likelihood, recovery, bias, refusals; the kept fits of a history."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from coercivity.finance.prices import (
    Memory,
    PriceProcess,
    PriceSystem,
    Quote,
    TwoAttractors,
    corrected_reversion,
    fit_regimes,
    fit_reversion,
    jackknifed_reversion,
    log_change_correlations,
    regime_likelihood,
    simulate,
    state_chances,
    window_table,
)
from coercivity.finance.prices.calibration import fitted_speeds
from coercivity.finance.prices.closed_forms import step_deviation
from coercivity.finance.refusals import FinanceError

MONTH = 1 / 12
ORE = Quote("ore")
REFERENCE = Path(__file__).parents[3] / ".." / "shared" / "reference"


def history(seed: int, *, years: int = 12, **changes: float) -> np.ndarray:
    fields = {"level": 50.0, "reversion": 0.6, "volatility": 0.3, **changes}
    process = PriceProcess(quote=ORE, **fields)  # type: ignore[arg-type]
    system = PriceSystem((process,), np.eye(1))
    found = simulate(system, years=years, paths=1, seed=seed, steps_a_year=12)
    return np.asarray(found.of("ore")[0])


def plain_likelihood(
    logs: np.ndarray, *, reversion: float, centre: float, volatility: float
) -> float:
    spread = float(step_deviation(reversion, volatility=volatility, years=MONTH))
    left = math.exp(-reversion * MONTH)
    missed = logs[1:] - centre - (logs[:-1] - centre) * left
    number = len(missed)
    return float(-0.5 * (missed**2).sum() / spread**2) - number * (
        math.log(spread) + 0.5 * math.log(2 * math.pi)
    )


def test_the_fit_is_the_maximum_of_the_likelihood() -> None:
    prices = history(1)
    fit = fit_reversion(prices, interval=MONTH)
    assert fit.reversion is not None
    assert fit.level is not None
    assert fit.volatility is not None
    logs = np.log(prices)

    def loss(free: np.ndarray) -> float:
        return -plain_likelihood(
            logs, reversion=math.exp(free[0]), centre=free[1], volatility=math.exp(free[2])
        )

    best = minimize(
        loss, [0.0, 4.0, -1.0], method="Nelder-Mead", options={"fatol": 1e-12, "xatol": 1e-9}
    )
    assert -best.fun == pytest.approx(fit.log_likelihood, abs=1e-8)
    assert math.exp(best.x[0]) == pytest.approx(fit.reversion, rel=1e-4)
    assert math.exp(best.x[1]) == pytest.approx(fit.level, rel=1e-4)
    assert math.exp(best.x[2]) == pytest.approx(fit.volatility, rel=1e-4)


def test_a_long_history_gives_its_parameters_back_within_errors() -> None:
    fit = fit_reversion(history(2, years=400), interval=MONTH)
    for value, error, truth in (
        (fit.reversion, fit.reversion_se, 0.6),
        (fit.level, fit.level_se, 50.0),
        (fit.volatility, fit.volatility_se, 0.3),
    ):
        assert value is not None
        assert error is not None
        assert 0 < error < 0.2 * truth
        assert abs(value - truth) < 3 * error


def test_standard_errors_are_the_spread_of_fits() -> None:
    fits = [fit_reversion(history(seed, years=60), interval=MONTH) for seed in range(60)]
    for name in ("reversion", "level", "volatility"):
        spread = float(np.std([getattr(fit, name) for fit in fits]))
        told = float(np.median([getattr(fit, f"{name}_se") for fit in fits]))
        assert told == pytest.approx(spread, rel=0.35)


def test_short_histories_seem_to_return_too_fast() -> None:
    """A prototype found medians .50, .69, .95 for .1, .3, .6 at 139 months, and .30 to 1.38."""
    shocks = np.random.default_rng(7).standard_normal((4000, 138))
    told = {0.1: 0.50, 0.3: 0.69, 0.6: 0.95}
    for truth, median in told.items():
        speeds = fitted_speeds(truth, count=139, interval=MONTH, shocks=shocks)
        assert float(np.median(speeds)) == pytest.approx(median, abs=0.05)
        assert float(np.median(speeds)) > truth + 0.25
    speeds = fitted_speeds(0.3, count=139, interval=MONTH, shocks=shocks)
    # Histories that start from their level, as here, spread slightly less.
    assert np.quantile(speeds, [0.1, 0.9]).tolist() == pytest.approx([0.30, 1.38], abs=0.08)


def test_the_correction_finds_the_speed_whose_fits_look_like_this_one() -> None:
    fit = fit_reversion(history(4), interval=MONTH)
    found = corrected_reversion(fit, rng=np.random.default_rng(1), samples=600)
    assert 0 <= found.corrected < found.fitted
    shocks = np.random.default_rng(2).standard_normal((3000, fit.count - 1))
    again = fitted_speeds(found.corrected, count=fit.count, interval=MONTH, shocks=shocks)
    if found.corrected > 0:
        assert float(np.median(again)) == pytest.approx(found.fitted, abs=0.1)
    assert found.lower < found.fitted < found.upper


def test_a_fit_slower_than_that_of_a_price_that_never_returns_is_corrected_to_none() -> None:
    walk = np.exp(0.1 * np.cumsum(np.random.default_rng(3).standard_normal(139)))
    fit = fit_reversion(walk, interval=MONTH)
    found = corrected_reversion(fit, rng=np.random.default_rng(1), samples=600)
    assert found.median_at_zero == pytest.approx(0.4, abs=0.08)
    assert (found.corrected == 0) == (found.fitted <= found.median_at_zero)


def test_both_corrections_lessen_the_bias_on_average() -> None:
    raw, cut, simulated = [], [], []
    for seed in range(40):
        prices = history(100 + seed)
        fit = fit_reversion(prices, interval=MONTH)
        half = jackknifed_reversion(prices, interval=MONTH)
        if fit.reversion is None or half is None:
            continue
        raw.append(fit.reversion)
        cut.append(half)
        rng = np.random.default_rng(seed)
        simulated.append(corrected_reversion(fit, rng=rng, samples=100).corrected)
    bias = [float(np.mean(part)) - 0.6 for part in (raw, cut, simulated)]
    assert bias[0] > 0.15
    assert abs(bias[1]) < bias[0]
    assert abs(bias[2]) < bias[0]


def test_histories_that_run_away_or_forget_are_named_and_not_given_a_level() -> None:
    up = fit_reversion(np.exp(0.01 * 1.3 ** np.arange(12.0)), interval=1.0)
    assert up.memory is Memory.EXPLOSIVE
    assert up.level is None
    assert up.reversion is not None
    assert up.reversion < 0
    back = fit_reversion([4, 8, 2, 8, 4, 4, 8, 2, 4], interval=1.0)
    assert back.memory is Memory.NONE
    assert (back.reversion, back.level, back.volatility) == (None, None, None)
    with pytest.raises(FinanceError, match="forgets within one step.*no speed to correct.*F201"):
        corrected_reversion(back, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("prices", "match"),
    [
        ([1.0] * 7, "7 prices are too few.*at least 8.*judgement.*F201"),
        ([1.0, 2.0] * 4 + [0.0], "price 9 of 9 is 0.0"),
        ([1.0, 2.0] * 4 + [float("nan")], "price 9 of 9 is nan.*no gap is filled in"),
        ([3.0] * 9, "all 9 prices are 3.0.*never moves"),
    ],
)
def test_what_cannot_be_fitted_is_refused(prices: list[float], match: str) -> None:
    with pytest.raises(FinanceError, match=match):
        fit_reversion(prices, interval=1.0)
    with pytest.raises(FinanceError, match="at least 40"):
        fit_regimes(prices, interval=1.0, rng=np.random.default_rng(1))


def test_histories_of_other_lengths_are_not_compared() -> None:
    with pytest.raises(FinanceError, match="cannot be compared"):
        log_change_correlations({"a": [1.0] * 9, "b": [1.0] * 8})


MODEL = TwoAttractors(
    reversion=0.9,
    levels=(36.0, 83.0),
    volatilities=(0.15, 0.4),
    rate_to_second=0.8,
    rate_back=1.1,
)


@pytest.mark.parametrize("count", [1, 2, 5, 10])
def test_the_filter_equals_the_sum_over_all_paths_of_the_state(count: int) -> None:
    logs = np.log(40 + 30 * np.random.default_rng(count).random(count + 1))
    densities = np.exp(MODEL.densities(logs, interval=0.25))
    chances = MODEL.chances(0.25)
    total, in_second = 0.0, 0.0
    for states in itertools.product((0, 1), repeat=count):
        weight = (MODEL.share_ordinary, 1 - MODEL.share_ordinary)[states[0]]
        for step, state in enumerate(states):
            weight *= densities[step, state]
            weight *= chances[states[step - 1], state] if step else 1.0
        total += weight
        in_second += weight * states[-1]
    assert regime_likelihood(MODEL, logs, interval=0.25) == pytest.approx(
        math.log(total), abs=1e-12
    )
    seen = state_chances(MODEL, logs, interval=0.25)
    assert seen[-1] == pytest.approx(in_second / total, abs=1e-12)


def test_chances_of_the_state_are_those_of_the_simulator() -> None:
    half = MODEL.chances(0.5)
    np.testing.assert_allclose(MODEL.chances(0.25) @ MODEL.chances(0.25), half, atol=1e-14)
    np.testing.assert_allclose(half.sum(axis=1), 1.0)


def test_simulate_then_fit_gives_both_levels_back() -> None:
    process = PriceProcess(
        quote=ORE,
        level=36.0,
        reversion=0.9,
        volatility=0.15,
        second_ratio=83 / 36,
        second_volatility=0.4,
        rate_to_second=0.8,
        rate_back=1.1,
    )
    system = PriceSystem((process,), np.eye(1))
    prices = simulate(system, years=60, paths=1, seed=3, steps_a_year=12).of("ore")[0]
    fit = fit_regimes(prices, interval=MONTH, rng=np.random.default_rng(5), starts=4)
    assert fit.gain > 20
    assert fit.standard_errors is not None
    for found, error, truth in zip(
        fit.model.levels, fit.standard_errors.levels, (36.0, 83.0), strict=True
    ):
        assert abs(found - truth) < 2 * error
        assert error < 0.25 * truth
    assert abs(fit.model.reversion - 0.9) < 3 * fit.standard_errors.reversion


def monthly(material: str) -> dict[str, float]:
    """Read a monthly series less value-added tax, at the exchange rate of its year. [USD/kg]"""
    with (REFERENCE / "fx_and_deflators.csv").open(encoding="utf-8") as file:
        rates = {row["year"]: float(row["cny_per_usd"]) for row in csv.DictReader(file)}
    found = {}
    with (REFERENCE / "rare-earths" / "prices_ree.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["frequency"] == "monthly average" and row["material"] == material:
                day = row["date"]
                tax = 0.17 if day < "2018-05" else 0.16 if day < "2019-04" else 0.13
                if row["unit"] == "CNY/t":
                    found[day] = float(row["price"]) / (1 + tax) / rates[day[:4]] / 1000
    return found


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference series is not beside this")
def test_the_fits_of_the_known_history_come_out() -> None:
    """Against the fits that `docs/results/price-fits.csv` keeps, and those of the prototype."""
    first, second = monthly("Nd oxide"), monthly("Pr oxide")
    days = sorted(first)
    prices = np.array([0.75 * first[day] + 0.25 * second[day] for day in days])
    assert len(prices) == 139
    kept = Path(__file__).parents[3] / "docs" / "results" / "price-fits.csv"
    with kept.open(encoding="utf-8") as file:
        rows = {row["window"]: row for row in csv.DictReader(file)}
    windows = {
        name: (days.index(row["first"]), days.index(row["last"]) + 1) for name, row in rows.items()
    }
    for found in window_table(prices, windows, interval=MONTH):
        row = rows[found.name]
        for name in ("reversion", "reversion_se", "level", "level_se", "volatility"):
            value = getattr(found.fit, name)
            told = float(row[name]) if row[name] else None
            assert (value is None) == (told is None)
            if value is not None and told is not None:
                assert value == pytest.approx(told, rel=0.01, abs=0.006)
    whole = fit_reversion(prices, interval=MONTH)
    # The prototype printed 0.29, 51, 0.28; autocorrelation 0.37, kurtosis 4.4.
    assert whole.reversion == pytest.approx(0.29, abs=0.005)
    assert whole.level == pytest.approx(51, abs=0.5)
    assert whole.volatility == pytest.approx(0.28, abs=0.005)
    assert whole.residual_autocorrelation == pytest.approx(0.37, abs=0.005)
    assert whole.residual_kurtosis == pytest.approx(4.4, abs=0.05)
    two = fit_regimes(prices, interval=MONTH, rng=np.random.default_rng(2), starts=5)
    # The prototype printed 0.98, 83 and 36, 0.39 and 0.11, and a gain of 34.
    assert two.gain == pytest.approx(34, abs=0.5)
    assert two.model.reversion == pytest.approx(0.98, abs=0.03)
    assert two.model.levels == pytest.approx((36, 83), abs=0.6)
    assert two.model.volatilities == pytest.approx((0.11, 0.39), abs=0.005)
