"""The chain of accepted plants: the most of a demand that it can serve, class by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from coercivity.alignment.loop.curves import Service
from coercivity.alignment.loop.relays import Array, Flags
from coercivity.solvers import HighsModel, Matrices

TINY = 1e-9
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way of running a plant, as far as origin counts."""

    plant: str
    """Asset whose capacity it takes."""
    use: float
    """Capacity taken per tonne. [t/t]"""
    takes: Mapping[str, float]
    """Materials whose origin counts. [t/t]"""
    makes: Mapping[str, float]
    """Materials that lead to what is asked for. [t/t]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A demand of one year."""

    id: str
    amount: float
    """[kt/year]"""
    served_by: Mapping[str, float]
    """Tonnes of each material that serve a tonne. [t/t]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Plants of accepted origin, what they may take from each other, and a demand of one year."""

    steps: tuple[Step, ...]
    always: Mapping[str, float]
    """Capacity that stands whatever the field is. [kt/year]"""
    by_relay: Sequence[Mapping[str, float]]
    """Capacity of assets that each plant of the loop brings. [kt/year]"""
    offers: Mapping[str, float]
    """What accepted suppliers outside the loop offer. [kt/year]"""
    asked: tuple[Asked, ...]
    others: float = 1.0
    """Most of the demand that suppliers not accepted can serve. [fraction]"""

    @property
    def materials(self) -> tuple[str, ...]:
        """Materials that are balanced."""
        found = [m for step in self.steps for m in (*step.takes, *step.makes)]
        found += [m for one in self.asked for m in one.served_by]
        return tuple(dict.fromkeys((*found, *self.offers)))

    @property
    def plants(self) -> tuple[str, ...]:
        """Assets whose capacity is limited."""
        return tuple(dict.fromkeys(step.plant for step in self.steps))

    def capacity(self, on: Flags) -> Array:
        """Give the capacity of each asset when some plants of the loop run. [kt/year]

        Parameters
        ----------
        on
            Plants of the loop that run.
        """
        place = {name: number for number, name in enumerate(self.plants)}
        found = np.zeros(len(place))
        brought = [self.always, *(self.by_relay[i] for i in np.flatnonzero(on).tolist())]
        for amounts in brought:
            for name, amount in amounts.items():
                if name in place:
                    found[place[name]] += amount
        return found


@dataclass(slots=True)
class Dispatcher:
    r"""Serves as much as can be, for any set of plants; each set is solved once.

    .. math::

        \max \sum_{d,m} y_{d,m} \quad\text{with}\quad
        \sum_m y_{d,m} \le D_d, \qquad
        \sum_p (out_{p,m} - in_{p,m}) x_p + o_m \ge \sum_d s_{d,m}\,y_{d,m}, \qquad
        \sum_{p \in a} use_p\, x_p \le K_a, \qquad o_m \le O_m

    Only plants of accepted origin are in it, so what is served is of the class asked for from the
    first step on. What a plant could make but nobody uses serves nobody.
    """

    chain: Chain
    solved: dict[bytes, Service] = field(default_factory=dict)
    _model: HighsModel | None = None
    _rows: Indices = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        chain = self.chain
        entries, cost, upper, row_upper = _formulated(chain)
        rows, columns, values = (np.array(part) for part in zip(*entries, strict=True))
        size = (len(row_upper), len(cost))
        matrix = csc_array((values, (rows.astype(int), columns.astype(int))), shape=size)
        first = len(chain.materials) + len(chain.asked)
        self._rows = np.arange(first, first + len(chain.plants))
        self._model = HighsModel(
            Matrices.of(matrix, cost=cost, upper=upper, row_lower=None, row_upper=row_upper)
        )

    def __call__(self, on: Flags) -> Service:
        """Say what is served when some plants run.

        Parameters
        ----------
        on
            Plants of the loop that run.
        """
        key = np.packbits(on).tobytes()
        if key not in self.solved:
            self.solved[key] = self._solve(on)
        return self.solved[key]

    def _solve(self, on: Flags) -> Service:
        total = sum(one.amount for one in self.chain.asked)
        if self._model is None or total <= 0:
            return Service(0.0, min(1.0, self.chain.others))
        self._model.set_row_bounds(self._rows, -np.inf, self.chain.capacity(on))
        found = self._model.solve()
        accepted = min(1.0, max(0.0, -(found.objective or 0.0) / total))
        accepted = 0.0 if accepted < TINY else (1.0 if accepted > 1 - TINY else accepted)
        return Service(accepted, min(1 - accepted, self.chain.others))


def _formulated(
    chain: Chain,
) -> tuple[list[tuple[int, int, float]], Array, Array, Array]:
    """Lay out the model: balances, demands, capacities; steps, offers, services."""
    material = {name: row for row, name in enumerate(chain.materials)}
    demand_row = len(material)
    plant = {name: demand_row + len(chain.asked) + n for n, name in enumerate(chain.plants)}
    entries: list[tuple[int, int, float]] = []
    cost: list[float] = []
    upper: list[float] = []
    for step in chain.steps:
        column = len(cost)
        entries += [(material[m], column, amount) for m, amount in step.takes.items()]
        entries += [(material[m], column, -amount) for m, amount in step.makes.items()]
        entries.append((plant[step.plant], column, step.use))
        cost.append(0.0)
        upper.append(np.inf)
    for name, most in chain.offers.items():
        entries.append((material[name], len(cost), -1.0))
        cost.append(0.0)
        upper.append(most)
    for number, one in enumerate(chain.asked):
        for name, amount in one.served_by.items():
            entries.append((material[name], len(cost), amount))
            entries.append((demand_row + number, len(cost), 1.0))
            cost.append(-1.0)
            upper.append(np.inf)
    row_upper = [0.0] * len(material) + [one.amount for one in chain.asked] + [0.0] * len(plant)
    return entries, np.array(cost), np.array(upper), np.array(row_upper)
