"""One shock after another on a loaded model, every one from a vertex that is known beforehand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, vstack

from coercivity.dispatch.builder import Labels
from coercivity.foundation.errors import InternalError, Stopped
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.defender import SLACKS
from coercivity.resilience.attack.outages import CERTAIN
from coercivity.resilience.attack.smaller import Smaller
from coercivity.solvers import Basis, HighsModel, Matrices, Solution, SolveStatus


@dataclass(frozen=True, slots=True, eq=False)
class Strike:
    """A shock as limits of a model, and what is known of it beforehand."""

    rows: Labels
    """Rows that it touches."""
    row_upper: Array
    """Their upper limits after it."""
    columns: Labels
    """Columns that it touches."""
    column_upper: Array
    """Their upper limits after it."""
    least: float
    """What is counted after a part of it: it cannot be less after all of it. [weighted kt, cost]"""
    start: int = 0
    """Number of the vertex to start from. [position]"""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The cheapest way to keep what is counted as low as can be after a shock."""

    value: float
    """What is counted. [weighted kt, or cost]"""
    cost: float
    """Cost of it. [unit of cost]"""
    seen: Array
    """Values of the columns that were asked for."""
    basis: Basis | None = None
    """The vertex, where it was asked for."""
    steps: int = 0
    """Steps from the vertex at which it began. [count]"""


@dataclass(frozen=True, slots=True, eq=False)
class Strikes:
    """What is asked of every shock; it can be loaded in any process.

    Counted is first, cost is second. What is counted after a part of a shock is a bound for all of
    it, and mostly just that can be kept; so the cheapest way to keep it is looked for at once, and
    only where there is none the least that can be kept is found before.
    """

    small: Smaller
    """The model."""
    seen: Labels
    """Columns of it whose values are given back."""
    starts: tuple[Basis, ...] = ()
    """Vertices at which a shock may begin; none begins cold."""
    first: Basis | None = None
    """Vertex at which the search for the least that can be kept begins; None begins cold."""
    bases: bool = False
    """Whether vertices are given back."""

    def load(self) -> Callable[[Strike], Answer]:
        """Load the model into the solver."""
        return Striker(self).answer

    def begun(self, least: float) -> Strikes:
        """Find the vertices without a shock, from which others start.

        Parameters
        ----------
        least
            What is counted without a shock. [weighted kt, or cost]
        """
        striker = Striker(replace(self, starts=(), first=None))
        calm = striker.calm(least)
        return replace(self, starts=(calm,), first=striker.least_vertex())

    def digest(self) -> str:
        """Give a fingerprint of all on which answers depend but the shock."""
        base = self.small.matrices
        whole = csr_array(self.small.by_rows)
        arrays = [whole.indptr, whole.indices, whole.data, base.cost, base.lower, base.upper,
                  base.row_lower, base.row_upper, self.small.counted, self.seen]  # fmt: skip
        for basis in (*self.starts, *([] if self.first is None else [self.first])):
            arrays += [basis.columns, basis.rows]
        return digest_of(arrays, (base.offset, self.small.counted_anyway, float(self.bases)))


def digest_of(arrays: Sequence[object], numbers: Sequence[float]) -> str:
    """Give a fingerprint of arrays and numbers.

    Examples
    --------
    >>> digest_of([np.zeros(2)], [1.0]) == digest_of([np.zeros(2)], [1.5])
    False
    """
    found = hashlib.sha256()
    for array in arrays:
        content = np.ascontiguousarray(np.asarray(array))
        found.update(f"{content.dtype.str} {content.shape} ".encode())
        found.update(content.tobytes())
    found.update(np.asarray(numbers, dtype=np.float64).tobytes())
    return found.hexdigest()


