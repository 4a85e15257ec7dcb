from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.planning.near.dives import dive, neighbour, tree
from coercivity.planning.near.space import Box, Effort, Plan, PlanSpace
from tests.planning.near.enumerated import Enumerated, random_case

SEEDS = range(4)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Enumerated]:
    folder = tmp_path_factory.mktemp("dives")
    return [random_case(folder, seed) for seed in SEEDS]


def space_of(case: Enumerated, *, above: float) -> PlanSpace:
    """Look at the plans that cost up to so much more than the best. [million]"""
    limit = case.solution.objective + above
    return PlanSpace(case.model, limit=limit, slack=1e-7, effort=Effort(10_000))


def best_of(case: Enumerated, space: PlanSpace) -> Plan:
    whole = np.rint(case.solution.primal[space.columns])
    return Plan(whole, space.modules(whole), case.solution.objective)


def boxes(space: PlanSpace) -> list[tuple[str, int, bool, Box]]:
    """Give every part of the plans with, and without, one module more of an option."""
    found = []
    for number, name in enumerate(space.names):
        for count in range(1, int(space.most[number]) + 1):
            found.append((name, count, True, space.at_least(space.all, number, count)))
            found.append((name, count, False, space.at_most(space.all, number, count - 1)))
    return found


@pytest.mark.parametrize("above", [0.05, 0.3, 1.0])
def test_a_tree_finds_a_plan_just_where_there_is_one(cases: list[Enumerated], above: float) -> None:
    for case in cases:
        space = space_of(case, above=above)
        within = case.within(space.limit)
        for name, count, more, box in boxes(space):
            searched = tree(space, box, effort=5_000)
            exists = any((modules[name] >= count) == more for modules in within)
            assert (searched.plan is not None) == exists
            assert searched.empty == (not exists)


def test_a_tree_says_when_it_did_not_end(cases: list[Enumerated]) -> None:
    space = space_of(cases[0], above=0.3)
    searched = tree(space, space.all, effort=0)
    assert (searched.plan, searched.empty) == (None, False)


def test_what_a_dive_finds_is_a_plan_of_its_box(cases: list[Enumerated]) -> None:
    number = 0
    for case in cases:
        space = space_of(case, above=1.0)
        dear_first = sorted(case.plans, key=lambda plan: -plan[0])
        costs = {tuple(modules.items()): cost for cost, modules in dear_first}
        for name, count, more, box in boxes(space):
            point = space.cheapest(box)
            plan = None if point is None else dive(space, box, point)
            if plan is None:
                continue
            modules = dict(zip(space.names, plan.modules.astype(int).tolist(), strict=True))
            assert (modules[name] >= count) == more
            assert plan.cost >= costs[tuple(modules.items())] - 1e-6, "the least of its modules"
            assert plan.cost <= space.limit + 1e-6
            number += 1
    assert number > len(cases)


def test_a_neighbour_differs_only_where_it_is_free_to(cases: list[Enumerated]) -> None:
    number = 0
    for case in cases:
        space = space_of(case, above=1.0)
        best = best_of(case, space)
        for option, own in enumerate(space.decisions):
            free = np.zeros(len(space.columns), dtype=bool)
            free[own] = True
            built = best.modules[option] > 0
            box = (
                space.at_most(space.all, option, 0)
                if built
                else space.at_least(space.all, option, 1)
            )
            plan = neighbour(space, box, best, free=free)
            if plan is not None:
                assert np.array_equal(plan.whole[~free], best.whole[~free])
                assert (plan.modules[option] > 0) != built
                number += 1
    assert number


def test_the_plan_itself_is_found_again_at_its_cost(cases: list[Enumerated]) -> None:
    for case in cases:
        space = space_of(case, above=0.0)
        best = best_of(case, space)
        again = space.plan(best.whole)
        assert again is not None
        assert again.cost == pytest.approx(case.solution.objective, abs=1e-7)


def test_a_plan_beyond_the_limit_is_none(cases: list[Enumerated]) -> None:
    for case in cases:
        space = space_of(case, above=-0.01)
        assert space.plan(best_of(case, space).whole) is None


def test_effort_counts_every_linear_program(tmp_path: Path) -> None:
    space = space_of(random_case(tmp_path, 5), above=0.1)
    for _ in range(3):
        space.cheapest(space.all)
    assert (space.effort.solved, space.effort.spent) == (3, 3)
