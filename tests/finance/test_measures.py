"""Present value, annuities, payback, tax with losses."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.finance.measures import (
    annuity_factor,
    annuity_worth,
    cumulative_interest,
    dated_net_present_value,
    discount_factors,
    modified_internal_rate_of_return,
    net_present_value,
    payback,
)
from coercivity.finance.tax import tax_with_losses

AMOUNTS = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20)
RATES = st.floats(-0.5, 1.0)


@given(AMOUNTS, RATES, st.floats(-10, 10), st.floats(-10, 10))
def test_present_value_is_linear_in_cash(
    flows: list[float], rate: float, one: float, other: float
) -> None:
    cash = np.array(flows)
    ones = np.ones(len(flows))
    mixed = net_present_value(one * cash + other * ones, rate=rate)[0]
    alone = net_present_value(np.array([cash, ones]), rate=rate)
    size = 1 + abs(one) * float(np.abs(cash).sum()) + abs(other) * len(flows)
    assert mixed == pytest.approx(
        one * alone[0] + other * alone[1], abs=1e-9 * size * max(1.0, (1 + rate) ** -len(flows))
    )


@given(AMOUNTS, RATES)
def test_compiled_present_value_equals_numpy(flows: list[float], rate: float) -> None:
    by_hand = float(np.sum(np.array(flows) * (1 + rate) ** -np.arange(len(flows))))
    assert net_present_value(flows, rate=rate)[0] == pytest.approx(by_hand, rel=1e-9, abs=1e-6)


@given(st.floats(0.01, 0.3), st.integers(1, 40))
def test_a_level_payment_repays_one(rate: float, years: int) -> None:
    level = annuity_factor(rate, years=years)
    assert net_present_value([-1.0] + [level] * years, rate=rate)[0] == pytest.approx(0, abs=1e-9)
    assert annuity_worth(rate, years=years) * level == pytest.approx(1.0)
    interest = cumulative_interest(rate, payments=years, principal=1.0, first=1, last=years)
    assert interest == pytest.approx(level * years - 1.0, rel=1e-6)


def test_dates_a_year_apart_are_years() -> None:
    days = [date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)]
    flows = [-100.0, 50.0, 70.0]
    assert dated_net_present_value(flows, days, rate=0.07) == pytest.approx(
        net_present_value(flows, rate=0.07)[0]
    )


def test_modified_rate_lies_between_reinvestment_and_internal_rate() -> None:
    rate = modified_internal_rate_of_return(
        [-100.0, 60.0, 60.0, 60.0], finance_rate=0.1, reinvestment_rate=0.1
    )
    assert 0.1 < rate < 0.3631


def test_payback_counts_from_the_last_time_below_zero() -> None:
    found = payback([[-10.0, 15.0, -10.0, 10.0], [-10.0, 10.0, 0.0, 0.0], [-10.0, 1.0, 1.0, 1.0]])
    assert found.years.tolist() == [3.5, 2.0, np.inf]
    assert found.repaid == pytest.approx(2 / 3)
    assert payback([5.0, 5.0]).years.tolist() == [0.0]
    assert payback([-10.0, 5.0, 10.0], counted_from=1.0).years.tolist() == [1.5]


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=15), st.sampled_from([0.5, 0.8, 1.0]))
def test_losses_never_make_tax_negative_and_are_used_once(
    incomes: list[float], limit: float
) -> None:
    bill = tax_with_losses(incomes, rate=1.0, limit=limit)
    assert np.all(bill.tax >= 0)
    assert np.all(bill.losses >= -1e-9)
    assert bill.tax.sum() - bill.losses[0, -1] == pytest.approx(sum(incomes), abs=1e-6)


def test_refusals_quote_the_value() -> None:
    with pytest.raises(ValueError, match=r"above -1, got -1\.0"):
        discount_factors(-1.0, years=2)
    with pytest.raises(ValueError, match="above -1, got -2"):
        dated_net_present_value([1.0], [date(2025, 1, 1)], rate=-2)
    with pytest.raises(ValueError, match="2 flows but 1 dates"):
        dated_net_present_value([1.0, 2.0], [date(2025, 1, 1)], rate=0.1)
    with pytest.raises(ValueError, match="more than 0 years, got 0"):
        annuity_factor(0.1, years=0)
    with pytest.raises(ValueError, match="one year of spending and one of earning"):
        modified_internal_rate_of_return([1.0, 2.0], finance_rate=0.1, reinvestment_rate=0.1)
