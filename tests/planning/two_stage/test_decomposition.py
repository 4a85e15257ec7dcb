"""The decomposition finds what the extensive form finds, and proves it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from coercivity.foundation.errors import (
    InfeasiblePlan,
    PlanNotFound,
    Stopped,
    UnboundedPlan,
    UsageError,
)
from coercivity.planning.two_stage import (
    Recourse,
    SearchLimits,
    SearchProgress,
    TwoStageProblem,
    decompose,
    risk_of,
    solve_extensive,
)
from coercivity.solvers import HighsModel, Matrices, Solution, SolveLimits, SolveStatus
from tests.planning.two_stage.small_problems import problems, random_problem, stocking

EXACT = SearchLimits(relative_gap=1e-9, absolute_gap=5e-6)
"""As near as can be: whole decisions keep the cuts to the solver's tolerance, 1e-6."""
weights = st.sampled_from([0.0, 0.3, 1.0])
tails = st.sampled_from([0.05, 0.4, 1.0])


@settings(deadline=None, max_examples=60)
@given(problems(), weights, tails)
def test_equals_the_extensive_form(
    problem: TwoStageProblem, risk_weight: float, tail_probability: float
) -> None:
    whole = solve_extensive(
        problem,
        risk_weight=risk_weight,
        tail_probability=tail_probability,
        limits=SolveLimits(relative_gap=0.0),
    )
    parts = decompose(
        problem, risk_weight=risk_weight, tail_probability=tail_probability, limits=EXACT
    )
    assert parts.status is SolveStatus.OPTIMAL
    assert parts.objective == pytest.approx(whole.objective, rel=1e-6, abs=1e-5)
    assert parts.bound <= parts.objective
    assert parts.bound == pytest.approx(whole.objective, rel=1e-6, abs=1e-5)


@settings(deadline=None, max_examples=30)
@given(problems(), weights, tails)
def test_the_decision_costs_what_is_said(
    problem: TwoStageProblem, risk_weight: float, tail_probability: float
) -> None:
    found = decompose(
        problem, risk_weight=risk_weight, tail_probability=tail_probability, limits=EXACT
    )
    priced = risk_of(
        problem, found.first_stage, risk_weight=risk_weight, tail_probability=tail_probability
    )
    assert priced == pytest.approx(found.objective, rel=1e-9, abs=1e-9)
    parts = found.first_stage[problem.first.integrality]
    assert (parts == np.rint(parts)).all()


def test_whole_decisions_agree_with_trying_everything() -> None:
    for seed in range(8):
        problem = random_problem(np.random.default_rng(seed), scenarios=3, columns=2, whole=True)
        rule = problem.first.row_upper[0]
        costs = [
            risk_of(problem, decision)
            for decision in itertools.product(range(7), repeat=2)
            if sum(decision) <= rule
        ]
        found = decompose(problem, limits=EXACT)
        assert found.objective == pytest.approx(min(costs), rel=1e-7)


@settings(deadline=None, max_examples=25)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_scenarios_does_not_matter(problem: TwoStageProblem, random: object) -> None:
    order = list(range(len(problem.scenarios)))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = problem.with_scenarios(tuple(problem.scenarios[place] for place in order))
    one, other = (decompose(p, risk_weight=0.3, limits=EXACT) for p in (problem, mixed))
    assert one.objective == pytest.approx(other.objective, rel=1e-7, abs=1e-5)


def test_decisions_that_cannot_be_continued_are_ruled_out() -> None:
    tried = served = 0
    for seed in range(30):
        problem = random_problem(np.random.default_rng(seed), scenarios=3, complete=False)
        tried += 1
        try:
            whole = solve_extensive(problem)
        except InfeasiblePlan:
            with pytest.raises(InfeasiblePlan, match="every scenario"):
                decompose(problem, limits=EXACT)
            continue
        served += 1
        parts = decompose(problem, limits=EXACT, start=np.zeros(problem.first.columns))
        assert parts.objective == pytest.approx(whole.objective, rel=1e-6)
    assert 5 < served <= tried


def test_a_first_stage_without_limits_is_held_in_a_box_for_a_while() -> None:
    # Without cuts that price it, buying less than nothing would pay without end.
    problem = stocking()
    free = replace(problem.first, lower=np.array([-np.inf]), upper=np.array([np.inf]))
    found = decompose(replace(problem, first=free), limits=EXACT, start=[500.0])
    assert found.first_stage.tolist() == pytest.approx([30.0])
    assert found.objective == pytest.approx(30.0)


