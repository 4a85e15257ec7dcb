"""Known answers, primal and dual, and laws of solving again."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.foundation.errors import InternalError
from coercivity.solvers import HighsModel, Matrices, Solution, SolveLimits, SolveStatus

sparse = pytest.importorskip("scipy.sparse")
optimize = pytest.importorskip("scipy.optimize")
EXACT = SolveLimits(relative_gap=0.0)


def build(rows: Any, **numbers: Any) -> HighsModel:
    return HighsModel(Matrices.of(sparse.csc_array(np.array(rows, dtype=float)), **numbers))


def primal(solution: Solution) -> list[float]:
    assert solution.primal is not None
    return [round(float(value), 9) for value in solution.primal]


# Known answers


def test_covering_by_hand() -> None:
    """Min 2x + 3y + 10 with x + y >= 4, x <= 3: x = 3, y = 1; one more unit asked costs y's 3."""
    model = build([[1, 1]], cost=[2, 3], upper=[3, np.inf], row_lower=[4], offset=10.0)
    solution = model.solve()
    assert solution.status is SolveStatus.OPTIMAL
    assert solution.objective == pytest.approx(19.0)
    assert solution.bound == pytest.approx(19.0)
    assert primal(solution) == [3.0, 1.0]
    assert solution.row_dual is not None
    assert solution.reduced_cost is not None
    assert solution.row_dual.tolist() == pytest.approx([3.0])
    assert solution.reduced_cost.tolist() == pytest.approx([-1.0, 0.0])


def test_packing_by_hand() -> None:
    """Max 3x + 5y with x <= 4, 2y <= 12, 3x + 2y <= 18: (2, 6), worth 36, duals 0, 3/2, 1."""
    model = build([[1, 0], [0, 2], [3, 2]], cost=[-3, -5], row_upper=[4, 12, 18])
    solution = model.solve()
    assert solution.objective == pytest.approx(-36.0)
    assert primal(solution) == [2.0, 6.0]
    assert solution.row_dual is not None
    assert solution.row_dual.tolist() == pytest.approx([0.0, -1.5, -1.0])


def test_whole_columns_by_hand() -> None:
    """Max x + y with 2x + 2y <= 3: whole 1, relaxed 1.5; duals come from the fixed model."""
    model = build([[2, 2]], cost=[-1, -1], upper=[1, 1], integrality=[1, 1], row_upper=[3])
    whole = model.solve()
    assert (whole.status, whole.objective) == (SolveStatus.OPTIMAL, -1.0)
    assert whole.bound == pytest.approx(-1.0)
    assert whole.row_dual is None
    assert whole.reduced_cost is None
    relaxed = model.solve(integers=False)
    assert relaxed.objective == pytest.approx(-1.5)
    assert relaxed.row_dual is not None
    assert relaxed.row_dual.tolist() == pytest.approx([-0.5])
    assert model.solve().objective == pytest.approx(-1.0)


def test_fixing_whole_columns_gives_duals_and_leaves_the_model_as_it_was() -> None:
    """Open a plant for 10, which gives at most 5 at 1 each; else buy at 4. Asked: 4."""
    model = build(
        [[0, 1, 1], [-5, 1, 0]],
        cost=[10, 1, 4],
        upper=[1, np.inf, np.inf],
        integrality=[1, 0, 0],
        row_lower=[4, -np.inf],
        row_upper=[np.inf, 0],
    )
    plan = model.solve()
    assert plan.objective == pytest.approx(14.0)
    assert plan.primal is not None
    fixed = model.solve_fixed(plan.primal + [1e-7, 0, 0])
    assert fixed.objective == pytest.approx(plan.objective)
    assert fixed.row_dual is not None
    assert fixed.row_dual.tolist() == pytest.approx([1.0, 0.0])
    assert model.numbers.lower.tolist() == [0, 0, 0]
    assert model.numbers.upper.tolist() == [1, np.inf, np.inf]
    with pytest.raises(InternalError, match=r"column 0 is to be fixed at 0.5, which is not whole"):
        model.solve_fixed([0.5, 0, 0])


@pytest.mark.parametrize("method", ["choose", "simplex", "ipx"])
@pytest.mark.parametrize("crossover", [True, False])
def test_every_method_finds_the_same_cost(method: Any, crossover: bool) -> None:
    model = build([[1, 0], [0, 2], [3, 2]], cost=[-3, -5], row_upper=[4, 12, 18])
    solution = model.solve(SolveLimits(method=method, crossover=crossover))
    assert solution.status is SolveStatus.OPTIMAL
    assert solution.objective == pytest.approx(-36.0, rel=1e-6)


@pytest.mark.parametrize("method", ["choose", "simplex", "ipx"])
def test_no_method_forgets_that_columns_are_whole(method: Any) -> None:
    model = build([[2, 2]], cost=[-1, -1], upper=[1, 1], integrality=[1, 1], row_upper=[3])
    assert model.solve(SolveLimits(method=method)).objective == pytest.approx(-1.0)


