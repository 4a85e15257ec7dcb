"""Fit mean reversion to a history: exact likelihood, standard errors, what windows say, bias."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError

FEWEST = 8
"""Prices below which nothing is fitted: three parameters and some room. [price]"""


class Memory(Enum):
    """What a fit says about return to a level."""

    REVERTING = "returns to a level"
    EXPLOSIVE = "moves away: there is no level"
    NONE = "forgets within one step: the speed is above what the interval can show"


@dataclass(frozen=True, slots=True)
class ReversionFit:
    """Mean reversion fitted to one history."""

    memory: Memory
    count: int
    """Prices used."""
    interval: float
    """Between two prices. [year]"""
    persistence: float
    r""":math:`\varphi = e^{-\kappa\Delta}`. [ratio]"""
    persistence_se: float
    reversion: float | None
    r""":math:`\kappa`, negative where explosive; None where nothing is remembered. [1/year]"""
    reversion_se: float | None
    level: float | None
    r""":math:`e^\theta`; None unless it returns. [as the prices]"""
    level_se: float | None
    volatility: float | None
    r""":math:`\sigma`; None where nothing is remembered. [1/year^0.5]"""
    volatility_se: float | None
    log_likelihood: float
    """Of the log prices, given the first."""
    residual_autocorrelation: float
    """Of neighbouring residuals; far from 0 the model is too simple. [fraction]"""
    residual_kurtosis: float
    """3 for normal shocks. [ratio]"""


def logs_of(prices: ArrayLike, *, fewest: int = FEWEST) -> Array:
    """Give log prices, refusing what cannot be fitted.

    Parameters
    ----------
    prices
        In order of time, at equal intervals. [any money]
    fewest
        Prices needed. [price]

    Examples
    --------
    >>> logs_of([1.0, 2.0, 3.0])
    Traceback (most recent call last):
    coercivity.finance.refusals.FinanceError: 3 prices are too few to fit how a price moves...
    """
    table = np.asarray(prices, dtype=np.float64)
    if table.ndim != 1 or table.size < fewest:
        msg = (
            f"{table.size} prices are too few to fit how a price moves: at least {fewest} are "
            "needed, and below about 100 the speed of return is mostly bias. State a level, a "
            "speed and a volatility as a judgement, or find a longer history.  [F201]"
        )
        raise FinanceError(msg, code="F201")
    bad = np.flatnonzero(~(np.isfinite(table) & (table > 0)))
    if bad.size:
        msg = (
            f"price {int(bad[0]) + 1} of {table.size} is {float(table[bad[0]])!r}. Its log is "
            "needed: a history has finite prices above 0 at equal intervals, and no gap is filled "
            "in.  [F201]"
        )
        raise FinanceError(msg, code="F201")
    if np.ptp(table) == 0:
        msg = (
            f"all {table.size} prices are {float(table[0])!r}. A price that never moves shows no "
            "volatility and no return: state them as a judgement.  [F201]"
        )
        raise FinanceError(msg, code="F201")
    return np.asarray(np.log(table))


def fit_reversion(prices: ArrayLike, *, interval: float) -> ReversionFit:
    r"""Fit one attractor by exact maximum likelihood, given the first price.

    .. math::

        x_{k+1} = \theta(1-\varphi) + \varphi x_k + s\,z_k, \qquad
        \kappa = -\frac{\ln\varphi}{\Delta}, \qquad
        \sigma^2 = \frac{2\kappa s^2}{1-\varphi^2}

    so that the likelihood is that of a regression. Standard errors by the delta method; they are
    those of large samples, and small ones are biased: see `corrected_reversion`.

    Parameters
    ----------
    prices
        In order of time, at equal intervals. [any money]
    interval
        :math:`\Delta`. [year]

    Examples
    --------
    >>> fit_reversion([4, 8, 2, 8, 4, 4, 8, 2, 4], interval=1.0).memory
    <Memory.NONE: 'forgets within one step: the speed is above what the interval can show'>
    """
    logs = logs_of(prices)
    design = np.column_stack([np.ones(logs.size - 1), logs[:-1]])
    inverse = np.linalg.inv(design.T @ design)
    constant, phi = inverse @ design.T @ logs[1:]
    residuals = logs[1:] - design @ np.array([constant, phi])
    number = residuals.size
    variance = float(residuals @ residuals) / number
    covariance = variance * inverse
    likelihood = -0.5 * number * (math.log(2 * math.pi * variance) + 1)
    centred = residuals - residuals.mean()
    square = float(centred @ centred)
    told = _continuous(float(constant), float(phi), variance, covariance, number, interval)
    return ReversionFit(
        told.memory,
        logs.size,
        interval,
        float(phi),
        math.sqrt(covariance[1, 1]),
        told.reversion,
        told.reversion_se,
        told.level,
        told.level_se,
        told.volatility,
        told.volatility_se,
        likelihood,
        float(centred[1:] @ centred[:-1]) / square,
        float((centred**4).sum()) * number / square**2,
    )


@dataclass(frozen=True, slots=True)
class _Continuous:
    """A regression told in continuous time."""

    memory: Memory
    reversion: float | None = None
    reversion_se: float | None = None
    level: float | None = None
    level_se: float | None = None
    volatility: float | None = None
    volatility_se: float | None = None


def _continuous(
    constant: float, phi: float, variance: float, covariance: Array, number: int, interval: float
) -> _Continuous:
    if phi <= 0:
        return _Continuous(Memory.NONE)
    kappa = -math.log(phi) / interval
    kappa_se = math.sqrt(covariance[1, 1]) / (phi * interval)
    ratio = interval if phi == 1 else (1 - phi**2) / (2 * kappa)
    volatility = math.sqrt(variance / ratio)
    shift = 1e-6
    other = -math.log(phi + shift) / interval
    slope = (math.sqrt(variance * 2 * other / (1 - (phi + shift) ** 2)) - volatility) / shift
    own = volatility / math.sqrt(2 * number)
    volatility_se = math.hypot(own, slope * math.sqrt(covariance[1, 1]))
    if phi >= 1:
        return _Continuous(Memory.EXPLOSIVE, kappa, kappa_se, None, None, volatility, volatility_se)
    theta = constant / (1 - phi)
    slopes = np.array([1 / (1 - phi), constant / (1 - phi) ** 2])
    theta_se = math.sqrt(float(slopes @ covariance @ slopes))
    level = math.exp(theta)
    return _Continuous(
        Memory.REVERTING, kappa, kappa_se, level, level * theta_se, volatility, volatility_se
    )


@dataclass(frozen=True, slots=True)
class WindowFit:
    """The fit of one window of a history."""

    name: str
    fit: ReversionFit


def window_table(
    prices: ArrayLike, windows: Mapping[str, tuple[int, int]], *, interval: float
) -> tuple[WindowFit, ...]:
    """Fit windows of a history: what differs between them is what the history does not tell.

    Parameters
    ----------
    prices
        In order of time, at equal intervals. [any money]
    windows
        First price and the one after the last, by name; counted from 0.
    interval
        Between two prices. [year]

    Examples
    --------
    >>> history = [4.0, 5, 7, 8, 7, 6, 5, 4, 4, 5, 6, 8, 9, 8, 6, 5]
    >>> [found.fit.count for found in window_table(history, {"late": (4, 16)}, interval=1.0)]
    [12]
    """
    table = np.asarray(prices, dtype=np.float64)
    return tuple(
        WindowFit(name, fit_reversion(table[first:end], interval=interval))
        for name, (first, end) in windows.items()
    )


@dataclass(frozen=True, slots=True)
class BiasCorrection:
    """A speed of return after its small-sample bias."""

    fitted: float
    """As the likelihood gives it. [1/year]"""
    corrected: float
    """Speed whose median fit is the fitted one; 0 where even that of a price that never returns
    is faster. [1/year]"""
    median_at_zero: float
    """Median fit to prices that never return, of this length. [1/year]"""
    lower: float
    """Tenth percentile of fits at the corrected speed. [1/year]"""
    upper: float
    """Ninetieth percentile of fits at the corrected speed. [1/year]"""


def fitted_speeds(reversion: float, *, count: int, interval: float, shocks: Array) -> Array:
    r"""Fit the speed of return to simulated histories that start at their level. [1/year]

    Fits that remember nothing count as infinitely fast.

    Parameters
    ----------
    reversion
        True :math:`\kappa`. [1/year]
    count, interval
        Prices in a history, and what lies between two. [price], [year]
    shocks
        Standard normal, one row a history, ``count - 1`` columns.

    Examples
    --------
    >>> shocks = np.random.default_rng(1).standard_normal((400, 138))
    >>> speeds = fitted_speeds(0.3, count=139, interval=1 / 12, shocks=shocks)
    >>> bool(0.5 < np.median(speeds) < 0.9)
    True
    """
    phi = math.exp(-reversion * interval)
    logs = np.zeros((len(shocks), count))
    for step in range(count - 1):
        logs[:, step + 1] = phi * logs[:, step] + shocks[:, step]
    early, late = logs[:, :-1], logs[:, 1:]
    centred = early - early.mean(axis=1, keepdims=True)
    slope = (centred * late).sum(axis=1) / (centred**2).sum(axis=1)
    return np.where(slope > 0, -np.log(np.maximum(slope, 1e-300)) / interval, np.inf)


def corrected_reversion(
    fit: ReversionFit, *, rng: np.random.Generator, samples: int = 1000
) -> BiasCorrection:
    r"""Correct the speed of return for the bias of short histories, by simulation.

    Gives the :math:`\kappa` at which the median of fits to histories of the same length equals
    the fitted speed, found by bisection on common random numbers.

    Parameters
    ----------
    fit
        A fit with a speed.
    rng
        Random numbers of the simulated histories.
    samples
        Simulated histories. [history]

    References
    ----------
    Andrews (1993), *Econometrica* 61(1), 139-165: median-unbiased autoregression.
    """
    if fit.reversion is None:
        msg = (
            f"a fit that {fit.memory.value} has no speed to correct. Use a finer interval, or "
            "state the speed as a judgement.  [F201]"
        )
        raise FinanceError(msg, code="F201")
    shocks = rng.standard_normal((samples, fit.count - 1))

    def speeds(kappa: float) -> Array:
        return fitted_speeds(kappa, count=fit.count, interval=fit.interval, shocks=shocks)

    at_zero = float(np.median(speeds(0.0)))
    low, high = 0.0, max(2 * fit.reversion, 1.0)
    if fit.reversion > at_zero:
        while float(np.median(speeds(high))) < fit.reversion:
            high *= 2
        for _ in range(30):
            middle = 0.5 * (low + high)
            if float(np.median(speeds(middle))) < fit.reversion:
                low = middle
            else:
                high = middle
    spread = np.quantile(speeds(low), [0.1, 0.9], method="nearest")
    return BiasCorrection(fit.reversion, low, at_zero, float(spread[0]), float(spread[1]))


def jackknifed_reversion(prices: ArrayLike, *, interval: float, parts: int = 2) -> float | None:
    r"""Give the jackknife estimate of the speed of return; None if a part remembers nothing.

    .. math:: \kappa_J = \frac{m}{m-1}\hat\kappa - \frac{1}{m^2-m}\sum_{i=1}^m \hat\kappa_i

    Parameters
    ----------
    prices
        In order of time, at equal intervals. [any money]
    interval
        Between two prices. [year]
    parts
        m, into which the history is cut, one after the other.

    References
    ----------
    Phillips and Yu (2005), *Review of Financial Studies* 18(2), 707-742.
    """
    table = np.asarray(prices, dtype=np.float64)
    whole = fit_reversion(table, interval=interval).reversion
    pieces = [
        fit_reversion(part, interval=interval).reversion for part in np.array_split(table, parts)
    ]
    if whole is None or any(piece is None for piece in pieces):
        return None
    total = sum(piece for piece in pieces if piece is not None)
    return parts / (parts - 1) * whole - total / (parts**2 - parts)


def log_change_correlations(
    histories: Mapping[str, Sequence[float]],
) -> tuple[tuple[str, ...], Array]:
    """Correlate the log changes of histories of the same dates. [fraction]

    Parameters
    ----------
    histories
        Prices by name, of the same dates in order. [any money]

    Examples
    --------
    >>> names, matrix = log_change_correlations(
    ...     {"a": [1, 2, 1, 2, 1, 2, 1, 2], "b": [1, 3, 1, 3, 1, 3, 1, 3]}
    ... )
    >>> names, round(float(matrix[0, 1]), 9)
    (('a', 'b'), 1.0)
    """
    lengths = {name: len(values) for name, values in histories.items()}
    if len(set(lengths.values())) != 1:
        msg = (
            f"histories of {lengths} prices cannot be compared. Take the dates that all of them "
            "have.  [F201]"
        )
        raise FinanceError(msg, code="F201")
    changes = np.array([np.diff(logs_of(values)) for values in histories.values()])
    return tuple(histories), np.asarray(np.corrcoef(changes))
