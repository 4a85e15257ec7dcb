"""Every point of a frontier is what trying all plans finds; none is dominated; it can go on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from coercivity.chain import load_case
from coercivity.chain.trade import Target
from coercivity.foundation.errors import InfeasiblePlan, UsageError
from coercivity.planning.frontier import (
    FrontierPoint,
    Wanted,
    frontier_points,
    frontier_table,
    non_dominated,
    parse_frontier,
    point_of,
    tracking_target,
)
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.tables import find_case
from tests.laws.generated_cases import case_of
from tests.planning.test_earliest import with_segment
from tests.small_chains import plant, years
from tests.written_cases import write_case_folder

EXACT = PlanLimits(gap=0.0)
YEARS = (2025, 2026, 2027, 2028)
PENALTY = 300.0
SHARE = 0.6
ROUNDING = 5e-6
"""Rows hold to about a kilogram, and the last kilogram can cost some dollars. [million]"""


@dataclass(frozen=True)
class Module:
    """An option of the case whose plans are all tried."""

    id: str
    size: float
    capital: float
    build_years: int


MODULES = (
    Module("a", 650, 1.9, 0),
    Module("b", 300, 0.2, 1),
    Module("c", 500, 1.5, 2),
    Module("d", 350, 0.9, 2),
)


@dataclass(frozen=True)
class Tried:
    """One of all plans, worked out by hand."""

    cost: float
    shortfall: float
    since: int | None
    """Year from which the share is served."""


def every_plan() -> Iterator[Tried]:
    """Work out every plan: each module in any year, or never."""
    for decisions in itertools.product((None, *YEARS), repeat=len(MODULES)):
        built = [(m, d) for m, d in zip(MODULES, decisions, strict=True) if d is not None]
        if any(decided + module.build_years > YEARS[-1] for module, decided in built):
            continue
        served = {
            year: min(1000.0, sum(m.size for m, d in built if d + m.build_years <= year))
            for year in YEARS
        }
        shortfall = sum(1000 - amount for amount in served.values())
        held = [y for y in YEARS if all(served[z] >= SHARE * 1000 for z in YEARS if z >= y)]
        cost = sum(module.capital for module, _ in built) + shortfall * PENALTY / 1e6
        yield Tried(cost, shortfall, held[0] if held else None)


@pytest.fixture(scope="module")
def tried() -> list[Tried]:
    return list(every_plan())


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlanningModel, PlanSolution]:
    options = [
        {"id": m.id, "size": m.size, "capital": m.capital, "build_years": m.build_years}
        for m in MODULES
    ]
    demand = {"segment": "users", "penalty": PENALTY}
    tables = plant(options=options, demand=demand, segments=[{"id": "users"}])
    folder = tmp_path_factory.mktemp("frontier") / "case"
    settings = years(*YEARS, YEARS[-1] + 1, report_until=YEARS[-1])
    case, _, _ = load_case(write_case_folder(folder, tables, settings))
    model = build_model(case)
    return model, solve_plan(model, EXACT)


@pytest.fixture(scope="module")
def found(solved: tuple[PlanningModel, PlanSolution]) -> list[FrontierPoint]:
    return list(frontier_points(*solved, Wanted("users", share=SHARE), limits=EXACT))


def of_kind(points: list[FrontierPoint], kind: str) -> list[FrontierPoint]:
    return [point for point in points if point.kind == kind]


def test_each_point_costs_what_trying_all_plans_finds(
    found: list[FrontierPoint], tried: list[Tried]
) -> None:
    for point in found:
        limit = np.inf if point.limit_t is None else point.limit_t
        since = 9999 if point.since is None else point.since
        allowed = [
            one
            for one in tried
            if one.shortfall <= limit + 1e-2 and (since == 9999 or (one.since or 9999) <= since)
        ]
        assert point.cost_musd == pytest.approx(min(one.cost for one in allowed), abs=1e-6)
        assert point.bound_musd == pytest.approx(point.cost_musd, abs=1e-6)
        assert point.status == "optimal"
    assert len(of_kind(found, "shortfall")) == 8
    assert len(of_kind(found, "year")) >= 2


def test_the_ends_are_the_plan_and_the_least_shortfall(
    solved: tuple[PlanningModel, PlanSolution], found: list[FrontierPoint], tried: list[Tried]
) -> None:
    loose, tight = of_kind(found, "shortfall")[:2]
    assert loose.cost_musd == solved[1].objective
    assert tight.shortfall_t == pytest.approx(min(one.shortfall for one in tried), abs=1e-2)
    soonest = of_kind(found, "year")[1]
    assert soonest.year == min(one.since for one in tried if one.since is not None)


def test_no_point_is_dominated_by_another_nor_by_any_plan(
    found: list[FrontierPoint], tried: list[Tried]
) -> None:
    kept = non_dominated(found)
    for kind in ("shortfall", "year"):
        line = of_kind(kept, kind)
        places = [p.shortfall_t if kind == "shortfall" else p.year for p in line]
        costs = [p.cost_musd for p in line]
        assert places == sorted(places, key=lambda place: -float(place or 0))
        assert costs == sorted(costs, key=lambda cost: float(cost or 0))
        assert len(set(places)) == len(places)
    for point in of_kind(kept, "shortfall"):
        for one in tried:
            less = one.shortfall < (point.shortfall_t or 0) - 1e-2
            assert not (less and one.cost < (point.cost_musd or 0) - 1e-6)


def test_it_goes_on_where_it_was_broken_off(
    solved: tuple[PlanningModel, PlanSolution], found: list[FrontierPoint]
) -> None:
    for count in (1, 2, 5, len(found) - 1, len(found)):
        written = [json.loads(json.dumps(point.record())) for point in found[:count]]
        done = [point_of(record) for record in written]
        again = list(
            frontier_points(*solved, Wanted("users", share=SHARE), limits=EXACT, done=done)
        )
        assert again == found


def test_points_of_another_frontier_are_refused(
    solved: tuple[PlanningModel, PlanSolution], found: list[FrontierPoint]
) -> None:
    wanted = Wanted("users", share=SHARE)
    other = [replace(point, segment="others") for point in found]
    with pytest.raises(UsageError, match="not what comes next"):
        list(frontier_points(*solved, wanted, limits=EXACT, done=other))
    mixed = [*found[:2], found[3], found[2]]
    with pytest.raises(UsageError, match="Start anew"):
        list(frontier_points(*solved, wanted, limits=EXACT, done=mixed))


class StopAfter:
    """A stop signal that is set once so many points were given."""

    def __init__(self) -> None:
        self.pressed = False

    def is_set(self) -> bool:
        return self.pressed


def test_stopping_keeps_what_was_given(
    solved: tuple[PlanningModel, PlanSolution], found: list[FrontierPoint]
) -> None:
    stop, given = StopAfter(), []
    for point in frontier_points(*solved, Wanted("users", share=SHARE), limits=EXACT, stop=stop):
        given.append(point)
        stop.pressed = len(given) == 3
    assert given == found[:3]


def test_the_number_of_points_is_kept_and_the_ends_come_first(
    solved: tuple[PlanningModel, PlanSolution], found: list[FrontierPoint]
) -> None:
    few = list(frontier_points(*solved, Wanted("users", share=SHARE), points=3, limits=EXACT))
    assert of_kind(few, "shortfall") == of_kind(found, "shortfall")[:3]
    with pytest.raises(UsageError, match="two ends"):
        list(frontier_points(*solved, Wanted("users"), points=1))


def test_a_gap_leaves_every_cost_between_its_bound_and_the_gap(
    solved: tuple[PlanningModel, PlanSolution], tried: list[Tried]
) -> None:
    model, plan = solved
    points = list(frontier_points(model, plan, Wanted("users"), limits=PlanLimits(gap=0.2)))
    room = 0.2 * (plan.gain or 0.0) + 1e-9
    assert room > 0.01
    for point in points:
        limit = np.inf if point.limit_t is None else point.limit_t + 1e-2
        least = min(
            one.cost
            for one in tried
            if one.shortfall <= limit
            and (point.since is None or (one.shortfall == 0 or one.since is not None))
        )
        assert point.cost_musd is not None
        assert point.bound_musd is not None
        assert point.cost_musd - point.bound_musd <= room
        if point.kind == "shortfall":
            assert point.bound_musd <= least + 1e-9 <= point.cost_musd + 2e-9


def test_the_table_has_the_columns_that_are_promised(found: list[FrontierPoint]) -> None:
    missing = replace(found[0], cost_musd=None, shortfall_t=None, status="not found", whole=())
    frame = frontier_table([*found, missing]).frame
    assert list(frame.columns) == [
        "kind", "segment", "class", "limit_t", "shortfall_t", "year", "cost_musd", "bound_musd",
        "status",
    ]  # fmt: skip
    assert frame["cost_musd"].isna().sum() == 1
    assert set(frame["kind"]) == {"shortfall", "year"}
    assert frame.loc[frame["kind"] == "shortfall", "year"].isna().all()
    assert frontier_table([]).frame.empty


def test_frontiers_are_read_strictly() -> None:
    case, _, _ = load_case(find_case("mini"))
    assert parse_frontier("industry", case) == Wanted("industry")
    assert parse_frontier("industry>=60%:dfars", case) == Wanted("industry", "dfars", 0.6)
    for text, told in (
        ("industri", "Did you mean 'industry'"),
        ("industry:dfar", "Did you mean 'dfars'"),
        ("industry>=160%", "more than the whole"),
        ("industry>=", "cannot be read"),
    ):
        with pytest.raises(UsageError, match=told):
            parse_frontier(text, case)


def test_a_class_that_the_model_does_not_tell_apart_is_refused() -> None:
    case, _, _ = load_case(find_case("mini"))
    wanted = parse_frontier("industry:dfars", case)
    model = build_model(case, targets=(tracking_target(wanted, case),))
    plan = solve_plan(model)
    assert next(frontier_points(model, plan, wanted)).origin_class == "dfars"
    with pytest.raises(UsageError, match="No demand has the segment"):
        next(frontier_points(model, plan, replace(wanted, segment="nobody")))
    other = replace(wanted, origin_class="no-such-class")
    with pytest.raises(UsageError, match="does not tell that class apart"):
        next(frontier_points(model, plan, other))


def least(model: PlanningModel, *, limit: float | None, wish: str) -> float:
    """Solve with another solver's front end and the shortfall columns themselves. [kt, million]"""
    matrices, columns = model.scaled.matrices, model.operation.shortfall
    weights = np.zeros(matrices.columns)
    reported = [y <= model.case.report_until for y in model.case.horizon.starts]
    lengths = model.case.horizon.lengths
    for label, period in zip(columns.labels.tolist(), columns.index["period"], strict=True):
        weights[label] = lengths[period] if reported[period] else 0.0
    rows, lower, upper = matrices.matrix, matrices.row_lower, matrices.row_upper
    if limit is not None:
        rows = vstack([rows, csr_array(weights[None, :])])
        lower, upper = np.append(lower, -np.inf), np.append(upper, limit)
    found = milp(
        weights if wish == "shortfall" else matrices.cost,
        constraints=LinearConstraint(rows, lower, upper),
        integrality=matrices.integrality.astype(int),
        bounds=Bounds(matrices.lower, matrices.upper),
        options={"mip_rel_gap": 0.0},
    )
    assert found.x is not None
    offset = 0.0 if wish == "shortfall" else matrices.offset
    return float((found.fun + offset) * (1.0 if wish == "shortfall" else model.scaled.unit))


