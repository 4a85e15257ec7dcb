from __future__ import annotations

from hypothesis import given

from coercivity.alignment.coordination import Payoffs, waits
from coercivity.alignment.coordination.waiting import WaitKind
from tests.alignment.coordination.games import alike, anything


@given(anything())
def test_who_waits_loses_without_the_other_and_not_with_it(game: Payoffs) -> None:
    for wait in waits(game):
        assert wait.without_musd < 0 <= wait.with_musd


@given(anything())
def test_a_pair_is_told_once_and_whoever_needs_another_is_told(game: Payoffs) -> None:
    found = waits(game)
    pairs = [(w.project, w.waits_for) for w in found]
    assert len(set(pairs)) == len(pairs)
    for one in game.names:
        for other in set(game.names) - {one}:
            rest = set(game.names) - {other}
            if game.worth(one, rest) < 0 <= game.worth(one, game.names):
                assert (one, other) in pairs


def test_a_chain_waits_link_by_link() -> None:
    def worth(them: frozenset[str], one: str) -> float:
        before = {"b": "a", "c": "b"}.get(one)
        return 1.0 if before is None or before in them else -1.0

    found = waits(Payoffs.of("abc", worth))
    assert [(w.project, w.waits_for, w.kind) for w in found] == [
        ("b", "a", WaitKind.NEEDS),
        ("c", "b", WaitKind.NEEDS),
    ]


def test_beside_what_stands_one_more_may_be_enough_without_being_needed() -> None:
    # Each of three needs one other; any will do.
    found = waits(alike(3, -3.0, 5.0))
    assert {w.kind for w in found} == {WaitKind.ENOUGH}
    # Each needs two others; beside "mine" the last one tips.
    tipped = waits(alike(4, -8.0, 5.0), standing=1)
    assert {w.kind for w in tipped} == {WaitKind.TIPS}
