"""The earliest year in which each target can be met, and the lead times that set it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.chain.case import Case
from coercivity.chain.trade import Target
from coercivity.foundation.errors import InternalError
from coercivity.planning.earliest_question import Question
from coercivity.planning.lead_times import TOLD_AT_MOST, told_lead_times
from coercivity.planning.outcome import PlanTable
from coercivity.planning.requirements import Contradiction, Group, changeable
from coercivity.solvers import (
    Requirement,
    StopSignal,
    feasibility,
    smallest_conflict,
)
from coercivity.solvers.conflict import Oracle
from coercivity.tables import CaseTables

logger = logging.getLogger(__name__)

CAUSES = 3
"""Causes looked for beside one another, each of which alone is enough. [count]"""
ROWS = ("activity_within_capacity", "runs_while_kept")
"""Families whose rows hold the capacity of one asset."""
NO_PART = 1e-9
"""Weight in a proof below which a row or column has no part in it. [kt per kt]"""


@dataclass(frozen=True, slots=True)
class Earliest:
    """When a target can be met at the earliest, and why not before."""

    requirement: str
    """The target as it was asked, or its id."""
    asked: int
    """Year from which it is asked for. [calendar year]"""
    year: int | None
    """First year from which it can hold, other targets left out; None = in no reported year."""
    with_others: int | None
    """The same with every other target held in its own year, or in its earliest where that is
    later (one that can never hold is left out); None = in no reported year."""
    because: str
    """What sets the year, in words."""

    def record(self) -> dict[str, object]:
        """Give it as plain data.

        Examples
        --------
        >>> Earliest("t", 2026, 2028, 2028, "make: ...").record()["year"]
        2028
        """
        return {
            "requirement": self.requirement,
            "asked": self.asked,
            "year": self.year,
            "with_others": self.with_others,
            "because": self.because,
        }


def earliest_years(
    case: Case,
    tables: CaseTables,
    *,
    targets: Sequence[Target] = (),
    stop: StopSignal | None = None,
) -> list[Earliest]:
    r"""Find for each target the first year from which it can hold.

    .. math:: y^*_\tau = \min\{y : \text{a plan exists with}\ \tau\ \text{from}\ y\ \text{on}\}

    A later year asks for less (there are fewer rows ``target_is_met``), so the years are halved.
    All are asked of one loaded model without costs: first of its linear relaxation, then with
    whole columns. Inside a period of several years every year asks for the same, and its first one
    is given.

    Parameters
    ----------
    case
        The case.
    tables
        Its tables, for the places of what is told.
    targets
        Targets besides those of the case, as for ``build_model``.
    stop
        Stops the solver.

    Returns
    -------
    list of Earliest
        One a target, those of the case first.

    Raises
    ------
    Stopped
        If the user stops it.
    """
    wanted = (*case.targets, *targets)
    if not wanted:
        return []
    question = Question(case, wanted, stop)
    alone = {number: question.earliest(number, {}) for number in range(len(wanted))}
    own = question.own_periods()
    held = {n: max(own[n], period) for n, period in alone.items() if period is not None}
    return [
        Earliest(
            target.id,
            target.year,
            question.year(alone[number]),
            question.year(question.earliest(number, held, known=alone[number])),
            _Cause(question, number, tables).told(alone[number]),
        )
        for number, target in enumerate(wanted)
    ]


def earliest_table(found: Iterable[Earliest]) -> PlanTable:
    """Lay earliest years out as a table."""
    columns = ["requirement", "asked", "year", "with_others", "because"]
    frame = pd.DataFrame([one.record() for one in found], columns=columns)
    for column in ("asked", "year", "with_others"):
        frame[column] = frame[column].astype("Int64")
    return PlanTable(frame, {})


class _Cause:
    """Looks for what stands in the way one period before the earliest."""

    def __init__(self, question: Question, number: int, tables: CaseTables) -> None:
        self.question, self.number = question, number
        self.model = question.model
        groups = [group for group in changeable(self.model, tables) if not _is_target(group)]
        order = self.model.case.stage_order
        stages = sorted((g for g in groups if g.stage), key=lambda g: order.get(g.stage or "", 0))
        # What is named last is kept in preference, and lead times say most.
        self.groups = [
            *(group for group in groups if not group.stage),
            *(plant for stage in stages for plant in self._plants(stage)),
        ]

    def told(self, period: int | None) -> str:
        """Tell it in words, given the earliest period."""
        question, periods = self.question, self.question.periods
        if period == periods[0]:
            return "nothing stands in its way from the first year on"
        before = periods[-1] if period is None else periods[periods.index(period) - 1]
        since = {self.number: before}
        integers = question.relaxes(since)
        question.switch(since)
        causes: list[str] = []
        try:
            for conflict in self._conflicts(integers=integers):
                causes.append(self._words(conflict, before, period))
        except InternalError:
            logger.warning("The solver gave no answer while looking for what sets a year.")
            causes = causes or ["what sets it was not found: the solver gave no answer"]
        return ". Also ".join(causes)

    def _conflicts(self, *, integers: bool) -> Iterator[list[Group]]:
        """Find causes that share nothing, each minimal and enough to stand in the way."""
        left = list(self.groups)
        for _ in range(1 if integers else CAUSES):
            asked, stop = [group.requirement for group in self.groups], self.question.stop
            with feasibility(self.question.highs, asked, integers=integers, stop=stop) as lent:
                oracle = self._patient(lent)
                if oracle([group.requirement.name for group in left]):
                    return
                near = left if integers else self._in_proof(left)
                names = [group.requirement.name for group in near]
                conflict = smallest_conflict(names, oracle)
                if conflict is None:
                    names = [group.requirement.name for group in left]
                    conflict = smallest_conflict(names, oracle)
            found = set(conflict or ())
            yield [group for group in left if group.requirement.name in found]
            if not found:
                return
            left = [group for group in left if group.requirement.name not in found]

    def _patient(self, lent: Oracle) -> Oracle:
        return lambda kept: self.question.twice(lambda: lent(kept))

    def _in_proof(self, groups: list[Group]) -> list[Group]:
        """Keep the groups that have a part in the proof that they cannot hold together."""
        proof = self.question.shares_in_proof()
        if proof is None:
            return groups
        rows, columns = proof
        return [
            group
            for group in groups
            if (rows[group.requirement.rows] > NO_PART).any()
            or (columns[group.requirement.columns] > NO_PART).any()
        ]

    def _plants(self, group: Group) -> Iterator[Group]:
        """Take the capacity of a stage apart into its plants."""
        rows = set(group.requirement.rows.tolist())
        found: dict[str, list[int]] = {}
        for name in ROWS:
            family = self.model.builder.families[name]
            for position, asset in zip(
                family.positions.tolist(), family.index["asset"], strict=True
            ):
                if position in rows:
                    found.setdefault(asset, []).append(position)
        for asset, positions in found.items():
            told = Contradiction(asset, "assets.csv")
            yield Group(Requirement(f"plant {asset}", np.array(positions)), told, group.stage)

    def _words(self, conflict: Sequence[Group], before: int, period: int | None) -> str:
        if not conflict:
            return "no plant, link or supplier of the case can serve it then, whatever is built"
        plants: dict[str, list[str]] = {}
        for group in conflict:
            if group.stage is not None:
                plants.setdefault(group.stage, []).append(group.told.requirement)
        others = [group.told.requirement for group in conflict if group.stage is None]
        told = []
        for stage, names in plants.items():
            growth = self._growth(names, before, period)
            if growth:
                told.append(f"{stage}: {growth}")
            else:
                always = "with every option built" if period is None else "until then"
                others.insert(0, f"too little capacity of {stage} {always} ({counted(names)})")
        beside = " and ".join(others)
        if not told:
            return beside
        return "; ".join(told) + (f" (beside {beside})" if beside else "")

    def _growth(self, names: Sequence[str], before: int, period: int | None) -> str:
        if period is None:
            return ""
        return told_lead_times(self.model.network, names, after=before, until=period)


def counted(names: Sequence[str]) -> str:
    """Name a few plants and count the rest.

    Examples
    --------
    >>> counted(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    shown = ", ".join(names[:TOLD_AT_MOST])
    left = len(names) - TOLD_AT_MOST
    return f"{shown} and {left} more" if left > 0 else shown


def _is_target(group: Group) -> bool:
    return group.requirement.name.startswith("target_is_met ")
