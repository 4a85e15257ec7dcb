"""Jobs: one after the other, stopped, repeated, found again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coercivity.interfaces.workbench.jobs import Jobs
from coercivity.interfaces.workbench.processes import interrupt, is_ours
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.results import RunState, list_runs, open_run
from tests.interfaces.workbench.conftest import Opened

PATIENCE = 60.0
BUYING = ("source", "--segment=defence", "--", "mini")
LONG = ("plan", "--gap=0", "--", "us-rare-earths")


def until(true: Callable[[], bool], jobs: Jobs) -> None:
    """Look after the jobs until something holds."""
    end = time.monotonic() + PATIENCE
    while not true():
        jobs.tick()
        assert time.monotonic() < end, jobs.all()
        time.sleep(0.05)


def test_a_job_writes_a_run_as_the_command_line_does(workspace: Workspace) -> None:
    jobs = Jobs(workspace)
    job = jobs.submit("source", BUYING, project="example~mini")
    until(lambda: jobs.find(job.id).state == "ended", jobs)  # type: ignore[union-attr]
    run = open_run(workspace.runs / job.id)
    assert run.state is RunState.DONE
    assert [one.id for one in list_runs(workspace.runs)] == [job.id]
    assert jobs.find(job.id).exit == 0  # type: ignore[union-attr]


def test_jobs_wait_for_each_other_and_a_waiting_one_is_stopped_at_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.interfaces.workbench.jobs.AT_ONCE", 0)
    jobs = Jobs(workspace)
    first = jobs.submit("plan", LONG)
    assert first.state == "queued"
    assert jobs.stop(first.id)
    assert jobs.find(first.id).state == "stopped"  # type: ignore[union-attr]
    assert not jobs.stop("unknown")


def test_a_restart_finds_waiting_and_ended_jobs_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.interfaces.workbench.jobs.AT_ONCE", 0)
    before = Jobs(workspace)
    waiting = before.submit("plan", LONG, project="mine")
    stopped = before.submit("plan", LONG)
    before.stop(stopped.id)
    after = Jobs(workspace)
    assert after.all() == before.all()
    assert after.find(waiting.id).state == "queued"  # type: ignore[union-attr]
    again = after.again(waiting.id)
    assert again is not None
    assert again.words == waiting.words
    assert again.id != waiting.id


def test_a_damaged_record_is_left_aside(workspace: Workspace) -> None:
    folder = workspace.records / "jobs"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("{")
    (folder / "b.json").write_text('{"id": "../b", "words": []}')
    (folder / "c.json").write_text("[1]")
    assert Jobs(workspace).all() == ()


def test_a_call_that_is_wrong_tells_why(workspace: Workspace) -> None:
    jobs = Jobs(workspace)
    job = jobs.submit("plan", ["plan", "--scenario=unknown", "--", "mini"])
    until(lambda: jobs.find(job.id).state == "ended", jobs)  # type: ignore[union-attr]
    assert "unknown" in jobs.told(job.id)
    assert jobs.find(job.id).exit == 2  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_run_is_stopped_in_the_middle_and_found_by_a_restart(workspace: Workspace) -> None:
    jobs = Jobs(workspace)
    job = jobs.submit("plan", LONG)
    until(lambda: "search" in jobs.told(job.id) or "relax" in jobs.told(job.id), jobs)
    restarted = Jobs(workspace)
    assert restarted.find(job.id).state == "started"  # type: ignore[union-attr]
    assert restarted.stop(job.id)
    until(lambda: jobs.find(job.id).state != "started", jobs)  # type: ignore[union-attr]
    (run,) = list_runs(workspace.runs)
    assert run.state is RunState.STOPPED


@pytest.mark.slow
def test_a_run_of_the_command_line_is_seen_and_stopped_too(workspace: Workspace) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "coercivity", "plan", "us-rare-earths", "--gap", "0",
              "--runs", str(workspace.runs), "--name", "typed"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    jobs = Jobs(workspace)
    until(lambda: any(run.progress > 0 for run in list_runs(workspace.runs)), jobs)
    assert jobs.stop("typed")
    assert process.wait(timeout=PATIENCE) == 130


def test_no_other_process_is_ever_signalled() -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert not is_ours(other.pid)
        assert not interrupt(other.pid)
        assert not interrupt(0)
        assert not interrupt(1)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_run_that_does_not_run_cannot_be_stopped(client: TestClient) -> None:
    answer = client.post("/runs/first/stop")
    assert answer.status_code == 404
    assert "does not run" in answer.text


def test_a_form_becomes_a_job_with_its_targets(
    client: TestClient, filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.interfaces.workbench.jobs.AT_ONCE", 0)
    answer = client.post(
        "/jobs/plan",
        data={"project": "mine", "back": "/plan", "gap": "0.05", "explain": "yes",
              "target-segment": ["defence", ""], "target-share": ["90", "100"],
              "target-year": ["2028", "2030"], "target-class": ["", ""]},
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/plan?project=mine")
    (job,) = Jobs(filled).all()
    assert job.words == (
        "plan", "--gap=0.05", "--require=defence>=90%@2028", "--explain", "--", f".{os.sep}mine",
    )  # fmt: skip
    page = client.get("/runs?project=mine").text
    assert job.id in page
    assert "waits for the run before it" in page


@pytest.mark.parametrize(
    "data",
    [{"project": "unknown"}, {"project": ""}, {"project": "mine", "gap": "x"},
     {"project": "mine", "back": "http://elsewhere.example/"}],
)  # fmt: skip
def test_a_form_that_does_not_fit_starts_nothing_or_leads_nowhere_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, data: dict[str, str]
) -> None:
    monkeypatch.setattr("coercivity.interfaces.workbench.jobs.AT_ONCE", 0)
    answer = client.post("/jobs/plan", data=data)
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/runs?")
    else:
        assert answer.status_code == 400


def test_a_verb_works_on_a_finished_run_of_the_list_only(client: TestClient) -> None:
    data = {"project": "mine", "subject": "../../first"}
    assert client.post("/jobs/finance", data=data).status_code == 404
    assert client.post("/jobs/unknown", data=data).status_code == 400


def test_command_words_are_kept_from_a_read_only_folder(
    opened: Opened, filled: Workspace, tmp_path: Path
) -> None:
    client = opened(Workspace(filled.folder, filled.runs, read_only=True))
    assert client.post("/jobs/plan", data={"project": "mine"}).status_code == 403
    assert not (tmp_path / "runs" / ".workbench").exists()
