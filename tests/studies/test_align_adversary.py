"""What an adversary does to acceptance and packages: nothing without money, more with more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.views.align_beside_words import adversary as told
from coercivity.views.align_beside_words import adversary_table
from tests.alignment.adversary.plans import planned_works
from tests.finance.projects.test_position import MOVING

BUDGETS = (0.0, 100.0, 400.0)
KINDS = ("grant", "ebitda-floor")
pytestmark = pytest.mark.slow


def asked(budget: float, **more: Any) -> AlignOptions:
    return AlignOptions(
        **{"paths": 400, "allow": KINDS, "doubt": False, "adversary": budget, **more}
    )


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Run:
    poor = [{**row, "level": 33000} if row["material"] == "good" else row for row in MOVING]
    return planned_works(tmp_path_factory.mktemp("works"), price_models=poor)


@pytest.fixture(scope="module")
def runs(plan: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[float, Run]:
    folder = tmp_path_factory.mktemp("runs")
    return {budget: align_of_run(plan, folder, asked(budget)) for budget in BUDGETS}


def test_without_money_the_package_is_exactly_that_without_him(runs: dict[float, Run]) -> None:
    run = runs[0.0]
    found = run.result["adversary"]
    assert found["ending"] == "stable"
    (only,) = found["rounds"]
    assert only["answer"] is None
    kept = {(row["contract"], row["level"]) for row in run.result["package"]}
    assert {(row["contract"], row["level"]) for row in found["package"]} == kept
    assert only["public_cost_musd"]["calm"] == run.result["public_cost_musd"]["mean"]
    assert "stay as they are" in told(run)[0]
    assert adversary_table(run) == []


def test_without_him_every_budget_finds_the_same_package(runs: dict[float, Run]) -> None:
    first, *others = [run.result["package"] for run in runs.values()]
    assert all(package == first for package in others)


def test_owners_who_expect_him_refuse_the_package_made_without_him(runs: dict[float, Run]) -> None:
    found = runs[400.0].result["adversary"]
    first = found["rounds"][0]
    assert first["answer"]["cost_musd"] <= 400.0
    assert first["refuse_if_expected"] == ["works"]
    (row,) = found["projects"]
    assert row["base_holds_under_answer"] is False
    assert row["accepts"] == {"base": True, "expecting": True}
    assert "say no" in told(runs[400.0])[0]


def test_cost_does_not_fall_in_his_budget(runs: dict[float, Run]) -> None:
    rows = [run.result["adversary"]["projects"][0]["public_cost_musd"] for run in runs.values()]
    # Judged on other paths than those the packages are made on.
    for less, more in zip(rows, rows[1:], strict=False):
        assert more["calm"] >= less["calm"] * (1 - 0.01)
        assert more["attacked"] >= less["attacked"] * (1 - 0.01)


def test_packages_that_come_back_are_both_told(runs: dict[float, Run]) -> None:
    for run in runs.values():
        found = run.result["adversary"]
        assert found["ending"] in {"stable", "cycle", "rounds"}
        assert len(found["rounds"]) <= 5
        if found["ending"] == "cycle":
            assert len(found["cycle"]) >= 2
        if found["ending"] == "stable":
            assert found["cycle"] == [len(found["rounds"]) - 1]


def test_each_kind_alone_is_told_without_and_with_him(runs: dict[float, Run]) -> None:
    (row,) = runs[400.0].result["adversary"]["projects"]
    assert set(row["alone_musd"]) == {"base", "expecting"}
    for kind, before in row["alone_musd"]["base"].items():
        after = row["alone_musd"]["expecting"][kind]
        assert before is None or after is None or after >= before * (1 - 0.01)


def test_rounds_are_a_table_of_the_run(runs: dict[float, Run]) -> None:
    run = runs[400.0]
    assert len(run.table("adversary_rounds")) == len(run.result["adversary"]["rounds"])
    assert adversary_table(run)[0].rows[0][0] == "works"


def test_a_budget_below_nothing_is_refused(plan: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--adversary -1"):
        align_of_run(plan, tmp_path, asked(-1.0))
