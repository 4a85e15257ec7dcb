"""The loop of a plan: the object of the contract, its tables, and the same bits each time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Request, Run, RunWriter
from coercivity.studies.loop import LoopOptions, loop, loop_of_run
from coercivity.studies.plan import PlanOptions, plan
from tests.stripped_cases import without_owners
from tests.studies.loops import ASKED, planned_works

CONTRACT = {
    "segment", "saturation", "remanence", "retained_share", "coercivity", "weakest_stage", "unit",
    "points", "held_for",
}  # fmt: skip


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return planned_works(tmp_path_factory.mktemp("planned"))


@pytest.fixture(scope="module")
def found(planned: Run) -> Run:
    return loop(planned.id, planned.path.parent, small(name="loop"))


def small(**more: object) -> LoopOptions:
    return LoopOptions(**{"paths": 20, "workers": 1, **more})  # type: ignore[arg-type]


def test_the_object_is_that_of_the_contract(found: Run) -> None:
    told = found.result
    assert set(told) >= CONTRACT
    assert told["unit"] == "USD/kg good"
    (stage,) = told["coercivity"]
    assert set(told["coercivity"][stage]) >= {"value", "censored", "p10", "p90", "reason"}
    assert {point["curve"] for point in told["points"]} == {"base", "hazard=0.1"}
    assert {point["closing"] for point in told["points"]} == {"kept", "scrapped"}
    assert {point["branch"] for point in told["points"]} == {"virgin", "down", "up"}
    names = {"curve", "closing", "branch", "field", "magnetisation", "p10", "p90"}
    assert all(set(point) == names for point in told["points"])
    assert set(told["held_for"][0]) >= {"support_years", "retained_share"}
    json.dumps(told, allow_nan=False)


def test_measures_are_read_off_the_points(found: Run) -> None:
    told = found.result
    down = {
        point["field"]: point["magnetisation"]
        for point in told["points"]
        if (point["curve"], point["branch"], point["closing"]) == ("base", "down", "scrapped")
    }
    assert down[max(down)] == pytest.approx(told["saturation"])
    assert down[0.0] == pytest.approx(told["remanence"])
    assert told["remanence"] <= told["saturation"]
    half = told["coercivity"][told["weakest_stage"]]["value"]
    # Accepted and not accepted make up all demand here, so half of a is (M + 1) / 4.
    deeper = [m for field, m in down.items() if field < -half - 0.2]
    nearer = [m for field, m in down.items() if -half + 0.2 < field < 0]
    middle = (told["saturation"] + 1) / 2 - 1
    assert max(deeper) <= middle <= min(nearer)


def test_one_plant_opens_and_stops_where_its_owner_says(found: Run) -> None:
    """Its chain is its own, so at planned values the loop has the corners of its thresholds."""
    plant = found.table("loop_plants").iloc[0]
    (row,) = [r for r in found.result["segments"] if r["segment"] == "first"]
    assert row["coercivity"] == pytest.approx(-plant["stops_at"])
    assert plant["support_to_stay"] < plant["support_to_restart"] < plant["support_to_open"]
    width = found.result["width"]
    assert width["whole"] == pytest.approx(2 * (plant["opens_at"] - plant["stops_at"]), rel=1e-6)


def test_owners_who_doubt_come_later(found: Run) -> None:
    (doubted,) = found.result["doubted"]
    assert doubted["hazard"] == 0.1
    assert doubted["served_with_support"] <= found.result["served_with_support"]


def test_the_branch_that_falls_lies_above_the_one_that_rises(found: Run) -> None:
    frame = found.table("loop_points")
    base = frame[(frame["curve"] == "base") & (frame["closing"] == "scrapped")]
    down, up = (base[base["branch"] == name].sort_values("field") for name in ("down", "up"))
    # A field that is left out has the value of its neighbours.
    place = down["field"].searchsorted(up["field"], side="right") - 1
    above = down["accepted"].to_numpy()[place]
    assert (above >= up["accepted"].to_numpy() - 1e-9).all()
    assert (above > up["accepted"].to_numpy() + 0.1).any()


def test_the_same_question_gives_the_same_bits(planned: Run, found: Run) -> None:
    again = loop(planned.id, planned.path.parent, small(name="again", workers=2))
    same = [{k: v for k, v in run.result.items() if k != "run"} for run in (found, again)]
    assert same[0] == same[1]
    other = loop(planned.id, planned.path.parent, small(name="other", seed=1, hazards=()))
    assert other.result["retained_share_interval"] != found.result["retained_share_interval"] or (
        other.result["coercivity"] != found.result["coercivity"]
    )


def agreed(planned: Run, name: str, *, based_on: str) -> Run:
    """Write what an align run keeps of a package that the works accept."""
    request = Request("align", "written", {}, name=name)

    def inputs(folder: Path) -> None:
        shutil.copytree(planned.inputs, folder, dirs_exist_ok=True)

    with RunWriter(planned.path.parent, request, write_inputs=inputs) as writer:
        return writer.finish("ok", result={"based_on": based_on, "accepts": {"works": True}})


def test_a_package_brings_its_plants_and_leaves_those_that_earn_their_keep(planned: Run) -> None:
    package = agreed(planned, "deal", based_on=planned.id)
    for subject, options in (
        (planned.id, small(package=package.id, name="with", hazards=())),
        (package.id, small(name="same", hazards=())),
    ):
        told = loop(subject, planned.path.parent, options).result
        left = told["package"]
        assert left["run"] == "deal"
        # Whatever capital comes to, the package brings the works; what stays does not ask capital.
        assert left["served_with_package"] == pytest.approx(1.0)
        assert left["served_after_package"] >= told["served_after_support"] - 1e-9
        (half,) = left["coercivity"].values()
        assert half["value"] > 0
        assert {p["branch"] for p in told["points"] if p["curve"] == "package"} == {"down"}


def test_a_package_for_another_plan_is_refused(planned: Run) -> None:
    agreed(planned, "elsewhere", based_on="another")
    with pytest.raises(UsageError, match="is a package for 'another', not for the plan 'base'"):
        loop_of_run(planned, planned.path.parent, small(package="elsewhere"))
    with pytest.raises(UsageError, match=r"run 'base' \(plan\) has no package"):
        loop_of_run(planned, planned.path.parent, small(package="base"))


def test_a_product_from_elsewhere_does_not_count(tmp_path: Path) -> None:
    """If the class asks for mining abroad, the works are not accepted, and nothing can stay."""
    rules = [
        {"class": "home", "stage": "dig", "groups": "allied"},
        {"class": "home", "stage": "refine", "groups": "domestic"},
    ]
    demands = [{**row, "class": None} for row in ASKED["demands"]]
    run = planned_works(tmp_path, origin_rules=rules, demands=demands)
    found = loop_of_run(run, tmp_path / "runs", small(name="none", hazards=()))
    assert found.result["served_with_support"] == 0.0
    assert found.result["retained_share"] is None
    (half,) = found.result["coercivity"].values()
    assert half["value"] is None
    assert "nothing is served" in half["reason"]


def test_a_segment_of_no_demand_is_told_with_the_nearest(planned: Run) -> None:
    with pytest.raises(
        UsageError, match=r"no demand has the segment 'frist'. Did you mean 'first'"
    ):
        loop_of_run(planned, planned.path.parent, small(segment="frist"))


def test_a_class_that_is_none_is_told_with_the_nearest(planned: Run) -> None:
    with pytest.raises(UsageError, match="'hme' is not an origin class. Did you mean 'home'"):
        loop_of_run(planned, planned.path.parent, small(origin_class="hme"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"paths": 5}, "at least 10"), ({"hazards": (0.0,)}, "the chance a year that support ends")],
)
def test_options_that_mean_nothing_are_refused(
    planned: Run, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        loop_of_run(planned, planned.path.parent, small(**wrong))


def test_a_run_that_decides_nothing_has_no_loop(found: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"run 'loop' \(loop\) has no table"):
        loop_of_run(found, tmp_path, small())


def test_a_case_without_projects_says_who_is_asked(tmp_path: Path) -> None:
    run = plan(without_owners(tmp_path / "bare"), tmp_path, PlanOptions(name="mini"))
    with pytest.raises(UsageError, match="The loop asks owners, who are rows of `projects`"):
        loop_of_run(run, tmp_path, small())
