"""The chain serves what the narrowest step lets through, and nothing of another class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from coercivity.alignment.loop.chain import Asked, Chain, Dispatcher, Step
from coercivity.alignment.loop.reach import ChainReach
from tests.alignment.loop.fleets import line_of_three

ALL = np.ones(3, dtype=np.bool_)


def flags(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.bool_)


def test_the_narrowest_step_serves() -> None:
    serve = Dispatcher(line_of_three(mined=10, refined=3, made=6, asked=5))
    assert serve(ALL).accepted == pytest.approx(0.6)
    assert serve(ALL).other == pytest.approx(0.4)
    for missing in range(3):
        on = ALL.copy()
        on[missing] = False
        assert serve(on).accepted == 0.0


@given(st.floats(0, 20), st.floats(0, 20), st.floats(0, 20))
@settings(max_examples=60, deadline=None)
def test_a_line_serves_the_least_of_its_capacities(a: float, b: float, c: float) -> None:
    serve = Dispatcher(line_of_three(mined=a, refined=b, made=c, asked=5))
    assert serve(ALL).accepted == pytest.approx(min(a, b, c, 5) / 5, abs=1e-6)


@given(st.floats(6, 50))
@settings(max_examples=30, deadline=None)
def test_unused_supply_serves_nobody(mined: float) -> None:
    few = Dispatcher(line_of_three(mined=6, refined=4))(ALL)
    more = Dispatcher(line_of_three(mined=mined, refined=4))(ALL)
    assert more.accepted == pytest.approx(few.accepted)


def test_without_suppliers_of_other_classes_the_rest_is_unserved() -> None:
    serve = Dispatcher(replace(line_of_three(refined=3), others=0.1))
    found = serve(ALL)
    assert found.accepted == pytest.approx(0.6)
    assert found.other == pytest.approx(0.1)
    assert found.unserved == pytest.approx(0.3)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_second_solver_serves_the_same(seed: int) -> None:
    """Two feeds, two makers that compete for one, two demands: written out for another solver."""
    rng = np.random.default_rng(seed)
    cap = rng.uniform(0, 5, 4)
    asked = rng.uniform(0.5, 5, 2)
    mix = float(rng.uniform(0.2, 0.8))
    chain = Chain(
        steps=(
            Step(plant="a", use=1.0, takes={}, makes={"light": 1.0}),
            Step(plant="b", use=2.0, takes={}, makes={"heavy": 1.0}),
            Step(plant="c", use=1.0, takes={"light": 1.0}, makes={"plain": 1.0}),
            Step(plant="d", use=1.0, takes={"light": 1 - mix, "heavy": mix}, makes={"hard": 1.0}),
        ),
        always={"a": float(cap[0])},
        by_relay=({"b": float(cap[1])}, {"c": float(cap[2])}, {"d": float(cap[3])}),
        offers={"heavy": 0.3},
        asked=(
            Asked(id="one", amount=float(asked[0]), served_by={"plain": 1.0, "hard": 1.0}),
            Asked(id="two", amount=float(asked[1]), served_by={"hard": 1.0}),
        ),
    )
    # Columns: a b c d offer plain-one hard-one hard-two.
    rows = [
        [-1, 0, 1, 1 - mix, 0, 0, 0, 0],
        [0, -1, 0, mix, -1, 0, 0, 0],
        [0, 0, -1, 0, 0, 1, 0, 0],
        [0, 0, 0, -1, 0, 0, 1, 1],
        [0, 0, 0, 0, 0, 1, 1, 0],
        [0, 0, 0, 0, 0, 0, 0, 1],
    ]
    bounds = [(0, cap[0]), (0, cap[1] / 2), (0, cap[2]), (0, cap[3]), (0, 0.3), *[(0, None)] * 3]
    best = linprog(
        [0] * 5 + [-1] * 3, A_ub=rows, b_ub=[0, 0, 0, 0, *asked], bounds=bounds, method="highs"
    )
    found = Dispatcher(chain)(ALL).accepted
    assert found == pytest.approx(-best.fun / asked.sum(), abs=1e-6)


def test_a_chain_runs_through_a_plant_if_it_is_fed_and_used() -> None:
    reach = ChainReach(line_of_three())
    assert reach(ALL).all()
    assert reach(flags(1, 0, 1)).tolist() == [False, True, False]
    assert reach(flags(0, 0, 0)).tolist() == [False, False, False]
    assert reach(flags(1, 1, 0)).tolist() == [False, False, True]


def test_two_plants_that_feed_each_other_do_not_hold_themselves_up() -> None:
    chain = Chain(
        steps=(
            Step(plant="a", use=1.0, takes={"y": 1.0}, makes={"x": 1.0}),
            Step(plant="b", use=1.0, takes={"x": 1.0}, makes={"y": 1.0, "good": 1.0}),
        ),
        always={},
        by_relay=({"a": 1.0}, {"b": 1.0}),
        offers={},
        asked=(Asked(id="users", amount=1.0, served_by={"good": 1.0}),),
    )
    assert not ChainReach(chain)(flags(1, 1)).any()
    fed = replace(chain, offers={"y": 0.1})
    assert ChainReach(fed)(flags(1, 1)).all()


@given(st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 2))
@settings(max_examples=30, deadline=None)
def test_one_more_plant_cuts_no_chain(on: list[bool], more: int) -> None:
    reach = ChainReach(line_of_three())
    few = np.array(on, dtype=np.bool_)
    many = few.copy()
    many[more] = True
    assert (reach(few) <= reach(many)).all()
