from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from coercivity.foundation.errors import RunError, UsageError
from coercivity.results import (
    Run,
    RunState,
    RunWriter,
    find_run,
    list_runs,
    read_status,
    run_by_id,
    runs_folder,
)

Start = Callable[..., RunWriter]


def test_the_argument_comes_before_the_variable_and_the_variable_before_the_folder_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COERCIVITY_RUNS", "from-variable")
    assert runs_folder(Path("given")) == Path("given")
    assert runs_folder(None) == Path("from-variable")
    monkeypatch.setenv("COERCIVITY_RUNS", " ")
    assert runs_folder(None) == Path("runs")


def test_a_run_is_found_by_id_and_by_path(
    finished: Run, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(runs.parent)
    for text in ("first", str(finished.path), "runs/first", "./runs/first", finished.path):
        assert find_run(text, runs=runs) == finished


@pytest.mark.parametrize("text", ["..", ".", "", "first/..", "../first", "/etc", "~", "a\0b"])
def test_an_id_never_leads_out_of_the_runs_folder(finished: Run, runs: Path, text: str) -> None:
    shutil.copytree(finished.path, runs.parent, dirs_exist_ok=True)
    with pytest.raises(RunError, match="cannot be the id of a run"):
        run_by_id(text, runs=runs)


@pytest.mark.parametrize("text", ["..", "."])
def test_dots_are_not_run_ids_on_the_command_line_either(runs: Path, text: str) -> None:
    with pytest.raises(RunError, match="cannot be the id of a run"):
        find_run(text, runs=runs)


def test_a_link_out_of_the_runs_folder_is_not_an_id(
    finished: Run, runs: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(finished.path, outside)
    (runs / "link").symlink_to(outside)
    with pytest.raises(RunError, match="'link' is a link that leads out"):
        find_run("link", runs=runs)
    assert find_run(str(outside), runs=runs).id == "outside"
    assert [summary.id for summary in list_runs(runs)] == ["first"]


def test_an_unknown_id_is_met_with_the_nearest(finished: Run, runs: Path) -> None:
    with pytest.raises(RunError, match=r"there is no run 'firts' .*Did you mean 'first'"):
        find_run("firts", runs=runs)
    with pytest.raises(RunError, match="there is no run 'x'"):
        find_run("x", runs=runs / "nowhere")


def test_no_folder_means_no_runs(runs: Path) -> None:
    assert list_runs(runs) == []


def test_the_listing_tells_each_state_newest_first(start: Start, finished: Run, runs: Path) -> None:
    error = UsageError("wrong")
    with pytest.raises(UsageError), start("failed"):
        raise error
    with pytest.raises(KeyboardInterrupt), start("halted"):
        raise KeyboardInterrupt
    with start("partial") as writer:
        writer.finish("stopped", result={})
    with start("alive") as alive:
        alive.progress("solve", 0.25)
        shutil.copytree(alive.path, runs / "lost")
        listing = {summary.id: summary for summary in list_runs(runs)}
        alive.finish("ok", result={})
    assert {name: summary.state.value for name, summary in listing.items()} == {
        "first": "done", "failed": "failed", "halted": "stopped", "partial": "stopped",
        "alive": "running", "lost": "lost",
    }  # fmt: skip
    started = [summary.started for summary in listing.values()]
    assert started == sorted(started, reverse=True)
    first, running = listing["first"], listing["alive"]
    assert (first.verb, first.case, first.headline) == ("plan", "mini", "1.5 M USD")
    assert first.seconds is not None
    assert (running.phase, running.progress, running.seconds) == ("solve", 0.25, None)


def test_looking_changes_nothing(start: Start, runs: Path) -> None:
    with start() as writer:
        shutil.copytree(writer.path, runs / "lost")
        (runs / "lost" / ".lock").unlink()
        writer.finish("ok", result={})
    before = {path: path.stat().st_mtime_ns for path in runs.rglob("*")}
    assert read_status(runs / "lost").state is RunState.LOST
    list_runs(runs)
    assert {path: path.stat().st_mtime_ns for path in runs.rglob("*")} == before


def test_one_broken_run_does_not_hide_the_others(finished: Run, runs: Path) -> None:
    for name in ("broken", "bare", "newer"):
        shutil.copytree(finished.path, runs / name)
    (runs / "broken" / "run.json").write_text("{", encoding="utf-8")
    (runs / "bare" / "run.json").unlink()
    (runs / "bare" / "status.json").write_text('{"state": "running"}', encoding="utf-8")
    content = json.loads((runs / "newer" / "run.json").read_text(encoding="utf-8"))
    text = json.dumps(content | {"schema_version": 99})
    (runs / "newer" / "run.json").write_text(text, encoding="utf-8")
    (runs / "not-a-run").mkdir()
    (runs / "notes.txt").write_text("", encoding="utf-8")
    problems = {summary.id: summary.problem for summary in list_runs(runs)}
    assert set(problems) == {"first", "broken", "bare", "newer"}
    assert problems["first"] == ""
    assert "run.json is damaged" in problems["broken"]
    assert "status.json is damaged" in problems["bare"]
    assert "upgrade" in problems["newer"]


def test_two_hundred_runs_are_listed_from_two_hundred_small_files(
    finished: Run, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(199):
        folder = runs / f"run-{number}"
        folder.mkdir()
        os.link(finished.path / "run.json", folder / "run.json")
    read: list[str] = []
    read_bytes = Path.read_bytes

    def note(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a listing must not open tables")

    monkeypatch.setattr(Path, "read_bytes", note)
    monkeypatch.setattr(pq, "read_table", refuse)
    assert len(list_runs(runs)) == 200
    assert read == ["run.json"] * 200
