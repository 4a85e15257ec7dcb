"""``coercivity.align`` and the run it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coercivity.interfaces.python.finished import FinishedRun, folder_of
from coercivity.studies.align import AlignOptions
from coercivity.studies.align import align as study
from coercivity.views.align_words import answer
from coercivity.views.chart import Chart
from coercivity.views.charts import figure


@dataclass(frozen=True, slots=True, repr=False)
class AlignRun(FinishedRun):
    """Finished packages: their words, their numbers and their tables."""

    @property
    def answer(self) -> str:
        """Who needs what, what it costs the public and what doubt costs, in a few sentences."""
        return " ".join(answer(self.run))

    @property
    def packages(self) -> pd.DataFrame:
        """Every contract that is added, with its terms and public cost."""
        return self.table("packages")

    @property
    def projects(self) -> pd.DataFrame:
        """Every project before and after, with units in the columns."""
        return self.table("package_projects")

    @property
    def doubt(self) -> pd.DataFrame:
        """Public cost at equal acceptance by kind of promise and believed hazard."""
        return self.table("price_of_doubt")

    @property
    def failing(self) -> list[dict[str, object]]:
        """Projects without a package: by how much, and the smallest change that would do."""
        return list(self.run.result["failing"])

    @property
    def fixed_point(self) -> dict[str, object] | None:
        """How plan and packages settled; None where it was not asked for."""
        found: dict[str, object] | None = self.run.result["fixed_point"]
        return found

    @property
    def same_terms(self) -> dict[str, object] | None:
        """One set of terms for all beside packages made to measure; None where not asked for."""
        found: dict[str, object] | None = self.run.result["same_terms"]
        return found

    @property
    def adversary(self) -> dict[str, object] | None:
        """How packages and an adversary answer each other; None where it was not asked for."""
        found: dict[str, object] | None = self.run.result["adversary"]
        return found

    def figure(self, name: str, *, year: int | None = None, project: str | None = None) -> Chart:
        """Draw ``package``, or ``doubt`` of a project.

        Parameters
        ----------
        name
            Of the figure.
        year
            Taken by no figure of packages.
        project
            Its id; chosen unless given.
        """
        return figure(self.run, name, year=year, project=project)


def align(
    subject: str | Path | FinishedRun,
    *,
    projects: Sequence[str] = (),
    allow: Sequence[str] = (),
    caps: Mapping[str, float] | None = None,
    budget: float | None = None,
    cost: str = "mean",
    years: int = 10,
    simpler: float = 0.0,
    start: str | Path | None = None,
    same_terms: bool = False,
    adversary: float | None = None,
    fixed_point: int = 0,
    time_limit: float | None = None,
    paths: int = 2000,
    seed: int = 0,
    name: str | None = None,
    runs: str | Path | None = None,
) -> AlignRun:
    """Find the package that makes every investor and lender of a plan say yes.

    Where no package exists for some project, the run tells so in `AlignRun.failing`.

    Parameters
    ----------
    subject
        A plan: the run itself, its id or its folder.
    projects
        Only these; all that build something unless given.
    allow
        Kinds of contracts; all unless given.
    caps
        Most of a kind. [fraction]
    budget
        Most mean public outlay in any year. [million/year]
    cost
        What is made small: ``mean``, ``p95`` or ``cvar``.
    years
        Of running support. [year]
    simpler
        So much more a package with fewer contracts may cost; 0 asks for the cheapest. [fraction]
    start
        An earlier run of `align`, whose packages the search begins with too: its id or folder.
    same_terms
        Whether to look for the best one set of terms for all projects too.
    adversary
        Margin an adversary may give up to answer the packages; they are made again for owners who
        expect it. None leaves him out. [million]
    fixed_point
        Plan again with the cost of packages until plan and packages agree, at most so many plans;
        0 leaves the plan as it is. [count]
    time_limit
        For the fixed point: no further plan is begun once it is over. [s]
    paths, seed
        How many paths packages are judged on, and the seed of all draws.
    name
        Id of the run.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the run or the call is wrong; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> import coercivity as co
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plan = co.plan("us-tungsten", gap=0.05, runs=folder)
    ...     run = align(plan, projects=["pilot-mountain"], paths=400, runs=folder)
    ...     sorted(run.run.result["accepts"])
    ['pilot-mountain']
    """
    named = subject.run.path if isinstance(subject, FinishedRun) else subject
    options = AlignOptions(
        projects=tuple(projects),
        allow=tuple(allow),
        caps=dict(caps or {}),
        budget=budget,
        cost=cost,
        years=years,
        simpler=simpler,
        start=None if start is None else str(start),
        same_terms=same_terms,
        adversary=adversary,
        fixed_point=fixed_point,
        time_limit=time_limit,
        paths=paths,
        seed=seed,
        name=name,
    )
    return AlignRun(study(named, folder_of(runs), options))
