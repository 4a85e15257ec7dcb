"""``coercivity.assess`` and the run it returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.interfaces.python.planning import with_units
from coercivity.results import Run, runs_folder
from coercivity.studies.assess import AssessOptions
from coercivity.studies.assess import assess as study
from coercivity.tables import find_case
from coercivity.views.assess_words import answer, notes
from coercivity.views.chart import Chart
from coercivity.views.charts import figure


@dataclass(frozen=True, slots=True)
class AssessRun:
    """A finished assessment: its words, its numbers and its tables."""

    run: Run
    """The run folder behind it."""

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.run.id

    @property
    def result(self) -> dict[str, Any]:
        """The object that ``coercivity assess --json`` prints."""
        return dict(self.run.result)

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

    def table(self, name: str) -> pd.DataFrame:
        """Give any table of the run, with units in the column names."""
        return with_units(self.run.table(name), dict(self.run.units(name)))

    def figure(self, name: str, *, year: int | None = None) -> Chart:
        """Draw a figure of the run: ``concentration``."""
        return figure(self.run, name, year=year)

    def __repr__(self) -> str:
        return f"AssessRun('{self.id}'): {self.answer}"


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
    ...     assess("mini", runs=folder)
    Traceback (most recent call last):
    coercivity.foundation.errors.CaseError: 1 problem in case 'mini'
    ...
    """
    options = AssessOptions(year=year, scenario=scenario, name=name)
    folder = runs_folder(None if runs is None else Path(runs))
    return AssessRun(study(find_case(case), folder, options))
