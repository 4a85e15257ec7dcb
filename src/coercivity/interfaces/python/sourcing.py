"""``coercivity.source`` and the run it returns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.studies.source import SourceOptions, day_of
from coercivity.studies.source import source as study
from coercivity.tables import find_case
from coercivity.views.source_words import answer


@dataclass(frozen=True, slots=True, repr=False)
class SourceRun(FinishedRun):
    """A finished look at buying: its words, its numbers and its tables."""

    @property
    def answer(self) -> str:
        """Who qualifies, what passes and how long it lasts, in a few sentences."""
        return " ".join(answer(self.run))

    @property
    def suppliers(self) -> pd.DataFrame:
        """Who can deliver and whether it qualifies, with units in the column names."""
        return self.table("suppliers")

    @property
    def lines(self) -> pd.DataFrame:
        """Lines of the supply list with their verdicts, with units in the column names."""
        return self.table("lines")

    @property
    def cover_months(self) -> dict[str, float | None]:
        """Months of cover by what falls away; None where what goes on is enough. [month]"""
        return dict(self.run.result["cover_months"])


def source(
    case: str | Path,
    *,
    segment: str,
    suppliers: str | Path | None = None,
    date: str | dt.date | None = None,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> SourceRun:
    """Look into buying for a segment, as ``coercivity source`` does, and return the run.

    Parameters
    ----------
    case
        Folder, workbook, or name of a reference case.
    segment
        The segment that buys.
    suppliers
        Supply list, CSV or ``.xlsx``.
    date
        Day whose rules hold, written YYYY-MM-DD; the first day of the case unless given.
    scenario
        Named scenario of the case.
    name
        Id of the run.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the case, the list or the call is wrong; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = source("mini", segment="defence", date="2027-01-01", runs=folder)
    ...     [(row["supplier"], row["fails_at"]["stage"]) for row in run.result["suppliers"]]
    [('jpn-magnet', 'mining'), ('chn-magnet', 'mining')]
    """
    options = SourceOptions(
        segment=segment,
        suppliers=None if suppliers is None else Path(suppliers),
        day=day_of(date) if isinstance(date, str) else date,
        scenario=scenario,
        name=name,
    )
    return SourceRun(study(find_case(case), folder_of(runs), options))