# Statuses


@pytest.mark.parametrize("whole", [False, True])
def test_infeasible(whole: bool) -> None:
    model = build([[1, 1]], cost=[1, 1], upper=[1, 1], integrality=[whole] * 2, row_lower=[3])
    solution = model.solve()
    assert solution.status is SolveStatus.INFEASIBLE
    assert (solution.objective, solution.bound, solution.primal) == (None, None, None)
    assert solution.row_dual is None


def test_infeasible_only_because_columns_are_whole() -> None:
    model = build([[2, -2]], cost=[0, 0], upper=[9, 9], integrality=[1, 1], row_lower=[1],
                  row_upper=[1])  # fmt: skip
    assert model.solve().status is SolveStatus.INFEASIBLE
    assert model.solve(integers=False).status is SolveStatus.OPTIMAL


@pytest.mark.parametrize("sides", [([3], [2], [-9], [9]), ([0], [9], [5], [4])])
def test_crossed_bounds_are_infeasible(sides: Any) -> None:
    lower, upper, row_lower, row_upper = sides
    model = build([[1]], cost=[1], lower=lower, upper=upper, row_lower=row_lower,
                  row_upper=row_upper)  # fmt: skip
    assert model.solve().status is SolveStatus.INFEASIBLE


@pytest.mark.parametrize("whole", [False, True])
def test_unbounded_is_told_from_infeasible(whole: bool) -> None:
    model = build([[1, -1]], cost=[-1, 0], integrality=[whole, False], row_upper=[1])
    solution = model.solve()
    assert solution.status is SolveStatus.UNBOUNDED
    assert solution.primal is None
    assert model.numbers.cost.tolist() == [-1.0, 0.0]
    model.set_row_bounds([0], [3], [2])
    assert model.solve().status is SolveStatus.INFEASIBLE
    model.set_row_bounds([0], [-np.inf], [1])
    model.set_bounds([1], [0], [4])
    assert model.solve().objective == pytest.approx(-5.0)


def test_a_model_without_columns_or_rows_has_its_answer() -> None:
    nothing = sparse.csc_array((1, 0))
    assert HighsModel(Matrices.of(nothing, cost=[], offset=7.0)).solve().objective == 7.0
    never = HighsModel(Matrices.of(nothing, cost=[], row_lower=[1.0]))
    assert never.solve().status is SolveStatus.INFEASIBLE
    free = HighsModel(Matrices.of(sparse.csc_array((0, 2)), cost=[1, -1], upper=[9, 4]))
    assert free.solve().objective == pytest.approx(-4.0)


# What is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model.set_bounds([0, 0], 0, 1), "repeat"),
        (lambda model: model.set_bounds([-1], 0, 1), "outside 0 to 1"),
        (lambda model: model.set_bounds([0.5], 0, 1), "must be whole numbers"),
        (lambda model: model.set_bounds([0, 1], [0], 1), "'lower' has 1 values for 2 positions"),
        (lambda model: model.set_row_bounds([0], np.nan, 1), "lower bound of row 0 is nan"),
        (lambda model: model.set_costs([0], np.nan), "cost holds nan"),
        (lambda model: model.set_costs([0], 1e20), "a cost is 1e.20"),
    ],
)
def test_a_wrong_change_is_refused_and_changes_nothing(call: Any, message: str) -> None:
    model = build([[1, 1]], cost=[2, 3], upper=[3, np.inf], row_lower=[4])
    with pytest.raises(InternalError, match=message):
        call(model)
    assert model.solve().objective == pytest.approx(9.0)


def test_entries_out_of_reach_are_refused_or_told(caplog: Any) -> None:
    with pytest.raises(InternalError, match="entry of the matrix is 1e.15"):
        build([[1e15]], cost=[1])
    with caplog.at_level(logging.WARNING):
        build([[1e-10, 1.0]], cost=[1, 1])
    assert "1 entries of the model are at most 1e-09" in caplog.text


# Laws

whole = st.integers(-4, 4)


@st.composite
def models(draw: Any, *, integers: bool = False) -> dict[str, Any]:
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    matrix = np.array(draw(st.lists(whole, min_size=rows * columns, max_size=rows * columns)))
    lower = np.array(draw(st.lists(st.integers(-3, 1), min_size=columns, max_size=columns)))
    width = np.array(draw(st.lists(st.integers(0, 4), min_size=columns, max_size=columns)))
    upper = (lower + width).astype(float)
    if not integers and draw(st.booleans()):
        upper[0] = np.inf
    sides = st.lists(st.integers(-9, 9), min_size=rows, max_size=rows)
    row_upper = np.array(draw(sides), dtype=float)
    return {
        "matrix": sparse.csc_array(matrix.reshape(rows, columns).astype(float)),
        "cost": np.array(draw(st.lists(whole, min_size=columns, max_size=columns)), dtype=float),
        "lower": lower.astype(float),
        "upper": upper,
        "row_upper": row_upper,
        "row_lower": np.where(draw(st.booleans()), -np.inf, row_upper - 5),
        "integrality": np.full(columns, integers),
    }


