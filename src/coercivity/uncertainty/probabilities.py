"""Probabilities of scenarios: checked, never rescaled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted

Array = NDArray[np.float64]

SUM_TOLERANCE = 1e-9
"""How far from 1 the sum of probabilities may be: rounding only. [fraction]"""


def checked_probabilities(probabilities: ArrayLike, *, names: Sequence[str] | None = None) -> Array:
    """Give probabilities as an array, or refuse what is no distribution.

    Parameters
    ----------
    probabilities
        Probability of each scenario. [fraction]
    names
        Name of each scenario, for the message.

    Returns
    -------
    numpy.ndarray
        The same numbers, never rescaled. [fraction]

    Raises
    ------
    UsageError
        If there is none, one is negative or not a number, or they do not sum to 1.

    Examples
    --------
    >>> checked_probabilities([0.25, 0.75]).tolist()
    [0.25, 0.75]
    >>> checked_probabilities([0.25, 0.7])
    Traceback (most recent call last):
    coercivity.foundation.errors.UsageError: The probabilities of 2 scenarios sum to 0.95, not 1...
    """
    values = np.atleast_1d(np.asarray(probabilities, dtype=float))
    if values.size == 0 or values.ndim != 1:
        msg = "There is no scenario. A future that is not known needs at least one.  [U301]"
        raise UsageError(msg)
    for place, value in enumerate(values):
        if not (math.isfinite(value) and value >= 0):
            which = f"scenario {quoted(names[place])}" if names else f"scenario {place + 1}"
            msg = (
                f"The probability of {which} is {value:g}. A probability is a number from 0 to 1: "
                "correct it.  [U301]"
            )
            raise UsageError(msg)
    total = math.fsum(values)
    if abs(total - 1.0) > SUM_TOLERANCE:
        msg = (
            f"The probabilities of {values.size} scenarios sum to {total:.10g}, not 1. Scale them, "
            f"or add the missing {1 - total:.10g} as a scenario of its own; nothing is rescaled "
            "for you.  [U301]"
            if total < 1
            else f"The probabilities of {values.size} scenarios sum to {total:.10g}, not 1. Scale "
            "them, or correct the one that is too large; nothing is rescaled for you.  [U301]"
        )
        raise UsageError(msg)
    return values


def checked_share(name: str, value: float, *, zero_allowed: bool) -> float:
    """Give a share, or refuse it with its name and value.

    Examples
    --------
    >>> checked_share("risk_weight", 0.5, zero_allowed=True)
    0.5
    >>> checked_share("tail_probability", 0, zero_allowed=False)
    Traceback (most recent call last):
    coercivity.foundation.errors.UsageError: tail_probability must be in (0, 1], got 0...
    """
    holds = 0 <= value <= 1 and (zero_allowed or value > 0)
    if not holds:
        wanted = "[0, 1]" if zero_allowed else "(0, 1]"
        msg = (
            f"{name} must be in {wanted}, got {value!r}. It is a share, not a percentage: write "
            "0.05 for 5 %.  [U302]"
        )
        raise UsageError(msg)
    return float(value)


def equally_likely(count: int) -> Array:
    """Give scenarios that were drawn the same probability each. [fraction]

    Examples
    --------
    >>> equally_likely(4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    if count < 1:
        msg = f"{count} scenarios cannot share a probability. Draw at least one.  [U301]"
        raise UsageError(msg)
    return np.full(count, 1.0 / count)


def check_names(names: Iterable[str]) -> None:
    """Refuse a name that is empty or given twice.

    Examples
    --------
    >>> check_names(["ban", "ban"])
    Traceback (most recent call last):
    coercivity.foundation.errors.UsageError: The scenario name 'ban' is given twice...
    """
    seen: set[str] = set()
    for name in names:
        if not name or name in seen:
            what = (
                f"The scenario name {quoted(name)} is given twice"
                if name
                else "A scenario has no name"
            )
            msg = f"{what}. Results are kept by name: give each its own.  [U303]"
            raise UsageError(msg)
        seen.add(name)
