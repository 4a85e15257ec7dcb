"""The effects of columns on every path, and the linear program over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from coercivity.alignment.package.bench import Bench, Levels
from coercivity.finance.compiled import Array
from coercivity.solvers import HighsModel, Matrices, SolveStatus

Places = NDArray[np.int64]
NOTHING = 1e-7
"""Effects below this would only trouble the solver. [million]"""
TAIL = 0.05
"""Part of the paths that a bad tail of public cost means. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A project as a straight line in the levels of its columns, path by path."""

    hurdle: Array
    """Equity value at the hurdle without a package. [million, real]"""
    treasury: Array
    """The same at the Treasury rate. [million, real]"""
    on_hurdle: Array
    """What a whole unit of each column adds to the first; ``(columns, paths)``. [million]"""
    on_treasury: Array
    """What it adds to the second. [million]"""
    cost: Array
    """What it costs the public. [million]"""
    most: Array
    """Largest level of each column. [fraction]"""
    groups: Mapping[str, tuple[tuple[int, ...], float]]
    """Columns that share a limit, and the limit. [fraction]"""

    @property
    def paths(self) -> int:
        """Number of paths."""
        return len(self.hurdle)

    def values(self, levels: Sequence[float]) -> Array:
        """Give equity value at the hurdle on each path. [million, real]

        Parameters
        ----------
        levels
            Of each column.
        """
        return np.asarray(self.hurdle + np.asarray(levels) @ self.on_hurdle)


def linearise(bench: Bench, at: Levels) -> Linear:
    r"""Measure the effect of every column by full appraisals around a package.

    .. math:: b_j = \frac{V(\theta) - V(\theta - \theta_j e_j)}{\theta_j}, \qquad
        a = V(\theta) - \sum_j \theta_j b_j

    path by path, with a reference level in place of :math:`\theta_j` for columns that are not
    in the package. Tax, debt sizing, idling and closing are inside; at :math:`\theta` the line
    is exact.

    Parameters
    ----------
    bench
        The project.
    at
        The package around which effects are measured.
    """
    full = bench.appraise(at)
    effects = [_effect(bench, at, k) for k in range(len(at))]
    on_hurdle = _stack([one[0] for one in effects], full.hurdle)
    on_treasury = _stack([one[1] for one in effects], full.hurdle)
    cost = _stack([one[2] for one in effects], full.hurdle)
    levels = np.asarray(at)
    return Linear(
        hurdle=full.hurdle - levels @ on_hurdle,
        treasury=full.treasury - levels @ on_treasury,
        on_hurdle=on_hurdle,
        on_treasury=on_treasury,
        cost=cost,
        most=np.array([column.most for column in bench.columns]),
        groups={
            group: (
                tuple(k for k, column in enumerate(bench.columns) if group in column.groups),
                limit,
            )
            for group, limit in bench.limits.items()
        },
    )


def _stack(rows: Sequence[Array], like: Array) -> Array:
    return np.array(rows) if rows else np.zeros((0, len(like)))


def _effect(bench: Bench, at: Levels, place: int) -> tuple[Array, Array, Array]:
    """Give what a unit of a column does on each path: two values to owners, and public cost."""
    column = bench.columns[place]
    others = list(at)
    step = at[place]
    if step <= 0:
        step = column.reference
        for group in column.groups:
            limit = bench.limits.get(group, np.inf)
            mine = [k for k, one in enumerate(bench.columns) if group in one.groups]
            if limit - sum(others[k] for k in mine) < step:
                for k in mine:
                    others[k] = 0.0
            step = min(step, limit)
    if step <= 0:
        nothing = np.zeros(bench.cash.paths)
        return nothing, nothing, nothing
    others[place] = 0.0
    without = bench.appraise(tuple(others))
    others[place] = step
    given = bench.appraise(tuple(others))
    return (
        (given.hurdle - without.hurdle) / step,
        (given.treasury - without.treasury) / step,
        (given.public - without.public) / step,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a package must do, and what is made small."""

    worth: float
    """Least mean equity value at the hurdle, margins included. [million, real]"""
    tail: float | None = None
    r"""Level :math:`\alpha` at which the bad tail of value at the Treasury rate must not be
    negative on average; None asks nothing of it. [fraction]"""
    bad_cost: bool = False
    """Whether the bad tail of public cost is made small in place of its mean."""
    least: Mapping[int, float] | None = None
    """Least levels of columns. [fraction]"""


