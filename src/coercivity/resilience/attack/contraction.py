"""Places between which material moves freely both ways, made one place.

Where only tonnes are counted, moves cost nothing. Places that reach each other on lanes without a
limit can then be balanced together: whatever is left over at one can always be brought to another.
Lanes that join the same two places are one lane. Both leave what is counted exactly as it was.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from coercivity.dispatch.builder import Labels
from coercivity.resilience.attack.formulation import Formulation
from coercivity.solvers import Matrices

Mask = NDArray[np.bool_]


def contracted(form: Formulation) -> Formulation:
    """Balance places together that reach each other freely.

    Lanes of explicit links stay, since a link can fail. Not for models in which cost is counted,
    nor for shocks that close borders.

    Parameters
    ----------
    form
        The chain.
    """
    free, start, end = _free(form)
    rows, groups = _grouped_rows(form.matrices.rows, start, end)
    gather = csr_array(
        (np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(groups, len(rows))
    )
    kept = _kept(form.matrices.columns, free, rows[start], rows[end])
    base = form.matrices
    # Rows that are balances have a right side of zero; all others stay alone.
    first = np.zeros(groups, dtype=np.int64)
    first[rows[::-1]] = np.arange(len(rows))[::-1]
    by_rows = csr_array((gather @ form.by_rows)[:, kept])
    by_rows.eliminate_zeros()
    matrices = Matrices.of(
        by_rows,
        cost=base.cost[kept],
        lower=base.lower[kept],
        upper=base.upper[kept],
        row_lower=base.row_lower[first],
        row_upper=base.row_upper[first],
    )
    places = np.full(base.columns, -1, dtype=np.int64)
    places[kept] = np.arange(len(kept))
    return replace(
        form,
        matrices=matrices,
        by_rows=by_rows,
        column_of=np.where(form.column_of >= 0, places[form.column_of], -1),
        row_of=np.where(form.row_of >= 0, rows[form.row_of], -1),
        column_period=form.column_period[kept],
        row_period=form.row_period[first],
    )


def _free(form: Formulation) -> tuple[Labels, Labels, Labels]:
    """Find columns that move material without limit, and the rows they join."""
    blocks, lanes = form.model.builder.blocks, form.case.lanes
    flow = form.model.operation.flow
    unlinked = np.array([lanes[n].link is None for n in flow.index["lane"]], dtype=bool)
    moves = form.columns(flow)[unlinked] if len(flow) else np.zeros(0, dtype=np.int64)
    columns = np.concatenate([moves, form.columns(blocks["downgrade"])])
    columns = np.sort(columns[columns >= 0])
    columns = columns[np.isinf(form.matrices.upper[columns])]
    entries = csc_array(form.by_rows)[:, columns]
    simple = np.diff(entries.indptr) == 2
    columns, entries = columns[simple], csc_array(entries[:, simple])
    values = entries.data.reshape(-1, 2)
    ends = entries.indices.reshape(-1, 2)
    plain = (np.abs(values) == 1).all(axis=1) & (values.sum(axis=1) == 0)
    columns, values, ends = columns[plain], values[plain], ends[plain]
    start = np.where(values[:, 0] < 0, ends[:, 0], ends[:, 1])
    end = np.where(values[:, 0] < 0, ends[:, 1], ends[:, 0])
    return columns, start.astype(np.int64), end.astype(np.int64)


def _grouped_rows(count: int, start: Labels, end: Labels) -> tuple[Labels, int]:
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(count, count))
    groups, labels = connected_components(graph, directed=True, connection="strong")
    return np.asarray(labels, dtype=np.int64), int(groups)


def _kept(count: int, free: Labels, start: Labels, end: Labels) -> Labels:
    """Drop columns inside a group, and all but one of those that join the same two."""
    kept = np.ones(count, dtype=bool)
    kept[free] = False
    outside = start != end
    pairs = np.stack([start[outside], end[outside]], axis=1)
    _, first = np.unique(pairs, axis=0, return_index=True)
    kept[free[outside][first]] = True
    return np.flatnonzero(kept)
