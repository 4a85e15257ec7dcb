"""Random numbers that belong to a path, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.finance.prices import PricePaths, PriceProcess, PriceSystem, Quote, simulate
from coercivity.finance.prices.simulation import BLOCK
from coercivity.finance.refusals import FinanceError

RHO = np.array([[1.0, 0.7, 0.9], [0.7, 1.0, 0.7], [0.9, 0.7, 1.0]])


def process(name: str, **changes: object) -> PriceProcess:
    fields: dict[str, object] = {
        "level": 40.0,
        "reversion": 0.6,
        "volatility": 0.25,
        "second_ratio": 2.0,
        "rate_to_second": 0.35,
        "rate_back": 0.4,
        "jump_rate": 0.1,
        "jump_mean": 0.45,
        "jump_sd": 0.25,
        "group": "together",
        "standard_errors": {"level": 3.0, "reversion": 0.3, "rate_back": 0.2},
    }
    return PriceProcess(quote=Quote(name, "here"), **{**fields, **changes})  # type: ignore[arg-type]


def system(count: int = 3) -> PriceSystem:
    return PriceSystem(tuple(process(name) for name in "abc"[:count]), RHO[:count, :count])


def test_threads_change_no_bit() -> None:
    one = simulate(system(), years=5, paths=3 * BLOCK + 7, seed=11, workers=1)
    two = simulate(system(), years=5, paths=3 * BLOCK + 7, seed=11, workers=2)
    assert all((one.prices[quote] == two.prices[quote]).all() for quote in one.prices)


def test_more_paths_years_and_prices_change_nothing_that_was_there() -> None:
    large = simulate(system(), years=6, paths=2 * BLOCK + 5, seed=11)
    small = simulate(system(2), years=4, paths=BLOCK + 3, seed=11)
    for quote, table in small.prices.items():
        assert (large.prices[quote][: BLOCK + 3, :16] == table).all()


def test_another_seed_gives_other_paths() -> None:
    one, two = (simulate(system(1), years=1, paths=5, seed=seed).of("a") for seed in (1, 2))
    assert not (one == two).any()


def test_paths_of_different_blocks_differ() -> None:
    found = simulate(system(1), years=1, paths=2 * BLOCK, seed=1).of("a")
    assert not (found[:BLOCK] == found[BLOCK:]).any()


def test_a_group_shares_its_state_and_its_jumps() -> None:
    found = simulate(system(), years=20, paths=500, seed=3)
    first, *others = found.second.values()
    assert first.any()
    assert not first.all()
    assert all((first == other).all() for other in others)
    apart = PriceSystem((process("a", group=""), process("b", group="")), np.eye(2))
    one, two = simulate(apart, years=20, paths=500, seed=3).second.values()
    assert (one != two).any()


def test_a_price_that_starts_near_the_second_attractor_begins_there() -> None:
    start = {Quote("a", "here"): 79.0}
    found = simulate(system(1), years=1, paths=10, seed=3, start=start)
    assert found.second[Quote("a", "here")][:, 0].all()


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 3.0), st.floats(0.0, 1.0), st.integers(0, 2**31))
def test_prices_are_positive_and_finite(reversion: float, volatility: float, seed: int) -> None:
    one = process("a", reversion=reversion, volatility=volatility, standard_errors={})
    found = simulate(PriceSystem((one,), np.eye(1)), years=3, paths=20, seed=seed).of("a")
    assert np.isfinite(found).all()
    assert (found > 0).all()


def test_each_quarter_is_the_mean_of_its_months_in_kilograms() -> None:
    monthly = PricePaths({Quote("a"): np.arange(12.0)[None, :] * 1000}, 12, {})
    assert monthly.by_quarter("a").tolist() == [[1.0, 4.0, 7.0, 10.0]]
    half = PricePaths({Quote("a"): np.array([[1000.0, 3000.0]])}, 2, {})
    assert half.by_quarter("a").tolist() == [[1.0, 1.0, 3.0, 3.0]]


def test_a_lower_level_gives_lower_prices_on_every_path() -> None:
    low = PriceSystem((process("a", level=30.0, standard_errors={}),), np.eye(1))
    high = PriceSystem((process("a", level=50.0, standard_errors={}),), np.eye(1))
    start = {Quote("a", "here"): 35.0}
    lower = simulate(low, years=4, paths=200, seed=2, start=start)
    higher = simulate(high, years=4, paths=200, seed=2, start=start)
    assert (lower.of("a") < higher.of("a")).all()


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"level": 0.0}, r"level of the price of a at here is 0.0.*above 0.*F203"),
        ({"reversion": -0.1}, r"reversion .* is -0.1"),
        ({"volatility": float("nan")}, "volatility .* is nan"),
        ({"rate_back": 0.0}, "rate_back .* is 0.0"),
        ({"standard_errors": {"level": -1.0}}, "standard error of level .* is -1.0"),
    ],
)
def test_a_process_that_cannot_be_is_refused(changes: dict[str, object], match: str) -> None:
    with pytest.raises(FinanceError, match=match):
        process("a", **changes)


def test_prices_of_a_group_with_other_rates_are_refused() -> None:
    with pytest.raises(FinanceError, match=r"'together'.*share one state.*F203"):
        PriceSystem((process("a"), process("b", rate_back=0.9)), np.eye(2))


def test_a_price_twice_is_refused() -> None:
    with pytest.raises(FinanceError, match="a at here.*two processes"):
        PriceSystem((process("a"), process("a")), np.eye(2))


@pytest.mark.parametrize(
    ("matrix", "match"),
    [
        (np.eye(2), r"shape \(2, 2\) for 3 prices"),
        (np.array([[1.0, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]), "eigenvalue -0.8.*F202"),
        (np.array([[1.0, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]), "symmetric.*F202"),
    ],
)
def test_correlations_that_cannot_hold_are_refused(matrix: np.ndarray, match: str) -> None:
    with pytest.raises(FinanceError, match=match):
        PriceSystem(tuple(process(name) for name in "abc"), matrix)


def test_full_correlation_is_allowed_and_moves_prices_together() -> None:
    plain = {"standard_errors": {}, "jump_rate": 0.0}
    both = PriceSystem((process("a", **plain), process("b", **plain)), np.ones((2, 2)))
    found = simulate(both, years=2, paths=50, seed=1)
    np.testing.assert_allclose(found.of("a"), found.of("b"), rtol=1e-12)


def test_a_price_of_two_places_must_be_named() -> None:
    paths = PricePaths({Quote("a", "x"): np.ones((1, 4)), Quote("a", "y"): np.ones((1, 4))}, 4, {})
    assert paths.of("a", place="x").shape == (1, 4)
    with pytest.raises(FinanceError, match=r"2 prices.*\['x', 'y'\].*F205"):
        paths.of("a")
    with pytest.raises(FinanceError, match="0 prices at 'z'"):
        paths.of("a", place="z")


@pytest.mark.parametrize(
    ("call", "match"),
    [
        ({"years": 0, "paths": 1}, "1 paths of 0 years"),
        ({"years": 1, "paths": 1, "steps_a_year": 3}, "3 steps a year"),
        ({"years": 1, "paths": 1, "start": {Quote("z"): 1.0}}, "price of z today is 1.0"),
        ({"years": 1, "paths": 1, "start": {Quote("a", "here"): -1.0}}, "today is -1.0.*above 0"),
    ],
)
def test_a_call_that_cannot_be_met_is_refused(call: dict[str, object], match: str) -> None:
    with pytest.raises(FinanceError, match=match):
        simulate(system(1), seed=1, **call)  # type: ignore[arg-type]
