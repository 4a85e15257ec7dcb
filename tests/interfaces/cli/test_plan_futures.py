"""One plan for many futures, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Call
from tests.stripped_cases import without_owners

EVENTS = (
    "id,scope,target,rate,duration_law,duration_mean,depth\nban,country,CHN,0.1,exponential,2,1\n"
)


@pytest.fixture
def uncertain(call: Call, here: Path) -> str:
    """Write the small case with a supplier that may be cut off, and users who may go short."""
    assert call("init", "uncertain").exit == 0
    (here / "uncertain" / "events.csv").write_text(EVENTS, "utf-8")
    demands = here / "uncertain" / "demands.csv"
    text = demands.read_text("utf-8").replace(",400,dfars,,", ",400,dfars,400000,")
    demands.write_text(text, "utf-8")
    return "uncertain"


def test_the_json_has_the_futures_and_what_planning_for_them_is_worth(
    call: Call, uncertain: str
) -> None:
    plan = call("plan", uncertain, "--scenarios", "6", "--seed", "3", "--json").json
    costs = [one["cost_musd"] for one in plan["scenarios"]]
    chances = [one["probability"] for one in plan["scenarios"]]
    assert sum(chances) == pytest.approx(1)
    assert plan["expected"] == pytest.approx(sum(map(float.__mul__, costs, chances)))
    assert plan["expected"] <= plan["tail"] <= max(costs) * (1 + 1e-9)
    assert plan["vss"] >= 0
    assert 0 <= plan["evpi"] <= plan["evpi_at_most"]
    assert plan["out_of_sample"]["low"] <= plan["out_of_sample"]["high"]


def test_words_and_briefing_show_them(call: Call, uncertain: str, here: Path) -> None:
    told = call("plan", uncertain, "--scenarios", "6", "--seed", "3", "--name", "six")
    assert "It is one plan for 6 futures" in told.out
    assert "What the plan costs in each future" in told.out
    assert "Which options the futures agree on" in told.out
    assert call("report", "six", "--to", "six.html", "--static").exit == 0
    page = (here / "six.html").read_text("utf-8")
    assert "It is one plan for 6 futures" in page
    assert "What the plan costs in each future, and what it regrets there" in page


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--scenarios", "0"), "0"),
        (("--scenarios", "some"), "some"),
        (("--scenarios", "named"), "probabilit"),
        (("--scenarios", "4", "--risk-weight", "2"), "2"),
        (("--scenarios", "4", "--tail-probability", "0"), "0"),
        (("--scenarios", "4", "--workers", "0"), "0"),
        (("--scenarios", "4", "--explain"), "--explain"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    options: tuple[str, ...], told: str, call: Call, uncertain: str
) -> None:
    answer = call("plan", uncertain, *options)
    assert answer.exit in (2, 3)
    assert told in answer.err


def test_a_case_without_anything_uncertain_is_refused(call: Call, here: Path) -> None:
    certain = without_owners(here / "certain", "events")
    answer = call("plan", str(certain), "--scenarios", "4")
    assert answer.exit in (2, 3)
    assert "nothing that futures could be drawn from" in answer.err
