from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import coercivity
from coercivity.foundation.errors import RunError
from coercivity.results import RunState, list_runs, open_run, read_status

START = """
import sys
from pathlib import Path
import pandas as pd
from coercivity.foundation.errors import CoercivityError
from coercivity.results import Request, RunWriter

def writer(name):
    request = Request("plan", "mini", {}, name=name)
    return RunWriter(Path(sys.argv[1]), request, write_inputs=lambda folder: None)
"""

WAIT = """
with writer("victim") as run:
    run.table("builds", pd.DataFrame({"size": [1.0]}), units={"size": "t/year"})
    run.progress("solve", 0.5)
    print("ready", flush=True)
    sys.stdin.read()
"""

RACE = """
print("ready", flush=True)
sys.stdin.readline()
try:
    with writer("prize") as run:
        run.finish("ok", result={"winner": sys.argv[2]})
    print("won")
except CoercivityError as error:
    print(type(error).__name__, error)
"""

FORK = """
import os
with writer("victim") as run:
    child = os.fork()
    if child == 0:
        sys.stdin.read()
        os._exit(0)
    print("ready", child, flush=True)
    sys.stdin.read()
"""

LIMIT = """
import resource
import numpy as np
noise = pd.DataFrame({"noise": np.random.default_rng(0).random(200_000)})
try:
    with writer("large") as run:
        run.table("small", pd.DataFrame({"size": [1.0]}), units={})
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        run.table("noise", noise, units={})
except CoercivityError as error:
    print(type(error).__name__, error)
"""


def begin(script: str, runs: Path, *arguments: str) -> subprocess.Popen[str]:
    source = Path(coercivity.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, "-c", START + script, str(runs), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(source)},
    )
    return process


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_killed_run_is_lost_and_keeps_its_tables(runs: Path) -> None:
    process = begin(WAIT, runs)
    assert first_line(process) == "ready"
    assert read_status(runs / "victim").state is RunState.RUNNING
    with pytest.raises(RunError, match="is still running, in phase 'solve' at 50%"):
        open_run(runs / "victim")
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert read_status(runs / "victim").state is RunState.LOST
    assert [summary.state for summary in list_runs(runs)] == [RunState.LOST]
    assert (runs / "victim" / "tables" / "builds.parquet").is_file()
    with pytest.raises(RunError, match="'victim' is lost: its process ended in phase 'solve'"):
        open_run(runs / "victim")


def test_an_interrupted_run_is_stopped(runs: Path) -> None:
    process = begin(WAIT, runs)
    assert first_line(process) == "ready"
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert read_status(runs / "victim").state is RunState.STOPPED


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_worker_that_outlives_its_killed_run_does_not_keep_it_alive(runs: Path) -> None:
    process = begin(FORK, runs)
    word, child = first_line(process).split()
    assert word == "ready"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    os.kill(int(child), 0)
    assert read_status(runs / "victim").state is RunState.LOST
    process.communicate()


def test_of_processes_racing_for_a_name_exactly_one_wins(runs: Path) -> None:
    racers = [begin(RACE, runs, str(number)) for number in range(3)]
    assert [first_line(racer) for racer in racers] == ["ready"] * 3
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate()[0].strip() for racer in racers]
    winners = [number for number, answer in enumerate(answers) if answer == "won"]
    assert len(winners) == 1
    losers = [answer for answer in answers if answer != "won"]
    assert all(answer.startswith("RunError run 'prize' ") for answer in losers)
    assert open_run(runs / "prize").result == {"winner": str(winners[0])}


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no file size limit")
def test_a_file_that_may_not_grow_leaves_nothing_half_written(runs: Path) -> None:
    answer = begin(LIMIT, runs).communicate()[0]
    assert answer.startswith("DiskError cannot write tables/noise.parquet of run 'large'")
    assert "beyond the largest size allowed" in answer
    assert read_status(runs / "large").state is RunState.FAILED
    tables = {path.name for path in (runs / "large" / "tables").iterdir()}
    assert tables == {"small.parquet"}
