from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.alignment.adversary import Attack, under_attack
from coercivity.alignment.adversary.dumping import is_exposed, pushed_down
from coercivity.finance.prices.processes import Quote
from tests.finance.projects.test_position import MOVING
from tests.finance.projects.works import load_works, position

PRICE = st.floats(0.1, 500)


@given(PRICE, PRICE, PRICE, st.floats(0, 300))
def test_a_price_falls_by_the_depth_at_most_and_never_through_his_cost(
    price: float, depth: float, floor: float, more: float
) -> None:
    at = np.array([price])
    low = float(pushed_down(at, depth=depth, floor=floor)[0])
    assert price - depth - 1e-12 <= low <= price
    assert low >= min(price, floor)
    assert float(pushed_down(at, depth=depth + more, floor=floor)[0]) <= low
    assert float(pushed_down(at, depth=0.0, floor=floor)[0]) == price


def test_prices_move_in_the_years_of_the_attack_and_nothing_else_does(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, price_models=MOVING)
    base = position(case, tables, paths=20)
    attack = Attack("good", 15.0, 2029, 2, 0.0)
    hit = under_attack(base, attack, floor=10.0)
    quote, other = Quote("good", "CHN"), Quote("side", "CHN")
    before, after = base.drawn.paths.prices[quote], hit.drawn.paths.prices[quote]
    inside = np.zeros(before.shape[1], dtype=bool)
    inside[4 * 4 : 4 * 6] = True  # 2029 and 2030, from 2025
    np.testing.assert_array_equal(after[:, ~inside], before[:, ~inside])
    np.testing.assert_allclose(
        after[:, inside],
        1000 * pushed_down(before[:, inside] / 1000, depth=15.0, floor=10.0),
    )
    np.testing.assert_array_equal(hit.drawn.paths.prices[other], base.drawn.paths.prices[other])
    assert hit.operation is base.operation
    assert hit.appraise(workers=1).worth.value < base.appraise(workers=1).worth.value


def test_what_follows_the_product_follows_it_down(tmp_path: Path) -> None:
    follow = [{"material": "side", "place": "CHN", "follows": "good", "share": 0.05}]
    case, tables = load_works(tmp_path, price_models=MOVING[:1], price_links=follow)
    base = position(case, tables, paths=10)
    hit = under_attack(base, Attack("good", 8.0, 2029, 1, 0.0), floor=1.0)
    good, side = (hit.drawn.paths.prices[Quote(name, "CHN")] for name in ("good", "side"))
    np.testing.assert_allclose(side, 0.05 * good)
    # Dumping what follows leaves what is followed alone.
    lower = under_attack(base, Attack("side", 0.5, 2029, 1, 0.0), floor=0.0)
    np.testing.assert_array_equal(
        lower.drawn.paths.prices[Quote("good", "CHN")],
        base.drawn.paths.prices[Quote("good", "CHN")],
    )
    fallen = lower.drawn.paths.prices[Quote("side", "CHN")][:, 16:20]
    assert (fallen < base.drawn.paths.prices[Quote("side", "CHN")][:, 16:20]).all()
    assert base.appraise(workers=1).worth.value > lower.appraise(workers=1).worth.value


def test_a_project_that_does_not_trade_the_product_stays_as_it_is(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    base = position(case, tables, paths=5)
    assert not is_exposed(base, "gold")
    assert under_attack(base, Attack("gold", 8.0, 2029, 1, 0.0), floor=1.0) is base
    assert under_attack(base, Attack("good", 0.0, 2029, 1, 0.0), floor=1.0) is base


def test_a_later_attack_hurts_less_when_the_price_does_not_move(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    base = position(case, tables, paths=3)
    worth = [
        under_attack(base, Attack("good", 5.0, year, 1, 0.0), floor=1.0)
        .appraise(workers=1)
        .worth.value
        for year in (2029, 2033, 2037)
    ]
    assert worth == pytest.approx(sorted(worth))
    assert worth[-1] < base.appraise(workers=1).worth.value
