from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from coercivity.alignment.coordination import Payoffs, cheapest_guarantee, walk
from tests.alignment.coordination.games import RIVALS, alike, anything, supermodular


def by_every_order(game: Payoffs, target: tuple[str, ...]) -> float:
    return min(
        sum(max(0.0, -game.worth(one, order[:place])) for place, one in enumerate(order))
        for order in itertools.permutations(target)
    )


def guaranteed(game: Payoffs, amounts: dict[str, float]) -> Payoffs:
    """Make losses up to what was promised."""
    promised = np.array([amounts[name] for name in game.names])
    return Payoffs(game.names, game.values + np.minimum(promised, np.maximum(0.0, -game.values)))


@settings(deadline=None)  # the first call compiles
@given(anything(most=4))
def test_no_order_is_cheaper(game: Payoffs) -> None:
    for size in range(1, game.count + 1):
        target = game.names[:size]
        found = cheapest_guarantee(game, target)
        assert found.exposure == pytest.approx(by_every_order(game, target))
        assert set(found.order) == set(target)
        assert found.exposure == pytest.approx(
            sum(
                max(0.0, -game.worth(one, found.order[:place]))
                for place, one in enumerate(found.order)
            )
        )


@settings(deadline=None)
@given(supermodular())
def test_with_complements_all_invest_from_nothing_once_they_are_guaranteed(game: Payoffs) -> None:
    found = cheapest_guarantee(game)
    assert found.sure
    if found.target_is_equilibrium:
        helped = guaranteed(game, dict(found.amounts))
        assert walk(helped, indifferent=True).reached == game.names
        assert found.expected_payment == 0


@settings(max_examples=40, deadline=None)
@given(supermodular(most=3))
def test_with_complements_no_smaller_sum_of_guarantees_makes_them_all_invest(
    game: Payoffs,
) -> None:
    found = cheapest_guarantee(game)
    total = round(found.exposure)
    if not found.target_is_equilibrium or total == 0:
        return
    for amounts in itertools.product(range(total), repeat=game.count):
        if sum(amounts) == total - 1:
            helped = guaranteed(game, dict(zip(game.names, map(float, amounts), strict=True)))
            assert walk(helped, indifferent=True).reached != game.names


def test_two_alike_cost_the_loss_of_one_and_nothing_is_paid() -> None:
    found = cheapest_guarantee(alike(2, -3.0, 5.0))
    assert (found.exposure, found.expected_payment) == (3.0, 0.0)
    assert found.transfer == 3.0


def test_a_set_that_is_no_equilibrium_needs_support_that_is_paid() -> None:
    rivals = RIVALS.plus({"west": -1.0, "east": -1.0})
    found = cheapest_guarantee(rivals)
    assert not found.target_is_equilibrium
    assert not found.sure
    assert found.expected_payment == 6.0


def test_all_sets_of_sixteen_projects_are_looked_at() -> None:
    names = tuple(f"p{i:02d}" for i in range(16))
    sizes = np.arange(2**16)
    inside = (sizes[:, None] >> np.arange(16) & 1).sum(axis=1, keepdims=True)
    own = sizes[:, None] >> np.arange(16) & 1
    game = Payoffs(names, (inside - own - 7.5) * np.ones((1, 16)))
    found = cheapest_guarantee(game)
    # Alone 7.5 is lost, beside one 6.5, ... so the first eight are promised 7.5 + 6.5 + ... + 0.5.
    assert found.exposure == pytest.approx(32.0)
    assert found.target_is_equilibrium
