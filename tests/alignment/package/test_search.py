"""A package is the root of the value, every part of it is needed, and more choice costs no more."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.alignment.package import Bench, Measure, cost_of, package_for
from coercivity.alignment.package.search import everything, trimmed
from coercivity.finance.contracts import Floor, Grant, ProductionCredit, Starts, Window
from tests.alignment.package.benches import level_of, pair, put, sure, without_lenders

PRECISE = 2 * 2**-7
"""The search halves seven times."""


def alone(kind: str, cap: float) -> tuple[Bench, float]:
    """Give a certain project and the level at which one kind alone is enough."""
    bench = put(sure(price=36.0), without_lenders(), allow=(kind,), caps={kind: cap})
    found = package_for(bench, bench)
    assert found is not None
    return bench, max(found.levels)


def root(make: object, low: float, high: float) -> float:
    """Find where a project is worth nothing by full appraisals, with no help of the search."""
    bench = put(sure(price=36.0), without_lenders())
    for _ in range(60):
        middle = 0.5 * (low + high)
        value = float(bench.with_contracts([make(middle)]).equity_npv.mean())  # type: ignore[operator]
        low, high = (middle, high) if value < 0 else (low, middle)
    return high


def test_a_grant_alone_is_the_root_of_the_value() -> None:
    bench, level = alone("grant", 1.0)
    amount = root(lambda x: Grant(id="g", amount=x, budget=bench.capital), 0.0, bench.capital)
    assert level * bench.capital == pytest.approx(amount, rel=PRECISE * 2)
    assert level * bench.capital >= amount - 1e-6


def test_a_credit_alone_is_the_root_of_the_value() -> None:
    _, level = alone("production-credit", 1.0)
    window = Window(Starts.FIRST_OUTPUT, 0.0, 10.0)
    amount = root(
        lambda x: ProductionCredit(id="c", material="good", amount=x, window=window), 0.0, 36.0
    )
    assert level * 36.0 == pytest.approx(amount, rel=PRECISE * 2)


def test_a_floor_under_a_certain_price_pays_what_a_higher_price_would() -> None:
    window = Window(Starts.FIRST_OUTPUT, 0.0, 13.0)
    strike = root(
        lambda x: Floor(id="f", material="good", strike=x, indexed=True, window=window), 36.0, 200.0
    )
    at_strike = put(sure(price=strike), without_lenders())
    value = float(at_strike.appraise(at_strike.nothing).hurdle.mean())
    assert value == pytest.approx(0.0, abs=0.05)


def test_nothing_is_given_where_all_say_yes() -> None:
    bench = put(sure(price=120.0), without_lenders())
    found = package_for(bench, bench)
    assert found is not None
    assert found.levels == bench.nothing
    assert found.cost == 0.0


def test_every_part_of_a_package_is_needed() -> None:
    train, check = pair()
    found = package_for(train, check)
    assert found is not None
    assert check.agrees(found.levels)
    for place, level in enumerate(found.levels):
        if level > 0:
            less = tuple(0.97 * v if k == place else v for k, v in enumerate(found.levels))
            cheaper = cost_of(check, less, Measure.MEAN) < found.cost
            assert not (check.agrees(less) and cheaper)


def test_more_kinds_never_cost_more() -> None:
    few = package_for(*pair(allow=("floor",)))
    more = package_for(*pair(allow=("floor", "grant")))
    every = package_for(*pair())
    assert few is not None
    assert more is not None
    assert every is not None
    assert more.cost <= few.cost * (1 + PRECISE)
    assert every.cost <= more.cost * (1 + 0.05)
    for cost in every.alone.values():
        assert cost is None or every.cost <= cost + 1e-9


def test_a_package_holds_on_the_paths_it_is_checked_on_with_its_margin() -> None:
    train, check = pair()
    found = package_for(train, check)
    assert found is not None
    judged = check.appraise(found.levels).acceptance
    assert judged.worth.value - 1.65 * judged.worth.standard_error >= 0
    assert judged.loss.value + 1.65 * judged.loss.standard_error <= 0.12


def test_nothing_within_small_caps_is_no_package() -> None:
    tight = {"grant": 0.05}
    assert package_for(*pair(allow=("grant",), caps=tight)) is None


def test_the_fullest_packages_keep_every_limit() -> None:
    train, _ = pair()
    for levels in everything(train):
        assert levels == train.fits(levels)
        for group, limit in train.limits.items():
            total = sum(v for c, v in zip(train.columns, levels, strict=True) if group in c.groups)
            assert total <= limit + 1e-9


def test_trimming_never_raises_the_cost() -> None:
    _, check = pair()
    full = next(levels for levels in everything(check) if check.agrees(levels))
    cut = trimmed(check, full, Measure.MEAN)
    assert check.agrees(cut)
    assert cost_of(check, cut, Measure.MEAN) <= cost_of(check, full, Measure.MEAN)


@pytest.mark.parametrize("measure", list(Measure))
def test_a_measure_lies_between_mean_and_worst(measure: Measure) -> None:
    cost = np.random.default_rng(1).normal(10, 3, 500)
    assert cost.mean() <= measure.of(cost) <= cost.max()


def test_a_cap_binds() -> None:
    train, check = pair(allow=("grant", "floor", "ebitda-floor"), caps={"grant": 0.1})
    found = package_for(train, check)
    assert found is not None
    assert level_of(check, found.levels, "grant") <= 0.1 + 1e-9
