"""Sets of projects in which nobody regrets: least and greatest, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coercivity.alignment.coordination.complements import Complements, complements_of
from coercivity.alignment.coordination.payoffs import Array, Masks, Payoffs


@dataclass(frozen=True, slots=True)
class Walk:
    """Where owners get to who decide one after the other, each knowing what stands."""

    reached: tuple[str, ...]
    """The set at the end; of a cycle, the first set that came back."""
    rounds: int
    """Rounds until nobody changed. [count]"""
    cycle: tuple[tuple[str, ...], ...]
    """The sets at the ends of the rounds of a cycle; empty where it settles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibria:
    """Every set in which nobody regrets, and the two that bound them."""

    complements: Complements
    sets: tuple[tuple[str, ...], ...]
    """Every pure equilibrium, by what it covers and then by its number."""
    least: tuple[str, ...] | None
    """Part of every other one; None unless investments are complements."""
    greatest: tuple[str, ...] | None
    """Holds every other one; None unless investments are complements."""
    worst: tuple[str, ...] | None
    """With the least coverage; None where there is no equilibrium."""
    best: tuple[str, ...] | None
    """With the most coverage; None where there is no equilibrium."""
    from_none: Walk
    """Where owners get to from nothing built, in the order of the projects."""

    @property
    def exists(self) -> bool:
        """Whether there is any pure equilibrium."""
        return bool(self.sets)

    @property
    def gap(self) -> tuple[str, ...]:
        """Projects of the best equilibrium that are not in the worst: what waiting may cost."""
        if self.best is None or self.worst is None:
            return ()
        return tuple(name for name in self.best if name not in self.worst)


def pure_equilibria(payoffs: Payoffs) -> Masks:
    r"""Enumerate the sets in which no investor loses and nobody outside would gain.

    .. math:: F[S][i] \ge 0 \ (i \in S), \qquad F[S][i] \le 0 \ (i \notin S)

    Who is indifferent may be in or out.

    Parameters
    ----------
    payoffs
        Worth in every set. [million]

    Examples
    --------
    >>> game = Payoffs.of("ab", lambda them, one: 5.0 * len(them) - 8)
    >>> [game.names_in(int(mask)) for mask in pure_equilibria(game)]
    [(), ('a', 'b')]
    """
    slack = payoffs.rounding
    content = np.where(payoffs.members, payoffs.values >= -slack, payoffs.values <= slack)
    return np.flatnonzero(content.all(axis=1)).astype(np.int64)


def walk(
    payoffs: Payoffs,
    *,
    start: int = 0,
    order: Sequence[int] | None = None,
    indifferent: bool = False,
) -> Walk:
    """Let owners decide one after the other until nobody changes, or a set comes back.

    Parameters
    ----------
    payoffs
        Worth in every set. [million]
    start
        The set that stands at first.
    order
        In which they decide; None takes the order of the projects.
    indifferent
        Whether an owner invests who neither gains nor loses.
    """
    turns = range(payoffs.count) if order is None else order
    seen, mask = [start], start
    while True:
        before = mask
        for place in turns:
            worth = payoffs.values[mask, place]
            invests = worth >= -payoffs.rounding if indifferent else worth > payoffs.rounding
            mask = mask | 1 << place if invests else mask & ~(1 << place)
        if mask == before:
            return Walk(payoffs.names_in(mask), len(seen) - 1, ())
        if mask in seen:
            cycle = tuple(payoffs.names_in(one) for one in seen[seen.index(mask) :])
            return Walk(payoffs.names_in(mask), len(seen), cycle)
        seen.append(mask)


def equilibria_of(payoffs: Payoffs, *, coverage: ArrayLike | None = None) -> Equilibria:
    """Find every pure equilibrium, and name the two that bound them as the game allows.

    Where investments are complements, owners who decide one after the other reach the least
    equilibrium from nothing (who is indifferent stays out) and the greatest from everything (who is
    indifferent invests), whatever their order. Where they are not, no such pair need exist: then
    the equilibria of least and of most coverage are called worst and best, and there may be none.

    Parameters
    ----------
    payoffs
        Worth in every set. [million]
    coverage
        What each set serves, by its number; None counts projects. [any unit]

    Examples
    --------
    >>> found = equilibria_of(Payoffs.of("ab", lambda them, one: 5.0 * len(them) - 8))
    >>> found.least, found.greatest
    ((), ('a', 'b'))
    >>> rivals = equilibria_of(Payoffs.of("ab", lambda them, one: 6.0 - 4 * len(them)))
    >>> rivals.least, rivals.worst, rivals.best
    (None, ('a',), ('b',))
    """
    complements = complements_of(payoffs)
    counts = payoffs.members.sum(axis=1).astype(np.float64)
    served: Array = counts if coverage is None else np.asarray(coverage, dtype=np.float64)
    if served.shape != counts.shape:
        msg = f"coverage needs {len(counts)} values, one a set, but has {served.shape}"
        raise ValueError(msg)
    found = pure_equilibria(payoffs)
    ranked = found[np.lexsort((found, served[found]))]
    sets = tuple(payoffs.names_in(int(mask)) for mask in ranked)
    least = greatest = None
    if complements.holds:
        least = walk(payoffs).reached
        greatest = walk(payoffs, start=payoffs.everyone, indifferent=True).reached
    return Equilibria(
        complements=complements,
        sets=sets,
        least=least,
        greatest=greatest,
        worst=sets[0] if sets else None,
        best=sets[-1] if sets else None,
        from_none=walk(payoffs),
    )
