"""The straight line is exact where it was measured, and the linear program is what it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.alignment.package.linear import Asked, Linear, cheapest, linearise
from coercivity.finance.acceptance import AcceptanceRule
from tests.alignment.package.benches import pair, poor, put, without_lenders


def line(seed: int, *, paths: int = 60, columns: int = 3) -> Linear:
    """Draw a line whose columns always help, each at its own price."""
    rng = np.random.default_rng(seed)
    help_ = rng.uniform(0.5, 2.0, (columns, paths))
    return Linear(
        hurdle=rng.normal(-1.0, 2.0, paths),
        treasury=rng.normal(0.5, 2.0, paths),
        on_hurdle=help_,
        on_treasury=help_ * rng.uniform(1.0, 1.5, (columns, 1)),
        cost=help_ * rng.uniform(0.5, 3.0, (columns, 1)),
        most=np.full(columns, 5.0),
        groups={},
    )


def test_the_line_is_exact_around_its_own_package() -> None:
    train, _ = pair()
    at = train.fits(tuple(0.4 * column.most for column in train.columns))
    full, found = train.appraise(at), linearise(train, at)
    assert found.values(at) == pytest.approx(full.hurdle, abs=1e-9)
    assert found.treasury + np.asarray(at) @ found.on_treasury == pytest.approx(
        full.treasury, abs=1e-9
    )


def test_without_tax_debt_and_idling_the_line_is_the_full_appraisal_everywhere() -> None:
    rule = AcceptanceRule(loss_limit=1.0, shortfall_limit=1.0)
    plain = without_lenders(may_idle=False, may_close=False, acceptance=rule)
    free = put(poor(3, lower=2.0), type(plain)(
        id="plain", debt=None, inflation=0.0, may_idle=False, may_close=False, acceptance=rule
    ), allow=("grant", "production-credit", "floor"))  # fmt: skip
    found = linearise(free, free.nothing)
    at = free.fits(tuple(0.3 * column.most for column in free.columns))
    assert found.values(at) == pytest.approx(free.appraise(at).hurdle, abs=1e-6)


@given(seed=st.integers(0, 500), alpha=st.sampled_from([0.05, 0.1, 0.2, 0.5]))
@settings(max_examples=25, deadline=None)
def test_the_tail_row_keeps_the_probability_below_its_level(seed: int, alpha: float) -> None:
    found = line(seed)
    levels = cheapest(found, Asked(worth=0.0, tail=alpha))
    assert levels is not None
    values = found.treasury + np.asarray(levels) @ found.on_treasury
    assert np.mean(values < -1e-6) <= alpha
    worst = np.sort(values)[: max(1, int(alpha * len(values)))]
    assert worst.mean() > -1e-5


@given(seed=st.integers(0, 500))
@settings(max_examples=25, deadline=None)
def test_a_narrower_tail_never_costs_less(seed: int) -> None:
    found = line(seed)
    costs = []
    for tail in (None, 0.5, 0.2, 0.05):
        levels = cheapest(found, Asked(worth=0.0, tail=tail))
        assert levels is not None
        costs.append(float(np.asarray(levels) @ found.cost.mean(axis=1)))
    assert costs == sorted(costs) or np.allclose(costs, sorted(costs), atol=1e-6)


def test_at_a_tail_of_one_path_the_worst_path_is_brought_to_nothing() -> None:
    found = line(7, paths=20)
    levels = cheapest(found, Asked(worth=-100.0, tail=1 / 20))
    assert levels is not None
    values = found.treasury + np.asarray(levels) @ found.on_treasury
    assert values.min() == pytest.approx(0.0, abs=1e-6)


def test_the_mean_row_alone_is_met_by_the_cheapest_column() -> None:
    found = line(11, columns=2)
    levels = cheapest(found, Asked(worth=1.0))
    assert levels is not None
    price = found.cost.mean(axis=1) / found.on_hurdle.mean(axis=1)
    assert levels[int(np.argmax(price))] == 0.0
    assert found.values(levels).mean() == pytest.approx(1.0, abs=1e-6)


def test_what_caps_do_not_allow_has_no_answer() -> None:
    assert cheapest(line(3), Asked(worth=1e6)) is None


def test_the_bad_tail_of_cost_is_made_small_where_asked() -> None:
    found = line(5)
    mean = cheapest(found, Asked(worth=1.0))
    tail = cheapest(found, Asked(worth=1.0, bad_cost=True))
    assert mean is not None
    assert tail is not None

    def bad(levels: tuple[float, ...]) -> float:
        cost = np.sort(np.asarray(levels) @ found.cost)
        return float(cost[-3:].mean())

    assert bad(tail) <= bad(mean) + 1e-6
