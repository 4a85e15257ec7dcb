"""Data: the tables of a project, what is wrong with them, and ways out."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import Problem
from coercivity.interfaces.workbench import case_files
from coercivity.interfaces.workbench.editing import Record, Sheet, sheet_of
from coercivity.interfaces.workbench.pages import page, project_of, workbench_of
from coercivity.interfaces.workbench.screens.drawings import as_file
from coercivity.interfaces.workbench.settings_text import setting_texts
from coercivity.interfaces.workbench.workspace import Project
from coercivity.results.disk import disk_errors
from coercivity.studies.cases import COPIED, convert_case
from coercivity.tables.cells import cell_text
from coercivity.tables.columns import Column, Kind, TableSchema
from coercivity.tables.csv_reader import LARGEST_SETTINGS, read_text
from coercivity.tables.headers import companion_name
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.settings import KEYS, SETTINGS

PER_PAGE = 100
"""Rows of a table on one page."""
SHOWN_PROBLEMS = 200
LOCK_SECONDS = 5.0
"""Time for which a change waits for another one to end. [s]"""
CHOICES: Mapping[str, tuple[str, ...]] = {
    column.name: ("yes", "no") if column.kind is Kind.YES_NO else column.allowed
    for column in SETTINGS
    if column.allowed or column.kind is Kind.YES_NO
}
"""Values of those settings that are chosen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table on a page."""

    number: int
    cells: tuple[str, ...]
    problems: Mapping[str, tuple[Problem, ...]]
    """Problems by column; those of the whole row under an empty name."""


@dataclass(frozen=True, slots=True)
class View:
    """A table on a page."""

    name: str
    description: str
    header: tuple[str, ...]
    columns: Mapping[str, Column | None]
    lines: tuple[Line, ...]
    total: int
    """Rows that fit what is looked for."""
    start: int
    find: str
    problems: tuple[Problem, ...]
    """Problems of the table that no row shown carries."""
    exists: bool


def show(request: Request) -> Response:
    """Show the tables of the project, and one of them."""
    return data_page(request)


def data_page(
    request: Request,
    *,
    status: int = 200,
    **content: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """Write the data screen.

    Parameters
    ----------
    request
        What was asked.
    status
        Status of the answer.
    content
        Further content, such as a row that is being changed.
    """
    project = project_of(request)
    name = str(content.pop("table", request.query_params.get("table", "")))
    if project is None:
        return page(request, "data.html", screen="data", title="Data", view=None, **_nothing())
    report = case_files.report_of(project.folder)
    view = table_view(request, project, name) if name else None
    return page(
        request,
        "data.html",
        screen="data",
        title=f"Data: {name}" if name else "Data",
        status=status,
        tree=case_files.tree(project.folder, report),
        report=report,
        problems=report.problems[:SHOWN_PROBLEMS],
        left=max(0, len(report.problems) - SHOWN_PROBLEMS),
        view=view,
        settings=_settings(project),
        schemas=SCHEMAS,
        choices=CHOICES,
        **{"editor": None, "settings_editor": None} | content,
    )


def _nothing() -> dict[str, Any]:
    return {"tree": {}, "report": None, "problems": (), "left": 0, "settings": (), "editor": None,
            "settings_editor": None, "schemas": SCHEMAS, "choices": CHOICES}  # fmt: skip


def _settings(project: Project) -> list[tuple[str, str, str]]:
    """Give the settings as name, value and meaning; those that are left out show their default."""
    text, _ = read_text(project.folder / SETTINGS_FILE, largest=LARGEST_SETTINGS)
    held = setting_texts(text or "")
    given = [
        (column.name, held[column.name], column.description)
        for column in SETTINGS
        if column.name in held
    ]
    return given + [(key, value, "") for key, value in held.items() if key not in KEYS]


def setting_columns() -> list[tuple[str, str, str]]:
    """Give the settings that can be changed: name, unit or kind, and what each means."""
    return [
        (
            column.name,
            column.unit or (column.kind.value if column.kind is not Kind.TEXT else ""),
            _meaning(column),
        )
        for column in SETTINGS
        if column.name != "format"
    ]


def read_sheet(project: Project, name: str) -> tuple[Sheet, bytes]:
    """Read a table of a project, with its bytes; one that does not exist has no rows.

    Parameters
    ----------
    project
        The project.
    name
        Name of the table.
    """
    file = case_files.table_file(project.folder, name)
    with disk_errors(f"cannot read {file.name}"):
        content = file.read_bytes() if file.is_file() else b""
    return sheet_of(content.decode("utf-8", errors="replace")), content


def table_view(request: Request, project: Project, name: str) -> View:
    """Prepare a page of a table.

    Parameters
    ----------
    request
        What was asked: ``start`` and ``find``.
    project
        The project.
    name
        Name of the table.
    """
    sheet, content = read_sheet(project, name)
    own = case_files.problems_of(case_files.report_of(project.folder), name)
    find = request.query_params.get("find", "").strip()
    held = [one for one in sheet.records if _fits(one, find)]
    start = _start(request.query_params.get("start", "0"), len(held))
    shown = held[start : start + PER_PAGE]
    lines = tuple(Line(one.number, one.cells, _by_column(own, one.number)) for one in shown)
    told = {problem for line in lines for found in line.problems.values() for problem in found}
    schema = SCHEMAS.get(name)
    pair = companion_name(name)
    return View(
        name,
        schema.description if schema else f"{pair[1] if pair else ''} of {name}, by year.",
        sheet.header or tuple(schema.column_names if schema else ()),
        {column: schema.column(column) if schema else None for column in sheet.header},
        lines,
        len(held),
        start,
        find,
        tuple(problem for problem in own if problem not in told),
        bool(content),
    )


def _start(text: str, total: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return max(0, min(number, (total - 1) // PER_PAGE * PER_PAGE))


def _fits(record: Record, find: str) -> bool:
    return not find or any(find.lower() in cell.lower() for cell in record.cells)


def _by_column(problems: Sequence[Problem], number: int) -> dict[str, tuple[Problem, ...]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        place = problem.place
        if place.row is not None and place.row <= number <= (place.last_row or place.row):
            found.setdefault(place.column or "", []).append(problem)
    return {column: tuple(held) for column, held in found.items()}


def editor_columns(schema: TableSchema | None, header: Sequence[str]) -> list[tuple[str, str, str]]:
    """Give the columns of an editor: name, unit or kind, and what it means.

    Parameters
    ----------
    schema
        Schema of the table; None for a companion.
    header
        Columns of the file.
    """
    if schema is None:
        return [(name, "number" if name != "year" else "year", "") for name in header]
    names = dict.fromkeys([*header, *schema.column_names, "source", "confidence", "note"])
    found = []
    for name in names:
        column = schema.column(name)
        if column is not None:
            kind = column.unit or (column.kind.value if column.kind is not Kind.TEXT else "")
            found.append((name, kind, _meaning(column)))
    return found


def _meaning(column: Column) -> str:
    allowed = f" One of: {', '.join(column.allowed)}." if column.allowed else ""
    held = f" {column.range_text()}." if column.range_text() else ""
    default = cell_text(column.default, column)
    empty = f" Empty means {default}." if column.default is not None else ""
    return f"{column.description}{allowed}{held}{empty}"


@contextmanager
def being_changed(request: Request) -> Iterator[Project]:
    """Give the project of the address, while nobody else changes files of the folder.

    Parameters
    ----------
    request
        What was asked.

    Raises
    ------
    UsageError
        If none is open, or it is a reference case.
    """
    records, project = workbench_of(request).workspace.records, needed(request)
    if project.reference:
        msg = f"A reference case cannot be changed: make a copy of it.  [{UsageError.code}]"
        raise UsageError(msg)
    records.mkdir(parents=True, exist_ok=True)
    with FileLock(records / "edit.lock", timeout=LOCK_SECONDS):
        yield project


def needed(request: Request) -> Project:
    """Give the project of the address; one must be open.

    Parameters
    ----------
    request
        What was asked.

    Raises
    ------
    UsageError
        If none is named, or there is no such project.
    """
    project = project_of(request)
    if project is None:
        msg = f"Open a project first: Home lists them.  [{UsageError.code}]"
        raise UsageError(msg)
    return project


def workbook(request: Request) -> Response:
    """Give the project as one workbook."""
    project = needed(request)
    with tempfile.TemporaryDirectory(prefix="coercivity-") as folder:
        made = convert_case(project.folder, Path(folder) / "case.xlsx")
        content = made.path.read_bytes()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(content, media_type=kind, headers=as_file(f"{project.name}.xlsx"))


def archive(request: Request) -> Response:
    """Give the files of the project in one archive."""
    project = needed(request)
    held = io.BytesIO()
    with (
        disk_errors("cannot read the case"),
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for path in sorted(path for pattern in COPIED for path in project.folder.glob(pattern)):
            if path.is_file() and not path.is_symlink():
                target.write(path, f"{project.name}/{path.name}")
    headers = as_file(f"{project.name}.zip")
    return Response(held.getvalue(), media_type="application/zip", headers=headers)


ROUTES = (
    Route("/data", show),
    Route("/data/case.xlsx", workbook),
    Route("/data/case.zip", archive),
)
