"""Periods, years and discounting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Discounting(Enum):
    """When in a year its money falls."""

    START = "start"
    MID = "mid"
    END = "end"

    @property
    def shift(self) -> float:
        """Part of the year that has passed. [year]"""
        return {"start": 0.0, "mid": 0.5, "end": 1.0}[self.value]


@dataclass(frozen=True)
class Horizon:
    """The years of a case, gathered into periods.

    Parameters
    ----------
    boundaries
        First year of each period and, last, the first year after the horizon. [calendar year]
    discount_rate
        Real rate. [1/year]
    discounting
        When in a year its money falls.

    Examples
    --------
    >>> horizon = Horizon((2025, 2026, 2028), 0.10, Discounting.START)
    >>> horizon.years, horizon.lengths
    ((2025, 2026, 2027), (1, 2))
    >>> [round(float(f), 4) for f in horizon.discount_factors]
    [1.0, 0.9091, 0.8264]
    """

    boundaries: tuple[int, ...]
    discount_rate: float
    discounting: Discounting

    def __post_init__(self) -> None:
        if len(self.boundaries) < 2 or list(self.boundaries) != sorted(set(self.boundaries)):
            msg = f"periods need at least two rising years, got {list(self.boundaries)}"
            raise ValueError(msg)

    @property
    def count(self) -> int:
        """Number of periods."""
        return len(self.boundaries) - 1

    @property
    def first_year(self) -> int:
        """First year of the horizon."""
        return self.boundaries[0]

    @property
    def end(self) -> int:
        """First year after the horizon."""
        return self.boundaries[-1]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year of the horizon."""
        return tuple(range(self.first_year, self.end))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """First year of each period."""
        return self.boundaries[:-1]

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Years in each period. [year]"""
        return tuple(int(n) for n in np.diff(self.boundaries))

    @cached_property
    def period_of_year(self) -> NDArray[np.int64]:
        """Index of the period in which each year lies."""
        return np.repeat(np.arange(self.count, dtype=np.int64), self.lengths)

    @cached_property
    def discount_factors(self) -> Array:
        """Present value of 1 in each year, :math:`(1+r)^{-(y - y_0 + shift)}`. [fraction]"""
        offsets = np.arange(len(self.years)) + self.discounting.shift
        return np.asarray((1 + self.discount_rate) ** -offsets, dtype=np.float64)

    @cached_property
    def weights(self) -> Array:
        """Sum of the discount factors of each period's years. [year]"""
        sums = np.bincount(self.period_of_year, weights=self.discount_factors)
        return np.asarray(sums, dtype=np.float64)

    @cached_property
    def end_factor(self) -> float:
        """Present value of 1 at the end of the horizon. [fraction]"""
        return float((1 + self.discount_rate) ** -len(self.years))

    def mean_by_period(self, by_year: Array) -> Array:
        """Average a yearly series over each period.

        Parameters
        ----------
        by_year
            One value a year, shape ``(..., years)``.

        Returns
        -------
        Array
            Shape ``(..., periods)``.

        Examples
        --------
        >>> horizon = Horizon((2025, 2026, 2028), 0.0, Discounting.MID)
        >>> horizon.mean_by_period(np.array([1.0, 2.0, 4.0])).tolist()
        [1.0, 3.0]
        """
        starts = np.array(self.starts) - self.first_year
        sums = np.add.reduceat(np.asarray(by_year, dtype=float), starts, axis=-1)
        return np.asarray(sums / np.array(self.lengths), dtype=np.float64)
