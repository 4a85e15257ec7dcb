"""How far a mean over draws may be from the true one, and how wide a stated range is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from coercivity.foundation.errors import UsageError


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean over draws with its interval of confidence."""

    mean: float
    """Mean of the draws. [unit of the draws]"""
    lower: float
    """Lower end of the interval. [unit of the draws]"""
    upper: float
    """Upper end of the interval. [unit of the draws]"""
    level: float
    """Share of such intervals that hold the true mean. [fraction]"""
    count: int
    """Number of draws."""


def mean_interval(draws: ArrayLike, *, level: float = 0.95) -> MeanInterval:
    r"""Give the mean of independent draws with Student's interval.

    .. math::

        \bar C \pm t_{n-1,\,(1+\ell)/2}\; \frac{s}{\sqrt n}

    Parameters
    ----------
    draws
        Independent draws of equal weight, at least two. [any unit]
    level
        Share of such intervals that hold the true mean, :math:`\ell`. [fraction]

    References
    ----------
    Mak, Morton and Wood (1999), *Operations Research Letters* 24, 47-56, for costs of a decision
    over fresh scenarios.

    Examples
    --------
    >>> found = mean_interval([1.0, 2.0, 3.0, 4.0])
    >>> f"{found.mean:.3f} {found.lower:.3f} {found.upper:.3f}"
    '2.500 0.446 4.554'
    """
    values = np.asarray(draws, dtype=float)
    if values.ndim != 1 or values.size < 2 or not np.isfinite(values).all():
        msg = (
            f"An interval of {values.size} draws cannot be given: it needs at least 2, all finite. "
            "Draw more, or give what may be short a penalty.  [U304]"
        )
        raise UsageError(msg)
    if not 0 < level < 1:
        msg = f"level must be in (0, 1), got {level!r}. Write 0.95 for 95 %.  [U302]"
        raise UsageError(msg)
    mean = float(values.mean())
    half = float(stdtrit(values.size - 1, (1 + level) / 2)) * float(values.std(ddof=1))
    half /= math.sqrt(values.size)
    return MeanInterval(mean, mean - half, mean + half, level, values.size)


def log_spread(low: float, high: float) -> float:
    r"""Give the standard deviation of a log whose range holds eight draws in ten.

    .. math:: \sigma = \frac{\ln (h / l)}{2\,\Phi^{-1}(0.9)}

    Parameters
    ----------
    low, high
        Ends of the range, the tenth and ninetieth percentile, above 0. [same unit]

    Examples
    --------
    >>> round(log_spread(1.0, math.e), 4)
    0.3902
    """
    return math.log(high / low) / (2 * float(ndtri(0.9)))
