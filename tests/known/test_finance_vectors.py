"""Printed values: examples of the documentation of a spreadsheet, IRS Publication 946 table A-1."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from coercivity.finance.depreciation import (
    MACRS,
    declining_balance,
    depreciation_schedule,
    derived_schedule,
    straight_line,
)
from coercivity.finance.measures import (
    annuity_factor,
    cumulative_interest,
    dated_net_present_value,
    modified_internal_rate_of_return,
    net_present_value,
)
from coercivity.finance.returns import internal_rate_of_return
from tests.known.published import published


def test_present_value_of_the_spreadsheet_discounts_the_first_flow_too() -> None:
    flows = [-10_000, 3_000, 4_200, 6_800]
    assert net_present_value(flows, rate=0.10, shift=1.0)[0] == pytest.approx(1188.44, abs=0.005)


def test_internal_rates_of_the_spreadsheet() -> None:
    flows = [-70_000, 12_000, 15_000, 18_000, 21_000, 26_000]
    found = internal_rate_of_return([flows, [*flows[:-1], 0]])
    assert found.rates[0] == pytest.approx(0.0866309480365, abs=1e-12)
    assert found.rates[1] == pytest.approx(-0.0212448, abs=1e-6)
    assert found.counts.tolist() == [1, 1]


def test_dated_present_value_of_the_spreadsheet() -> None:
    days = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15)]
    value = dated_net_present_value(
        [-10_000, 2_750, 4_250, 3_250, 2_750], [*days, date(2009, 4, 1)], rate=0.09
    )
    assert value == pytest.approx(2086.647602031535, abs=1e-9)


def test_level_payment_and_its_interest() -> None:
    assert 10_000 * annuity_factor(0.08 / 12, years=10) == pytest.approx(1037.03, abs=0.005)
    interest = cumulative_interest(0.09 / 12, payments=360, principal=125_000, first=13, last=24)
    assert interest == pytest.approx(11135.23, abs=0.005)


def test_modified_rate_of_the_spreadsheet() -> None:
    rate = modified_internal_rate_of_return(
        [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000],
        finance_rate=0.10,
        reinvestment_rate=0.12,
    )
    assert rate == pytest.approx(0.1260941303659051, abs=1e-12)


def test_write_offs_of_the_spreadsheet() -> None:
    assert straight_line(30_000, salvage=7_500, life=10) == 2_250
    years = [declining_balance(1e6, salvage=1e5, life=6, year=y, months=7) for y in (1, 2, 3, 7)]
    assert years == pytest.approx([186083.33, 259639.42, 176814.44, 15845.10], abs=0.005)


@pytest.mark.parametrize("life", sorted(MACRS))
def test_published_schedules_sum_to_one_and_follow_from_the_rule(life: int) -> None:
    published_shares = depreciation_schedule(f"MACRS-{life}")
    derived = derived_schedule(life, factor=2.0 if life <= 10 else 1.5)
    assert published_shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert len(published_shares) == life + 1
    assert published_shares == pytest.approx(derived, abs=1.01e-4)


def test_every_vector_of_the_published_file() -> None:
    answers: dict[str, Any] = json.loads(published("finance-vectors", "answers.json").read_text())
    for vector in answers["NPV_IRR"]:
        found = answer(vector)
        digits = max(abs(vector["value"]) * 1e-6, 0.005 if abs(vector["value"]) > 1 else 1e-7)
        assert found == pytest.approx(vector["value"], abs=digits), vector
    for life, percents in answers["MACRS_half_year_pct"].items():
        shares = depreciation_schedule(f"MACRS-{life}") * 100
        assert shares.tolist() == pytest.approx(percents, abs=1e-9)


def answer(vector: dict[str, Any]) -> float:
    """Compute one vector of the file."""
    flows, args = vector.get("flows", []), vector.get("args", [])
    if vector["f"] == "NPV":
        return float(net_present_value(flows, rate=vector["rate"], shift=1.0)[0])
    if vector["f"] == "IRR":
        return float(internal_rate_of_return(flows).rates[0])
    if vector["f"] == "XNPV":
        days = [date.fromisoformat(day) for day in vector["dates"]]
        return dated_net_present_value(flows, days, rate=vector["rate"])
    if vector["f"] == "PMT":
        return -float(args[2]) * annuity_factor(args[0], years=args[1])
    if vector["f"] == "MIRR":
        return modified_internal_rate_of_return(
            flows, finance_rate=vector["finance"], reinvestment_rate=vector["reinvest"]
        )
    if vector["f"] == "DB":
        cost, salvage, life, year, months = args
        return declining_balance(cost, salvage=salvage, life=life, year=year, months=months)
    if vector["f"] == "SLN":
        return straight_line(args[0], salvage=args[1], life=args[2])
    rate, payments, principal, first, last, _ = args
    return -cumulative_interest(
        rate, payments=payments, principal=principal, first=first, last=last
    )
