"""The port: limits are checked, the gap is defined."""

from __future__ import annotations

import math
from threading import Event
from typing import Any

import pytest

import coercivity.solvers as room
from coercivity.foundation.errors import UsageError
from coercivity.solvers.port import Solution, SolveLimits, SolveStatus, StopSignal


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"time_limit": -1.0}, "'time_limit': '-1.0' cannot be used. Give a value .* at least 0"),
        ({"time_limit": math.nan}, "'time_limit'"),
        ({"absolute_gap": -1e-9}, "'absolute_gap'"),
        ({"relative_gap": math.nan}, "'relative_gap'"),
        ({"threads": 0}, "'threads'.* at least 1"),
        ({"seed": -1}, "'seed'"),
        ({"method": "ipm"}, "'method': 'ipm'.* one of choose, simplex, ipx"),
    ],
)
def test_limits_that_mean_nothing_are_refused(changes: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        SolveLimits(**changes)


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [
        (100.0, 98.0, 0.02),
        (-100.0, -102.0, 0.02),
        (0.0, 0.0, 0.0),
        (0.0, -1.0, math.inf),
        (1.0, 1.0 + 1e-12, 0.0),
        (None, 1.0, None),
        (1.0, None, None),
    ],
)
def test_gap(objective: float | None, bound: float | None, gap: float | None) -> None:
    assert Solution(SolveStatus.FEASIBLE, objective, bound).gap == gap


def test_an_event_is_a_stop_signal() -> None:
    signal: StopSignal = Event()
    assert not signal.is_set()


def test_the_public_list_is_true() -> None:
    assert sorted(room.__all__) == list(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)
