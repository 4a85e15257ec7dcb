"""Jobs: commands that write run folders, one after the other, found again after a restart.

A job is the command line itself in a process and a session of its own, so it outlives the
workbench, and a run looks the same whoever started it. A record of each job lies beside the runs;
where the run folder exists, its ``status.json`` is the truth.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from coercivity.foundation.errors import CoercivityError
from coercivity.foundation.identifiers import is_identifier
from coercivity.interfaces.workbench.processes import interrupt, is_ours
from coercivity.interfaces.workbench.stopping import (
    ENDED,
    ENDED_LATE,
    holds_answer,
    is_closed,
    patience,
)
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.results.claim import new_id
from coercivity.results.disk import disk_errors, write_json
from coercivity.results.ending import close_ended
from coercivity.results.status import STATUS, RunState, now, read_status

AT_ONCE = 1
"""Jobs that run at the same time; a plan may use every core."""
TOLD = 4000
"""Last characters of what a job told that are shown."""
STOPPED_EXIT = 130
STOPPED_EXITS = frozenset({STOPPED_EXIT, -2, -9})
"""How a job ends that was asked to stop, or ended."""
GONE_SECONDS = 0.5
"""Time that the end of a process is waited for. [s]"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A command that writes a run."""

    id: str
    """Id of the run it writes."""
    verb: str
    project: str
    """Id of the project it works on; empty where it works on a run."""
    words: tuple[str, ...]
    """Words of the command after the program, without runs folder and name."""
    asked: str
    """When it was asked for, ISO 8601. [UTC]"""
    state: str = "queued"
    """``queued``, ``started``, ``stopped`` or ``ended``; of a started one the run tells more."""
    pid: int = 0
    exit: int | None = None
    """Exit status; None where it is not known."""
    stop_asked: float = 0.0
    """When it was asked to stop; 0 where it was not. [s since 1970]"""

    @property
    def command(self) -> str:
        """The command as it may be typed."""
        return shlex.join(["coercivity", *(word for word in self.words if word != "--")])


