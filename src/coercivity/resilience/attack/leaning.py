"""What an answer of the defender leans on, and so by what it is spoilt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.dispatch.builder import Labels
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.defender import Defender
from coercivity.resilience.attack.targets import Target

UNUSED = 1e-7
"""Share of a capacity up to which an answer does not lean on it. [fraction]"""
ROUNDING = 1e-6


class Leaning:
    r"""Says how many plants of each target must fail before an answer is spoilt.

    .. math:: h_i = \lfloor g_i\,(1 - f_i) \rfloor + 1

    with :math:`g` the plants of the row and :math:`f` the largest share of its capacity that the
    answer takes in any period: as long as fewer fail, what is left is enough. A row without limit
    is spoilt only when all of its plants fail.

    Parameters
    ----------
    defender
        The chain.
    targets
        What can be attacked.
    """

    def __init__(self, defender: Defender, targets: Sequence[Target]) -> None:
        form = defender.form
        reaches = [defender.reaches.of(target) for target in targets]
        self._plants = np.array([target.plants for target in targets], dtype=np.int64)
        self._rows, self._row_of = _stacked([reach.rows for reach in reaches])
        self._bounded, self._bounded_of = _stacked([reach.bounded for reach in reaches])
        self._open, self._open_of = _stacked([reach.open for reach in reaches])
        self._matrix = form.by_rows[self._rows]
        self._full_rows = form.matrices.row_upper[self._rows]
        self._full_columns = form.matrices.upper[self._bounded]

    def shares(self, primal: Array) -> Array:
        """Give the largest share of its capacity that each target lends. [fraction]

        Parameters
        ----------
        primal
            The answer.
        """
        found = np.zeros(len(self._plants))
        for of, taken, full in (
            (self._row_of, self._matrix @ primal, self._full_rows),
            (self._bounded_of, primal[self._bounded], self._full_columns),
        ):
            there = full > 0
            np.maximum.at(found, of[there], taken[there] / full[there])
        return found

    def spoilt(self, primal: Array) -> dict[int, int]:
        """Give, by number of the target, the failed plants that spoil an answer. [count]

        Parameters
        ----------
        primal
            The answer.
        """
        shares = self.shares(primal)
        spare = np.floor(self._plants * np.clip(1.0 - shares, 0.0, 1.0) + ROUNDING)
        needed = np.where(shares > UNUSED, spare.astype(np.int64) + 1, self._plants + 1)
        boundless = np.zeros(len(self._plants), dtype=bool)
        boundless[self._open_of[primal[self._open] > UNUSED]] = True
        needed = np.where(boundless, np.minimum(needed, self._plants), needed)
        hit = np.flatnonzero(needed <= self._plants)
        return dict(zip(hit.tolist(), needed[hit].tolist(), strict=True))


def _stacked(parts: Sequence[Labels]) -> tuple[Labels, Labels]:
    """Put positions of all targets behind each other, with the number of the target of each."""
    sizes = [len(part) for part in parts]
    return (
        np.concatenate([np.zeros(0, dtype=np.int64), *parts]),
        np.repeat(np.arange(len(parts), dtype=np.int64), sizes),
    )
