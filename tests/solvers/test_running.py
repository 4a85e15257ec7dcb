"""Stopping: by a signal, by Ctrl-C, by an error of the caller's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Timer
from typing import Any

import highspy
import numpy as np
import pytest

from coercivity.solvers import HighsModel, Progress, SolveLimits, SolveStatus
from coercivity.solvers.matrices import Array
from coercivity.solvers.running import Runner
from tests.solvers.conftest import knapsack

sparse = pytest.importorskip("scipy.sparse")

SAFETY = SolveLimits(time_limit=120.0, relative_gap=0.0)
SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from conftest import knapsack
from coercivity.solvers import HighsModel, SolveLimits

shown = []
def show(progress):
    if progress.objective is not None and not shown:
        shown.append(progress)
        print("working", flush=True)

solution = HighsModel(knapsack(8, 120)).solve(SolveLimits(time_limit=120.0), on_progress=show)
print(solution.status.value, solution.primal is not None, solution.bound < solution.objective)
"""


def test_a_signal_from_another_thread_stops_and_keeps_the_best(hard: HighsModel) -> None:
    stop = Event()
    timer = Timer(0.4, stop.set)
    timer.start()
    solution = hard.solve(SAFETY, stop=stop)
    timer.join()
    assert solution.status is SolveStatus.STOPPED
    assert solution.primal is not None
    assert solution.objective == pytest.approx(float(hard.numbers.cost @ solution.primal))
    assert solution.bound is not None


def test_a_signal_raised_before_stops_at_once(hard: HighsModel) -> None:
    stop = Event()
    stop.set()
    assert hard.solve(SAFETY, stop=stop).status is SolveStatus.STOPPED


def test_a_stopped_model_can_be_solved_again(hard: HighsModel) -> None:
    stop = Event()
    hard.solve(SAFETY, stop=stop, on_progress=lambda _: stop.set())
    assert hard.solve(integers=False).status is SolveStatus.OPTIMAL


def test_progress_tells_cost_above_bound_in_the_callers_thread(hard: HighsModel) -> None:
    told: list[Progress] = []
    hard.solve(SolveLimits(time_limit=0.6, relative_gap=0.0), on_progress=told.append)
    assert told
    last = told[-1]
    assert last.objective is not None
    assert last.bound is not None
    assert last.bound < last.objective
    assert [one.seconds for one in told] == sorted(one.seconds for one in told)


def test_an_error_of_the_callback_stops_the_solver_and_is_raised(hard: HighsModel) -> None:
    def fail(_progress: Progress) -> None:
        msg = "the pipe is closed"
        raise BrokenPipeError(msg)

    with pytest.raises(BrokenPipeError, match="the pipe is closed"):
        hard.solve(SAFETY, on_progress=fail)
    assert hard.solve(integers=False).status is SolveStatus.OPTIMAL


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_returns_the_best_so_far() -> None:
    script = SCRIPT.format(folder=str(Path(__file__).parent))
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=60)
    assert (told, errors) == ("stopped True True\n", "")
    assert process.returncode == 0


class Stubborn:
    """A solver that does not hear."""

    def __init__(self, best: Array | None = None) -> None:
        self.released = Event()
        self.watch: Any = None
        self.best = best

    def setCallback(self, watch: Any, _data: object) -> None:  # noqa: N802
        self.watch = watch

    def startCallback(self, _kind: object) -> None:  # noqa: N802
        pass

    def run(self) -> highspy.HighsStatus:
        self.watch.best = self.best
        self.released.wait(60)
        return highspy.HighsStatus.kOk


def test_the_second_ctrl_c_is_raised_while_the_solver_still_works() -> None:
    solver = Stubborn()
    runner = Runner(solver)  # type: ignore[arg-type]
    pressed: list[Progress] = []

    def press(progress: Progress) -> None:
        pressed.append(progress)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runner.run(press, None)
    assert len(pressed) == 2
    assert solver.watch.stopping
    assert not solver.released.is_set()
    solver.released.set()
    runner.settle()


def test_a_solver_that_does_not_hear_is_left_behind_and_waited_for_before_the_next_run() -> None:
    solver = Stubborn(best=np.ones(1))
    runner = Runner(solver)  # type: ignore[arg-type]
    stop = Event()
    stop.set()
    left = runner.run(None, stop, patience=0.0)
    assert left.left
    assert not left.interrupted
    assert not solver.released.is_set()
    solver.released.set()
    again = runner.run(None, stop, patience=0.0)
    assert not again.left
    assert again.status is highspy.HighsStatus.kOk


def test_a_search_without_a_solution_is_waited_for_since_it_may_still_find_one() -> None:
    solver = Stubborn()
    runner = Runner(solver)  # type: ignore[arg-type]
    stop = Event()
    stop.set()
    timer = Timer(0.3, solver.released.set)
    timer.start()
    assert not runner.run(None, stop, patience=0.0).left
    assert solver.released.is_set()
    timer.join()


def test_a_search_that_is_left_behind_gives_its_best_and_the_model_can_be_solved_again(
    hard: HighsModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.solvers.handle.PATIENCE", -1.0)
    handles = [hard._handle]
    relaxed = hard.solve(integers=False)
    for _ in range(3):
        stop = Event()

        def found(progress: Progress, stop: Event = stop) -> None:
            if progress.objective is not None:
                stop.set()

        solution = hard.solve(SAFETY, stop=stop, on_progress=found)
        assert hard._handle not in handles
        handles.append(hard._handle)
        assert solution.status is SolveStatus.STOPPED
        assert solution.primal is not None
        assert solution.bound is not None
        assert solution.objective is not None
        _expect_possible(solution.primal)
        assert solution.objective == pytest.approx(float(hard.numbers.cost @ solution.primal))
        assert relaxed.objective is not None
        assert relaxed.objective - 1e-6 <= solution.bound <= solution.objective
        fixed = hard.solve_fixed(solution.primal)
        assert fixed.status is SolveStatus.OPTIMAL
        assert fixed.objective == pytest.approx(solution.objective)
    assert hard.solve(integers=False).objective == pytest.approx(relaxed.objective)
    for handle in handles:
        handle.forget()


def _expect_possible(primal: Array) -> None:
    matrices = knapsack(8, 120)
    assert np.all(primal >= -1e-6)
    assert np.all(primal <= 1 + 1e-6)
    assert np.all(np.abs(primal - np.rint(primal)) <= 1e-4)
    weights = sparse.csc_array(matrices.matrix)
    assert np.all(weights @ primal <= matrices.row_upper + 1e-6)


def test_changes_made_before_a_search_is_left_behind_hold_after_it(
    hard: HighsModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.solvers.handle.PATIENCE", -1.0)
    hard.set_bounds([0, 1], [1, 0], [1, 0])
    before = hard.solve(integers=False).objective
    stop = Event()
    hard.solve(SAFETY, stop=stop, on_progress=lambda _: stop.set())
    after = hard.solve(integers=False)
    assert after.objective == pytest.approx(before)
    assert after.primal is not None
    assert after.primal[:2].tolist() == [1.0, 0.0]


def test_ctrl_c_is_told_even_when_the_solver_came_to_its_end() -> None:
    solver = Stubborn()
    runner = Runner(solver)  # type: ignore[arg-type]

    def press(_progress: Progress) -> None:
        solver.released.set()
        raise KeyboardInterrupt

    assert runner.run(press, None).interrupted
    assert not runner.run(None, None).interrupted
