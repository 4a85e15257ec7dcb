"""What packages buy: how long home serves its demand when nothing comes from abroad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coercivity.chain import Case
from coercivity.planning.built import decided
from coercivity.resilience.stockpiling.emergency import (
    Emergency,
    Standing,
    emergency_case,
    years_of_emergency,
)
from coercivity.resilience.stockpiling.mix import measured_service
from coercivity.results import Run
from coercivity.tables import CaseTables

ALL = "all"
"""Stands for every segment together."""
MONTHS = 12
SLIGHT = 1e-6
"""Months below this are rounding. [month]"""
Modules = dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class MonthsBought:
    """Points of public cost against months."""

    year: int
    """Year without imports. [calendar year]"""
    points: tuple[dict[str, Any], ...]
    """From `months_by_cost`."""


class MonthsServed:
    r"""Measures how many months of a year's demand home serves with nothing from abroad.

    .. math:: m_s = 12\,\frac{\sum_{d \in s} served_d}{\sum_{d \in s} D_d}

    in one year without any import, on stocks at home and on what a plan has built for the projects
    that are funded. Demand is served in order of priority.

    Parameters
    ----------
    case
        The case that was planned.
    tables
        Its tables.
    run
        The plan.
    """

    def __init__(self, case: Case, tables: CaseTables, run: Run) -> None:
        last = min(case.report_until, case.horizon.end - 1)
        self._emergency = Emergency(
            segment=None, year=max(last, case.horizon.first_year + 1), regeneration=0
        )
        self._case = years_of_emergency(tables, self._emergency, coarse=True)
        self._modules, self._idle = decided(case, run)
        self._project = {name: option.project for name, option in case.options.items()}
        self.year = self._emergency.year
        """The year looked at. [calendar year]"""

    @property
    def asked(self) -> float:
        """Demand of the year. [t/year]"""
        place = self.year - self._case.horizon.first_year
        return sum(float(demand.amount[place]) for demand in self._case.demands.values())

    def _alone(self) -> list[str]:
        """List the segments whose priority is theirs alone."""
        ranks: dict[str, set[int]] = {}
        for demand in self._case.demands.values():
            ranks.setdefault(demand.segment or "", set()).add(demand.priority)
        taken = [rank for own in ranks.values() for rank in own]
        return [
            name for name, own in ranks.items() if name and all(taken.count(r) == 1 for r in own)
        ]

    def of(self, funded: Iterable[str]) -> dict[str, float]:
        """Give the months together, and of segments that share their priority with no other.

        Between segments of one priority nothing says who is served first.

        Parameters
        ----------
        funded
            Projects that are built; modules of no project always are.
        """
        kept = {None, *funded}
        modules: Modules = {
            key: count for key, count in self._modules.items() if self._project[key[0]] in kept
        }
        standing = Standing(modules, self._idle)
        frame = measured_service(
            emergency_case(self._case, self._emergency, standing, measured=True)
        )
        known = frame[frame["segment"].isin(self._alone())]
        sums = known.groupby("segment")[["served_t", "demand_t"]].sum()
        found = {
            str(segment): MONTHS * float(row["served_t"]) / float(row["demand_t"])
            for segment, row in sums.iterrows()
        }
        total = frame[["served_t", "demand_t"]].sum()
        return found | {ALL: MONTHS * float(total["served_t"]) / float(total["demand_t"])}


def months_by_cost(
    measure: MonthsServed, costs: Mapping[str, float], *, unaided: Iterable[str]
) -> list[dict[str, Any]]:
    """Give the months that ever more packages buy, the package that buys most a million first.

    The order is that of months lost if one package alone is left out, per million it costs; it is
    one order, not proven to be the best.

    Parameters
    ----------
    measure
        Gives the months of a set of projects.
    costs
        Mean public cost of the package of each project that needs one. [million]
    unaided
        Projects that are built without a package.
    """
    always = tuple(unaided)
    whole = measure.of((*always, *costs))
    lost = {
        name: whole[ALL] - measure.of((*always, *(n for n in costs if n != name)))[ALL]
        for name in costs
    }

    def worth(name: str) -> tuple[bool, float, str]:
        return costs[name] > 0, -lost[name] / max(costs[name], SLIGHT), name

    rows: list[dict[str, Any]] = [_row(None, 0.0, measure.of(always))]
    funded: list[str] = []
    for name in sorted(costs, key=worth):
        funded.append(name)
        spent = sum(costs[one] for one in funded)
        rows.append(_row(name, spent, measure.of((*always, *funded))))
    return rows


def _row(added: str | None, spent: float, months: dict[str, float]) -> dict[str, Any]:
    return {"added": added, "public_cost_musd": spent, "months": months}


def months_bought(
    case: Case,
    tables: CaseTables,
    run: Run,
    costs: Mapping[str, float],
    *,
    unaided: Iterable[str],
) -> MonthsBought | None:
    """Say how long home serves its demand by itself, with ever more packages signed.

    Parameters
    ----------
    case, tables
        That was planned.
    run
        The plan.
    costs
        Mean public cost of each package. [million]
    unaided
        Projects that are built without one.

    Returns
    -------
    MonthsBought or None
        None where nothing is asked for in the year.
    """
    measure = MonthsServed(case, tables, run)
    if measure.asked <= 0:
        return None
    return MonthsBought(measure.year, tuple(months_by_cost(measure, costs, unaided=unaided)))


def months_table(bought: MonthsBought) -> tuple[pd.DataFrame, dict[str, str]]:
    """Write the points as a table, a row for each segment.

    Parameters
    ----------
    bought
        What packages buy.
    """
    long = [
        {
            "year": bought.year,
            "step": step,
            "added": row["added"],
            "public_cost_musd": row["public_cost_musd"],
            "segment": segment,
            "months": months,
        }
        for step, row in enumerate(bought.points)
        for segment, months in row["months"].items()
    ]
    columns = ["year", "step", "added", "public_cost_musd", "segment", "months"]
    units = {"public_cost_musd": "million, present value", "months": "month", "step": "count"}
    return pd.DataFrame(long, columns=columns), units
