"""Branching on a few columns of a loaded model finds what trying all of them finds."""

from __future__ import annotations

from itertools import product
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from coercivity.foundation.errors import Stopped
from coercivity.planning.explanations.search import settle
from coercivity.solvers import HighsModel, Matrices

COUNTS = st.lists(st.integers(1, 9), min_size=6, max_size=6)


def _model(costs: list[int], sizes: list[int], wanted: int) -> HighsModel:
    """Three whole columns and three others serve an amount; each of the others is limited."""
    upper = [2, 2, 2, 3, 3, 3]
    matrix = csc_array([[float(size) for size in sizes], [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]])
    return HighsModel(
        Matrices.of(
            matrix,
            cost=costs,
            upper=upper,
            row_lower=[wanted, -np.inf],
            row_upper=[np.inf, 4.0],
        )
    )


@settings(max_examples=40, deadline=None)
@given(costs=COUNTS, sizes=COUNTS, wanted=st.integers(1, 60))
def test_finds_the_same_as_trying_every_value(
    costs: list[int], sizes: list[int], wanted: int
) -> None:
    columns, high = np.arange(3), np.full(3, 2.0)
    tried = []
    for values in product(range(3), repeat=3):
        model = _model(costs, sizes, wanted)
        model.set_bounds(columns, np.array(values, float), np.array(values, float))
        objective = model.solve().objective
        if objective is not None:
            tried.append(objective)
    found = settle(_model(costs, sizes, wanted), columns, lower=np.zeros(3), upper=high)
    assert found.proven
    if not tried:
        assert found.solution is None
    else:
        assert found.solution is not None
        assert found.solution.objective == pytest.approx(min(tried), rel=1e-7)


def test_says_where_it_was_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coercivity.planning.explanations.search.NODES", 1)
    model = _model([5, 5, 5, 9, 9, 9], [3, 3, 3, 1, 1, 1], 4)
    found = settle(model, np.arange(3), lower=np.zeros(3), upper=np.full(3, 2.0))
    assert not found.proven


def test_stops_when_asked_to() -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Stopped, match=r"what was found is kept"):
        settle(
            _model([1] * 6, [1] * 6, 3),
            np.arange(3),
            lower=np.zeros(3),
            upper=np.ones(3),
            stop=stop,
        )
