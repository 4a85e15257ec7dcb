"""Runs and jobs as lines of a list: one line for each, whoever started it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from coercivity.interfaces.workbench.jobs import STOPPED_EXIT, Job
from coercivity.interfaces.workbench.origins import AS_IT_IS, OTHER_DATA
from coercivity.interfaces.workbench.pages import Workbench
from coercivity.interfaces.workbench.workspace import Project
from coercivity.results import RunState, RunSummary

ACTIVE = ("queued", "starting", "running")
MARKS = {
    "queued": "…",
    "starting": "▸",
    "running": "▸",
    "done": "✓",
    "stopped": "■",
    "failed": "✕",
    "lost": "?",
}
"""A sign beside each state, so that it does not rest on colour."""


@dataclass(frozen=True, slots=True)
class Line:
    """A run, or a job that has not become one."""

    id: str
    verb: str
    state: str
    case: str
    started: str
    """Start, ISO 8601. [UTC]"""
    seconds: float | None
    """Time it took; None until it is complete. [s]"""
    result: str
    """The answer in one line, or what is being done, or what went wrong."""
    progress: float
    """Share of the work done. [fraction]"""
    complete: bool
    """Whether it can be shown."""
    command: str = ""
    """The command that was asked; empty where it was started elsewhere."""
    stopping: bool = False
    """Whether it was asked to stop and has not ended yet."""
    data: str = ""
    """Of which data it was made; empty where no project is open, or it is not complete."""

    @property
    def active(self) -> bool:
        """Whether it waits or works."""
        return self.state in ACTIVE

    @property
    def mark(self) -> str:
        """Sign of its state."""
        return MARKS.get(self.state, "")

    @property
    def moment(self) -> str:
        """Start, to the minute."""
        return self.started[:16].replace("T", " ")

    @property
    def age(self) -> int:
        """Time since its start, for those that still run. [s]"""
        try:
            begun = dt.datetime.fromisoformat(self.started)
        except ValueError:
            return 0
        return max(0, int((dt.datetime.now(dt.UTC) - begun).total_seconds()))


def lines(workbench: Workbench, project: Project | None = None) -> list[Line]:
    """List runs and jobs, the newest first.

    Parameters
    ----------
    workbench
        The workbench.
    project
        Project whose runs are listed; None lists all.
    """
    summaries = workbench.summaries(project)
    own = workbench.as_it_is(project, summaries) if project is not None else frozenset()
    found = []
    for summary in summaries:
        line = _of_run(summary, workbench)
        if project is not None and line.complete:
            line = replace(line, data=AS_IT_IS if summary.id in own else OTHER_DATA)
        found.append(line)
    known = {one.id for one in (summaries if project is None else workbench.summaries())}
    for job in workbench.jobs.all():
        if job.id not in known and (project is None or job.project == project.id):
            found.append(_of_job(job, workbench))
    return sorted(found, key=lambda line: (line.active, line.started), reverse=True)


def active(found: Iterable[Line], *, since: str = "") -> list[Line]:
    """Keep what waits or works, and what has ended since a moment.

    Parameters
    ----------
    found
        Lines.
    since
        A moment, ISO 8601. [UTC]
    """
    return [one for one in found if one.active or (since and one.started >= since)]


def _of_run(summary: RunSummary, workbench: Workbench) -> Line:
    job = workbench.jobs.find(summary.id)
    plain = workbench.workspace.without_paths
    result = plain(summary.problem or summary.headline)
    if summary.seconds is None and summary.state is RunState.RUNNING:
        result = summary.phase or "starting"
    complete = summary.seconds is not None and not summary.problem
    return Line(
        summary.id,
        summary.verb,
        summary.state.value,
        summary.case,
        summary.started,
        summary.seconds,
        result,
        summary.progress,
        complete,
        plain(job.command) if job is not None else "",
        workbench.jobs.stopping(summary.id) and summary.state is RunState.RUNNING,
    )


def _of_job(job: Job, workbench: Workbench) -> Line:
    state, result = job.state, ""
    if job.state == "started":
        state, result = "starting", "the program starts"
    elif job.state == "queued":
        result = "waits for the run before it"
    elif job.state == "ended":
        told = workbench.jobs.told(job.id).splitlines()
        state, result = "failed", next((line for line in told if line.strip()), "it left no word")
    if job.exit == STOPPED_EXIT or job.state == "stopped":
        state, result = "stopped", "stopped before it had begun"
    return Line(
        job.id,
        job.verb,
        state,
        job.project,
        job.asked,
        None,
        result,
        0.0,
        False,
        workbench.workspace.without_paths(job.command),
        workbench.jobs.stopping(job.id) and job.state == "started",
    )
