"""A package is the root of the value, every part of it is needed, and more choice costs no more."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.alignment.package import Bench, Levels, Measure, Package, cost_of, package_for
from coercivity.alignment.package.fewer import left_out
from coercivity.alignment.package.polish import FINE, polished
from coercivity.alignment.package.search import trimmed
from coercivity.alignment.package.starts import corners, everything, singles
from coercivity.finance.contracts import Floor, Grant, ProductionCredit, Starts, Window
from tests.alignment.package.benches import level_of, pair, put, sure, without_lenders

PRECISE = 2 * FINE
"""Levels are found to this share of them."""


@cache
def made() -> tuple[Bench, Package]:
    """Give the package of all kinds, and the project on the paths it was made on."""
    train, check = pair()
    found = package_for(train, check)
    assert found is not None
    return check, found


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
    assert level * bench.capital == pytest.approx(amount, rel=PRECISE)
    assert level * bench.capital >= amount - 1e-6


def test_a_credit_alone_is_the_root_of_the_value() -> None:
    _, level = alone("production-credit", 1.0)
    window = Window(Starts.FIRST_OUTPUT, 0.0, 10.0)
    amount = root(
        lambda x: ProductionCredit(id="c", material="good", amount=x, window=window), 0.0, 36.0
    )
    assert level * 36.0 == pytest.approx(amount, rel=PRECISE)


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
    check, found = made()
    assert check.agrees(found.levels)
    for place, level in enumerate(found.levels):
        if level > 0:
            less = tuple(0.97 * v if k == place else v for k, v in enumerate(found.levels))
            cheaper = cost_of(check, less, Measure.MEAN) < found.cost
            assert not (check.agrees(less) and cheaper)


def put_into(check: Bench, fewer: Bench, levels: Levels) -> Levels:
    """Give a package of fewer kinds as levels of more."""
    held = {column.id: level for column, level in zip(fewer.columns, levels, strict=True)}
    return tuple(held.get(column.id, 0.0) for column in check.columns)


def test_more_kinds_never_cost_more_where_the_search_begins_with_the_answer_of_fewer() -> None:
    costs: list[float] = []
    before: tuple[Bench, Levels] | None = None
    for allow in (("ebitda-floor",), ("ebitda-floor", "grant"), ("ebitda-floor", "grant", "loan")):
        train, check = pair(allow=allow)
        starts = [] if before is None else [put_into(check, *before)]
        found = package_for(train, check, starts=starts)
        assert found is not None
        assert all(found.cost <= cost for cost in costs)
        costs.append(found.cost)
        before = (check, found.levels)
    assert costs[-1] < costs[0]


def test_no_kind_alone_costs_less() -> None:
    found = made()[1]
    for cost in found.alone.values():
        assert cost is None or found.cost <= cost


def test_one_contract_fewer_costs_more_and_is_accepted() -> None:
    check, found = made()
    assert found.fewer is not None
    assert check.agrees(found.fewer.levels)
    assert found.fewer.cost == cost_of(check, found.fewer.levels, Measure.MEAN)
    held = dict(zip([one.id for one in check.columns], found.fewer.levels, strict=True))
    assert held[found.fewer.without] == 0
    assert found.fewer.cost >= found.cost * (1 - FINE)


def test_who_asks_for_simpler_packages_pays_at_most_the_share_that_was_named() -> None:
    check, found = made()
    simple = left_out(check, found.levels, Measure.MEAN, most=0.1)
    assert check.agrees(simple)
    assert sum(level > 0 for level in simple) <= sum(level > 0 for level in found.levels)
    assert cost_of(check, simple, Measure.MEAN) <= 1.1 * found.cost


def test_exchanges_never_raise_the_cost_and_keep_every_yes() -> None:
    _, check = pair(allow=("grant", "loan", "ebitda-floor"))
    for begun in corners(check, singles(check, Measure.MEAN), Measure.MEAN)[:2]:
        found = polished(check, begun, Measure.MEAN.of)
        assert check.agrees(found)
        assert cost_of(check, found, Measure.MEAN) <= cost_of(check, begun, Measure.MEAN)


def test_a_package_holds_on_the_paths_it_is_checked_on_with_its_margin() -> None:
    check, found = made()
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
