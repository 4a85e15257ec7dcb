"""``coercivity.adversary`` and the run it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.alignment.adversary.attacks import OWN_COST
from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.results import find_run
from coercivity.studies.adversary import AdversaryOptions
from coercivity.studies.adversary import adversary as study
from coercivity.views.adversary_words import answer


@dataclass(frozen=True, slots=True, repr=False)
class AdversaryRun(FinishedRun):
    """A finished search for an adversary's best attack: its words, its numbers and its tables.

    Figures are ``adversary`` and ``standing``.
    """

    @property
    def answer(self) -> str:
        """What the best attacks take, whom they stop, and what the public pays."""
        return " ".join(answer(self.run))

    @property
    def attacks(self) -> pd.DataFrame:
        """Every attack that was tried, with units in the columns."""
        return self.table("attacks")

    @property
    def projects(self) -> pd.DataFrame:
        """Each project without and under the best attack, with units in the columns."""
        return self.table("attacked_projects")


def adversary(
    plan: str | Path | FinishedRun,
    *,
    budget: float,
    segment: str | None = None,
    materials: Sequence[str] = (),
    own_cost: float = OWN_COST,
    exports: float | None = None,
    every: int = 3,
    paths: int = 200,
    seed: int = 0,
    name: str | None = None,
    runs: str | Path | None = None,
) -> AdversaryRun:
    """Find an adversary's best attack, as ``coercivity stress adversary`` does.

    Parameters
    ----------
    plan
        Id or folder of a plan, or a finished one.
    budget
        Margin he may give up in all. [million, real]
    segment
        Whose demand he is after; all of it unless given.
    materials
        Products he may dump; all he sells that a project trades unless given.
    own_cost
        Share of the long-run price below which he does not sell. [fraction]
    exports
        What he sells abroad of each product; the offers of covered countries unless given.
        [kt/year]
    every
        Years between the first years that are tried. [year]
    paths, seed
        How many paths, and the seed of all draws.
    name
        Id of the run.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the run is no plan, or the call is wrong; see `coercivity.foundation.errors`.
    """
    folder = folder_of(runs)
    options = AdversaryOptions(
        budget=budget,
        segment=segment,
        materials=tuple(materials),
        own_cost=own_cost,
        exports=exports,
        every=every,
        paths=paths,
        seed=seed,
        name=name,
    )
    run = plan.run if isinstance(plan, FinishedRun) else find_run(plan, runs=folder)
    return AdversaryRun(study(run, folder, options))
