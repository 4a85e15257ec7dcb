"""Closing a run whose process was ended by force, so that nothing half-written is left."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from coercivity.foundation.problems import quoted
from coercivity.results.disk import TEMPORARY, disk_errors
from coercivity.results.manifest import MANIFEST, read_manifest
from coercivity.results.run import LOG, state_of
from coercivity.results.status import STATUS, RunState, lock_of, now, read_status, write_status

LOCK_SECONDS = 0.2
"""Time that the lock of a process that has just ended is waited for. [s]"""


def close_ended(folder: Path, *, message: str) -> bool:
    """Note of a run whose process is gone that it was stopped, and clear up after it.

    A complete run stays complete; a folder that was claimed and holds nothing yet is removed; files
    that were being written are removed, those that were whole stay. A run that ended by itself
    keeps its own last word.

    Parameters
    ----------
    folder
        Folder of the run.
    message
        Why it ended, for people.

    Returns
    -------
    bool
        Whether it is closed; False while a living process still writes it.

    Raises
    ------
    RunError
        If what it said last is damaged.
    DiskError
        If the disk refuses.
    """
    if not folder.is_dir():
        return True
    with disk_errors(f"cannot close run {quoted(folder.name)}"):
        lock = lock_of(folder)
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            return False
        try:
            _close(folder, message)
        finally:
            lock.release()
        if not (folder / STATUS).exists() and not (folder / MANIFEST).exists():
            shutil.rmtree(folder, ignore_errors=True)
    return True


def _close(folder: Path, message: str) -> None:
    _clear(folder)
    if not (folder / STATUS).exists():
        return
    # We hold the lock, so a run that says it is running reads as such.
    status = read_status(folder)
    if status.state is not RunState.RUNNING:
        return
    moment = now()
    if (folder / MANIFEST).exists():
        manifest = read_manifest(folder)
        ended = replace(
            status,
            state=state_of(manifest),
            progress=1.0,
            message=manifest.headline,
            updated=moment,
        )
    else:
        ended = replace(status, state=RunState.STOPPED, message=message, updated=moment)
        with (folder / LOG).open("a", encoding="utf-8") as stream:
            stream.write(f"{moment}  {message}\n")
    write_status(folder, ended)


def _clear(folder: Path) -> None:
    """Remove what was being written: such files and folders are hidden until they are whole."""
    for path in sorted(folder.rglob(f".*{TEMPORARY}")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
