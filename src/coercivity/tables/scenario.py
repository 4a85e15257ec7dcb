"""A scenario applied to a case: its changes become rows and companions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import Problem, Severity, quoted
from coercivity.tables.cells import number_text, outside
from coercivity.tables.changing import Block, Changing
from coercivity.tables.columns import Column, Kind
from coercivity.tables.drafts import interpolated, origin, row_values, with_cell
from coercivity.tables.references import check_references
from coercivity.tables.typed import CaseTables, Row, dated_column, row_name
from coercivity.tables.validate_changes import new_value

LINEAR = {"demands": "amount", "prices": "price"}
"""Column that is linear between dated rows, by table."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one column, from a year on or always."""

    row: Row
    column: Column

    @property
    def year(self) -> int | None:
        """Year from which it holds; None = always."""
        return self.row.maybe_whole("year")

    def value(self, base: object) -> object:
        """Give the new value in place of the one of the case."""
        if self.row.given("set"):
            return new_value(self.row, self.column)
        factor = self.row.number("factor")
        if isinstance(base, tuple):
            return tuple(part * factor for part in base)
        if not isinstance(base, (int, float)):
            return base
        value = base * factor
        if self.column.kind is Kind.INTEGER and float(value).is_integer():
            return int(value)
        return value


def apply_scenario(case: CaseTables, name: str) -> CaseTables:
    """Apply the changes of one scenario to a case.

    A change without a year holds in every row of its key. A change with a year holds from that
    year until the next change of the same key and column; a factor multiplies what the case would
    have in each year. Where the row does not exist yet in that year, the change starts with the
    row.

    Parameters
    ----------
    case
        The case.
    name
        Id of a scenario of the case.

    Raises
    ------
    UsageError
        If the case has no such scenario.
    CaseError
        If a change gives a value that its column does not allow.
    """
    known = case["scenarios"].ids()
    if name not in known:
        hint = suggestion(name, known, listed_in="scenarios.csv")
        msg = f"{quoted(name)} is not a scenario of case '{case.name}'. {hint}  [T216]"
        raise UsageError(msg)
    changed, problems = changed_case(case, name)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise CaseError(problems, case=f"{case.name}, scenario {name}")
    return changed


def changed_case(case: CaseTables, name: str) -> tuple[CaseTables, list[Problem]]:
    """Apply a scenario and list the values that their columns do not allow."""
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for row in case["changes"].rows():
        if row["scenario"] == name:
            table, key, column_name = row.text("table"), row.text("key"), row.text("column")
            column = case[table].schema.column(column_name)
            if column is not None:
                change = Change(row, column)
                groups.setdefault((table, key.rstrip("/"), column_name), []).append(change)
    problems: list[Problem] = []
    changing = Changing(case)
    for (table, key, _), changes in groups.items():
        always = [change for change in changes if change.year is None]
        dated = sorted((c for c in changes if c.year is not None), key=lambda c: c.year or 0)
        for change in always:
            _change_always(changing, table, key, change)
        if dated:
            _change_from(changing, table, key, dated)
        problems += _check_values(changing, table, key, changes[-1])
    label = name if case.scenario is None else f"{case.scenario}+{name}"
    changed = replace(changing.finish(), scenario=label)
    touched = {table for table, _, _ in groups}
    return changed, [*problems, *check_references(changed.tables, only=touched)]


def _change_always(changing: Changing, table: str, key: str, change: Change) -> None:
    column = change.column.name
    rows, owners = changing.rows(table, key)
    made: list[tuple[int, Block]] = []
    for row, owner in zip(rows, owners, strict=True):
        new = change.value(row[column])
        made.append((owner, [(with_cell(row_values(row), column, new), origin(row))]))
    for name in {row_name(row): row for row in rows}.values():
        listed = changing.listed(name, column)
        if listed:
            series = {year: _as_number(change.value(value)) for year, value in listed.items()}
            changing.put_series(name, column, series)
    changing.put(table, owners, made)


