"""Whether investments are complements: does one more investor ever hurt another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.alignment.coordination.payoffs import Payoffs


@dataclass(frozen=True, slots=True)
class Pair:
    """An investor that hurts another in some set."""

    project: str
    """Whose worth falls."""
    hurt_by: str
    """Who invests besides."""
    most_musd: float
    """Largest fall over all sets. [million]"""
    sets: int
    """Sets of the others in which it falls. [count]"""
    of_sets: int
    """Sets of the others. [count]"""


@dataclass(frozen=True, slots=True)
class Complements:
    """The answer of the test of increasing differences."""

    holds: bool
    pairs: tuple[Pair, ...]
    """Pairs for which it fails, the largest fall first."""


def complements_of(payoffs: Payoffs) -> Complements:
    r"""Test increasing differences for every pair of projects and every set of the others.

    .. math:: F[S \cup j][i] - F[S][i] \ge 0 \quad \text{for all } i \ne j,\ S \not\ni i, j

    Since staying out is worth 0 whatever the others do, this is the condition under which the game
    is supermodular (Topkis 1979) and has a least and a greatest equilibrium.

    Parameters
    ----------
    payoffs
        Worth in every set. [million]

    Examples
    --------
    Two smelters that share one ore body are rivals:

    >>> found = complements_of(Payoffs.of(["east", "west"], lambda them, _: 6.0 - 4 * len(them)))
    >>> found.holds, found.pairs[0].project, found.pairs[0].most_musd
    (False, 'east', 4.0)
    """
    values, members = payoffs.values, payoffs.members
    pairs = []
    for one, project in enumerate(payoffs.names):
        for other, neighbour in enumerate(payoffs.names):
            if one == other:
                continue
            without = np.flatnonzero(~members[:, one] & ~members[:, other])
            fall = values[without, one] - values[without | (1 << other), one]
            hurt = fall > payoffs.rounding
            if hurt.any():
                pairs.append(
                    Pair(project, neighbour, float(fall.max()), int(hurt.sum()), len(without))
                )
    pairs.sort(key=lambda pair: (-pair.most_musd, pair.project, pair.hurt_by))
    return Complements(not pairs, tuple(pairs))
