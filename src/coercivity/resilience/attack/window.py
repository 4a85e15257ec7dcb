"""The part of a chain from one period on, the last of which may be cut short."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array

from coercivity.dispatch.builder import Labels
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.formulation import Formulation
from coercivity.solvers import Basis, HighsModel, Matrices, SolveLimits, SolveStatus

KEPT_FAMILIES = ("stock_carried", "stock_within_room")
"""Rows about tonnes that lie somewhere, whose right sides are amounts and not rates."""


def opened(form: Formulation, past: Array, *, first: int) -> Formulation:
    """Begin at a period, with the stocks and reserves that the past has left.

    Parameters
    ----------
    form
        The chain.
    past
        What was done undisturbed, a value a column of it.
    first
        First period that is open.
    """
    if first == 0:
        return form
    base = form.matrices
    levels = form.columns(form.model.operation.storage.level)
    levels = levels[levels >= 0]
    handed_on = levels[form.column_period[levels] == first - 1]
    before = (form.column_period >= 0) & (form.column_period < first)
    before[handed_on] = False
    rows = np.flatnonzero((form.row_period < 0) | (form.row_period >= first))
    columns = np.flatnonzero(~before)
    used = form.by_rows[rows][:, np.flatnonzero(before)] @ past[before]
    timeless = form.row_period[rows] < 0
    used = np.where(timeless, used, 0.0)
    lower, upper = base.lower.copy(), base.upper.copy()
    held = np.clip(past[handed_on], lower[handed_on], upper[handed_on])
    lower[handed_on], upper[handed_on] = held, held
    by_rows = csr_array(form.by_rows[rows][:, columns])
    matrices = Matrices.of(
        by_rows,
        cost=base.cost[columns],
        lower=lower[columns],
        upper=upper[columns],
        row_lower=base.row_lower[rows] - used,
        row_upper=base.row_upper[rows] - used,
    )
    return _renumbered(form, matrices, by_rows, rows, columns)


def _renumbered(
    form: Formulation, matrices: Matrices, by_rows: csr_array, rows: Labels, columns: Labels
) -> Formulation:
    column_at = np.full(form.matrices.columns, -1, dtype=np.int64)
    column_at[columns] = np.arange(len(columns))
    row_at = np.full(form.matrices.rows, -1, dtype=np.int64)
    row_at[rows] = np.arange(len(rows))
    return replace(
        form,
        matrices=matrices,
        by_rows=by_rows,
        column_of=np.where(form.column_of >= 0, column_at[form.column_of], -1),
        row_of=np.where(form.row_of >= 0, row_at[form.row_of], -1),
        column_period=form.column_period[columns],
        row_period=form.row_period[rows],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Shrinking:
    r"""A chain up to a period of which only a share :math:`\sigma = 1/\rho` is lived through.

    All amounts are divided by that share: columns of the last period are then rates, as they would
    be without it, and what comes from before counts :math:`\rho` times, :math:`a x - b \rho \le 0`
    for stocks at hand and for everything in earlier periods. So the least :math:`\rho` gives the
    longest time, and from target to target little of the answer changes.
    """

    form: Formulation
    """The chain up to that period."""
    matrices: Matrices
    """The model with :math:`\rho` in its last column, at least 1; its cost."""


def shrinking(form: Formulation, last: int) -> Shrinking:
    """Cut a chain after a period, and let that period be shorter.

    Parameters
    ----------
    form
        The chain.
    last
        The period.
    """
    rows = np.flatnonzero(form.row_period <= last)
    columns = np.flatnonzero(form.column_period <= last)
    by_rows = csr_array(form.by_rows[rows][:, columns])
    base = form.matrices
    cut = Matrices.of(
        by_rows,
        cost=np.zeros(len(columns)),
        lower=base.lower[columns],
        upper=base.upper[columns],
        row_lower=base.row_lower[rows],
        row_upper=base.row_upper[rows],
    )
    short = _renumbered(form, cut, by_rows, rows, columns)
    scaled_rows = _scaled_rows(short, last)
    scaled = _scaled_columns(short, last)
    return Shrinking(short, _with_share(cut, by_rows, scaled_rows, scaled))


def _scaled_rows(form: Formulation, last: int) -> Labels:
    """Find rows whose right side is an amount from before, or a rate of an earlier period."""
    amounts = form.row_period != last
    for name in KEPT_FAMILIES:
        family = form.model.builder.families.get(name)
        if family is not None and len(family.positions):
            places = form.row_of[family.positions]
            amounts[places[places >= 0]] = True
    upper, lower = form.matrices.row_upper, form.matrices.row_lower
    sided = (np.isfinite(upper) & (upper != 0)) | (np.isfinite(lower) & (lower != 0))
    return np.flatnonzero(amounts & sided)


def _scaled_columns(form: Formulation, last: int) -> Labels:
    """Find columns whose upper bound is one."""
    amounts = (form.column_period >= 0) & (form.column_period < last)
    levels = form.columns(form.model.operation.storage.level)
    amounts[levels[levels >= 0]] = True
    upper = form.matrices.upper
    return np.flatnonzero(amounts & np.isfinite(upper) & (upper > 0))


def _with_share(cut: Matrices, by_rows: csr_array, rows: Labels, columns: Labels) -> Matrices:
    row_lower, row_upper = cut.row_lower.copy(), cut.row_upper.copy()
    sides = np.where(np.isfinite(row_upper[rows]), row_upper[rows], row_lower[rows])
    share = coo_array((-sides, (rows, np.zeros(len(rows), dtype=np.int64))), shape=(cut.rows, 1))
    row_upper[rows] = np.where(np.isfinite(row_upper[rows]), 0.0, np.inf)
    row_lower[rows] = np.where(np.isfinite(row_lower[rows]), 0.0, -np.inf)
    count, bounds = len(columns), cut.upper[columns]
    held = cut.lower[columns] == bounds
    lower, upper = cut.lower.copy(), cut.upper.copy()
    lower[columns], upper[columns] = 0.0, np.inf
    each = np.arange(count)
    picks = coo_array((np.ones(count), (each, columns)), shape=(count, cut.columns))
    caps = coo_array((-bounds, (each, np.zeros(count, dtype=np.int64))), shape=(count, 1))
    matrix = block_array([[by_rows, share], [picks, caps]], format="csr")
    return Matrices.of(
        matrix,
        cost=np.append(np.zeros(cut.columns), 1.0),
        lower=np.append(lower, 1.0),
        upper=np.append(upper, np.inf),
        row_lower=np.concatenate([row_lower, np.where(held, 0.0, -np.inf)]),
        row_upper=np.concatenate([row_upper, np.zeros(count)]),
    )


def at_rest(shrunk: Shrinking) -> Basis | None:
    r"""Find a vertex without an outage in which stocks move as little as can be.

    What lies in stock and is not drawn stays possible for every :math:`\rho`, so few steps lead
    from there to the answer of each outage. None where the solver finds none.

    Parameters
    ----------
    shrunk
        The chain up to a period.
    """
    storage, base = shrunk.form.model.operation.storage, shrunk.matrices
    moved = np.concatenate([shrunk.form.columns(b) for b in (storage.filled, storage.drawn)])
    cost, upper = np.zeros(base.columns), base.upper.copy()
    cost[moved[moved >= 0]] = 1.0
    upper[-1] = 1.0
    model = HighsModel(replace(base, cost=cost, upper=upper))
    found = model.solve(SolveLimits(method="simplex"))
    return model.basis() if found.status is SolveStatus.OPTIMAL else None
