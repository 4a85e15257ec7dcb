"""How long a run that was asked to stop may take, and what is noted of one that was ended.

Every run is asked first, as Ctrl-C asks. One that holds no answer yet has nothing to close, so it
is ended soon if it does not hear; one that holds a plan is given the time to write it.
"""

from __future__ import annotations

from pathlib import Path

from coercivity.foundation.errors import CoercivityError
from coercivity.results.run import TABLES
from coercivity.results.status import STATUS, RunState, Status, read_status

HEARD = 2.0
"""Time in which a run that holds no answer must have ended after it was asked to. [s]"""
KEEPING = 10.0
"""The same for a run that holds an answer, which it writes before it ends. [s]"""
FIRST_PLAN_SHARE = 0.3
"""Share of the work at which the search for a first plan begins. [fraction]"""
ANSWER = "best "
"""How the detail of a search begins that has found something."""
NO_BUILDS = "without builds"
"""Phase of a plan whose best is the chain without any build: none that anybody asked for."""
ENDED = "stopped by the user before there was an answer"
ENDED_LATE = "stopped by the user, who did not wait for its answer"


def patience(folder: Path, *, held: bool) -> float:
    """Tell how long a run may take to end after it was asked to. [s]

    Parameters
    ----------
    folder
        Folder of the run; it need not exist yet.
    held
        Whether it held an answer when it was asked.
    """
    return KEEPING if held or holds_answer(folder) else HEARD


def holds_answer(folder: Path, *, asked: bool = True) -> bool:
    """Tell whether a run holds something that would be lost if it were ended at once.

    Parameters
    ----------
    folder
        Folder of the run; it need not exist yet.
    asked
        Whether it was asked to stop before: then that it came further tells of no plan, since a
        search that was stopped without one is left behind too.
    """
    if any((folder / TABLES).glob("*.parquet")):
        return True
    if not (folder / STATUS).is_file():
        return False
    try:
        return has_plan(read_status(folder), asked=asked)
    except CoercivityError:
        return False


def is_closed(folder: Path) -> bool:
    """Tell whether a run has its last word; its process may still put its things away.

    Parameters
    ----------
    folder
        Folder of the run; it need not exist yet.
    """
    if not (folder / STATUS).is_file():
        return False
    return read_status(folder).state in {RunState.STOPPED, RunState.DONE}


def has_plan(status: Status, *, asked: bool = False) -> bool:
    """Tell whether a plan has found one that can be kept.

    Parameters
    ----------
    status
        How far it is.
    asked
        Whether it was asked to stop before.
    """
    if status.verb != "plan":
        return False
    found = status.message.startswith(ANSWER) and status.phase != NO_BUILDS
    return found or (not asked and status.progress > FIRST_PLAN_SHARE)
