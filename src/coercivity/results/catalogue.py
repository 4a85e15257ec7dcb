"""Finding runs and listing them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coercivity.foundation.errors import CoercivityError
from coercivity.foundation.identifiers import is_identifier, nearest
from coercivity.foundation.problems import quoted
from coercivity.results.disk import disk_errors, run_error
from coercivity.results.manifest import MANIFEST, read_manifest
from coercivity.results.run import Run, open_run, state_of
from coercivity.results.status import STATUS, RunState, read_status

RUNS = "runs"
RUNS_VARIABLE = "COERCIVITY_RUNS"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of a listing."""

    id: str
    """Name of the run folder."""
    verb: str
    """What was asked."""
    state: RunState
    """Where it is in its life."""
    case: str
    """Name of the case."""
    started: str
    """Start, ISO 8601. [UTC]"""
    seconds: float | None
    """Time it took in all; None until it is complete. [s]"""
    headline: str
    """The answer in one line."""
    phase: str = ""
    """What is being done, until it is complete."""
    progress: float = 1.0
    """Share of the work done. [fraction]"""
    problem: str = ""
    """Why the folder cannot be read, where it cannot."""
    digest: str = ""
    """Fingerprint of the data it was made from; empty until it is complete. [SHA-256]"""
    scenario: str = ""
    """Named scenario of the case; empty where it took the case as it stands."""


def runs_folder(
    argument: Path | None = None, *, environment: Mapping[str, str] = os.environ
) -> Path:
    """Say where runs are: the argument, else ``COERCIVITY_RUNS``, else ``runs`` here.

    Examples
    --------
    >>> runs_folder(Path("elsewhere")).as_posix()
    'elsewhere'
    >>> runs_folder(environment={"COERCIVITY_RUNS": "/data/runs"}).as_posix()
    '/data/runs'
    >>> runs_folder(environment={}).name
    'runs'
    """
    if argument is not None:
        return argument
    return Path(environment.get(RUNS_VARIABLE, "").strip() or RUNS)


def find_run(text: str | Path, *, runs: Path) -> Run:
    """Open the run a user names, by id or by path.

    A text with a path separator is a path, from the current folder or absolute; any
    other is an id in the runs folder and cannot lead out of it.

    Raises
    ------
    RunError
        If there is no such run, or it cannot be used.
    DiskError
        If it cannot be read.
    """
    if isinstance(text, Path) or any(mark in text for mark in (os.sep, os.altsep) if mark):
        return open_run(Path(text))
    return run_by_id(text, runs=runs)


def run_by_id(name: str, *, runs: Path) -> Run:
    """Open the run of this id; paths are refused, so any text from outside may be given.

    Raises
    ------
    RunError
        If it is not an id, there is no such run, or it cannot be used.
    DiskError
        If it cannot be read.
    """
    if not is_identifier(name):
        msg = f"{quoted(name)} cannot be the id of a run"
        raise run_error(
            msg,
            instead="`coercivity runs` lists the ids; write a path with its folder, as ./NAME.",
        )
    folder = runs / name
    if folder.is_symlink():
        msg = f"run '{name}' is a link that leads out of the runs folder"
        raise run_error(
            msg,
            instead="Name the folder it leads to by its path.",
        )
    if not folder.is_dir():
        near = nearest(name, (found.name for found in _folders(runs)))
        meant = f"Did you mean '{near}'? " if near is not None else ""
        msg = f"there is no run '{name}' in {quoted(runs)}"
        raise run_error(
            msg,
            instead=f"{meant}`coercivity runs` lists the runs; --runs chooses another folder.",
        )
    return open_run(folder)


def list_runs(folder: Path) -> list[RunSummary]:
    """List the runs of a folder, newest first, from their JSON files alone.

    A run that cannot be read is listed with its problem; a folder without the files
    of a run is not listed.

    Raises
    ------
    DiskError
        If the folder cannot be read.
    """
    found = [summary for run in _folders(folder) if (summary := _summary(run)) is not None]
    return sorted(found, key=lambda summary: (summary.started, summary.id), reverse=True)


def _folders(runs: Path) -> list[Path]:
    with disk_errors(f"cannot read the runs folder {quoted(runs)}"):
        if not runs.exists():
            return []
        with os.scandir(runs) as entries:
            return [
                Path(entry.path)
                for entry in entries
                if is_identifier(entry.name) and entry.is_dir(follow_symlinks=False)
            ]


def _summary(folder: Path) -> RunSummary | None:
    problem = ""
    if (folder / MANIFEST).exists():
        try:
            return _complete(folder)
        except CoercivityError as error:
            problem = str(error)
    try:
        return _by_status(folder, problem=problem)
    except CoercivityError as error:
        if not (problem or (folder / STATUS).exists()):
            return None
        problem = problem or str(error)
        return RunSummary(folder.name, "", RunState.FAILED, "", "", None, "", problem=problem)


def _complete(folder: Path) -> RunSummary:
    manifest = read_manifest(folder)
    return RunSummary(
        id=folder.name,
        verb=manifest.verb,
        state=state_of(manifest),
        case=manifest.case,
        started=manifest.started,
        seconds=float(manifest.seconds["total"]),
        headline=manifest.headline,
        digest=manifest.digest,
        scenario=str(manifest.options.get("scenario") or ""),
    )


def _by_status(folder: Path, *, problem: str) -> RunSummary:
    status = read_status(folder)
    if not problem and (folder / MANIFEST).exists():  # it was finished while we looked
        return _complete(folder)
    return RunSummary(
        id=folder.name,
        verb=status.verb,
        state=status.state,
        case=status.case,
        started=status.started,
        seconds=None,
        headline=status.message,
        phase=status.phase,
        progress=status.progress,
        problem=problem,
    )
