"""Numbers by year: dated rows, companion tables and spans of life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.foundation.periods import Array
from coercivity.tables import CaseTables, Row


@dataclass(frozen=True, slots=True)
class YearlyReader:
    """Reads the cells of a case as one number a year."""

    tables: CaseTables
    years: tuple[int, ...]

    def constant(self, value: float) -> Array:
        """Repeat a number over the years."""
        return np.full(len(self.years), float(value))

    def alive(self, row: Row, first: str = "first_year", last: str = "last_year") -> Array:
        """Give 1 in years between two columns of a row, else 0."""
        return self.between(row.maybe_whole(first), row.maybe_whole(last))

    def between(self, first: int | None, last: int | None) -> Array:
        """Give 1 in years from ``first`` to ``last``, else 0; None leaves an end open."""
        years = np.asarray(self.years)
        inside = np.ones(len(years), dtype=bool)
        if first is not None:
            inside &= years >= first
        if last is not None:
            inside &= years <= last
        return inside.astype(float)

    def column(self, table: str, row: Row, column: str) -> Array:
        """Read a cell of a table without years, with its companion table where there is one."""
        value = row.maybe_number(column)
        base = self.constant(float("nan") if value is None else value)
        varying = self._varying(table, row, column)
        return held(varying, self.years, before=base) if varying else base

    def _varying(self, table: str, row: Row, column: str) -> dict[int | None, float]:
        companion = self.tables.companions.get((table, column))
        name = None if companion is None else companion.series_name(row)
        if companion is None or name is None:
            return {}
        varying: dict[int | None, float] = {}
        for year, value in companion.series(name).items():
            varying[year] = value  # noqa: PERF403
        return varying

    def dated(self, rows: Sequence[Row], column: str, *, absent: float) -> Array:
        """Hold each dated value until the next; ``absent`` before the first."""
        dated = _by_year(rows, column) | self._varying(rows[0].table.schema.name, rows[0], column)
        return held(dated, self.years, before=self.constant(absent))

    def linear(self, rows: Sequence[Row], column: str) -> Array:
        """Interpolate between dated values; 0 before the first, constant after the last."""
        dated = _by_year(rows, column) | self._varying(rows[0].table.schema.name, rows[0], column)
        if set(dated) == {None}:
            return self.constant(dated[None])
        known = sorted((year, value) for year, value in dated.items() if year is not None)
        years = np.asarray(self.years, dtype=float)
        values = np.interp(years, [y for y, _ in known], [v for _, v in known])
        return np.where(years < known[0][0], dated.get(None, 0.0), values)


def _by_year(rows: Sequence[Row], column: str) -> dict[int | None, float]:
    dated: dict[int | None, float] = {}
    for row in rows:
        value = row.maybe_number(column)
        if value is not None:
            dated[row.maybe_whole("year")] = value
    return dated


def held(dated: Mapping[int | None, float], years: Sequence[int], *, before: Array) -> Array:
    """Hold each dated value until the next listed year.

    Parameters
    ----------
    dated
        Value by year from which it holds; the key None holds before every year.
    years
        Years asked about. [calendar year]
    before
        Values in years before the first listed one.

    Returns
    -------
    Array
        One value a year.

    Examples
    --------
    >>> held({2026: 5.0, 2028: 0.0}, range(2025, 2030), before=np.zeros(5)).tolist()
    [0.0, 5.0, 5.0, 0.0, 0.0]
    """
    values = np.array(before, dtype=float)
    if None in dated:
        values[:] = dated[None]
    asked = np.asarray(years)
    for year in sorted(y for y in dated if y is not None):
        values[asked >= year] = dated[year]
    return values
