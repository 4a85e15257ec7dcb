"""Of which data a run was made: never another case's run as one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coercivity.interfaces.workbench.jobs import Jobs
from coercivity.interfaces.workbench.origins import changed_files, fingerprints, frozen
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.results import Request, RunWriter, list_runs, open_run
from coercivity.tables import apply_scenario, find_case, read_case
from coercivity.tables.csv_writer import write_case
from tests.interfaces.workbench.conftest import Opened

MINE, EXAMPLE = "mine", "example~mini"
OTHER = "Made from other data"
SCENARIOS = "id,title\nthin,Less of it\n"
CHANGES = "scenario,table,key,column,set\nthin,limits,capital,amount,90\n"


def edited(workspace: Workspace) -> None:
    """Change one number of the project."""
    file = workspace.folder / MINE / "limits.csv"
    text = file.read_text(encoding="utf-8")
    assert "capital,100," in text
    file.write_text(text.replace("capital,100,", "capital,101,"), encoding="utf-8")


def test_a_copy_is_made_of_the_same_data_until_it_is_edited(filled: Workspace) -> None:
    project, runs = filled.project(MINE), list_runs(filled.runs)
    first = next(run for run in runs if run.id == "first")
    assert first.digest in fingerprints(project, runs)
    assert changed_files(open_run(filled.runs / "first"), project) == ()
    edited(filled)
    assert first.digest not in fingerprints(project, runs)
    assert changed_files(open_run(filled.runs / "first"), project) == ("limits",)
    assert first.digest in fingerprints(filled.project(EXAMPLE), runs)


def test_where_a_case_lies_and_how_its_rows_are_laid_out_does_not_matter(
    filled: Workspace, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_case(read_case(filled.folder / MINE), elsewhere)
    held = frozen(elsewhere), frozen(filled.folder / MINE), frozen(find_case("mini"))
    assert None not in held
    assert len({one.digest for one in held if one is not None}) == 1


def test_a_run_of_a_scenario_is_one_of_the_case(workspace: Workspace) -> None:
    folder = workspace.folder / MINE
    shutil.copytree(find_case("mini"), folder)
    (folder / "scenarios.csv").write_text(SCENARIOS, encoding="utf-8")
    (folder / "changes.csv").write_text(CHANGES, encoding="utf-8")
    changed = apply_scenario(read_case(folder), "thin")
    request = Request("assess", "mini", {"scenario": "thin"}, name="thin")
    with RunWriter(
        workspace.runs, request, write_inputs=lambda place: write_case(changed, place)
    ) as writer:
        writer.finish("ok", result={})
    (run,) = list_runs(workspace.runs)
    assert run.scenario == "thin"
    plain, under = frozen(folder), frozen(folder, "thin")
    assert plain is not None
    assert under is not None
    assert plain.digest != under.digest == run.digest
    assert run.digest in fingerprints(workspace.project(MINE), [run])
    assert frozen(folder, "unknown") is None


def test_a_case_with_errors_has_no_run_as_it_is(filled: Workspace) -> None:
    file = filled.folder / MINE / "limits.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",100,", ",much,"), encoding="utf-8")
    assert fingerprints(filled.project(MINE), list_runs(filled.runs)) == frozenset()


def test_an_edited_case_shows_no_other_run_as_its_own(
    client: TestClient, filled: Workspace
) -> None:
    before = client.get(f"/plan?project={MINE}").text
    assert 'class="answer"' in before
    assert OTHER not in before
    edited(filled)
    for path in ("/plan", "/network"):
        page = client.get(f"{path}?project={MINE}").text
        assert 'class="answer"' not in page
        assert f"No run was made of {MINE} as it is now" in page
        assert f"{path}?project={MINE}&amp;run=first" in page
    example = client.get(f"/plan?project={EXAMPLE}").text
    assert 'class="answer"' in example


def test_a_run_of_other_data_says_so_and_names_what_differs(
    client: TestClient, filled: Workspace
) -> None:
    edited(filled)
    for path in ("/plan", "/network"):
        page = client.get(f"{path}?project={MINE}&run=first").text
        assert OTHER in page
        assert "This differs: limits." in page
    assert OTHER not in client.get(f"/plan?project={EXAMPLE}&run=first").text


def test_the_list_of_runs_keeps_other_data_apart(client: TestClient, filled: Workspace) -> None:
    assert OTHER not in client.get(f"/runs?project={MINE}").text
    edited(filled)
    page = client.get(f"/runs?project={MINE}").text
    assert page.index(OTHER) < page.index('value="first"')
    assert OTHER not in client.get("/runs").text


def test_an_edited_copy_does_not_list_what_was_asked_of_the_example(
    opened: Opened, filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note of the job says of which project a run is, where the name of the case does not."""
    monkeypatch.setattr("coercivity.interfaces.workbench.jobs.AT_ONCE", 0)
    jobs = Jobs(filled)
    job = jobs.submit("plan", ("plan", "--", "mini"), project=EXAMPLE)
    jobs.stop(job.id)
    shutil.copytree(filled.runs / "first", filled.runs / job.id)
    client = opened(filled)
    assert job.id in client.get(f"/runs?project={MINE}").text
    edited(filled)
    assert job.id not in client.get(f"/runs?project={MINE}").text
    assert job.id in client.get(f"/runs?project={EXAMPLE}").text


def test_a_plan_of_other_data_can_be_worked_on_but_is_not_offered_first(
    client: TestClient, filled: Workspace
) -> None:
    edited(filled)
    page = client.get(f"/stress?project={MINE}").text
    start = page.index('id="stress-sweep-subject"')
    choice = page[start : page.index("</select>", start)]
    assert choice.index("the case as it stands") < choice.index("made from other data")
    assert choice.index("made from other data") < choice.index("run first")
