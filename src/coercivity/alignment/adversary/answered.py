r"""Packages and an adversary who answers them, until neither has a reason to change.

.. math:: a^k \in \arg\max_a\; \text{harm}(\theta^k, a), \qquad
    \theta^{k+1} = \theta(a^k)

An accept rule that is asked without him is not credible: owners who expect his best attack say no.
So packages are made again for owners who expect it, he answers those, and so on. There are finitely
many attacks, so it ends or goes round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from coercivity.alignment.adversary.attacks import Attack
from coercivity.alignment.adversary.response import Response

Packages = TypeVar("Packages")


class Ending(Enum):
    """Why no further round was played."""

    STABLE = "stable"
    """His best answer is the attack for which the packages were made, or none does any harm."""
    CYCLE = "cycle"
    """His best answer is one for which other packages were made before."""
    ROUNDS = "rounds"
    """As many rounds were played as were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Generic[Packages]):
    """Packages, and what he does about them."""

    expected: Attack | None
    """For which the packages were made; None in the first round."""
    packages: Packages
    answer: Attack | None
    """His best attack on them; None where none within the budget does any harm."""
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Generic[Packages]):
    """How it ended."""

    rounds: tuple[Round[Packages], ...]
    ending: Ending
    cycle: tuple[int, ...]
    """Numbers of the rounds that come back again and again, from 0; the last where it is stable,
    none where it has not ended."""


def harm(response: Response) -> Attack | None:
    """Give his best attack: it takes most of what is served, or, if none takes any, stops most.

    An attack that owners expect and that keeps them from building is harm too, though nothing that
    stands falls under it.

    Parameters
    ----------
    response
        To packages.
    """
    if response.best is not None:
        return response.best
    return None if response.threat is None else response.threat.attack


def answered(
    first: Packages,
    respond: Callable[[Packages], Response],
    refit: Callable[[Attack], Packages],
    *,
    rounds: int = 5,
) -> Answered[Packages]:
    """Let packages and adversary answer each other.

    Parameters
    ----------
    first
        Packages made without him.
    respond
        Gives what he can do about packages.
    refit
        Makes packages for owners who expect an attack.
    rounds
        Played at most. [count]
    """
    played: list[Round[Packages]] = []
    packages, expected = first, None
    for number in range(rounds):
        response = respond(packages)
        answer = harm(response)
        played.append(Round(expected=expected, packages=packages, answer=answer, response=response))
        if answer is None or answer == expected:
            return Answered(rounds=tuple(played), ending=Ending.STABLE, cycle=(number,))
        for place, one in enumerate(played):
            if one.expected == answer:
                cycle = tuple(range(place, number + 1))
                return Answered(rounds=tuple(played), ending=Ending.CYCLE, cycle=cycle)
        if number + 1 < rounds:
            packages, expected = refit(answer), answer
    return Answered(rounds=tuple(played), ending=Ending.ROUNDS, cycle=())