def check_direct(number: int, folder: Path) -> list[FrontierPoint]:
    """Compare every point of a generated case with a solve that knows nothing of the frontier."""
    case, _, _ = load_case(with_segment(case_of(Random(number))).write(folder))
    model = build_model(case)
    plan = solve_plan(model, EXACT)
    wanted = Wanted("users", share=0.4)
    points = list(frontier_points(model, plan, wanted, points=5, limits=EXACT))
    for point in of_kind(points, "shortfall"):
        limit = None if point.limit_t is None else point.limit_t / 1000
        direct = least(model, limit=limit, wish="cost")
        assert point.cost_musd == pytest.approx(direct, rel=1e-6, abs=ROUNDING)
    line = of_kind(points, "shortfall")
    lowest = least(model, limit=None, wish="shortfall") * 1000
    assert min(p.shortfall_t or 0.0 for p in line) == pytest.approx(lowest, abs=2e-2)
    direct_years: dict[int, float] = {}
    for year in case.horizon.starts:
        if year <= case.report_until:
            target = Target("t", "users", wanted.share, "any", year)
            try:
                solution = solve_plan(build_model(case, targets=(target,)), EXACT)
            except InfeasiblePlan:
                continue
            direct_years[year] = solution.objective
    held = of_kind(points, "year")
    assert bool(held) == bool(direct_years)
    for point in held:
        assert point.year is not None
        assert point.cost_musd == pytest.approx(direct_years[point.year], rel=1e-6, abs=1e-7)
    if held:
        assert min(p.year or 0 for p in held) == min(direct_years)
    return points


def test_points_equal_direct_solves(tmp_path: Path) -> None:
    check_direct(8, tmp_path / "case")


@pytest.mark.slow
def test_points_equal_direct_solves_on_many_cases(tmp_path: Path) -> None:
    found = [check_direct(number, tmp_path / f"case{number}") for number in range(10, 26)]
    assert sum(len(non_dominated(points)) > 3 for points in found) > 3, "some must have a frontier"
