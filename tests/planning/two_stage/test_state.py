"""A search broken off and gone on with ends where it would have ended."""

from __future__ import annotations

import errno
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csc_array

from coercivity.foundation.errors import DiskError, PlanNotFound, RunError
from coercivity.planning.two_stage import SearchLimits, TwoStageProblem, decompose
from coercivity.planning.two_stage.state import fingerprint, load_state
from coercivity.solvers import SolveStatus
from coercivity.uncertainty import MeanAndTail
from tests.planning.two_stage.small_problems import random_problem, stocking

EXACT = SearchLimits(relative_gap=1e-9, absolute_gap=5e-6)


def problem_of(*, whole: bool, complete: bool = True) -> TwoStageProblem:
    """Give a problem of several rounds."""
    rng = np.random.default_rng(21)
    return random_problem(rng, scenarios=4, columns=4, whole=whole, complete=complete)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("rounds", [1, 2, 4, 6])
def test_broken_off_after_any_round_it_ends_at_the_same_bits(
    tmp_path: Path, whole: bool, complete: bool, rounds: int
) -> None:
    problem = problem_of(whole=whole, complete=complete)
    straight = decompose(problem, risk_weight=0.4, limits=EXACT)
    saved = tmp_path / "search.npz"
    # Too few rounds may not have priced a decision yet; what they learned is saved all the same.
    with suppress(PlanNotFound):
        decompose(problem, risk_weight=0.4, limits=replace(EXACT, rounds=rounds), saved=saved)
    assert saved.exists()
    resumed = decompose(problem, risk_weight=0.4, limits=EXACT, saved=saved)
    assert resumed.objective == straight.objective
    assert resumed.bound == straight.bound
    assert resumed.first_stage.tobytes() == straight.first_stage.tobytes()
    assert resumed.rounds == straight.rounds


def test_a_finished_search_is_not_done_again(tmp_path: Path) -> None:
    problem, saved = problem_of(whole=False), tmp_path / "search.npz"
    done = decompose(problem, limits=EXACT, saved=saved)
    asked: list[object] = []
    again = decompose(problem, limits=EXACT, saved=saved, on_progress=asked.append)
    assert asked == []
    assert again.status is SolveStatus.OPTIMAL
    assert again.objective == done.objective


def test_a_search_of_another_problem_is_refused_and_kept(tmp_path: Path) -> None:
    saved = tmp_path / "search.npz"
    decompose(stocking(), saved=saved)
    before = saved.read_bytes()
    with pytest.raises(RunError, match=r"another problem.*U402"):
        decompose(stocking(later=4.0), saved=saved)
    with pytest.raises(RunError, match="another problem"):
        decompose(stocking(), risk_weight=0.5, saved=saved)
    assert saved.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x03\x04cut short"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    saved = tmp_path / "search.npz"
    saved.write_bytes(content)
    with pytest.raises(RunError, match=r"search.npz is damaged.*Delete it.*U402"):
        decompose(stocking(), saved=saved)


def test_a_full_disk_is_told_and_leaves_the_last_round_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, saved = problem_of(whole=False), tmp_path / "search.npz"
    straight = decompose(problem, limits=EXACT)
    decompose(problem, limits=replace(EXACT, rounds=2), saved=saved)
    before = saved.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(np, "savez", full)
        with pytest.raises(DiskError, match=r"search.npz.*disk is full"):
            decompose(problem, limits=EXACT, saved=saved)
    assert saved.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["search.npz"]
    assert decompose(problem, limits=EXACT, saved=saved).objective == straight.objective


def test_every_number_of_a_problem_tells_it_apart() -> None:
    problem, risk = stocking(), MeanAndTail(0.2, 0.1)
    keys = {fingerprint(problem, risk)}
    keys.add(fingerprint(problem, MeanAndTail(0.2, 0.2)))
    for name in ("cost", "upper", "lower"):
        first = replace(problem.first, **{name: getattr(problem.first, name) + 1})
        keys.add(fingerprint(replace(problem, first=first), risk))
    one, two = problem.scenarios
    for changed in (
        replace(one, name="other"),
        replace(one, technology=csc_array([[2.0]])),
        replace(one, model=replace(one.model, row_lower=one.model.row_lower + 1)),
        replace(one, model=replace(one.model, offset=1.0)),
    ):
        keys.add(fingerprint(problem.with_scenarios((changed, two)), risk))
    keys.add(fingerprint(problem.with_scenarios((two, one)), risk))
    assert len(keys) == 10


def test_no_file_is_no_search(tmp_path: Path) -> None:
    assert load_state(tmp_path / "none.npz", key="") is None
