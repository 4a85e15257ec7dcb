"""What may be asked of a plan beyond itself: explanations, its neighbours, a frontier, years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coercivity.chain.trade import Target
from coercivity.planning.earliest import earliest_table, earliest_years
from coercivity.planning.explanations.explain import explain_plan
from coercivity.planning.frontier import (
    FrontierPoint,
    frontier_points,
    frontier_table,
    parse_frontier,
    point_of,
)
from coercivity.planning.model import PlanningModel
from coercivity.planning.near import near_plans
from coercivity.planning.outcome import PlanTable
from coercivity.planning.served_model import Wanted
from coercivity.planning.solve import OnProgress, PlanLimits, PlanSolution
from coercivity.results import Parts
from coercivity.solvers import StopSignal
from coercivity.tables import CaseTables


@dataclass(frozen=True, slots=True)
class Further:
    """What a plan is asked beyond itself."""

    explain: bool = False
    """Whether what it builds and leaves out is explained."""
    near: float | None = None
    """Distance from the plan within which others are looked for, as a share of the gain."""
    frontier: str | None = None
    """Segment whose cost against shortfall, and against year, is drawn."""

    gap: float = 0.01
    """Gap of the plan, within which its neighbours are looked for where nothing else is said."""

    @property
    def near_distance(self) -> float | None:
        """Distance within which neighbours are looked for, if they are. [share of the gain]"""
        if self.near is None and self.explain:
            return self.gap
        return self.near


@dataclass(slots=True)
class Answers:
    """What was found: tables, and keys of the JSON object."""

    tables: dict[str, PlanTable] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    def add(self, tables: Mapping[str, PlanTable], result: Mapping[str, Any]) -> None:
        """Take one answer in."""
        self.tables.update(tables)
        self.result.update(result)


def look_further(
    model: PlanningModel,
    solution: PlanSolution,
    tables: CaseTables,
    further: Further,
    *,
    targets: tuple[Target, ...] = (),
    limits: PlanLimits | None = None,
    parts: Parts | None = None,
    on_progress: OnProgress | None = None,
    stop: StopSignal | None = None,
) -> Answers:
    """Answer what a plan is asked beyond itself.

    Parameters
    ----------
    model, solution, tables
        The plan and the tables of its case.
    further
        What is asked.
    targets
        Targets besides those of the case.
    limits
        Gap and seed of the plan, for the points of a frontier.
    parts
        Keeps the points of a frontier, so that it goes on where it was broken off.
    on_progress
        Told how far it is.
    stop
        Ends it; what was found is kept.
    """
    answers = Answers()
    if further.explain and (model.case.targets or targets):
        found = earliest_years(model.case, tables, targets=targets, stop=stop)
        rows = [one.record() for one in found]
        answers.add({"earliest": earliest_table(found)}, {"earliest": rows})
    if further.explain:
        told = explain_plan(model, solution, targets=targets, on_progress=on_progress, stop=stop)
        answers.add(told.tables, told.as_json())
    distance = further.near_distance
    if distance is not None:
        near = near_plans(model, solution, epsilon=distance, on_progress=on_progress, stop=stop)
        answers.add(near.tables(), near.as_json())
    if further.frontier is not None:
        wanted = parse_frontier(further.frontier, model.case)
        points = _points(model, solution, wanted, limits, parts, on_progress, stop)
        frame = frontier_table(points)
        answers.add({"frontier": frame}, {"frontier": [_told(point) for point in points]})
    return answers


def _points(
    model: PlanningModel,
    solution: PlanSolution,
    wanted: Wanted,
    limits: PlanLimits | None,
    parts: Parts | None,
    on_progress: OnProgress | None,
    stop: StopSignal | None,
) -> list[FrontierPoint]:
    """Solve the points of a frontier, keeping each as it comes."""
    done = [] if parts is None else _kept(parts)
    found = frontier_points(
        model, solution, wanted, limits=limits, done=done, on_progress=on_progress, stop=stop
    )
    points: list[FrontierPoint] = []
    for point in found:
        points.append(point)
        if parts is not None and len(points) > len(done):
            parts.keep(f"frontier-{len(points):03d}", point.record())
    return points


def _kept(parts: Parts) -> list[FrontierPoint]:
    names = [name for name in parts.names() if name.startswith("frontier-")]
    return [point_of(part) for name in names if (part := parts.known(name)) is not None]


def _told(point: FrontierPoint) -> dict[str, Any]:
    return {key: value for key, value in point.record().items() if key != "whole"}
