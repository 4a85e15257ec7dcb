"""The defender: the best that can be done with what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from coercivity.dispatch.builder import Labels
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.errors import InternalError
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.formulation import Formulation, Reach, Reaches
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.targets import Target
from coercivity.solvers import HighsModel, Matrices, Solution, SolveLimits, SolveStatus

SLACKS = (1e-7, 1e-5)
"""By how much the second pass may miss what the first has reached; the larger only where the
solver finds nothing within the smaller. [kt, or unit of cost]"""
FEASIBLE = 1e-9
"""By how much an answer may pass a bound and still be one. [kt/year]"""
CERTAIN = SolveLimits(method="simplex")


@dataclass(frozen=True, slots=True)
class Loss:
    """A target, and the share of it that is gone in each period."""

    target: Target
    share: Array
    """0 is untouched, 1 is gone; one value a period. [fraction]"""


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What the defender does."""

    value: float
    """What is counted: tonnes (weighted), or million of cost."""
    primal: Array
    """Value of every column of the formulation."""


class Defender:
    r"""Operates what is left of a chain as well as can be; one model, kept loaded.

    .. math::

        \min Z \text{ or } C \quad\text{subject to}\quad
        A x \le b \circ (1 - s), \quad x \le u \circ (1 - s)

    where :math:`s` is the share of each capacity that is gone. Columns that nothing bounds are
    closed once all of them is gone: a part of what is unlimited stays unlimited.

    Parameters
    ----------
    form
        The chain.
    measure
        What is counted. With ``shortfall`` cost comes second: see `cheapest`.
    """

    def __init__(self, form: Formulation, measure: Measure) -> None:
        self.form = form
        self.measure = measure
        self.weights = self._weights()
        self.reaches = Reaches(form)
        self._all_rows = form.matrices.rows
        self._limit = Limits(form, self.reaches)
        self._first = HighsModel(self._matrices(self.weights))
        self._second: HighsModel | None = None

    def _weights(self) -> Array:
        """Say what one unit of each column adds to what is counted. [kt per kt/year, or cost]"""
        form, measure = self.form, self.measure
        if measure.kind == "cost":
            return form.matrices.cost
        weights = np.zeros(form.matrices.columns)
        block = form.model.operation.shortfall
        for column, demand, period in zip(
            form.columns(block).tolist(), block.index["demand"], block.index["period"], strict=True
        ):
            if column >= 0:
                weights[column] = measure.weights.get(demand, 0.0) * measure.years[period]
        return weights

    @property
    def scale(self) -> float:
        """Tonnes, or million, per unit of the weights."""
        return self.form.unit if self.measure.kind == "cost" else TONNES_PER_UNIT

    def _matrices(self, cost: Array) -> Matrices:
        """Add the row of what is counted below the others; it binds nothing until it is set."""
        base = self.form.matrices
        counted = csr_array(self.weights.reshape(1, -1))
        return Matrices.of(
            vstack([self.form.by_rows, counted]),
            cost=cost,
            lower=base.lower,
            upper=base.upper,
            row_lower=np.append(base.row_lower, -np.inf),
            row_upper=np.append(base.row_upper, np.inf),
        )

    def respond(self, losses: Sequence[Loss] = ()) -> Response:
        """Keep what is counted as low as can be."""
        self._limit.apply(self._first, losses)
        return self._read(self._first.solve(CERTAIN))

    def cheapest(self, losses: Sequence[Loss], within: float) -> Response:
        """Find the cheapest way to keep what is counted within a value, as ``respond`` gives it.

        Parameters
        ----------
        losses
            What is gone.
        within
            What may be counted. [t, or million]

        Returns
        -------
        Response
            Its value is the discounted cost of the periods looked at. [million]
        """
        if self._second is None:
            self._second = HighsModel(self._matrices(self.form.matrices.cost))
        self._limit.apply(self._second, losses)
        for slack in SLACKS:
            most = within / self.scale + slack
            self._second.set_row_bounds([self._all_rows], [-np.inf], [most])
            found = self._second.solve(CERTAIN)
            if found.status is SolveStatus.OPTIMAL:
                break
        return Response(_objective(found) * self.form.unit, _primal(found))

    def keeps(self, primal: Array, losses: Sequence[Loss]) -> bool:
        """Tell whether an answer is still possible after losses.

        Parameters
        ----------
        primal
            The answer.
        losses
            What is gone.
        """
        rows, columns = self._limit.after(losses)
        at, low = np.array(list(rows), dtype=np.int64), np.array(list(rows.values()))
        over = np.array(list(columns), dtype=np.int64), np.array(list(columns.values()))
        return bool(
            np.all(self.form.by_rows[at] @ primal <= low + FEASIBLE)
            and np.all(primal[over[0]] <= over[1] + FEASIBLE)
        )

    def counted(self, primal: Array) -> float:
        """Count a response. [t, or million]"""
        return float(self.weights @ primal) * self.scale

    def _read(self, found: Solution) -> Response:
        return Response(_objective(found) * self.scale, _primal(found))

    def thrifty(self, targets: Sequence[Target]) -> Thrifty:
        """Make the model that looks for answers that lean on few targets."""
        return Thrifty(self, self._matrices(self._leaning(targets)), self._limit)

    def _leaning(self, targets: Sequence[Target]) -> Array:
        """Count how much of each target a column takes. [1 per unit of the column]"""
        form, cost = self.form, np.zeros(self.form.matrices.columns)
        for target in targets:
            reach = self.reaches.of(target)
            held = form.matrices.row_upper[reach.rows]
            rows = reach.rows[held > 0]
            part = form.by_rows[rows]
            cost += np.asarray(part.T @ (1.0 / held[held > 0])).ravel()
            upper = form.matrices.upper[reach.bounded]
            cost[reach.bounded[upper > 0]] += 1.0 / upper[upper > 0]
            cost[reach.open] += 1.0
        return np.maximum(cost, 0.0)


