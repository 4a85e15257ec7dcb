"""What may be sent to the solver, checked before it is sent."""

from __future__ import annotations

import logging

import highspy
import numpy as np
from numpy.typing import ArrayLike

from coercivity.foundation.errors import InternalError
from coercivity.solvers.matrices import Array, Indices, Matrices, check_finite, fault

TOO_SMALL = 1e-9
TOO_LARGE = 1e15
INFINITE_COST = 1e20

logger = logging.getLogger(__name__)


def new_highs() -> highspy.Highs:
    """Make a silent, empty solver."""
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    expect(highs.setOptionValue("output_flag", False), "be silent")
    return highs


def expect(status: highspy.HighsStatus, doing: str) -> None:
    """Refuse to go on where the solver refused."""
    if status == highspy.HighsStatus.kError:
        msg = f"The solver refused to {doing}. This is a fault of the program: report it.  [R005]"
        raise InternalError(msg)


def positions(what: str, given: ArrayLike, number: int) -> Indices:
    """Check positions of columns or rows: within the model, none twice."""
    at = np.atleast_1d(np.asarray(given))
    if at.size == 0:
        return np.zeros(0, dtype=np.int64)
    if at.dtype.kind not in "iu":
        msg = f"{what} positions must be whole numbers, not {at.dtype}."
        raise fault(msg)
    if at.min() < 0 or at.max() >= number or np.unique(at).size != at.size:
        msg = f"{what} positions lie outside 0 to {number - 1} or repeat."
        raise fault(msg)
    return at.astype(np.int64)


def spread(what: str, given: ArrayLike, at: Indices) -> Array:
    """Give one value a position, from one value or from as many."""
    values = np.asarray(given, dtype=float)
    if values.ndim == 0:
        return np.full(at.shape, float(values))
    if values.shape != at.shape:
        msg = f"'{what}' has {values.size} values for {at.size} positions."
        raise fault(msg)
    return values.copy()


def check_costs(costs: Array) -> None:
    """Refuse costs that the solver would take as infinite."""
    check_finite("cost", costs)
    if costs.size and np.abs(costs).max() >= INFINITE_COST:
        msg = f"a cost is {np.abs(costs).max():g}; from {INFINITE_COST:g} on it means infinite."
        raise fault(msg)


def check_sizes(matrices: Matrices) -> None:
    """Refuse entries that the solver refuses, and tell of those that it takes as zero."""
    check_costs(matrices.cost)
    sizes = np.abs(np.asarray(matrices.matrix.data, dtype=float))
    if sizes.size and sizes.max() >= TOO_LARGE:
        msg = f"an entry of the matrix is {sizes.max():g}; it must be below {TOO_LARGE:g}."
        raise fault(msg)
    small = int((sizes <= TOO_SMALL).sum())
    if small:
        logger.warning(
            "%d entries of the model are at most %g in size; the solver takes them as zero.",
            small,
            TOO_SMALL,
        )
