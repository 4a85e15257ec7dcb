"""Small sets that hit every answer: the attacks that are still worth trying."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from coercivity.resilience.attack.targets import Target

EPSILON = 1e-9
Attack = Mapping[int, int]
"""Plants that fail, by number of the target. [count]"""


@dataclass
class HittingSearch:
    r"""Searches attacks within a budget that spoil every answer known so far.

    An answer of the defender is spoilt by target *i* once at least :math:`h_i` of its plants fail.
    An attack that spoils none of some answer leaves the defender that answer: so only attacks that
    spoil all of them can do worse. The search is complete: if it finds none, there is none.

    Parameters
    ----------
    targets
        What can be attacked.
    budget
        What all attacks together may cost. [points]

    Examples
    --------
    >>> from coercivity.resilience.attack.targets import TargetKind
    >>> mills = [Target(TargetKind.ASSET, name) for name in "abc"]
    >>> search = HittingSearch(mills, budget=1)
    >>> search.add({0: 1, 1: 1})
    >>> search.add({1: 1, 2: 1})
    >>> search.find()
    {1: 1}
    >>> search.add({0: 1})
    >>> search.find() is None
    True
    """

    targets: Sequence[Target]
    budget: float
    order: Callable[[int], float] = field(default=lambda _number: 0.0)
    """What is tried first: the target with the highest value."""
    _cuts: list[tuple[int, tuple[tuple[int, int], ...]]] = field(default_factory=list)
    _first: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = 0
        for target in self.targets:
            self._first.append(place)
            place += target.plants

    def add(self, spoilt_by: Attack) -> None:
        """Add an answer: by how many failed plants of each target it is spoilt."""
        options = tuple(sorted(spoilt_by.items()))
        self._cuts.append((sum(self._bit(i, h) for i, h in options), options))

    def __len__(self) -> int:
        return len(self._cuts)

    def _bit(self, number: int, plants: int) -> int:
        return 1 << (self._first[number] + plants - 1)

    def _span(self, number: int, low: int, high: int) -> int:
        """Give the bits of ``low`` to ``high`` failed plants of a target."""
        return ((1 << (high - low + 1)) - 1) << (self._first[number] + low - 1)

    def find(self, forbidden: frozenset[int] = frozenset()) -> dict[int, int] | None:
        """Find an attack that spoils every answer, or None if there is none.

        Parameters
        ----------
        forbidden
            Targets that cannot fail, by number.
        """
        barred = sum(self._span(i, 1, self.targets[i].plants) for i in forbidden)
        return self._extend({}, 0, barred, self.budget)

    def _extend(
        self, chosen: dict[int, int], hit: int, barred: int, left: float
    ) -> dict[int, int] | None:
        options = self._narrowest(chosen, hit, barred, left)
        if options is None:
            return chosen
        for number, plants in sorted(options, key=lambda one: (-self.order(one[0]), one)):
            more = hit | self._span(number, 1, plants)
            spent = (plants - chosen.get(number, 0)) * self.targets[number].attack_cost
            found = self._extend({**chosen, number: plants}, more, barred, left - spent)
            if found is not None:
                return found
            # Attacks with so many plants of this target are done with.
            barred |= self._span(number, plants, self.targets[number].plants)
        return None

    def _narrowest(
        self, chosen: dict[int, int], hit: int, barred: int, left: float
    ) -> list[tuple[int, int]] | None:
        """Give the ways to spoil the answer that leaves fewest; None if all are spoilt."""
        best: list[tuple[int, int]] | None = None
        for mask, options in self._cuts:
            if mask & hit:
                continue
            ways = [
                (number, plants)
                for number, plants in options
                if not self._bit(number, plants) & barred
                and (plants - chosen.get(number, 0)) * self.targets[number].attack_cost
                <= left + EPSILON
            ]
            if best is None or len(ways) < len(best):
                best = ways
            if not best:
                return best
        return best
