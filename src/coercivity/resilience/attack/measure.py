"""What attacker and defender count, both alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from coercivity.chain import Case
from coercivity.foundation.errors import CaseError, UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.periods import Array
from coercivity.foundation.problems import Place, Problem, quoted

MeasureKind = Literal["shortfall", "cost"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: demand that is not served, or cost."""

    kind: MeasureKind
    segment: str | None
    """Only its demand counts; None counts all, weighted by 1 ÷ priority."""
    year: int | None
    """Only the period of this year counts, as tonnes a year; None counts all reported years."""
    weights: Mapping[str, float]
    """Weight of each demand that counts. [1]"""
    years: Array
    """Years of each period that count. [year]"""

    @property
    def last(self) -> int:
        """Last period in which anything counts."""
        return int(np.flatnonzero(self.years > 0)[-1])


def measure_of(
    case: Case, *, kind: str = "shortfall", segment: str | None = None, year: int | None = None
) -> Measure:
    r"""Say what is counted.

    .. math::

        Z = \sum_d w_d \sum_t n_t\, z_{d,t}, \qquad
        w_d = \begin{cases} 1 & \text{demand of the segment asked about} \\
        1/priority_d & \text{where none is asked about} \end{cases}

    with :math:`z` the shortfall [t/year] and :math:`n_t` the reported years of period *t*; with
    a year, :math:`n_t = 1` in its period and 0 elsewhere.

    Parameters
    ----------
    case
        The case.
    kind
        ``shortfall``, or ``cost``: the discounted cost of all reported periods. [million]
    segment
        Segment asked about.
    year
        Year asked about. [calendar year]

    Raises
    ------
    UsageError
        If there is no such measure, segment or year.
    CaseError
        If cost is asked about and no demand of the case has a penalty.
    """
    if kind not in get_args(MeasureKind):
        msg = f"--measure {quoted(kind)} is not known. Write shortfall or cost.  [S102]"
        raise UsageError(msg)
    if kind == "cost":
        _expect_penalties(case)
        if segment is not None:
            msg = (
                f"--segment {quoted(segment)} asks about one demand, --measure cost about the "
                "whole bill. Leave one of them out.  [S102]"
            )
            raise UsageError(msg)
    return Measure(
        "cost" if kind == "cost" else "shortfall",
        segment,
        year,
        _weights(case, segment),
        _years(case, year),
    )


def _expect_penalties(case: Case) -> None:
    if any(demand.penalty is not None for demand in case.demands.values()):
        return
    problem = Problem(
        "S102",
        Place("demands.csv", None, "penalty"),
        "no demand has a penalty",
        "A failure may leave demand short, and its cost can then not be told. Give a demand a "
        "penalty, or ask for --measure shortfall.",
    )
    raise CaseError([problem], case=case.name)


def _weights(case: Case, segment: str | None) -> dict[str, float]:
    demands = case.demands.values()
    if segment is None:
        return {demand.id: 1.0 / max(demand.priority, 1) for demand in demands}
    found = {demand.id: 1.0 for demand in demands if demand.segment == segment}
    if not found:
        known = {demand.segment for demand in demands if demand.segment is not None}
        near = suggestion(segment, known, listed_in="demands.csv")
        msg = f"--segment: {quoted(segment)} has no demand in '{case.name}'. {near}  [S102]"
        raise UsageError(msg)
    return found


def reported_years(case: Case) -> Array:
    """Count the reported years of each period. [year]"""
    inside = np.asarray(case.horizon.years) <= case.report_until
    counts = np.bincount(case.horizon.period_of_year, weights=inside, minlength=case.horizon.count)
    return np.asarray(counts, dtype=np.float64)


def period_of(case: Case, year: int) -> int:
    """Find the period of a reported year.

    Raises
    ------
    UsageError
        If the year is not reported.
    """
    first, last = case.horizon.first_year, case.report_until
    if not first <= year <= last:
        msg = f"--year {year} is not reported by '{case.name}'. Ask for {first} to {last}.  [S102]"
        raise UsageError(msg)
    return int(case.horizon.period_of_year[year - first])


def _years(case: Case, year: int | None) -> Array:
    if year is None:
        return reported_years(case)
    counted = np.zeros(case.horizon.count)
    counted[period_of(case, year)] = 1.0
    return counted
