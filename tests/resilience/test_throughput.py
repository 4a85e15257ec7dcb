from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.chain import Case, load_case
from coercivity.resilience.exposure import essential_materials
from coercivity.resilience.qualified import Lost, Reach, Ways
from coercivity.resilience.rules import RulesOfDay
from coercivity.resilience.throughput import most_in_class
from tests.observed_chains import write_chain

DAY = dt.date(2027, 1, 1)
DIGGING = {"process": "digging", "material": "ore", "direction": "out", "amount": 1}


def load(folder: Path, **tables: Any) -> Case:
    return load_case(write_chain(folder, **tables))[0]


def bounds(
    case: Case, *, lost: Lost | None = None, origin_class: str = "clean"
) -> dict[str, float]:
    rules = RulesOfDay(case.origin, case.countries, origin_class, DAY)
    return most_in_class(Reach(case, rules, 2027, lost or Lost()))


def test_the_scarcest_input_bounds_what_follows(tmp_path: Path) -> None:
    found = bounds(load(tmp_path))
    assert found["ore"] == 60
    assert found["bar"] == 30
    assert found["part"] == 24


def test_a_class_never_allows_more_than_no_class(tmp_path: Path) -> None:
    case = load(tmp_path)
    strict, loose = bounds(case), bounds(case, origin_class="any")
    assert all(strict.get(material, 0.0) <= amount for material, amount in loose.items())


def test_what_is_lost_is_gone_downstream(tmp_path: Path) -> None:
    case = load(tmp_path)
    for lost in (
        Lost(countries=frozenset({"VNM"})),
        Lost(stages=frozenset({"melt"})),
        Lost(sellers=frozenset({"ally-melt"})),
    ):
        assert bounds(case, lost=lost).get("part", 0.0) == 0.0


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(offered=st.integers(1, 400), capacity=st.integers(1, 400))
def test_the_bound_is_the_least_of_capacity_and_inputs(
    tmp_path_factory: pytest.TempPathFactory, offered: int, capacity: int
) -> None:
    folder = tmp_path_factory.mktemp("chain")
    ore = {"id": "ore-vnm", "site": "smelter", "material": "ore", "price": 1, "origin": "dig=VNM"}
    assets = [
        {"id": "home-forge", "site": "works", "process": "forging", "nameplate_capacity": 100},
        {"id": "m", "site": "smelter", "process": "melting", "nameplate_capacity": capacity},
    ]
    case = load(folder, suppliers=[{**ore, "offered": offered}], assets=assets)
    bar = min(capacity, offered / 2)
    assert bounds(case)["part"] == pytest.approx(min(100, bar / 1.25))


def test_a_loop_makes_nothing_of_nothing(tmp_path: Path) -> None:
    recipes = [
        DIGGING,
        {"process": "melting", "material": "part", "direction": "in", "amount": 0.5},
        {"process": "melting", "material": "bar", "direction": "out", "amount": 1},
        {"process": "forging", "material": "bar", "direction": "in", "amount": 1.25},
        {"process": "forging", "material": "part", "direction": "out", "amount": 1},
    ]
    case = load(tmp_path, recipes=recipes, links=[
        {"id": "bars", "from": "smelter", "to": "works", "materials": "bar"},
        {"id": "back", "from": "works", "to": "smelter", "materials": "part"},
        {"id": "parts", "from": "works", "to": "usa", "materials": "part"},
    ])  # fmt: skip
    assert bounds(case).get("part", 0.0) == 0.0


def test_ways_know_what_lies_behind_a_material(tmp_path: Path) -> None:
    ways = Ways(load(tmp_path))
    assert ways.upstream("part") == {"part", "bar", "ore"}
    assert ways.stages("part") == ("dig", "melt", "forge")
    assert ways.stages("ore") == ("dig",)


def test_what_has_a_substitute_is_not_essential(tmp_path: Path) -> None:
    case = load(tmp_path / "a")
    assert essential_materials(case) == {"ore", "bar", "part"}
    recipes = [
        DIGGING,
        {"process": "melting", "material": "ore", "direction": "in", "amount": 2},
        {"process": "melting", "material": "bar", "direction": "out", "amount": 1},
        {"process": "forging", "mode": "main", "material": "bar", "direction": "in", "amount": 1},
        {"process": "forging", "mode": "main", "material": "part", "direction": "out", "amount": 1},
        {"process": "forging", "mode": "raw", "material": "ore", "direction": "in", "amount": 3},
        {"process": "forging", "mode": "raw", "material": "part", "direction": "out", "amount": 1},
    ]
    modes = [{"process": "forging", "mode": m} for m in ("main", "raw")]
    assert essential_materials(load(tmp_path / "b", recipes=recipes, modes=modes)) == {
        "ore",
        "part",
    }
