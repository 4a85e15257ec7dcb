"""Proofs that no solution exists, and vertices handed on to larger models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from coercivity.solvers import HighsModel, Matrices, SolveStatus


def violated_by(model: Matrices, ray: np.ndarray) -> float:
    """Give how much more the weighted rows ask for than the columns can give."""
    sides = np.where(ray > 0, model.row_lower, model.row_upper)
    asked = float(ray[ray != 0] @ sides[ray != 0])
    reach = model.matrix.T @ ray  # type: ignore[attr-defined]
    ends = np.where(reach > 0, model.upper, model.lower)
    return asked - float(reach[reach != 0] @ ends[reach != 0])


def random_model(seed: int) -> Matrices:
    rng = np.random.default_rng(seed)
    rows, columns = 4, 5
    return Matrices.of(
        csc_array(rng.integers(-3, 4, (rows, columns)).astype(float)),
        cost=rng.uniform(0, 1, columns),
        upper=np.full(columns, 3.0),
        row_lower=rng.integers(-4, 9, rows).astype(float),
        row_upper=np.full(rows, 12.0),
    )


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_ray_proves_that_there_is_no_solution(seed: int) -> None:
    matrices = random_model(seed)
    model = HighsModel(matrices)
    found = model.solve()
    ray = model.dual_ray()
    if found.status is SolveStatus.INFEASIBLE:
        assert ray is not None
        assert max(violated_by(matrices, ray), violated_by(matrices, -ray)) > 0
    else:
        assert ray is None


def test_a_model_solves_as_before_after_its_ray_was_asked_for() -> None:
    model = HighsModel(
        Matrices.of(csc_array([[1.0, 1.0]]), cost=[2, 3], upper=[3, 3], row_lower=[7])
    )
    assert model.solve().status is SolveStatus.INFEASIBLE
    assert model.dual_ray() is not None
    model.set_row_bounds([0], [4], [np.inf])
    assert model.solve().objective == pytest.approx(9.0)
    assert model.dual_ray() is None


def test_a_vertex_serves_a_model_with_further_rows() -> None:
    few = Matrices.of(csc_array([[1.0, 1.0]]), cost=[2, 3], upper=[3, 9], row_lower=[4])
    model = HighsModel(few)
    model.solve()
    basis = model.basis()
    assert basis is not None
    more = Matrices.of(
        csc_array([[1.0, 1.0], [0.0, 1.0]]), cost=[2, 3], upper=[3, 9], row_lower=[4, 2]
    )
    grown = HighsModel(more)
    grown.start_from(basis.with_rows(1))
    found = grown.solve()
    assert found.objective == pytest.approx(10.0)
    assert found.iterations <= 2
