"""From models of a case in many futures to a problem of two stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from coercivity.dispatch.builder import Block
from coercivity.foundation.errors import InternalError
from coercivity.planning.model import PlanningModel
from coercivity.planning.two_stage import Recourse, TwoStageProblem
from coercivity.solvers import Matrices
from coercivity.solvers.matrices import Array, Indices

STATES = ("kept", "mothballed", "restarted")
"""Blocks of the states of plants."""
FIRST_BLOCKS = ("modules", "chosen", *STATES)
"""Blocks of columns decided before the future is known; all else follows it."""
RULES = frozenset(
    {
        *("decisions_accumulate", "modules_at_most", "option_requires", "option_chosen"),
        *("option_excludes", "one_state", "state_lasts", "restart_counted"),
        *("capital_limit", "start_limit"),
    }
)
"""Families of rows between first-stage columns; they hold as the case has them."""
ROUNDING = 1e-12
"""Difference of two costs that is rounding, as a share of the cost. [fraction]"""
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FirstStage:
    """What is decided before the future is known, from the model of the case as it stands."""

    keys: tuple[Key, ...]
    """Block and index of each column."""
    columns: Indices
    """Position of each column in the model of the case, as far as that has them."""
    matrices: Matrices
    """Bounds, rows and whole columns; costs are those of the case as it stands."""
    unit: float
    """Million of case money per unit of cost, of every part of the problem. [million]"""
    unsettled: frozenset[str] = frozenset()
    """Plants that are not there in the same years in every future: their states follow it."""

    def of_block(self, name: str) -> Indices:
        """Give the places of the columns of one block."""
        return np.array([n for n, key in enumerate(self.keys) if key[0] == name], dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The model of one future, cut into what was decided before and what follows."""

    recourse: Recourse
    """What follows, without the difference of first-stage costs."""
    costs: Array
    """Cost of each first-stage column in this future. [unit of cost]"""
    there: Indices
    """Places of the first-stage columns that the model has."""
    first_columns: Indices
    """Their positions in the model."""
    recourse_columns: Indices
    """Positions of all other columns in the model."""
    recourse_rows: Indices
    """Positions of the rows of what follows in the model."""

    def joined(self, first: Array, later: Array) -> Array:
        """Put a decision and what follows into the order of the model.

        Columns that come last in ``later`` and are not of the model are dropped.
        """
        values = np.empty(self.first_columns.size + self.recourse_columns.size)
        values[self.first_columns] = first[self.there]
        values[self.recourse_columns] = later[: self.recourse_columns.size]
        return values


def keys_of(
    model: PlanningModel, *, unsettled: frozenset[str] = frozenset()
) -> tuple[tuple[Key, ...], Indices]:
    """Give block and index of every first-stage column of a model, and its position.

    Parameters
    ----------
    model
        The model.
    unsettled
        Plants whose states are left to the future.
    """
    found: list[tuple[Key, int]] = []
    for name in FIRST_BLOCKS:
        block = model.builder.blocks.get(name)
        if block is not None:
            found += zip(_keys(name, block), block.labels.tolist(), strict=True)
    kept = [(key, at) for key, at in found if key[0] not in STATES or key[1] not in unsettled]
    return tuple(key for key, _ in kept), np.array([at for _, at in kept], dtype=np.int64)


def _keys(name: str, block: Block) -> list[Key]:
    return [(name, *parts) for parts in zip(*block.index.values(), strict=True)]


def first_stage(model: PlanningModel, *, unsettled: frozenset[str] = frozenset()) -> FirstStage:
    """Take the first stage out of the model of a case as it stands.

    Parameters
    ----------
    model
        The model.
    unsettled
        Plants whose states are left to the future, where they need not be whole.
    """
    keys, columns = keys_of(model, unsettled=unsettled)
    whole = model.scaled.matrices
    early, alone = _first_rows(model, columns)
    return FirstStage(
        keys,
        columns,
        Matrices.of(
            early[alone],
            cost=whole.cost[columns],
            lower=whole.lower[columns],
            upper=whole.upper[columns],
            integrality=whole.integrality[columns],
            row_lower=whole.row_lower[alone],
            row_upper=whole.row_upper[alone],
        ),
        model.scaled.unit,
        unsettled,
    )


def _first_rows(model: PlanningModel, columns: Indices) -> tuple[csr_array, np.ndarray]:
    """Give the entries of some columns by row, and the rules that touch nothing else."""
    by_row = csr_array(model.scaled.matrices.matrix)
    inside = np.zeros(by_row.shape[1], dtype=bool)
    inside[columns] = True
    rules = np.zeros(by_row.shape[0], dtype=bool)
    for name, family in model.builder.families.items():
        if name in RULES:
            rules[family.positions] = True
    early = by_row[:, columns]
    others = np.diff(by_row[:, ~inside].indptr)
    return early, rules & (others == 0) & (np.diff(early.indptr) > 0)


