"""Starting, watching, stopping and repeating runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import RunError, UsageError
from coercivity.foundation.problems import quoted
from coercivity.interfaces.workbench import listing
from coercivity.interfaces.workbench.pages import (
    ASKED,
    SCREENS,
    Workbench,
    piece,
    project_of,
    to,
    workbench_of,
)
from coercivity.interfaces.workbench.screens.study import SUBJECTS
from coercivity.interfaces.workbench.verbs import Entry, Subject, VerbForm, command_words

TARGET = "target-"
"""What the names of the fields of a target begin with."""


async def start(request: Request) -> Response:
    """Queue a run of a verb with what was filled in."""
    workbench = workbench_of(request)
    verb = workbench.verb(request.path_params["verb"])
    async with request.form(max_files=4, max_fields=200) as form:
        values = {field.name: _texts(form, field.name) for field in verb.fields}
        if verb.field("require") is not None:
            values["require"] = [*values["require"], *_targets(form)]
        files = await _files(form, verb, workbench)
        project, back = _text(form, "project"), _text(form, "back")
        given = _text(form, "subject")
    subject = _subject(workbench, verb, given, project=project)
    words = command_words(verb, subject, values, files=files)
    job = await run_in_threadpool(workbench.jobs.submit, verb.id, words, project=project)
    known = {screen.path for screen in SCREENS} | {"/buy"}
    return to(back if back in known else "/runs", project=project, verb=verb.id, started=job.id)


def _subject(workbench: Workbench, verb: VerbForm, given: str, *, project: str) -> str:
    """Find what a verb works on: a run of the list, or the case of the project."""
    if given and verb.subject is not Subject.CASE:
        runs = {one.id for one in workbench.finished(SUBJECTS, None)}
        if given not in runs:
            msg = f"There is no finished run {quoted(given)}.  [{RunError.code}]"
            raise RunError(msg)
        return given
    if verb.subject is Subject.RUN:
        msg = f"{verb.id} works on a run: make a plan first, then choose it.  [{UsageError.code}]"
        raise UsageError(msg)
    return workbench.workspace.argument(workbench.workspace.project(project))


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def _text(form: FormData, name: str) -> str:
    return next(iter(_texts(form, name)), "").strip()


def _targets(form: FormData) -> list[str]:
    """Make targets of the rows of fields that ask for one.

    Examples
    --------
    >>> _targets(FormData([("target-segment", "defence"), ("target-share", "100"),
    ...                    ("target-year", "2030"), ("target-class", "allied")]))
    ['defence>=100%@2030:allied']
    """
    rows = zip(
        *(_texts(form, f"{TARGET}{name}") for name in ("segment", "share", "year", "class")),
        strict=False,
    )
    return [
        f"{segment}>={share.strip() or '100'}%@{year.strip()}" + (f":{best}" if best else "")
        for segment, share, year, best in rows
        if segment
    ]


async def _files(form: FormData, verb: VerbForm, workbench: Workbench) -> Mapping[str, str]:
    """Keep the files that were sent, under names of our own."""
    found = {}
    for field in verb.fields:
        sent = form.get(field.name)
        if field.entry is Entry.UPLOAD and isinstance(sent, UploadFile) and sent.filename:
            content = await sent.read()
            keep = workbench.uploads.keep
            own = await run_in_threadpool(keep, sent.filename, content, stem=field.name)
            found[field.name] = str(workbench.uploads.find(own))
    return found


def watch(request: Request) -> Response:
    """Show what waits, works, or has ended since the page was opened."""
    workbench, project = workbench_of(request), project_of(request)
    families: Sequence[str] = request.query_params.getlist("family")
    found = [
        one
        for one in listing.lines(workbench, project)
        if not families or one.verb.partition("-")[0] in families
    ]
    since = request.query_params.get("since", "")
    return piece(
        "piece-active.html",
        active=listing.active(found, since=since),
        since=since,
        families=families,
        project=project,
        read_only=workbench.workspace.read_only,
    )


def stop(request: Request) -> Response:
    """Ask a run to stop; with ``at_once`` in the address, end one that was asked before."""
    workbench, name = workbench_of(request), request.path_params["run"]
    if not workbench.jobs.stop(name, at_once="at_once" in request.query_params):
        msg = f"Run {quoted(name)} does not run here, so it cannot be stopped.  [{RunError.code}]"
        raise RunError(msg)
    if ASKED in request.headers:
        return piece("piece-stopping.html", run=name)
    return to("/runs")


def again(request: Request) -> Response:
    """Run again what an earlier job asked."""
    job = workbench_of(request).jobs.again(request.path_params["run"])
    if job is None:
        msg = (
            "This run was started on a command line: what it was asked stands on its page, and "
            f"its screen can ask it again.  [{RunError.code}]"
        )
        raise RunError(msg)
    return to("/runs", project=job.project, started=job.id)


ROUTES = (
    Route("/jobs/{verb}", start, methods=["POST"]),
    Route("/active", watch),
    Route("/runs/{run}/stop", stop, methods=["POST"]),
    Route("/runs/{run}/again", again, methods=["POST"]),
)
