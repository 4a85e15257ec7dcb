"""Tables with typed values: the nouns that the chain is built from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from coercivity.foundation.problems import Place, Problem
from coercivity.tables.columns import COMMON, TableSchema
from coercivity.tables.settings import Settings


@dataclass(frozen=True, slots=True)
class Table:
    """One table with typed values; an empty cell is None."""

    schema: TableSchema
    """Its columns."""
    file: str
    """File or sheet as the user knows it."""
    columns: Mapping[str, tuple[object, ...]]
    """Values by column, only of the columns that the file has."""
    row_numbers: tuple[int, ...]
    """Row of each in the file, the header counting as row 1."""
    files: tuple[str, ...] = ()
    """File of each row, where they come from several."""
    defaults: Mapping[str, object] = field(init=False, repr=False, compare=False)
    """What an empty cell of each column means."""
    index: dict[str, list[int]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """Rows by name and by id, filled when first asked for."""

    def __post_init__(self) -> None:
        defaults: dict[str, object] = dict.fromkeys((*COMMON, *self.columns))
        defaults |= {column.name: column.default for column in self.schema.columns}
        object.__setattr__(self, "defaults", defaults)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def rows(self) -> Iterator[Row]:
        """Go through the rows in the order of the file."""
        return (Row(self, index) for index in range(len(self.row_numbers)))

    def row(self, index: int) -> Row:
        """Give one row by its index."""
        return Row(self, index)

    def ids(self) -> tuple[str, ...]:
        """List the ids in their order, each once; empty where the table has no column id."""
        return tuple(dict.fromkeys(str(v) for v in self.columns.get("id", ()) if v is not None))

    def find(self, identifier: str) -> Row | None:
        """Find the first row with an id."""
        named = (row for row in self.named(identifier) if row["id"] == identifier)
        return next(named, None) if "id" in self.columns else None

    def named(self, name: str) -> list[Row]:
        """List the rows that a name means: those with that id, or that key joined by /.

        Examples
        --------
        >>> schema = TableSchema("t", "", (), ("id", "year"))
        >>> table = Table(schema, "t.csv", {"id": ("a", "a"), "year": (2025, 2030)}, (2, 3))
        >>> [row["year"] for row in table.named("a")]
        [2025, 2030]
        """
        if not self.index:
            by_id = self.schema.key[:1] == ("id",)
            for row in self.rows():
                names = {row_name(row), str(row["id"])} if by_id else {row_name(row)}
                for found in names:
                    self.index.setdefault(found, []).append(row.index)
        return [Row(self, index) for index in self.index.get(name.rstrip("/"), ())]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``row["size"]`` applies the default of an empty cell."""

    table: Table
    index: int

    def __getitem__(self, column: str) -> object:
        values = self.table.columns.get(column)
        value = None if values is None else values[self.index]
        return self.table.defaults[column] if value is None else value

    def given(self, column: str) -> bool:
        """Tell whether the cell is filled."""
        values = self.table.columns.get(column)
        return values is not None and values[self.index] is not None

    def place(self, column: str | None = None) -> Place:
        """Give the place of the row, or of one of its cells."""
        table = self.table
        file = table.files[self.index] if table.files else table.file
        return Place(file, table.row_numbers[self.index], column)

    def key(self) -> tuple[object, ...]:
        """Give the values of the key columns."""
        return tuple(self[name] for name in self.table.schema.key)

    def number(self, column: str) -> float:
        """Give a number that is there or has a default."""
        return float(_expect(self, column, (int, float)))  # type: ignore[arg-type]

    def maybe_number(self, column: str) -> float | None:
        """Give a number, or None where the cell is empty."""
        return None if self[column] is None else self.number(column)

    def whole(self, column: str) -> int:
        """Give a whole number or year that is there or has a default."""
        return int(_expect(self, column, (int,)))  # type: ignore[call-overload,no-any-return]

    def maybe_whole(self, column: str) -> int | None:
        """Give a whole number or year, or None where the cell is empty."""
        return None if self[column] is None else self.whole(column)

    def text(self, column: str) -> str:
        """Give a text, word or id that is there or has a default."""
        return str(_expect(self, column, (str,)))

    def maybe_text(self, column: str) -> str | None:
        """Give a text, word or id, or None where the cell is empty."""
        return None if self[column] is None else self.text(column)

    def flag(self, column: str) -> bool:
        """Give a yes or no."""
        return bool(_expect(self, column, (bool,)))

    def day(self, column: str) -> dt.date | None:
        """Give a date, or None where the cell is empty."""
        value = self[column]
        return value if isinstance(value, dt.date) else None

    def names(self, column: str) -> tuple[str, ...]:
        """Give the ids or words of a list; empty where the cell is."""
        value = self[column]
        return tuple(str(name) for name in value) if isinstance(value, tuple) else ()

    def numbers(self, column: str) -> tuple[float, ...]:
        """Give the numbers of a list; empty where the cell is."""
        value = self[column]
        return tuple(float(n) for n in value) if isinstance(value, tuple) else ()

    def pairs(self, column: str) -> tuple[tuple[str, ...], ...]:
        """Give the (stage, country) pairs of an origin, or the alternatives of a selector."""
        value = self[column]
        return tuple(tuple(part) for part in value) if isinstance(value, tuple) else ()


