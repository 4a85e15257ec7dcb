"""Intervals hold the true mean as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coercivity.foundation.errors import UsageError
from coercivity.uncertainty import mean_interval, stream


def test_agrees_with_another_library() -> None:
    draws = stream(1).normal(3.0, 2.0, 17)
    found = mean_interval(draws, level=0.9)
    lower, upper = stats.t.interval(0.9, 16, draws.mean(), stats.sem(draws))
    assert (found.lower, found.upper) == pytest.approx((lower, upper))
    assert found.mean == pytest.approx(draws.mean())
    assert found.count == 17


def test_holds_the_mean_of_normal_draws_in_95_of_100() -> None:
    rng = stream(2)
    held = 0
    for _ in range(2000):
        found = mean_interval(rng.normal(1.0, 1.0, 5))
        held += found.lower <= 1.0 <= found.upper
    # Two standard deviations of a count of 2000 at 0.95 are 20.
    assert abs(held - 1900) <= 25


@pytest.mark.parametrize("draws", [[], [1.0], [1.0, np.inf], [1.0, np.nan]])
def test_too_few_or_endless_draws_are_refused(draws: list[float]) -> None:
    with pytest.raises(UsageError, match=r"at least 2, all finite.*U304"):
        mean_interval(draws)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(UsageError, match=r"level must be in \(0, 1\).*U302"):
        mean_interval([1.0, 2.0], level=level)