def test_a_cost_without_lower_limit_is_told() -> None:
    problem = stocking()
    first = replace(problem.first, cost=np.array([-1.0]), upper=np.array([np.inf]))
    with pytest.raises(UnboundedPlan, match="no lower limit"):
        decompose(replace(problem, first=first))


def test_a_scenario_that_earns_without_limit_is_named() -> None:
    sell = Matrices.of(csc_array((0, 1)), cost=[-1.0])
    problem = TwoStageProblem(
        stocking().first, (Recourse("gold rush", 1.0, csc_array((0, 1)), sell),)
    )
    with pytest.raises(UnboundedPlan, match="gold rush"):
        decompose(problem, start=[0.0])


def test_whole_columns_after_the_first_stage_are_refused() -> None:
    problem = stocking()
    model = replace(problem.scenarios[0].model, integrality=np.array([True]))
    changed = replace(problem.scenarios[0], model=model)
    with pytest.raises(UsageError, match=r"extensive form instead.*U403"):
        decompose(problem.with_scenarios((changed, problem.scenarios[1])))


def test_a_stop_gives_the_best_decision_so_far_and_a_true_bound() -> None:
    problem = random_problem(np.random.default_rng(2), scenarios=5, columns=4)
    stop, seen = Event(), list[SearchProgress]()

    def watch(progress: SearchProgress) -> None:
        seen.append(progress)
        if progress.round == 2:
            stop.set()

    found = decompose(problem, limits=EXACT, on_progress=watch, stop=stop)
    best = solve_extensive(problem).objective
    assert found.status is SolveStatus.STOPPED
    assert found.bound <= best + 1e-9 <= found.objective + 2e-9
    assert [progress.round for progress in seen] == [1, 2]


def test_a_stop_before_the_first_round_gives_nothing() -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Stopped, match="R004"):
        decompose(stocking(), stop=stop)


def test_no_time_gives_nothing() -> None:
    with pytest.raises(PlanNotFound, match="P403"):
        decompose(stocking(), limits=SearchLimits(time_limit=0.0))


def test_a_wider_gap_is_kept_to() -> None:
    problem = random_problem(np.random.default_rng(5), scenarios=5, columns=4)
    found = decompose(problem, limits=SearchLimits(relative_gap=0.2))
    best = solve_extensive(problem).objective
    assert found.status is SolveStatus.OPTIMAL
    assert found.objective - found.bound <= 0.2 * abs(found.objective)
    assert found.bound <= best + 1e-9
    assert found.rounds < decompose(problem, limits=EXACT).rounds


def test_progress_brings_cost_and_bound_together() -> None:
    seen: list[SearchProgress] = []
    problem = random_problem(np.random.default_rng(3), scenarios=4, columns=4, whole=True)
    decompose(problem, limits=EXACT, on_progress=seen.append)
    bounds = [progress.bound for progress in seen if progress.bound is not None]
    costs = [progress.objective for progress in seen if progress.objective is not None]
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)
    assert {progress.phase for progress in seen} == {"cuts", "search"}


@pytest.mark.parametrize(
    ("name", "value"), [("relative_gap", -0.1), ("time_limit", -1.0), ("rounds", 0)]
)
def test_limits_that_end_before_the_beginning_are_refused(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=name):
        SearchLimits(**{name: value})  # type: ignore[arg-type]


def test_a_file_where_the_search_is_saved_changes_nothing(tmp_path: Path) -> None:
    problem = random_problem(np.random.default_rng(6), scenarios=4, whole=True)
    kept = decompose(problem, limits=EXACT, saved=tmp_path / "search.npz")
    plain = decompose(problem, limits=EXACT)
    assert kept.objective == plain.objective
    assert kept.bound == plain.bound
    assert kept.first_stage.tobytes() == plain.first_stage.tobytes()


@pytest.mark.parametrize("place", ["between rounds", "within a solve"])
def test_ctrl_c_keeps_the_best_decision_so_far(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(np.random.default_rng(2), scenarios=5, columns=4)

    def press(progress: SearchProgress) -> None:
        if progress.round != 2:
            return
        if place == "between rounds":
            raise KeyboardInterrupt
        stopped = Solution(SolveStatus.STOPPED)
        monkeypatch.setattr(HighsModel, "solve", lambda *_, **__: stopped)

    found = decompose(problem, limits=EXACT, on_progress=press)
    monkeypatch.undo()
    assert found.status is SolveStatus.STOPPED
    assert found.bound <= solve_extensive(problem).objective + 1e-9 <= found.objective + 2e-9
