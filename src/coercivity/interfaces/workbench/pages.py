"""Pages: the frame that every screen shares, templates, and errors in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coercivity.foundation.errors import (
    CaseError,
    CoercivityError,
    DiskError,
    RunError,
    UsageError,
)
from coercivity.foundation.problems import Problem
from coercivity.interfaces.workbench.jobs import Jobs
from coercivity.interfaces.workbench.origins import fingerprints
from coercivity.interfaces.workbench.uploads import Uploads
from coercivity.interfaces.workbench.verbs import VerbForm
from coercivity.interfaces.workbench.workspace import Project, Workspace
from coercivity.results import Run, RunState, RunSummary, list_runs, run_by_id

OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])")
"""An option in a text of the command line."""
ASKED = "HX-Request"
"""Header of a request for a piece of a page."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A tab."""

    id: str
    path: str
    title: str


SCREENS = (
    Screen("home", "/", "Home"),
    Screen("data", "/data", "Data"),
    Screen("network", "/network", "Network and flows"),
    Screen("plan", "/plan", "Plan and build-out"),
    Screen("stress", "/stress", "Stress"),
    Screen("finance", "/finance", "Finance and alignment"),
    Screen("runs", "/runs", "Runs and compare"),
    Screen("briefing", "/briefing", "Briefing"),
)
"""The tabs, in the order in which they stand."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Complete runs of a project, the newest first."""

    own: tuple[RunSummary, ...]
    """Made of the data that the project holds now."""
    other: tuple[RunSummary, ...]
    """Made of other data: before it was changed, or of another case of the same name."""

    def opened(self, asked: str) -> str:
        """Give the run that is shown: the one that is asked for, else the newest of these data."""
        return asked or (self.own[0].id if self.own else "")

    def holds_other(self, name: str) -> bool:
        """Tell whether a run was made of other data."""
        return any(one.id == name for one in self.other)


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything that screens work with."""

    workspace: Workspace
    jobs: Jobs
    uploads: Uploads
    verbs: tuple[VerbForm, ...]
    """Verbs that write runs."""
    version: str

    def verb(self, name: str) -> VerbForm:
        """Find a verb.

        Raises
        ------
        UsageError
            If there is none of that name.
        """
        for verb in self.verbs:
            if verb.id == name:
                return verb
        msg = f"This version has no verb '{name[:60]}'.  [{UsageError.code}]"
        raise UsageError(msg)

    def run(self, name: str) -> Run:
        """Open a run by its id.

        Raises
        ------
        RunError
            If there is none, or it is not complete.
        """
        return run_by_id(name, runs=self.workspace.runs)

    def summaries(self, project: Project | None = None) -> list[RunSummary]:
        """List runs, the newest first; those of one project where one is given."""
        found = list_runs(self.workspace.runs)
        if project is None:
            return found
        own = fingerprints(project, found)
        return [one for one in found if one.digest in own or self._belongs(one, project)]

    def as_it_is(self, project: Project, found: Sequence[RunSummary]) -> frozenset[str]:
        """Give the ids of those runs that were made of the data that a project holds now."""
        own = fingerprints(project, found)
        return frozenset(one.id for one in found if one.digest in own)

    def finished(self, verbs: Sequence[str], project: Project | None) -> list[RunSummary]:
        """List complete runs of some verbs, the newest first."""
        return [one for one in self.summaries(project) if one.verb in verbs and is_finished(one)]

    def shelf(self, verbs: Sequence[str], project: Project | None) -> Shelf:
        """Lay out complete runs of some verbs by the data they were made of."""
        found = self.finished(verbs, project)
        if project is None:
            return Shelf(tuple(found), ())
        own = self.as_it_is(project, found)
        return Shelf(
            tuple(one for one in found if one.id in own),
            tuple(one for one in found if one.id not in own),
        )

    def _belongs(self, summary: RunSummary, project: Project) -> bool:
        """Tell whether a run was asked of a project: as noted, else by the name of its case."""
        job = self.jobs.find(summary.id)
        if job is not None and job.project:
            return job.project == project.id
        return summary.case == project.case


def is_finished(summary: RunSummary) -> bool:
    """Tell whether a run came to an end with an answer, stopped ones included.

    Parameters
    ----------
    summary
        The run.
    """
    return summary.seconds is not None and summary.state in {RunState.DONE, RunState.STOPPED}


_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("coercivity.interfaces.workbench"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def address(path: str, **query: object) -> str:
    """Write an address with what is not empty of a query.

    Examples
    --------
    >>> address("/data", project="my-case", table=None)
    '/data?project=my-case'
    """
    held = {
        key: value
        for key, value in query.items()
        if not isinstance(value, jinja2.Undefined) and value not in (None, "", False)
    }
    return f"{path}?{urlencode(held, doseq=True)}" if held else path


def plainly(text: str) -> str:
    """Name options as the forms do, where a text of the command line names them.

    Examples
    --------
    >>> plainly("with --time-limit, of these")
    'with “time limit”, of these'
    """
    return OPTION.sub(lambda found: f"“{found[1].replace('-', ' ')}”", text)


_TEMPLATES.globals["address"] = address
_TEMPLATES.filters["plainly"] = plainly


def workbench_of(request: Request) -> Workbench:
    """Give the workbench that answers a request."""
    held: Workbench = request.app.state.workbench
    return held


def project_of(request: Request) -> Project | None:
    """Find the project that an address names; None where it names none.

    Raises
    ------
    UsageError
        If there is no such project.
    """
    name = request.query_params.get("project", "")
    return workbench_of(request).workspace.project(name) if name else None


def page(
    request: Request,
    template: str,
    *,
    screen: str,
    title: str,
    status: int = HTTPStatus.OK,
    **content: object,
) -> Response:
    """Write a whole page.

    Parameters
    ----------
    request
        What is answered.
    template
        File of the template.
    screen
        Tab that is open.
    title
        Title of the page.
    status
        Status of the answer.
    content
        What the template shows; ``project`` is that of the address unless given.
    """
    workbench = workbench_of(request)
    content.setdefault("project", _project_or_none(request))
    frame: dict[str, object] = {
        "screens": SCREENS,
        "screen": screen,
        "title": title,
        "projects": workbench.workspace.projects(),
        "read_only": workbench.workspace.read_only,
        "version": workbench.version,
        "here": request.url.path,
    }
    text = _TEMPLATES.get_template(template).render(frame | content)
    return HTMLResponse(text, status)


def piece(template: str, *, status: int = HTTPStatus.OK, **content: object) -> Response:
    """Write a piece of a page.

    Parameters
    ----------
    template
        File of the template.
    status
        Status of the answer.
    content
        What the template shows.
    """
    return HTMLResponse(_TEMPLATES.get_template(template).render(content), status)


def to(path: str, **query: object) -> Response:
    """Send the browser to another page, after something was changed.

    Parameters
    ----------
    path
        Where to.
    query
        What is added to the address.
    """
    return RedirectResponse(address(path, **query), HTTPStatus.SEE_OTHER)


def _project_or_none(request: Request) -> Project | None:
    try:
        return project_of(request)
    except UsageError:
        return None


STATUSES: Mapping[type[CoercivityError], HTTPStatus] = {
    RunError: HTTPStatus.NOT_FOUND,
    UsageError: HTTPStatus.BAD_REQUEST,
    CaseError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DiskError: HTTPStatus.INSUFFICIENT_STORAGE,
}


async def refused(request: Request, error: Exception) -> Response:
    """Answer with what is wrong, in the words of the program.

    Parameters
    ----------
    request
        What was asked.
    error
        What was raised.
    """
    status = next(
        (code for kind, code in STATUSES.items() if isinstance(error, kind)),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    problems: tuple[Problem, ...] = ()
    text = str(error)
    if isinstance(error, CaseError):
        problems, text = tuple(error.problems), f"The case '{error.case}' has problems."
    return failure(request, text, status, problems=problems)


def failure(
    request: Request, text: str, status: HTTPStatus, *, problems: tuple[Problem, ...] = ()
) -> Response:
    """Write a page, or a piece of one, that says what went wrong.

    Parameters
    ----------
    request
        What was asked.
    text
        What is said.
    status
        Status of the answer.
    problems
        Problems of a case.
    """
    told = workbench_of(request).workspace.without_paths(text)
    content: dict[str, Any] = {"text": told, "problems": problems}
    if ASKED in request.headers:
        return piece("piece-error.html", status=status, **content)
    return page(
        request, "error.html", screen="", title="This did not work", status=status, **content
    )


async def nowhere(request: Request, error: Exception) -> Response:
    """Answer an address that leads nowhere, or a method that it does not know.

    Parameters
    ----------
    request
        What was asked.
    error
        What was raised.
    """
    code = HTTPStatus(getattr(error, "status_code", HTTPStatus.NOT_FOUND))
    if code is HTTPStatus.NOT_FOUND:
        return failure(request, "There is no page at this address. The tabs lead on.", code)
    return failure(request, f"{code.phrase}.", code)


async def broke(request: Request, _: Exception) -> Response:
    """Own up to a bug.

    Parameters
    ----------
    request
        What was asked.
    """
    text = (
        "This is a bug in coercivity, not in your case. The traceback is in the terminal in which "
        "`coercivity serve` runs; attach it to a new issue."
    )
    return failure(request, text, HTTPStatus.INTERNAL_SERVER_ERROR)
