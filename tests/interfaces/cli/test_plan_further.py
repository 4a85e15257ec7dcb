"""What a plan is asked beyond itself: explanations, neighbours, a frontier, earliest years."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.planning import frontier
from coercivity.results import open_run
from coercivity.studies import plan_further
from tests.interfaces.cli.conftest import Call

HALLS = (
    "small-hall,magnet-plant,300,1,45,0,1,1,10,illustrative,low,soon and dear\n"
    "big-hall,magnet-plant,2500,1,260,2,2,0.5;1,20,illustrative,low,late\n"
)


@pytest.fixture
def halls(call: Call, here: Path) -> str:
    """Write the small case with two more ways to make the product, and users who can wait."""
    assert call("init", "halls").exit == 0
    with (here / "halls" / "options.csv").open("a", encoding="utf-8") as stream:
        stream.write(HALLS)
    demands = here / "halls" / "demands.csv"
    demands.write_text(demands.read_text("utf-8").replace(",150000,", ",60000,"), "utf-8")
    return "halls"


def test_a_plan_without_questions_answers_none(call: Call, halls: str) -> None:
    plan = call("plan", halls, "--json").json
    assert not {"rejected", "must_build", "alternatives", "frontier", "earliest"} & set(plan)


def test_explain_gives_every_option_its_reason(call: Call, halls: str) -> None:
    plan = call("plan", halls, "--gap", "0", "--explain", "--json").json
    built = {build["option"] for build in plan["builds"]}
    left = {one["option"]: one["break_even"] for one in plan["rejected"]}
    assert built == {"magnet-hall"}
    assert set(left) == {"small-hall", "big-hall"}
    assert left["small-hall"]["unit"] == "musd_grant"
    assert left["small-hall"]["value"] > 0
    assert left["big-hall"]["value"] is None
    assert set(plan["must_build"] + plan["could_build"] + plan["never_build"]) == built | set(left)
    assert plan["permit_year_saved_musd"]["magnet-hall"] > 0


def test_near_widens_what_could_be(call: Call, halls: str) -> None:
    def must(share: str) -> set[str]:
        return set(call("plan", halls, "--gap", "0", "--near", share, "--json").json["must_build"])

    assert must("0") >= must("0.02") >= must("0.3")
    assert must("0") == {"magnet-hall"}


def test_words_and_tables_follow_the_plan(call: Call, halls: str) -> None:
    told = call("plan", halls, "--gap", "0", "--explain", "--frontier", "industry")
    assert told.exit == 0
    for part in (
        "nearest to paying",
        "Left out: what would make it pay",
        "What every plan within reach has in common",
        "Cost against shortfall and year, industry",
    ):
        assert part in told.out


def test_a_frontier_costs_more_the_less_is_short(call: Call, halls: str) -> None:
    plan = call("plan", halls, "--gap", "0", "--frontier", "industry", "--json").json
    points = [one for one in plan["frontier"] if one["kind"] == "shortfall"]
    points = sorted(points, key=lambda one: one["shortfall_t"])
    costs = [one["cost_musd"] for one in points]
    assert len(points) > 4
    assert costs == sorted(costs, reverse=True)
    assert min(costs) == pytest.approx(plan["objective"])


def test_a_frontier_that_was_broken_off_goes_on(
    call: Call, halls: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("plan", halls, "--gap", "0", "--frontier", "industry", "--name", "drawn")
    whole = call(*asked[:-1], "whole", "--json").json["frontier"]

    def three_points(*args: object, **more: object) -> object:
        for number, point in enumerate(frontier.frontier_points(*args, **more)):  # type: ignore[arg-type]
            if number == 3:
                raise KeyboardInterrupt
            yield point

    with monkeypatch.context() as patched:
        patched.setattr(plan_further, "frontier_points", three_points)
        assert call(*asked).exit == 130
    parts = here / "runs" / "drawn" / "parts"
    assert len(list(parts.glob("frontier-*.json"))) == 3
    again = call(*asked, "--json")
    assert again.exit == 0
    assert again.json["frontier"] == whole
    assert not parts.exists()
    assert len(open_run(here / "runs" / "drawn").table("frontier")) > 4


def test_a_target_that_cannot_hold_says_why_and_when(call: Call, halls: str) -> None:
    told = call("plan", halls, "--require", "industry>=40%@2026:dfars", "--json")
    assert told.exit == 4
    answer = told.json
    assert answer["status"] == "infeasible"
    places = {one["place"] for one in answer["conflict"]}
    assert {"--require", "suppliers.csv"} <= places
    (earliest,) = answer["earliest"]
    assert (earliest["requirement"], earliest["year"]) == ("industry>=40%@2026:dfars", 2028)
    assert "magnet-hall decided in 2025 + permit 1 + build 1 + ramp 1" in earliest["because"]


def test_a_target_that_holds_says_when_it_could_have(call: Call, halls: str) -> None:
    asked = ("plan", halls, "--require", "industry>=40%@2029:dfars", "--json")
    assert "earliest" not in call(*asked).json
    plan = call(*asked, "--explain").json
    assert [one["year"] for one in plan["earliest"]] == [2028]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--frontier", "nobody"), "no demand has the segment 'nobody'"),
        (("--frontier", "industry>=120%"), "more than the whole"),
        (("--near", "2"), "less than or equal to 1"),
        (("--require", "industry>=40%@2099"), "is not reported"),
        (("--require", "industry>=40%@2028:best"), "is not an origin class"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    options: tuple[str, str], told: str, call: Call, halls: str
) -> None:
    answer = call("plan", halls, *options)
    assert answer.exit == 2
    assert told in answer.err
