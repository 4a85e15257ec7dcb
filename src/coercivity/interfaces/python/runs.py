"""Opening a run that exists."""

from __future__ import annotations

from pathlib import Path

from coercivity.interfaces.python.planning import PlanRun
from coercivity.results import find_run, runs_folder


def open_run(run: str, *, runs: str | Path | None = None) -> PlanRun:
    """Open a finished run by its id or path.

    Parameters
    ----------
    run
        Id of a run, or path of its folder.
    runs
        Folder of the runs; ``runs`` under the current folder unless given.

    Raises
    ------
    RunError
        If there is no such run, or it is not finished.
    """
    return PlanRun(find_run(run, runs=runs_folder(None if runs is None else Path(runs))))
