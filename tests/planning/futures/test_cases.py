"""The case as a future makes it, and the case of averages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from coercivity.chain import Case
from coercivity.chain.assembly import assemble
from coercivity.foundation.errors import UsageError
from coercivity.planning.futures.cases import future_case, mean_case
from coercivity.planning.model import build_model
from coercivity.planning.solve import PlanLimits, solve_plan
from coercivity.tables import CaseTables, apply_scenario, find_case, read_case
from coercivity.uncertainty.futures import Array, Future, Target
from tests.planning.futures.chains import loaded
from tests.small_chains import plant, trade, years
from tests.written_cases import Rows, Tables

HALF = np.array([0.5, 0.0])


def world(folder: Path) -> Case:
    tables = trade(
        assets=[{"id": "plant", "site": "usa", "process": "make", "project": "works",
                 "nameplate_capacity": 100, "least_activity": 20}],
        projects=[{"id": "works"}],
        processes=[{"id": "make", "reference_material": "good"}],
        recipes=[{"process": "make", "material": "good", "direction": "out", "amount": 1}],
        links=[{"id": "sea", "from": "chn", "to": "usa", "capacity": 400}],
    )  # fmt: skip
    return loaded(folder, tables, years(2025, 2026, 2027))[0]


def offered(**more: Rows) -> Tables:
    """Write a supplier of 100 t, and the way from it."""
    tables = trade(links=[{"id": "sea", "from": "chn", "to": "usa"}], **more)
    return {**tables, "suppliers": [{**tables["suppliers"][0], "offered": 100}]}


def hit(folder: Path, losses: Mapping[Target, Array]) -> Case:
    case = world(folder)
    return future_case(case, case, Future("hit", 1.0, losses=losses))


@pytest.mark.parametrize("target", [("asset", "plant"), ("project", "works"), ("country", "USA")])
def test_what_hits_a_plant_takes_availability_and_what_it_must_run(
    target: Target, tmp_path: Path
) -> None:
    asset = hit(tmp_path, {target: HALF}).assets["plant"]
    assert asset.availability.tolist() == [0.5, 1.0]
    assert asset.least_activity.tolist() == [10.0, 20.0]


@pytest.mark.parametrize(
    "target", [("supplier", "abroad"), ("country", "CHN"), ("material", "good")]
)
def test_what_hits_a_supplier_takes_what_it_offers(target: Target, tmp_path: Path) -> None:
    case = world(tmp_path)
    limited = {("supplier", "abroad"): np.array([1.0, 1.0])}
    assert future_case(case, case, Future("x", 1.0, losses=limited)).offers[0].offered.max() == 0
    assert np.isinf(case.offers[0].offered).all()
    stop = {target: np.array([1.0, 0.0])}
    assert future_case(case, case, Future("x", 1.0, losses=stop)).offers[0].offered.tolist() == [
        0.0,
        np.inf,
    ]


def test_what_hits_a_link_takes_its_capacity(tmp_path: Path) -> None:
    assert hit(tmp_path, {("link", "sea"): HALF}).links["sea"].capacity.tolist() == [200, 400]


def test_an_event_of_a_country_and_of_a_material_count_once(tmp_path: Path) -> None:
    case, _ = loaded(tmp_path, offered())
    both = {("country", "CHN"): np.array([0.5]), ("material", "good"): np.array([0.75])}
    found = future_case(case, case, Future("x", 1.0, losses=both))
    assert found.offers[0].offered.tolist() == [25.0]


def test_factors_change_demand_offers_and_prices(tmp_path: Path) -> None:
    case, _ = loaded(tmp_path, offered())
    future = Future("x", 1.0, demand={"users": 1.5}, offered={"abroad": 0.5}, prices={"good": 2.0})
    found = future_case(case, case, future)
    assert found.demands["users"].amount.tolist() == [1500.0]
    assert (found.offers[0].offered.tolist(), found.offers[0].price.tolist()) == ([50.0], [2000.0])


def test_what_is_paid_for_disposal_does_not_follow_prices(tmp_path: Path) -> None:
    pit = {"id": "pit", "country": "USA", "material": "good", "price": -5}
    case, _ = loaded(tmp_path, offered(buyers=[pit]))
    assert future_case(case, case, Future("x", 1.0, prices={"good": 9.0})).takers[0].price[0] == -5


def limited() -> Tables:
    return {
        **plant(options=[{"id": "new", "capital": 1}]),
        "limits": [{"id": "budget", "scope": "all", "kind": "capital", "amount": 5}],
        "scenarios": [{"id": "rich"}],
        "changes": [
            {"scenario": "rich", "table": "limits", "key": "budget", "column": "amount", "set": 9}
        ],
    }


def changed(case: Case, tables: CaseTables, scenario: str) -> Case:
    return future_case(case, assemble(apply_scenario(tables, scenario)), Future("x", 1.0, scenario))


def test_a_scenario_that_changes_a_limit_on_capital_is_refused(tmp_path: Path) -> None:
    case, tables = loaded(tmp_path, limited())
    with pytest.raises(UsageError, match=r"'rich' changes limit 'budget' on capital.*U307"):
        changed(case, tables, "rich")


def test_a_future_without_anything_is_the_case() -> None:
    folder = find_case("mini")
    case = assemble(read_case(folder))
    same = future_case(case, case, Future("same", 1.0))
    costs = [
        solve_plan(build_model(one), PlanLimits(gap=0.0)).objective
        for one in (case, same, mean_case(case, [same, same], [0.25, 0.75]))
    ]
    assert costs[1:] == pytest.approx([costs[0]] * 2, rel=1e-9)


def test_the_average_case_has_the_averages(tmp_path: Path) -> None:
    case = world(tmp_path)
    parts = [
        future_case(case, case, Future("a", 0.25, demand={"users": 2.0})),
        future_case(case, case, Future("b", 0.75, losses={("asset", "plant"): HALF})),
    ]
    mean = mean_case(case, parts, [0.25, 0.75])
    assert mean.demands["users"].amount[0] == pytest.approx(0.25 * 2000 + 0.75 * 1000)
    assert mean.assets["plant"].availability.tolist() == pytest.approx([0.625, 1.0])
