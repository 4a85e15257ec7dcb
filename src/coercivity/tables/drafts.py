"""Tables while they are changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coercivity.tables.columns import TableSchema
from coercivity.tables.typed import Companion, Row, Table

Values = dict[str, object]
Origin = tuple[str, int]


@dataclass(slots=True)
class Draft:
    """A table whose rows may be changed, and that becomes a frozen table again."""

    schema: TableSchema
    file: str
    rows: list[Values]
    """Filled cells of each row."""
    origins: list[Origin]
    """File and row that each comes from."""

    def table(self) -> Table:
        """Freeze it."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        columns = {name: tuple(row.get(name) for row in self.rows) for name in names}
        files = tuple(file for file, _ in self.origins)
        several = any(file != self.file for file in files)
        numbers = tuple(number for _, number in self.origins)
        return Table(self.schema, self.file, columns, numbers, files if several else ())


def draft_of(table: Table) -> Draft:
    """Make a draft with copies of the rows of a table."""
    rows = list(table.rows())
    return Draft(table.schema, table.file, list(map(row_values, rows)), list(map(origin, rows)))


def origin(row: Row) -> Origin:
    """Give the file and row that a row comes from."""
    place = row.place()
    return place.file, place.row or 0


def row_values(row: Row) -> Values:
    """Give the filled cells of a row."""
    return {name: row[name] for name in row.table.columns if row.given(name)}


def with_cell(values: Values, column: str, value: object) -> Values:
    """Change a cell; its low and high, which were those of the old value, go if it differs.

    Examples
    --------
    >>> with_cell({"price": 5.0, "price_low": 4.0}, "price", 0.0)
    {'price': 0.0}
    """
    if values.get(column) == value:
        return values
    ranges = {f"{column}_low", f"{column}_high"}
    return {name: cell for name, cell in values.items() if name not in ranges} | {column: value}


def with_series(
    companion: Companion | None,
    *,
    table: str,
    column: str,
    changed: Mapping[str, Mapping[int, float]],
) -> Companion:
    """Give a companion in which some series are replaced.

    Parameters
    ----------
    companion
        The companion as it was; None where there was none.
    table, column
        What it varies.
    changed
        New values by series name and year.

    Examples
    --------
    >>> made = with_series(None, table="t", column="c", changed={"x": {2030: 1.0}})
    >>> made.series("x")
    {2030: 1.0}
    """
    listed: dict[str, Mapping[int, float]] = {}
    if companion is not None:
        listed = {name: companion.series(name) for name in companion.ids}
    listed.update(changed)
    years = tuple(sorted({year for series in listed.values() for year in series}))
    return Companion(
        table,
        column,
        f"{table}-{column}.csv" if companion is None else companion.file,
        years,
        {name: tuple(map(series.get, years)) for name, series in listed.items()},
    )


def interpolated(points: Sequence[tuple[int, float]], year: int) -> float | None:
    """Read a series that is linear between its points and constant after the last.

    Parameters
    ----------
    points
        Years and values, rising. [calendar year]
    year
        The year. [calendar year]

    Returns
    -------
    float or None
        None before the first point.

    Examples
    --------
    >>> [interpolated([(2025, 10.0), (2027, 30.0)], year) for year in (2024, 2026, 2030)]
    [None, 20.0, 30.0]
    """
    before = [point for point in points if point[0] <= year]
    after = [point for point in points if point[0] > year]
    if not before:
        return None
    (first_year, first), *rest = before[-1], *after[:1]
    if not rest or first_year == year:
        return first
    next_year, following = rest[0]
    return first + (following - first) * (year - first_year) / (next_year - first_year)
