"""The owners' game: what investing is worth to each project, for every set of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.refusals import FinanceError
from coercivity.foundation.problems import quoted

Array = NDArray[np.float64]
Masks = NDArray[np.int64]

MOST_PROJECTS = 20
"""All sets of more projects than this do not fit into memory. [count]"""


@dataclass(frozen=True, slots=True)
class Payoffs:
    r"""Worth of investing, :math:`F[S][i]`; a project that stays out has 0.

    A set is a number: project ``i`` is in set ``S`` where bit ``i`` of ``S`` is 1.

    Examples
    --------
    A mine loses 3 alone and earns 2 beside a smelter, and so does the smelter:

    >>> game = Payoffs(("mine", "smelter"), np.array([[-3.0, -3.0], [-3, 2], [2, -3], [2, 2]]))
    >>> game.worth("mine", {"smelter"})
    2.0
    """

    names: tuple[str, ...]
    values: Array
    """A row a set, a column a project: its worth if it invests and the *others* of the set do.
    Whether the project itself is in the set makes no difference. [million]"""

    def __post_init__(self) -> None:
        """Refuse tables that are no game."""
        count = len(self.names)
        if count > MOST_PROJECTS:
            _refuse(
                f"{count} projects have {2**count:,} sets; at most {MOST_PROJECTS} can be asked "
                "together. Fix those that invest, or stay out, whatever the others do."
            )
        if count == 0 or len(set(self.names)) < count:
            _refuse(f"projects {quoted(', '.join(self.names))}: name each once, and at least one.")
        if self.values.shape != (2**count, count):
            _refuse(
                f"a table of shape {self.values.shape} was given for {count} projects; it needs "
                f"a row for each of the {2**count} sets and a column for each project."
            )
        if not np.isfinite(self.values).all():
            _refuse("a worth is not finite. State one for every set of projects.")
        inside = self.members
        for project in range(count):
            with_it = self.values[inside[:, project], project]
            if not np.array_equal(with_it, self.values[~inside[:, project], project]):
                _refuse(
                    f"the worth of {quoted(self.names[project])} differs between a set and the "
                    "same set without it, but both mean that it invests beside the others."
                )

    @classmethod
    def of(cls, names: Iterable[str], worth: Callable[[frozenset[str], str], float]) -> Payoffs:
        """Ask for the worth in every set.

        Parameters
        ----------
        names
            Projects.
        worth
            Gives the worth of a project when a set, it included, invests. [million]

        Examples
        --------
        >>> game = Payoffs.of("ab", lambda them, one: 5.0 * len(them) - 8)
        >>> game.values[0].tolist(), game.values[3].tolist()
        ([-3.0, -3.0], [2.0, 2.0])
        """
        listed = tuple(names)
        values = np.zeros((2 ** len(listed), len(listed)))
        for place, name in enumerate(listed):
            for mask in range(2 ** len(listed)):
                if mask >> place & 1:
                    found = float(worth(frozenset(names_of(listed, mask)), name))
                    values[mask, place] = values[mask ^ (1 << place), place] = found
        return cls(listed, values)

    @property
    def count(self) -> int:
        """Number of projects. [count]"""
        return len(self.names)

    @property
    def masks(self) -> Masks:
        """Every set, as a number."""
        return np.arange(len(self.values), dtype=np.int64)

    @property
    def members(self) -> NDArray[np.bool_]:
        """Whether each project (column) is in each set (row)."""
        return (self.masks[:, None] >> np.arange(self.count) & 1).astype(np.bool_)

    @property
    def everyone(self) -> int:
        """The set of all projects."""
        return len(self.values) - 1

    @property
    def rounding(self) -> float:
        """What is too small to be told from rounding. [million]"""
        return 1e-9 * max(1.0, float(np.abs(self.values).max()))

    def names_in(self, mask: int) -> tuple[str, ...]:
        """Name the projects of a set."""
        return names_of(self.names, mask)

    def mask_of(self, names: Iterable[str]) -> int:
        """Give the set of some projects as a number."""
        return sum(1 << self.names.index(name) for name in set(names))

    def worth(self, name: str, others: Iterable[str]) -> float:
        """Give the worth of a project that invests beside some others. [million]

        Parameters
        ----------
        name
            The project.
        others
            Projects that invest too.
        """
        return float(self.values[self.mask_of(others), self.names.index(name)])

    def plus(self, added: Mapping[str, float]) -> Payoffs:
        """Add something to the worth of projects whatever the others do, as a package does.

        Parameters
        ----------
        added
            By project; nothing for those that are not named. [million]
        """
        more = np.array([added.get(name, 0.0) for name in self.names])
        return Payoffs(self.names, self.values + more)


def names_of(names: tuple[str, ...], mask: int) -> tuple[str, ...]:
    """Name the members of a set that is given as a number.

    Examples
    --------
    >>> names_of(("a", "b", "c"), 0b101)
    ('a', 'c')
    """
    return tuple(name for place, name in enumerate(names) if mask >> place & 1)


def _refuse(what: str) -> None:
    msg = f"the owners' game: {what}  [F301]"
    raise FinanceError(msg, code="F301")
