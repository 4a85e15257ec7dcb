"""One plan for many futures: known answers, laws, and a second way to the same cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.chain import load_case
from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.futures.bridge import keys_of
from coercivity.planning.futures.hindsight import hindsight
from coercivity.planning.futures.preparing import Prepared, prepare
from coercivity.planning.futures.search import FutureLimits, FuturePlan, plan_for_all
from coercivity.planning.model import build_model
from coercivity.planning.solve import PlanLimits, solve_plan
from coercivity.planning.two_stage import solve_extensive
from coercivity.solvers import HighsModel, SolveLimits
from coercivity.tables import find_case
from coercivity.uncertainty.futures import Future
from tests.planning.futures.chains import LOW_OR_HIGH, TIGHT, planned, prepared, two_modules
from tests.small_chains import plant, years

MINI = (
    Future("as planned", 0.4),
    Future("late", 0.3, delays={"new-magnet": 2.0}, capital={"new-magnet": 1.6}),
    Future("high", 0.2, demand={"industry": 1.4}),
    Future("stop", 0.1, losses={("country", "CHN"): np.array([0, 0, 1.0, 1, 0, 0])}),
)


def mini(futures: tuple[Future, ...], *, penalty: float = 2e5) -> Prepared:
    """Formulate a reference case in which everything may be short at a penalty. [USD/t]"""
    case, tables, _ = load_case(find_case("mini"))
    known = {*case.options}
    demands = {
        name: replace(one, penalty=np.full(len(case.horizon.years), penalty) if penalty else None)
        for name, one in case.demands.items()
    }
    case = replace(case, demands=demands)
    fitted = tuple(
        replace(
            one,
            delays=dict.fromkeys(known, 2.0) if one.delays else {},
            capital=dict.fromkeys(known, 1.6) if one.capital else {},
            demand=dict.fromkeys(case.demands, 1.4) if one.demand else {},
        )
        for one in futures
    )
    return prepare(case, tables, fitted)


def modules(found: FuturePlan) -> list[int]:
    return [round(value) for value in found.first]


def test_the_plan_for_all_builds_more_than_the_plan_for_the_average(tmp_path: Path) -> None:
    # One module: 0.3 and, half of the time, 1 million short. Two: 0.6 and nothing short.
    found = planned(tmp_path, two_modules(), LOW_OR_HIGH)
    assert modules(found) == [2]
    assert found.objective == pytest.approx(0.6)
    assert found.without_builds == pytest.approx(0.5 * 0.5 + 0.5 * 2.0)
    # The average of 1250 t wants one module, which then costs 0.3 + 0.5.
    assert found.value_of_planning_for_all == pytest.approx(0.2)
    assert found.costs == pytest.approx([0.6, 0.6])


def test_the_tail_wants_what_the_mean_does_not(tmp_path: Path) -> None:
    # A second module costs 0.6 and saves 1 million in half of the futures.
    ready = prepared(tmp_path, two_modules(0.6), LOW_OR_HIGH)
    plans = {
        weight: plan_for_all(ready, FutureLimits(gap=0.0, risk_weight=weight, tail_probability=0.5))
        for weight in (0.0, 1.0)
    }
    assert [modules(plans[weight]) for weight in (0.0, 1.0)] == [[1], [2]]
    assert plans[0.0].objective == pytest.approx(0.6 + 0.5)
    assert plans[1.0].objective == pytest.approx(1.2)
    assert plans[0.0].tail == pytest.approx(1.6)


def test_an_overrun_counts_in_the_future_it_happens_in(tmp_path: Path) -> None:
    futures = (Future("cheap", 0.5), Future("dear", 0.5, capital={"new": 3.0}))
    tables = plant(options=[{"id": "new", "capital": 0.2}])
    found = planned(tmp_path, tables, futures)
    assert found.costs == pytest.approx([0.2, 0.6])
    assert found.objective == pytest.approx(0.4)


def test_a_module_that_only_pays_as_planned_is_left_when_it_may_be_late(tmp_path: Path) -> None:
    # Two years of output are worth 2 million; one late year leaves half of that.
    tables = plant(options=[{"id": "new", "capital": 1.6, "latest": 2025}])
    sure = planned(tmp_path / "sure", tables, (Future("sure", 1.0),), years(2025, 2026, 2027))
    late = (Future("sure", 0.5), Future("late", 0.5, delays={"new": 1.0}))
    risky = planned(tmp_path / "late", tables, late, years(2025, 2026, 2027))
    assert (modules(sure)[-1], modules(risky)[-1]) == (1, 0)
    assert sure.objective == pytest.approx(1.6)
    assert risky.objective == pytest.approx(2.0)


def test_a_single_future_without_anything_is_the_plan_of_the_case() -> None:
    ready = mini((replace(MINI[0], probability=1.0),))
    alone = solve_plan(ready.planned, PlanLimits(gap=0.0))
    found = plan_for_all(ready, TIGHT)
    assert found.objective == pytest.approx(alone.objective, rel=1e-6)
    assert found.without_builds == pytest.approx(alone.without_builds, rel=1e-6)


def test_copies_of_one_future_are_that_future() -> None:
    late = replace(MINI[1], probability=1.0)
    one = plan_for_all(mini((late,)), TIGHT)
    copies = tuple(replace(late, name=name, probability=0.25) for name in "abcd")
    assert plan_for_all(mini(copies), TIGHT).objective == pytest.approx(one.objective, rel=1e-6)


def test_the_order_of_the_futures_changes_no_cost() -> None:
    forth, back = plan_for_all(mini(MINI), TIGHT), plan_for_all(mini(MINI[::-1]), TIGHT)
    assert back.objective == pytest.approx(forth.objective, rel=1e-6)
    assert back.expected == pytest.approx(forth.expected, rel=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.6])
def test_the_extensive_form_gives_the_same_cost(weight: float) -> None:
    ready = mini(MINI)
    found = plan_for_all(ready, FutureLimits(gap=0.0, risk_weight=weight, tail_probability=0.3))
    whole = solve_extensive(
        ready.problem, risk_weight=weight, tail_probability=0.3,
        limits=SolveLimits(relative_gap=1e-9),
    )  # fmt: skip
    assert found.objective == pytest.approx(whole.objective * ready.first.unit, rel=1e-6)


def test_the_cost_in_each_future_is_that_of_its_case_with_the_same_builds() -> None:
    ready = mini(MINI)
    found = plan_for_all(ready, TIGHT)
    for place, future in enumerate(ready.futures):
        # Limits on capital hold for what is planned, so an overrun may go beyond them.
        model = build_model(replace(ready.cases.of(future), limits=()))
        highs = HighsModel(model.scaled.matrices)
        columns = keys_of(model)[1]
        assert keys_of(model)[0] == ready.first.keys
        highs.set_bounds(columns, found.first, found.first)
        cost = highs.solve(integers=False).objective
        assert cost is not None
        assert found.costs[place] == pytest.approx(cost * model.scaled.unit, rel=1e-6)


def test_no_plan_for_one_future_costs_more_and_none_less_than_its_bound() -> None:
    ready = mini(MINI)
    found = plan_for_all(ready, TIGHT)
    known = hindsight(ready, found, PlanLimits(gap=0.0))
    assert [one.future for one in known] == [future.name for future in MINI]
    best = np.array([one.cost for one in known])
    assert (best <= found.costs * (1 + 1e-9)).all()
    assert all(one.bound <= one.cost * (1 + 1e-9) for one in known)
    # EVPI and VSS are never negative.
    assert ready.problem.probabilities @ best <= found.expected * (1 + 1e-9)
    assert found.value_of_planning_for_all is not None
    assert found.value_of_planning_for_all >= -1e-6 * found.objective


def test_more_weight_on_the_tail_never_costs_less_and_never_worsens_the_tail() -> None:
    ready = mini(MINI)
    plans = [
        plan_for_all(ready, FutureLimits(gap=0.0, risk_weight=weight, tail_probability=0.1))
        for weight in (0.0, 0.5, 1.0)
    ]
    costs, tails = [one.objective for one in plans], [one.tail for one in plans]
    assert costs == sorted(costs)
    assert all(
        after <= before * (1 + 1e-6) for before, after in zip(tails, tails[1:], strict=False)
    )


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(delay=st.floats(0, 3), more=st.floats(0, 3))
def test_delays_never_help(
    delay: float, more: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    option = {"id": "new", "capital": 0.7, "build_years": 1, "life": 10}
    tables = plant({"fixed_cost": 0.05}, options=[option])
    costs = []
    for late in (delay, delay + more):
        futures = (Future("sure", 0.5), Future("late", 0.5, delays={"new": late}))
        folder = tmp_path_factory.mktemp("delay")
        costs.append(planned(folder, tables, futures, years(2025, 2026, 2027, 2029)).objective)
    assert costs[1] >= costs[0] - 1e-6


def test_a_future_that_nothing_can_serve_is_named() -> None:
    with pytest.raises(InfeasiblePlan, match=r"Nothing can serve.*'late'.*P401"):
        plan_for_all(mini(MINI[:2] + (replace(MINI[3], probability=0.3),), penalty=0.0), TIGHT)


def test_states_are_decided_before_the_future_is_known(tmp_path: Path) -> None:
    # Keeping costs 0.4 a year; only the high future needs the plant.
    tables = plant({"nameplate_capacity": 1000, "fixed_cost": 0.4}, demand={"penalty": 600})
    futures = (Future("none", 0.5, demand={"users": 0.001}), Future("full", 0.5))
    found = planned(tmp_path, tables, futures)
    # Kept for both: 0.4. Not kept: half of 0.6.
    assert found.objective == pytest.approx(0.3, rel=1e-2)
    assert found.without_builds == pytest.approx(found.objective)
