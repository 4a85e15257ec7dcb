"""The worst attack within a budget, with its proof."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from coercivity.foundation.errors import UsageError
from coercivity.resilience.attack.defender import Defender, Loss, Response
from coercivity.resilience.attack.hitting import EPSILON, HittingSearch
from coercivity.resilience.attack.leaning import Leaning
from coercivity.resilience.attack.targets import Target

SURE = 1e-3
"""What is counted is told to this; two attacks closer than that are alike. [t]"""
RELATIVE = 1e-7
"""The same as a share, for what is counted in money or in many tonnes. [fraction]"""
BEGINNINGS = 3
"""Single failures from which first attacks are put together. [count]"""
BEAM = 8
"""Single failures that are added to them. [count]"""

Key = tuple[tuple[int, int], ...]
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Failed:
    """A target that fails in an attack."""

    target: Target
    plants: int
    """How many of its plants. [count]"""


@dataclass(frozen=True, slots=True, eq=False)
class WorstAttack:
    """The worst attack found, and what is proven of it."""

    failed: tuple[Failed, ...]
    value: float
    """What is counted under it. [t, or million]"""
    bound: float
    """Proven: no attack within the budget leads to more. [t, or million]"""
    response: Response
    """What the defender does under it."""
    proven: bool
    """Whether the search was completed."""
    solved: int
    """Attacks that were answered. [count]"""


@dataclass
class WorstSearch:
    r"""Finds :math:`\max_{|S| \le k} \min_x Z(x; S)`, exactly.

    Every answer :math:`x` of the defender with :math:`Z(x) \le \theta` rules out all attacks that
    leave what it leans on standing. So: take an attack that spoils all answers known
    (`HittingSearch`); answer it; if that raises :math:`\theta`, it is the worst so far; in any
    case find an answer with :math:`Z \le \theta` that leans on few targets, and add it. Once no
    attack within the budget spoils all answers, :math:`\theta` is the worst there is. No
    bounds on duals are assumed, no numbers large enough have to be guessed.

    Parameters
    ----------
    defender
        The chain and what is counted.
    targets
        What can be attacked.
    budget
        What an attack may cost in all. [points]
    """

    defender: Defender
    targets: Sequence[Target]
    budget: float
    deadline: float = math.inf
    """Clock at which the search is broken off. [s]"""
    told: Told | None = None
    values: dict[Key, Response] = field(default_factory=dict)
    """What was found of each attack that was answered."""
    pool: list[tuple[float, dict[int, int]]] = field(default_factory=list)
    """Answers: what is counted, and by what they are spoilt."""

    def __post_init__(self) -> None:
        self._thrifty = self.defender.thrifty(self.targets)
        self._leans = Leaning(self.defender, self.targets)
        self._alone: dict[int, float] = {}

    def solve(self, immune: frozenset[int] = frozenset()) -> WorstAttack:
        """Find the worst attack that spares targets which cannot fail.

        Parameters
        ----------
        immune
            Targets that cannot fail, by number.
        """
        best = self._first(immune)
        theta = self.values[best].value
        search = self._search(theta)
        while (attack := search.find(immune)) is not None:
            if time.perf_counter() >= self.deadline:
                return self._answer(best, self._ceiling(immune), proven=False)
            key = tuple(sorted(attack.items()))
            value = self._value(key)
            if value > theta + self.sure(theta):
                best, theta = key, value
                self._tell(f"worst so far {theta:,.6g}, {len(self.values)} attacks answered")
            spoilt = self._shrunk(key, max(theta, value))
            search.add(spoilt)
        return self._answer(best, theta, proven=True)

    def _search(self, theta: float) -> HittingSearch:
        search = HittingSearch(self.targets, self.budget, order=lambda i: self._alone.get(i, 0.0))
        for value, spoilt in self.pool:
            if value <= theta + self.sure(theta):
                search.add(spoilt)
        return search

    def sure(self, value: float) -> float:
        """Say how close two values are alike."""
        return max(SURE, abs(value) * RELATIVE)

    def _tell(self, text: str) -> None:
        if self.told is not None:
            self.told(text)

    def _first(self, immune: frozenset[int]) -> Key:
        """Begin with the worst of single failures and of pairs and more put together from them."""
        nothing: Key = ()
        self._value(nothing)
        used = self._leans.spoilt(self.values[nothing].primal)
        for number in used:
            if number not in immune and self.affordable(((number, 1),)):
                most = self._most(number, self.budget)
                self._alone[number] = self._value(((number, most),))
        ranked = sorted((n for n in self._alone if n not in immune), key=lambda n: -self._alone[n])
        best: Key = nothing
        for start in ranked[:BEGINNINGS]:
            best = max(best, self._grown(start, ranked), key=lambda key: self.values[key].value)
        return best

    def _grown(self, start: int, ranked: Sequence[int]) -> Key:
        """Add to one failure, while the budget lasts, what makes it worst."""
        chosen = {start: self._most(start, self.budget)}
        key: Key = tuple(sorted(chosen.items()))
        while time.perf_counter() < self.deadline:
            left = self.budget - self._cost(key)
            others = [n for n in ranked[:BEAM] if n not in chosen and self._most(n, left) > 0]
            if not others:
                break
            tried = [tuple(sorted({**chosen, n: self._most(n, left)}.items())) for n in others]
            key = max(tried, key=self._value)
            chosen = dict(key)
        return key

    def _most(self, number: int, left: float) -> int:
        target = self.targets[number]
        if target.attack_cost <= 0:
            return target.plants
        return min(target.plants, int((left + EPSILON) / target.attack_cost))

    def _cost(self, key: Key) -> float:
        return sum(self.targets[n].attack_cost * plants for n, plants in key)

    def affordable(self, key: Key) -> bool:
        """Tell whether an attack is within the budget."""
        return self._cost(key) <= self.budget + EPSILON

    def losses(self, key: Key) -> list[Loss]:
        """Give what an attack takes away: as many plants of a row as fail, for good."""
        every = np.ones(self.defender.form.periods)
        return [
            Loss(self.targets[n], every * (plants / self.targets[n].plants)) for n, plants in key
        ]

    def _value(self, key: Key) -> float:
        known = self.values.get(key)
        if known is None:
            known = self.values[key] = self.defender.respond(self.losses(key))
            self.pool.append((known.value, self._leans.spoilt(known.primal)))
        return known.value

    def _shrunk(self, key: Key, theta: float) -> dict[int, int]:
        """Find an answer to an attack within a limit that leans on as little as can be."""
        limit = theta + self.sure(theta) / 2
        found = self._thrifty.respond(self.losses(key), limit) or self.values[key]
        spoilt = self._leans.spoilt(found.primal)
        self.pool.append((max(theta, found.value), spoilt))
        return spoilt

    def _ceiling(self, immune: frozenset[int]) -> float:
        """Bound every attack by the one that takes everything."""
        everything = tuple(
            (number, target.plants)
            for number, target in enumerate(self.targets)
            if number not in immune
        )
        return self._value(everything)

    def _answer(self, key: Key, bound: float, *, proven: bool) -> WorstAttack:
        """Leave out of an attack what adds nothing to it."""
        least = self.values[key].value - self.sure(self.values[key].value)
        for part in key:
            fewer = tuple(one for one in key if one != part)
            if self._value(fewer) >= least:
                key = fewer
        found = self.values[key]
        failed = tuple(Failed(self.targets[n], plants) for n, plants in key)
        return WorstAttack(failed, found.value, bound, found, proven, len(self.values))


def expect_budget(budget: float, targets: Sequence[Target]) -> None:
    """Refuse more failures than there are targets.

    Raises
    ------
    UsageError
        If the budget is negative, or more than an attack on everything costs.
    """
    if budget < 0:
        msg = f"--k {budget:g} is less than no failure at all. Give 0 or more.  [S103]"
        raise UsageError(msg)
    most = sum(target.attack_cost * target.plants for target in targets)
    if budget > most:
        plants = sum(target.plants for target in targets)
        msg = (
            f"--k {budget:g} is more than can fail: all {plants} plants, links and suppliers that "
            f"can be attacked cost {most:g} together. Ask for that many at most.  [S103]"
        )
        raise UsageError(msg)
