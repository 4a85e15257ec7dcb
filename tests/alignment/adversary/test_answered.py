"""Packages and an adversary on paper: it ends where he has nothing new, or it goes round."""

from __future__ import annotations

from collections.abc import Mapping

from coercivity.alignment.adversary import (
    Answered,
    Attack,
    Ending,
    Hit,
    Outcome,
    Response,
    Served,
    answered,
    harm,
)

FIRST = Attack("ore", 10.0, 2030, 2, 40.0)
LATER = Attack("ore", 10.0, 2033, 2, 40.0)
BASE = Outcome(served=Served(1.0, 0.0), outlay=0.0, sides={})


def threatened(attack: Attack | None) -> Hit | None:
    if attack is None:
        return None
    return Hit(attack=attack, outlay=0.0, coverage=None, deterred=0.5)


def response(best: Attack | None, threat: Attack | None = None) -> Response:
    return Response(
        base=BASE,
        best=best,
        best_outcome=BASE,
        foreseen=BASE.served,
        threat=threatened(threat),
        drain=None,
        drain_outcome=BASE,
        hits=(),
    )


def play(answers: Mapping[str, Attack | None], rounds: int = 5) -> Answered[str]:
    """Play packages that are named after the attack they expect."""

    def refit(attack: Attack) -> str:
        return str(attack.from_year)

    return answered("calm", lambda one: response(answers[one]), refit, rounds=rounds)


def test_without_an_answer_the_first_packages_stay() -> None:
    found = play({"calm": None})
    assert found.ending is Ending.STABLE
    assert [one.packages for one in found.rounds] == ["calm"]


def test_it_is_stable_where_he_does_what_was_expected() -> None:
    found = play({"calm": FIRST, "2030": FIRST})
    assert found.ending is Ending.STABLE
    assert [one.packages for one in found.rounds] == ["calm", "2030"]
    assert found.cycle == (1,)


def test_packages_that_leave_him_nothing_to_do_are_stable() -> None:
    found = play({"calm": FIRST, "2030": None})
    assert found.ending is Ending.STABLE
    assert found.rounds[-1].answer is None


def test_where_he_moves_to_the_end_of_support_and_back_it_goes_round() -> None:
    found = play({"calm": FIRST, "2030": LATER, "2033": FIRST})
    assert found.ending is Ending.CYCLE
    assert [found.rounds[number].packages for number in found.cycle] == ["2030", "2033"]


def test_it_ends_after_the_rounds_that_were_asked_for() -> None:
    found = play({"calm": FIRST, "2030": LATER}, rounds=2)
    assert found.ending is Ending.ROUNDS
    assert found.cycle == ()
    assert len(found.rounds) == 2


def test_a_threat_counts_where_nothing_that_stands_falls() -> None:
    assert harm(response(FIRST, LATER)) == FIRST
    assert harm(response(None, LATER)) == LATER
    assert harm(response(None)) is None
