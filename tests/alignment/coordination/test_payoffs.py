from __future__ import annotations

import numpy as np
import pytest

from coercivity.alignment.coordination import MOST_PROJECTS, Payoffs
from coercivity.finance.refusals import FinanceError


def test_a_set_means_the_others_so_the_bit_of_the_investor_changes_nothing() -> None:
    game = Payoffs.of("abc", lambda them, one: 10.0 * len(them) + "abc".index(one))
    assert game.worth("b", {"a"}) == game.worth("b", {"a", "b"}) == 21.0
    assert game.values[game.mask_of("ac"), 1] == game.values[game.everyone, 1] == 31.0


def test_a_package_adds_its_worth_in_every_set() -> None:
    game = Payoffs.of("ab", lambda them, one: 5.0 * len(them) - 8)
    helped = game.plus({"a": 3.0})
    np.testing.assert_array_equal(helped.values - game.values, np.tile([3.0, 0.0], (4, 1)))


@pytest.mark.parametrize(
    ("names", "values", "match"),
    [
        ((), np.zeros((1, 0)), "at least one"),
        (("a", "a"), np.zeros((4, 2)), "once"),
        (("a",), np.zeros((3, 1)), r"each of the 2 sets"),
        (("a",), np.array([[0.0], [np.nan]]), "not finite"),
        (("a", "b"), np.array([[1.0, 0], [2, 0], [1, 0], [1, 0]]), "'a' differs"),
        (
            tuple(str(i) for i in range(MOST_PROJECTS + 1)),
            np.zeros((1, 1)),
            r"2,097,152 sets; at most 20",
        ),
    ],
)
def test_what_is_no_game_is_refused(names: tuple[str, ...], values: np.ndarray, match: str) -> None:
    with pytest.raises(FinanceError, match=match) as caught:
        Payoffs(names, values)
    assert caught.value.code == "F301"
