"""Processes of jobs: whether one still lives, and asking it to stop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROGRAM = "coercivity"
CALLED_BY = 3
"""Words of a command among which the program is called: `python -m coercivity`."""
PROCESSES = Path("/proc")


def is_ours(pid: int) -> bool:
    """Tell whether a process runs this program, so that a number used again harms nobody.

    Parameters
    ----------
    pid
        Number of the process.

    Examples
    --------
    >>> is_ours(0)
    False
    """
    return pid > 1 and calls_program(_command(pid))


def calls_program(words: Sequence[str]) -> bool:
    """Tell whether a command is one of this program, not one that merely names it.

    Examples
    --------
    >>> calls_program(["python", "-m", "coercivity", "plan"])
    True
    >>> calls_program(["/usr/bin/python3", "/usr/local/bin/coercivity", "plan"])
    True
    >>> calls_program(["vi", "src/coercivity/app.py"]), calls_program([])
    (False, False)
    """
    return any(Path(word).name == PROGRAM for word in words[:CALLED_BY])


def _command(pid: int) -> list[str]:
    """Give the words of a living process; none where they cannot be told."""
    if PROCESSES.is_dir():
        try:
            command = (PROCESSES / str(pid) / "cmdline").read_bytes()
            state = (PROCESSES / str(pid) / "stat").read_bytes().rpartition(b") ")[2][:1]
        except OSError:
            return []
        words = command.decode(errors="replace").split("\0")
        return [] if state == b"Z" else words
    listing = shutil.which("ps")
    if listing is None:
        return []
    told = subprocess.run(  # noqa: S603 - the system's own list of processes
        [listing, "-o", "command=", "-p", str(pid)], capture_output=True, check=False
    )
    return told.stdout.decode(errors="replace").split()


def interrupt(pid: int, *, known: bool = False, by_force: bool = False) -> bool:
    """Ask a process of this program to stop, with all it started where it leads a group.

    Parameters
    ----------
    pid
        Number of the process.
    known
        Whether it was started here and has not been waited for, so that the number is its own.
    by_force
        Whether it is ended without being asked, with all it started.

    Returns
    -------
    bool
        Whether there was such a process.
    """
    if not (known or is_ours(pid)):
        return False
    forced = by_force and sys.platform != "win32"
    sign = signal.SIGKILL if forced else signal.SIGINT
    below = descendants(pid) if forced else ()
    try:
        if hasattr(os, "killpg") and os.getpgid(pid) == pid:
            os.killpg(pid, sign)
        else:
            os.kill(pid, sign)
    except (ProcessLookupError, PermissionError):
        return False
    for one in below:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(one, sign)
    return True


def descendants(pid: int) -> tuple[int, ...]:
    """List the processes that a process started, and those that they started.

    Parameters
    ----------
    pid
        Number of the process.
    """
    below: dict[int, list[int]] = {}
    for place in PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            parent = int(place.read_bytes().rpartition(b") ")[2].split()[1])
            below.setdefault(parent, []).append(int(place.parent.name))
    found, left = [], [pid]
    while left:
        started = below.get(left.pop(), [])
        found += started
        left += started
    return tuple(found)
