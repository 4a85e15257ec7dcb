"""A smaller model with the same answers, whatever is lost.

Three things are taken out, none of which a loss can bring back, since losses only lower upper
limits: columns that are fixed; columns that a row of others holds at their least; and rows that
make one column a multiple of another, such as a place that is only passed through. Where two
columns then join the same rows, the dearer is left out if nothing can limit the cheaper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from coercivity.dispatch.builder import Labels
from coercivity.foundation.periods import Array
from coercivity.solvers import Matrices

Mask = NDArray[np.bool_]
FAR = 1e4
"""A column is not written as a larger or smaller multiple of another than this. [1]"""
PAIR = 2
"""Entries of a row that ties two columns together, and of a column that joins two rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Smaller:
    """A model whose columns stand for one or several of another: :math:`x_j = v_j + f_j X_{g(j)}`.

    Examples
    --------
    What comes in goes out, so one column is enough:

    >>> passing = Matrices.of(
    ...     csc_array([[1.0, -1.0], [0.0, 1.0]]), cost=[2, 3], row_lower=[0, 4], row_upper=[0, 9])
    >>> small = smaller(passing, touched=np.zeros(2, dtype=bool), counted=np.zeros(2))
    >>> small.matrices.columns, small.matrices.rows, small.matrices.cost.tolist()
    (1, 1, [5.0])
    >>> small.whole(np.array([4.0])).tolist()
    [4.0, 4.0]
    """

    matrices: Matrices
    """The smaller model."""
    by_rows: csr_array
    """The same entries, by rows."""
    counted: Array
    """What one unit of each of its columns adds to what is counted."""
    counted_anyway: float
    """What is counted of columns that are taken out."""
    group: Labels
    """Column that stands for each column of the whole model; −1 where it is taken out."""
    factor: Array
    """Multiple of it that the column is. [1]"""
    value: Array
    """Value of columns that are taken out, 0 for all others."""
    row_of: Labels
    """Row of each row of the whole model; −1 where it is taken out."""

    def whole(self, primal: Array) -> Array:
        """Give the value of every column of the whole model."""
        return np.asarray(self.value + self.factor * np.append(primal, 0.0)[self.group])

    def limits(
        self, rows: Mapping[int, float], columns: Mapping[int, float]
    ) -> tuple[dict[int, float], dict[int, float]]:
        """Carry upper limits over to the rows and columns of the smaller model.

        Parameters
        ----------
        rows, columns
            Upper limits by position in the whole model.
        """
        found: dict[int, float] = {}
        for row, most in rows.items():
            place = int(self.row_of[row])
            if place >= 0:
                # What columns that are taken out use of the row is used already.
                found[place] = most - float(self._used[row])
        held: dict[int, float] = {}
        for column, most in columns.items():
            place = int(self.group[column])
            if place >= 0:
                own = float(most / self.factor[column])
                held[place] = min(held.get(place, float(self.matrices.upper[place])), own)
        return found, held

    _used: Array
    """What columns that are taken out use of each row of the whole model."""


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """How far columns have been put together."""

    base: Matrices
    by_rows: csr_array
    counted: Array
    touched: Mask
    """Columns that a loss may limit."""
    group: Labels
    factor: Array
    value: Array
    groups: int

    @classmethod
    def of(cls, base: Matrices, by_rows: csr_array, touched: Mask, counted: Array) -> Self:
        """Begin with every column alone, those that are fixed taken out."""
        fixed = base.lower == base.upper
        group = np.where(fixed, -1, np.cumsum(~fixed) - 1).astype(np.int64)
        value = np.where(fixed, base.lower, 0.0)
        ones = np.ones(base.columns)
        return cls(base, by_rows, counted, touched, group, ones, value, int((~fixed).sum()))

    @property
    def members(self) -> Labels:
        """Columns of the whole model that are still there."""
        return np.flatnonzero(self.group >= 0)

    def carry(self) -> csr_array:
        """Give the multiples, columns of the whole model by columns of the smaller one."""
        at = self.members
        return csr_array(
            (self.factor[at], (at, self.group[at])), shape=(self.base.columns, self.groups)
        )

    def gathered(self, values: Array) -> Array:
        """Add a number up over the columns that one stands for."""
        at = self.members
        weights = values[at] * self.factor[at]
        found = np.bincount(self.group[at], weights=weights, minlength=self.groups)
        return np.asarray(found, dtype=np.float64)

    def bounds(self) -> tuple[Array, Array]:
        """Give the bounds under which all that a column stands for are within theirs."""
        at = self.members
        lower, upper = np.full(self.groups, -np.inf), np.full(self.groups, np.inf)
        np.maximum.at(lower, self.group[at], self.base.lower[at] / self.factor[at])
        np.minimum.at(upper, self.group[at], self.base.upper[at] / self.factor[at])
        return lower, upper

    def sides(self) -> tuple[Array, Array]:
        """Give the sides of all rows, less what columns that are taken out use."""
        used = self.by_rows @ self.value
        return self.base.row_lower - used, self.base.row_upper - used

    def without(self, dropped: Mask, at: Array) -> _State:
        """Take columns out at a value."""
        there = self.members[dropped[self.group[self.members]]]
        value = self.value.copy()
        value[there] = self.factor[there] * at[self.group[there]]
        new = np.append(np.where(dropped, -1, np.cumsum(~dropped) - 1), -1).astype(np.int64)
        return replace(self, group=new[self.group], value=value, groups=int((~dropped).sum()))

    def merged(self, gone: Labels, into: Labels, ratio: Array) -> _State:
        """Write columns as multiples of others."""
        target, multiple = np.arange(self.groups + 1), np.ones(self.groups + 1)
        target[gone], multiple[gone] = into, ratio
        left = np.ones(self.groups, dtype=bool)
        left[gone] = False
        new = np.append(np.where(left, np.cumsum(left) - 1, -1), -1).astype(np.int64)
        factor = self.factor * multiple[self.group]
        # The last place is that of columns that are taken out: −1 stays −1.
        target[self.groups] = self.groups
        return replace(self, group=new[target[self.group]], factor=factor, groups=int(left.sum()))