class Jobs:
    """The jobs of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.records / "jobs"
        self._lock = threading.RLock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._jobs = {job.id: job for job in _read_jobs(self._folder)}
        self._asked = {
            job.id: (job.stop_asked, holds_answer(workspace.runs / job.id, asked=False))
            for job in self._jobs.values()
            if job.state == "started" and job.stop_asked > 0
        }
        """When runs that still work were asked to stop, whoever started them [s since 1970], and
        whether they held an answer then."""

    def submit(self, verb: str, words: Sequence[str], *, project: str = "") -> Job:
        """Queue a command.

        Parameters
        ----------
        verb
            What its run is called by: ``plan``, ``stress-sweep``.
        words
            Words of the command, as `coercivity.interfaces.workbench.verbs.command_words` gives.
        project
            Project it works on.

        Raises
        ------
        DiskError
            If it cannot be written down.
        """
        job = Job(new_id(verb), verb, project, tuple(words), now())
        with self._lock:
            self._keep(job)
            self.tick()
            return self._jobs[job.id]

    def again(self, name: str) -> Job | None:
        """Queue what an earlier job asked, under a new id; None where it is not known."""
        job = self._jobs.get(name)
        return None if job is None else self.submit(job.verb, job.words, project=job.project)

    def find(self, name: str) -> Job | None:
        """Find a job by the id of its run."""
        return self._jobs.get(name)

    def all(self) -> tuple[Job, ...]:
        """List the jobs, the newest first."""
        return tuple(sorted(self._jobs.values(), key=lambda job: (job.asked, job.id), reverse=True))

    def tick(self) -> list[str]:
        """Note which jobs have ended and start those that wait; called a few times a second.

        Returns
        -------
        list of str
            Those that have ended since the last call.
        """
        with self._lock:
            self._press()
            over = self._note_ended()
            for job in reversed(self.all()):
                if job.state == "started" and job.id not in self._running and not is_ours(job.pid):
                    state = "stopped" if job.stop_asked > 0 else "ended"
                    self._keep(replace(job, state=state))
            busy = sum(job.state == "started" for job in self._jobs.values())
            for job in reversed(self.all()):
                if job.state == "queued" and busy < AT_ONCE and not self._workspace.read_only:
                    self._start(job)
                    busy += 1
        return over

    def stop(self, name: str, *, at_once: bool = False) -> bool:
        """Stop a run, whoever started it; one that does not hear in time is ended by `tick`.

        Parameters
        ----------
        name
            Id of the run.
        at_once
            Whether it is ended now, with the answer that it may hold.

        Returns
        -------
        bool
            Whether there was anything to stop.
        """
        with self._lock:
            job = self._jobs.get(name)
            if job is not None and job.state == "queued":
                self._keep(replace(job, state="stopped", exit=STOPPED_EXIT))
                return True
            if self._pid(name) == 0:
                return False
            if name in self._asked:
                if at_once:
                    self._end(name)
                return True
            held = holds_answer(self._workspace.runs / name, asked=False)
            if not interrupt(self._pid(name), known=name in self._running):
                return False
            self._asked[name] = (time.time(), held)
            if job is not None:
                self._keep(replace(job, stop_asked=time.time()))
            return True

    def stopping(self, name: str) -> bool:
        """Tell whether a run was asked to stop and has not ended yet."""
        return name in self._asked

    def told(self, name: str) -> str:
        """Give the end of what a job told, and of its run's log."""
        texts = []
        for file in (self._workspace.runs / name / "log.txt", self._folder / f"{name}.txt"):
            if is_identifier(name) and file.is_file():
                with disk_errors("cannot read what the job told"), file.open("rb") as stream:
                    stream.seek(max(0, file.stat().st_size - TOLD))
                    texts.append(stream.read().decode("utf-8", errors="replace"))
        whole = "\n".join(text.strip() for text in texts if text.strip())
        return self._workspace.without_paths(whole)

    def _press(self) -> None:
        """End what does not hear in time that it shall stop; close what is gone."""
        for name, (asked, held) in list(self._asked.items()):
            folder = self._workspace.runs / name
            try:
                if self._pid(name) == 0:
                    if close_ended(folder, message=ENDED):
                        del self._asked[name]
                elif time.time() - asked > patience(folder, held=held) or (
                    name in self._jobs and is_closed(folder)
                ):
                    self._end(name)
            except CoercivityError as error:
                logger.warning("%s", error)
                del self._asked[name]

    def _end(self, name: str) -> None:
        """End a run by force, and note that it was stopped once its process is gone."""
        folder = self._workspace.runs / name
        held = self._asked.get(name, (0.0, False))[1]
        message = ENDED_LATE if held or holds_answer(folder) else ENDED
        interrupt(self._pid(name), known=name in self._running, by_force=True)
        process = self._running.get(name)
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(GONE_SECONDS)
        if close_ended(folder, message=message):
            self._asked.pop(name, None)

    def _note_ended(self) -> list[str]:
        """Note which of the jobs started here have ended."""
        over = []
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                over.append(name)
                del self._running[name]
                job = self._jobs[name]
                stopped = process.returncode in STOPPED_EXITS and job.stop_asked > 0
                state = "stopped" if stopped else "ended"
                self._keep(replace(job, state=state, exit=process.returncode))
        return over

    def _pid(self, name: str) -> int:
        """Give the process that writes a run, 0 where none does."""
        if name in self._running:
            return self._running[name].pid
        folder = self._workspace.runs / name
        if is_identifier(name) and (folder / STATUS).is_file():
            status = read_status(folder)
            return status.pid if status.state is RunState.RUNNING else 0
        job = self._jobs.get(name)
        return job.pid if job is not None and job.state == "started" else 0

    def _start(self, job: Job) -> None:
        runs = self._workspace.runs.resolve()
        mark = job.words.index("--")
        ours = (f"--runs={runs}", f"--name={job.id}")
        command = [sys.executable, "-m", "coercivity", *job.words[:mark], *ours, *job.words[mark:]]
        environment = dict(self._workspace.environment) | {"NO_COLOR": "1", "COLUMNS": "100"}
        with (self._folder / f"{job.id}.txt").open("wb") as told:
            process = subprocess.Popen(  # noqa: S603 - our own program, every word checked
                command,
                cwd=self._workspace.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=told,
                start_new_session=os.name != "nt",
            )
        self._running[job.id] = process
        self._keep(replace(job, state="started", pid=process.pid))

    def _keep(self, job: Job) -> None:
        with disk_errors("cannot keep the record of a job"):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._folder / f"{job.id}.json", asdict(job), synced=False)
        self._jobs[job.id] = job


def _read_jobs(folder: Path) -> list[Job]:
    found = [_read_job(file) for file in folder.glob("*.json")] if folder.is_dir() else []
    return [job for job in found if job is not None]


def _read_job(file: Path) -> Job | None:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        job = Job(**held | {"words": tuple(held["words"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    fits = job.id == file.stem and is_identifier(job.id) and "--" in job.words
    return job if fits else None