def cut_model(first: FirstStage, model: PlanningModel, *, name: str, probability: float) -> Cut:
    """Cut the model of a future where the future becomes known.

    Columns of the first stage are found by what they stand for. One that the model does not have
    does nothing in this future, at the cost it has in the case. One that only this future has is
    decided in it, and need not be whole.

    Parameters
    ----------
    first
        The first stage.
    model
        Model of the case as this future makes it.
    name, probability
        Of the future. [fraction]
    """
    keys, labels = keys_of(model, unsettled=first.unsettled)
    known = dict(zip(keys, labels.tolist(), strict=True))
    missing = [key for key in first.keys if key[0] == "modules" and key not in known]
    extra = [key for key in keys if key[0] == "modules" and key not in set(first.keys)]
    if missing or extra:
        msg = (
            f"Future '{name}' and the plan do not know the same decisions: {[*missing, *extra][:3]}"
            ". This is a fault of the program, not of the case: please report it.  [R005]"
        )
        raise InternalError(msg)
    there = np.array([n for n, key in enumerate(first.keys) if key in known], dtype=np.int64)
    columns = np.array([known[first.keys[place]] for place in there], dtype=np.int64)
    return _cut(first, model, (there, columns), name=name, probability=probability)


def _cut(
    first: FirstStage,
    model: PlanningModel,
    found: tuple[Indices, Indices],
    *,
    name: str,
    probability: float,
) -> Cut:
    there, columns = found
    whole, scale = model.scaled.matrices, model.scaled.unit / first.unit
    early, alone = _first_rows(model, columns)
    inside = np.zeros(whole.columns, dtype=bool)
    inside[columns] = True
    spread = csr_array(
        (np.ones(there.size), (np.arange(there.size), there)),
        shape=(there.size, len(first.keys)),
    )
    costs = first.matrices.cost.copy()
    costs[there] = whole.cost[columns] * scale
    later = Matrices.of(
        csr_array(whole.matrix)[~alone][:, ~inside],
        cost=whole.cost[~inside] * scale,
        lower=whole.lower[~inside],
        upper=whole.upper[~inside],
        row_lower=whole.row_lower[~alone],
        row_upper=whole.row_upper[~alone],
        offset=whole.offset * scale,
    )
    technology = csc_array(early[~alone] @ spread)
    recourse = Recourse(name, probability, technology, later)
    return Cut(recourse, costs, there, columns, np.flatnonzero(~inside), np.flatnonzero(~alone))


def two_stage_problem(first: FirstStage, cuts: Sequence[Cut]) -> TwoStageProblem:
    r"""Put the futures together.

    What a first-stage column costs may differ by future (overruns). The first stage pays the
    mean, :math:`\bar c = \sum_s p_s c_s`, and each future the difference, through one column

    .. math:: z_s - (c_s - \bar c)^T x = 0

    of cost 1: so the cost of a future is exact, as a tail of costs needs.

    Parameters
    ----------
    first
        The first stage.
    cuts
        The model of each future, cut.
    """
    chances = np.array([cut.recourse.probability for cut in cuts])
    mean = chances @ np.array([cut.costs for cut in cuts])
    differ = any(not np.array_equal(cut.costs, cuts[0].costs) for cut in cuts)
    if not differ:
        mean = cuts[0].costs
    stage = replace(first.matrices, cost=mean)
    scenarios = tuple(with_difference(cut, mean) if differ else cut.recourse for cut in cuts)
    return TwoStageProblem(stage, scenarios)


def with_difference(cut: Cut, mean: Array) -> Recourse:
    """Let a future pay what the first stage costs more, or less, in it than in the mean."""
    model, rows = cut.recourse.model, cut.recourse.model.rows
    matrix = vstack(
        [
            hstack([csr_array(model.matrix), csr_array((rows, 1))]),
            hstack([csr_array((1, model.columns)), csr_array([[1.0]])]),
        ]
    )
    more = cut.costs - mean
    more[np.abs(more) <= ROUNDING * np.abs(mean)] = 0.0
    technology = vstack([cut.recourse.technology, csr_array(-more[None, :])])
    return replace(
        cut.recourse,
        technology=csc_array(technology),
        model=Matrices.of(
            matrix,
            cost=np.append(model.cost, 1.0),
            lower=np.append(model.lower, -np.inf),
            upper=np.append(model.upper, np.inf),
            row_lower=np.append(model.row_lower, 0.0),
            row_upper=np.append(model.row_upper, 0.0),
            offset=model.offset,
        ),
    )
