"""Stop: asked first, ended by force where nothing is held, and always closed in the end."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from coercivity.interfaces.workbench import stopping
from coercivity.interfaces.workbench.jobs import Jobs
from coercivity.interfaces.workbench.processes import interrupt, is_ours
from coercivity.interfaces.workbench.workspace import Workspace
from coercivity.results import RunState, Status, list_runs, read_status
from coercivity.results.status import now
from coercivity.studies.plan import SHARES
from tests.interfaces.workbench.test_jobs import LONG, until

ROOM = "coercivity.interfaces.workbench"
DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process is asked there")


@pytest.fixture
def deaf(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose jobs do not hear that they shall stop."""
    place = tmp_path / "deaf"
    place.mkdir()
    (place / "sitecustomize.py").write_text(DEAF, encoding="utf-8")
    monkeypatch.setattr(stopping, "HEARD", 0.2)
    paths = os.pathsep.join([str(place), *filter(None, [os.environ.get("PYTHONPATH")])])
    return replace(workspace, environment={**os.environ, "PYTHONPATH": paths})


def phase_of(workspace: Workspace, name: str) -> str:
    """Give what a run is doing; empty before it has begun."""
    folder = workspace.runs / name
    return read_status(folder).phase if (folder / "status.json").is_file() else ""


def told(phase: str, *, message: str = "", progress: float = 0.0, verb: str = "plan") -> Status:
    """Make a status."""
    moment = now()
    return Status(
        RunState.RUNNING, verb, "mini", moment, moment, 1, phase, progress, message
    )  # fmt: skip


def test_a_deaf_job_is_ended_before_its_run_exists_and_leaves_nothing(deaf: Workspace) -> None:
    jobs = Jobs(deaf)
    job = jobs.submit("plan", LONG)
    assert jobs.stop(job.id)
    assert jobs.stopping(job.id)
    until(lambda: jobs.find(job.id).state == "stopped", jobs)  # type: ignore[union-attr]
    jobs.tick()
    assert not jobs.stopping(job.id)
    assert not is_ours(job.pid)
    assert list_runs(deaf.runs) == []
    assert not (deaf.runs / job.id).exists()


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["building", "relaxation", "without builds"])
def test_a_deaf_job_without_a_plan_is_ended_at_any_moment(deaf: Workspace, phase: str) -> None:
    jobs = Jobs(deaf)
    job = jobs.submit("plan", LONG)
    until(lambda: phase_of(deaf, job.id) == phase, jobs)
    assert jobs.stop(job.id)
    until(lambda: jobs.find(job.id).state == "stopped", jobs)  # type: ignore[union-attr]
    jobs.tick()
    assert not is_ours(job.pid)
    status = read_status(deaf.runs / job.id)
    assert status.state is RunState.STOPPED
    assert status.message in {stopping.ENDED, stopping.ENDED_LATE}
    assert list((deaf.runs / job.id).rglob("*.tmp")) == []


@pytest.mark.slow
def test_who_holds_a_plan_is_waited_for_until_the_user_does_not(
    deaf: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("stopping", "jobs"):
        monkeypatch.setattr(f"{ROOM}.{place}.holds_answer", lambda *_, **__: True)
    jobs = Jobs(deaf)
    job = jobs.submit("plan", LONG)
    until(lambda: phase_of(deaf, job.id) == "building", jobs)
    assert jobs.stop(job.id)
    end = time.monotonic() + 5 * stopping.HEARD
    until(lambda: time.monotonic() > end, jobs)
    assert jobs.stopping(job.id)
    assert is_ours(job.pid)
    assert jobs.stop(job.id, at_once=True)
    until(lambda: jobs.find(job.id).state == "stopped", jobs)  # type: ignore[union-attr]
    assert read_status(deaf.runs / job.id).message == stopping.ENDED_LATE


@pytest.mark.slow
def test_a_restart_goes_on_with_what_was_asked_to_stop(deaf: Workspace) -> None:
    before = Jobs(deaf)
    job = before.submit("plan", LONG)
    until(lambda: phase_of(deaf, job.id) == "building", before)
    assert before.stop(job.id)
    after = Jobs(deaf)
    assert after.stopping(job.id)
    until(lambda: after.find(job.id).state == "stopped", after)  # type: ignore[union-attr]
    until(lambda: not after.stopping(job.id), after)
    assert read_status(deaf.runs / job.id).state is RunState.STOPPED
    before.tick()


def test_a_second_press_does_not_ask_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second Ctrl-C would throw away the plan that the first one keeps."""
    asked: list[bool] = []

    def counted(pid: int, *, known: bool = False, by_force: bool = False) -> bool:
        asked.append(by_force)
        return interrupt(pid, known=known, by_force=by_force)

    monkeypatch.setattr(f"{ROOM}.jobs.interrupt", counted)
    jobs = Jobs(workspace)
    job = jobs.submit("plan", LONG)
    assert jobs.stop(job.id)
    assert jobs.stop(job.id)
    assert asked == [False]
    until(lambda: jobs.find(job.id).state == "stopped", jobs)  # type: ignore[union-attr]


def test_a_plan_is_held_from_the_first_that_was_found() -> None:
    held = stopping.has_plan
    assert not held(told("relaxation", progress=SHARES["relaxation"]))
    assert not held(told("without builds", message="best 5, bound 4", progress=0.2))
    assert not held(told("first plan", progress=SHARES["first plan"]))
    assert held(told("first plan", message="best 5, bound 4", progress=SHARES["first plan"]))
    assert held(told("proof", progress=SHARES["proof"]))
    assert not held(told("proof", progress=SHARES["proof"]), asked=True)
    assert held(told("proof", message="best 5, bound 4", progress=SHARES["proof"]), asked=True)
    assert not held(told("counting", progress=0.9, verb="assess"))


def test_the_words_and_shares_of_a_plan_are_those_that_stopping_knows() -> None:
    assert SHARES["first plan"] == stopping.FIRST_PLAN_SHARE
    assert SHARES[stopping.NO_BUILDS] < stopping.FIRST_PLAN_SHARE < SHARES["proof"]


def test_written_tables_are_something_that_is_held(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    assert stopping.patience(folder, held=False) == stopping.HEARD
    (folder / "tables").mkdir(parents=True)
    assert stopping.patience(folder, held=False) == stopping.HEARD
    assert stopping.patience(folder, held=True) == stopping.KEEPING
    (folder / "tables" / "builds.parquet").touch()
    assert stopping.patience(folder, held=False) == stopping.KEEPING