def _expect(row: Row, column: str, kinds: tuple[type, ...]) -> object:
    value = row[column]
    if not isinstance(value, kinds):
        msg = f"{row.place(column)} holds {value!r}, asked for as {kinds[0].__name__}"
        raise TypeError(msg)
    return value


@dataclass(frozen=True, slots=True)
class Companion:
    """Values of one column by year, for some rows of a table."""

    table: str
    column: str
    file: str
    years: tuple[int, ...]
    """Listed years, rising. [calendar year]"""
    values: Mapping[str, tuple[float | None, ...]]
    """One value a listed year by id; None = nothing is listed in that year."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Names of the rows that vary."""
        return tuple(self.values)

    def series(self, identifier: str) -> dict[int, float]:
        """Give the values of an id by listed year, rising; empty where it does not vary.

        Examples
        --------
        >>> Companion("a", "b", "a-b.csv", (2025, 2027), {"x": (None, 0.5)}).series("x")
        {2027: 0.5}
        """
        values = self.values.get(identifier, (None,) * len(self.years))
        pairs = zip(self.years, values, strict=True)
        return {year: value for year, value in pairs if value is not None}

    def series_name(self, row: Row) -> str | None:
        """Find the series of a row: named by its key, or else by its id."""
        names = (row_name(row), *((str(row["id"]),) if "id" in row.table.columns else ()))
        return next((name for name in names if name in self.values), None)

    def value(self, identifier: str, year: int, *, before: float) -> float:
        """Give the value in a year; ``before`` holds until the first listed year.

        Examples
        --------
        >>> shares = Companion("a", "b", "a-b.csv", (2025, 2027), {"x": (0.5, 1.0)})
        >>> [shares.value("x", year, before=0.1) for year in (2024, 2026, 2030)]
        [0.1, 0.5, 1.0]
        """
        held = before
        for listed_year, value in self.series(identifier).items():
            if listed_year <= year:
                held = value
        return held


@dataclass(frozen=True, slots=True)
class CaseTables:
    """A whole case, read and typed: every table of the schema is present, empty or not."""

    name: str
    """Name of the case."""
    settings: Settings
    tables: Mapping[str, Table]
    companions: Mapping[tuple[str, str], Companion] = field(default_factory=dict)
    """Companions by table and column."""
    notes: tuple[Problem, ...] = ()
    """Warnings and notes met while reading and checking."""
    scenario: str | None = None
    """Scenario that was applied."""

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def companion(self, table: str, column: str) -> Companion | None:
        """Find the companion of a column."""
        return self.companions.get((table, column))

    def held(self, row: Row, column: str, year: int) -> float | None:
        """Give a number of a row in a year, as its companion or else the row itself says.

        Parameters
        ----------
        row
            Row of the table.
        column
            Column of numbers.
        year
            The year. [calendar year]
        """
        value = row.maybe_number(column)
        companion = self.companions.get((row.table.schema.name, column))
        if companion is None:
            return value
        name = companion.series_name(row)
        listed = {} if name is None else companion.series(name)
        return next((held for since, held in reversed(listed.items()) if since <= year), value)

    def content(self) -> dict[str, object]:
        """Give all that the case says, without files, rows and notes, to compare two cases."""
        return {
            "settings": self.settings,
            "tables": {
                name: [
                    {column: row[column] for column in table.columns if row.given(column)}
                    for row in table.rows()
                ]
                for name, table in self.tables.items()
                if len(table)
            },
            "companions": {
                pair: {key: companion.series(key) for key in companion.ids}
                for pair, companion in self.companions.items()
            },
        }


def row_name(row: Row) -> str:
    """Name a row as ``changes.key`` and companions do: its key joined by /, without its year.

    Examples
    --------
    >>> from coercivity.tables.columns import Column, Kind
    >>> schema = TableSchema("t", "", (Column("id", Kind.ID, ""),), ("id", "year"))
    >>> row_name(Table(schema, "t.csv", {"id": ("a",)}, (2,)).row(0))
    'a'
    """
    parts = ["" if v is None else str(v) for v in (row[n] for n in undated_key(row.table.schema))]
    return "/".join(parts).rstrip("/")


def undated_key(schema: TableSchema) -> tuple[str, ...]:
    """Give the key columns of a table without its date."""
    dated = dated_column(schema)
    return tuple(name for name in schema.key if name != dated)


def dated_column(schema: TableSchema) -> str | None:
    """Give the column that dates the rows of a table: ``year``, or ``date`` of prices."""
    return next((name for name in ("year", "date") if name in schema.key), None)