class Striker:
    """A question loaded in this process.

    Parameters
    ----------
    question
        What is asked.
    """

    def __init__(self, question: Strikes) -> None:
        self._question = question
        base = question.small.matrices
        self._counted = base.rows
        self._second = HighsModel(self._matrices(base.cost, base.offset))
        self._free = self._second.numbers
        self._first: HighsModel | None = None

    def _matrices(self, cost: Array, offset: float) -> Matrices:
        """Add the row of what is counted below the others; it binds nothing until it is set."""
        small, base = self._question.small, self._question.small.matrices
        return Matrices.of(
            vstack([small.by_rows, csr_array(small.counted.reshape(1, -1))]),
            cost=cost,
            lower=base.lower,
            upper=base.upper,
            row_lower=np.append(base.row_lower, -np.inf),
            row_upper=np.append(base.row_upper, np.inf),
            offset=offset,
        )

    def answer(self, strike: Strike) -> Answer:
        """Operate the chain after a shock."""
        question, value = self._question, strike.least
        found = self._cheapest(strike, value, SLACKS[:1])
        if found is None:
            value = max(self._least(strike), value)
            found = self._cheapest(strike, value, SLACKS)
        if found is None:
            msg = (
                "what can be kept after a shock was found, but no way to keep it: please report "
                f"this.  [{InternalError.code}]"
            )
            raise InternalError(msg)
        objective, primal = solved(found)
        return Answer(
            value,
            objective,
            primal[question.seen],
            self._second.basis() if question.bases else None,
            found.iterations,
        )

    def calm(self, least: float) -> Basis:
        """Find the vertex of the cheapest way to keep what is counted without a shock."""
        nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0)
        self.answer(Strike(nothing, none, nothing, none, least))
        return vertex(self._second)

    def least_vertex(self) -> Basis:
        """Find the vertex at which least is counted without a shock."""
        nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._least(Strike(nothing, none, nothing, none, 0.0))
        return vertex(self._ready_first())

    def _cheapest(self, strike: Strike, value: float, slacks: Sequence[float]) -> Solution | None:
        """Find the cheapest way to keep a value; None where there is none within any slack."""
        small, starts = self._question.small, self._question.starts
        for slack in slacks:
            self._put(self._second, strike)
            most = value - small.counted_anyway + slack
            self._second.set_row_bounds([self._counted], [-np.inf], [most])
            self._second.start_from(starts[strike.start] if starts else None)
            found = answered(self._second)
            if found is not None and found.status is SolveStatus.OPTIMAL:
                return found
        return None

    def _least(self, strike: Strike) -> float:
        model = self._ready_first()
        self._put(model, strike)
        model.start_from(self._question.first)
        return solved(model.solve(CERTAIN))[0]

    def _ready_first(self) -> HighsModel:
        if self._first is None:
            small = self._question.small
            self._first = HighsModel(self._matrices(small.counted, small.counted_anyway))
        return self._first

    def _put(self, model: HighsModel, strike: Strike) -> None:
        """Set the limits of a shock; those of the last are put back."""
        model.restore(replace(self._free, cost=model.numbers.cost))
        free = self._free
        model.set_row_bounds(strike.rows, free.row_lower[strike.rows], strike.row_upper)
        model.set_bounds(strike.columns, free.lower[strike.columns], strike.column_upper)


def answered(model: HighsModel) -> Solution | None:
    """Solve; None where the solver does not decide, as it may at the edge of what can be kept."""
    try:
        found = model.solve(CERTAIN)
    except InternalError:
        return None
    if found.status is SolveStatus.STOPPED:
        raise stopped()
    return found


def solved(found: Solution) -> tuple[float, Array]:
    """Give cost and values of an answer that there always is, since every demand may be short."""
    if found.status is SolveStatus.STOPPED:
        raise stopped()
    if found.status is not SolveStatus.OPTIMAL or found.objective is None or found.primal is None:
        msg = (
            f"what is left of the chain could not be operated: the solver said "
            f"'{found.status.value}'. Every demand may be short, so there is always an answer: "
            f"please report this.  [{InternalError.code}]"
        )
        raise InternalError(msg)
    return found.objective, np.asarray(found.primal, dtype=np.float64)


def vertex(model: HighsModel) -> Basis:
    """Give the vertex of a model that was just solved."""
    found = model.basis()
    if found is None:
        msg = f"a solved model gave no vertex  [{InternalError.code}]"
        raise InternalError(msg)
    return found


def stopped() -> Stopped:
    """Say that the user stopped, and how it goes on."""
    return Stopped(
        "Stopped. What was answered is kept: a sweep with a --name goes on from there when it is "
        f"asked the same again.  [{Stopped.code}]"
    )
