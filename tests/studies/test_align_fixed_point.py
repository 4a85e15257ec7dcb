"""Plan and package answer each other on a case of one project, with packages on paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.alignment.fixed_point import Aligned
from coercivity.foundation.errors import UsageError
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.studies.align_fixed_point import (
    by_align,
    decisions_of,
    fixed_point_json,
    plan_with_adders,
    settle_plan,
)
from tests.alignment.adversary.plans import planned_works
from tests.finance.projects.test_position import MOVING


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return planned_works(tmp_path_factory.mktemp("works"))


def test_without_packages_the_same_plan_costs_the_same(run: Run, tmp_path: Path) -> None:
    again = plan_with_adders(run, tmp_path, {}, number=2)
    assert decisions_of(again) == decisions_of(run)
    assert again.result["objective"] == pytest.approx(run.result["objective"])
    assert again.id == "base-packages-2"


def test_cost_is_told_without_what_was_added_and_its_terms_sum_to_it(
    run: Run, tmp_path: Path
) -> None:
    dear = plan_with_adders(run, tmp_path, {"works": 50.0}, number=2)
    assert decisions_of(dear) == ()
    assert dear.result["objective"] > run.result["objective"]
    assert sum(dear.result["cost_terms"].values()) == pytest.approx(dear.result["objective"])
    assert dear.result["bound"] == run.result["bound"]
    slightly = plan_with_adders(run, tmp_path, {"works": 0.01}, number=3)
    assert slightly.result["objective"] == pytest.approx(run.result["objective"])


def test_a_project_with_a_dear_package_is_dropped_and_both_winners_are_told(
    run: Run, tmp_path: Path
) -> None:
    seen: list[Run] = []

    def align(one: Run) -> Aligned:
        seen.append(one)
        capital = float(one.table("builds")["capital_musd"].sum())
        return Aligned({"works": 40.0} if capital else {}, 40.0 * capital, accepted=True)

    found = settle_plan(run, tmp_path, align, rounds=4)
    told = fixed_point_json(found)
    assert told["stable"]
    assert seen[0].id == run.id
    assert len(seen) == len(told["visited"]) == 2
    assert told["cheapest_for_society"]["run"] == run.id
    assert told["cheapest_for_taxpayer"]["public_cost_musd"] == 0
    assert told["cheapest_for_taxpayer"]["modules"] == 0
    assert [one["run"] for one in told["cycle"]] == [told["cheapest_for_taxpayer"]["run"]]


def test_a_cheap_package_leaves_the_plan_as_it_is(run: Run, tmp_path: Path) -> None:
    found = settle_plan(
        run, tmp_path, lambda _: Aligned({"works": 0.05}, 5.0, accepted=True), rounds=4
    )
    told = fixed_point_json(found)
    assert told["stable"]
    assert len(told["visited"]) == 1
    assert told["cheapest_for_society"] == told["cheapest_for_taxpayer"]


@pytest.mark.slow
def test_packages_that_align_finds_settle_with_the_plan(tmp_path: Path) -> None:
    poor = [{**row, "level": 33000} if row["material"] == "good" else row for row in MOVING]
    base = planned_works(tmp_path, price_models=poor)
    runs, options = tmp_path / "runs", AlignOptions(paths=400, threads=1)
    align = by_align(lambda run: align_of_run(run, runs, options).result)
    first = align(base)
    assert first.accepted
    assert 0 < first.adders["works"] < 1
    # Capital is 100 in real money and a little more as it is paid.
    assert first.public_cost == pytest.approx(104 * first.adders["works"], rel=0.02)
    told = fixed_point_json(settle_plan(base, runs, align, rounds=3))
    assert told["stable"]
    assert told["cheapest_for_society"]["accepted"]


def test_a_run_that_is_no_plan_is_refused(tmp_path: Path) -> None:
    request = Request("assess", "written", {}, name="other")
    with RunWriter(tmp_path, request, write_inputs=lambda _: None) as writer:
        other = writer.finish("ok", result={})
    with pytest.raises(UsageError, match="no table"):
        settle_plan(other, tmp_path, lambda _: Aligned({}, 0.0, accepted=True))


@pytest.mark.slow
def test_align_with_a_fixed_point_tells_both_winners_and_keeps_every_run(tmp_path: Path) -> None:
    poor = [{**row, "level": 33000} if row["material"] == "good" else row for row in MOVING]
    base = planned_works(tmp_path, price_models=poor)
    options = AlignOptions(paths=400, threads=1, name="asked", fixed_point=3)
    result = align_of_run(base, tmp_path / "runs", options).result
    told = result["fixed_point"]
    assert told["stable"]
    first = told["visited"][0]
    assert first["run"] == "base"
    assert first["public_cost_musd"] == pytest.approx(result["public_cost_musd"]["mean"])
    society, taxpayer = told["cheapest_for_society"], told["cheapest_for_taxpayer"]
    assert society["objective_musd"] <= taxpayer["objective_musd"]
    assert taxpayer["public_cost_musd"] <= society["public_cost_musd"]
    assert all((tmp_path / "runs" / one["run"] / "run.json").is_file() for one in told["visited"])
