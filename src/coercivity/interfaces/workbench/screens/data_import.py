"""Importing tables from Excel or CSV: the differences are shown first, then kept or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Problem, Severity
from coercivity.interfaces.workbench import case_files
from coercivity.interfaces.workbench.editing import problems_with, sheet_of, write_text
from coercivity.interfaces.workbench.pages import page, to, workbench_of
from coercivity.interfaces.workbench.screens.data import being_changed, needed
from coercivity.interfaces.workbench.workspace import Project
from coercivity.tables.csv_writer import companion_text, table_text
from coercivity.tables.raw import RawCase, RawTable
from coercivity.tables.reading import read_raw
from coercivity.tables.schemas import SCHEMAS
from coercivity.tables.typing_tables import type_companion, type_table

SHOWN = 60
"""Differences of a table that are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that an import would change."""

    kind: str
    """``added``, ``removed`` or ``changed``."""
    key: str
    cells: tuple[tuple[str, str, str], ...]
    """Column, value now and value then, of those that differ."""


@dataclass(frozen=True, slots=True)
class TableChange:
    """What an import would do to a table."""

    name: str
    text: str
    """What would be written."""
    changes: tuple[Change, ...]

    def count(self, kind: str) -> int:
        """Count the changes of one kind."""
        return sum(change.kind == kind for change in self.changes)

    @property
    def shown(self) -> tuple[Change, ...]:
        """Those that are shown."""
        return self.changes[:SHOWN]


async def send(request: Request) -> Response:
    """Take a file and show what it would change."""
    workbench, project = workbench_of(request), needed(request)
    async with request.form(max_files=1, max_fields=10) as form:
        sent, table = form.get("file"), str(form.get("table", ""))
        content = await sent.read() if isinstance(sent, UploadFile) else b""
        name = sent.filename or "" if isinstance(sent, UploadFile) else ""
    if name.lower().endswith(".csv"):
        case_files.table_file(project.folder, table)
    else:
        table = ""
    own = await run_in_threadpool(workbench.uploads.keep, name, content, stem=table or "upload")
    return to("/data/import", project=project.id, upload=own)


def look(request: Request) -> Response:
    """Show what an upload would change."""
    workbench, project = workbench_of(request), needed(request)
    own = request.query_params.get("upload", "")
    found, problems = changes_of(project, workbench.uploads.find(own))
    return page(
        request,
        "import.html",
        screen="data",
        title="Import: what would change",
        changes=found,
        problems=problems,
        wrong=any(problem.severity is Severity.ERROR for problem in problems),
        upload=own,
        digest=case_files.case_digest(project.folder),
    )


async def keep(request: Request) -> Response:
    """Keep what an upload changes, unless the case was changed since it was shown."""
    async with request.form(max_files=0, max_fields=10) as form:
        own, digest = str(form.get("upload", "")), str(form.get("digest", ""))
    return await run_in_threadpool(_keep, request, own, digest)


def _keep(request: Request, own: str, digest: str) -> Response:
    workbench = workbench_of(request)
    file = workbench.uploads.find(own)
    with being_changed(request) as project:
        if case_files.case_digest(project.folder) != digest:
            return to("/data/import", project=project.id, upload=own, again="yes")
        found, problems = changes_of(project, file)
        if any(problem.severity is Severity.ERROR for problem in problems):
            raise CaseError(problems, case=project.name)
        for one in found:
            write_text(case_files.table_file(project.folder, one.name), one.text)
    return to("/data", project=project.id)


def changes_of(project: Project, file: Path) -> tuple[list[TableChange], list[Problem]]:
    """Compare an upload with a project.

    Parameters
    ----------
    project
        The project.
    file
        The upload: a workbook, or one table as CSV.

    Returns
    -------
    tuple
        What would change, and every problem that the case would then have.
    """
    texts, problems = _texts(file)
    found = []
    for name, text in texts.items():
        held = case_files.table_file(project.folder, name)
        now = held.read_text(encoding="utf-8", errors="replace") if held.is_file() else ""
        changes = differences(name, now, text)
        if changes:
            found.append(TableChange(name, text, tuple(changes)))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return found, problems
    after = problems_with(project.folder, {one.name: one.text for one in found})
    return found, [*problems, *after]


def _texts(file: Path) -> tuple[dict[str, str], list[Problem]]:
    """Give the text of each table of an upload as it would be written."""
    if file.suffix == ".csv":
        text = file.read_bytes().decode("utf-8", errors="replace").removeprefix("\ufeff")
        return {file.stem: text.replace("\r\n", "\n")}, []
    raw = read_raw(file)
    texts, problems = {}, [one for one in raw.notes if one.severity is Severity.ERROR]
    for name, table in raw.tables.items():
        typed, found = type_table(table, SCHEMAS[name])
        problems += [one for one in found if one.severity is Severity.ERROR]
        texts[name] = table_text(typed)
    texts |= _companions(raw, problems)
    return texts, problems


def _companions(raw: RawCase, problems: list[Problem]) -> Mapping[str, str]:
    texts = {}
    pairs: Mapping[tuple[str, str], RawTable] = raw.companions
    for (name, column), table in pairs.items():
        companion, found = type_companion(table, name, column)
        problems += [one for one in found if one.severity is Severity.ERROR]
        if companion is not None:
            texts[f"{name}-{column}"] = companion_text(companion)
    return texts


def differences(name: str, now: str, then: str) -> list[Change]:
    r"""List the rows in which two texts of a table differ.

    Parameters
    ----------
    name
        Name of the table; its key says which rows belong together.
    now, then
        The two texts.

    Examples
    --------
    >>> differences("companies", "id,name\na,x\n", "id,name\na,y\n")[0].cells
    (('name', 'x', 'y'),)
    """
    held, new = _rows(name, now), _rows(name, then)
    found = []
    for key in dict.fromkeys([*held, *new]):
        before, after = held.get(key), new.get(key)
        if before is None or after is None:
            row = after if after is not None else before or {}
            cells = tuple(
                (column, "", text) if before is None else (column, text, "")
                for column, text in row.items()
            )
            found.append(Change("added" if before is None else "removed", key, cells))
        elif before != after:
            names = dict.fromkeys([*before, *after])
            pairs = [(one, before.get(one, ""), after.get(one, "")) for one in names]
            found.append(Change("changed", key, tuple(p for p in pairs if p[1] != p[2])))
    return found


def _rows(name: str, text: str) -> dict[str, dict[str, str]]:
    """Give the filled cells of each row by its key; rows of one key are numbered."""
    sheet = sheet_of(text)
    schema = SCHEMAS.get(name)
    key = schema.key if schema is not None and schema.key else sheet.header[:1]
    found: dict[str, dict[str, str]] = {}
    for record in sheet.records:
        row = {column: _plain(cell) for column, cell in sheet.row(record).items() if cell.strip()}
        label = "/".join(row.get(column, "") for column in key)
        number, tried = 1, label
        while tried in found:
            number += 1
            tried = f"{label} ({number})"
        found[tried] = row
    return found


def _plain(cell: str) -> str:
    """Write numbers one way, so that 1.0 and 1 are no difference."""
    text = cell.strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:.12g}" if text[:1] in "0123456789.-+" else text


ROUTES = (
    Route("/data/import", look, methods=["GET"]),
    Route("/data/import", send, methods=["POST"]),
    Route("/data/import/keep", keep, methods=["POST"]),
)
