"""Any number of processes gives the same bits; one that dies loses nothing that was finished."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import UnboundedPlan, UsageError
from coercivity.planning.two_stage import (
    SearchLimits,
    SearchProgress,
    TwoStageProblem,
    TwoStageSolution,
    WorkerLost,
    decompose,
)
from tests.planning.two_stage.small_problems import random_problem, stocking

EXACT = SearchLimits(relative_gap=1e-9, absolute_gap=5e-6)


def problem_of(*, whole: bool = True) -> TwoStageProblem:
    """Give a problem of several rounds."""
    return random_problem(np.random.default_rng(11), scenarios=5, columns=4, whole=whole)


def bits(found: TwoStageSolution) -> tuple[bytes, bytes, float, float, int, int]:
    """Give everything that must not depend on the number of processes."""
    return (
        found.first_stage.tobytes(),
        found.scenario_costs.tobytes(),
        found.objective,
        found.bound,
        found.rounds,
        found.cuts,
    )


@pytest.mark.parametrize("whole", [False, True])
def test_one_two_and_three_processes_give_the_same_bits(whole: bool) -> None:
    problem = problem_of(whole=whole)
    answers = [
        bits(decompose(problem, risk_weight=0.3, limits=EXACT, workers=workers))
        for workers in (1, 2, 3)
    ]
    assert answers[0] == answers[1] == answers[2]


def test_a_killed_process_is_told_and_the_search_goes_on_from_where_it_was(
    tmp_path: Path,
) -> None:
    problem, saved = problem_of(), tmp_path / "search.npz"
    undisturbed = decompose(problem, limits=EXACT)

    def kill_one(progress: SearchProgress) -> None:
        if progress.round == 3:
            children = multiprocessing.active_children()
            assert len(children) == 2
            os.kill(children[0].pid or 0, signal.SIGKILL)

    with pytest.raises(WorkerLost, match=r"killed, or the machine ran out of memory.*\[U401\]"):
        decompose(problem, limits=EXACT, workers=2, saved=saved, on_progress=kill_one)
    assert multiprocessing.active_children() == []
    seen: list[SearchProgress] = []
    resumed = decompose(problem, limits=EXACT, workers=2, saved=saved, on_progress=seen.append)
    assert seen[0].round == 4
    assert bits(resumed) == bits(undisturbed)


def test_an_error_in_a_process_arrives_as_it_is() -> None:
    problem = stocking(later=-1.0)
    with pytest.raises(UnboundedPlan, match="need-0"):
        decompose(problem, start=[0.0], workers=2)


def test_more_processes_than_scenarios_are_not_started() -> None:
    assert decompose(stocking(), workers=7).objective == pytest.approx(30.0)


def test_no_process_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match=r"0 worker processes.*R001"):
        decompose(stocking(), workers=0)
