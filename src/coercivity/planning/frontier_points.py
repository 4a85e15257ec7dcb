"""Points of a frontier: what each says, which of them count, and their table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from coercivity.planning.outcome import PlanTable

SHORTFALL, YEAR = "shortfall", "year"
COLUMNS = [
    "kind", "segment", "class", "limit_t", "shortfall_t", "year", "cost_musd", "bound_musd",
    "status",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A plan on the way to a frontier: the cheapest within one limit."""

    kind: str
    """``shortfall`` or ``year``: what was limited."""
    segment: str
    origin_class: str
    limit_t: float | None
    """Most shortfall allowed over the report; None where it was free. [t]"""
    since: int | None
    """Year from which the share was asked for; None where it was not. [calendar year]"""
    shortfall_t: float | None
    """What the plan leaves unserved in the class, over the report. [t]"""
    year: int | None
    """Year from which the plan serves the share, for ``year`` alone. [calendar year]"""
    cost_musd: float | None
    """Cost of the plan; None where none was found in time. [million]"""
    bound_musd: float | None
    """Proven: no plan within the limit costs less. [million]"""
    status: str
    """``optimal`` within the stated gap, ``feasible``, or ``not found``."""
    whole: tuple[int, ...]
    """Whole columns of the plan, from which a neighbour starts."""

    def record(self) -> dict[str, Any]:
        """Give it as plain data, from which `point_of` makes it again."""
        return asdict(self) | {"whole": list(self.whole)}


def point_of(record: Mapping[str, Any]) -> FrontierPoint:
    """Make a point from its record.

    Examples
    --------
    >>> point = FrontierPoint("year", "users", "any", None, 2026, 0.0, 2026, 5.0, 5.0, "optimal",
    ...                       (1, 0))
    >>> point_of(point.record()) == point
    True
    """
    values = {field.name: record[field.name] for field in fields(FrontierPoint)}
    return FrontierPoint(**values | {"whole": tuple(int(value) for value in values["whole"])})


def non_dominated(points: Iterable[FrontierPoint]) -> list[FrontierPoint]:
    """Keep the points beside which no other of their kind serves as much for as little.

    Of equal ones the first is kept. The bound of a looser limit holds for a tighter one as well.

    Examples
    --------
    >>> def point(short, cost):
    ...     return FrontierPoint("shortfall", "users", "any", None, None, short, None, cost,
    ...                          cost, "optimal", ())
    >>> kept = non_dominated([point(9.0, 1.0), point(5.0, 4.0), point(4.0, 4.0), point(4.0, 6.0)])
    >>> [(one.shortfall_t, one.cost_musd) for one in kept]
    [(9.0, 1.0), (4.0, 4.0)]
    """
    kept: list[FrontierPoint] = []
    for kind in (SHORTFALL, YEAR):
        found = [p for p in points if p.kind == kind and p.cost_musd is not None]
        found.sort(key=lambda p: (_place(p), p.cost_musd))
        best, best_bound, line = np.inf, -np.inf, list[FrontierPoint]()
        for one in found:
            if one.cost_musd is not None and one.cost_musd < best:
                best = one.cost_musd
                line.append(one)
        for one in reversed(line):
            bound = -np.inf if one.bound_musd is None else one.bound_musd
            best_bound = max(best_bound, bound)
            cost = best_bound if one.cost_musd is None else one.cost_musd
            kept.append(replace(one, bound_musd=min(best_bound, cost)))
    return kept


def _place(point: FrontierPoint) -> float:
    held = point.shortfall_t if point.kind == SHORTFALL else point.year
    return np.inf if held is None else float(held)


def frontier_table(points: Iterable[FrontierPoint]) -> PlanTable:
    """Lay out the points that no other dominates, the cheapest of each kind first.

    Limits within which no plan was found in time follow, without a cost.
    """
    given = list(points)
    missing = [one for one in given if one.cost_musd is None]
    rows = [
        {
            "kind": one.kind,
            "segment": one.segment,
            "class": one.origin_class,
            "limit_t": one.limit_t,
            "shortfall_t": one.shortfall_t,
            "year": one.year if one.cost_musd is not None else one.since,
            "cost_musd": one.cost_musd,
            "bound_musd": one.bound_musd,
            "status": one.status,
        }
        for one in (*non_dominated(given), *missing)
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["year"] = frame["year"].astype("Int64")
    for column in ("limit_t", "shortfall_t", "cost_musd", "bound_musd"):
        frame[column] = frame[column].astype(float)
    units = {
        "limit_t": "t over the report",
        "shortfall_t": "t over the report",
        "cost_musd": "million, present value",
        "bound_musd": "million, present value",
    }
    return PlanTable(frame, units)
