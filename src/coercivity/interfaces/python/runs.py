"""Opening a run that exists."""

from __future__ import annotations

from pathlib import Path

from coercivity.interfaces.python.assessing import AssessRun
from coercivity.interfaces.python.attacking import AdversaryRun
from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.interfaces.python.looping import LoopRun
from coercivity.interfaces.python.planning import PlanRun
from coercivity.interfaces.python.sourcing import SourceRun
from coercivity.results import find_run

KINDS: dict[str, type[FinishedRun]] = {
    "assess": AssessRun,
    "loop": LoopRun,
    "plan": PlanRun,
    "source": SourceRun,
    "stress-adversary": AdversaryRun,
}
"""What a run of each verb is in Python; one of any other is a plain `FinishedRun`."""


def open_run(run: str | Path, *, runs: str | Path | None = None) -> FinishedRun:
    """Open a finished run by its id or path.

    Parameters
    ----------
    run
        Id of a run, or path of its folder.
    runs
        Folder of the runs; ``runs`` under the current folder unless given.

    Returns
    -------
    FinishedRun
        A `PlanRun`, `AssessRun` or `SourceRun`, by what was asked.

    Raises
    ------
    RunError
        If there is no such run, or it is not finished.

    Examples
    --------
    >>> import tempfile
    >>> from coercivity import plan
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = plan("mini", name="first", runs=folder)
    ...     print(type(open_run("first", runs=folder)).__name__)
    PlanRun
    """
    found = find_run(run, runs=folder_of(runs))
    return KINDS.get(found.manifest.verb, FinishedRun)(found)
