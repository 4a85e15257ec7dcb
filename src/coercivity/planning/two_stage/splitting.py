"""Cut a model into the columns decided before the scenario is known and all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from coercivity.planning.two_stage.problem import Recourse
from coercivity.solvers import Matrices
from coercivity.solvers.matrices import Indices


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A model in two parts, and where each part stood."""

    first: Matrices
    """First-stage columns with the rows that touch nothing else."""
    recourse: Recourse
    """All other columns and rows."""
    first_columns: Indices
    """Position of each first-stage column in the model."""
    recourse_columns: Indices
    """Position of each other column in the model."""
    first_rows: Indices
    """Position of each row of the first stage in the model."""
    recourse_rows: Indices
    """Position of each other row in the model."""

    def joined(self, first: ArrayLike, recourse: ArrayLike) -> np.ndarray:
        """Put values of both parts into the order of the model."""
        values = np.empty(self.first_columns.size + self.recourse_columns.size)
        values[self.first_columns] = first
        values[self.recourse_columns] = recourse
        return values


def split_model(
    matrices: Matrices, first_columns: ArrayLike, *, name: str, probability: float
) -> Split:
    """Cut a model of one scenario into first stage and recourse.

    Rows that touch first-stage columns only belong to the first stage; a row without any entry
    belongs to the recourse, where it makes the scenario infeasible if it cannot hold. The
    constant cost goes with the recourse.

    Parameters
    ----------
    matrices
        The model of the scenario, as if it were certain.
    first_columns
        Positions of the columns that are decided before the scenario is known.
    name
        Name of the scenario.
    probability
        Its probability. [fraction]

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> model = Matrices.of(
    ...     csc_array([[1.0, 1.0, 0.0], [0.0, -5.0, 1.0]]), cost=[4, 6, -1], row_upper=[2, 0])
    >>> split = split_model(model, [0, 1], name="as expected", probability=1.0)
    >>> split.first.rows, split.recourse.model.rows, split.recourse.technology.toarray().tolist()
    (1, 1, [[0.0, -5.0]])
    """
    inside = np.zeros(matrices.columns, dtype=bool)
    inside[np.asarray(first_columns, dtype=np.int64)] = True
    by_row = csr_array(matrices.matrix)
    early, late = by_row[:, inside], by_row[:, ~inside]
    alone = (np.diff(early.indptr) > 0) & (np.diff(late.indptr) == 0)
    return Split(
        first=_part(matrices, early[alone], inside, alone, offset=0.0),
        recourse=Recourse(
            name,
            probability,
            early[~alone].tocsc(),
            _part(matrices, late[~alone], ~inside, ~alone, offset=matrices.offset),
        ),
        first_columns=np.flatnonzero(inside),
        recourse_columns=np.flatnonzero(~inside),
        first_rows=np.flatnonzero(alone),
        recourse_rows=np.flatnonzero(~alone),
    )


def _part(
    matrices: Matrices,
    matrix: csr_array,
    columns: np.ndarray,
    rows: np.ndarray,
    *,
    offset: float,
) -> Matrices:
    return Matrices.of(
        matrix,
        cost=matrices.cost[columns],
        lower=matrices.lower[columns],
        upper=matrices.upper[columns],
        integrality=matrices.integrality[columns],
        row_lower=matrices.row_lower[rows],
        row_upper=matrices.row_upper[rows],
        offset=offset,
    )
