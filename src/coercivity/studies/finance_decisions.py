"""What a plan decided, as plain arrays for finance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.chain import Case
from coercivity.finance.compiled import Array
from coercivity.finance.projects.asked import project_row
from coercivity.finance.projects.from_case import Decision
from coercivity.finance.projects.position import Company
from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.tables import CaseTables

NEEDED = ("activity", "builds", "capacity")
"""Tables of a plan that finance reads."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Builds and activity of a plan."""

    decisions: Mapping[str, tuple[Decision, ...]]
    """By project."""
    activity: Mapping[tuple[str, str], Array]
    """By asset and mode, and year of the case. [t/year]"""
    built_share: Mapping[str, Array]
    """Part of each asset's capacity that is built, by year of the case. [fraction]"""


def refuse_other_runs(run: Run) -> None:
    """Refuse a run that decides nothing.

    Parameters
    ----------
    run
        Any run.

    Raises
    ------
    UsageError
        If it has no builds or activity.
    """
    missing = [name for name in NEEDED if name not in run.tables]
    if missing:
        msg = (
            f"run '{run.id}' ({run.manifest.verb}) has no table {', '.join(missing)}. Finance "
            f"takes a case, or a plan that was found: name one of them.  [{UsageError.code}]"
        )
        raise UsageError(msg)


def read_decisions(case: Case, run: Run, projects: Iterable[str]) -> Decided:
    """Read what a plan decided.

    Parameters
    ----------
    case
        The case that was planned.
    run
        The plan.
    projects
        Ids of the projects.
    """
    builds = run.table("builds")
    return Decided(
        {name: _decisions(case, builds[builds["project"] == name]) for name in projects},
        _activity(case, run.table("activity")),
        _built(case, run.table("capacity")),
    )


def _decisions(case: Case, builds: pd.DataFrame) -> tuple[Decision, ...]:
    return tuple(
        Decision(case.options[str(row.option)], int(str(row.decision_year)), int(str(row.modules)))
        for row in builds.itertuples()
        if str(row.option) in case.options and case.options[str(row.option)].adds_to in case.assets
    )


def _by_year(case: Case, frame: pd.DataFrame, column: str) -> Array:
    """Spread values of periods over the years of the case."""
    values = np.zeros(len(case.horizon.years))
    sums = frame.groupby("year")[column].sum()
    for period, start in enumerate(case.horizon.starts):
        if start in sums.index:
            for year in case.period_years(period):
                values[year - case.horizon.first_year] = sums[start]
    return values


def _activity(case: Case, frame: pd.DataFrame) -> dict[tuple[str, str], Array]:
    return {
        (str(asset), str(mode)): _by_year(case, rows, "activity_t")
        for (asset, mode), rows in frame.groupby(["asset", "mode"], sort=True)
    }


def _built(case: Case, frame: pd.DataFrame) -> dict[str, Array]:
    found = {}
    for asset, rows in frame.groupby("asset", sort=True):
        built = _by_year(case, rows, "built_t")
        total = built + _by_year(case, rows, "existing_t")
        found[str(asset)] = np.divide(built, total, out=np.zeros_like(built), where=total > 0)
    return found


def company_of(
    case: Case, tables: CaseTables, project: str, decisions: Mapping[str, Sequence[Decision]]
) -> Company:
    """Say what the contracts of a project's company have to know of its other projects.

    Parameters
    ----------
    case, tables
        The case.
    project
        One of the company.
    decisions
        What each project builds.
    """
    company = project_row(tables, project).maybe_text("company")
    first = case.horizon.first_year
    last = len(case.horizon.years) - 1
    budgets = {
        row.text("id"): sum(
            d.modules * float(d.option.capital[min(max(d.year - first, 0), last)])
            for d in decisions[row.text("id")]
        )
        for row in tables["projects"].rows()
        if row.maybe_text("company") == company and decisions[row.text("id")]
    }
    starts: dict[str, float] = {}
    for taken in decisions.values():
        for one in taken:
            begins = float(one.first_output)
            starts[one.option.id] = min(begins, starts.get(one.option.id, begins))
    return Company(budgets=budgets, starts=starts)
