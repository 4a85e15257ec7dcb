"""A model in the form that HiGHS loads, and models that need no solver."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import ArrayLike

from coercivity.solvers.matrices import Array, Matrices, fault
from coercivity.solvers.port import ModelNumbers, Solution, SolveStatus


def as_lp(matrices: Matrices, numbers: ModelNumbers) -> highspy.HighsLp:
    """Write a model, with its numbers as they stand, as HiGHS takes it."""
    matrix = matrices.matrix
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrices.columns, matrices.rows
    lp.offset_ = matrices.offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = numbers.cost, numbers.lower, numbers.upper
    lp.row_lower_, lp.row_upper_ = numbers.row_lower, numbers.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = np.asarray(matrix.indptr, dtype=np.int32)
    lp.a_matrix_.index_ = np.asarray(matrix.indices, dtype=np.int32)
    lp.a_matrix_.value_ = np.asarray(matrix.data, dtype=float)
    if matrices.integrality.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in matrices.integrality]
    return lp


def one_each(given: ArrayLike, columns: int) -> Array:
    """Check that a solution has one value a column."""
    values = np.asarray(given, dtype=float)
    if values.shape != (columns,):
        msg = f"a solution of shape {values.shape} meets {columns} columns."
        raise fault(msg)
    return values


def without_columns(matrices: Matrices, lower: Array, upper: Array) -> Solution:
    """Answer for a model of constants, of which HiGHS only says that it is empty."""
    if ((lower > 0) | (upper < 0)).any():
        return Solution(SolveStatus.INFEASIBLE)
    cost, none, rows = matrices.offset, np.zeros(0), np.zeros(matrices.rows)
    return Solution(SolveStatus.OPTIMAL, cost, cost, none, rows, none.copy())
