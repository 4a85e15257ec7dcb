"""The best of a few whole columns, found by branching on a model that stays loaded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.builder import Array, Labels
from coercivity.foundation.errors import Stopped
from coercivity.solvers import HighsModel, Solution, SolveLimits, SolveStatus, StopSignal

WHOLE = 1e-6
"""How far from whole a value may be. [unit of the column]"""
ROUNDING = 1e-9
"""Difference of two costs that is rounding, as a share of them. [fraction]"""
NODES = 400
"""Linear models after which a search stops without a proof. [count]"""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """The best whole values of some columns."""

    solution: Solution | None
    """The linear model with them; None where no values are allowed."""
    nodes: int
    """Linear models solved. [count]"""
    proven: bool
    """Whether nothing better exists; False where the search was cut off."""


def settle(
    highs: HighsModel,
    columns: Labels,
    *,
    lower: Array,
    upper: Array,
    stop: StopSignal | None = None,
) -> Settled:
    """Find the cheapest whole values of some columns between bounds, all others as they stand.

    Depth-first branch and bound; each linear model starts from the vertex of the last one, which
    is what makes a handful of columns cheap in a large model. The bounds stay changed.

    Parameters
    ----------
    highs
        The loaded model. Its other whole columns are taken as they are bounded.
    columns
        Positions of the columns to be settled.
    lower, upper
        Their bounds. [unit of the column]
    stop
        Stops it.

    Raises
    ------
    Stopped
        If the user stopped it.

    Examples
    --------
    Two modules of 3 t for 5 each, or at most 4 t bought at 3 a tonne, serve 4 t:

    >>> from scipy.sparse import csc_array
    >>> from coercivity.solvers import Matrices
    >>> model = HighsModel(Matrices.of(
    ...     csc_array([[3.0, 1.0]]), cost=[5, 3], upper=[2, 4], row_lower=[4]))
    >>> found = settle(model, np.array([0]), lower=np.array([0.0]), upper=np.array([2.0]))
    >>> found.solution.objective, found.solution.primal.tolist()
    (8.0, [1.0, 1.0])
    """
    best: Solution | None = None
    waiting = [(lower, upper)]
    nodes = 0
    while waiting and nodes < NODES:
        low, high = waiting.pop()
        highs.set_bounds(columns, low, high)
        found = highs.solve(SolveLimits(), integers=False, stop=stop)
        nodes += 1
        if found.status is SolveStatus.STOPPED:
            msg = "Stopped while a plan was being explained; what was found is kept.  [R004]"
            raise Stopped(msg)
        if found.primal is None or not _better(found, best):
            continue
        values = found.primal[columns]
        away = np.abs(values - np.rint(values))
        if away.size == 0 or away.max() <= WHOLE:
            best = found
            continue
        waiting.extend(_branches(low, high, int(np.argmax(away)), values))
    return Settled(best, nodes, not waiting)


def _better(found: Solution, best: Solution | None) -> bool:
    if best is None or best.objective is None or found.objective is None:
        return True
    return found.objective < best.objective - ROUNDING * max(1.0, abs(best.objective))


def _branches(low: Array, high: Array, place: int, values: Array) -> list[tuple[Array, Array]]:
    """Split at a column; the side nearer to its value comes last, to be looked at first."""
    below, above = high.copy(), low.copy()
    below[place] = np.floor(values[place])
    above[place] = np.ceil(values[place])
    sides = [(low, below), (above, high)]
    return sides if values[place] - below[place] >= 0.5 else sides[::-1]
