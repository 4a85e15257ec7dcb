"""One loaded model that answers whether targets can hold, each from a year on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack

from coercivity.chain.case import Case
from coercivity.chain.plants import Asset
from coercivity.chain.trade import Target
from coercivity.dispatch.builder import Array
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.errors import InternalError
from coercivity.planning.model import build_model
from coercivity.solvers import HighsModel, Matrices, SolveLimits, StopSignal
from coercivity.solvers.conflict import exists
from coercivity.solvers.matrices import Indices

TRACE = 1e-5
"""Capacity that a plant is given in years in which it has none. [t/year]"""

logger = logging.getLogger(__name__)


class Question:
    """One loaded model with every target from the first year on; rows are switched on and off."""

    def __init__(self, case: Case, wanted: Sequence[Target], stop: StopSignal | None) -> None:
        first = case.horizon.first_year
        named = tuple(
            replace(target, id=f"target-{number}", year=first)
            for number, target in enumerate(wanted)
        )
        self.model = build_model(replace(with_traces(case), targets=()), targets=named)
        self.wanted, self.stop = wanted, stop
        family = self.model.builder.families["target_is_met"]
        matrices = without_traces(self.model.scaled.matrices)
        self._rows, self._owner = family.positions, np.asarray(family.index["target"])
        self._period = np.asarray(family.index["period"], dtype=int)
        self._asked = matrices.row_lower[family.positions]
        self._missing = matrices.columns + np.arange(len(self._rows))
        self.highs = HighsModel(with_missing(matrices, self._rows))
        self.periods: list[int] = sorted(set(self._period.tolist()))
        self._known: dict[tuple[bool, tuple[tuple[int, int], ...]], bool] = {}

    def own_periods(self) -> dict[int, int]:
        """Give the first period of each target in its own year."""
        ends = self.model.case.horizon.boundaries[1:]
        return {
            number: next((p for p in self.periods if ends[p] > target.year), len(ends))
            for number, target in enumerate(self.wanted)
        }

    def year(self, period: int | None) -> int | None:
        """Give the first year of a period."""
        return None if period is None else self.model.case.horizon.starts[period]

    def switch(self, since: Mapping[int, int]) -> None:
        """Ask for these targets, each from a period on, and for no other."""
        lower = np.full(len(self._rows), -np.inf)
        for number, period in since.items():
            chosen = (self._owner == f"target-{number}") & (self._period >= period)
            lower[chosen] = self._asked[chosen]
        self.highs.set_row_bounds(self._rows, lower, np.inf)

    def holds(self, since: Mapping[int, int]) -> bool:
        """Tell whether a plan exists with these targets."""
        return self.relaxes(since) and self._asked_once(since, integers=True)

    def relaxes(self, since: Mapping[int, int]) -> bool:
        """Tell whether a plan exists if columns need not be whole."""
        return self._asked_once(since, integers=False)

    def _asked_once(self, since: Mapping[int, int], *, integers: bool) -> bool:
        key = (integers, tuple(sorted(since.items())))
        if key not in self._known:
            self.switch(since)
            self._known[key] = self.twice(lambda: self._solvable(integers=integers))
        return self._known[key]

    def _solvable(self, *, integers: bool) -> bool:
        found = self.highs.solve(SolveLimits(), integers=integers, stop=self.stop)
        return exists(found.status)

    def twice(self, ask: Callable[[], bool]) -> bool:
        """Ask again from the beginning where the solver gives no answer from the last vertex."""
        try:
            return ask()
        except InternalError:
            logger.warning("The solver gave no answer; asking once more, from the beginning.")
            self.highs.start_from(None)
            return ask()

    def shares_in_proof(self) -> tuple[Array, Array] | None:
        r"""Weigh rows and columns in a proof that the targets asked for cannot hold.

        .. math:: \min \sum_r e_r \quad \text{with}\quad served_r + e_r \ge asked_r

        A positive minimum is such a proof (Farkas); rows and columns whose dual is zero have no
        part in it, and can all be left out. None where there is no proof of that kind.
        """
        count = len(self._missing)
        self.highs.set_bounds(self._missing, np.zeros(count), np.full(count, np.inf))
        self.highs.set_costs(self._missing, 1.0)
        try:
            found = self.highs.solve(SolveLimits(), integers=False, stop=self.stop)
        finally:
            self.highs.set_costs(self._missing, 0.0)
            self.highs.set_bounds(self._missing, np.zeros(count), np.zeros(count))
        if found.row_dual is None or found.reduced_cost is None or not (found.objective or 0) > 0:
            return None
        return np.abs(found.row_dual), np.abs(found.reduced_cost)

    def earliest(
        self, number: int, held: Mapping[int, int], *, known: int | None = 0
    ) -> int | None:
        """Find the first period from which a target can hold beside others that are held.

        ``known`` is the answer without the others, None if there is none: with them it is no
        earlier.
        """
        if known is None:
            return None
        others = {other: period for other, period in held.items() if other != number}
        possible = [period for period in self.periods if period >= known]
        lower = _first(possible, lambda p: self.relaxes({**others, number: p}))
        possible = [] if lower is None else [p for p in possible if p >= lower]
        if possible and self.holds({**others, number: possible[0]}):
            return possible[0]
        return _first(possible[1:], lambda p: self.holds({**others, number: p}))


def with_missing(matrices: Matrices, rows: Indices) -> Matrices:
    """Add a column to each of some rows for what it lacks, fixed at zero; nothing has a cost."""
    more = len(rows)
    slack = csc_array(
        (np.ones(more), (rows, np.arange(more))), shape=(matrices.rows, more), dtype=float
    )
    none = np.zeros(more)
    return Matrices.of(
        hstack([matrices.matrix, slack], format="csc"),
        cost=np.zeros(matrices.columns + more),
        lower=np.concatenate([matrices.lower, none]),
        upper=np.concatenate([matrices.upper, none]),
        integrality=np.concatenate([matrices.integrality, none.astype(bool)]),
        row_lower=matrices.row_lower,
        row_upper=matrices.row_upper,
    )


def _first(periods: Sequence[int], holds: Callable[[int], bool]) -> int | None:
    """Halve rising periods for the first one that holds, given that all after it hold too."""
    if not periods or not holds(periods[-1]):
        return None
    low, high = 0, len(periods) - 1
    while low < high:
        middle = (low + high) // 2
        if holds(periods[middle]):
            high = middle
        else:
            low = middle + 1
    return periods[high]


def with_traces(case: Case) -> Case:
    """Give every plant a trace of capacity in each year.

    A model has no columns for a plant in periods in which it cannot have any capacity, so that
    nothing in it could be let go to ask what its lead time stands in the way of. Some grams a year
    bring them back; `without_traces` then takes the grams out again.
    """
    assets = {asset.id: _traced(asset) for asset in case.assets.values()}
    return replace(case, assets=assets)


def _traced(asset: Asset) -> Asset:
    if not np.isfinite(asset.capacity).all():
        return asset
    capacity = np.maximum(asset.capacity, TRACE)
    return replace(
        asset, capacity=capacity, availability=np.maximum(asset.availability, TRACE / capacity)
    )


def without_traces(matrices: Matrices) -> Matrices:
    """Take traces of capacity for none, in rows and in bounds.

    Examples
    --------
    >>> least = TRACE / TONNES_PER_UNIT
    >>> rows = csc_array([[1.0, -least]])
    >>> model = Matrices.of(rows, cost=[0, 0], row_lower=[-np.inf], row_upper=[least])
    >>> cleared = without_traces(model)
    >>> cleared.matrix.toarray().tolist(), cleared.row_upper.tolist()
    ([[1.0, 0.0]], [0.0])
    """
    least = 2 * TRACE / TONNES_PER_UNIT

    def cleared(values: Array) -> Array:
        return np.where(np.abs(values) <= least, 0.0, values)

    matrix = matrices.matrix.tocsc(copy=True)
    matrix.data = cleared(matrix.data)
    return Matrices.of(
        matrix,
        cost=matrices.cost,
        lower=matrices.lower,
        upper=matrices.upper,
        integrality=matrices.integrality,
        row_lower=cleared(matrices.row_lower),
        row_upper=cleared(matrices.row_upper),
    )
