"""``coercivity.loop`` and the run it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.results import Run
from coercivity.studies.loop import HAZARDS, LoopOptions
from coercivity.studies.loop import loop as study
from coercivity.views.loop_words import answer


@dataclass(frozen=True, slots=True, repr=False)
class LoopRun(FinishedRun):
    """A finished loop: its words, its numbers and its tables.

    Figures are ``loop`` and ``endurance``.
    """

    @property
    def answer(self) -> str:
        """What support brings, what stays, and what dumping halves it, in a few sentences."""
        return " ".join(answer(self.run))

    @property
    def points(self) -> pd.DataFrame:
        """Every curve by field, with units in the columns."""
        return self.table("loop_points")

    @property
    def stages(self) -> pd.DataFrame:
        """Dumping that halves what support built, by stage, with units in the columns."""
        return self.table("loop_stages")

    @property
    def plants(self) -> pd.DataFrame:
        """Where each plant opens and stops, with units in the columns."""
        return self.table("loop_plants")


def loop(
    subject: str | Path | FinishedRun,
    *,
    hazards: Sequence[float] = HAZARDS,
    segment: str | None = None,
    origin_class: str | None = None,
    package: str | Path | FinishedRun | None = None,
    paths: int = 100,
    seed: int = 0,
    name: str | None = None,
    runs: str | Path | None = None,
) -> LoopRun:
    """Say what stays when support ends, as ``coercivity loop`` does, and return the run.

    Parameters
    ----------
    subject
        A plan: the run itself, its id or its folder.
    hazards
        Chances that support ends, believed by owners, each with a loop of its own. [1/year]
    segment
        Only its demand; every segment together unless given.
    origin_class
        Class that counts as accepted; the one that demand asks for unless given.
    package
        Run of ``align`` for the same plan, whose package is looked at too.
    paths, seed
        How many draws, and the seed of all.
    name
        Id of the run.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the case, the run or the call is wrong; see `coercivity.foundation.errors`.
    """
    named = subject.run.path if isinstance(subject, FinishedRun) else subject
    given = package.run.path if isinstance(package, FinishedRun) else package
    options = LoopOptions(
        segment=segment,
        origin_class=origin_class,
        package=None if given is None else str(given),
        hazards=tuple(hazards),
        paths=paths,
        seed=seed,
        name=name,
    )
    found: Run = study(named, folder_of(runs), options)
    return LoopRun(found)
