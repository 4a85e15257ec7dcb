"""Tables of a plan for many futures."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.futures.hindsight import hindsight
from coercivity.planning.futures.outcome import (
    as_it_stands,
    cost_table,
    coverage_table,
    in_each_future,
    modules_of,
    option_table,
    scenario_table,
)
from coercivity.planning.futures.search import plan_for_all
from coercivity.planning.solve import PlanLimits
from coercivity.planning.standing import read_plan
from coercivity.uncertainty.futures import Future
from tests.planning.futures.chains import LOW_OR_HIGH, TIGHT, prepared, two_modules
from tests.small_chains import plant


def test_the_case_as_it_stands_is_run_with_the_builds_of_the_plan(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    standing = as_it_stands(ready, plan)
    tables = read_plan(ready.planned, standing)
    assert tables["builds"].frame["modules"].tolist() == [2]
    assert tables["coverage"].frame["served_t"].tolist() == [1000.0]
    assert standing.objective == plan.objective
    assert standing.row_dual is not None


def test_a_case_that_fails_as_it_stands_is_told_apart_from_its_futures(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 1}], demand={"amount": 2000, "penalty": None})
    ready = prepared(tmp_path, tables, (Future("less", 1.0, demand={"users": 0.5}),))
    with pytest.raises(InfeasiblePlan, match=r"serves every future, but not case.*P401"):
        as_it_stands(ready, plan_for_all(ready, TIGHT))


def test_terms_and_coverage_are_those_of_each_future(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(0.6), LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    solutions = in_each_future(ready, plan, as_it_stands(ready, plan))
    terms = cost_table(ready, solutions).frame.set_index("term")["value_musd"]
    assert terms["capital"] == pytest.approx(0.6)
    assert terms["shortfall"] == pytest.approx(0.5)
    assert terms.sum() == pytest.approx(plan.expected)
    coverage = coverage_table(ready, solutions).frame
    assert coverage[["scenario", "probability", "demand_t", "shortfall_t"]].to_numpy().tolist() == [
        ["low", 0.5, 500.0, 0.0],
        ["high", 0.5, 2000.0, 1000.0],
    ]


def test_an_option_is_judged_by_the_futures_that_want_it(tmp_path: Path) -> None:
    tables = plant(
        options=[
            {"id": "always", "size": 500, "capital": 0.1},
            {"id": "sometimes", "size": 1500, "capital": 0.6},
            {"id": "nowhere", "size": 10, "capital": 5},
        ]
    )
    ready = prepared(tmp_path, tables, LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    found = option_table(ready, plan, hindsight(ready, plan, PlanLimits(gap=0.0))).frame
    assert found[["option", "hindsight_share", "verdict"]].to_numpy().tolist() == [
        ["always", 1.0, "must"],
        ["sometimes", 0.5, "could"],
    ]
    assert modules_of(ready, plan.first) == {"always": 1, "sometimes": 1}


def test_a_module_that_no_single_future_wants_is_a_hedge(tmp_path: Path) -> None:
    # Each future wants its own cheap module; the dear one serves whatever comes.
    cheap = [{"id": name, "capital": 0.3} for name in ("a", "b")]
    tables = plant(options=[{"id": "all", "capital": 0.5}, *cheap])
    futures = (
        Future("a-comes", 0.5, delays={"b": 5.0}),
        Future("b-comes", 0.5, delays={"a": 5.0}),
    )
    ready = prepared(tmp_path, tables, futures)
    plan = plan_for_all(ready, TIGHT)
    found = option_table(ready, plan, hindsight(ready, plan, PlanLimits(gap=0.0))).frame
    verdicts = dict(zip(found["option"], found["verdict"], strict=True))
    assert verdicts == {"all": "hedge", "a": "could", "b": "could"}


def test_without_hindsight_nothing_is_claimed(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    assert scenario_table(ready, plan, ()).frame["regret_musd"].isna().all()
    assert option_table(ready, plan, ()).frame["verdict"].tolist() == [None]
