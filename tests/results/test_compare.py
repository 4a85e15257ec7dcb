from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Request, Run, RunWriter
from coercivity.results.compare import Comparison, Difference, compare_runs
from tests.written_cases import write_case_folder

SITES = [{"id": "hill", "country": "USA"}, {"id": "dale", "country": "USA"}]
MATERIALS = [{"id": "ore"}]
BUILDS = pd.DataFrame(
    {
        "option": ["mill"], "decision_year": [2026], "modules": [1], "size_t_per_year": [10.0],
        "capital_musd": [5.0], "first_output_year": [2028],
    }
)  # fmt: skip


def run_of(
    runs: Path,
    name: str,
    *,
    verb: str = "plan",
    kpis: Mapping[str, Any] | None = None,
    builds: pd.DataFrame = BUILDS,
    options: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    **tables: Any,
) -> Run:
    """Write a run with these key figures, builds, options and inputs."""
    case = write_case_folder(
        runs.parent / f"case-{name}", {"sites": SITES, "materials": MATERIALS} | tables
    )

    def freeze(folder: Path) -> None:
        for file in case.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())

    with RunWriter(runs, Request(verb, "c", options or {}, name=name), write_inputs=freeze) as run:
        run.table("builds", builds, units={"size_t_per_year": "t/year", "capital_musd": "million"})
        return run.finish(
            "optimal",
            result=result or {},
            kpis=kpis or {"objective_musd": 1.0},
            seconds={"total": 0.1},
        )


def of(comparison: Comparison, table: str) -> list[Difference]:
    return [one for one in (*comparison.inputs, *comparison.outputs) if one.table == table]


def test_the_same_runs_differ_in_nothing(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    found = compare_runs([run_of(runs, "a"), run_of(runs, "b")])
    assert found.inputs == ()
    assert found.outputs == ()
    assert [one.changes for one in found.figures] == [(0.0, 0.0)]


def test_changes_are_counted_from_the_first_run(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    every = [run_of(runs, n, kpis={"modules": v}) for n, v in (("a", 3), ("b", 5), ("c", 2))]
    [figure] = compare_runs(every).figures
    assert figure.values == (3, 5, 2)
    assert figure.changes == (0.0, 2.0, -1.0)


def test_a_figure_that_a_run_has_not_has_no_change(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    every = [run_of(runs, "a", kpis={"modules": 3}), run_of(runs, "b", kpis={"lines": 1})]
    assert [one.changes for one in compare_runs(every).figures] == [(0.0, None), (None, None)]


def test_different_money_is_never_subtracted(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    money = ({"currency": "USD", "price_year": 2025}, {"currency": "EUR", "price_year": 2025})
    kpis = {"objective_musd": 1.0, "modules": 2}
    every = [run_of(runs, n, kpis=kpis, result=m) for n, m in zip(("a", "b"), money, strict=True)]
    assert [one.changes for one in compare_runs(every).figures] == [(0.0, None), (0.0, 0.0)]


def test_inputs_differ_by_table_row_and_column(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    moved = [SITES[0], {"id": "dale", "country": "USA", "name": "Dale"}]
    found = compare_runs([run_of(runs, "a"), run_of(runs, "b", sites=moved)])
    assert found.inputs == (Difference("sites", "dale", "name", ("", "Dale")),)


def test_a_row_that_is_there_in_some_runs_only_is_told_as_a_whole(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    found = compare_runs([run_of(runs, "a"), run_of(runs, "b", sites=SITES[:1])])
    assert found.inputs == (Difference("sites", "dale", None, (True, False)),)


def test_options_of_the_call_are_inputs_but_not_the_name(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    every = [
        run_of(runs, n, options={"gap": g, "scenario": None, "name": n})
        for n, g in (("a", 0.01), ("b", 0.05))
    ]
    assert compare_runs(every).inputs == (Difference("options", "", "gap", ("0.01", "0.05")),)


def test_results_differ_by_row_and_rounding_is_no_difference(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    dearer = BUILDS.assign(capital_musd=[6.0], size_t_per_year=[10.0 + 1e-9])
    found = compare_runs([run_of(runs, "a"), run_of(runs, "b", builds=dearer)])
    assert found.outputs == (Difference("builds", "mill/2026", "capital_musd", (5.0, 6.0)),)


def test_a_build_of_one_run_only_has_nothing_beside_it(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    found = compare_runs([run_of(runs, "a"), run_of(runs, "b", builds=BUILDS.head(0))])
    assert {one.values[1] for one in of(found, "builds")} == {None}


def test_unlimited_numbers_become_the_word_so_that_json_can_hold_them(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    endless = BUILDS.assign(size_t_per_year=[float("inf")])
    found = compare_runs([run_of(runs, "a"), run_of(runs, "b", builds=endless)])
    [one] = of(found, "builds")
    assert one.values == (10.0, "unlimited")
    json.dumps(found.as_json(), allow_nan=False)


def test_one_run_five_runs_and_a_run_twice_are_refused(tmp_path: Path) -> None:
    run = run_of(tmp_path / "runs", "a")
    for count in (1, 5):
        with pytest.raises(UsageError, match=rf"two to 4 runs can be compared, got {count}\."):
            compare_runs([run] * count)
    with pytest.raises(UsageError, match=r"run 'a' is given twice; compare it with another"):
        compare_runs([run, run])


def test_runs_of_different_verbs_are_refused(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    with pytest.raises(UsageError, match=r"runs of plan and assess have no figures in common"):
        compare_runs([run_of(runs, "a"), run_of(runs, "b", verb="assess")])
