"""Quantities that are not known, each given by its quantile function.

A quantity of a kind of your own is a class with the method of `Quantity`. Working from quantiles
keeps draws stratified, and common to two plans that are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from coercivity.foundation.errors import UsageError
from coercivity.uncertainty.probabilities import checked_probabilities, checked_share

Array = NDArray[np.float64]


class Quantity(Protocol):
    """What every quantity promises."""

    def at(self, shares: Array) -> Array:
        """Give the value that is not exceeded with each probability. [unit of the quantity]"""


@dataclass(frozen=True, slots=True)
class Uniform:
    """Any value of a range, all as likely.

    Examples
    --------
    >>> Uniform(2.0, 6.0).at(np.array([0.25])).tolist()
    [3.0]
    """

    lower: float
    """Least value. [unit of the quantity]"""
    upper: float
    """Greatest value. [unit of the quantity]"""

    def __post_init__(self) -> None:
        _expect_order(lower=self.lower, upper=self.upper)

    def at(self, shares: Array) -> Array:
        """Give :math:`a + u (b - a)`. [unit of the quantity]"""
        return self.lower + shares * (self.upper - self.lower)


@dataclass(frozen=True, slots=True)
class Triangular:
    """A range with a most likely value.

    Examples
    --------
    >>> Triangular(0.0, 1.0, 4.0).at(np.array([0.0, 0.25, 1.0])).tolist()
    [0.0, 1.0, 4.0]
    """

    lower: float
    """Least value. [unit of the quantity]"""
    mode: float
    """Most likely value. [unit of the quantity]"""
    upper: float
    """Greatest value. [unit of the quantity]"""

    def __post_init__(self) -> None:
        _expect_order(lower=self.lower, mode=self.mode, upper=self.upper)

    def at(self, shares: Array) -> Array:
        r"""Give :math:`a + \sqrt{u (b-a)(m-a)}` up to the mode, mirrored above it."""
        width, rise = self.upper - self.lower, self.mode - self.lower
        if width == 0:
            return np.full_like(shares, self.lower)
        up = self.lower + np.sqrt(shares * width * rise)
        down = self.upper - np.sqrt((1 - shares) * width * (width - rise))
        return np.where(shares * width <= rise, up, down)


@dataclass(frozen=True, slots=True)
class ShiftedLognormal:
    r"""A shift plus a lognormal, :math:`c + e^{\mu + \sigma Z}`: overruns, mostly small.

    Examples
    --------
    >>> median = ShiftedLognormal(0.5, -0.705, 0.72).at(np.array([0.5]))[0]
    >>> f"{median:.4f}"
    '0.9941'
    """

    shift: float
    """:math:`c`. [unit of the quantity]"""
    log_mean: float
    r""":math:`\mu`."""
    log_deviation: float
    r""":math:`\sigma`, at least 0."""

    def __post_init__(self) -> None:
        _expect_order(zero=0.0, log_deviation=self.log_deviation)

    def at(self, shares: Array) -> Array:
        r"""Give :math:`c + \exp(\mu + \sigma \Phi^{-1}(u))`. [unit of the quantity]"""
        normal: Array = ndtri(shares)
        return self.shift + np.exp(self.log_mean + self.log_deviation * normal)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens, 1, or does not, 0.

    Examples
    --------
    >>> Event(0.25).at(np.array([0.1, 0.8])).tolist()
    [0.0, 1.0]
    """

    probability: float
    """That it happens. [fraction]"""

    def __post_init__(self) -> None:
        checked_share("probability", self.probability, zero_allowed=True)

    def at(self, shares: Array) -> Array:
        """Give 1 above the share in which it does not happen. [1]"""
        return (shares > 1 - self.probability).astype(float)


@dataclass(frozen=True, slots=True)
class Discrete:
    """One of some values.

    Examples
    --------
    >>> Discrete((0.0, 1.0, 3.0), (0.5, 0.25, 0.25)).at(np.array([0.5, 0.6, 0.9])).tolist()
    [0.0, 1.0, 3.0]
    """

    values: tuple[float, ...]
    """In rising order. [unit of the quantity]"""
    probabilities: tuple[float, ...]
    """Probability of each. [fraction]"""

    def __post_init__(self) -> None:
        checked_probabilities(self.probabilities)
        if len(self.values) != len(self.probabilities) or list(self.values) != sorted(self.values):
            msg = (
                f"{len(self.values)} values {list(self.values)} meet {len(self.probabilities)} "
                "probabilities. Give one probability for each value, values rising.  [U304]"
            )
            raise UsageError(msg)

    def at(self, shares: Array) -> Array:
        """Give the first value whose summed probability reaches each share."""
        edges = np.cumsum(self.probabilities)[:-1]
        return np.asarray(self.values)[np.searchsorted(edges, shares, side="left")]


def _expect_order(**values: float) -> None:
    numbers = list(values.values())
    if not all(np.isfinite(numbers)) or numbers != sorted(numbers):
        told = ", ".join(f"{name} {value!r}" for name, value in values.items())
        msg = f"{told}: these must be finite and in rising order. Correct the range.  [U304]"
        raise UsageError(msg)
