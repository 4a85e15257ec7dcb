"""Which project a figure of finance shows, and words that these figures share."""

from __future__ import annotations

import pandas as pd

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import quoted
from coercivity.results import Run
from coercivity.views.inputs import inputs_of
from coercivity.views.labels import short

MINUS = "\u2212"


def rows_of(run: Run, table: str, project: str | None) -> tuple[str, pd.DataFrame]:
    """Give the rows of one project: that asked for, else the one that builds for most.

    Parameters
    ----------
    run
        A finance run.
    table
        One of its tables with a column ``project``.
    project
        Its id; None chooses.

    Returns
    -------
    tuple
        The project, and its rows.

    Raises
    ------
    UsageError
        If the run has no such project.
    """
    known = run.table("finance")
    names = [str(name) for name in known["project"]]
    if project is not None and project not in names:
        msg = (
            f"project {quoted(project)} is not in run '{run.id}'. "
            f"{suggestion(project, names, listed_in='table finance')}  [{UsageError.code}]"
        )
        raise UsageError(msg)
    chosen = project or str(known.sort_values("capital", ascending=False)["project"].iloc[0])
    frame = run.table(table)
    if frame.empty:
        return chosen, frame
    return chosen, frame[frame["project"] == chosen].reset_index(drop=True)


def money_of(run: Run) -> str:
    """Give the currency with its year, such as ``USD2025``."""
    return inputs_of(run).money


def signed(value: float) -> str:
    """Write an amount with a true minus sign.

    Examples
    --------
    >>> signed(-12.34)
    '\u221212.3'
    """
    return short(value).replace("-", MINUS)
