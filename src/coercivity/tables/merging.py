"""Imported cases merged into the case that names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coercivity.foundation.errors import CoercivityError
from coercivity.foundation.problems import Place, Problem, Severity, quoted
from coercivity.tables.columns import COMMON_COLUMNS
from coercivity.tables.drafts import draft_of, origin, row_values
from coercivity.tables.prefixes import MERGED, Prefix
from coercivity.tables.settings import Settings
from coercivity.tables.typed import Companion, Row, Table

MUST_AGREE = ("periods", "currency", "price_year")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a case is made of before it is checked as a whole."""

    settings: Settings
    tables: Mapping[str, Table]
    companions: Mapping[tuple[str, str], Companion]
    problems: tuple[Problem, ...] = ()


Load = Callable[[Path, tuple[Path, ...]], tuple[Parts | None, list[Problem]]]
"""Reads one case with its own imports, given the cases on the way to it."""


def merge_imports(
    parts: Parts,
    *,
    place: Place,
    base: Path,
    find: Callable[[str, Path], Path],
    load: Load,
    on_the_way: tuple[Path, ...],
) -> Parts:
    """Merge every import of a case into it.

    Parameters
    ----------
    parts
        The case without its imports.
    place
        Where its settings name the imports.
    base
        Folder from which relative names count.
    find
        Finds a case by name.
    load
        Reads a case.
    on_the_way
        Cases that are being read, the outermost first.
    """
    problems = list(parts.problems)
    tables, companions = dict(parts.tables), dict(parts.companions)
    for prefix, name in parts.settings.imports:
        try:
            path = find(name, base).resolve()
            if path in on_the_way:
                what = f"{quoted(name)} imports this case in turn, or is it"
                problems.append(Problem("T402", place, what, "Take the import out of one of them."))
                continue
            imported, found = load(path, (*on_the_way, path))
        except (CoercivityError, OSError, ValueError) as error:
            problems.append(Problem("T401", place, str(error), "Name a case beside this one."))
            continue
        problems += [_under(prefix, problem) for problem in found]
        if imported is None:
            continue
        problems += _disagreements(parts.settings, imported.settings, place, name)
        ids = {table: frozenset(held.ids()) for table, held in imported.tables.items()}
        renaming = Prefix(prefix, ids)
        problems += _merge_tables(tables, renaming.tables(imported.tables))
        renamed = renaming.companions(imported.companions, imported.tables)
        for pair, companion in renamed.items():
            companions[pair] = _joined(companions.get(pair), companion)
    settings = replace(parts.settings, imports=())
    return Parts(settings, tables, companions, tuple(problems))


def _under(prefix: str, problem: Problem) -> Problem:
    file = f"{prefix}: {problem.place.file}"
    return replace(problem, place=replace(problem.place, file=file))


def _disagreements(
    settings: Settings, imported: Settings, place: Place, name: str
) -> list[Problem]:
    problems = []
    for key in MUST_AGREE:
        ours, theirs = getattr(settings, key), getattr(imported, key)
        if ours != theirs:
            problems.append(
                Problem(
                    "T403",
                    place,
                    f"{quoted(name)} has '{key}' {quoted(theirs)}, this case {quoted(ours)}",
                    "Cases that are merged share periods, currency and price year.",
                )
            )
    return problems


def _merge_tables(tables: dict[str, Table], imported: Mapping[str, Table]) -> list[Problem]:
    problems: list[Problem] = []
    for name, more in imported.items():
        if not len(more):
            continue
        draft = draft_of(tables[name])
        for row in more.rows():
            known = tables[name].find(row.text("id")) if name in MERGED else None
            if known is not None:
                problems += _contradictions(known, row)
                continue
            values = row_values(row)
            if name == "scenarios" and values.pop("probability", None) is not None:
                problems.append(_probability_dropped(row))
            draft.rows.append(values)
            draft.origins.append(origin(row))
        tables[name] = draft.table()
    return problems


def _contradictions(known: Row, row: Row) -> list[Problem]:
    problems = []
    for column in row.table.columns:
        if column in {"name", *COMMON_COLUMNS} or not (row.given(column) and known.given(column)):
            continue
        if row[column] != known[column]:
            problems.append(
                Problem(
                    "T404",
                    row.place(column),
                    f"{quoted(row['id'])} has '{column}' {quoted(row[column])}, but "
                    f"{quoted(known[column])} in {known.place()}",
                    f"Cases that are merged share their {row.table.schema.name}: make them agree.",
                )
            )
    return problems


def _probability_dropped(row: Row) -> Problem:
    return Problem(
        "T405",
        row.place("probability"),
        f"the probability of the imported scenario {quoted(row['id'])} is not used",
        "Scenarios of an imported case are used only when named.",
        Severity.NOTE,
    )


def _joined(ours: Companion | None, theirs: Companion) -> Companion:
    if ours is None:
        return theirs
    years = tuple(sorted({*ours.years, *theirs.years}))
    values = {
        name: tuple(map(companion.series(name).get, years))
        for companion in (ours, theirs)
        for name in companion.ids
    }
    return Companion(ours.table, ours.column, ours.file, years, values)
