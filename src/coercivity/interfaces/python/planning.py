"""``coercivity.plan`` and the run it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from coercivity.results import Run, runs_folder
from coercivity.studies.plan import PlanOptions
from coercivity.studies.plan import plan as study
from coercivity.tables import find_case
from coercivity.views.chart import Chart
from coercivity.views.charts import figure
from coercivity.views.plan_words import answer


def with_units(frame: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    """Put the unit of each column beside its name.

    Examples
    --------
    >>> list(with_units(pd.DataFrame({"size": [1.0]}), {"size": "t/year"}))
    ['size [t/year]']
    """
    return frame.rename(columns={name: f"{name} [{unit}]" for name, unit in units.items()})


@dataclass(frozen=True, slots=True)
class PlanRun:
    """A finished plan: its words, its numbers and its tables."""

    run: Run
    """The run folder behind it."""

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.run.id

    @property
    def result(self) -> dict[str, Any]:
        """The object that ``coercivity plan --json`` prints."""
        return dict(self.run.result)

    @property
    def status(self) -> str:
        """``optimal``, ``feasible`` or ``stopped``."""
        return str(self.run.result["status"])

    @property
    def objective(self) -> float:
        """Cost of the plan. [million of the case's currency, present value]"""
        return float(self.run.result["objective"])

    @property
    def answer(self) -> str:
        """The plan in a few sentences."""
        return " ".join(answer(self.run))

    @property
    def builds(self) -> pd.DataFrame:
        """Decisions to build, with units in the column names."""
        return self.table("builds")

    @property
    def coverage(self) -> pd.DataFrame:
        """Demand, service and shortfall by year, with units in the column names."""
        return self.table("coverage")

    def table(self, name: str) -> pd.DataFrame:
        """Give any table of the run, with units in the column names."""
        return with_units(self.run.table(name), dict(self.run.units(name)))

    def figure(self, name: str, *, year: int | None = None) -> Chart:
        """Draw a figure of the run: ``map``, ``sankey``, ``gantt``, ``coverage``, ``makers``, …

        A notebook shows it; ``.svg()``, ``.png()``, ``.html()`` and ``.data`` give it otherwise.
        """
        return figure(self.run, name, year=year)

    def __repr__(self) -> str:
        return f"PlanRun('{self.id}'): {self.answer}"


def plan(
    case: str | Path,
    *,
    scenario: str | None = None,
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    name: str | None = None,
    require: Sequence[str] = (),
    runs: str | Path | None = None,
) -> PlanRun:
    """Plan a case, as ``coercivity plan`` does, and return the run.

    Parameters
    ----------
    case
        Folder, workbook, or name of a reference case.
    scenario
        Named scenario of the case.
    gap
        Proven distance to the best plan, as a share of the gain. [fraction]
    time_limit
        Time for the solver; the best plan so far is kept. [s]
    seed
        Seed of the solver.
    name
        Id of the run.
    require
        Targets to be met, such as ``"defence>=100%@2030:allied"``.
    runs
        Folder for run folders; ``runs`` under the current folder unless given.

    Raises
    ------
    CoercivityError
        If the case is wrong, or no plan was found; see `coercivity.foundation.errors`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = plan("mini", runs=folder)
    >>> run.status
    'optimal'
    """
    options = PlanOptions(
        scenario=scenario,
        gap=gap,
        time_limit=time_limit,
        seed=seed,
        name=name,
        require=tuple(require),
    )
    folder = runs_folder(None if runs is None else Path(runs))
    return PlanRun(study(find_case(case), folder, options))
