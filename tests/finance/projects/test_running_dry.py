"""When money is gone: sums by hand, a plain second way, and orderings that must hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.finance.projects.running_dry import runs_dry

flows = st.lists(st.floats(-100, 100), min_size=1, max_size=8)
amounts = st.floats(0, 200)
rates = st.floats(0, 0.3)


def plainly(flow: list[float], raised: float, credit: float, rate: float) -> float:
    """Walk one path year by year."""
    balance = raised
    for year, money in enumerate(flow):
        if balance < 0:
            balance += balance * rate
        balance += money
        if balance < -credit:
            return float(year)
    return math.inf


@given(flows, amounts, amounts, rates)
def test_equals_a_walk_along_one_path(
    flow: list[float], raised: float, credit: float, rate: float
) -> None:
    found = runs_dry([flow], raised=raised, credit=credit, rate=rate)
    assert found.tolist() == [plainly(flow, raised, credit, rate)]


@given(flows, amounts, amounts, rates, amounts)
def test_more_money_never_ends_earlier(
    flow: list[float], raised: float, credit: float, rate: float, more: float
) -> None:
    base = runs_dry([flow], raised=raised, credit=credit, rate=rate)[0]
    assert runs_dry([flow], raised=raised + more, credit=credit, rate=rate)[0] >= base
    assert runs_dry([flow], raised=raised, credit=credit + more, rate=rate)[0] >= base


@given(flows, amounts, amounts, rates, st.floats(0, 50))
def test_lower_prices_or_overruns_never_end_later(
    flow: list[float], raised: float, credit: float, rate: float, lost: float
) -> None:
    base = runs_dry([flow], raised=raised, credit=credit, rate=rate)[0]
    worse = [money - lost for money in flow]
    assert runs_dry([worse], raised=raised, credit=credit, rate=rate)[0] <= base


def test_paths_do_not_touch_each_other() -> None:
    both = runs_dry([[-50.0, -60.0], [10.0, 10.0]], raised=100.0, credit=0.0, rate=0.1)
    assert both.tolist() == [1.0, np.inf]


def test_interest_alone_can_end_the_money() -> None:
    flow = [-200.0, 0.0, 0.0]
    assert runs_dry([flow], raised=100.0, credit=115.0, rate=0.1)[0] == pytest.approx(2.0)
    assert np.isinf(runs_dry([flow], raised=100.0, credit=115.0, rate=0.05)[0])
