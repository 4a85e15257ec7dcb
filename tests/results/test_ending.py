"""A run whose process was ended by force: closed, nothing half-written, never taken from itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Request, RunState, RunWriter, list_runs, open_run, read_status
from coercivity.results.ending import close_ended
from coercivity.results.manifest import MANIFEST
from coercivity.results.status import Status, lock_of, now, write_status

WORDS = "stopped by the user"
WRITER = """
import os, signal, sys
from pathlib import Path
from coercivity.results import Request, RunWriter
request = Request("plan", "mini", {}, name="killed")
with RunWriter(Path(sys.argv[1]), request, write_inputs=lambda folder: None) as writer:
    writer.progress("building", 0.05)
    (writer.path / ".half.parquet.1234.tmp").write_text("half")
    (writer.path / ".inputs.tmp").mkdir()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def working(folder: Path) -> Path:
    """Make the folder of a run that says it is running."""
    folder.mkdir(parents=True)
    moment = now()
    status = Status(RunState.RUNNING, "plan", "mini", moment, moment, os.getpid(), "proof", 0.5)
    write_status(folder, status)
    return folder


def finished(runs: Path) -> Path:
    """Write a complete run."""
    request = Request("plan", "mini", {}, name="whole")
    with RunWriter(runs, request, write_inputs=lambda folder: None) as writer:
        writer.table("builds", pd.DataFrame({"asset": ["a"]}), units={})
        return writer.finish("optimal", result={}, headline="Build it.").path


def test_a_killed_run_is_lost_until_it_is_closed_and_stopped_after(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path)], check=False)
    folder = tmp_path / "killed"
    assert read_status(folder).state is RunState.LOST
    assert close_ended(folder, message=WORDS)
    status = read_status(folder)
    assert (status.state, status.message, status.phase) == (RunState.STOPPED, WORDS, "building")
    assert [path.name for path in folder.rglob("*.tmp")] == []
    assert WORDS in (folder / "log.txt").read_text(encoding="utf-8")
    assert [run.state for run in list_runs(tmp_path)] == [RunState.STOPPED]


def test_a_closed_run_goes_on_when_it_is_asked_the_same(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path)], check=False)
    close_ended(tmp_path / "killed", message=WORDS)
    request = Request("plan", "mini", {}, name="killed")
    with RunWriter(tmp_path, request, write_inputs=lambda folder: None) as writer:
        writer.finish("optimal", result={})
    assert open_run(tmp_path / "killed").state is RunState.DONE


def test_what_is_still_written_is_left_alone(tmp_path: Path) -> None:
    folder = working(tmp_path / "a")
    before = (folder / "status.json").read_bytes()
    with lock_of(folder):
        assert not close_ended(folder, message=WORDS)
        assert (folder / "status.json").read_bytes() == before
    assert close_ended(folder, message=WORDS)


def test_a_complete_run_stays_complete_also_where_its_status_was_not_told(tmp_path: Path) -> None:
    folder = finished(tmp_path)
    manifest = (folder / MANIFEST).read_bytes()
    write_status(folder, replace(read_status(folder), state=RunState.RUNNING, message=""))
    assert close_ended(folder, message=WORDS)
    assert read_status(folder).state is RunState.DONE
    assert read_status(folder).message == "Build it."
    assert (folder / MANIFEST).read_bytes() == manifest
    assert open_run(folder).tables == ("builds",)


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.STOPPED, RunState.DONE])
def test_a_run_keeps_its_own_last_word(tmp_path: Path, state: RunState) -> None:
    folder = working(tmp_path / "a")
    write_status(folder, replace(read_status(folder), state=state, message="its own"))
    assert close_ended(folder, message=WORDS)
    status = read_status(folder)
    assert (status.state, status.message) == (state, "its own")


def test_a_name_that_was_claimed_only_is_free_again(tmp_path: Path) -> None:
    folder = tmp_path / "claimed"
    folder.mkdir()
    assert close_ended(folder, message=WORDS)
    assert not folder.exists()
    assert close_ended(folder, message=WORDS)
