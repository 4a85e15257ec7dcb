"""Returns of other programs: pyxirr, numpy-financial, and one plant by PySAM's Single Owner."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.finance.debt import DebtTerms, size_debt
from coercivity.finance.measures import annuity_factor, net_present_value
from coercivity.finance.returns import internal_rate_of_return
from coercivity.finance.waterfall.run import run_waterfall
from coercivity.finance.waterfall.terms import PathCash, Rules

pytestmark = pytest.mark.slow


def projects(count: int) -> list[list[float]]:
    """Draw cash of projects that spend first."""
    rng = np.random.default_rng(7)
    flows = rng.normal(25, 15, (count, 20))
    flows[:, 0], flows[:, 1] = -100, -50
    return [[float(flow) for flow in row] for row in flows]


def test_rates_equal_those_of_pyxirr() -> None:
    pyxirr = pytest.importorskip("pyxirr", reason="the extra `peers` is not installed")
    flows = projects(2000)
    found = internal_rate_of_return(flows)
    theirs = np.array([pyxirr.irr(row) for row in flows], dtype=np.float64)
    single = (found.counts == 1) & np.isfinite(theirs)
    assert single.sum() > 1500
    assert found.rates[single] == pytest.approx(theirs[single], abs=1e-9)
    values = [pyxirr.npv(0.08, row) for row in flows]
    assert net_present_value(flows, rate=0.08) == pytest.approx(values, rel=1e-10, abs=1e-8)


def test_rates_and_payments_equal_those_of_numpy_financial() -> None:
    financial = pytest.importorskip("numpy_financial", reason="the extra `peers` is not installed")
    flows = projects(300)
    found = internal_rate_of_return(flows)
    theirs = np.array([financial.irr(row) for row in flows], dtype=np.float64)
    single = (found.counts == 1) & np.isfinite(theirs)
    assert single.sum() > 200
    assert found.rates[single] == pytest.approx(theirs[single], abs=1e-9)
    assert annuity_factor(0.07, years=13) == pytest.approx(-financial.pmt(0.07, 13, 1.0))


YEARS = 25
BUILT = 100.0
"""Capital of the plant that both programs value, in year 0. [million]"""
EARNED, COST = 16.0, 4.0
"""Revenue and operating cost of every year after. [million/year]"""


def single_owner(*, tax: float, indebted: bool) -> dict[str, list[float]]:
    """Value the plant by PySAM: no escalation, reserves, fees, insurance or incentives."""
    module = pytest.importorskip(
        "PySAM.Singleowner", reason="the extra `peers` is not installed"
    ).default("CustomGenerationProfileSingleOwner")
    # 1 kW through the year at a price that makes the revenue.
    values: dict[str, object] = {
        **dict.fromkeys(("ppa_escalation", "insurance_rate", "months_working_reserve"), 0.0),
        **dict.fromkeys(("dscr_reserve_months", "cost_debt_fee", "reserves_interest"), 0.0),
        **dict.fromkeys(("construction_financing_cost", "inflation_rate"), 0.0),
        **dict.fromkeys(("depr_alloc_sl_20_percent", "system_use_lifetime_output"), 0.0),
        "analysis_period": float(YEARS),
        "gen": [1.0] * 8760,
        "dispatch_tod_factors": [1.0] * 9,
        "ppa_soln_mode": 1.0,
        "ppa_price_input": [EARNED * 1e6 / 8760],
        "om_capacity": [0.0],
        "om_fuel_cost": [0.0],
        "om_fixed": [COST * 1e6],
        "degradation": [0.0],
        "total_installed_cost": BUILT * 1e6,
        "federal_tax_rate": [100 * tax],
        "state_tax_rate": [0.0],
        "depr_alloc_custom_percent": 100.0,
        "depr_custom_schedule": [5.0] * 20,
        "real_discount_rate": 8.0,
        "debt_option": 1.0 if indebted else 0.0,
        "debt_percent": 0.0,
        "dscr": 1.5,
        "term_int_rate": 6.0,
        "term_tenor": 12.0,
    }
    for name, value in values.items():
        module.value(name, value)
    module.execute()
    names = {"debt": "cf_debt_payment_total", "owners": "cf_project_return_aftertax"}
    found = {key: [flow / 1e6 for flow in module.value(name)] for key, name in names.items()}
    rate = module.value("cf_project_return_aftertax_irr")[-1] / 100
    return {**found, "size": [module.value("size_of_debt") / 1e6], "rate": [rate]}


@pytest.mark.parametrize("tax", [0.0, 0.21])
@pytest.mark.parametrize("indebted", [False, True])
def test_one_plant_equals_that_of_single_owner(tax: float, indebted: bool) -> None:
    """Conventions that differ and are set apart.

    Single Owner refunds a negative tax at once (here income is never negative), and sizes debt on
    cash before tax, which is handed to `size_debt` here; its reserves, fees and escalation are 0.
    """
    theirs = single_owner(tax=tax, indebted=indebted)
    line = np.array([[0.0] + [1.0] * YEARS])
    zero = 0.0 * line
    cash = PathCash(
        revenue=EARNED * line,
        operating_cost=COST * line,
        capex=BUILT * (1 - line),
        sustaining=zero,
        working_capital=zero,
        taxed_support=zero,
        untaxed_support=zero,
        grants=zero,
        first_output=np.array([1]),
    )
    lender = DebtTerms(gearing_limit=1.0, dscr=1.5, rate=0.06, tenor=12)
    budget = BUILT * (1 - line[0])
    sizing = size_debt((EARNED - COST) * line, lender, budget=budget, first_output=1)
    rules = Rules(tax_rate=tax, depreciation_class="SL-20", reserve_years=0.0, loss_limit=1.0)
    found = run_waterfall(cash, rules, [sizing.loan] if indebted else [])
    if indebted:
        assert sizing.loan.principal == pytest.approx(theirs["size"][0], rel=1e-6)
        assert found.paid[0, 0].tolist() == pytest.approx(theirs["debt"], rel=1e-6, abs=1e-9)
    assert found.equity[0].tolist() == pytest.approx(theirs["owners"], rel=1e-6, abs=1e-9)
    rate = internal_rate_of_return(found.equity).rates[0]
    assert rate == pytest.approx(theirs["rate"][0], abs=1e-6)
