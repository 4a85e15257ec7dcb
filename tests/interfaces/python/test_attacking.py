"""Four lines of Python find the adversary's best attack."""

from __future__ import annotations

from pathlib import Path

import coercivity as co
from tests.alignment.adversary.plans import planned_works


def test_a_run_of_an_adversary_has_words_tables_and_figures(tmp_path: Path) -> None:
    plan = planned_works(tmp_path)
    run = co.adversary(plan.path, budget=400, paths=100, name="hit", runs=tmp_path / "runs")
    assert run.answer.startswith("Within 400 million of lost margin")
    assert run.result["best"]["material"] == "good"
    assert len(run.attacks) == run.result["tried"]
    assert run.projects["project"].tolist() == ["works"]
    assert run.figure("adversary").title.startswith("Dumping good")
    opened = co.open_run("hit", runs=tmp_path / "runs")
    assert type(opened) is type(run)
    again = co.adversary(
        co.open_run("base", runs=tmp_path / "runs"), budget=0, paths=100, runs=tmp_path / "runs"
    )
    assert again.result["best"] is None