class Thrifty:
    """Looks for answers within a limit that lean on as little of the targets as can be."""

    def __init__(self, defender: Defender, matrices: Matrices, limits: Limits) -> None:
        self._defender = defender
        self._limits = limits
        self._model = HighsModel(matrices)
        self._row = matrices.rows - 1

    def respond(self, losses: Sequence[Loss], within: float) -> Response | None:
        """Find an answer that keeps what is counted within a value; None where there is none.

        Parameters
        ----------
        losses
            What is gone.
        within
            What may be counted. [t, or million]
        """
        self._limits.apply(self._model, losses)
        self._model.set_row_bounds([self._row], [-np.inf], [within / self._defender.scale])
        try:
            found = self._model.solve(CERTAIN)
        except InternalError:
            # At the very edge of what can be kept the solver may not decide; then it is not kept.
            self._model.start_from(None)
            return None
        if found.status is not SolveStatus.OPTIMAL or found.primal is None:
            return None
        primal = np.asarray(found.primal, dtype=np.float64)
        value = self._defender.counted(primal)
        return (
            Response(value, primal) if value <= within + SLACKS[-1] * self._defender.scale else None
        )


class Limits:
    """Turns what is gone into bounds of rows and columns."""

    def __init__(self, form: Formulation, reaches: Reaches) -> None:
        self._rows = np.append(form.matrices.row_upper, np.inf)
        self._columns = form.matrices.upper
        self._row_lower = np.append(form.matrices.row_lower, -np.inf)
        self._lower = form.matrices.lower
        self._reaches = reaches

    def after(self, losses: Iterable[Loss]) -> tuple[dict[int, float], dict[int, float]]:
        """Give the new upper bounds of rows and columns that are touched."""
        rows: dict[int, float] = {}
        columns: dict[int, float] = {}
        for loss in losses:
            reach = self._reaches.of(loss.target)
            _cut(rows, self._rows, reach.rows, loss.share[reach.row_periods])
            _cut(columns, self._columns, reach.bounded, loss.share[reach.bounded_periods])
            gone = loss.share[reach.open_periods] >= 1.0
            columns |= dict.fromkeys(reach.open[gone].tolist(), 0.0)
        return rows, columns

    def apply(self, model: HighsModel, losses: Sequence[Loss]) -> None:
        """Set the bounds of a model; what earlier losses changed is put back."""
        rows, columns = self.after(losses)
        numbers = model.numbers
        counted = len(self._rows) - 1
        at = np.flatnonzero(numbers.row_upper[:counted] != self._rows[:counted])
        touched = np.union1d(at, np.array(sorted(rows), dtype=np.int64))
        upper = np.array([rows.get(int(row), self._rows[row]) for row in touched])
        model.set_row_bounds(touched, self._row_lower[touched], upper)
        at = np.flatnonzero(numbers.upper != self._columns)
        touched = np.union1d(at, np.array(sorted(columns), dtype=np.int64))
        upper = np.array([columns.get(int(column), self._columns[column]) for column in touched])
        model.set_bounds(touched, self._lower[touched], upper)


def _cut(found: dict[int, float], full: Array, places: Labels, gone: Array) -> None:
    for place, share in zip(places.tolist(), gone.tolist(), strict=True):
        if share > 0:
            before = found.get(place, float(full[place]))
            found[place] = max(before * (1.0 - share), 0.0)


def _objective(found: Solution) -> float:
    if found.status is not SolveStatus.OPTIMAL or found.objective is None:
        msg = (
            f"what is left of the chain could not be operated: the solver said "
            f"'{found.status.value}'. Every demand may be short, so there is always an answer: "
            f"please report this.  [{InternalError.code}]"
        )
        raise InternalError(msg)
    return found.objective


def _primal(found: Solution) -> Array:
    _objective(found)
    if found.primal is None:
        msg = f"a solved model gave no values  [{InternalError.code}]"
        raise InternalError(msg)
    return np.asarray(found.primal, dtype=np.float64)


def shortfalls(form: Formulation, primal: Array, years: Array) -> Mapping[str, float]:
    """Sum what each demand is short over years that count. [t]

    Parameters
    ----------
    form
        The chain.
    primal
        A response.
    years
        Years of each period that count. [year]
    """
    block = form.model.operation.shortfall
    short = dict.fromkeys(form.case.demands, 0.0)
    for column, demand, period in zip(
        form.columns(block).tolist(), block.index["demand"], block.index["period"], strict=True
    ):
        if column >= 0:
            short[demand] += max(primal[column], 0.0) * float(years[period]) * TONNES_PER_UNIT
    return short


__all__ = ["Defender", "Limits", "Loss", "Reach", "Response", "Thrifty", "shortfalls"]
