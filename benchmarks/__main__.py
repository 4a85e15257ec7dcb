"""Print every figure of the benchmarks."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.explanations import explanations
from benchmarks.generated_chain import write_generated_chain
from coercivity.chain import load_case
from coercivity.planning.model import build_model
from coercivity.solvers import HighsModel, SolveLimits

COMMAND = [sys.executable, "-m", "coercivity"]


def cpu_of(work: Callable[[], object], *, repeats: int = 3) -> float:
    """Measure the least processor time of a few tries. [s]"""
    best = float("inf")
    for _ in range(repeats):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def wall_of(arguments: list[str], *, repeats: int = 3) -> float:
    """Measure the least wall time of a command. [s]"""
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run([*COMMAND, *arguments], check=True, capture_output=True)
        best = min(best, time.perf_counter() - began)
    return best


def say(what: str, value: float, unit: str, target: str) -> None:
    """Print one figure beside its target."""
    print(f"{what:<58} {value:>10.2f} {unit:<8} target {target}")


def commands() -> None:
    """Measure how long the command line takes to answer."""
    say("coercivity --help", wall_of(["--help"]), "s", "< 0.5")
    say("coercivity check us-rare-earths", wall_of(["check", "us-rare-earths"]), "s", "< 3")


def reference_plan(folder: Path) -> None:
    """Plan the reference case to 1 % of the gain."""
    arguments = ["plan", "us-rare-earths", "--gap", "0.01", "--runs", str(folder), "--json"]
    began = time.perf_counter()
    done = subprocess.run([*COMMAND, *arguments], check=True, capture_output=True)
    wall = time.perf_counter() - began
    plan = json.loads(done.stdout)
    solve = float(plan["seconds"]["solve"])
    size = plan["size"]
    print(f"model: {size['rows']} rows, {size['columns']} columns, {size['integers']} yes/no")
    say("plan us-rare-earths, whole command", wall, "s", "< 60")
    say("  of which outside the solver", wall - solve, "s", f"<= {max(8.0, 0.25 * wall):.1f}")
    say("  gap of the gain reached", 100 * float(plan["gap_of_gain"] or 0), "%", "<= 1")


def building(folder: Path) -> None:
    """Build a chain of about 85 000 columns; hand the same arrays to the solver."""
    path = write_generated_chain(folder / "generated", plants=335, grades=6, seed=1)
    case, _, _ = load_case(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    model = build_model(case)
    matrices = model.scaled.matrices
    build = cpu_of(lambda: build_model(case))
    raw = cpu_of(lambda: HighsModel(matrices))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"generated chain: {matrices.rows} rows, {matrices.columns} columns")
    say("formulate with linopy, processor time", build, "s", "<= 2")
    say("raw arrays into the solver, processor time", raw, "s", "beside it")
    say("ratio", build / raw, "x", "-")
    say(f"memory at the end (before formulating: {before:.0f})", memory, "MB", "<= 500")


def linear_methods() -> None:
    """Compare the interior-point method with simplex on the reference relaxation."""
    case, _, _ = load_case(Path("src/coercivity/cases/us-rare-earths"))
    matrices = build_model(case).scaled.matrices
    times = {
        method: HighsModel(matrices).solve(SolveLimits(method=method), integers=False).seconds
        for method in ("ipx", "simplex")
    }
    say("relaxation of the reference case, ipx", times["ipx"], "s", "<= 3")
    say("ratio ipx / simplex", times["ipx"] / times["simplex"], "x", "<= 0.6")


def main() -> None:
    """Print every figure."""
    os.environ["NO_COLOR"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        building(Path(folder))
        commands()
        reference_plan(Path(folder) / "runs")
        linear_methods()
    explanations()


if __name__ == "__main__":
    main()
