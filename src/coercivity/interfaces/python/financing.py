"""``coercivity.fund`` and the run it returns.

The function is not called ``finance`` as its command is: that is the name of the room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.results import Run
from coercivity.studies.finance import FinanceOptions
from coercivity.studies.finance import finance as study
from coercivity.views.chart import Chart
from coercivity.views.charts import figure
from coercivity.views.finance_words import answer


@dataclass(frozen=True, slots=True, repr=False)
class FinanceRun(FinishedRun):
    """Finished appraisals: their words, their numbers and their tables."""

    @property
    def answer(self) -> str:
        """Who would say yes and what is missing, in a few sentences."""
        return " ".join(answer(self.run))

    @property
    def projects(self) -> pd.DataFrame:
        """Worth, risks, debt and what is missing of each project, with units in the columns."""
        return self.table("finance")

    @property
    def terms(self) -> pd.DataFrame:
        """Debt that was sized and contracts that count, with units in the columns."""
        return self.table("term_sheet")

    def figure(self, name: str, *, year: int | None = None, project: str | None = None) -> Chart:
        """Draw ``npv``, ``cash``, ``tornado``, ``prices``, ``dscr`` or ``terms`` of a project.

        Parameters
        ----------
        name
            Of the figure.
        year
            Taken by no figure of finance.
        project
            Its id; the one that builds for most unless given.
        """
        return figure(self.run, name, year=year, project=project)


def fund(
    subject: str | Path | FinishedRun,
    *,
    projects: Sequence[str] = (),
    paths: int = 2000,
    seed: int = 0,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> FinanceRun:
    """Say whether projects would be funded, as ``coercivity finance`` does, and return the run.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    projects
        Only these; all that build something unless given.
    paths, seed
        How many paths are drawn, and the seed of all draws.
    scenario
        Named scenario of a case.
    name
        Id of the run.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the case, the run or the call is wrong; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = fund(
    ...         "us-tungsten", projects=["pilot-mountain"], paths=200, runs=folder
    ...     )
    ...     [row["project"] for row in run.result["projects"]]
    ['pilot-mountain']
    """
    named = subject.run.path if isinstance(subject, FinishedRun) else subject
    options = FinanceOptions(
        projects=tuple(projects), paths=paths, seed=seed, scenario=scenario, name=name
    )
    found: Run = study(named, folder_of(runs), options)
    return FinanceRun(found)
