"""Rivals for one feed or one demand as a pool, of which a number are awarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from coercivity.alignment.coordination.payoffs import Payoffs
from coercivity.finance.refusals import FinanceError
from coercivity.foundation.problems import quoted


@dataclass(frozen=True, slots=True)
class Pool:
    """A game in which some rivals act as one."""

    payoffs: Payoffs
    """Of the pool and the projects outside it; of no pool if none is awarded."""
    awarded: tuple[str, ...]
    """Rivals with a slot. The others stay out."""


def as_pool(payoffs: Payoffs, rivals: Sequence[str], *, awarded: int, name: str) -> Pool:
    r"""Award slots to the rivals who ask for least, and let them act as one.

    Those awarded invest together or not at all, so the pool is worth what it is to its worst-off
    member. With all projects outside the pool built, the award goes to the rivals who together
    lose least there (ties: the largest worth of the worst-off):

    .. math:: A^* = \arg\min_{|A| = k} \sum_{r \in A} \max(0, -F[N \cup A][r])

    Parameters
    ----------
    payoffs
        Worth in every set. [million]
    rivals
        Projects that compete.
    awarded
        How many of them get a slot. [count]
    name
        Of the pool in the game that is left.

    Examples
    --------
    >>> game = Payoffs.of(["mine", "east", "west"], lambda them, one:
    ...     4.0 * len(them) - 7 - (9 if {"east", "west"} <= them else 0))
    >>> pool = as_pool(game, ["east", "west"], awarded=1, name="smelter")
    >>> pool.awarded, pool.payoffs.names, pool.payoffs.worth("mine", {"smelter"})
    (('east',), ('mine', 'smelter'), 1.0)
    """
    _check(payoffs, rivals, awarded, name)
    outside = [one for one in payoffs.names if one not in rivals]
    chosen = min(
        combinations(rivals, awarded), key=lambda members: _asked(payoffs, outside, members)
    )

    def worth(them: frozenset[str], one: str) -> float:
        there = {*(them - {name}), *(chosen if name in them else ())}
        if one == name:
            return min(payoffs.worth(member, there) for member in chosen)
        return payoffs.worth(one, there)

    players = (*outside, name) if awarded else tuple(outside)
    return Pool(Payoffs.of(players, worth), chosen)


def _asked(payoffs: Payoffs, outside: Sequence[str], members: Sequence[str]) -> tuple[float, float]:
    worths = np.array([payoffs.worth(one, {*outside, *members}) for one in members])
    return float(np.maximum(0.0, -worths).sum()), -float(worths.min(initial=np.inf))


def _check(payoffs: Payoffs, rivals: Sequence[str], awarded: int, name: str) -> None:
    unknown = [one for one in rivals if one not in payoffs.names]
    if unknown:
        msg = f"rivals: {quoted(unknown[0])} is not a project of the game.  [F301]"
        raise FinanceError(msg, code="F301")
    if not 0 <= awarded <= len(rivals) or (not awarded and len(rivals) == payoffs.count):
        msg = (
            f"{awarded} of {len(rivals)} rivals were to get a slot. Award between none and all, "
            "and leave somebody to decide.  [F301]"
        )
        raise FinanceError(msg, code="F301")
    if name in payoffs.names and name not in rivals:
        msg = f"the pool cannot be called {quoted(name)}, which is a project.  [F301]"
        raise FinanceError(msg, code="F301")
