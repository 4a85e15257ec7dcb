"""All explanations of a plan together: their tables, their form for machines, and stopping."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from coercivity.planning.explanations import Explanations, explain_plan
from coercivity.planning.solve import PlanProgress, PlanSolution
from tests.planning.explanations.explained_chains import (
    SEEDS,
    Explained,
    explained,
    explained_tables,
)
from tests.small_chains import plant, years


def _told(known: Explained) -> Explanations:
    return explain_plan(known.model, known.solution)


def _works(folder: Path) -> Explained:
    options = [
        {"id": "cheap", "size": 500, "capital": 0.5},
        {"id": "dear", "size": 500, "capital": 1.4},
        {"id": "slow", "size": 500, "capital": 1.2, "permit_years": 1},
        {"id": "never", "size": 500, "capital": 1, "excludes": "cheap"},
    ]
    return explained_tables(folder, plant(options=options), years(2025, 2026, 2027))


def test_every_option_is_explained_once(tmp_path: Path) -> None:
    known = _works(tmp_path)
    found = _told(known)
    listed = [*found.tables["rejected"].frame["option"], *found.tables["chosen"].frame["option"]]
    assert sorted(listed) == sorted(known.case.options)
    assert found.complete


def test_the_form_for_machines_is_the_contract(tmp_path: Path) -> None:
    found = json.loads(json.dumps(_told(_works(tmp_path)).as_json()))
    told = {each["option"]: each for each in found["rejected"]}
    assert told["dear"]["break_even"]["unit"] == "musd_grant"
    assert told["dear"]["break_even"]["value"] == pytest.approx(0.4)
    assert told["never"]["break_even"]["value"] is None
    assert "'never' and 'cheap' exclude each other" in told["never"]["reason"]
    assert {"unit": "years_earlier", "value": 1} not in told["dear"]["also"]
    assert found["permit_year_saved_musd"] == {"slow": 0.0}


def test_each_numeric_column_but_years_has_a_unit(tmp_path: Path) -> None:
    for table in _told(_works(tmp_path)).tables.values():
        for name in table.frame.select_dtypes("float"):
            assert name in table.units


def test_options_within_the_gap_are_not_told_apart(tmp_path: Path) -> None:
    known = _works(tmp_path)
    exact = _told(known).tables
    assert (exact["chosen"].frame["distinguishable"] == "yes").all()
    vague = Explained(known.case, known.model, _with_gap(known, 0.45))
    tables = _told(vague).tables
    rejected = tables["rejected"].frame.set_index("option")["distinguishable"]
    assert rejected["dear"] == "no"
    assert rejected["slow"] == "yes"
    assert rejected["never"] is None or rejected.isna()["never"]


def _with_gap(known: Explained, gap: float) -> PlanSolution:
    return replace(known.solution, bound=known.solution.objective - gap)


def test_says_what_it_is_at(tmp_path: Path) -> None:
    known = _works(tmp_path)
    phases: list[PlanProgress] = []
    explain_plan(known.model, known.solution, on_progress=phases.append)
    assert any("left out (1 of 3)" in phase.phase for phase in phases)
    assert any("built (1 of 1)" in phase.phase for phase in phases)


def test_stopping_keeps_what_was_found(tmp_path: Path) -> None:
    known = _works(tmp_path)
    stop = Event()

    def after_one(progress: PlanProgress) -> None:
        if "left out (2 of" in progress.phase:
            stop.set()

    found = explain_plan(known.model, known.solution, on_progress=after_one, stop=stop)
    assert not found.complete
    assert len(found.rejected) == 1
    assert found.chosen == ()


@pytest.mark.parametrize("number", SEEDS[:3])
def test_explaining_twice_gives_the_same_bits(number: int) -> None:
    known = explained(number)
    first, second = _told(known), _told(known)
    assert first.as_json() == second.as_json()
    for name, table in first.tables.items():
        assert table.frame.equals(second.tables[name].frame)


def test_a_plan_without_options_has_little_to_explain(tmp_path: Path) -> None:
    known = explained_tables(tmp_path, plant({"nameplate_capacity": 400}), years(2025, 2026))
    found = _told(known)
    assert found.complete
    assert found.as_json() == {"rejected": [], "permit_year_saved_musd": {}}
    assert len(found.tonnes) == 1
