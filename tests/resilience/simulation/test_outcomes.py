"""Distributions and paired differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coercivity.resilience.simulation.outcomes import Distribution, lost_service, paired, spells


def test_a_paired_interval_is_that_of_a_t_test() -> None:
    rng = np.random.default_rng(3)
    common = rng.normal(size=200)
    first, second = common + 0.1, common + rng.normal(scale=0.2, size=200)
    found = paired(first, second)
    test = stats.ttest_rel(first, second).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((test.low, test.high))
    alone = stats.ttest_ind(first, second).confidence_interval(0.95)
    assert found.high - found.low < 0.5 * (alone.high - alone.low)


def test_a_distribution_is_that_of_numpy() -> None:
    sample = np.arange(101.0)
    found = Distribution.of(sample)
    assert (found.mean, found.median, found.p95, found.highest) == (50, 50, 95, 100)
    assert found.standard_error == pytest.approx(sample.std(ddof=1) / np.sqrt(101))


def test_service_is_lost_only_beyond_the_plan() -> None:
    found = lost_service(np.array([[[5.0, 2.0]]]), np.array([[3.0, 3.0]]))
    assert found.tolist() == [[[2.0, 0.0]]]


def test_a_loss_too_small_to_be_noticed_makes_no_spell() -> None:
    months, longest = spells(np.array([[0.05, 0.2, 0.2]]), np.full(3, 10.0))
    assert (months.tolist(), longest.tolist()) == ([2], [2])
