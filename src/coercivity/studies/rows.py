"""The study behind ``explain CASE TABLE ID``: what a row says, whence, and who refers to it."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import Place, quoted
from coercivity.tables import CaseTables, Row, Table
from coercivity.tables.cells import cell_text, number_text
from coercivity.tables.columns import Column
from coercivity.tables.typed import row_name


@dataclass(frozen=True, slots=True)
class Value:
    """What one column of a row says."""

    column: str
    text: str
    """The value as it is written in a table."""
    unit: str
    """Unit, the currency and year of the case filled in."""
    low: str
    """Low end of its range; empty where none is given."""
    high: str
    """High end of its range; empty where none is given."""
    given: bool
    """Whether the cell is filled; otherwise the default is shown."""
    by_year: tuple[tuple[int, str], ...]
    """Values from the companion table by listed year. [calendar year]"""
    description: str


@dataclass(frozen=True, slots=True)
class Use:
    """A cell that names the row."""

    place: Place
    row: str
    """Name of the row that holds the cell."""


@dataclass(frozen=True, slots=True)
class RowAccount:
    """A row with its values, its source and its users."""

    table: str
    name: str
    place: Place
    values: tuple[Value, ...]
    source: str
    """Column source as written; empty where none is given."""
    source_title: str
    """Title, publisher and year of a listed source; empty for estimates."""
    confidence: str
    note: str
    uses: tuple[Use, ...]
    changes: tuple[str, ...]
    """What scenarios change of it, a line each."""


def explain_row(tables: CaseTables, table: str, name: str) -> tuple[RowAccount, ...]:
    """Account for every row of a name: values, ranges, sources, and what refers to it.

    Parameters
    ----------
    tables
        The case.
    table
        Name of the table.
    name
        Id of the row, or its key joined by ``/``; dated rows of one id all count.

    Raises
    ------
    UsageError
        If there is no such table or row.

    Examples
    --------
    >>> from coercivity.tables import read_case
    >>> account, = explain_row(read_case("us-rare-earths"), "assets", "mp-mine")
    >>> [(v.text, v.unit) for v in account.values if v.column == "nameplate_capacity"]
    [('51000', 't/year')]
    """
    if table not in tables.tables:
        raise UsageError(_unknown("table", table, tuple(tables.tables)))
    held = tables[table]
    rows = held.named(name)
    if not rows:
        known = tuple(row_name(row) for row in held)
        raise UsageError(_unknown(f"row of {table}", name, known))
    uses = tuple(_uses(tables, table, name))
    changes = tuple(_changes(tables, table, rows[0]))
    return tuple(_account(tables, row, uses, changes) for row in rows)


def _unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    start = f" Did you mean '{near}'?" if near is not None else ""
    listed = ", ".join(dict.fromkeys(known[:12])) + (", …" if len(known) > 12 else "")
    return f"{quoted(name)} is not a {what}.{start} Known: {listed or 'none'}.  [T201]"


def _account(
    tables: CaseTables, row: Row, uses: tuple[Use, ...], changes: tuple[str, ...]
) -> RowAccount:
    values = (_value(tables, row, column) for column in row.table.schema.columns)
    source = row.maybe_text("source") or ""
    return RowAccount(
        table=row.table.schema.name,
        name=row_name(row),
        place=row.place(),
        values=tuple(value for value in values if value.text or value.by_year),
        source=source,
        source_title=_source_title(tables, source),
        confidence=row.maybe_text("confidence") or "",
        note=row.maybe_text("note") or "",
        uses=uses,
        changes=changes,
    )


def _value(tables: CaseTables, row: Row, column: Column) -> Value:
    settings = tables.settings
    money = f"{settings.currency}{settings.price_year}"
    unit = column.unit.replace("case money", money)
    companion = tables.companion(row.table.schema.name, column.name)
    series = None if companion is None else companion.series_name(row)
    listed = {} if companion is None or series is None else companion.series(series)
    return Value(
        column=column.name,
        text=cell_text(row[column.name], column),
        unit=str(row["unit"] or unit) if unit == "as in column unit" else unit,
        low=_end(row, f"{column.name}_low"),
        high=_end(row, f"{column.name}_high"),
        given=row.given(column.name),
        by_year=tuple((year, number_text(value)) for year, value in listed.items()),
        description=column.description,
    )


def _end(row: Row, name: str) -> str:
    column = row.table.schema.column(name)
    if column is None or not row.given(name):
        return ""
    return cell_text(row[name], column)


def _source_title(tables: CaseTables, source: str) -> str:
    listed = tables["sources"].find(source) if source else None
    if listed is None:
        return ""
    parts = (listed.maybe_text(column) for column in ("title", "publisher", "year"))
    return ", ".join(part for part in parts if part)


def _uses(tables: CaseTables, table: str, name: str) -> list[Use]:
    """List the cells that name a row; only rows named by their id alone are referred to."""
    found: list[Use] = []
    for other in tables.tables.values():
        for row in other.rows():
            for column in _referring(other, table):
                value = row[column]
                held = value if isinstance(value, tuple) else (value,)
                if row.given(column) and name in held:
                    found.append(Use(row.place(column), row_name(row)))
    return found


def _referring(other: Table, table: str) -> list[str]:
    names = [c.name for c in other.schema.columns if table in c.refers_to]
    return [*names, "source"] if table == "sources" else names


def _changes(tables: CaseTables, table: str, row: Row) -> list[str]:
    names = {row_name(row), str(row["id"]) if "id" in row.table.schema.column_names else ""}
    lines = []
    for change in tables["changes"].rows():
        if change["table"] != table or str(change["key"]).rstrip("/") not in names:
            continue
        how = f"set to {change['set']}" if change.given("set") else f"times {change['factor']}"
        since = f" from {change['year']}" if change.given("year") else ""
        lines.append(f"{change['scenario']}: {change['column']} {how}{since} ({change.place()})")
    return lines


__all__ = ["RowAccount", "Use", "Value", "explain_row"]
