"""Blocks of columns and families of rows, formulated with linopy.

A family is given as terms: column labels, the row each belongs to, and coefficients. Rows are
gathered by length before they reach linopy, which pads every row of a constraint to its longest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Index = Mapping[str, Sequence[Any]]

SENSES = {"<=", ">=", "="}


@dataclass(frozen=True, slots=True)
class Block:
    """A family of columns with one meaning and unit."""

    name: str
    index: Index
    """What each column stands for: one sequence a dimension, all of one length."""
    labels: Labels
    """Number of each column in the model."""

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Terms:
    """Entries of a family of rows: ``coefficients[j] * column labels[j]`` in row ``rows[j]``."""

    rows: Labels
    labels: Labels
    coefficients: Array

    @staticmethod
    def of(rows: object, labels: object, coefficients: object) -> Terms:
        """Make terms from sequences; a single coefficient is repeated."""
        row_array = np.asarray(rows, dtype=np.int64)
        values = np.broadcast_to(np.asarray(coefficients, dtype=float), row_array.shape)
        return Terms(row_array, np.asarray(labels, dtype=np.int64), np.array(values))


@dataclass(frozen=True, slots=True)
class Family:
    """A family of rows with one meaning."""

    name: str
    index: Index
    positions: Labels
    """Number of each row in the model."""


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One term of the objective: the very coefficients that are minimised."""

    labels: Labels
    coefficients: Array
    """Discounted cost per unit of the column. [million]"""

    def value(self, primal: Array) -> float:
        """Evaluate the term at a solution. [million]"""
        return float(self.coefficients @ primal[self.labels])


def _labels_of(index: Index, length: int) -> pd.Index:
    columns = [[str(value) for value in values] for values in index.values()]
    if not columns:
        return pd.RangeIndex(length)
    return pd.Index(["|".join(parts) for parts in zip(*columns, strict=True)])


