from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given

from coercivity.alignment.coordination import (
    Payoffs,
    equilibria_of,
    pure_equilibria,
    walk,
)
from tests.alignment.coordination.games import (
    MATCHING,
    RIVALS,
    alike,
    anything,
    equilibria_by_hand,
    supermodular,
)


@given(anything())
def test_the_list_is_every_set_that_the_definition_allows(game: Payoffs) -> None:
    found = {frozenset(game.names_in(int(mask))) for mask in pure_equilibria(game)}
    assert found == equilibria_by_hand(game)


@given(supermodular())
def test_with_complements_the_least_and_the_greatest_bracket_all_others(game: Payoffs) -> None:
    found = equilibria_of(game)
    every = equilibria_by_hand(game)
    assert found.least is not None
    assert found.greatest is not None
    assert {frozenset(found.least), frozenset(found.greatest)} <= every
    assert all(set(found.least) <= one <= set(found.greatest) for one in every)


@given(supermodular(most=4))
def test_with_complements_the_order_of_decisions_makes_no_difference(game: Payoffs) -> None:
    ends = {walk(game, order=order).reached for order in itertools.permutations(range(game.count))}
    assert len(ends) == 1


@given(supermodular())
def test_with_complements_nobody_changes_twice(game: Payoffs) -> None:
    up, down = walk(game), walk(game, start=game.everyone, indifferent=True)
    assert max(up.rounds, down.rounds) <= game.count
    assert not up.cycle
    assert not down.cycle


@given(anything())
def test_without_complements_nothing_is_called_least_or_greatest(game: Payoffs) -> None:
    found = equilibria_of(game)
    assert (found.least is None) is (not found.complements.holds)
    assert (found.greatest is None) is (not found.complements.holds)


def test_two_who_need_each_other_have_nothing_and_everything() -> None:
    found = equilibria_of(alike(2, -3.0, 5.0))
    assert (found.least, found.greatest) == ((), ("mine", "separation"))
    assert found.gap == ("mine", "separation")


def test_the_indifferent_invest_in_the_greatest_and_not_in_the_least() -> None:
    found = equilibria_of(alike(2, 0.0, 0.0))
    assert (found.least, found.greatest) == ((), ("mine", "separation"))
    assert len(found.sets) == 4


def test_rivals_have_a_worst_and_a_best_by_what_they_cover() -> None:
    found = equilibria_of(RIVALS, coverage=[0.0, 9.0, 4.0, 9.0])
    assert found.least is None
    assert (found.worst, found.best) == (("west",), ("east",))


def test_matching_pennies_have_none_and_go_round() -> None:
    found = equilibria_of(MATCHING)
    assert not found.exists
    assert (found.worst, found.best, found.gap) == (None, None, ())
    assert len(found.from_none.cycle) >= 2


def test_coverage_needs_one_value_a_set() -> None:
    with pytest.raises(ValueError, match="4 values"):
        equilibria_of(RIVALS, coverage=np.zeros(3))
