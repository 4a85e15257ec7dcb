"""Futures of a case: which of its scenarios holds, and what is drawn on top of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coercivity.foundation.errors import UsageError
from coercivity.tables import CaseTables
from coercivity.uncertainty.probabilities import check_names, checked_probabilities

Array = NDArray[np.float64]
Target = tuple[str, str]
"""Scope and id of what an event hits."""


@dataclass(frozen=True, slots=True, eq=False)
class Future:
    """One complete future of a case.

    Factors that are not named are 1, delays and losses that are not named are 0.

    Examples
    --------
    >>> Future("late", 1.0, delays={"o-mine": 2.0}).delays["o-mine"]
    2.0
    """

    name: str
    """Its name, unique among the futures of a plan."""
    probability: float
    """Its probability. [fraction]"""
    scenario: str | None = None
    """Scenario of the case whose changes apply; None is the case as it stands."""
    capital: Mapping[str, float] = field(default_factory=dict)
    """Factor on the capital of each option. [fraction]"""
    delays: Mapping[str, float] = field(default_factory=dict)
    """Years by which the first output of an option, or of an asset that is being built, comes
    later than planned. [year]"""
    losses: Mapping[Target, Array] = field(default_factory=dict)
    """Share that what an event hits loses in each year of the horizon. [fraction]"""
    demand: Mapping[str, float] = field(default_factory=dict)
    """Factor on the amount of each demand. [fraction]"""
    offered: Mapping[str, float] = field(default_factory=dict)
    """Factor on what each supplier offers. [fraction]"""
    prices: Mapping[str, float] = field(default_factory=dict)
    """Factor on what outside suppliers and buyers pay for each material. [fraction]"""


def checked_futures(futures: tuple[Future, ...]) -> tuple[Future, ...]:
    """Give futures back whose names differ and whose probabilities sum to 1.

    Examples
    --------
    >>> checked_futures((Future("ban", 0.5), Future("peace", 0.45)))
    Traceback (most recent call last):
    coercivity.foundation.errors.UsageError: The probabilities of 2 scenarios sum to 0.95, not 1...
    """
    names = [future.name for future in futures]
    check_names(names)
    checked_probabilities([future.probability for future in futures], names=names)
    return futures


def named_chances(tables: CaseTables) -> dict[str, float]:
    """Give the probability of every scenario of a case that states one. [fraction]"""
    return {
        row.text("id"): row.number("probability")
        for row in tables["scenarios"].rows()
        if row.given("probability")
    }


def named_futures(tables: CaseTables) -> tuple[Future, ...]:
    """Make one future of each scenario of a case that has a probability.

    A scenario without changes is the case as it stands.

    Raises
    ------
    UsageError
        If no scenario has a probability, or they do not sum to 1.
    """
    chances = named_chances(tables)
    if not chances:
        known = tables["scenarios"].ids()
        told = f"its scenarios ({', '.join(known)}) have none" if known else "it has no scenario"
        msg = (
            f"Case '{tables.name}' does not say how likely its futures are: {told}. Fill the "
            "column 'probability' of scenarios.csv, with a row without changes for the case as it "
            "stands, or draw futures with --scenarios N.  [U306]"
        )
        raise UsageError(msg)
    return checked_futures(
        tuple(Future(name, chance, name) for name, chance in chances.items() if chance > 0)
    )


def compounded(losses: list[Array]) -> Array:
    r"""Combine losses that happen on their own, :math:`1 - \prod_i (1 - \ell_i)`. [fraction]

    Examples
    --------
    >>> compounded([np.array([0.5, 0.0]), np.array([0.5, 1.0])]).tolist()
    [0.75, 1.0]
    """
    left: Array = np.prod([1 - loss for loss in losses], axis=0)
    return np.asarray(1 - left)


def split_years(delay: float) -> tuple[tuple[float, int], ...]:
    """Split a delay into whole years and the weight of each, so that its mean is kept.

    A delay of a year and a quarter is one year for three quarters of the output and two years
    for the last quarter: output begins within the year. [fraction, year]

    Examples
    --------
    >>> split_years(1.25), split_years(2.0)
    (((0.75, 1), (0.25, 2)), ((1.0, 2),))
    """
    whole = math.floor(delay)
    part = delay - whole
    parts = ((1 - part, whole), (part, whole + 1))
    return tuple((weight, years) for weight, years in parts if weight > 0)
