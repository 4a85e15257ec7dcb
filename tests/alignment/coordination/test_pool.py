from __future__ import annotations

import pytest

from coercivity.alignment.coordination import Payoffs, as_pool, complements_of, equilibria_of
from coercivity.finance.refusals import FinanceError


def worth(them: frozenset[str], one: str) -> float:
    """A mine that needs a smelter, and two smelters whom one mine cannot feed."""
    smelters = len(them & {"east", "west"})
    if one == "mine":
        return 4.0 if smelters else -5.0
    cost = {"east": 1.0, "west": 2.0}[one]
    return (6.0 / smelters if "mine" in them else 0.0) - 3 - cost


GAME = Payoffs.of(("mine", "east", "west"), worth)


def test_a_pool_restores_complements_between_stages() -> None:
    assert not complements_of(GAME).holds
    pool = as_pool(GAME, ["east", "west"], awarded=1, name="smelter")
    assert complements_of(pool.payoffs).holds
    assert equilibria_of(pool.payoffs).greatest == ("mine", "smelter")


def test_slots_go_to_those_who_ask_for_least() -> None:
    assert as_pool(GAME, ["west", "east"], awarded=1, name="smelter").awarded == ("east",)


def test_a_pool_is_worth_what_it_is_to_its_worst_off_member() -> None:
    both = as_pool(GAME, ["east", "west"], awarded=2, name="smelters")
    assert both.payoffs.worth("smelters", {"mine"}) == -2.0


def test_without_a_slot_the_rivals_are_gone() -> None:
    left = as_pool(GAME, ["east", "west"], awarded=0, name="smelter")
    assert left.payoffs.names == ("mine",)
    assert left.payoffs.worth("mine", ()) == -5.0


@pytest.mark.parametrize(
    ("rivals", "awarded", "name", "match"),
    [
        (["nobody"], 1, "pool", "'nobody' is not a project"),
        (["east"], 2, "pool", "2 of 1 rivals"),
        (["east", "west"], 1, "mine", "cannot be called 'mine'"),
    ],
)
def test_a_pool_that_makes_no_sense_is_refused(
    rivals: list[str], awarded: int, name: str, match: str
) -> None:
    with pytest.raises(FinanceError, match=match):
        as_pool(GAME, rivals, awarded=awarded, name=name)
