"""How far a run is, and whether the process that writes it still lives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from coercivity.foundation.problems import quoted
from coercivity.results.disk import broken, read_json, write_json

STATUS = "status.json"
LOCK = ".lock"
PROBE_SECONDS = 0.03
PROBE_EVERY_SECONDS = 0.005


class RunState(Enum):
    """Where a run is in its life."""

    RUNNING = "running"
    """A process is writing it."""
    DONE = "done"
    """Complete."""
    STOPPED = "stopped"
    """The user stopped it; what was done is kept."""
    FAILED = "failed"
    """It ended with an error; ``log.txt`` tells more."""
    LOST = "lost"
    """It says it is running, but the process that wrote it is gone."""


@dataclass(frozen=True, slots=True)
class Status:
    """How far a run is."""

    state: RunState
    """Where it is in its life."""
    verb: str
    """What was asked."""
    case: str
    """Name of the case."""
    started: str
    """Start, ISO 8601. [UTC]"""
    updated: str
    """When this was written, ISO 8601. [UTC]"""
    pid: int
    """Process that writes the run."""
    phase: str = ""
    """What is being done."""
    progress: float = 0.0
    """Share of the work done. [fraction]"""
    message: str = ""
    """A detail for people."""

    def as_json(self) -> dict[str, Any]:
        """Give the status as plain data."""
        return asdict(self) | {"state": self.state.value}


def now() -> str:
    """Give the present moment in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_status(folder: Path, status: Status) -> None:
    """Replace ``status.json`` by rename, so that a reader never meets half of it.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    write_json(folder / STATUS, status.as_json(), synced=False)


def read_status(folder: Path) -> Status:
    """Read ``status.json``; a running run whose writer is gone reads as lost.

    Raises
    ------
    RunError
        If the file is missing or damaged.
    DiskError
        If it cannot be read.
    """
    content = read_json(folder / STATUS, run=folder.name)
    for key in ("state", "verb", "case", "started", "updated", "phase", "message"):
        if not isinstance(content.get(key), str):
            raise broken(STATUS, run=folder.name, because=f"'{key}' must be a text")
    if type(content.get("pid")) is not int:
        raise broken(STATUS, run=folder.name, because="'pid' must be a whole number")
    progress = content.get("progress")
    if isinstance(progress, bool) or not isinstance(progress, int | float):
        raise broken(STATUS, run=folder.name, because="'progress' must be a number")
    if content["state"] not in {state.value for state in RunState}:
        because = f"{quoted(content['state'])} is not a state"
        raise broken(STATUS, run=folder.name, because=because)
    fields = {key: content[key] for key in Status.__dataclass_fields__}
    status = Status(**fields | {"state": RunState(content["state"])})
    if status.state is RunState.RUNNING and not is_being_written(folder):
        return replace(status, state=RunState.LOST)
    return status


def lock_of(folder: Path) -> FileLock:
    """Make the lock that its writer holds, for any thread of this process."""
    return FileLock(folder / LOCK, thread_local=False)


def is_being_written(folder: Path) -> bool:
    """Tell whether a living process holds the lock of a run.

    Two readers that look at the same moment may meet each other's lock; waiting a few
    milliseconds tells them from a writer. Where this user may not open the lock, the
    run is taken at its word.
    """
    if not (folder / LOCK).is_file():
        return False
    lock = lock_of(folder)
    try:
        lock.acquire(timeout=PROBE_SECONDS, poll_interval=PROBE_EVERY_SECONDS)
    except (Timeout, OSError):
        return True
    lock.release()
    return False
