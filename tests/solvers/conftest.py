"""Models that several tests use."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.solvers import HighsModel, Matrices

sparse = pytest.importorskip("scipy.sparse")


def knapsack(rows: int, columns: int, *, seed: int = 1) -> Matrices:
    """Choose among things whose worth nearly follows their weight: hard for branch and bound."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(5, 100, (rows, columns)).astype(float)
    return Matrices.of(
        sparse.csc_array(weights),
        cost=-(weights.sum(0) / rows + rng.integers(0, 20, columns)),
        upper=np.ones(columns),
        integrality=np.ones(columns, bool),
        row_upper=weights.sum(1) / 2,
    )


@pytest.fixture
def hard() -> HighsModel:
    """Give a model that finds a solution at once and proves nothing for hours."""
    return HighsModel(knapsack(8, 120))


@pytest.fixture
def moderate() -> Matrices:
    """Give a model that needs some thousand branches."""
    return knapsack(4, 30)
