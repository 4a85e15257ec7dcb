"""What a column and a table are: the single source of every schema."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a cell holds."""

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "whole number"
    YEAR = "year"
    DATE = "date"
    YES_NO = "yes/no"
    CHOICE = "one of a list"
    REFERENCE = "id listed elsewhere"
    SELECTOR = "selector"
    NUMBERS = "numbers separated by ;"
    ORIGIN = "stage=COUNTRY pairs separated by ;"


NUMERIC = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.NUMBERS})
COMMON_COLUMNS = ("source", "confidence", "note")
UNLIMITED = float("inf")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    description: str
    unit: str = ""
    """Unit of a number; ``case money`` stands for the currency of the case."""
    default: float | str | bool | None = None
    """What an empty cell means; None = no value."""
    required: bool = False
    """Whether an empty cell is an error."""
    many: bool = False
    """Whether the cell may hold several values separated by ``;``."""
    refers_to: tuple[str, ...] = ()
    """Tables whose ids the cell may name."""
    allowed: tuple[str, ...] = ()
    """Words the cell may hold, besides references."""
    low: float | None = None
    """Least value."""
    high: float | None = None
    """Greatest value."""
    above_low: bool = False
    """Whether ``low`` itself is excluded."""
    unlimited: bool = False
    """Whether the word ``unlimited`` may stand for a number."""

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers."""
        return self.kind in NUMERIC

    def range_text(self) -> str:
        """Say which values are allowed, in words.

        Examples
        --------
        >>> Column("share", Kind.NUMBER, "", low=0, high=1).range_text()
        '0 to 1'
        """
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"above {self.low:g}" if self.above_low else f"{self.low:g} or more"
        return ""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table of a case."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that together name a row; duplicates are an error."""
    exactly_one: tuple[tuple[str, ...], ...] = ()
    """Groups of columns of which exactly one is filled."""
    at_most_one: tuple[tuple[str, ...], ...] = ()
    """Groups of columns of which at most one is filled."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns of this table, without those allowed everywhere."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """Find a column by name; ``<column>_low`` and ``<column>_high`` of numbers count too.

        Examples
        --------
        >>> schema = TableSchema("t", "", (Column("price", Kind.NUMBER, "", "USD/t"),), ())
        >>> schema.column("price_low").unit
        'USD/t'
        >>> schema.column("prize") is None
        True
        """
        for column in self.columns:
            if column.name == name:
                return column
        for column in self.columns:
            if column.numeric and name in {f"{column.name}_low", f"{column.name}_high"}:
                return Column(name, column.kind, f"Range of {column.name}.", column.unit)
            if column.numeric and name == f"{column.name}_se":
                return Column(name, Kind.NUMBER, f"Standard error of {column.name}.", column.unit)
        return COMMON.get(name)


COMMON = {
    "source": Column(
        "source", Kind.TEXT, "Where the row comes from: an id of sources, `derived` or `estimate`."
    ),
    "confidence": Column(
        "confidence", Kind.CHOICE, "How sure it is.", allowed=("high", "medium", "low")
    ),
    "note": Column("note", Kind.TEXT, "Remark for the reader."),
}


def ident(description: str) -> Column:
    """Make the column ``id``."""
    return Column("id", Kind.ID, description, required=True)


def text(name: str, description: str, *, required: bool = False) -> Column:
    """Make a column of free text."""
    return Column(name, Kind.TEXT, description, required=required)


def reference(
    name: str,
    description: str,
    *tables: str,
    required: bool = False,
    many: bool = False,
    allowed: tuple[str, ...] = (),
    default: str | None = None,
) -> Column:
    """Make a column of ids listed in other tables."""
    return Column(
        name,
        Kind.REFERENCE,
        description,
        required=required,
        many=many,
        refers_to=tables,
        allowed=allowed,
        default=default,
    )


def choice(
    name: str,
    description: str,
    *allowed: str,
    required: bool = False,
    default: str | None = None,
    many: bool = False,
) -> Column:
    """Make a column of words from a list."""
    return Column(
        name,
        Kind.CHOICE,
        description,
        required=required,
        default=default,
        allowed=allowed,
        many=many,
    )


def number(
    name: str,
    description: str,
    unit: str,
    *,
    default: float | None = None,
    required: bool = False,
    low: float | None = 0.0,
    high: float | None = None,
    above_low: bool = False,
    unlimited: bool = False,
) -> Column:
    """Make a column of numbers; not negative unless ``low=None``."""
    return Column(
        name,
        Kind.NUMBER,
        description,
        unit,
        default=default,
        required=required,
        low=low,
        high=high,
        above_low=above_low,
        unlimited=unlimited,
    )


def share(
    name: str, description: str, *, default: float | None = None, required: bool = False
) -> Column:
    """Make a column of fractions from 0 to 1."""
    return number(name, description, "fraction", default=default, required=required, high=1.0)


def whole(
    name: str,
    description: str,
    unit: str,
    *,
    default: int | None = None,
    low: float = 0.0,
    required: bool = False,
) -> Column:
    """Make a column of whole numbers."""
    return Column(
        name, Kind.INTEGER, description, unit, default=default, low=low, required=required
    )


def year(name: str, description: str, *, required: bool = False) -> Column:
    """Make a column of calendar years."""
    return Column(
        name,
        Kind.YEAR,
        description,
        "calendar year",
        low=1800,
        high=2300,
        required=required,
    )


def date(name: str, description: str, *, required: bool = False) -> Column:
    """Make a column of dates, written YYYY-MM-DD."""
    return Column(name, Kind.DATE, description, required=required)


def yes_no(name: str, description: str, *, default: bool) -> Column:
    """Make a column of yes or no."""
    return Column(name, Kind.YES_NO, description, default=default)
