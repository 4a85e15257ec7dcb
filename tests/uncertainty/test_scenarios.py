"""Draws depend on their seed and their name, and on nothing else."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import UsageError
from coercivity.uncertainty import (
    Event,
    Scenario,
    Uniform,
    checked_scenarios,
    drawn_scenarios,
    equally_likely,
    stream,
)
from coercivity.uncertainty.scenarios import stratified_shares

seeds = st.integers(0, 2**40)


def levels(scenarios: tuple[Scenario, ...], name: str) -> list[float]:
    """Give what a quantity is in each scenario."""
    return [scenario.levels[name] for scenario in scenarios]


@given(seeds, st.integers(1, 50), st.booleans())
def test_the_same_seed_draws_the_same_and_another_quantity_changes_nothing(
    seed: int, count: int, stratified: bool
) -> None:
    demand, delay = Uniform(0.0, 1.0), Event(0.5)
    alone = drawn_scenarios({"demand": demand}, count=count, seed=seed, stratified=stratified)
    both = drawn_scenarios(
        {"delay": delay, "demand": demand}, count=count, seed=seed, stratified=stratified
    )
    assert levels(alone, "demand") == levels(both, "demand")
    assert sum(one.probability for one in alone) == pytest.approx(1.0)
    assert len({one.name for one in alone}) == count


def test_another_seed_draws_otherwise() -> None:
    one, other = (drawn_scenarios({"x": Uniform(0, 1)}, count=5, seed=seed) for seed in (1, 2))
    assert levels(one, "x") != levels(other, "x")


@given(seeds, st.integers(1, 60))
def test_stratified_shares_fill_every_part_once(seed: int, count: int) -> None:
    shares = stratified_shares(stream(seed), count)
    assert ((shares > 0) & (shares < 1)).all()
    parts = np.minimum(np.ceil(np.sort(shares) * count - 1e-9), count)
    assert parts.tolist() == list(range(1, count + 1))


def test_stratified_draws_find_a_mean_with_fewer_scenarios() -> None:
    def error(stratified: bool) -> float:
        means = [
            np.mean(
                levels(
                    drawn_scenarios(
                        {"x": Uniform(0, 1)}, count=20, seed=seed, stratified=stratified
                    ),
                    "x",
                )
            )
            for seed in range(30)
        ]
        return float(np.std(means))

    assert error(True) < 0.2 * error(False)


def test_streams_of_different_keys_are_unlike() -> None:
    keys: list[tuple[str | int, ...]] = [(), ("a",), ("b",), ("a", "b"), ("ab",), (1,), ("1",)]
    assert len({float(stream(3, *key).random()) for key in keys}) == len(keys)


def test_a_scenario_cannot_be_changed() -> None:
    scenario = Scenario("ban", 0.5, {"price": 2.0})
    with pytest.raises(FrozenInstanceError):
        scenario.name = "peace"  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.levels["price"] = 3.0  # type: ignore[index]


def test_named_scenarios_are_a_distribution_or_refused() -> None:
    ban, peace = Scenario("ban", 0.25, {}), Scenario("peace", 0.75, {})
    assert checked_scenarios((ban, peace)) == (ban, peace)
    with pytest.raises(UsageError, match=r"sum to 0.25, not 1.*U301"):
        checked_scenarios((ban,))
    with pytest.raises(UsageError, match=r"'ban' is given twice.*U303"):
        checked_scenarios((ban, ban, peace))
    with pytest.raises(UsageError, match=r"has no name.*U303"):
        checked_scenarios((Scenario("", 1.0, {}),))
    with pytest.raises(UsageError, match=r"probability must be in \[0, 1\], got 2.*U302"):
        Scenario("ban", 2, {})


def test_no_draw_is_refused() -> None:
    with pytest.raises(UsageError, match=r"0 scenarios.*U301"):
        equally_likely(0)
    with pytest.raises(UsageError, match=r"U301"):
        drawn_scenarios({}, count=0, seed=1)
