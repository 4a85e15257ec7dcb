"""Internal rates of return: every root counted, one chosen by a stated rule, never a silent gap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.finance.compiled import Array, compiled, over_paths

TOLERANCE = 1e-8
"""Relative step of Newton after which the next error is below the precision of a float."""
DEEPEST = 40
"""Halvings after which roots that cannot be told apart count as one."""


class RateStatus(IntEnum):
    """What is known of a path's internal rate of return."""

    ONE = 0
    """One rate makes the present value zero."""
    SEVERAL = 1
    """Several do; the one nearest to zero is given, with their number."""
    NEVER_EARNS = 2
    """No year earns: no rate; the return is a total loss."""
    NEVER_SPENDS = 3
    """No year spends: no rate; any return is exceeded."""
    NO_RATE = 4
    """Spends and earns, but the present value is never zero at any rate above -1."""


@dataclass(frozen=True, slots=True)
class InternalRates:
    """Internal rate of return of each path."""

    rates: Array
    """The rate nearest to zero; NaN exactly where `status` says that there is none. [1/year]"""
    counts: NDArray[np.int64]
    """How many rates make the present value zero."""
    status: NDArray[np.int64]
    """`RateStatus` of each path."""

    def quantile(self, probability: float) -> float:
        """Give a quantile over all paths, those without a rate ranked by their reason.

        A path that never earns, or whose value is never zero, ranks below every rate; one that
        never spends above. Minus or plus infinity comes out where such a path is hit.

        Parameters
        ----------
        probability
            Share of paths at or below. [fraction]

        Examples
        --------
        >>> found = internal_rate_of_return([[-100.0, 110.0], [-100.0, 0.0], [-100.0, 120.0]])
        >>> round(found.quantile(0.5), 9), found.quantile(0.0)
        (0.1, -inf)
        """
        ranked = np.where(self.status == RateStatus.NEVER_SPENDS, np.inf, self.rates)
        ranked = np.sort(np.where(np.isnan(ranked), -np.inf, ranked))
        return float(ranked[min(int(probability * len(ranked)), len(ranked) - 1)])


@compiled
def _value(weights: Array, size: int, x: float) -> float:
    total = 0.0
    for k in range(size - 1, -1, -1):
        total = total * x + weights[k]
    return total


@compiled
def _root_between(
    weights: Array, size: int, low: float, high: float, at_low: float, at_high: float
) -> float:
    """Find the only root between two points of opposite sign: Newton's steps kept inside."""
    x = high - at_high * (high - low) / (at_high - at_low) if low > 0.0 else high
    if not low < x < high:
        x = high if low == 0.0 else 0.5 * (low + high)
    for _ in range(200):
        total = 0.0
        slope = 0.0
        for k in range(size - 1, -1, -1):
            slope = slope * x + total
            total = total * x + weights[k]
        if total == 0.0:
            return x
        if (total < 0.0) == (at_low < 0.0):
            low = x
        else:
            high = x
        step = x - total / slope if slope != 0.0 else low
        if not low < step < high:
            step = 0.5 * (low + high)
        if abs(step - x) <= TOLERANCE * abs(x):
            return step
        x = step
    return x


@compiled
def _variations(weights: Array, size: int) -> int:
    """Count changes of sign, zeros left out."""
    changes = 0
    last = 0.0
    for k in range(size):
        if weights[k] != 0.0:
            if last != 0.0 and (weights[k] < 0.0) != (last < 0.0):
                changes += 1
            last = weights[k]
    return changes


@compiled
def _shares(size: int) -> Array:
    """Give what each power adds to each coefficient of Bernstein, C(j,i)/C(degree,i)."""
    shares = np.zeros((size, size))
    for j in range(size):
        ratio = 1.0
        shares[j, 0] = 1.0
        for i in range(1, j + 1):
            ratio *= (j - i + 1.0) / (size - i)
            shares[j, i] = ratio
    return shares


@compiled
def _on_unit_interval(weights: Array, size: int, out: Array, shares: Array) -> None:
    """Write a polynomial in the basis of Bernstein on [0, 1]."""
    for j in range(size):
        total = 0.0
        for i in range(j + 1):
            total += shares[j, i] * weights[i]
        out[j] = total


@compiled
def _halve(piece: Array, left: Array, right: Array, size: int) -> None:
    """Cut a polynomial in the basis of Bernstein in two (de Casteljau); ``piece`` is used up."""
    degree = size - 1
    left[0] = piece[0]
    right[degree] = piece[degree]
    for level in range(1, size):
        for j in range(size - level):
            piece[j] = 0.5 * (piece[j] + piece[j + 1])
        left[level] = piece[0]
        right[degree - level] = piece[degree - level]


