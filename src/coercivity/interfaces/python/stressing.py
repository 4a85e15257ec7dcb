"""``coercivity.sweep``, ``survive`` and ``worst``, and the run they return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.studies.stress_survive import SurviveOptions
from coercivity.studies.stress_survive import survive as survive_study
from coercivity.studies.stress_sweep import SweepOptions
from coercivity.studies.stress_sweep import sweep as sweep_study
from coercivity.studies.stress_worst import WorstOptions
from coercivity.studies.stress_worst import worst as worst_study
from coercivity.views import stress_words

Subject = str | Path | FinishedRun
ANSWERS = {
    "stress-sweep": stress_words.sweep_answer,
    "stress-survive": stress_words.survive_answer,
    "stress-worst": stress_words.worst_answer,
}
FOUND = {"stress-sweep": "shocks", "stress-survive": "survival", "stress-worst": "failed"}
"""The table of each verb that answers it."""


@dataclass(frozen=True, slots=True, repr=False)
class StressRun(FinishedRun):
    """A finished attack: its words, its numbers and its tables."""

    @property
    def answer(self) -> str:
        """What breaks, and what that does, in a few sentences."""
        return " ".join(ANSWERS[self.verb](self.run))

    @property
    def found(self) -> pd.DataFrame:
        """Shocks, plants or failures, the worst first, with units in the columns."""
        return self.table(FOUND[self.verb])


def sweep(
    subject: Subject,
    *,
    segment: str | None = None,
    year: int | None = None,
    targets: Sequence[str] = (),
    pairs: bool = False,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Lose one thing after another, as ``coercivity stress sweep`` does, and return the run.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    segment
        Whose demand counts; all, weighted by 1 ÷ priority, unless given.
    year
        Year in whose period every shock starts. [calendar year]
    targets
        Only these; everything that can fail unless given.
    pairs
        Whether every two plants, links or suppliers are lost together as well.
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sweep("mini", targets=["CHN", "JPN"], runs=folder)
    ...     run.found["target"].tolist()
    ['CHN', 'JPN']
    """
    options = SweepOptions(
        segment=segment,
        year=year,
        targets=tuple(targets),
        pairs=pairs,
        scenario=scenario,
        name=name,
    )
    return StressRun(sweep_study(_named(subject), folder_of(runs), options))


def survive(
    subject: Subject,
    *,
    segment: str | None = None,
    year: int | None = None,
    assets: Sequence[str] = (),
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Say how long demand is served without each plant, as ``coercivity stress survive`` does.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    segment
        Whose demand must be served; all unless given.
    year
        Year in whose period outages start. [calendar year]
    assets
        Only these; all that run unless given.
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.
    """
    options = SurviveOptions(
        segment=segment, year=year, assets=tuple(assets), scenario=scenario, name=name
    )
    return StressRun(survive_study(_named(subject), folder_of(runs), options))


def worst(
    subject: Subject,
    *,
    k: int = 1,
    segment: str | None = None,
    measure: str = "shortfall",
    protect: int | None = None,
    year: int | None = None,
    time_limit: float | None = None,
    scenario: str | None = None,
    name: str | None = None,
    runs: str | Path | None = None,
) -> StressRun:
    """Find the k failures that hurt most, as ``coercivity stress worst`` does.

    Parameters
    ----------
    subject
        A plan (the run itself, its id or its folder), or a case.
    k
        What an attack may cost in all; with attack costs of 1, the number of failures. [points]
    segment
        Whose demand counts; all, weighted by 1 ÷ priority, unless given.
    measure
        ``shortfall`` or ``cost``, for attacker and defender alike.
    protect
        Also say which so many to protect first. [count]
    year
        Count only the period of this year. [calendar year]
    time_limit
        Time for the search. [s]
    scenario
        Named scenario of a case.
    name, runs
        Id of the run, and the folder for run folders.
    """
    options = WorstOptions(
        k=k,
        segment=segment,
        measure=measure,
        protect=protect,
        year=year,
        time_limit=time_limit,
        scenario=scenario,
        name=name,
    )
    return StressRun(worst_study(_named(subject), folder_of(runs), options))


def _named(subject: Subject) -> str | Path:
    return subject.run.path if isinstance(subject, FinishedRun) else subject