def cheapest(linear: Linear, asked: Asked) -> Levels | None:
    r"""Find the levels of least public cost.

    .. math::

        \min_\theta E[c]^\top\theta \quad \text{s.t.} \quad
        E[a_\rho + b_\rho^\top\theta] \ge W, \qquad
        \alpha N \eta + \sum_n s_n \le 0, \quad
        s_n \ge -(a_{r,n} + b_{r,n}^\top\theta) - \eta, \quad s \ge 0

    The last line is :math:`CVaR_\alpha(-NPV_r) \le 0`, which implies
    :math:`P(NPV_r < 0) \le \alpha` on these paths and asks for more.

    Parameters
    ----------
    linear
        The project.
    asked
        What the package must do.

    Returns
    -------
    Levels or None
        None where no levels do it.

    Examples
    --------
    A grant of 1 brings 1 and costs 1; a credit brings 1 and costs 2:

    >>> ones = np.ones((1, 2))
    >>> line = Linear(
    ...     hurdle=np.full(2, -3.0), treasury=np.ones(2), on_hurdle=np.vstack([ones, ones]),
    ...     on_treasury=np.vstack([ones, ones]), cost=np.vstack([ones, 2 * ones]),
    ...     most=np.array([2.0, 9.0]), groups={},
    ... )
    >>> cheapest(line, Asked(worth=0.0))
    (2.0, 1.0)
    """
    model = linear_program(linear, asked)
    found = HighsModel(model).solve()
    if found.status is not SolveStatus.OPTIMAL or found.primal is None:
        return None
    levels = np.clip(found.primal[: len(linear.most)], 0.0, linear.most)
    return tuple(float(f"{level:.9g}") for level in levels)


class _Rows:
    """Rows of a sparse matrix as they are written."""

    def __init__(self) -> None:
        self.places: list[tuple[Places, Places, Array]] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(
        self, columns: Places, values: Array, *, lower: float = -np.inf, upper: float = np.inf
    ) -> None:
        row = np.full(len(columns), len(self.lower))
        self.places.append((row, np.asarray(columns), np.asarray(values)))
        self.lower.append(lower)
        self.upper.append(upper)

    def matrix(self, columns: int) -> coo_array:
        rows = np.concatenate([one[0] for one in self.places])
        places = np.concatenate([one[1] for one in self.places])
        values = np.concatenate([one[2] for one in self.places])
        values = np.where(np.abs(values) < NOTHING, 0.0, values)
        return coo_array((values, (rows, places)), shape=(len(self.lower), columns))


def linear_program(linear: Linear, asked: Asked) -> Matrices:
    """Write the linear program; columns are levels, then each tail's cut and its slacks.

    Parameters
    ----------
    linear
        The project.
    asked
        What the package must do.
    """
    number, paths = len(linear.most), linear.paths
    levels = np.arange(number)
    rows = _Rows()
    mean = linear.on_hurdle.mean(axis=1)
    rows.add(levels, mean, lower=asked.worth - float(linear.hurdle.mean()))
    for mine, limit in linear.groups.values():
        if mine and np.isfinite(limit):
            rows.add(np.array(mine), np.ones(len(mine)), upper=limit)
    total, cost = number, list(linear.cost.mean(axis=1))
    if asked.tail is not None:
        _tail_rows(rows, -linear.treasury, -linear.on_treasury, total, share=asked.tail)
        total += 1 + paths
        cost += [0.0] * (1 + paths)
    if asked.bad_cost:
        _tail_rows(rows, np.zeros(paths), linear.cost, total, share=None)
        cost = [0.0] * total + [1.0] + [1.0 / (TAIL * paths)] * paths
        total += 1 + paths
    lower, upper = np.zeros(total), np.full(total, np.inf)
    upper[:number] = linear.most
    for place, level in (asked.least or {}).items():
        lower[place] = min(level, linear.most[place])
    for cut in range(number, total, 1 + paths):
        lower[cut] = -np.inf
    return Matrices.of(
        rows.matrix(total),
        cost=cost,
        lower=lower,
        upper=upper,
        row_lower=rows.lower,
        row_upper=rows.upper,
    )


def _tail_rows(rows: _Rows, loss: Array, on_loss: Array, cut: int, *, share: float | None) -> None:
    """Write slacks above a cut; with a share, the mean of that tail must not be a loss."""
    paths = len(loss)
    slacks = cut + 1 + np.arange(paths)
    levels = np.arange(len(on_loss))
    if share is not None:
        weights = np.concatenate([[share * paths], np.ones(paths)])
        rows.add(np.concatenate([[cut], slacks]), weights, upper=0.0)
    first = len(rows.lower)
    count = len(levels)
    row = first + np.arange(paths)
    rows.places.append((np.repeat(row, count), np.tile(levels, paths), -on_loss.T.ravel()))
    rows.places.append((row, np.full(paths, cut), np.ones(paths)))
    rows.places.append((row, slacks, np.ones(paths)))
    rows.lower += list(loss)
    rows.upper += [np.inf] * paths
