"""Packages in words: who needs what, what it costs, what doubt costs, what fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coercivity.results import Run
from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.views.align_words import answer, notes, tables
from coercivity.views.briefing.sections import align as section
from coercivity.views.labels import short
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


def changed(run: Run, **parts: Any) -> Run:
    """Give a run whose object says something else."""
    return replace(run, manifest=replace(run.manifest, result={**run.result, **parts}))


def test_face_value_is_explained_where_something_is_promised(found: Run) -> None:
    said = " ".join(notes(found))
    assert "fetched nothing in every year of support" in said
    assert f"The worst path costs {short(found.result['public_cost_musd']['worst'])}" in said


def test_more_than_the_capital_is_explained_by_the_rule_that_asks_for_it(found: Run) -> None:
    (row,) = found.result["projects"]
    dear = {**row, "public_cost_mean_musd": 1.5 * row["capital_musd"], "npv_musd": 20.0}
    for binding, told in ((["loss"], True), (["mean"], False)):
        said = " ".join(answer(changed(found, projects=[{**dear, "binding": binding}])))
        assert "that is more than the capital" in said
        assert ("20 million or more above what owners ask" in said) is told
    assert "more than the capital" not in " ".join(answer(found))


def test_one_set_of_terms_is_told_beside_packages_made_to_measure(found: Run) -> None:
    same = {
        "terms": [{"terms": "grant", "kind": "grant", "level": 0.4, "level_unit": "of capital"}],
        "projects": [{"project": "works", "own_musd": 30.0, "same_musd": 45.0, "accepts": True}],
        "own_musd": 30.0, "public_cost_musd": 45.0, "accepts": True, "windfall_musd": 7.0,
        "reason": None,
    }  # fmt: skip
    run = changed(found, same_terms=same)
    said = " ".join(answer(run))
    assert "(grant 40.0 % of capital) costs 45 million in place of 30 made to measure" in said
    assert "7 million more" in said
    assert any(table.title.startswith("One set of terms") for table in tables(run))
    none = changed(found, same_terms={**same, "projects": [], "reason": "too few"})
    assert "One set of terms for all: too few." in answer(none)


def test_both_winners_of_a_fixed_point_are_told(found: Run) -> None:
    first = {"run": "base", "objective_musd": 900.0, "public_cost_musd": 80.0, "accepted": True}
    other = {**first, "run": "base-2", "objective_musd": 950.0, "public_cost_musd": 0.0}
    settled = {
        "stable": True, "visited": [first, other], "cycle": [other],
        "cheapest_for_society": first, "cheapest_for_taxpayer": other,
    }  # fmt: skip
    said = " ".join(answer(changed(found, fixed_point=settled)))
    assert "settle after 2 plans looked at, on base-2" in said
    assert "Cheapest for society is base (900 million in all, 80 of it" in said
    assert "for the taxpayer base-2" in said
    alike = {**settled, "cheapest_for_taxpayer": first}
    assert "for society and for the taxpayer alike" in " ".join(
        answer(changed(found, fixed_point=alike))
    )
    around = {**settled, "stable": False, "cycle": [first, other]}
    assert "go round and do not settle: base, base-2" in " ".join(
        answer(changed(found, fixed_point=around))
    )
    none = {**settled, "cheapest_for_society": None, "cheapest_for_taxpayer": None}
    assert "In none of them does every owner say yes" in " ".join(
        answer(changed(found, fixed_point=none))
    )
