"""Packages of a plan: one object, its tables, the same bits each time, and what fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.align import AlignOptions, align, align_of_run
from coercivity.studies.finance import FinanceOptions, finance_of_run
from tests.alignment.adversary.plans import planned_works
from tests.finance.projects.test_position import MOVING
from tests.studies.unfunded_works import unfunded_works

NEEDED = {
    "package", "public_cost_musd", "accepts", "price_of_doubt", "hazard_limit", "equilibria",
    "failing", "diagonal", "exchange_rates", "verification", "projects",
}  # fmt: skip


def small(**more: Any) -> AlignOptions:
    return AlignOptions(**{"paths": 400, **more})


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("planned")
    return unfunded_works(folder / "case", folder / "runs")


@pytest.fixture(scope="module")
def found(planned: Run) -> Run:
    return align("base", planned.path.parent, small(name="aligned"))


def test_a_plan_gives_the_object_of_the_contract(found: Run) -> None:
    result = found.result
    assert set(result) >= NEEDED
    assert set(result["public_cost_musd"]) >= {"mean", "p95", "credit_subsidy", "promised"}
    assert set(result["package"][0]) >= {"contract", "project", "kind", "promise", "terms"}
    row = result["price_of_doubt"][0]
    assert set(row) >= {
        "promise", "believed_hazard", "public_cost_musd", "expected_musd", "promised_musd",
    }  # fmt: skip
    assert result["status"] == "ok"
    assert result["failing"] == []


def test_who_said_no_says_yes_with_the_package(found: Run) -> None:
    (row,) = found.result["projects"]
    assert not row["accepts_before"]
    assert row["accepts"]
    assert found.result["accepts"] == {"works": True}
    assert row["npv_before_musd"] < 0 <= row["npv_musd"]
    assert row["p_loss"] <= 0.12
    cost = found.result["public_cost_musd"]
    assert 0 < cost["mean"] < row["capital_musd"]
    assert cost["mean"] <= cost["p95"] <= cost["cvar"] <= cost["promised"] + 1e-6


def test_finance_says_no_to_the_same_project_without_the_package(
    planned: Run, tmp_path: Path
) -> None:
    run = finance_of_run(planned, tmp_path, FinanceOptions(paths=400, workers=1))
    assert not run.result["projects"][0]["investor_accepts"]


def test_no_kind_alone_costs_less_on_the_paths_it_was_made_on(found: Run) -> None:
    (row,) = found.result["projects"]
    alone = [cost for cost in row["alone_musd"].values() if cost is not None]
    assert alone
    assert row["public_cost_mean_musd"] <= 1.1 * min(alone)


def test_doubt_never_costs_less_than_belief(found: Run) -> None:
    believed = found.result["projects"][0]["fully_believed_musd"]
    for row in found.result["price_of_doubt"]:
        if row["public_cost_musd"] is not None:
            assert row["public_cost_musd"] >= believed - 0.02 * abs(believed)
        else:
            assert row["no_amount_for"] == ["works"]


def test_outlay_by_year_is_what_the_package_costs(found: Run) -> None:
    rows = found.result["yearly_outlay_musd"]
    assert rows[0]["year"] == found.result["yearly_outlay_musd"][0]["year"]
    assert sum(row["mean_musd"] for row in rows) != 0


def test_the_same_seed_gives_the_same_answer_on_any_threads(planned: Run, tmp_path: Path) -> None:
    keys = ("package", "public_cost_musd", "price_of_doubt", "projects")
    first, again = (
        align_of_run(planned, tmp_path, small(allow=("grant", "floor"), threads=threads)).result
        for threads in (1, 2)
    )
    assert [first[key] for key in keys] == [again[key] for key in keys]


def test_only_allowed_kinds_within_their_caps_are_given(planned: Run, tmp_path: Path) -> None:
    options = small(allow=("grant", "floor"), caps={"grant": 0.2})
    result = align_of_run(planned, tmp_path, options).result
    levels = {row["kind"]: row["level"] for row in result["package"]}
    assert set(levels) <= {"grant", "floor"}
    assert levels.get("grant", 0.0) <= 0.2 + 1e-9


def test_no_package_within_the_caps_says_by_how_much_and_what_would_do(
    planned: Run, tmp_path: Path
) -> None:
    options = small(allow=("grant",), caps={"grant": 0.1})
    result = align_of_run(planned, tmp_path, options).result
    (row,) = result["failing"]
    assert result["status"] == "infeasible"
    assert row["project"] == "works"
    assert row["by_musd"] > 0
    assert row["smallest_change"]
    assert result["accepts"] == {"works": False}
    assert result["package"] == []


def test_a_yearly_budget_is_kept_and_owners_still_say_yes(
    planned: Run, found: Run, tmp_path: Path
) -> None:
    free = max(row["mean_musd"] for row in found.result["yearly_outlay_musd"])
    budget = 0.5 * free
    result = align_of_run(planned, tmp_path, small(budget=budget)).result
    peak = max(row["mean_musd"] for row in result["yearly_outlay_musd"])
    assert result["accepts"] == {"works": True}
    assert peak <= 1.011 * budget


def test_a_budget_of_almost_nothing_leaves_the_project_out(planned: Run, tmp_path: Path) -> None:
    result = align_of_run(planned, tmp_path, small(budget=0.5)).result
    (row,) = result["failing"]
    assert "million a year would be enough" in row["smallest_change"]
    assert result["public_cost_musd"]["mean"] == 0.0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"allow": ("gift",)}, "'gift' is not a kind that a package may hold"),
        ({"caps": {"grant": -1.0}}, "--cap grant=-1"),
        ({"paths": 10}, "--paths 10"),
        ({"budget": -5.0}, "--budget -5"),
        ({"cost": "median"}, "--cost median"),
        ({"fixed_point": -1}, "--fixed-point -1"),
        ({"projects": ("work",)}, "'work' is not a project"),
    ],
)
def test_what_has_no_sense_is_refused(
    planned: Run, tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        align_of_run(planned, tmp_path, small(**wrong))


def test_a_case_in_which_nothing_may_be_short_tells_why_no_game_was_played(
    tmp_path: Path,
) -> None:
    poor = [{**row, "level": 33000} if row["material"] == "good" else row for row in MOVING]
    must = [{"id": "users", "segment": "users", "site": "home", "amount": 1000}]
    planned = planned_works(tmp_path, price_models=poor, demands=must)
    result = align_of_run(planned, tmp_path / "runs", small(allow=("grant", "floor"))).result
    assert result["accepts"] == {"works": True}
    assert result["equilibria"]["least"] is None
    assert "penalty" in result["equilibria"]["reason"]


def test_a_run_that_is_no_plan_is_refused(found: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no table"):
        align_of_run(found, tmp_path, small())


def test_a_project_that_is_funded_already_gets_nothing(tmp_path: Path) -> None:
    planned = unfunded_works(tmp_path / "case", tmp_path / "runs", dearer=0.7, name="cheap")
    result = align_of_run(planned, tmp_path / "runs", small()).result
    assert result["package"] == []
    assert result["accepted_before"] == {"works": True}
    assert result["public_cost_musd"]["mean"] == 0.0
