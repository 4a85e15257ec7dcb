"""A model as plain numbers: columns, rows and the sparse matrix between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.foundation.errors import InternalError
from coercivity.foundation.problems import quoted

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]


class SparseMatrix(Protocol):
    """What is used of a ``scipy.sparse`` matrix or array."""

    shape: tuple[int, int]
    indptr: Any
    indices: Any
    data: Any

    def tocsc(self, copy: bool = False) -> SparseMatrix:
        """Give the matrix by columns."""

    def sum_duplicates(self) -> None:
        """Add up entries of the same place, and sort them."""

    def eliminate_zeros(self) -> None:
        """Drop entries that are zero."""


Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CoefficientRange:
    """Smallest and largest absolute value of each part; None where all are zero or infinite."""

    matrix: Range | None
    """Entries of the matrix."""
    cost: Range | None
    """Costs of the columns."""
    bounds: Range | None
    """Bounds of the columns."""
    rhs: Range | None
    """Bounds of the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    r"""Minimise :math:`c^T x + c_0` with :math:`l \le x \le u`, :math:`L \le A x \le U`.

    Build one with `Matrices.of`, which converts. A lower bound above its upper bound is allowed:
    such a model is infeasible. Names, where given, are unique and without spaces.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> model = Matrices.of(csc_array([[1.0, 1.0]]), cost=[2, 3], row_lower=[4], upper=[3, np.inf])
    >>> model.columns, model.rows, model.lower.tolist(), model.row_upper.tolist()
    (2, 1, [0.0, 0.0], [inf])
    >>> model.coefficient_range().cost
    (2.0, 3.0)
    """

    matrix: SparseMatrix
    """By columns (CSC), sorted, without duplicates or zeros, shape (rows, columns)."""
    cost: Array
    """Cost of one unit of each column."""
    lower: Array
    """Least value of each column."""
    upper: Array
    """Greatest value of each column."""
    integrality: Mask
    """Whether each column must be whole."""
    row_lower: Array
    """Least value of each row."""
    row_upper: Array
    """Greatest value of each row."""
    offset: float = 0.0
    """Cost that is paid in any case."""
    column_names: tuple[str, ...] | None = None
    """Name of each column."""
    row_names: tuple[str, ...] | None = None
    """Name of each row."""

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        for what, values, length in (
            ("cost", self.cost, columns),
            ("lower", self.lower, columns),
            ("upper", self.upper, columns),
            ("integrality", self.integrality, columns),
            ("row_lower", self.row_lower, rows),
            ("row_upper", self.row_upper, rows),
        ):
            if values.shape != (length,):
                msg = f"'{what}' has shape {values.shape}, the matrix asks for ({length},)."
                raise fault(msg)
        check_finite("the matrix", np.asarray(self.matrix.data))
        check_finite("cost", self.cost)
        check_finite("offset", np.array([self.offset]))
        check_sides("column", self.lower, self.upper)
        check_sides("row", self.row_lower, self.row_upper)
        check_names("column", self.column_names, columns)
        check_names("row", self.row_names, rows)

    @classmethod
    def of(
        cls,
        matrix: SparseMatrix,
        *,
        cost: ArrayLike,
        lower: ArrayLike | None = None,
        upper: ArrayLike | None = None,
        integrality: ArrayLike | None = None,
        row_lower: ArrayLike | None = None,
        row_upper: ArrayLike | None = None,
        offset: float = 0.0,
        column_names: Sequence[str] | None = None,
        row_names: Sequence[str] | None = None,
    ) -> Self:
        """Convert plain arrays; columns default to at least 0 and not whole, rows to free.

        Parameters
        ----------
        matrix
            Any ``scipy.sparse`` matrix or array, shape (rows, columns); it is copied.
        cost, lower, upper, integrality
            One value a column.
        row_lower, row_upper
            One value a row.
        offset
            Cost that is paid in any case.
        column_names, row_names
            Used when the model is written to a file.
        """
        rows, columns = matrix.shape
        by_columns = matrix.tocsc(copy=True)
        by_columns.sum_duplicates()
        by_columns.eliminate_zeros()
        return cls(
            matrix=by_columns,
            cost=floats(cost, columns, default=0.0),
            lower=floats(lower, columns, default=0.0),
            upper=floats(upper, columns, default=np.inf),
            integrality=np.zeros(columns, bool)
            if integrality is None
            else np.array(integrality, bool),
            row_lower=floats(row_lower, rows, default=-np.inf),
            row_upper=floats(row_upper, rows, default=np.inf),
            offset=float(offset),
            column_names=None if column_names is None else tuple(column_names),
            row_names=None if row_names is None else tuple(row_names),
        )

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.matrix.shape[1])

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.matrix.shape[0])

    def coefficient_range(self) -> CoefficientRange:
        """Measure how far apart the numbers lie: a wide range makes a solver inexact."""
        return CoefficientRange(
            matrix=extremes(np.asarray(self.matrix.data, dtype=float)),
            cost=extremes(self.cost),
            bounds=extremes(self.lower, self.upper),
            rhs=extremes(self.row_lower, self.row_upper),
        )


def extremes(*parts: Array) -> Range | None:
    """Find the smallest and largest absolute value that is neither zero nor infinite.

    Examples
    --------
    >>> extremes(np.array([0.0, -4.0]), np.array([np.inf, 0.5]))
    (0.5, 4.0)
    """
    sizes = np.abs(np.concatenate(parts))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return (float(sizes.min()), float(sizes.max())) if sizes.size else None


def fault(text: str) -> InternalError:
    """Make the error for a model that the program built wrongly."""
    msg = (
        f"The model handed to the solver is not well formed: {text} "
        "This is a fault of the program, not of the case: please report it.  [R005]"
    )
    return InternalError(msg)


def floats(values: ArrayLike | None, count: int, *, default: float) -> Array:
    """Copy values as floats, or repeat the default."""
    return np.full(count, default) if values is None else np.array(values, dtype=float)


def check_finite(what: str, values: Array) -> None:
    """Refuse NaN and infinity."""
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        msg = f"{what} holds {values[wrong[0]]} at position {wrong[0]}, where a number is needed."
        raise fault(msg)


def check_sides(what: str, lower: Array, upper: Array) -> None:
    """Refuse bounds that no number can be compared with."""
    for side, values, never in (("lower", lower, np.inf), ("upper", upper, -np.inf)):
        wrong = np.flatnonzero(np.isnan(values) | (values == never))
        if wrong.size:
            msg = f"the {side} bound of {what} {wrong[0]} is {values[wrong[0]]}."
            raise fault(msg)


def check_names(what: str, names: tuple[str, ...] | None, count: int) -> None:
    """Refuse names that are missing, repeated or that a model file cannot hold."""
    if names is None:
        return
    if len(names) != count:
        msg = f"there are {len(names)} {what} names for {count} {what}s."
        raise fault(msg)
    seen: set[str] = set()
    for name in names:
        if not name or name in seen or any(sign.isspace() for sign in name):
            msg = f"the {what} name {quoted(name)} is empty, repeated or holds a space."
            raise fault(msg)
        seen.add(name)
