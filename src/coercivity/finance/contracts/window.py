"""When a contract runs: from signing, from a date, or from first output, for so many years."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array

FOREVER = 1e6
"""Length of a contract without an end. [year]"""


class Starts(Enum):
    """From when the years of a contract run."""

    SIGNING = "signing"
    """The start of year 0, whatever the delay: delay eats years of support."""
    DATE = "date"
    """`Window.at` years after the start of year 0, whatever the delay."""
    FIRST_OUTPUT = "first-output"
    """`Window.at` years after the start of each path's year of first output."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a contract pays."""

    starts: Starts = Starts.SIGNING
    at: float = 0.0
    """Added to the start. [year]"""
    years: float = FOREVER
    """Length. [year]"""

    def opens(self, first_output: NDArray[np.int64]) -> Array:
        """Give the start on each path, or one for all where output does not matter. [year]

        Parameters
        ----------
        first_output
            Year of first output of each path. [year]

        Examples
        --------
        >>> Window(Starts.FIRST_OUTPUT, 0.5, 10.0).opens(np.array([2, 4])).tolist()
        [2.5, 4.5]
        """
        shift = first_output if self.starts is Starts.FIRST_OUTPUT else np.zeros(1)
        return np.asarray(self.at + shift, dtype=np.float64)

    def cover(self, first_output: NDArray[np.int64], *, years: int, parts: int = 1) -> Array:
        """Give the share of each part of each year in which the contract runs. [fraction]

        Parameters
        ----------
        first_output
            Year of first output of each path. [year]
        years
            Years of the project. [year]
        parts
            Parts of a year: 4 for quarters.

        Returns
        -------
        Array
            One row a path, or one for all; one column a part.

        Examples
        --------
        From the middle of year 1 for one year:

        >>> Window(Starts.DATE, 1.5, 1.0).cover(np.array([0]), years=4).tolist()
        [[0.0, 0.5, 0.5, 0.0]]
        """
        different, place = np.unique(self.opens(first_output), return_inverse=True)
        opens = different[:, None]
        edges = np.arange(years * parts) / parts
        overlap = np.minimum(edges + 1 / parts, opens + self.years) - np.maximum(edges, opens)
        return np.asarray(np.clip(overlap * parts, 0.0, 1.0)[place], dtype=np.float64)

    def may_meet(self, other: Window) -> bool:
        """Tell whether two windows may run at the same time.

        Windows that start from different things may meet whatever their numbers.

        Parameters
        ----------
        other
            Another window.

        Examples
        --------
        >>> Window(years=5.0).may_meet(Window(Starts.DATE, 5.0, 5.0))
        False
        """
        tied = Starts.FIRST_OUTPUT
        if (self.starts is tied) != (other.starts is tied):
            return True
        return self.at < other.at + other.years and other.at < self.at + self.years
