from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.dispatch.builder import ModelBuilder, Terms
from coercivity.dispatch.export import cost_unit, scaled_model
from coercivity.solvers import HighsModel, Matrices, SolveStatus

Entries = list[tuple[int, int, float]]


def matrix(builder: ModelBuilder) -> Matrices:
    return scaled_model(builder).matrices


def rows_of(entries: Entries) -> Terms:
    return Terms.of(
        [e[0] for e in entries], [e[1] for e in entries], np.array([e[2] for e in entries], float)
    )


def numbered(count: int) -> dict[str, list[int]]:
    return {"row": list(range(count))}


def test_terms_that_meet_in_an_entry_are_summed() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0, 1]})
    first = Terms.of([0, 0], x.labels, [1.0, 2.0])
    second = Terms.of([0, 0], [x.labels[1], x.labels[1]], [3.0, 4.0])
    builder.add_rows("r", numbered(1), [first, second], "<=", 5.0)
    assert matrix(builder).matrix.toarray().tolist() == [[1.0, 9.0]]  # type: ignore[attr-defined]


def test_terms_that_cancel_leave_no_entry() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0, 1]})
    terms = [Terms.of([0, 0], x.labels, 1.0), Terms.of([0], x.labels[:1], -1.0)]
    builder.add_rows("r", numbered(1), terms, "=", 0.0)
    assert len(matrix(builder).matrix.data) == 1


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 6),
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(-3, 3).map(float)),
        max_size=40,
    ),
)
def test_rows_of_any_length_come_out_as_they_were_given(length: int, drawn: Entries) -> None:
    entries = [(row % length, column, value) for row, column, value in drawn]
    expected = np.zeros((length, 9))
    for row, column, value in entries:
        expected[row, column] += value
    builder = ModelBuilder()
    builder.add_columns("x", {"n": list(range(9))})
    right = np.arange(length) + 1.0
    family = builder.add_rows("r", numbered(length), [rows_of(entries)], "<=", right)
    found = matrix(builder)
    dense = found.matrix.toarray()[:, :9]  # type: ignore[attr-defined]
    assert dense[family.positions].tolist() == expected.tolist()
    assert found.row_upper[family.positions].tolist() == right.tolist()
    assert sorted(family.positions.tolist()) == list(range(length))


def test_rows_of_unlike_length_are_not_padded_to_the_longest() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": list(range(64))})
    entries = [(0, int(label), 1.0) for label in x.labels]
    entries += [(row, 0, 1.0) for row in range(1, 50)]
    builder.add_rows("r", numbered(50), [rows_of(entries)], ">=", 0.0)
    stored = sum(c.coeffs.size for _, c in builder.model.constraints.items())
    assert stored == 64 + 49


@pytest.mark.parametrize(
    ("sense", "right", "status"),
    [
        ("=", 1.0, SolveStatus.INFEASIBLE),
        (">=", 1.0, SolveStatus.INFEASIBLE),
        ("<=", -1.0, SolveStatus.INFEASIBLE),
        ("<=", 1.0, SolveStatus.OPTIMAL),
        ("=", 0.0, SolveStatus.OPTIMAL),
    ],
)
def test_a_row_without_entries_still_counts(sense: str, right: float, status: SolveStatus) -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0]}, upper=1.0)
    before = builder.add_rows("bare", numbered(1), [Terms.of([], [], [])], sense, right)
    after = builder.add_rows("full", numbered(1), [Terms.of([0], x.labels, 1.0)], ">=", 0.5)
    model = matrix(builder)
    assert (before.positions.tolist(), after.positions.tolist()) == ([0], [1])
    assert model.row_lower[1] == 0.5
    assert HighsModel(model).solve().status is status


def test_an_unlimited_row_keeps_its_place() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0]})
    terms = [Terms.of([0, 1], [x.labels[0]] * 2, 1.0)]
    family = builder.add_rows("r", numbered(2), terms, "<=", np.array([np.inf, 2.0]))
    assert family.positions.tolist() == [0, 1]
    assert matrix(builder).row_upper.tolist() == [np.inf, 2.0]


def test_a_family_without_rows_adds_nothing() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0]})
    builder.add_rows("none", {"n": []}, [Terms.of([], [], [])], "<=", 0.0)
    builder.add_rows("one", numbered(1), [Terms.of([0], x.labels, 1.0)], "<=", 1.0)
    assert matrix(builder).rows == 1


def test_an_unknown_sense_is_refused() -> None:
    with pytest.raises(ValueError, match=r"sense must be one of \['<=', '=', '>='\], got '<'"):
        ModelBuilder().add_rows("r", numbered(1), [], "<", 0.0)


def test_a_right_side_that_is_no_number_is_refused() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0]})
    with pytest.raises(ValueError, match=r"right side of 'r' has a value that is not a number"):
        builder.add_rows("r", numbered(1), [Terms.of([0], x.labels, 1.0)], "<=", float("nan"))


def test_a_single_coefficient_is_repeated() -> None:
    assert Terms.of([0, 1, 2], [5, 6, 7], 2.5).coefficients.tolist() == [2.5, 2.5, 2.5]


def test_the_cost_terms_sum_to_what_is_minimised() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0, 1]}, upper=10.0)
    y = builder.add_columns("y", {"n": [0]}, upper=10.0)
    builder.add_cost("freight", x, [1.0, 4.0])
    builder.add_cost("freight", y, 2.0)
    builder.add_cost("tariff", x, [0.5, 0.0])
    builder.add_constant("holding", 7.0)
    builder.add_rows("r", numbered(1), [Terms.of([0, 0, 0], [*x.labels, *y.labels], 1.0)], ">=", 15)
    scaled = scaled_model(builder)
    solution = HighsModel(scaled.matrices).solve()
    assert solution.primal is not None
    assert solution.objective is not None
    terms = builder.cost_terms(np.asarray(solution.primal))
    assert terms == pytest.approx({"freight": 10 * 1 + 5 * 2, "tariff": 5.0, "holding": 7.0})
    assert solution.objective * scaled.unit == pytest.approx(sum(terms.values()))


def test_a_cost_of_nothing_is_no_term() -> None:
    builder = ModelBuilder()
    x = builder.add_columns("x", {"n": [0]})
    builder.add_cost("freight", x, 0.0)
    builder.add_constant("holding", 0.0)
    assert builder.cost_terms(np.zeros(1)) == {}


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=9))
def test_the_largest_scaled_cost_is_about_a_thousand(costs: list[float]) -> None:
    unit = cost_unit(np.array(costs))
    assert 10**2.4 <= max(costs) / unit <= 10**3.6
    assert np.log10(unit) == pytest.approx(round(np.log10(unit)))


def test_names_say_what_rows_and_columns_stand_for() -> None:
    builder = ModelBuilder(named=True)
    x = builder.add_columns("flow", {"lane": ["a", "b"], "period": [0, 1]})
    builder.add_rows("limit", {"lane": ["a"]}, [Terms.of([0], x.labels[:1], 1.0)], "<=", 1.0)
    assert builder.model.variables["flow"].indexes["flow_index"].tolist() == ["a|0", "b|1"]
    assert builder.model.constraints["limit~0"].indexes["limit_row0"].tolist() == ["a"]