@dataclass
class ModelBuilder:
    """Collects columns, rows and cost terms of one model."""

    named: bool = False
    """Whether rows and columns carry readable names, for model files."""
    model: linopy.Model = field(default_factory=linopy.Model)
    blocks: dict[str, Block] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    terms: dict[str, list[CostTerm]] = field(default_factory=dict)
    constant: float = 0.0
    """Cost that no decision changes. [million]"""
    constants: dict[str, float] = field(default_factory=dict)
    """The same by cost term. [million]"""
    _columns: int = 0

    def add_columns(
        self,
        name: str,
        index: Index,
        *,
        lower: object = 0.0,
        upper: object = np.inf,
        integer: bool = False,
    ) -> Block:
        """Add a block of columns."""
        length = len(next(iter(index.values()), ()))
        if length == 0:
            block = Block(name, index, np.zeros(0, dtype=np.int64))
            self.blocks[name] = block
            return block
        coordinate = _labels_of(index, length) if self.named else pd.RangeIndex(length)
        dimension = coordinate.rename(f"{name}_index")
        array = self.model.add_variables(
            lower=xr.DataArray(_spread(lower, length), coords=[dimension]),
            upper=xr.DataArray(_spread(upper, length), coords=[dimension]),
            name=name,
            integer=integer,
        )
        labels = np.asarray(array.labels.values, dtype=np.int64)
        self._columns += length
        block = Block(name, index, labels)
        self.blocks[name] = block
        return block

    def add_rows(
        self, name: str, index: Index, terms: Sequence[Terms], sense: str, right: object
    ) -> Family:
        """Add a family of rows; terms that meet in the same entry are summed.

        A row without any entry gets the column ``nothing``, which is 0: linopy would leave it out,
        and with it a demand that nothing can serve.
        """
        if sense not in SENSES:
            msg = f"sense must be one of {sorted(SENSES)}, got {sense!r}"
            raise ValueError(msg)
        if np.isnan(np.asarray(right, dtype=float)).any():
            msg = f"the right side of '{name}' has a value that is not a number"
            raise ValueError(msg)
        length = len(next(iter(index.values()), ()))
        positions = np.full(length, -1, dtype=np.int64)
        if length:
            entries = self._filled(_gathered(terms), length)
            self._add_by_length(name, index, entries, sense, _spread(right, length), positions)
        family = Family(name, index, positions)
        self.families[name] = family
        return family

    def _filled(
        self, entries: tuple[Labels, Labels, Array], length: int
    ) -> tuple[Labels, Labels, Array]:
        rows, labels, values = entries
        bare = np.setdiff1d(np.arange(length), rows)
        if len(bare) == 0:
            return entries
        nothing = self.blocks.get("nothing")
        if nothing is None:
            nothing = self.add_columns("nothing", {"column": ["0"]}, upper=0.0)
        spare = np.full(len(bare), nothing.labels[0])
        return _summed(
            np.concatenate([rows, bare]),
            np.concatenate([labels, spare]),
            np.concatenate([values, np.ones(len(bare))]),
        )

    def _add_by_length(
        self,
        name: str,
        index: Index,
        entries: tuple[Labels, Labels, Array],
        sense: str,
        right: Array,
        positions: Labels,
    ) -> None:
        rows, labels, values = entries
        counts = np.bincount(rows, minlength=len(positions))
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        names = _labels_of(index, len(positions)) if self.named else None
        size = np.ceil(np.log2(np.maximum(counts, 1))).astype(int)
        for power in np.unique(size):
            members = np.flatnonzero(size == power)
            width = max(1, int(counts[members].max()))
            slots = starts[members][:, None] + np.arange(width)
            filled = np.arange(width) < counts[members][:, None]
            slots = np.where(filled, slots, 0)
            variables = np.where(filled, labels[slots], -1)
            numbers = np.where(filled, values[slots], np.nan)
            coordinate = members if names is None else names[members]
            dimension = f"{name}_row{power}"
            data = xr.Dataset(
                {
                    "coeffs": ((dimension, "_term"), numbers),
                    "vars": ((dimension, "_term"), variables.astype(np.int64)),
                },
                coords={dimension: coordinate},
            )
            expression = linopy.LinearExpression(data, self.model)
            bound = xr.DataArray(right[members], coords={dimension: coordinate})
            constraint = self.model.add_constraints(
                expression, sense, bound, name=f"{name}~{power}"
            )
            positions[members] = np.asarray(constraint.labels.values, dtype=np.int64)

    def add_cost(self, term: str, block: Block, coefficients: object) -> None:
        """Register one term of the objective, in discounted million per unit of the column."""
        values = _spread(coefficients, len(block))
        used = values != 0
        if used.any():
            cost = CostTerm(block.labels[used], values[used])
            self.terms.setdefault(term, []).append(cost)

    def add_constant(self, term: str, value: float) -> None:
        """Register a cost that no decision changes. [million]"""
        if value:
            self.constants[term] = self.constants.get(term, 0.0) + value
            self.constant += value

    @property
    def column_count(self) -> int:
        """Number of columns so far."""
        return self._columns

    def costs(self) -> Array:
        """Sum the terms into one coefficient a column. [million]"""
        total = np.zeros(self._columns)
        for parts in self.terms.values():
            for part in parts:
                np.add.at(total, part.labels, part.coefficients)
        return total

    def cost_terms(self, primal: Array) -> dict[str, float]:
        """Evaluate every term at a solution; they sum to the objective. [million]"""
        names = sorted({*self.terms, *self.constants})
        return {
            name: self.constants.get(name, 0.0)
            + sum(part.value(primal) for part in self.terms.get(name, ()))
            for name in names
        }

    def set_objective(self) -> None:
        """Give linopy the sum of all terms."""
        costs = self.costs()
        used = np.flatnonzero(costs)
        data = xr.Dataset(
            {"coeffs": (("_term",), costs[used]), "vars": (("_term",), used.astype(np.int64))}
        )
        self.model.add_objective(
            linopy.LinearExpression(data, self.model) + 0.0, overwrite=True, sense="min"
        )


def _spread(value: object, length: int) -> Array:
    return np.array(np.broadcast_to(np.asarray(value, dtype=float), (length,)))


def _gathered(terms: Sequence[Terms]) -> tuple[Labels, Labels, Array]:
    return _summed(
        np.concatenate([t.rows for t in terms]),
        np.concatenate([t.labels for t in terms]),
        np.concatenate([t.coefficients for t in terms]),
    )


def _summed(rows: Labels, labels: Labels, values: Array) -> tuple[Labels, Labels, Array]:
    """Sort entries by row, sum those that meet, and drop zeros."""
    order = np.lexsort((labels, rows))
    rows, labels, values = rows[order], labels[order], values[order]
    if len(rows) == 0:
        return rows, labels, values
    fresh = np.concatenate([[True], (np.diff(rows) != 0) | (np.diff(labels) != 0)])
    first = np.flatnonzero(fresh)
    sums = np.add.reduceat(values, first)
    kept = sums != 0
    return rows[first][kept], labels[first][kept], sums[kept]
