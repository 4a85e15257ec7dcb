from __future__ import annotations

import itertools

from hypothesis import given

from coercivity.alignment.coordination import Payoffs, complements_of
from tests.alignment.coordination.games import RIVALS, anything, supermodular


@given(supermodular())
def test_games_of_complements_pass_the_test(game: Payoffs) -> None:
    assert complements_of(game).holds


@given(anything())
def test_the_test_agrees_with_the_definition_on_any_game(game: Payoffs) -> None:
    hurt: dict[tuple[str, str], list[float]] = {}
    for one, other in itertools.permutations(game.names, 2):
        rest = [name for name in game.names if name not in (one, other)]
        for size in range(len(rest) + 1):
            for beside in itertools.combinations(rest, size):
                fall = game.worth(one, beside) - game.worth(one, {*beside, other})
                if fall > 0:
                    hurt.setdefault((one, other), []).append(fall)
    found = complements_of(game)
    assert found.holds is not bool(hurt)
    told = {(p.project, p.hurt_by): (p.most_musd, p.sets) for p in found.pairs}
    assert told == {pair: (max(falls), len(falls)) for pair, falls in hurt.items()}


def test_rivals_are_named_with_what_they_cost_each_other() -> None:
    found = complements_of(RIVALS)
    assert [(p.project, p.hurt_by, p.most_musd) for p in found.pairs] == [
        ("east", "west", 4.0),
        ("west", "east", 4.0),
    ]
