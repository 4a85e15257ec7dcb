"""Changing a row in place: checked before it is kept, never over another person's change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import Problem, Severity
from coercivity.interfaces.workbench import case_files
from coercivity.interfaces.workbench.editing import Sheet, problems_with, write_text
from coercivity.interfaces.workbench.pages import ASKED, Workbench, piece, to, workbench_of
from coercivity.interfaces.workbench.screens.data import (
    being_changed,
    data_page,
    editor_columns,
    needed,
    read_sheet,
)
from coercivity.interfaces.workbench.workspace import Project
from coercivity.tables.schemas import SCHEMAS

NEW = "new"
PLAN = "/plan"
"""Screen on which rows of the limits can be changed too."""
VALUE, WAS = "value-", "was-"
"""What the names of fields begin with: new values, and those the page was opened with."""
LONGEST_CELL = 20_000
CONFLICT, WRONG = 409, 422


@dataclass(frozen=True, slots=True)
class Editor:
    """A row while it is being changed."""

    project: Project
    table: str
    row: str
    """Its number, or ``new``."""
    digest: str
    """Digest of the file as the page showed it."""
    columns: list[tuple[str, str, str]]
    values: Mapping[str, str]
    was: Mapping[str, str]
    problems: Mapping[str, list[Problem]] = field(default_factory=dict)
    """Problems that the change would bring, by column."""
    theirs: Mapping[str, str] | None = None
    """The row as another person left it; None where there is no conflict."""
    conflict: str = ""
    """What happened meanwhile, in words."""


def edit(request: Request) -> Response:
    """Offer a row to be changed."""
    project = needed(request)
    name, row = request.query_params.get("table", ""), request.query_params.get("row", NEW)
    sheet, content = read_sheet(project, name)
    values: dict[str, str] = {}
    if row != NEW:
        held = sheet.record(_number(row))
        if held is None:
            msg = f"{name} has no row {row[:20]}.  [{UsageError.code}]"
            raise UsageError(msg)
        values = sheet.row(held)
    editor = Editor(
        project,
        name,
        row,
        case_files.content_digest(content),
        editor_columns(SCHEMAS.get(name), sheet.header),
        values,
        values,
    )
    if ASKED in request.headers:
        width = len(sheet.header) + 1
        return piece("piece-editor-row.html", editor=editor, width=width)
    return data_page(request, editor=editor)


async def save(request: Request) -> Response:
    """Keep a changed row, unless it brings errors or the file was changed meanwhile."""
    async with request.form(max_files=0, max_fields=400) as form:
        fields = {key: str(value) for key, value in form.items()}
    return await run_in_threadpool(_save, request, fields)


def _save(request: Request, fields: Mapping[str, str]) -> Response:
    workbench = workbench_of(request)
    name = fields.get("table", "")
    with being_changed(request) as project:
        file = case_files.table_file(project.folder, name)
        sheet, content = read_sheet(project, name)
        editor = _editor(project, name, fields, sheet)
        if case_files.content_digest(content) != editor.digest:
            return _conflict(request, editor, sheet, content)
        text = _changed(sheet, editor, delete=fields.get("do") == "delete")
        if fields.get("do") != "anyway":
            found = new_problems(workbench, project, name, text)
            if found:
                shown = with_problems(editor, found)
                return data_page(request, status=WRONG, editor=shown, table=name)
        write_text(file, text)
    if fields.get("back") == PLAN:
        return to(PLAN, project=project.id)
    place = editor.row if editor.row != NEW else str(len(sheet.records) + 2)
    start = (max(0, int(place) - 2)) // 100 * 100
    answer = to("/data", project=project.id, table=name, start=start or None)
    answer.headers["location"] += f"#row-{place}"
    return answer


def _editor(project: Project, name: str, fields: Mapping[str, str], sheet: Sheet) -> Editor:
    values = {
        key.removeprefix(VALUE): " ".join(text.split("\r\n"))[:LONGEST_CELL].strip()
        for key, text in fields.items()
        if key.startswith(VALUE)
    }
    was = {key.removeprefix(WAS): text for key, text in fields.items() if key.startswith(WAS)}
    columns = editor_columns(SCHEMAS.get(name), sheet.header)
    row = fields.get("row", NEW)
    return Editor(project, name, row, fields.get("digest", ""), columns, values, was)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _changed(sheet: Sheet, editor: Editor, *, delete: bool) -> str:
    """Give the text of the file with the change; columns that get their first value are added."""
    if delete:
        return sheet.without(_number(editor.row))
    known = {name for name, _, _ in editor.columns}
    filled = [name for name, text in editor.values.items() if text and name in known]
    wide = sheet.with_columns(filled)
    cells = [editor.values.get(name, "") for name in wide.header]
    if editor.row == NEW:
        return wide.with_more(cells)
    return wide.with_record(_number(editor.row), cells)


def new_problems(workbench: Workbench, project: Project, name: str, text: str) -> list[Problem]:
    """Give the errors that a change would bring to a case.

    Parameters
    ----------
    workbench
        The workbench.
    project
        The project.
    name
        The table.
    text
        Its text with the change.
    """
    return brought(problems_with(project.folder, {}), problems_with(project.folder, {name: text}))


def brought(before: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """Give the errors that a change brings.

    Parameters
    ----------
    before
        Problems without the change.
    after
        Problems with it.
    """
    known = {(problem.code, problem.place.file, problem.what) for problem in before}
    return [
        problem
        for problem in after
        if problem.severity is Severity.ERROR
        and (problem.code, problem.place.file, problem.what) not in known
    ]


def with_problems(editor: Editor, found: Iterable[Problem]) -> Editor:
    """Put problems beside the cells they are about, others at the top.

    Parameters
    ----------
    editor
        What is changed.
    found
        Problems that the change would bring.
    """
    names = {name for name, _, _ in editor.columns}
    by_column: dict[str, list[Problem]] = {}
    for problem in found:
        own = Path(problem.place.file).stem == editor.table and problem.place.column in names
        by_column.setdefault(problem.place.column or "" if own else "", []).append(problem)
    return replace(editor, problems=by_column)


def _conflict(request: Request, editor: Editor, sheet: Sheet, content: bytes) -> Response:
    """Show what another person did to the row, beside what is wanted; nothing is kept yet."""
    row, theirs, told = _meanwhile(editor, sheet)
    shown = Editor(
        editor.project,
        editor.table,
        row,
        case_files.content_digest(content),
        editor.columns,
        editor.values,
        editor.was if theirs is None else theirs,
        {},
        theirs,
        told,
    )
    return data_page(request, status=CONFLICT, editor=shown, table=editor.table)


def _meanwhile(editor: Editor, sheet: Sheet) -> tuple[str, dict[str, str] | None, str]:
    if editor.row == NEW:
        return NEW, None, "The file was changed while you wrote. Your row can still be added."
    rows = [(record, sheet.row(record)) for record in sheet.records]
    was = {name: text for name, text in editor.was.items() if text}
    for record, row in rows:
        if {name: text for name, text in row.items() if text} == was:
            told = "The file was changed in other rows while you wrote; this row is as it was."
            return str(record.number), row, told
    schema = SCHEMAS.get(editor.table)
    key = schema.key if schema is not None else ("year",)
    for record, row in rows:
        if all(row.get(name, "") == editor.was.get(name, "") for name in key):
            told = "Another person changed this row while you wrote. Both versions stand below."
            return str(record.number), row, told
    return NEW, {}, "Another person took this row away while you wrote. Saving adds it again."


ROUTES = (
    Route("/data/row", edit, methods=["GET"]),
    Route("/data/row", save, methods=["POST"]),
)