def by_scipy(model: dict[str, Any]) -> Any:
    rows = model["matrix"].toarray()
    finite = np.isfinite(model["row_lower"])
    return optimize.linprog(
        model["cost"],
        A_ub=np.vstack([rows, -rows[finite]]),
        b_ub=np.concatenate([model["row_upper"], -model["row_lower"][finite]]),
        bounds=list(zip(model["lower"], model["upper"], strict=True)),
    )


@settings(max_examples=80, deadline=None)
@given(models())
def test_linear_models_agree_with_another_engine(model: dict[str, Any]) -> None:
    solution, other = HighsModel(Matrices.of(**model)).solve(), by_scipy(model)
    expected = {0: SolveStatus.OPTIMAL, 2: SolveStatus.INFEASIBLE, 3: SolveStatus.UNBOUNDED}
    if other.status in expected:
        assert solution.status is expected[other.status]
    if other.status == 0:
        assert solution.objective == pytest.approx(other.fun, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(models())
def test_duals_price_every_column_and_only_what_binds(model: dict[str, Any]) -> None:
    solution = HighsModel(Matrices.of(**model)).solve()
    if solution.status is not SolveStatus.OPTIMAL:
        return
    assert solution.primal is not None
    assert solution.row_dual is not None
    assert solution.reduced_cost is not None
    price = model["matrix"].T @ solution.row_dual + solution.reduced_cost
    assert price == pytest.approx(model["cost"], abs=1e-6)
    activity = model["matrix"] @ solution.primal
    for value, dual, low, high in itertools.chain(
        zip(activity, solution.row_dual, model["row_lower"], model["row_upper"], strict=True),
        zip(solution.primal, solution.reduced_cost, model["lower"], model["upper"], strict=True),
    ):
        if dual > 1e-6:
            assert value == pytest.approx(low, abs=1e-6)
        if dual < -1e-6:
            assert value == pytest.approx(high, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(models(integers=True))
def test_whole_models_agree_with_trying_everything(model: dict[str, Any]) -> None:
    ranges = [
        range(int(low), int(high) + 1)
        for low, high in zip(model["lower"], model["upper"], strict=True)
    ]
    points = np.array(list(itertools.product(*ranges)), dtype=float)
    activity = points @ model["matrix"].T
    fits = ((activity <= model["row_upper"]) & (activity >= model["row_lower"])).all(axis=1)
    loaded = HighsModel(Matrices.of(**model))
    solution = loaded.solve(EXACT)
    if not fits.any():
        assert solution.status is SolveStatus.INFEASIBLE
        return
    assert solution.status is SolveStatus.OPTIMAL
    assert solution.objective == pytest.approx((points[fits] @ model["cost"]).min(), abs=1e-6)
    assert solution.primal is not None
    fixed = loaded.solve_fixed(solution.primal)
    assert fixed.objective == pytest.approx(solution.objective, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(models(), models())
def test_a_changed_model_solves_like_a_new_one(
    first: dict[str, Any], other: dict[str, Any]
) -> None:
    columns = min(first["cost"].size, other["cost"].size)
    rows = min(first["row_upper"].size, other["row_upper"].size)
    changed: dict[str, Any] = {key: np.array(first[key]) for key in first if key != "matrix"}
    for key in ("cost", "lower", "upper"):
        changed[key][:columns] = other[key][:columns]
    for key in ("row_lower", "row_upper"):
        changed[key][:rows] = other[key][:rows]
    model = HighsModel(Matrices.of(**first))
    before, numbers = model.solve(), model.numbers
    some, few = np.arange(columns)[::-1], np.arange(rows)[::-1]
    model.set_bounds(some, changed["lower"][some], changed["upper"][some])
    model.set_row_bounds(few, changed["row_lower"][few], changed["row_upper"][few])
    model.set_costs(some, changed["cost"][some])
    warm = model.solve()
    cold = HighsModel(Matrices.of(first["matrix"], **changed)).solve()
    assert warm.status is cold.status
    if cold.objective is not None:
        assert warm.objective == pytest.approx(cold.objective, abs=1e-6)
    model.restore(numbers)
    after = model.solve()
    assert after.status is before.status
    if before.objective is not None:
        assert after.objective == pytest.approx(before.objective, abs=1e-6)


def test_a_start_that_misses_a_bound_by_rounding_is_taken() -> None:
    model = HighsModel(
        Matrices.of(
            sparse.csc_array([[1.0, 1.0]]),
            cost=[2, 3],
            upper=[3, 9],
            integrality=[1, 0],
            row_lower=[4],
        )
    )
    solution = model.solve(start=[3.0 + 1.33e-7, -1.33e-7])
    assert solution.objective == pytest.approx(9)
