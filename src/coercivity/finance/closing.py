"""When a plant is closed for good: once going on is worth less than closing, or after idle years.

Closing is decided at the end of a year on what is seen by then. The rule is a threshold for each
year, below which a plant is closed; it is found backwards from the last year on the paths.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array

LEARNING_PATHS = 5000
"""Paths that are enough to find thresholds on; the others only follow them. [path]"""


def years_of_standing(idle: NDArray[np.bool_], *, patience: int) -> NDArray[np.int64]:
    """Give the year in which a plant has stood idle for too long; the number of years if never.

    Parameters
    ----------
    idle
        By path and year.
    patience
        Years running after which an idle plant is closed. [year]

    Examples
    --------
    >>> years_of_standing(np.array([[True, False, True, True, True]]), patience=2).tolist()
    [3]
    """
    paths, years = idle.shape
    running, found = np.zeros(paths, dtype=np.int64), np.full(paths, years, dtype=np.int64)
    for year in range(years):
        running = np.where(idle[:, year], running + 1, 0)
        found = np.where((running >= patience) & (found == years), year, found)
    return found


def rational_closing(
    flows: Array,
    signs: Sequence[Array],
    *,
    worth_of_closing: Array,
    started: NDArray[np.int64],
    latest: NDArray[np.int64],
) -> NDArray[np.int64]:
    r"""Close a plant at the end of the first year in which going on is worth less than closing.

    .. math::

        k_y^* = \arg\max_k \sum_n \begin{cases} S_{n,y} & x_{n,y} < k \\
        \sum_{z>y} v_{n,z} & \text{else} \end{cases}

    year by year from the last, with flows v under the later thresholds: the best rule that closes
    where a sign x seen in that year is low. Of several signs each year takes the one that does
    best, and none where none gains, so that a rule never does worse than going on, whatever the
    margin. Since the thresholds are best, a small loss of margin costs what it costs directly:
    closing never makes a poorer plant worth more.

    Parameters
    ----------
    flows
        Of going on, by path and year, discounted to one time; of all paths, or of the first, on
        which thresholds are found. [present value]
    signs
        What is seen at the end of each year, by path and year: the lower, the worse. [any]
    worth_of_closing
        S, got on closing at the end of each year. [present value]
    started
        Year of each path before which it is not closed. [year]
    latest
        Year in which each path closes anyway; the number of years where none does. [year]

    Returns
    -------
    NDArray
        Last year of each path; the number of years where it is not closed. [year]

    Examples
    --------
    A price that falls and stays low, on 100 paths, and one that stays high, on as many:

    >>> low, high = np.array([5.0, -1.0, -1.0, -1.0]), np.array([5.0, 5.0, 5.0, 5.0])
    >>> flows = np.repeat([low, high], 100, axis=0)
    >>> none = np.full(200, 4)
    >>> when = rational_closing(
    ...     flows, [flows], worth_of_closing=np.zeros((1, 4)), started=0 * none, latest=none
    ... )
    >>> when[0].tolist(), when[-1].tolist()
    (1, 4)
    """
    few = slice(0, len(flows))
    rules = _learn(
        flows,
        [sign[few] for sign in signs],
        np.broadcast_to(worth_of_closing, flows.shape),
        started[few],
        latest[few],
    )
    found = latest.copy()
    for year, (which, threshold) in rules.items():
        hits = (signs[which][:, year] < threshold) & (started <= year)
        found = np.where(hits & (found > year), year, found)
    return found


def _learn(
    flows: Array,
    signs: Sequence[Array],
    closing: Array,
    started: NDArray[np.int64],
    latest: NDArray[np.int64],
) -> dict[int, tuple[int, float]]:
    """Find for each year the sign and the threshold that gain most, from the last year back."""
    years = flows.shape[1]
    rules: dict[int, tuple[int, float]] = {}
    going_on = np.zeros(len(flows))
    for year in range(years - 2, -1, -1):
        going_on = going_on + flows[:, year + 1]
        going_on = np.where(latest == year, closing[:, year], going_on)
        open_paths = np.flatnonzero((started <= year) & (latest > year))
        gains = (closing[:, year] - going_on)[open_paths]
        if not len(gains) or gains.max() <= 0.0:
            continue
        found = [_threshold(sign[open_paths, year], gains) for sign in signs]
        which = int(np.argmax([gain for gain, _ in found]))
        gain, threshold = found[which]
        if gain > 0.0:
            rules[year] = (which, threshold)
            shut = open_paths[signs[which][open_paths, year] < threshold]
            going_on[shut] = closing[shut, year]
    return rules


def _threshold(sign: Array, gains: Array) -> tuple[float, float]:
    """Give the gain of the best threshold, and the threshold."""
    order = np.argsort(sign, kind="stable")
    ranked, sums = sign[order], np.cumsum(gains[order])
    # Equal signs close together: only the last of each may end those that close.
    last = np.append(ranked[1:] > ranked[:-1], True)
    sums = np.where(last, sums, -np.inf)
    best = int(np.argmax(sums))
    if best == len(ranked) - 1:
        return float(sums[best]), np.inf
    return float(sums[best]), float(0.5 * (ranked[best] + ranked[best + 1]))
