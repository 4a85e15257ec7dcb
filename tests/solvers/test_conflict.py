"""Conflicts: they cannot hold, and nothing in them can be spared."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.foundation.errors import InternalError, PlanNotFound, Stopped
from coercivity.solvers import (
    HighsModel,
    Matrices,
    Requirement,
    SolveStatus,
    find_conflict,
    smallest_conflict,
)
from coercivity.solvers.conflict import exists

sparse = pytest.importorskip("scipy.sparse")


def at(*positions: int) -> Any:
    return np.array(positions, dtype=np.int64)


def supply() -> HighsModel:
    """Two mines, of at most 5 and 1; demand 7; a budget that does not matter."""
    return HighsModel(
        Matrices.of(
            sparse.csc_array([[1.0, 1.0], [2.0, 3.0]]),
            cost=[1, 1],
            upper=[5, 1],
            row_lower=[7, -np.inf],
            row_upper=[np.inf, 100],
        )
    )


NEEDS = (
    Requirement("budget", rows=at(1)),
    Requirement("first mine", columns=at(0)),
    Requirement("second mine", columns=at(1)),
    Requirement("demand", rows=at(0)),
)


def test_only_what_quarrels_is_named_and_the_model_is_left_as_it_was() -> None:
    model = supply()
    before = model.numbers
    assert find_conflict(model, NEEDS) == ["first mine", "second mine", "demand"]
    after = model.numbers
    for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
        assert np.array_equal(getattr(before, name), getattr(after, name))


def test_no_conflict_is_none_and_a_conflict_without_requirements_is_empty() -> None:
    model = supply()
    assert find_conflict(model, NEEDS[:1]) == []
    model.set_row_bounds([0], [6], [np.inf])
    assert find_conflict(model, NEEDS) is None


def test_a_least_size_can_be_left_out_and_zero_stays_zero() -> None:
    """Least sizes 4 and 3 of which at most 6 fit; dropped, a size is still not negative."""
    model = HighsModel(
        Matrices.of(sparse.csc_array([[1.0, 1.0]]), cost=[0, 0], lower=[4, 3], row_upper=[6])
    )
    needs = [
        Requirement("room", rows=at(0)),
        Requirement("a", columns=at(0)),
        Requirement("b", columns=at(1)),
    ]
    assert find_conflict(model, needs) == ["room", "a", "b"]
    model.set_row_bounds([0], [-np.inf], [-1])
    assert find_conflict(model, needs) == ["room"]


def test_conflicts_of_whole_columns_need_the_whole_model() -> None:
    """2x - 2y = 1 has solutions, but no whole ones."""
    model = HighsModel(
        Matrices.of(
            sparse.csc_array([[2.0, -2.0], [1.0, 0.0]]),
            cost=[0, 0],
            upper=[9, 9],
            integrality=[1, 1],
            row_lower=[1, 0],
            row_upper=[1, 5],
        )
    )
    needs = [Requirement("odd", rows=at(0)), Requirement("at most 5", rows=at(1))]
    assert find_conflict(model, needs) is None
    assert find_conflict(model, needs, integers=True) == ["odd"]


def test_an_answer_that_is_not_known_is_never_guessed() -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Stopped, match=r"\[R004\]"):
        find_conflict(supply(), NEEDS, stop=stop)
    with pytest.raises(PlanNotFound, match="Give more time"):
        exists(SolveStatus.NOT_FOUND)


def test_the_model_is_put_back_even_after_an_error() -> None:
    model, stop = supply(), Event()
    stop.set()
    with pytest.raises(Stopped):
        find_conflict(model, NEEDS, stop=stop)
    assert model.numbers.cost.tolist() == [1.0, 1.0]
    assert model.numbers.upper.tolist() == [5.0, 1.0]


def test_names_must_differ() -> None:
    with pytest.raises(InternalError, match="the same name"):
        smallest_conflict(["a", "a"], lambda _: False)


names = st.sampled_from("abcdefgh")


@given(st.lists(st.frozensets(names, min_size=1, max_size=4), max_size=5))
def test_the_answer_is_one_of_the_conflicts_that_hold_no_other(
    conflicts: list[frozenset[str]],
) -> None:
    def is_feasible(kept: Collection[str]) -> bool:
        return not any(conflict <= set(kept) for conflict in conflicts)

    minimal = [one for one in conflicts if not any(other < one for other in conflicts)]
    found = smallest_conflict(list("abcdefgh"), is_feasible)
    if not conflicts:
        assert found is None
    else:
        assert found is not None
        assert frozenset(found) in minimal


def test_few_questions_are_asked_of_many_requirements() -> None:
    asked = []

    def is_feasible(kept: Collection[str]) -> bool:
        asked.append(len(kept))
        return not {"n3", "n77"} <= set(kept)

    assert smallest_conflict([f"n{i}" for i in range(128)], is_feasible) == ["n3", "n77"]
    assert len(asked) < 40


half_planes = st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-4, 4))


@settings(max_examples=40, deadline=None)
@given(st.lists(half_planes, min_size=1, max_size=6))
def test_conflicts_of_random_systems_agree_with_trying_every_subset(
    planes: list[tuple[int, int, int]],
) -> None:
    rows = np.array([plane[:2] for plane in planes], dtype=float)
    limits = np.array([plane[2] for plane in planes], dtype=float)

    def holds(subset: tuple[int, ...]) -> bool:
        some = list(subset)
        matrices = Matrices.of(
            sparse.csc_array(rows[some]), cost=[0, 0], lower=[-50, -50], upper=[50, 50],
            row_upper=limits[some],
        )  # fmt: skip
        return HighsModel(matrices).solve().primal is not None

    model = HighsModel(
        Matrices.of(
            sparse.csc_array(rows),
            cost=[1, -1],
            lower=[-50, -50],
            upper=[50, 50],
            row_upper=limits,
        )  # fmt: skip
    )
    needs = [Requirement(str(index), rows=at(index)) for index in range(len(planes))]
    every = range(len(planes))
    subsets = [
        some for size in range(len(planes) + 1) for some in itertools.combinations(every, size)
    ]
    impossible = [set(some) for some in subsets if not holds(some)]
    minimal = [one for one in impossible if not any(other < one for other in impossible)]
    found = find_conflict(model, needs)
    if not impossible:
        assert found is None
    else:
        assert found is not None
        assert {int(name) for name in found} in minimal
