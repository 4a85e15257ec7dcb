"""Measures of risk on cost: one number for a cost that differs by scenario.

A measure of a kind of your own is a class with the two methods of `RiskMeasure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.foundation.errors import UsageError
from coercivity.uncertainty.probabilities import checked_probabilities, checked_share

Array = NDArray[np.float64]


class RiskMeasure(Protocol):
    """What every measure of risk promises."""

    def value(self, costs: ArrayLike, probabilities: ArrayLike) -> float:
        """Measure a cost that differs by scenario. [unit of cost]"""

    def weights(self, costs: ArrayLike, probabilities: ArrayLike) -> Array:
        """Give the weight of each scenario in the value; they sum to 1. [fraction]"""


@dataclass(frozen=True, slots=True)
class Expectation:
    r"""The mean, :math:`\sum_s p_s C_s`: blind to risk.

    Examples
    --------
    >>> print(f"{Expectation().value([5, 4, 6, 2], [0.1, 0.2, 0.3, 0.4]):.2f}")
    3.90
    """

    def value(self, costs: ArrayLike, probabilities: ArrayLike) -> float:
        """Average the costs. [unit of cost]"""
        return weighted(costs, self.weights(costs, probabilities))

    def weights(self, costs: ArrayLike, probabilities: ArrayLike) -> Array:
        """Give the probabilities themselves. [fraction]"""
        return _checked(costs, probabilities)[1]


@dataclass(frozen=True, slots=True)
class ConditionalValueAtRisk:
    r"""The mean of the worst outcomes that together carry ``tail_probability``.

    .. math::

        \mathrm{CVaR}_{\tau}(C) =
        \min_{\eta}\; \eta + \tfrac{1}{\tau} \sum_{s} p_s \,(C_s - \eta)^{+}

    A scenario that straddles the edge of the tail is split, so the value is continuous in
    :math:`\tau`. Texts that quote a confidence level :math:`\alpha` mean
    :math:`\tau = 1 - \alpha`.

    References
    ----------
    Rockafellar and Uryasev (2000), *Journal of Risk* 2(3), 21-41, Theorem 1; (2002), *Journal of
    Banking & Finance* 26(7), 1443-1471, for distributions with atoms.

    Examples
    --------
    A tail of 0.5 takes all of the 6 (0.3), all of the 5 (0.1) and half of the 4 (0.1 of its 0.2):

    >>> measure = ConditionalValueAtRisk(tail_probability=0.5)
    >>> print(f"{measure.value([5, 4, 6, 2], [0.1, 0.2, 0.3, 0.4]):.2f}")
    5.40
    """

    tail_probability: float
    """Mass of the tail; 0.05 averages the worst 5 %, 1 is the expectation. [fraction]"""

    def __post_init__(self) -> None:
        checked_share("tail_probability", self.tail_probability, zero_allowed=False)

    def value(self, costs: ArrayLike, probabilities: ArrayLike) -> float:
        """Average the costs of the tail. [unit of cost]"""
        return weighted(costs, self.weights(costs, probabilities))

    def weights(self, costs: ArrayLike, probabilities: ArrayLike) -> Array:
        """Give each scenario its share of the tail, the costliest first. [fraction]"""
        values, chances = _checked(costs, probabilities)
        order = np.argsort(-values, kind="stable")
        reached = np.minimum(np.cumsum(chances[order]), self.tail_probability)
        shares = np.empty_like(chances)
        shares[order] = np.diff(reached, prepend=0.0) / self.tail_probability
        return shares


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The highest cost of any scenario that has a probability at all.

    Examples
    --------
    >>> WorstCase().value([5, 4, 6, 2], [0.5, 0.25, 0.0, 0.25])
    5.0
    """

    def value(self, costs: ArrayLike, probabilities: ArrayLike) -> float:
        """Give the highest cost. [unit of cost]"""
        return weighted(costs, self.weights(costs, probabilities))

    def weights(self, costs: ArrayLike, probabilities: ArrayLike) -> Array:
        """Give the first costliest scenario all weight. [fraction]"""
        values, chances = _checked(costs, probabilities)
        shares = np.zeros_like(chances)
        shares[int(np.argmax(np.where(chances > 0, values, -np.inf)))] = 1.0
        return shares


@dataclass(frozen=True, slots=True)
class MeanAndTail:
    r"""A mixture, :math:`(1-w)\,\mathrm{E}[C] + w\,\mathrm{CVaR}_\tau[C]`: what plans minimise.

    Examples
    --------
    >>> MeanAndTail(risk_weight=0.5, tail_probability=0.5).value([1, 3], [0.5, 0.5])
    2.5
    """

    risk_weight: float = 0.0
    """:math:`w`: 0 counts the expectation only, 1 the tail only. [fraction]"""
    tail_probability: float = 0.05
    """:math:`\\tau`: mass of the tail; 0.05 is the worst 5 %. [fraction]"""

    def __post_init__(self) -> None:
        checked_share("risk_weight", self.risk_weight, zero_allowed=True)
        checked_share("tail_probability", self.tail_probability, zero_allowed=False)

    def value(self, costs: ArrayLike, probabilities: ArrayLike) -> float:
        """Mix the mean with the mean of the tail. [unit of cost]"""
        return weighted(costs, self.weights(costs, probabilities))

    def weights(self, costs: ArrayLike, probabilities: ArrayLike) -> Array:
        """Mix the probabilities with the shares of the tail. [fraction]"""
        tail = ConditionalValueAtRisk(self.tail_probability)
        chances = _checked(costs, probabilities)[1]
        return (1 - self.risk_weight) * chances + self.risk_weight * tail.weights(costs, chances)


def weighted(costs: ArrayLike, weights: Array) -> float:
    """Sum costs times weights, without 0 times infinity. [unit of cost]

    Examples
    --------
    >>> weighted([float("inf"), 2.0], np.array([0.0, 1.0]))
    2.0
    """
    used = weights != 0
    return float(np.asarray(costs, dtype=float)[used] @ weights[used])


def _checked(costs: ArrayLike, probabilities: ArrayLike) -> tuple[Array, Array]:
    values = np.atleast_1d(np.asarray(costs, dtype=float))
    chances = checked_probabilities(probabilities)
    if values.shape != chances.shape:
        msg = (
            f"There are {values.size} costs but {chances.size} probabilities. "
            "Give one of each for every scenario.  [U304]"
        )
        raise UsageError(msg)
    if np.isnan(values).any() or np.isneginf(values).any():
        msg = (
            f"The cost of scenario {int(np.flatnonzero(~(values > -np.inf))[0]) + 1} is "
            f"{values[~(values > -np.inf)][0]}. Risk is measured on numbers; only a scenario that "
            "cannot be served at all may have an infinite cost.  [U304]"
        )
        raise UsageError(msg)
    return values, chances
