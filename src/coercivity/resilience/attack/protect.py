"""What to protect first: defender, attacker, defender."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from coercivity.foundation.errors import UsageError
from coercivity.resilience.attack.targets import Target
from coercivity.resilience.attack.worst import WorstAttack, WorstSearch


@dataclass(frozen=True, slots=True, eq=False)
class Protection:
    """What is protected, and the worst that is then left."""

    protected: tuple[Target, ...]
    """Targets that cannot fail."""
    worst: WorstAttack
    """The worst attack on what is left."""
    proven: bool
    """Whether no other choice within the budget leaves less."""


@dataclass
class ProtectionSearch:
    r"""Finds :math:`\min_{|P| \le B} \max_{S \cap P = \emptyset} \min_x Z(x; S)`, exactly.

    A choice that does not protect anything of the worst attack leaves that attack, and what it
    does. So a better choice contains a target of it: try each, look for the worst attack that
    is left, and go on. Attacks and answers found once serve all later searches: a choice that
    leaves a known attack at least as bad as the best found so far is dropped unsearched.

    Protecting a row protects all of its plants and takes that many of the budget.

    Parameters
    ----------
    search
        The chain, the targets and the attacker's budget.
    budget
        Plants, links and suppliers that can be protected. [count]
    """

    search: WorstSearch
    budget: int
    _known: dict[frozenset[int], WorstAttack] = field(default_factory=dict)

    def solve(self) -> Protection:
        """Find what to protect."""
        best_choice: frozenset[int] = frozenset()
        best = self._worst(best_choice)
        every = best.proven
        open_choices, seen = [best_choice], {best_choice}
        while open_choices:
            choice = open_choices.pop()
            found = self._worst(choice)
            every = every and found.proven
            if found.value < best.value - self.search.sure(best.value):
                best, best_choice = found, choice
            for wider in self._wider(choice, found):
                if wider not in seen and not self._hopeless(wider, best.value):
                    seen.add(wider)
                    open_choices.append(wider)
        kept = self._without_idle(best_choice, best.value)
        return Protection(
            tuple(self.search.targets[number] for number in sorted(kept)), best, every
        )

    def _worst(self, choice: frozenset[int]) -> WorstAttack:
        if choice not in self._known:
            self._known[choice] = self.search.solve(choice)
        return self._known[choice]

    def _spent(self, choice: frozenset[int]) -> int:
        return sum(self.search.targets[number].plants for number in choice)

    def _wider(self, choice: frozenset[int], found: WorstAttack) -> Iterator[frozenset[int]]:
        numbers = {target.key: number for number, target in enumerate(self.search.targets)}
        for failed in found.failed:
            wider = choice | {numbers[failed.target.key]}
            if self._spent(wider) <= self.budget:
                yield wider

    def _hopeless(self, choice: frozenset[int], best: float) -> bool:
        """Tell whether a full choice leaves a known attack that is no better than the best."""
        cheapest = min((t.plants for t in self.search.targets), default=1)
        if self._spent(choice) + cheapest <= self.budget:
            return False
        limit = best - self.search.sure(best)
        return any(
            response.value >= limit
            and self.search.affordable(key)
            and not choice & {number for number, _ in key}
            for key, response in self.search.values.items()
        )

    def _without_idle(self, choice: frozenset[int], value: float) -> frozenset[int]:
        """Drop what need not be protected for the same result."""
        for number in sorted(choice):
            fewer = choice - {number}
            if fewer in self._known and self._known[fewer].value <= value:
                choice = fewer
        return choice


def expect_protection(budget: int, targets: tuple[Target, ...]) -> None:
    """Refuse to protect nothing, or more than there is.

    Raises
    ------
    UsageError
        If the budget is below one, or above the number of targets.
    """
    plants = sum(target.plants for target in targets)
    if not 1 <= budget <= plants:
        msg = (
            f"--protect {budget} cannot be used: {plants} plants, links and suppliers can be "
            f"attacked. Protect between 1 and {plants} of them.  [S103]"
        )
        raise UsageError(msg)
