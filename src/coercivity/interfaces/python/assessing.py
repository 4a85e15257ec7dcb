"""``coercivity.assess`` and the run it returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.studies.assess import AssessOptions
from coercivity.studies.assess import assess as study
from coercivity.tables import find_case
from coercivity.views.assess_words import answer, notes


@dataclass(frozen=True, slots=True, repr=False)
class AssessRun(FinishedRun):
    """A finished assessment: its words, its numbers and its tables."""

    @property
    def year(self) -> int:
        """Year that was asked about. [calendar year]"""
        return int(self.run.result["year"])

    @property
    def answer(self) -> str:
        """Where the chain stands, in a few sentences."""
        return " ".join(answer(self.run))

    @property
    def notes(self) -> list[str]:
        """What was not counted, or only in part."""
        return notes(self.run)

    @property
    def stages(self) -> pd.DataFrame:
        """Output and share by year, stage and country, with units in the column names."""
        return self.table("stages")


def assess(
    case: str | Path,
    *,
    year: int | None = None,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> AssessRun:
    """Assess a case, as ``coercivity assess`` does, and return the run.

    Parameters
    ----------
    case
        Folder, workbook, or name of a reference case.
    year
        The year; the last one with observations unless given. [calendar year]
    scenario
        Named scenario of the case.
    name
        Id of the run.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the case is wrong or nothing was counted; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = assess("mini", runs=folder)
    ...     run.result["stages"][0]
    {'stage': 'mining', 'country': 'CHN', 'output_t': 16000.0, 'share': 0.8}
    """
    options = AssessOptions(year=year, scenario=scenario, name=name)
    return AssessRun(study(find_case(case), folder_of(runs), options))
