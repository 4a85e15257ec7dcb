"""Matrices: what is converted, what is refused."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from coercivity.foundation.errors import InternalError
from coercivity.solvers.matrices import Matrices, extremes

sparse = pytest.importorskip("scipy.sparse")


def small(**changes: Any) -> Matrices:
    arguments: dict[str, Any] = {"cost": [1.0, 2.0], "row_upper": [3.0]} | changes
    return Matrices.of(sparse.csr_array([[1.0, -4.0]]), **arguments)


def test_columns_are_at_least_zero_and_rows_free_unless_told() -> None:
    model = small(row_upper=None)
    assert model.lower.tolist() == [0.0, 0.0]
    assert model.upper.tolist() == [np.inf, np.inf]
    assert not model.integrality.any()
    assert model.row_lower.tolist() == [-np.inf]
    assert model.row_upper.tolist() == [np.inf]


@pytest.mark.parametrize("form", ["csr_array", "csc_matrix", "coo_array"])
def test_any_sparse_form_gives_the_same_columns_without_duplicates_or_zeros(form: str) -> None:
    entries = ([1.0, 2.0, 0.0, 5.0], ([0, 0, 1, 1], [0, 0, 0, 1]))
    given = getattr(sparse, form)(sparse.coo_array(entries, shape=(2, 2)))
    matrix = Matrices.of(given, cost=[0, 0]).matrix
    assert matrix.indptr.tolist() == [0, 1, 2]
    assert matrix.indices.tolist() == [0, 1]
    assert matrix.data.tolist() == [3.0, 5.0]


def test_the_model_does_not_share_memory_with_what_was_given() -> None:
    cost, matrix = np.array([1.0, 2.0]), sparse.csc_array([[1.0, -4.0]])
    model = Matrices.of(matrix, cost=cost)
    cost[0], matrix.data[0] = 9.0, 9.0
    assert model.cost[0] == 1.0
    assert model.matrix.data[0] == 1.0


def test_a_model_travels_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(small(column_names=["a", "b"])))  # noqa: S301
    assert copy.cost.tolist() == [1.0, 2.0]
    assert copy.column_names == ("a", "b")


def test_coefficient_range_leaves_out_zero_and_infinity() -> None:
    found = small(cost=[0, -200], lower=[-7, 0]).coefficient_range()
    assert found.matrix == (1.0, 4.0)
    assert found.cost == (200.0, 200.0)
    assert found.bounds == (7.0, 7.0)
    assert found.rhs == (3.0, 3.0)
    assert extremes(np.array([0.0, np.inf])) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cost": [1.0]}, r"'cost' has shape \(1,\), the matrix asks for \(2,\)"),
        ({"cost": [1.0, np.nan]}, "cost holds nan at position 1"),
        ({"offset": np.inf}, "offset holds inf"),
        ({"lower": [0, np.nan]}, "the lower bound of column 1 is nan"),
        ({"lower": [np.inf, 0]}, "the lower bound of column 0 is inf"),
        ({"row_upper": [-np.inf]}, "the upper bound of row 0 is -inf"),
        ({"column_names": ["a"]}, "1 column names for 2 columns"),
        ({"column_names": ["a", "a"]}, "column name 'a' is empty, repeated"),
        ({"row_names": ["a b"]}, "row name 'a b'"),
    ],
)
def test_a_model_that_is_not_well_formed_is_refused(changes: Any, message: str) -> None:
    with pytest.raises(InternalError, match=message):
        small(**changes)


def test_a_matrix_holds_numbers_only() -> None:
    with pytest.raises(InternalError, match="the matrix holds nan"):
        Matrices.of(sparse.csc_array([[np.nan]]), cost=[1])
