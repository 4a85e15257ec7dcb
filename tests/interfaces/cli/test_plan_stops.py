"""A plan that is stopped, or runs out of time, keeps the best it has and says so."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "coercivity", "plan", "us-rare-earths", "--json", "--gap", "0"]


def _run_json(runs: Path) -> dict[str, object]:
    (folder,) = [path for path in runs.iterdir() if path.is_dir()]
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return dict(manifest["result"])


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_plan_and_leaves_with_130(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--runs", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "best" in line:
            process.send_signal(signal.SIGINT)
            break
    out, told = process.communicate(timeout=120)
    assert process.returncode == 130
    plan = json.loads(out)
    assert plan["status"] == "stopped"
    assert plan["builds"]
    assert plan["bound"] <= plan["objective"]
    assert "Stopped with a plan, not a proof" in told
    assert _run_json(tmp_path)["status"] == "stopped"


@pytest.mark.slow
def test_a_time_limit_keeps_the_best_plan_and_leaves_with_0(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--runs", str(tmp_path), "--time-limit", "30"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["status"] == "feasible"
    assert 0 < plan["gap_of_gain"] < 1
    assert "Time ran out with a plan, not a proof" in done.stderr


def test_no_time_at_all_is_said_with_5_and_nothing_is_claimed(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--runs", str(tmp_path), "--time-limit", "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5
    answer = json.loads(done.stdout)
    assert answer["exit"] == 5
    assert "objective" not in answer
    assert not list(tmp_path.glob("*/run.json"))
