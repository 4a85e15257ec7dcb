"""``plan --scenarios`` from case to run: what it says, refuses, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.planning.solve import PlanProgress
from coercivity.planning.two_stage import WorkerLost
from coercivity.results import Run
from coercivity.studies.plan import PlanEvents, PlanOptions, plan
from tests.small_chains import plant, years
from tests.written_cases import Tables, write_case_folder

NAMED = PlanOptions(scenarios="named", gap=0.0, name="named")


def case_tables() -> Tables:
    """A plant with two modules, a low and a high demand as likely as each other."""
    return {
        **plant(options=[{"id": "new", "most": 2, "capital": 0.3}, {"id": "dear", "capital": 9}]),
        "scenarios": [{"id": "low", "probability": 0.5}, {"id": "high", "probability": 0.5}],
        "changes": [
            {"scenario": name, "table": "demands", "key": "users", "column": "amount",
             "factor": factor}
            for name, factor in (("low", 0.5), ("high", 2))
        ],
    }  # fmt: skip


def ranged(folder: Path) -> Path:
    """Write a case with something to draw: demand, delays, overruns and an outage."""
    tables = plant(
        {"nameplate_capacity": 200},
        options=[{"id": "new", "most": 2, "capital": 0.3, "build_years": 1, "size": 600}],
        demand={"amount_low": 500, "amount_high": 2000},
        stages=[{"id": "making"}],
        overruns=[{"id": "s", "scope": "stage", "target": "making", "capital_shift": 0.5,
                   "capital_mu": -0.705, "capital_sigma": 0.72, "delay_mean": 1, "delay_sd": 1}],
        events=[{"id": "fire", "scope": "asset", "target": "plant", "rate": 0.2,
                 "duration_mean": 0.5}],
    )  # fmt: skip
    processes = [{"id": "make", "reference_material": "good", "stage": "making"}]
    settings = years(2025, 2026, 2027, 2028, 2030)
    return write_case_folder(folder / "ranged", {**tables, "processes": processes}, settings)


@pytest.fixture(name="named", scope="module")
def _named(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("named")
    return plan(write_case_folder(folder / "case", case_tables()), folder / "runs", NAMED)


def test_named_scenarios_give_the_answer_worked_out_by_hand(named: Run) -> None:
    result = named.result
    assert result["status"] == "optimal"
    assert result["objective"] == pytest.approx(0.6)
    assert [row["cost_musd"] for row in result["scenarios"]] == pytest.approx([0.6, 0.6])
    assert [row["regret_musd"] for row in result["scenarios"]] == pytest.approx([0.3, 0.0])
    assert result["vss"] == pytest.approx(0.2)
    assert result["evpi"] == pytest.approx(0.15)
    assert result["evpi_at_most"] == pytest.approx(0.15)
    assert result["gain"] == pytest.approx(1.25 - 0.6)
    assert result["out_of_sample"] is None
    assert result["must_build"] == ["new"]


def test_the_tables_tell_each_future(named: Run) -> None:
    short = named.table("coverage_by_scenario").set_index("scenario")["shortfall_t"]
    assert short.to_dict() == {"low": 0.0, "high": 0.0}
    assert named.table("scenarios")["named"].tolist() == ["low", "high"]
    options = named.table("options_over_scenarios").set_index("option")
    assert options.index.tolist() == ["new"]
    assert (options["modules"].iloc[0], options["hindsight_share"].iloc[0]) == (2, 1.0)


def test_the_terms_of_the_cost_sum_to_the_expected_cost(tmp_path: Path) -> None:
    options = PlanOptions(scenarios="4", seed=3, gap=0.0)
    result = plan(ranged(tmp_path), tmp_path / "runs", options).result
    assert sum(result["cost_terms"].values()) == pytest.approx(result["expected"], rel=1e-9)
    low, mean, high = (result["out_of_sample"][name] for name in ("low", "mean", "high"))
    assert low < mean < high
    assert result["evpi"] >= 0
    assert result["vss"] >= 0
    assert all(row["regret_musd"] >= 0 for row in result["scenarios"])


def test_the_number_of_processes_changes_no_bit(tmp_path: Path) -> None:
    folder = ranged(tmp_path)
    one, two = (
        plan(folder, tmp_path / f"runs{workers}",
             PlanOptions(scenarios="3", gap=0.0, name="same", workers=workers))
        for workers in (1, 2)
    )  # fmt: skip
    timed = ("seconds",)
    assert {k: v for k, v in one.result.items() if k not in timed} == {
        k: v for k, v in two.result.items() if k not in timed
    }
    assert "workers" not in one.manifest.options


class PowerCutError(Exception):
    """Ends a run where it stands."""


def cut_after(rounds: int, error: Callable[[], Exception] = PowerCutError) -> PlanEvents:
    seen: list[PlanProgress] = []

    def on_progress(progress: PlanProgress) -> None:
        if progress.phase in {"first plan", "proof"} and progress.objective is not None:
            seen.append(progress)
        if len(seen) > rounds:
            raise error()

    return PlanEvents(on_progress=on_progress)


def parts_of(folder: Path) -> set[str]:
    return {path.name for path in (folder / "parts").iterdir()}


def test_a_run_that_was_broken_off_goes_on_from_its_cuts(tmp_path: Path) -> None:
    folder, runs = ranged(tmp_path), tmp_path / "runs"
    options = PlanOptions(scenarios="4", seed=2, gap=0.0, name="long")
    whole = plan(folder, tmp_path / "other", options)
    with pytest.raises(PowerCutError):
        plan(folder, runs, options, events=cut_after(4))
    assert {"cuts.npz", "start.json"} <= parts_of(runs / "long")
    resumed = plan(folder, runs, options)
    for name in ("objective", "bound", "expected", "rounds", "cuts", "builds", "evpi"):
        assert resumed.result[name] == whole.result[name], name
    assert not (runs / "long" / "parts").exists()


def test_a_lost_worker_keeps_every_round(tmp_path: Path) -> None:
    folder, runs = ranged(tmp_path), tmp_path / "runs"
    options = PlanOptions(scenarios="4", seed=2, gap=0.0, name="lost")
    with pytest.raises(WorkerLost):
        plan(folder, runs, options, events=cut_after(4, lambda: WorkerLost("gone  [U401]")))
    assert "cuts.npz" in parts_of(runs / "lost")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (PlanOptions(scenarios="0"), r"'0' scenarios cannot be planned for.*U306"),
        (PlanOptions(scenarios="-2"), r"at least 1, or 'named'.*U306"),
        (PlanOptions(scenarios="many"), r"'many' scenarios cannot be planned for.*U306"),
        (PlanOptions(scenarios="3", near=0.1), r"--near asks about one future.*U306"),
        (PlanOptions(scenarios="3", explain=True), r"--explain asks about one future.*U306"),
        (PlanOptions(risk_weight=0.5), r"Add --scenarios N.*U306"),
        (PlanOptions(scenarios="3", risk_weight=5), r"risk_weight must be in \[0, 1\].*U302"),
        (PlanOptions(scenarios="3", tail_probability=0), r"tail_probability.*U302"),
        (PlanOptions(scenarios="3", workers=0), r"0 worker processes.*R001"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_a_run_begins(
    options: PlanOptions, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        plan(write_case_folder(tmp_path / "case", case_tables()), tmp_path / "runs", options)
    assert not (tmp_path / "runs").exists()


def test_a_case_without_anything_to_draw_from_says_so(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 0.3}])
    with pytest.raises(UsageError, match=r"has nothing that futures could be drawn from.*U306"):
        plan(
            write_case_folder(tmp_path / "case", tables), tmp_path / "runs",
            PlanOptions(scenarios="3"),
        )  # fmt: skip


def test_a_tail_makes_the_plan_dearer_and_the_tail_cheaper(tmp_path: Path) -> None:
    folder = ranged(tmp_path)
    mean, tail = (
        plan(
            folder, tmp_path / f"runs{weight}",
            PlanOptions(scenarios="4", seed=5, gap=0.0, risk_weight=weight, tail_probability=0.25),
        ).result
        for weight in (0.0, 1.0)
    )  # fmt: skip
    assert mean["expected"] <= tail["expected"] * (1 + 1e-6)
    assert tail["tail"] <= mean["tail"] * (1 + 1e-6)
    assert tail["objective"] == pytest.approx(tail["tail"])
