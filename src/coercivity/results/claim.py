"""Claiming the folder of a new run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coercivity.foundation.errors import RunError
from coercivity.foundation.identifiers import is_identifier
from coercivity.foundation.problems import quoted
from coercivity.results.disk import disk_errors, run_error
from coercivity.results.status import is_being_written

TRIES = 50


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do."""

    verb: str
    """What is asked: ``plan``, ``assess``, ``stress-sweep``, …"""
    case: str
    """Name of the case as the user gave it."""
    options: Mapping[str, Any]
    """Options of the verb as they were understood, defaults included."""
    seed: int | None = None
    """Seed of every random number; None where none is drawn."""
    name: str | None = None
    """Id the user wants; None makes one from verb and time."""


def claim_folder(
    runs: Path, request: Request, *, goes_on: Callable[[Path], bool] = lambda _: False
) -> Path:
    """Make the folder of a new run; of any number of processes exactly one gets a name.

    Parameters
    ----------
    runs
        Folder of the runs; made if missing.
    request
        What the run is asked to do.
    goes_on
        Tells whether an existing folder of that name is unfinished work to go on with.

    Raises
    ------
    RunError
        If the wanted name is taken or cannot be an id.
    DiskError
        If the folder cannot be made.
    """
    name = request.name
    if name is not None and not is_identifier(name):
        msg = f"{quoted(name)} cannot be the name of a run"
        raise run_error(
            msg,
            instead="Use letters, digits, '.', '_' and '-', beginning with a letter or digit.",
        )
    with disk_errors(f"cannot make the runs folder {quoted(runs)}"):
        runs.mkdir(parents=True, exist_ok=True)
        home = runs.resolve()
    for _ in range(TRIES):
        folder = home / (name or new_id(request.verb))
        with disk_errors(f"cannot make run '{folder.name}' in {quoted(runs)}"):
            try:
                folder.mkdir()
            except FileExistsError:
                if name is not None and goes_on(folder):
                    return folder
                if name is not None:
                    raise _taken(folder) from None
            else:
                return folder
    msg = f"found no free id for a run in {quoted(runs)}  [{RunError.code}]"
    raise RunError(msg)


def new_id(verb: str) -> str:
    """Make an id from a verb, the moment in UTC and four random hexadecimal digits."""
    return f"{verb}-{datetime.now(UTC):%Y%m%d-%H%M%S}z-{secrets.token_hex(2)}"


def _taken(folder: Path) -> RunError:
    if is_being_written(folder):
        return run_error(
            f"run '{folder.name}' is being written by another process",
            instead="Choose another --name, or wait for it to end.",
        )
    return run_error(
        f"run '{folder.name}' exists already",
        instead="A run is written once: choose another --name, or delete its folder first. "
        "An unfinished run goes on only when it is asked exactly the same.",
    )
