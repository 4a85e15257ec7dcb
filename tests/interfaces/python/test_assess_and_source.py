from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.interfaces.python.assessing import AssessRun, assess
from coercivity.interfaces.python.finished import FinishedRun
from coercivity.interfaces.python.planning import PlanRun, plan
from coercivity.interfaces.python.runs import open_run
from coercivity.interfaces.python.sourcing import SourceRun, source
from coercivity.results import Request, RunWriter
from coercivity.views.influence_words import weakest_table
from tests.observed_chains import observed, write_chain


def test_four_lines_of_python_assess(tmp_path: Path) -> None:
    rows = observed(
        {"country": "CHN", "stage": "dig", "amount": 60},
        {"country": "USA", "stage": "dig", "amount": 40},
        {"country": "USA", "stage": "forge", "amount": 5, "year": 2023},
        {"country": "CHN", "stage": "forge", "amount": 95, "year": 2023},
    )
    run = assess(write_chain(tmp_path, observations=rows), runs=tmp_path / "runs", name="now")
    assert (run.id, run.year) == ("now", 2024)
    assert "output_t [t/year]" in run.stages.columns
    assert "Digging: CHN 60.0 %" in run.answer
    assert run.notes == ["Forging: not counted as a whole in 2024; the last year is 2023"]
    assert repr(run).startswith("AssessRun('now'): The largest maker")


def test_four_lines_of_python_source(tmp_path: Path) -> None:
    case = write_chain(tmp_path)
    run = source(case, segment="defence", date="2027-01-01", runs=tmp_path / "runs", name="buy")
    assert run.id == "buy"
    assert list(run.suppliers["qualified"]) == [True, False]
    assert "capacity_t [t/year]" in run.suppliers.columns
    assert run.lines.empty
    assert run.cover_months["VNM"] == 0.0
    assert "part 1 of 2" in run.answer


def test_a_run_opens_as_what_was_asked(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    rows = observed({"country": "CHN", "stage": "dig", "amount": 60})
    case = write_chain(tmp_path, observations=rows)
    made: list[FinishedRun] = [
        assess(case, runs=runs, name="stand"),
        source(case, segment="defence", date="2027-01-01", runs=runs, name="buy"),
        plan("mini", runs=runs, name="build"),
    ]
    for run, kind in zip(made, (AssessRun, SourceRun, PlanRun), strict=True):
        again = open_run(run.id, runs=runs)
        assert type(again) is kind
        assert (again.verb, again.answer, again.result) == (run.verb, run.answer, run.result)
        assert repr(again).startswith(f"{kind.__name__}('{run.id}'): ")


def test_a_run_of_another_verb_opens_with_its_headline(tmp_path: Path) -> None:
    asked = Request("stress", "small", {}, name="other")
    with RunWriter(tmp_path, asked, write_inputs=lambda _: None) as writer:
        writer.finish("done", result={}, headline="Nothing breaks.")
    run = open_run("other", runs=tmp_path)
    assert type(run) is FinishedRun
    assert run.answer == "Nothing breaks."


@pytest.mark.parametrize("verb", ["assess", "source"])
def test_a_run_without_a_ranking_has_no_weakest_figures(tmp_path: Path, verb: str) -> None:
    rows = observed({"country": "CHN", "stage": "dig", "amount": 60})
    case = write_chain(tmp_path, observations=rows)
    runs = tmp_path / "runs"
    run: FinishedRun = (
        assess(case, runs=runs)
        if verb == "assess"
        else source(case, segment="defence", date="2027-01-01", runs=runs)
    )
    assert weakest_table(run.run).rows == ()
