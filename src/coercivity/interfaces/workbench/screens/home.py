"""Home: projects, examples, a new project from an example, a workbook or tables."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import is_identifier
from coercivity.foundation.problems import quoted
from coercivity.interfaces.workbench import listing
from coercivity.interfaces.workbench.pages import (
    Workbench,
    page,
    project_of,
    to,
    workbench_of,
)
from coercivity.studies.cases import convert_case, copy_case

RECENT = 5
"""Runs that are shown on the first page."""


def show(request: Request) -> Response:
    """Show projects, examples and the newest runs."""
    workbench, project = workbench_of(request), project_of(request)
    found = listing.lines(workbench, project)
    every = workbench.workspace.projects()
    return page(
        request,
        "home.html",
        screen="home",
        title="Home",
        own=[one for one in every if not one.reference],
        examples=[one for one in every if one.reference],
        recent=found[:RECENT],
        runs=len(found),
    )


async def make(request: Request) -> Response:
    """Make a project: a copy of an example, or what a workbook holds."""
    workbench = workbench_of(request)
    async with request.form(max_files=1, max_fields=10) as form:
        name, source = str(form.get("name", "")).strip(), str(form.get("source", ""))
        sent = form.get("file")
        content = await sent.read() if isinstance(sent, UploadFile) and sent.filename else b""
        file = sent.filename or "" if isinstance(sent, UploadFile) else ""
    target = new_folder(workbench, name)
    if content:
        await run_in_threadpool(_from_workbook, workbench, (file, content), target)
    else:
        project = workbench.workspace.project(source)
        await run_in_threadpool(copy_case, project.folder, target)
    return to("/data", project=name)


def new_folder(workbench: Workbench, name: str) -> Path:
    """Give the folder of a new project.

    Parameters
    ----------
    workbench
        The workbench.
    name
        Name that is wanted.

    Raises
    ------
    UsageError
        If it cannot be a name, or is taken.
    """
    if not is_identifier(name) or name.lower() in {"con", "nul", "aux", "prn"}:
        msg = (
            f"{quoted(name)} cannot be the name of a project: use letters, digits, '.', '_' and "
            f"'-', beginning with a letter or digit.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    target = workbench.workspace.folder / name
    if target.exists() or target.resolve() == workbench.workspace.runs.resolve():
        msg = f"There is something named {quoted(name)} already.  [{UsageError.code}]"
        raise UsageError(msg)
    return target


def _from_workbook(workbench: Workbench, sent: tuple[str, bytes], target: Path) -> None:
    file, content = sent
    if not file.lower().endswith(".xlsx"):
        msg = (
            "A new project is made of an .xlsx workbook. To bring in CSV files, make a project of "
            f"an example first, then import them on the screen Data.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    own = workbench.uploads.keep(file, content, stem=target.name)
    convert_case(workbench.uploads.find(own), target)


ROUTES = (Route("/", show), Route("/projects", make, methods=["POST"]))
