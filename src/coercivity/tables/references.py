"""References from cell to table: what is named has to be listed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from coercivity.foundation.identifiers import nearest, suggestion
from coercivity.foundation.problems import Place, Problem, quoted
from coercivity.tables.columns import Column, Kind
from coercivity.tables.schemas import GROUPS
from coercivity.tables.typed import Row, Table

NOUNS = {
    "stages": "stage",
    "segments": "segment",
    "elements": "element",
    "materials": "material",
    "countries": "country",
    "sites": "site",
    "companies": "company",
    "projects": "project",
    "processes": "process",
    "assets": "asset",
    "options": "option",
    "links": "link",
    "suppliers": "supplier",
    "demands": "demand",
    "origin_classes": "origin class",
    "contracts": "contract",
    "promises": "promise",
    "scenarios": "scenario",
}
SITE_KINDS = ("plant", "pool", "market", "port")
SCOPED = {
    ("events", "asset"): "assets",
    ("events", "project"): "projects",
    ("events", "country"): "countries",
    ("events", "link"): "links",
    ("events", "material"): "materials",
    ("events", "supplier"): "suppliers",
    ("overruns", "stage"): "stages",
    ("overruns", "project"): "projects",
    ("limits", "country"): "countries",
    ("limits", "project"): "projects",
}
"""Table in which the ``target`` of a row stands, by table and scope."""


def check_references(
    tables: Mapping[str, Table], *, only: Collection[str] | None = None
) -> Iterator[Problem]:
    """Check that every id named in a cell is listed in a table it may refer to.

    Parameters
    ----------
    tables
        Every table of the case.
    only
        Names of the tables whose cells are checked; None = all.
    """
    ids = {name: frozenset(table.ids()) for name, table in tables.items()}
    for name, table in tables.items():
        if only is not None and name not in only:
            continue
        for column in table.schema.columns:
            if column.name in table.columns:
                yield from _check_column(table, column, ids)


def _check_column(
    table: Table, column: Column, ids: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    check = {
        Kind.REFERENCE: _check_reference,
        Kind.SELECTOR: _check_selector,
        Kind.ORIGIN: _check_origin,
    }.get(column.kind)
    if check is None:
        return
    for row in table.rows():
        if row.given(column.name):
            yield from check(row, column, ids)


def _check_reference(
    row: Row, column: Column, ids: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    names = row.names(column.name) if column.many else (row.text(column.name),)
    targets = _targets(row, column)
    for name in names:
        if name in column.allowed or any(name in ids[target] for target in targets):
            continue
        known = sorted({*column.allowed, *(i for target in targets for i in ids[target])})
        yield unknown_name(row.place(column.name), name, targets, known)


def _targets(row: Row, column: Column) -> tuple[str, ...]:
    if column.name == "target" and "scope" in row.table.columns:
        scoped = SCOPED.get((row.table.schema.name, str(row["scope"])))
        return column.refers_to if scoped is None else (scoped,)
    return column.refers_to


def unknown_name(
    place: Place, name: str, targets: Collection[str], known: Collection[str]
) -> Problem:
    """Say that a name is not listed, and which may have been meant."""
    nouns = " or ".join(_with_article(NOUNS.get(target, target)) for target in targets)
    listed = " or ".join(f"{target}.csv" for target in targets)
    return Problem(
        "T201", place, f"{quoted(name)} is not {nouns}", suggestion(name, known, listed_in=listed)
    )


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _check_origin(row: Row, column: Column, ids: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    place = row.place(column.name)
    for stage, country in row.pairs(column.name):
        if stage not in ids["stages"]:
            yield unknown_name(place, stage, ("stages",), ids["stages"])
        if country not in ids["countries"]:
            yield unknown_name(place, country, ("countries",), ids["countries"])


def _check_selector(
    row: Row, column: Column, ids: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    words = (*GROUPS, *(f"kind:{kind}" for kind in SITE_KINDS))
    known = {*ids["sites"], *ids["countries"], *words}
    for alternative in row.pairs(column.name):
        for condition in alternative:
            if condition not in known:
                near = nearest(condition, known)
                start = f"Did you mean '{near}'? " if near is not None else ""
                yield Problem(
                    "T201",
                    row.place(column.name),
                    f"{quoted(condition)} selects no site",
                    f"{start}Write a site of sites.csv, a country of countries.csv, or one of "
                    f"{', '.join(words)}.",
                )
