"""Finance of a case and of a plan: one object, its tables, and the same bits each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.finance import FinanceOptions, finance, finance_of_case, finance_of_run
from coercivity.studies.plan import PlanOptions, plan
from tests.finance.projects.test_position import MOVING, RISKY
from tests.finance.projects.works import SETTINGS, works
from tests.stripped_cases import without_owners
from tests.written_cases import write_case_folder

NEEDED = {
    "project", "npv_musd", "irr", "p_loss", "p_npv_negative", "dscr", "debt_musd",
    "investor_accepts", "lender_accepts", "missing_usd_per_kg", "public_outlay_musd",
}  # fmt: skip
DEMAND: dict[str, Any] = {
    "demands": [{"id": "users", "site": "home", "amount": 1000, "penalty": 300000}],
    "demand_materials": [{"demand": "users", "material": "good", "amount": 1}],
}


def written(folder: Path, **changes: Any) -> Path:
    tables = works(price_models=MOVING, overruns=RISKY, **changes)
    return write_case_folder(folder, tables, SETTINGS)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Plan the works, whose product is asked for."""
    folder = tmp_path_factory.mktemp("planned")
    return plan(written(folder / "case", **DEMAND), folder / "runs", PlanOptions(name="base"))


def small(**more: Any) -> FinanceOptions:
    return FinanceOptions(**{"paths": 200, "workers": 1, **more})


def test_a_case_gives_the_object_of_the_contract(tmp_path: Path) -> None:
    run = finance_of_case(written(tmp_path / "case"), tmp_path / "runs", small())
    (row,) = run.result["projects"]
    assert set(row) >= NEEDED
    assert set(row["npv_musd"]) == {"mean", "p10", "p50", "p90", "standard_error"}
    assert set(row["irr"]) >= {"p10", "p50", "p90"}
    assert set(row["dscr"]) == {"share_of_years_below_1", "path_minimum_p10", "average_p50"}
    assert row["npv_musd"]["p10"] < row["npv_musd"]["p50"] < row["npv_musd"]["p90"]
    assert row["npv_musd"]["standard_error"] > 0
    assert (row["capital_musd"], row["product"]) == (pytest.approx(100.0), "good")
    assert (row["first_year"], row["first_output_year"]) == (2026, 2028)


def test_the_steps_from_sales_to_owners_add_up(tmp_path: Path) -> None:
    run = finance_of_case(written(tmp_path / "case"), tmp_path / "runs", small())
    steps = run.table("cash_waterfall").set_index("step")["value"]
    assert steps["owners"] == pytest.approx(run.result["projects"][0]["npv_musd"]["mean"])
    assert steps.drop("owners").sum() == pytest.approx(steps["owners"])
    assert steps["sales"] > 0 > steps["capital"]
    rest = steps["royalty, reserve, preferred owners and closing"]
    assert abs(rest) < 0.05 * steps["sales"]


def test_shares_of_a_histogram_are_a_whole(tmp_path: Path) -> None:
    run = finance_of_case(written(tmp_path / "case"), tmp_path / "runs", small())
    assert run.table("npv_histogram")["share"].sum() == pytest.approx(1.0)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_seed_gives_the_same_bits_on_any_threads(tmp_path: Path, workers: int) -> None:
    case = written(tmp_path / "case")
    first = finance_of_case(case, tmp_path / "runs", small(paths=1100))
    again = finance_of_case(case, tmp_path / "runs", small(paths=1100, workers=workers))
    assert first.result["projects"] == again.result["projects"]
    other = finance_of_case(case, tmp_path / "runs", small(paths=1100, seed=5))
    assert other.result["projects"] != first.result["projects"]


def test_a_plan_that_runs_at_capacity_is_worth_what_the_case_is(
    planned: Run, tmp_path: Path
) -> None:
    builds = planned.table("builds")
    assert set(builds["option"]) == {"open-pit", "build-plant"}
    found = finance_of_run(planned, tmp_path / "runs", small()).result["projects"][0]
    assert found["capital_musd"] == pytest.approx(builds["capital_musd"].sum())
    assert found["first_year"] == builds["decision_year"].min()
    case = finance_of_case(written(tmp_path / "case", **DEMAND), tmp_path / "runs", small()).result[
        "projects"
    ][0]
    if found["first_year"] == case["first_year"]:
        assert found["npv_musd"]["mean"] == pytest.approx(case["npv_musd"]["mean"], rel=0.02)


def test_a_run_is_found_by_its_name_and_a_case_by_its_path(planned: Run, tmp_path: Path) -> None:
    of_plan = finance("base", planned.path.parent, small(name="of-plan"))
    assert of_plan.result["based_on"] == "base"
    of_case = finance(written(tmp_path / "case"), planned.path.parent, small(name="of-case"))
    assert of_case.result["based_on"] == "case"


def test_a_run_that_decides_nothing_is_refused(planned: Run, tmp_path: Path) -> None:
    run = finance_of_case(written(tmp_path / "case"), tmp_path / "runs", small(name="money"))
    with pytest.raises(UsageError, match="has no table activity, builds, capacity"):
        finance_of_run(run, tmp_path / "runs", small())


def test_a_scenario_belongs_to_a_case(planned: Run) -> None:
    with pytest.raises(UsageError, match="--scenario belongs to a case"):
        finance("base", planned.path.parent, small(scenario="other"))


def test_an_unknown_project_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'work' is not a project.*works"):
        finance_of_case(written(tmp_path / "case"), tmp_path / "runs", small(projects=("work",)))


def test_too_few_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--paths 10.*at least 100"):
        finance_of_case(written(tmp_path / "case"), tmp_path / "runs", small(paths=10))


def test_a_case_without_projects_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no project of the case builds anything"):
        finance_of_case(without_owners(tmp_path / "bare"), tmp_path / "runs", small())


def test_a_project_that_cannot_be_appraised_does_not_hide_the_others(tmp_path: Path) -> None:
    tables = works()
    other = {"id": "shed", "site": "hill", "process": "mill", "project": "idea"}
    option = {"id": "build-shed", "adds_to": "shed", "size": 10, "capital": 1, "build_years": 1}
    case = written(
        tmp_path / "case",
        projects=[*tables["projects"], {"id": "idea"}],
        assets=[*tables["assets"], other],
        options=[*tables["options"], option],
    )
    run = finance_of_case(case, tmp_path / "runs", small())
    rows = {row["project"]: row for row in run.result["projects"]}
    assert rows["works"]["npv_musd"] is not None
    assert rows["idea"]["npv_musd"] is None
    assert "F103" in rows["idea"]["reason"]
