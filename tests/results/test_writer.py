from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from coercivity.foundation.errors import DiskError, InternalError, RunError, Stopped, UsageError
from coercivity.results import Request, Run, RunState, RunWriter, list_runs, open_run, read_status

Start = Callable[..., RunWriter]


def files_of(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found - {".lock"}


def fill_disk_at(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Let every write of a file whose name holds ``part`` stop half-way, the disk being full."""
    write_bytes, write_table = Path.write_bytes, pq.write_table

    def full(path: Path) -> OSError:
        write_bytes(path, b"half")
        return OSError(errno.ENOSPC, "No space left on device")

    def bytes_written(path: Path, data: bytes) -> int:
        if part in path.name:
            raise full(path)
        return write_bytes(path, data)

    def table_written(table: Any, path: Path, **options: Any) -> None:
        if part in path.name:
            raise full(path)
        write_table(table, path, **options)

    monkeypatch.setattr(Path, "write_bytes", bytes_written)
    monkeypatch.setattr(pq, "write_table", table_written)


def leave(writer: RunWriter, error: BaseException, work: Callable[[], object]) -> None:
    with writer:
        work()
        raise error


def write_all(writer: RunWriter, builds: pd.DataFrame) -> None:
    with writer:
        writer.table("builds", builds, units={})
        writer.finish("optimal", result={})


def test_an_id_is_made_of_verb_time_and_four_digits(start: Start) -> None:
    with start(name=None, verb="stress-sweep") as writer:
        writer.finish("ok", result={})
    assert re.fullmatch(r"stress-sweep-\d{8}-\d{6}z-[0-9a-f]{4}", writer.id)


def test_a_complete_folder_holds_exactly_these_files(finished: Run) -> None:
    assert files_of(finished.path) == {
        "run.json", "status.json", "log.txt", "tables/builds.parquet",
        "inputs/case.yaml", "inputs/assets.csv",
    }  # fmt: skip


def test_the_status_follows_the_run(start: Start) -> None:
    with start() as writer:
        assert read_status(writer.path).phase == "start"
        writer.progress("solve", 0.5, "gap 3 %")
        status = read_status(writer.path)
        assert status.state is RunState.RUNNING
        assert (status.phase, status.progress, status.message) == ("solve", 0.5, "gap 3 %")
        writer.finish("optimal", result={})
    assert read_status(writer.path).state is RunState.DONE
    assert read_status(writer.path).progress == 1.0


def test_progress_within_a_phase_reaches_the_disk_only_now_and_then(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("coercivity.results.writer.time.monotonic", lambda: clock[0])
    with start() as writer:
        writer.progress("solve", 0.1)
        writer.progress("solve", 0.2)
        assert read_status(writer.path).progress == 0.1
        clock[0] += 1
        writer.progress("solve", 0.3)
        assert read_status(writer.path).progress == 0.3
        writer.finish("optimal", result={})


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_progress_outside_its_range_is_refused(start: Start, share: float) -> None:
    with pytest.raises(InternalError, match=r"progress must be in \[0, 1\]"), start() as writer:
        writer.progress("solve", share)


def test_a_name_is_taken_once(start: Start, finished: Run) -> None:
    before = files_of(finished.path)
    with pytest.raises(RunError, match="'first' exists already. A run is written once"), start():
        pass
    assert files_of(finished.path) == before


def test_a_name_in_use_says_so(start: Start) -> None:
    with start() as writer:
        with pytest.raises(RunError, match="'first' is being written by another process"), start():
            pass
        writer.finish("optimal", result={})


@pytest.mark.parametrize("name", ["../x", "a/b", "", "..", ".hidden", "-x", "a b", "x" * 201])
def test_a_name_that_cannot_be_an_id_is_refused(start: Start, runs: Path, name: str) -> None:
    with pytest.raises(RunError, match="cannot be the name of a run"), start(name=name):
        pass
    assert not runs.exists()


def test_an_id_already_taken_by_chance_is_made_anew(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["plan-a", "plan-a", "plan-b"])
    monkeypatch.setattr("coercivity.results.claim.new_id", lambda _: next(ids))
    for expected in ("plan-a", "plan-b"):
        with start(name=None) as writer:
            writer.finish("optimal", result={})
        assert writer.id == expected


@pytest.mark.parametrize("stop", [Stopped("stopped"), KeyboardInterrupt()])
def test_a_stopped_run_keeps_its_tables(
    start: Start, builds: pd.DataFrame, stop: BaseException
) -> None:
    writer = start()
    with pytest.raises(type(stop)):
        leave(writer, stop, lambda: writer.table("builds", builds, units={}))
    assert read_status(writer.path).state is RunState.STOPPED
    assert "tables/builds.parquet" in files_of(writer.path)
    with pytest.raises(RunError, match="was stopped before it had a result"):
        open_run(writer.path)


def test_a_stopped_run_that_was_finished_can_be_read(start: Start, builds: pd.DataFrame) -> None:
    writer = start()

    def work() -> None:
        writer.table("builds", builds, units={})
        writer.finish("stopped", result={"status": "stopped"})

    with pytest.raises(Stopped):
        leave(writer, Stopped("stopped"), work)
    run = open_run(writer.path)
    assert run.state is RunState.STOPPED
    assert read_status(run.path).state is RunState.STOPPED
    assert len(run.table("builds")) == len(builds)


def test_an_error_marks_the_run_failed_and_tells_why(start: Start) -> None:
    writer, error = start(), UsageError("no such segment\nsecond line")
    with pytest.raises(UsageError), writer:
        raise error
    status = read_status(writer.path)
    assert (status.state, status.message) == (RunState.FAILED, "no such segment")
    log = (writer.path / "log.txt").read_text(encoding="utf-8")
    assert "second line" in log
    assert "Traceback" not in log
    with pytest.raises(RunError, match=r"'first' failed .*no such segment\. Its log\.txt tells"):
        open_run(writer.path)


def test_a_bug_leaves_its_traceback_without_the_folders_of_this_machine(start: Start) -> None:
    writer = start()
    with pytest.raises(ZeroDivisionError), writer:
        pytest.approx(1 / 0)
    log = (writer.path / "log.txt").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "test_writer.py" in log
    assert str(Path(__file__).parent) not in log


def test_an_error_after_the_end_leaves_the_run_complete(start: Start) -> None:
    writer = start()
    with pytest.raises(UsageError):
        leave(writer, UsageError("late"), lambda: writer.finish("optimal", result={}))
    assert open_run(writer.path).state is RunState.DONE
    assert read_status(writer.path).state is RunState.DONE


def test_leaving_without_a_result_is_our_bug(start: Start) -> None:
    writer = start()
    with pytest.raises(InternalError, match="was left without a result"), writer:
        pass
    assert read_status(writer.path).state is RunState.FAILED


def test_a_result_that_is_not_finite_leaves_no_manifest(start: Start) -> None:
    writer = start()
    with pytest.raises(InternalError, match=r"'result\.gap' is inf"), writer:
        writer.finish("optimal", result={"gap": float("inf")})
    assert "run.json" not in files_of(writer.path)
    assert read_status(writer.path).state is RunState.FAILED


def test_everything_is_written_once(start: Start, builds: pd.DataFrame) -> None:
    with start() as writer:
        writer.table("builds", builds, units={})
        with pytest.raises(InternalError, match="'builds': the name is taken"):
            writer.table("builds", builds, units={})
        writer.finish("optimal", result={})
        with pytest.raises(InternalError, match="is finished already"):
            writer.finish("optimal", result={})
        with pytest.raises(InternalError, match="'more': the run is finished"):
            writer.table("more", builds, units={})


@pytest.mark.parametrize("name", ["../x", "a/b", ""])
def test_a_table_name_that_cannot_be_a_file_is_refused(
    start: Start, builds: pd.DataFrame, name: str
) -> None:
    with pytest.raises(InternalError, match="taken or impossible"), start() as writer:
        writer.table(name, builds, units={})


@pytest.mark.parametrize(
    ("frame", "units", "problem"),
    [
        (pd.DataFrame({"a": [1]}), {"b": "t"}, r"units are given for columns it has not: \['b'\]"),
        (pd.DataFrame({"a": [1, 2]}).iloc[1:], {}, "its index would be lost"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), {}, "different texts"),
        (pd.DataFrame({0: [1]}), {}, "different texts"),
        (pd.DataFrame({"a": [1, "x"]}, dtype=object), {}, "'t' cannot be kept"),
        (pd.DataFrame({"a": [object()]}), {}, "'t' cannot be kept"),
    ],
)
def test_a_frame_that_would_change_is_refused(
    start: Start, frame: pd.DataFrame, units: dict[str, str], problem: str
) -> None:
    with pytest.raises(InternalError, match=problem), start() as writer:
        writer.table("t", frame, units=units)


@pytest.mark.parametrize("part", ["builds", "run.json"])
def test_a_full_disk_leaves_nothing_half_written(
    start: Start, builds: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    writer = start()
    fill_disk_at(monkeypatch, part)
    with pytest.raises(DiskError, match=rf"cannot write .*{part}.*the disk is full. Free"):
        write_all(writer, builds)
    status = read_status(writer.path)
    assert status.state is RunState.FAILED
    assert "the disk is full" in status.message
    left = files_of(writer.path)
    assert not [file for file in left if part in file or file.endswith(".tmp")]


def test_a_full_disk_while_freezing_leaves_no_inputs(runs: Path) -> None:
    def half(folder: Path) -> None:
        (folder / "case.yaml").write_text("na", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    writer = RunWriter(runs, Request("plan", "mini", {}, name="first"), write_inputs=half)
    with pytest.raises(DiskError, match="cannot write inputs of run 'first': the disk is full"):
        writer.__enter__()
    assert files_of(writer.path) == {"status.json", "log.txt", "asked.json"}
    assert read_status(writer.path).state is RunState.FAILED


def test_a_disk_full_from_the_start_leaves_the_name_free(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fill_disk_at(patch, "status.json")
        writer = start()
        with pytest.raises(DiskError, match="the disk is full"):
            writer.__enter__()
    assert not writer.path.exists()
    with start() as second:
        second.finish("optimal", result={})


def test_a_disk_that_fills_while_it_fails_does_not_hide_the_first_error(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = start()
    with pytest.raises(UsageError, match="the first"):
        leave(writer, UsageError("the first"), lambda: fill_disk_at(monkeypatch, "status.json"))
    assert read_status(writer.path).state is RunState.LOST


def test_a_complete_run_is_done_even_if_its_last_status_was_lost(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start() as writer:
        fill_disk_at(monkeypatch, "status.json")
        run = writer.finish("optimal", result={})
    assert run.state is RunState.DONE
    assert [summary.state for summary in list_runs(run.path.parent)] == [RunState.DONE]


def test_a_folder_one_may_not_write_to_is_explained(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DiskError, match="permission was denied. Choose a folder"), start():
        pass


def test_a_file_in_place_of_the_runs_folder_is_explained(start: Start, runs: Path) -> None:
    runs.write_text("", encoding="utf-8")
    with pytest.raises(DiskError, match="a file stands where a folder is needed"), start():
        pass


def test_another_verb_needs_no_new_field(start: Start) -> None:
    with start(verb="finance", options={"project": ["a"], "paths": 100}, seed=3) as writer:
        writer.table("paths", pd.DataFrame({"npv": [1.0]}), units={"npv": "million USD"})
        run = writer.finish("ok", result={"projects": []}, kpis={"p_loss": 0.1})
    content = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    assert (content["verb"], content["solver"], content["gap"]) == ("finance", None, None)
