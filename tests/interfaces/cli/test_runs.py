from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.results import Request, RunWriter
from tests.interfaces.cli.conftest import Call


def write_run(folder: Path, name: str, headline: str) -> None:
    asked = Request("plan", "mini", {}, name=name)

    def write_inputs(inputs: Path) -> None:
        inputs.mkdir(exist_ok=True)
        (inputs / "case.yaml").write_text("format: 1\n", encoding="utf-8")

    with RunWriter(folder, asked, write_inputs=write_inputs) as writer:
        writer.finish("optimal", result={}, headline=headline)


def test_without_runs_it_says_so(call: Call) -> None:
    assert call("runs").out == "There are no runs in runs yet.\n"
    assert call("runs", "--json").json["runs"] == []


def test_runs_are_listed_with_state_and_result(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_run(here / "elsewhere", "first", "[red]3[/red] modules \u202e")
    answer = call("runs", "--runs", "elsewhere")
    assert answer.exit == 0
    heading, line = answer.out.splitlines()
    assert heading.split()[:3] == ["run", "state", "case"]
    assert line.split()[:3] == ["first", "done", "mini"]
    assert line.endswith("[red]3[/red] modules \\u202e")
    monkeypatch.setenv("COERCIVITY_RUNS", str(here / "elsewhere"))
    (run,) = call("runs", "--json").json["runs"]
    assert (run["id"], run["verb"], run["state"]) == ("first", "plan", "done")


def test_a_damaged_run_is_listed_with_its_problem(call: Call, here: Path) -> None:
    write_run(here / "runs", "first", "")
    (here / "runs" / "first" / "run.json").write_text("{", encoding="utf-8")
    answer = call("runs")
    assert answer.exit == 0
    assert "damaged" in answer.out
