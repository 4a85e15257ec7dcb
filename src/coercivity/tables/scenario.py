"""A scenario applied to a case: its changes become rows and companions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import Problem, Severity, quoted
from coercivity.tables.cells import number_text, outside
from coercivity.tables.columns import Column, Kind
from coercivity.tables.drafts import (
    Origin,
    Values,
    draft_of,
    interpolated,
    origin,
    row_values,
    with_series,
)
from coercivity.tables.references import check_references
from coercivity.tables.typed import CaseTables, Companion, Row, Table, dated_column, row_name
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
    changed = case
    for (table, key, _), changes in groups.items():
        always = [change for change in changes if change.year is None]
        dated = sorted((c for c in changes if c.year is not None), key=lambda c: c.year or 0)
        for change in always:
            changed = _change_always(changed, table, key, change)
        if dated:
            changed = _change_from(changed, table, key, dated)
        problems += _check_values(changed, table, key, changes[-1])
    label = name if case.scenario is None else f"{case.scenario}+{name}"
    touched = {table for table, _, _ in groups}
    problems += check_references(changed.tables, only=touched)
    return replace(changed, scenario=label), problems


def _change_always(case: CaseTables, table: str, key: str, change: Change) -> CaseTables:
    column = change.column.name
    draft = draft_of(case[table])
    companion = case.companion(table, column)
    series: dict[str, Mapping[int, float]] = {}
    for row in case[table].named(key):
        draft.rows[row.index][column] = change.value(row[column])
        name = None if companion is None else companion.series_name(row)
        if companion is not None and name is not None:
            series[row_name(row)] = {
                year: _as_number(change.value(value))
                for year, value in companion.series(name).items()
            }
    return _with(case, draft.table(), column, series)


def _change_from(case: CaseTables, table: str, key: str, changes: Sequence[Change]) -> CaseTables:
    base = case[table]
    hit = base.named(key)
    column = changes[0].column.name
    if dated_column(base.schema) is not None:
        case = _change_dated_rows(case, base, hit, changes)
        hit = [row for row in hit if case.companion(table, column) is not None]
    series: dict[str, Mapping[int, float]] = {}
    for row in hit:
        found = _changed_series(case, base, row, changes)
        if found:
            series[row_name(row)] = found
    return _with(case, case[table], column, series)


def _changed_series(
    case: CaseTables, base: Table, row: Row, changes: Sequence[Change]
) -> dict[int, float]:
    """Give the series of one row; of dated rows only from its first listed year on."""
    column = changes[0].column.name
    companion = case.companion(base.schema.name, column)
    name = None if companion is None else companion.series_name(row)
    listed = companion.series(name) if companion is not None and name is not None else {}
    dated = dated_column(base.schema) is not None
    if dated and not listed:
        return {}
    starts = [c.year for c in changes if c.year is not None]
    years = {*listed, *(year for year in starts if not dated or year >= min(listed))}
    values: dict[int, float] = {}
    for year in sorted(years):
        held = [value for since, value in listed.items() if since <= year]
        found = held[-1] if held else row[column]
        values[year] = _as_number(_value_in(changes, year)(found))
    return values


def _change_dated_rows(
    case: CaseTables, base: Table, hit: Sequence[Row], changes: Sequence[Change]
) -> CaseTables:
    by_name: dict[str, list[Row]] = {}
    for row in hit:
        by_name.setdefault(row_name(row), []).append(row)
    replaced = {
        rows[0].index: _dated_rows(rows, changes, case.settings.periods[0])
        for rows in by_name.values()
    }
    gone = {row.index for row in hit}
    draft = draft_of(base)
    rows = list(zip(draft.rows, draft.origins, strict=True))
    draft.rows, draft.origins = [], []
    for index, kept in enumerate(rows):
        made = replaced.get(index, [] if index in gone else [kept])
        draft.rows += [values for values, _ in made]
        draft.origins += [place for _, place in made]
    return _with(case, draft.table(), changes[0].column.name, {})


def _dated_rows(
    rows: Sequence[Row], changes: Sequence[Change], first_year: int
) -> list[tuple[Values, Origin]]:
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
    made = []
    for year in sorted(year for year in years if year >= base[0][0]):
        row = [row for since, _, row in base if since <= year][-1]
        values = row_values(row)
        values[dated] = year if dated == "year" else f"{year}"
        if linear is not None:
            values[linear] = interpolated(points, year)
        old = values[column] if column in values else row[column]
        new = _value_in(changes, year)(old)
        if new is not None:
            values[column] = new
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


def _with(
    case: CaseTables, table: Table, column: str, series: Mapping[str, Mapping[int, float]]
) -> CaseTables:
    name = table.schema.name
    companions = dict(case.companions)
    if series:
        before = companions.get((name, column))
        companions[name, column] = with_series(before, table=name, column=column, changed=series)
    return replace(case, tables={**case.tables, name: table}, companions=companions)


def _check_values(case: CaseTables, table: str, key: str, change: Change) -> list[Problem]:
    column = case[table].schema.column(change.column.name) or change.column
    companion = case.companion(table, column.name)
    values: set[object] = set()
    for row in case[table].named(key):
        held = row[column.name]
        values |= set(held) if isinstance(held, tuple) else {held}
        values |= _series_values(companion, row)
    return [
        _not_allowed(change, column, float(value))
        for value in sorted(v for v in values if isinstance(v, (int, float)))
        if _bad(column, float(value))
    ]


def _series_values(companion: Companion | None, row: Row) -> set[object]:
    name = None if companion is None else companion.series_name(row)
    if companion is None or name is None:
        return set()
    return set(companion.series(name).values())


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
