"""Packages in words: who needs what, what it costs, what doubt costs, what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.results import Run
from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.views.align_words import answer, notes, tables
from coercivity.views.briefing.sections import align as section
from tests.studies.unfunded_works import unfunded_works


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("told")
    return unfunded_works(folder / "case", folder / "runs")


@pytest.fixture(scope="module")
def found(planned: Run) -> Run:
    options = AlignOptions(paths=400, allow=("grant", "floor"), caps={"grant": 0.2}, name="told")
    return align_of_run(planned, planned.path.parent, options)


def test_the_answer_says_who_what_and_the_price_of_doubt(found: Run) -> None:
    said = " ".join(answer(found))
    assert said.startswith("Owners and lenders of works say yes with the package below.")
    cost = found.result["public_cost_musd"]["mean"]
    assert f"The public pays {cost:.1f} million" in said or f"{cost:,.0f}" in said
    assert "Doubt costs: " in said
    assert "Beyond a believed hazard of" in said


def test_tables_hold_the_term_sheet_and_the_doubt(found: Run) -> None:
    by_title = {table.title.split(":")[0].split(",")[0]: table for table in tables(found)}
    assert {"Projects", "Packages", "Doubt"} <= set(by_title)
    kinds = {row[1] for row in by_title["Packages"].rows}
    assert kinds <= {"grant", "floor"}
    assert any("no amount for 1" in row for row in by_title["Doubt"].rows)


def test_notes_tell_caps_paths_and_seed(found: Run) -> None:
    said = " ".join(notes(found))
    assert "grant 0.2" in said
    assert "Made on 200 paths" in said
    assert "seed 0" in said


def test_a_failure_is_told_with_what_would_do(planned: Run, tmp_path: Path) -> None:
    options = AlignOptions(paths=400, allow=("grant",), caps={"grant": 0.05})
    said = " ".join(answer(align_of_run(planned, tmp_path, options)))
    assert "No package within the caps makes owners and lenders of works say yes." in said
    assert "No package is enough for works (by " in said


def test_a_briefing_opens_with_the_answer_and_shows_the_figures(found: Run) -> None:
    told = section.answer(found)
    assert 1 <= len(told.sentences) <= 3
    made = section.section(found)
    assert {chart.name for chart in made.charts} >= {"package", "price-of-doubt"}
    assert "works" not in " ".join(section.cut_answer(found))