def smaller(base: Matrices, *, touched: Mask, counted: Array) -> Smaller:
    """Make a model smaller.

    Parameters
    ----------
    base
        The model, without whole columns.
    touched
        Columns that a loss may limit; limits of rows may fall in any case.
    counted
        What one unit of each column adds to what is counted: it may be limited from above.
    """
    state = _State.of(base, csr_array(base.matrix), touched, counted)
    while True:
        before = state.groups
        state = _cheaper_only(_tied(_at_their_least(state)))
        if state.groups == before:
            return _written(state)


def _at_their_least(state: _State) -> _State:
    """Take columns out that a row holds at their least, until there are none."""
    while True:
        matrix, (lower, _) = csr_array(state.by_rows @ state.carry()), state.bounds()
        low, high = state.sides()
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        givers = np.bincount(rows[matrix.data > 0], minlength=len(low))
        takers = np.bincount(rows[matrix.data < 0], minlength=len(low))
        known = np.isfinite(lower)
        least = matrix @ np.where(known, lower, 0.0)
        sure = np.bincount(rows[~known[matrix.indices]], minlength=len(low)) == 0
        held = sure & (
            ((givers == 0) & (takers > 0) & (least <= low))
            | ((takers == 0) & (givers > 0) & (least >= high))
        )
        dropped = np.zeros(state.groups, dtype=bool)
        dropped[matrix.indices[held[rows]]] = True
        if not dropped.any():
            return state
        state = state.without(dropped, np.where(known, lower, 0.0))


def _tied(state: _State) -> _State:
    """Put two columns together where a row makes one a multiple of the other."""
    while True:
        matrix = csr_array(state.by_rows @ state.carry())
        matrix.eliminate_zeros()
        low, high = state.sides()
        two = np.flatnonzero((np.diff(matrix.indptr) == PAIR) & (low == 0) & (high == 0))
        first = matrix.indptr[two]
        one, other = matrix.indices[first], matrix.indices[first + 1]
        ratio = -matrix.data[first + 1] / matrix.data[first]
        usable = (ratio >= 1 / FAR) & (ratio <= FAR)
        gone, into, taken = [], [], np.zeros(state.groups, dtype=bool)
        ratios = []
        for left, right, multiple in zip(
            one[usable].tolist(), other[usable].tolist(), ratio[usable].tolist(), strict=True
        ):
            if not (taken[left] or taken[right]):
                taken[left] = taken[right] = True
                gone.append(left)
                into.append(right)
                ratios.append(multiple)
        if not gone:
            return state
        state = state.merged(
            np.array(gone, dtype=np.int64), np.array(into, dtype=np.int64), np.array(ratios)
        )


def _cheaper_only(state: _State) -> _State:
    """Of columns that join the same two rows alike, drop those dearer than one without limit."""
    matrix, (lower, upper) = csc_array(state.by_rows @ state.carry()), state.bounds()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    hit = np.zeros(state.groups, dtype=bool)
    there = state.members
    hit[state.group[there[state.touched[there]]]] = True
    plain = (np.diff(matrix.indptr) == PAIR) & (lower == 0) & (state.gathered(state.counted) == 0)
    places = np.flatnonzero(plain)
    first = matrix.indptr[places]
    size = np.abs(matrix.data[first])
    cost = state.gathered(state.base.cost)[places] / size
    keys = (
        matrix.indices[first],
        matrix.indices[first + 1],
        np.sign(matrix.data[first]),
        matrix.data[first + 1] / size,
    )
    order = np.lexsort((places, cost, *keys[::-1]))
    starts = np.ones(len(order), dtype=bool)
    alike = [key[order][1:] == key[order][:-1] for key in keys]
    starts[1:] = ~np.logical_and.reduce(alike)
    steady = (np.isinf(upper) & ~hit)[places][order]
    # Behind the first steady one of its kind, everything is at least as dear.
    seen: Labels = np.cumsum(steady) - steady
    before: Labels = np.repeat(seen[starts], np.diff(np.append(np.flatnonzero(starts), len(order))))
    dropped = np.zeros(state.groups, dtype=bool)
    dropped[places[order[seen > before]]] = True
    return state.without(dropped, np.zeros(state.groups))


def _written(state: _State) -> Smaller:
    base, (low, high), (lower, upper) = state.base, state.sides(), state.bounds()
    matrix = csr_array(state.by_rows @ state.carry())
    matrix.eliminate_zeros()
    rows = np.flatnonzero(np.diff(matrix.indptr) > 0)
    row_of = np.full(base.rows, -1, dtype=np.int64)
    row_of[rows] = np.arange(len(rows))
    by_rows = csr_array(matrix[rows])
    return Smaller(
        matrices=Matrices.of(
            by_rows,
            cost=state.gathered(base.cost),
            lower=lower,
            upper=upper,
            row_lower=low[rows],
            row_upper=high[rows],
            offset=base.offset + float(base.cost @ state.value),
        ),
        by_rows=by_rows,
        counted=state.gathered(state.counted),
        counted_anyway=float(state.counted @ state.value),
        group=state.group,
        factor=state.factor,
        value=state.value,
        row_of=row_of,
        _used=np.asarray(state.by_rows @ state.value),
    )