def _change_from(changing: Changing, table: str, key: str, changes: Sequence[Change]) -> None:
    column = changes[0].column.name
    rows, owners = changing.rows(table, key)
    by_name: dict[str, list[tuple[Row, int]]] = {}
    for row, owner in zip(rows, owners, strict=True):
        by_name.setdefault(row_name(row), []).append((row, owner))
    dated = dated_column(changing.case[table].schema) is not None
    for named in by_name.values():
        row = named[0][0]
        series = _changed_series(changing.listed(row, column), row, changes)
        if series:
            changing.put_series(row, column, series)
    if dated:
        first_year = changing.case.settings.periods[0]
        made = [
            (named[0][1], _dated_rows([row for row, _ in named], changes, first_year))
            for named in by_name.values()
        ]
        changing.put(table, owners, made)


def _changed_series(
    listed: Mapping[int, float], row: Row, changes: Sequence[Change]
) -> dict[int, float]:
    """Give the series of one row; of dated rows only from its first listed year on."""
    dated = dated_column(row.table.schema) is not None
    if dated and not listed:
        return {}
    starts = [c.year for c in changes if c.year is not None]
    years = {*listed, *(year for year in starts if not dated or year >= min(listed))}
    values: dict[int, float] = {}
    for year in sorted(years):
        held = [value for since, value in listed.items() if since <= year]
        found = held[-1] if held else row[changes[0].column.name]
        values[year] = _as_number(_value_in(changes, year)(found))
    return values


def _dated_rows(rows: Sequence[Row], changes: Sequence[Change], first_year: int) -> Block:
    """Give the rows of one key after the changes, with the row of the file each comes from."""
    schema = rows[0].table.schema
    dated, column = dated_column(schema) or "", changes[0].column.name
    starts = [change.year for change in changes if change.year is not None]
    base = sorted(
        (_year_of(row, dated, min(first_year, starts[0])), row.index, row) for row in rows
    )
    linear = LINEAR.get(schema.name)
    points = [] if linear is None else [(y, row.number(linear)) for y, _, row in base]
    years = {year for year, _, _ in base} | set(starts)
    if column == linear:
        years |= {year - 1 for year in starts}
    made: Block = []
    for year in sorted(year for year in years if year >= base[0][0]):
        row = [row for since, _, row in base if since <= year][-1]
        values = row_values(row)
        values[dated] = year if dated == "year" else f"{year}"
        if linear is not None:
            values = with_cell(values, linear, interpolated(points, year))
        old = values[column] if column in values else row[column]
        new = _value_in(changes, year)(old)
        if new is not None:
            values = with_cell(values, column, new)
        made.append((values, origin(row)))
    return made


def _year_of(row: Row, dated: str, always: int) -> int:
    """Give the year of a dated row; a row that always holds starts with the horizon."""
    return int(str(row[dated])) if row.given(dated) else always


def _value_in(changes: Sequence[Change], year: int) -> Callable[[object], object]:
    """Give the change that holds in a year, as a function of the value of the case."""
    holding = [change for change in changes if change.year is not None and change.year <= year]
    return holding[-1].value if holding else lambda value: value


def _as_number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else float(str(value))


def _check_values(changing: Changing, table: str, key: str, change: Change) -> list[Problem]:
    column = change.column
    values: set[object] = set()
    for row in changing.rows(table, key)[0]:
        held = row[column.name]
        values |= set(held) if isinstance(held, tuple) else {held}
        values |= set(changing.listed(row, column.name).values())
    return [
        _not_allowed(change, column, float(value))
        for value in sorted(v for v in values if isinstance(v, (int, float)))
        if _bad(column, float(value))
    ]


def _bad(column: Column, value: float) -> bool:
    if not column.numeric:
        return False
    whole = column.kind is not Kind.INTEGER or value.is_integer()
    return outside(value, column) or value != value or not whole  # noqa: PLR0124 - NaN


def _not_allowed(change: Change, column: Column, value: float) -> Problem:
    allowed = column.range_text() or "a number"
    whole = " and whole" if column.kind is Kind.INTEGER else ""
    return Problem(
        "T216",
        change.row.place("set" if change.row.given("set") else "factor"),
        f"the change makes '{column.name}' {number_text(value)}",
        f"It has to be {allowed}{whole}.",
    )
