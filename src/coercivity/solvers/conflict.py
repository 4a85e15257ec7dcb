"""Why a model is infeasible: requirements of which none can be left out of the quarrel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from coercivity.foundation.errors import PlanNotFound, Stopped
from coercivity.solvers.matrices import Array, Indices, fault
from coercivity.solvers.port import (
    ModelNumbers,
    SolveLimits,
    SolverModel,
    SolveStatus,
    StopSignal,
)

Oracle = Callable[[Collection[str]], bool]
"""Tells whether a solution exists when only the named requirements are kept."""
DEFAULTS = SolveLimits()


def no_positions() -> Indices:
    """Give an empty list of positions."""
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """Something the user asked for, and where in the model it stands.

    Left out, its rows are free. Its columns lose the bounds that keep them away from zero or
    from growing: a column of at least 0 stays so, a least size becomes 0, a limit goes.
    A row or column of several requirements is free as soon as one of them is left out.
    """

    name: str
    """As the user knows it; unique."""
    rows: Indices = field(default_factory=no_positions)
    """Positions of its rows."""
    columns: Indices = field(default_factory=no_positions)
    """Positions of the columns whose bounds it sets."""


def smallest_conflict(names: Sequence[str], is_feasible: Oracle) -> list[str] | None:
    """Leave out requirements until every one that is left matters (a deletion filter).

    The answer cannot hold, and holds once any single member is left out; there may be other such
    sets, even with fewer members. It does not depend on chance: names listed first are left out
    first, so list last what the reader should rather see.

    Parameters
    ----------
    names
        The requirements, each once.
    is_feasible
        Tells whether a solution exists with only these requirements. Leaving
        more out must never make it infeasible.

    Returns
    -------
    list of str or None
        In the order given; empty where no solution exists even without all of
        them; None where they can all hold together.

    Examples
    --------
    >>> needs = {"at most 5": range(6), "at least 7": range(7, 99), "even": range(0, 99, 2)}
    >>> def some_number(kept):
    ...     return bool(set(range(99)).intersection(*(needs[name] for name in kept)))
    >>> smallest_conflict(list(needs), some_number)
    ['at most 5', 'at least 7']
    """
    kept = list(names)
    if len(set(kept)) != len(kept):
        msg = "two requirements have the same name."
        raise fault(msg)
    if is_feasible(kept):
        return None
    if not is_feasible([]):
        return []
    size = max(len(kept) // 2, 1)
    while True:
        left = without_blocks(kept, size, is_feasible)
        if size == 1 and len(left) == len(kept):
            return left
        kept, size = left, max(min(size // 2, len(left) // 2), 1)


def without_blocks(names: list[str], size: int, is_feasible: Oracle) -> list[str]:
    """Drop each block of neighbours that the conflict does not need."""
    kept, position = list(names), 0
    while position < len(kept):
        trial = kept[:position] + kept[position + size :]
        if is_feasible(trial):
            position += size
        else:
            kept = trial
    return kept


@contextmanager
def feasibility(
    model: SolverModel,
    requirements: Sequence[Requirement],
    *,
    integers: bool = False,
    limits: SolveLimits = DEFAULTS,
    stop: StopSignal | None = None,
) -> Iterator[Oracle]:
    """Lend an oracle that asks the loaded model, which is put back as it was afterwards.

    Parameters
    ----------
    model
        The model; it is solved without costs, each time from the last vertex.
    requirements
        What may be left out; all else stays.
    integers
        Whether columns must be whole: slower, and needed where the linear relaxation is feasible.
    limits, stop
        For each solve.

    Raises
    ------
    Stopped
        By the oracle, when the user stops a solve.
    PlanNotFound
        By the oracle, when a limit is reached before an answer.
    """
    before = model.numbers
    model.set_costs(np.arange(before.cost.size), 0.0)

    def is_feasible(kept: Collection[str]) -> bool:
        names = set(kept)
        left_out = [one for one in requirements if one.name not in names]
        model.restore(relaxed(before, left_out))
        return exists(model.solve(limits, integers=integers, stop=stop).status)

    try:
        yield is_feasible
    finally:
        model.restore(before)


def find_conflict(
    model: SolverModel,
    requirements: Sequence[Requirement],
    *,
    integers: bool = False,
    limits: SolveLimits = DEFAULTS,
    stop: StopSignal | None = None,
) -> list[str] | None:
    """Find requirements that cannot hold together, none of which can be left out.

    Arguments are those of `feasibility`, the answer is that of `smallest_conflict`.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> from coercivity.solvers.highs import HighsModel
    >>> from coercivity.solvers.matrices import Matrices
    >>> rows = csc_array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    >>> model = HighsModel(Matrices.of(
    ...     rows, cost=[1, 1], row_lower=[7, -np.inf, -np.inf], row_upper=[np.inf, 5, 1]))
    >>> find_conflict(model, [
    ...     Requirement("demand", rows=np.array([0])),
    ...     Requirement("first mine", rows=np.array([1])),
    ...     Requirement("second mine", rows=np.array([2])),
    ... ])
    ['demand', 'first mine', 'second mine']
    """
    with feasibility(model, requirements, integers=integers, limits=limits, stop=stop) as oracle:
        return smallest_conflict([one.name for one in requirements], oracle)


def relaxed(numbers: ModelNumbers, left_out: Sequence[Requirement]) -> ModelNumbers:
    """Free the rows and columns of requirements that are left out, at no cost."""
    lower, upper = numbers.lower.copy(), numbers.upper.copy()
    row_lower, row_upper = numbers.row_lower.copy(), numbers.row_upper.copy()
    for one in left_out:
        row_lower[one.rows], row_upper[one.rows] = -np.inf, np.inf
        lower[one.columns] = np.where(numbers.lower[one.columns] < 0, -np.inf, 0.0)
        upper[one.columns] = np.where(numbers.upper[one.columns] < 0, 0.0, np.inf)
    costs: Array = np.zeros_like(numbers.cost)
    return ModelNumbers(costs, lower, upper, row_lower, row_upper)


def exists(status: SolveStatus) -> bool:
    """Read from a status whether a solution exists, or raise why that is not known."""
    if status is SolveStatus.STOPPED:
        msg = "Stopped while looking for what makes the plan infeasible.  [R004]"
        raise Stopped(msg)
    if status is SolveStatus.NOT_FOUND:
        msg = (
            "The time limit was reached while looking for what makes the plan infeasible. "
            "Give more time (time_limit).  [P403]"
        )
        raise PlanNotFound(msg)
    return status is not SolveStatus.INFEASIBLE
