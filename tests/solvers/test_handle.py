"""Limits, silence, and the same answer whatever was solved before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.foundation.errors import InternalError
from coercivity.solvers import HighsModel, Matrices, Solution, SolveLimits, SolveStatus, handle

sparse = pytest.importorskip("scipy.sparse")
EXACT = SolveLimits(relative_gap=0.0)


def build(rows: Any, **numbers: Any) -> HighsModel:
    return HighsModel(Matrices.of(sparse.csc_array(np.array(rows, dtype=float)), **numbers))


def test_a_time_limit_keeps_the_best_solution_so_far(hard: HighsModel) -> None:
    solution = hard.solve(SolveLimits(time_limit=0.5))
    assert solution.status is SolveStatus.FEASIBLE
    assert solution.primal is not None
    assert solution.objective == pytest.approx(float(hard.numbers.cost @ solution.primal))
    assert solution.gap is not None
    assert solution.gap > EXACT.relative_gap


def covering() -> HighsModel:
    rng = np.random.default_rng(2)
    return build(rng.random((60, 90)), cost=rng.random(90) + 0.1, row_lower=np.ones(60) * 5)


def test_no_time_at_all_finds_nothing() -> None:
    solution = covering().solve(SolveLimits(time_limit=0.0))
    assert solution.status is SolveStatus.NOT_FOUND
    assert (solution.objective, solution.primal) == (None, None)


@pytest.mark.parametrize("method", ["simplex", "ipx"])
def test_an_old_solution_is_never_taken_for_a_new_one(method: Any) -> None:
    model = covering()
    model.solve()
    model.set_row_bounds(np.arange(60), np.linspace(50.0, 1.0, 60), np.inf)
    solution = model.solve(SolveLimits(time_limit=0.0, method=method))
    assert solution.status is SolveStatus.NOT_FOUND
    assert solution.primal is None


def test_a_gap_of_zero_is_kept() -> None:
    """Amounts of a millionth decide: a gap of 1e-6, the solver's own default, would not see it."""
    model = build([[1, 1]], cost=[-1.0e-6, -1.9e-6], upper=[1, 1], integrality=[1, 1],
                  row_upper=[1])  # fmt: skip
    start = [1.0, 0.0]
    assert model.solve(EXACT, start=start).objective == pytest.approx(-1.9e-6, rel=1e-9)


def test_nothing_is_written_to_the_terminal(capfd: Any, hard: HighsModel) -> None:
    hard.solve(SolveLimits(time_limit=0.1))
    hard.solve(integers=False)
    with pytest.raises(InternalError, match="outside 0 to 119"):
        hard.set_bounds([120], 0, 0)
    assert capfd.readouterr() == ("", "")


# The same answer


def test_the_same_limits_give_the_same_bits_whatever_was_solved_before(moderate: Matrices) -> None:
    fresh = HighsModel(moderate).solve(EXACT)
    used = HighsModel(moderate)
    used.solve(SolveLimits(relative_gap=0.05, seed=3))
    used.solve(integers=False)
    again = used.solve(EXACT)
    assert fresh.primal is not None
    assert again.primal is not None
    assert np.array_equal(fresh.primal, again.primal)
    assert (fresh.objective, fresh.nodes, fresh.iterations) == (
        again.objective,
        again.nodes,
        again.iterations,
    )


def test_the_number_of_threads_may_change_within_a_process(moderate: Matrices) -> None:
    costs = [
        HighsModel(moderate).solve(SolveLimits(threads=threads, relative_gap=0.0)).objective
        for threads in (1, 2, 1, 2)
    ]
    assert costs[0] is not None
    assert costs == pytest.approx([costs[0]] * 4)


def test_a_start_is_used(hard: HighsModel) -> None:
    best = hard.solve(SolveLimits(time_limit=0.5))
    assert best.primal is not None
    assert best.objective is not None
    again = hard.solve(SolveLimits(relative_gap=1.0), start=best.primal)
    assert again.objective is not None
    assert again.objective <= best.objective + 1e-9


def test_a_start_that_cannot_be_is_dropped(moderate: Matrices) -> None:
    plain, started = HighsModel(moderate), HighsModel(moderate)
    assert started.solve(EXACT, start=np.ones(moderate.columns)).objective == pytest.approx(
        plain.solve(EXACT).objective
    )
    with pytest.raises(InternalError, match="meets 30 columns"):
        started.solve(start=[1.0])


def test_a_vertex_makes_solves_independent_of_what_came_before() -> None:
    rng = np.random.default_rng(5)
    rows = rng.random((12, 20)).round(2)
    changes = rng.random((6, 12)).round(2) * 3
    model = build(rows, cost=rng.random(20).round(1), upper=np.full(20, 9.0), row_lower=np.ones(12))
    model.solve()
    vertex = model.basis()
    assert vertex is not None

    def answers(order: list[int]) -> dict[int, Solution]:
        found = {}
        for index in order:
            model.start_from(vertex)
            model.set_row_bounds(np.arange(12), changes[index], np.inf)
            found[index] = model.solve()
        return found

    there, back = answers([0, 1, 2, 3, 4, 5]), answers([5, 4, 3, 2, 1, 0])
    for index in range(6):
        assert np.array_equal(np.array(there[index].primal), np.array(back[index].primal))
        assert np.array_equal(np.array(there[index].row_dual), np.array(back[index].row_dual))


def test_starting_cold_forgets_the_vertex() -> None:
    model = build([[1, 1]], cost=[2, 3], row_lower=[4])
    model.solve()
    assert model.basis() is not None
    model.start_from(None)
    assert model.basis() is None


def test_a_warm_solve_after_a_small_change_takes_few_steps() -> None:
    model = covering()
    cold = model.solve(SolveLimits(method="simplex"))
    model.set_row_bounds([0], [5.01], [np.inf])
    warm = model.solve(SolveLimits(method="simplex"))
    assert warm.status is SolveStatus.OPTIMAL
    assert warm.iterations < cold.iterations / 2


def test_large_models_get_the_same_answer_by_another_method(
    monkeypatch: pytest.MonkeyPatch, moderate: Matrices
) -> None:
    small = covering().solve(), HighsModel(moderate).solve(EXACT)
    monkeypatch.setattr(handle, "LARGE", 0)
    monkeypatch.setattr(handle, "LARGE_SEARCH", 0)
    large = covering().solve(), HighsModel(moderate).solve(EXACT)
    for one, other in zip(small, large, strict=True):
        assert other.objective == pytest.approx(one.objective, rel=1e-9)


def test_a_model_that_gets_no_answer_twice_is_told_to_be_a_matter_of_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handle, "ANSWERS", frozenset())
    with pytest.raises(InternalError, match=r"no answer .*status 'Optimal'.* largest and smallest"):
        covering().solve()


def test_the_time_of_a_search_is_not_taken_from_the_linear_model_after_it(hard: HighsModel) -> None:
    limits = SolveLimits(time_limit=2.0)
    assert hard.solve(limits).status is SolveStatus.FEASIBLE
    assert hard.solve(limits, integers=False).status is SolveStatus.OPTIMAL
