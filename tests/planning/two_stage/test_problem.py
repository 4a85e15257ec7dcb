"""Problems are checked at birth, and cut from whole models without losing anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array, random_array

from coercivity.foundation.errors import InternalError, UsageError
from coercivity.planning.two_stage import (
    Recourse,
    TwoStageProblem,
    extensive_form,
    split_model,
)
from coercivity.solvers import HighsModel, Matrices
from tests.planning.two_stage.small_problems import stocking


def test_probabilities_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(UsageError, match=r"sum to 0.95, not 1.*missing 0.05.*U301"):
        stocking(chances=(0.5, 0.45))
    with pytest.raises(UsageError, match=r"'need-1' is -0.5.*U301"):
        stocking(chances=(1.5, -0.5))
    with pytest.raises(UsageError, match="There is no scenario"):
        stocking((), ())


def test_names_are_kept_apart() -> None:
    problem = stocking()
    twice = tuple(replace(one, name="same") for one in problem.scenarios)
    with pytest.raises(UsageError, match=r"'same' is given twice.*U303"):
        problem.with_scenarios(twice)


def test_parts_that_do_not_fit_are_a_fault() -> None:
    problem = stocking()
    model = problem.scenarios[0].model
    with pytest.raises(InternalError, match="2 rows of technology for 1 rows"):
        Recourse("wrong", 1.0, csc_array((2, 1)), model)
    with pytest.raises(InternalError, match="knows 3 first-stage columns"):
        problem.with_scenarios((Recourse("wrong", 1.0, csc_array((1, 3)), model),))
    with pytest.raises(InternalError, match="holds nan"):
        Recourse("wrong", 1.0, csc_array([[np.nan]]), model)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(0, 6))
def test_a_model_cut_in_two_and_joined_is_the_same(seed: int, early: int) -> None:
    rng = np.random.default_rng(seed)
    columns, rows = 6, 5
    model = Matrices.of(
        csc_array(random_array((rows, columns), density=0.4, rng=rng)),
        cost=rng.uniform(-1, 3, columns),
        upper=np.full(columns, 4.0),
        integrality=rng.random(columns) < 0.3,
        row_upper=rng.uniform(0.5, 3, rows),
        offset=float(rng.uniform(-2, 2)),
    )
    chosen = rng.permutation(columns)[:early]
    split = split_model(model, chosen, name="whole", probability=1.0)
    assert split.first.rows + split.recourse.model.rows == rows
    assert sorted([*split.first_rows, *split.recourse_rows]) == list(range(rows))
    problem = TwoStageProblem(split.first, (split.recourse,))
    joined = HighsModel(extensive_form(problem)).solve()
    whole = HighsModel(model).solve()
    assert joined.objective == pytest.approx(whole.objective, rel=1e-6, abs=1e-6)
    values = split.joined(np.asarray(joined.primal)[:early], np.asarray(joined.primal)[early:])
    assert model.cost @ values + model.offset == pytest.approx(whole.objective, abs=1e-5)


def test_a_row_without_entries_goes_with_the_recourse() -> None:
    model = Matrices.of(csc_array((1, 2)), cost=[1.0, 1.0], row_lower=[1.0])
    split = split_model(model, [0], name="impossible", probability=1.0)
    assert split.recourse.model.rows == 1
    assert split.first.rows == 0
