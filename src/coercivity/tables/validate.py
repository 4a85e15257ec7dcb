"""Checks of the tables against their schemas and each other, all problems at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from coercivity.foundation.problems import Place, Problem, Severity, quoted
from coercivity.tables.columns import Column
from coercivity.tables.raw import RawCase
from coercivity.tables.references import check_references, unknown_name
from coercivity.tables.settings import Settings, setting_place
from coercivity.tables.typed import Companion, Row, Table, dated_column, row_name, undated_key
from coercivity.tables.validate_changes import check_changes

COUNTRY = re.compile(r"[A-Z]{3}", re.ASCII)
PRICE_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
SUM_TOLERANCE = 1e-9
UNNAMED_SOURCES = ("derived", "estimate")

Companions = Mapping[tuple[str, str], Companion]


def validate(
    tables: Mapping[str, Table],
    companions: Companions,
    settings: Settings | None,
    raw: RawCase,
) -> list[Problem]:
    """Check typed tables and list every problem.

    Parameters
    ----------
    tables
        Every table of the schema, empty or not.
    companions
        Companions by table and column.
    settings
        The settings; None where they could not be read.
    raw
        The case as it was read, for the places of its settings.
    """
    problems: list[Problem] = []
    for table in tables.values():
        problems += _check_groups(table)
        problems += _check_keys(table)
        problems += _check_dated_rows(table)
        problems += _check_ranges(table)
        problems += _count_unlimited(table)
    problems += check_references(tables)
    problems += _check_companions(tables, companions)
    problems += check_changes(tables, companions)
    problems += _check_countries(tables["countries"])
    problems += _check_one_id_space(tables["assets"], tables["links"])
    problems += _check_years(tables)
    problems += _check_price_dates(tables["prices"])
    problems += _check_targets(tables["limits"])
    problems += _check_probabilities(tables["scenarios"])
    problems += _check_sources(tables)
    if settings is not None:
        problems += _check_settings(tables, settings, raw)
    return problems


def _check_groups(table: Table) -> Iterator[Problem]:
    schema = table.schema
    groups = [(names, True) for names in schema.exactly_one]
    groups += [(names, False) for names in schema.at_most_one]
    for row in table.rows():
        for names, needed in groups:
            filled = [name for name in names if row.given(name)]
            shown = " and ".join(f"'{name}'" for name in names)
            if len(filled) > 1:
                asked = "exactly one" if needed else "at most one"
                what = f"{shown} are both filled"
                yield Problem("T207", row.place(), what, f"Fill {asked} of them.")
            elif needed and not filled:
                what = f"neither {' nor '.join(names)} is filled"
                yield Problem("T207", row.place(), what, f"Fill exactly one of {shown}.")


def _check_keys(table: Table) -> Iterator[Problem]:
    first_rows: dict[tuple[object, ...], int] = {}
    required = [column.name for column in table.schema.columns if column.required]
    for row in table.rows():
        key = row.key()
        if not key or any(name in required and row[name] is None for name in table.schema.key):
            continue
        first = first_rows.setdefault(key, row.table.row_numbers[row.index])
        if first != row.table.row_numbers[row.index]:
            shown = "/".join("" if part is None else str(part) for part in key)
            yield Problem(
                "T206",
                row.place(table.schema.key[0]),
                f"{quoted(shown)} stands in row {first} already",
                f"One row a key ({', '.join(table.schema.key)}): take one of them out.",
            )


def _check_dated_rows(table: Table) -> Iterator[Problem]:
    if dated_column(table.schema) != "year" or "year" not in table.columns:
        return
    last: dict[str, Row] = {}
    for row in table.rows():
        name = row_name(row)
        before = last.get(name)
        last[name] = row
        if before is None or before["year"] == row["year"]:
            continue
        if before["year"] is None or row["year"] is None:
            yield Problem(
                "T218",
                row.place("year"),
                f"{quoted(name)} has rows with and without a year",
                "A row without a year holds in every year, so no other can hold beside it: give "
                f"the row {before.table.row_numbers[before.index]} or this one a year.",
            )
        elif row.whole("year") < before.whole("year"):
            yield Problem(
                "T218",
                row.place("year"),
                f"the rows of {quoted(name)} are not in the order of their years",
                "They are read in the order of their years; sort them to see what holds.",
                Severity.WARNING,
            )


def _check_ranges(table: Table) -> Iterator[Problem]:
    for column in table.schema.columns:
        bounds = (f"{column.name}_low", f"{column.name}_high")
        if not column.numeric or not any(name in table.columns for name in bounds):
            continue
        for row in table.rows():
            yield from _check_range(row, column)


def _check_range(row: Row, column: Column) -> Iterator[Problem]:
    names = [f"{column.name}_low", column.name, f"{column.name}_high"]
    there = [name for name in names if name in row.table.columns or name == column.name]
    shown = [(name, row[name]) for name in there]
    values = [(name, value) for name, value in shown if isinstance(value, (int, float))]
    for (name, value), (next_name, next_value) in zip(values, values[1:], strict=False):
        if value > next_value:
            yield Problem(
                "T210",
                row.place(name),
                f"'{name}' is {value:g}, above '{next_name}' of {next_value:g}",
                "A range encloses its value: low <= value <= high.",
            )


def _count_unlimited(table: Table) -> Iterator[Problem]:
    for column in table.schema.columns:
        if not column.unlimited:
            continue
        count = sum(row[column.name] == math.inf for row in table.rows())
        if count:
            plural = "s are" if count > 1 else " is"
            yield Problem(
                "T212",
                Place(table.file, None, column.name),
                f"{count} row{plural} unlimited",
                "Nothing has to be done; a limit is written as a number.",
                Severity.NOTE,
            )


def _check_companions(tables: Mapping[str, Table], companions: Companions) -> Iterator[Problem]:
    for (name, _), companion in companions.items():
        known = {row_name(row) for row in tables[name].rows()} | set(tables[name].ids())
        for identifier in companion.ids:
            if identifier not in known:
                yield Problem(
                    "T211",
                    Place(companion.file, 1, identifier),
                    f"{quoted(identifier)} is no row of {name}",
                    unknown_name(Place(companion.file), identifier, (name,), known).instead
                    + f" A row is named by its {'/'.join(undated_key(tables[name].schema))}.",
                )


def _check_countries(countries: Table) -> Iterator[Problem]:
    for row in countries.rows():
        if row.given("id") and not COUNTRY.fullmatch(row.text("id")):
            yield Problem(
                "T213",
                row.place("id"),
                f"{quoted(row['id'])} is not a country code",
                "Write the three capital letters of ISO 3166 alpha-3, such as USA.",
            )


def _check_one_id_space(assets: Table, links: Table) -> Iterator[Problem]:
    known = set(assets.ids())
    for row in links.rows():
        if row.given("id") and row["id"] in known:
            yield Problem(
                "T206",
                row.place("id"),
                f"{quoted(row['id'])} is the id of an asset already",
                "Options name assets and links alike, so both share one list of ids: rename one.",
            )


def _check_years(tables: Mapping[str, Table]) -> Iterator[Problem]:
    pairs = (("first_year", "last_year"), ("earliest", "latest"), ("from_date", "to_date"))
    for table in tables.values():
        for first, last in pairs:
            if not {first, last} <= table.columns.keys():
                continue
            for row in table.rows():
                if row.given(first) and row.given(last) and str(row[last]) < str(row[first]):
                    yield Problem(
                        "T219",
                        row.place(last),
                        f"'{last}' {row[last]} comes before '{first}' {row[first]}",
                        "Swap them, or leave one empty.",
                    )


def _check_price_dates(prices: Table) -> Iterator[Problem]:
    for row in prices.rows():
        if row.given("date") and not PRICE_DATE.fullmatch(row.text("date")):
            yield Problem(
                "T209",
                row.place("date"),
                f"{quoted(row['date'])} is not a year, month or day",
                "Write 2025, 2025-03 or 2025-03-31.",
            )


def _check_targets(limits: Table) -> Iterator[Problem]:
    for row in limits.rows():
        needs = row["scope"] in {"country", "project"}
        if needs != row.given("target"):
            what = "'target' is empty" if needs else f"'target' names {quoted(row['target'])}"
            yield Problem(
                "T219",
                row.place("target"),
                f"{what}, but the scope is '{row['scope']}'",
                "The scopes country and project name their target; the others have none.",
            )


def _check_probabilities(scenarios: Table) -> Iterator[Problem]:
    given = [row.number("probability") for row in scenarios.rows() if row.given("probability")]
    total = math.fsum(given)
    if given and abs(total - 1) > SUM_TOLERANCE:
        missing = f", or add the missing {1 - total:.12g} as its own scenario" if total < 1 else ""
        yield Problem(
            "U301",
            Place(scenarios.file),
            f"probabilities sum to {total:.12g}, not 1",
            f"Scale them{missing}; coercivity never rescales for you.",
        )


def _check_sources(tables: Mapping[str, Table]) -> Iterator[Problem]:
    known = set(tables["sources"].ids())
    for table in tables.values():
        told: set[str] = set()
        for row in table.rows() if "source" in table.columns else ():
            for name in (str(row["source"]) if row.given("source") else "").split(";"):
                source = name.strip()
                if not source or source in known or source in told:
                    continue
                told.add(source)
                if not source.startswith(UNNAMED_SOURCES):
                    found = unknown_name(row.place("source"), source, ("sources",), known)
                    yield Problem(
                        "T214",
                        found.place,
                        f"{quoted(source)} is not a source",
                        f"{found.instead} Write 'derived' or 'estimate' where there is none.",
                        Severity.WARNING,
                    )


def _check_settings(
    tables: Mapping[str, Table], settings: Settings, raw: RawCase
) -> Iterator[Problem]:
    for key, target in (("perspective", "countries"), ("key_product", "materials")):
        name = str(getattr(settings, key))
        known = set(tables[target].ids())
        if name and name not in known:
            found = unknown_name(setting_place(raw, key), name, (target,), known)
            yield Problem("T306", found.place, found.what, found.instead)
