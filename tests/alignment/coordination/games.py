"""Games to play: complements by construction, anything at all, and some with a known answer."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from coercivity.alignment.coordination import Payoffs

NAMES = ("mine", "separation", "metal", "magnet", "motor")


@st.composite
def supermodular(draw: st.DrawFn, most: int = 5) -> Payoffs:
    """Own worth plus what every group of investors that one is part of adds, never less than 0."""
    names = NAMES[: draw(st.integers(1, most))]
    whole = st.integers(-12, 12)
    own = {name: draw(whole) for name in names}
    groups = [
        frozenset(group)
        for size in range(2, len(names) + 1)
        for group in itertools.combinations(names, size)
    ]
    adds = {(g, name): draw(st.integers(0, 5)) for g in groups for name in sorted(g)}

    def worth(them: frozenset[str], one: str) -> float:
        return own[one] + sum(v for (g, name), v in adds.items() if name == one and g <= them)

    return Payoffs.of(names, worth)


@st.composite
def anything(draw: st.DrawFn, most: int = 4) -> Payoffs:
    """Whole numbers without any order, so that ties happen too."""
    names = NAMES[: draw(st.integers(1, most))]
    table = {
        (mask | 1 << i, i): draw(st.integers(-3, 3))
        for mask in range(2 ** len(names))
        for i in range(len(names))
        if not mask >> i & 1
    }
    values = np.array(
        [[table[mask | 1 << i, i] for i in range(len(names))] for mask in range(2 ** len(names))],
        dtype=float,
    )
    return Payoffs(names, values)


def equilibria_by_hand(game: Payoffs) -> set[frozenset[str]]:
    """Write the definition down with sets of names."""
    found = set()
    for size in range(game.count + 1):
        for chosen in itertools.combinations(game.names, size):
            content = all(game.worth(one, chosen) >= 0 for one in chosen)
            tempted = any(game.worth(one, chosen) > 0 for one in game.names if one not in chosen)
            if content and not tempted:
                found.add(frozenset(chosen))
    return found


def alike(count: int, alone: float, beside: float) -> Payoffs:
    """Make players who gain the same from every other one."""
    return Payoffs.of(NAMES[:count], lambda them, _: alone + beside * (len(them) - 1))


MATCHING = Payoffs.of(
    ("follower", "fugitive"),
    lambda them, one: {
        ("follower", 1): -1.0,
        ("follower", 2): 1.0,
        ("fugitive", 1): 1.0,
        ("fugitive", 2): -1.0,
    }[one, len(them)],
)
"""One wants to be where the other is, who wants to be alone: matching pennies."""
RIVALS = Payoffs.of(("east", "west"), lambda them, _: 6.0 - 4 * len(them))
"""Two plants for one ore body."""