@compiled
def _roots_inside(
    weights: Array, size: int, stack: Array, ends: Array, shares: Array
) -> tuple[int, float]:
    """Count the roots in (0, 1) and give the largest.

    The changes of sign of the coefficients bound the roots of a piece; one change is one root.
    Pieces with more are halved, the right half first.
    """
    _on_unit_interval(weights, size, stack[0], shares)
    ends[0, 0] = 0.0
    ends[0, 1] = 1.0
    top, count, largest = 1, 0, 0.0
    piece = np.empty(size)
    while top > 0:
        top -= 1
        low, high = ends[top, 0], ends[top, 1]
        changes = _variations(stack[top], size)
        if changes == 0:
            continue
        middle = 0.5 * (low + high)
        closed = stack[top, 0] == 0.0 or stack[top, size - 1] == 0.0
        last = top + 2 >= stack.shape[0]
        if last or (changes == 1 and not closed):
            at = middle
            if not last:
                at_low, at_high = stack[top, 0], stack[top, size - 1]
                at = _root_between(weights, size, low, high, at_low, at_high)
            largest = max(largest, at)
            count += 1
            continue
        piece[:] = stack[top, :size]
        _halve(piece, stack[top, :size], stack[top + 1, :size], size)
        ends[top + 1, 0], ends[top + 1, 1] = middle, high
        ends[top, 0], ends[top, 1] = low, middle
        if stack[top + 1, 0] == 0.0:
            largest = max(largest, middle)
            count += 1
        top += 2
    return count, largest


@compiled
def _path_rate(  # over budget: the easy path is kept beside the general one
    flows: Array, forward: Array, backward: Array, stack: Array, ends: Array, shares: Array
) -> tuple[float, int, int]:
    """Give the rate of one path, the number of rates and the status."""
    first, last = 0, flows.size - 1
    while first < last and flows[first] == 0.0:
        first += 1
    while last > first and flows[last] == 0.0:
        last -= 1
    size = last - first + 1
    total = 0.0
    for k in range(size):
        forward[k] = flows[first + k]
        backward[k] = flows[last - k]
        total += flows[first + k]
    changes = _variations(forward, size)
    if changes == 0:
        lowest = forward[0]
        return np.nan, 0, 2 if lowest <= 0.0 else 3
    if total == 0.0 and changes == 1:
        return 0.0, 1, 0
    if changes == 1:
        if (total < 0.0) != (forward[0] < 0.0):
            return 1.0 / _root_between(forward, size, 0.0, 1.0, forward[0], total) - 1.0, 1, 0
        return _root_between(backward, size, 0.0, 1.0, backward[0], total) - 1.0, 1, 0
    if shares.shape[0] != size:
        shares = _shares(size)
    above, x = _roots_inside(forward, size, stack, ends, shares)
    below, z = _roots_inside(backward, size, stack, ends, shares)
    count = above + below
    rate = np.inf
    if above > 0:
        rate = 1.0 / x - 1.0
    if below > 0 and 1.0 - z < rate:
        rate = z - 1.0
    if total == 0.0:
        count += 1
        rate = 0.0
    if count == 0:
        return np.nan, 0, 4
    return rate, count, 0 if count == 1 else 1


@compiled
def _rates(
    flows: Array,
    rates: Array,
    counts: NDArray[np.int64],
    status: NDArray[np.int64],
    first: int,
    end: int,
) -> None:
    years = flows.shape[1]
    forward = np.empty(years)
    backward = np.empty(years)
    stack = np.empty((DEEPEST + 2, years))
    ends = np.empty((DEEPEST + 2, 2))
    shares = _shares(years)
    for path in range(first, end):
        rates[path], counts[path], status[path] = _path_rate(
            flows[path], forward, backward, stack, ends, shares
        )


def internal_rate_of_return(flows: ArrayLike, *, workers: int | None = 1) -> InternalRates:
    r"""Find every rate above -1 at which a path's present value is zero; give the nearest to zero.

    .. math:: \sum_y c_{n,y}\,(1+r)^{-y} = 0

    One change of sign means one rate (rule of Descartes) and Newton's steps inside a bracket
    find it. With more changes the polynomial in :math:`1/(1+r)` (and, below zero, in
    :math:`1+r`) is halved in the basis of Bernstein until each piece holds none or one.

    Parameters
    ----------
    flows
        Cash by path and year; one path may be given as a list. [million/year]
    workers
        Threads; the bits do not depend on them.

    Returns
    -------
    InternalRates
        The chosen rate, the number of rates and the status of each path.

    Notes
    -----
    Of several rates, all of which solve the equation, the one nearest to zero is given; on a tie
    the positive one. Roots nearer to each other than about :math:`2^{-40}` in
    :math:`1/(1+r)` count as one.

    References
    ----------
    Rouillier and Zimmermann (2004), *Journal of Computational and Applied Mathematics* 162(1),
    33–50, for isolating roots by the rule of Descartes.

    Examples
    --------
    Pay 100, earn 230, pay 132: both 10 % and 20 % solve it, and 10 % is nearer to zero.

    >>> found = internal_rate_of_return([-100.0, 230.0, -132.0])
    >>> round(float(found.rates[0]), 9), int(found.counts[0])
    (0.1, 2)
    >>> RateStatus(internal_rate_of_return([-1.0, 0.0]).status[0]).name
    'NEVER_EARNS'
    """
    table = np.ascontiguousarray(np.atleast_2d(np.asarray(flows, dtype=np.float64)))
    if not np.isfinite(table).all():
        msg = "every flow must be finite"
        raise ValueError(msg)
    paths = len(table)
    rates = np.empty(paths)
    counts = np.empty(paths, dtype=np.int64)
    status = np.empty(paths, dtype=np.int64)
    over_paths(
        lambda first, end: _rates(table, rates, counts, status, first, end), paths, workers=workers
    )
    return InternalRates(rates, counts, status)
