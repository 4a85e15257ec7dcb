"""A case, from its folder or workbook to checked tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import Place, Problem, Severity, quoted, sorted_by_place
from coercivity.tables.csv_reader import read_folder
from coercivity.tables.excel_reader import read_workbook
from coercivity.tables.merging import Parts, merge_imports
from coercivity.tables.raw import SETTINGS_FILE, RawCase
from coercivity.tables.scenario import changed_case
from coercivity.tables.schemas import REQUIRED_TABLES, SCHEMAS
from coercivity.tables.settings import Settings, parse_settings, setting_place
from coercivity.tables.typed import CaseTables, Companion, Table
from coercivity.tables.typing_tables import empty_table, type_companion, type_table
from coercivity.tables.validate import validate

REFERENCE_CASES = Path(__file__).resolve().parents[1] / "cases"
WORKBOOKS = (".xlsm", ".xlsb", ".xls", ".ods")


def find_case(name: str | Path) -> Path:
    """Find a case: a folder, a workbook, or the name of a reference case.

    Raises
    ------
    UsageError
        If there is no such case.
    """
    path = Path(name)
    try:
        if path.is_dir() or path.is_file():
            return path
        known = reference_cases()
    except (OSError, ValueError):
        known = reference_cases()
    if str(name) in known:
        return REFERENCE_CASES / str(name)
    near = nearest(str(name), known)
    start = f"Did you mean '{near}'? " if near is not None else ""
    msg = (
        f"There is no case {quoted(name)}. {start}A case is a folder with case.yaml, an .xlsx "
        f"workbook, or a reference case: {', '.join(known) or 'none'}.  [T100]"
    )
    raise UsageError(msg)


def reference_cases() -> tuple[str, ...]:
    """List the names of the cases that come with the program."""
    if not REFERENCE_CASES.is_dir():
        return ()
    return tuple(sorted(p.parent.name for p in REFERENCE_CASES.glob("*/case.yaml")))


def read_case(path: str | Path, *, strict: bool = False) -> CaseTables:
    """Read and check a case.

    Parameters
    ----------
    path
        Folder, workbook, or name of a reference case.
    strict
        Whether warnings count as errors.

    Raises
    ------
    CaseError
        With every problem, if there is any error (or, when strict, any warning).
    UsageError
        If there is no such case.
    DiskError
        If its folder cannot be listed.
    """
    case, problems = read_tables(path)
    counted = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if case is None or any(problem.severity in counted for problem in problems):
        raise CaseError(problems, case=str(path), strict=strict)
    return case


def read_tables(path: str | Path) -> tuple[CaseTables | None, list[Problem]]:
    """Read a case and list every problem, notes included.

    Returns
    -------
    tuple
        The case, None where any problem is an error, and all problems by place.
    """
    return check_raw(read_raw(path))


def read_raw(path: str | Path) -> RawCase:
    """Read the cells of a case without checking them.

    Raises
    ------
    UsageError
        If there is no such case, or it is neither a folder nor an ``.xlsx`` workbook.
    DiskError
        If its folder cannot be listed.
    """
    found = find_case(path)
    if found.is_dir():
        return read_folder(found)
    if found.name == SETTINGS_FILE:
        return read_folder(found.parent)
    if found.suffix.lower() == ".xlsx":
        return read_workbook(found)
    kind = "a workbook that may hold macros" if found.suffix.lower() in WORKBOOKS else "no case"
    msg = (
        f"{quoted(found.name)} is {kind}. A case is a folder with {SETTINGS_FILE} or an .xlsx "
        "workbook: save a workbook as .xlsx.  [T110]"
    )
    raise UsageError(msg)


def check_raw(raw: RawCase) -> tuple[CaseTables | None, list[Problem]]:
    """Type and check a raw case, its imports merged."""
    settings, tables, companions, problems = _parts(raw)
    if settings is not None and settings.imports:
        parts = _merged(raw, Parts(settings, tables, companions), (Path(raw.path).resolve(),))
        settings, tables, companions = parts.settings, parts.tables, parts.companions
        problems += parts.problems
    problems += _missing_tables(raw, tables)
    problems = sorted_by_place([*problems, *validate(tables, companions, settings, raw)])
    if settings is None or any(p.severity is Severity.ERROR for p in problems):
        return None, problems
    case = CaseTables(settings.name, settings, tables, companions, tuple(problems))
    found = [p for name in tables["scenarios"].ids() for p in changed_case(case, name)[1]]
    return (None if found else case), sorted_by_place([*problems, *found])


def _parts(
    raw: RawCase,
) -> tuple[
    Settings | None, Mapping[str, Table], Mapping[tuple[str, str], Companion], list[Problem]
]:
    settings, problems = parse_settings(raw)
    tables, companions, found = _typed(raw)
    return settings, tables, companions, [*raw.notes, *problems, *found]


def _merged(raw: RawCase, parts: Parts, on_the_way: tuple[Path, ...]) -> Parts:
    path = Path(raw.path).resolve()
    return merge_imports(
        parts,
        place=setting_place(raw, "imports"),
        base=path if path.is_dir() else path.parent,
        find=_find_import,
        load=_load_import,
        on_the_way=on_the_way,
    )


def _load_import(path: Path, on_the_way: tuple[Path, ...]) -> tuple[Parts | None, list[Problem]]:
    raw = read_raw(path)
    settings, tables, companions, problems = _parts(raw)
    if settings is None:
        return None, problems
    parts = Parts(settings, tables, companions, tuple(problems))
    if settings.imports:
        parts = _merged(raw, parts, on_the_way)
    return parts, list(parts.problems)


def _find_import(name: str, base: Path) -> Path:
    """Find an imported case: beside the case that names it, or a reference case."""
    if Path(name).is_absolute():
        msg = f"{quoted(name)} is an absolute path, so the case could not move"
        raise UsageError(msg)
    beside = base / name
    return find_case(beside if beside.exists() else name)


def _typed(
    raw: RawCase,
) -> tuple[dict[str, Table], dict[tuple[str, str], Companion], list[Problem]]:
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for name, schema in SCHEMAS.items():
        if name not in raw.tables:
            tables[name] = empty_table(schema)
            continue
        tables[name], found = type_table(raw.tables[name], schema)
        problems += found
    companions: dict[tuple[str, str], Companion] = {}
    for (table, column), raw_table in raw.companions.items():
        companion, found = type_companion(raw_table, table, column)
        problems += found
        if companion is not None:
            companions[table, column] = companion
    return tables, companions, problems


def _missing_tables(raw: RawCase, tables: Mapping[str, Table]) -> list[Problem]:
    unread = {problem.place.file for problem in raw.notes}
    return [
        Problem(
            "T114",
            Place(f"{name}.csv"),
            f"the table {name} has no rows",
            f"Every case has {', '.join(REQUIRED_TABLES)}: `coercivity schema {name}` shows the "
            "columns.",
        )
        for name in REQUIRED_TABLES
        if not len(tables[name]) and tables[name].file not in unread
    ]
