"""What doing without an option costs: between a proven floor and a plan that does so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.explanations.chosen import RelaxedPlan, explain_chosen
from coercivity.planning.model import build_model
from coercivity.planning.solve import PlanLimits, solve_plan
from tests.planning.explanations.explained_chains import (
    explained,
    explained_tables,
    few_and_more,
    many,
)
from tests.small_chains import plant, years


@pytest.mark.parametrize("number", few_and_more())
def test_the_best_plan_without_lies_between_floor_and_held(number: int) -> None:
    known = explained(number)
    held, relaxed = known.held(), RelaxedPlan(known.model)
    for option in known.chosen(held):
        found = explain_chosen(held, relaxed, option)
        without = replace(known.case.options[option], most=0)
        case = replace(known.case, options={**known.case.options, option: without})
        try:
            best = solve_plan(build_model(case), PlanLimits(gap=0.0)).objective
        except InfeasiblePlan:
            assert found.forbid_cost_held is None
            continue
        true = best - known.solution.objective
        assert found.forbid_cost_at_least is not None
        assert 0 <= found.forbid_cost_at_least <= true + known.rounding
        if found.forbid_cost_held is not None:
            assert true <= found.forbid_cost_held + known.rounding


def test_enough_options_are_built() -> None:
    assert sum(len(known.chosen(known.held())) for known in many()) >= 5


def test_forbidding_costs_what_it_saved(tmp_path: Path) -> None:
    # 1000 t a year for two years, short at 1000 a tonne, against a module of half a million.
    tables = plant(options=[{"id": "new", "capital": 0.5}])
    known = explained_tables(tmp_path, tables, years(2025, 2026, 2027))
    found = explain_chosen(known.held(), RelaxedPlan(known.model), "new")
    assert found.forbid_cost_held == pytest.approx(1.5)
    assert found.forbid_cost_at_least == pytest.approx(1.5)


def test_what_requires_it_falls_with_it(tmp_path: Path) -> None:
    options = [
        {"id": "ground", "size": 500, "capital": 0.1},
        {"id": "roof", "size": 500, "capital": 0.1, "requires": "ground"},
    ]
    known = explained_tables(tmp_path, plant(options=options), years(2025, 2026, 2027))
    held, relaxed = known.held(), RelaxedPlan(known.model)
    assert explain_chosen(held, relaxed, "roof").with_it == ()
    found = explain_chosen(held, relaxed, "ground")
    assert found.with_it == ("roof",)
    assert found.forbid_cost_held == pytest.approx(2 - 0.2)


def test_what_no_plan_can_spare_has_no_cost(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 0.5}], demand={"penalty": None})
    known = explained_tables(tmp_path, tables, years(2025, 2026, 2027))
    found = explain_chosen(known.held(), RelaxedPlan(known.model), "new")
    assert found.forbid_cost_held is None
    assert found.forbid_cost_at_least is None
    assert found.reason == "no plan satisfies the case without it"
