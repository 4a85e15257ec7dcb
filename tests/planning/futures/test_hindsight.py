"""The best plan for each future, and how a plan fares in fresh ones."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import InfeasiblePlan
from coercivity.planning.futures.hindsight import hindsight, in_fresh_futures
from coercivity.planning.futures.search import FuturePlan, plan_for_all
from coercivity.planning.solve import PlanLimits
from coercivity.results import Parts
from coercivity.uncertainty.futures import Future
from tests.planning.futures.chains import LOW_OR_HIGH, TIGHT, planned, prepared, two_modules
from tests.small_chains import plant

EXACT = PlanLimits(gap=0.0)


def test_hindsight_builds_what_each_future_needs(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    known = hindsight(ready, plan_for_all(ready, TIGHT), EXACT)
    # 500 t: one module at 0.3 against 0.5 short. 2000 t: two.
    assert [one.cost for one in known] == pytest.approx([0.3, 0.6])
    assert [one.bound for one in known] == pytest.approx([0.3, 0.6])
    assert [one.first.tolist() for one in known] == [[1.0], [2.0]]


def test_what_is_kept_is_not_planned_again(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    plan, parts = plan_for_all(ready, TIGHT), Parts(tmp_path / "parts", run="r")
    once = hindsight(ready, plan, EXACT, parts=parts)
    parts.keep("hindsight-0001", {"cost": 0.125, "bound": 0.125, "first": [2.0]})
    again = hindsight(ready, plan, EXACT, parts=parts)
    assert [one.cost for one in again] == [once[0].cost, 0.125]


def test_a_stop_gives_the_futures_planned_so_far(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    plan, stop = plan_for_all(ready, TIGHT), threading.Event()
    stop.set()
    assert hindsight(ready, plan, EXACT, stop=stop) == ()
    assert in_fresh_futures(ready, plan, LOW_OR_HIGH, stop=stop) is None


def fresh_plan(folder: Path) -> tuple[FuturePlan, list[float]]:
    ready = prepared(folder, two_modules(), LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    futures = [Future(f"f{share}", 0.25, demand={"users": share}) for share in (1, 2, 3, 4)]
    told: list[int] = []
    found = in_fresh_futures(ready, plan, futures, on_each=told.append)
    assert found is not None
    assert told == [1, 2, 3, 4]
    assert found.interval.mean == pytest.approx(np.mean(found.costs))
    assert found.interval.lower < found.interval.mean < found.interval.upper
    return plan, found.costs.tolist()


def test_a_plan_is_priced_in_futures_it_was_not_made_for(tmp_path: Path) -> None:
    # Two modules at 0.6 serve 2000 t; every 1000 t more is short at 1 million.
    plan, costs = fresh_plan(tmp_path)
    assert plan.first.tolist() == [2.0]
    assert costs == pytest.approx([0.6, 0.6, 1.6, 2.6])


def test_overruns_of_fresh_futures_are_paid(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    futures = [Future("a", 0.5, capital={"new": 2.0}), Future("b", 0.5, capital={"new": 3.0})]
    found = in_fresh_futures(ready, plan, futures)
    assert found is not None
    assert found.costs == pytest.approx([1.2, 1.8])


def test_a_fresh_future_that_cannot_be_served_is_named(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 0.1}], demand={"penalty": None})
    ready = prepared(tmp_path, tables, (Future("only", 1.0),))
    plan = plan_for_all(ready, TIGHT)
    more = [Future("too much", 1.0, demand={"users": 2.0})]
    with pytest.raises(InfeasiblePlan, match=r"fresh future 'too much'.*P401"):
        in_fresh_futures(ready, plan, more)


def test_the_mean_over_the_futures_themselves_is_the_expected_cost(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    plan = plan_for_all(ready, TIGHT)
    found = in_fresh_futures(ready, plan, LOW_OR_HIGH)
    assert found is not None
    assert found.interval.mean == pytest.approx(plan.expected)
    assert planned(tmp_path / "b", two_modules(), LOW_OR_HIGH).expected == plan.expected
