"""Figures of a throw-away prototype of packages and doubt, and facts that any code must give.

The prototype's numbers for a unit credit of ten years, hurdle 0.12 and public rate 0.025, both
continuous: expected outlay 1.52, 1.46, 1.41, 1.33, 1.18 and promised outlay 1.52, 1.84, 2.19, 2.95,
5.50 at hazards 0, 0.05, 0.1, 0.2, 0.5. They follow from y = 1/A(rho + lambda).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from coercivity.alignment.doubt import curve_of
from coercivity.alignment.package import Bench
from coercivity.alignment.package.linear import Asked, Linear, cheapest
from coercivity.finance.contracts import PolicyLoan
from coercivity.finance.political_will import PromiseKind, draw_standing
from coercivity.finance.promise_worth import annuity, equal_worth
from tests.alignment.doubt.lasting import carried, clock, credit, kind, owners
from tests.finance.plants import certain, terms

HAZARDS = (0.0, 0.05, 0.1, 0.2, 0.5)
EXPECTED = (1.52, 1.46, 1.41, 1.33, 1.18)
PROMISED = (1.52, 1.84, 2.19, 2.95, 5.50)
PATHS = 40_000


@pytest.mark.parametrize(
    ("hazard", "expected", "promised"), list(zip(HAZARDS, EXPECTED, PROMISED, strict=True))
)
def test_the_closed_form_has_the_figures_of_the_notes(
    hazard: float, expected: float, promised: float
) -> None:
    found = equal_worth(1.0, years=10, hazard=hazard, rate=0.12, public_rate=0.025)
    assert found.expected_outlay == pytest.approx(expected, abs=0.006)
    assert found.promised_outlay == pytest.approx(promised, abs=0.006)


@pytest.mark.parametrize(("hazard", "expected"), list(zip(HAZARDS, EXPECTED, strict=True)))
def test_lapses_that_are_drawn_cost_what_the_closed_form_says(
    hazard: float, expected: float
) -> None:
    drawn = draw_standing(PromiseKind(id="contract", hazard=hazard), years=10, paths=PATHS, seed=3)
    ends = np.minimum(drawn.lapse, 10.0)
    amount = 1.0 / annuity(0.12 + hazard, years=10)
    paid = amount * (1 - np.exp(-0.025 * ends)) / 0.025
    assert paid.mean() == pytest.approx(expected, rel=0.01)


def test_the_engine_s_curve_falls_on_the_diagonal_and_rises_when_meant() -> None:
    found = curve_of(carried(credit(30.0)), clock(kind()), "contract", HAZARDS)
    known = [point for point in found.points if point is not None]
    assert len(known) == len(HAZARDS)
    lapsing = [float(point.lapsing.mean()) / float(known[0].lapsing.mean()) for point in known]
    meant = [float(point.meant.mean()) / float(known[0].meant.mean()) for point in known]
    # Support begins a year after signing, and may lapse in that year: exp(hazard) more is meant.
    for part, exact in zip(lapsing, EXPECTED, strict=True):
        assert part == pytest.approx(exact / EXPECTED[0], rel=0.05)
    for part, exact, hazard in zip(meant, PROMISED, HAZARDS, strict=True):
        assert part == pytest.approx(math.exp(hazard) * exact / PROMISED[0], rel=0.05)


def test_equal_rates_leave_the_expected_outlay_flat() -> None:
    costs = [
        equal_worth(1.0, years=10, hazard=hazard, rate=0.08, public_rate=0.08).expected_outlay
        for hazard in HAZARDS
    ]
    assert max(costs) == pytest.approx(min(costs))


@pytest.mark.parametrize("alpha", [0.1, 0.3])
def test_the_average_of_the_tail_asks_for_more_than_the_probability(alpha: float) -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(-5.0, 20.0, 400) - rng.exponential(20.0, 400)
    one = np.ones((1, 400))
    line = Linear(
        hurdle=values, treasury=values, on_hurdle=one, on_treasury=one, cost=one,
        most=np.array([1e3]), groups={},
    )  # fmt: skip
    levels = cheapest(line, Asked(worth=-1e3, tail=alpha))
    assert levels is not None
    # With one column that adds the same everywhere both rules have a closed form.
    worst = np.sort(values)[: round(alpha * 400)]
    assert levels[0] == pytest.approx(-worst.mean(), rel=1e-6)
    needed_by_probability = -np.quantile(values, alpha)
    assert levels[0] > needed_by_probability
    assert np.mean(values + levels[0] < 0) < alpha


def test_a_loan_at_the_treasury_rate_that_is_repaid_costs_nothing() -> None:
    calm = terms(debt=None, inflation=0.0, shift=0.0)
    bench = Bench(cash=certain(price=80.0), terms=calm, workers=1)
    loan = PolicyLoan(id="loan", amount=80.0, rate=0.025, tenor=8)
    found = bench.outcome((loan,))
    assert found.public.mean() == pytest.approx(0.0, abs=1e-6)
    assert found.credit_subsidy == pytest.approx(0.0, abs=1e-6)


def test_one_clock_for_all_makes_the_bad_tail_of_the_total_worse_and_leaves_its_mean() -> None:
    def outlay(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        held = clock(kind(), seed=seed)
        return np.asarray(10.0 * held.pays("contract", 0.1)[:, 1:11].sum(axis=1))

    together = sum(outlay(1) for _ in range(4))
    apart = sum(outlay(seed) for seed in range(1, 5))
    assert np.mean(together) == pytest.approx(float(np.mean(apart)), rel=0.02)
    assert np.var(together) > 3.0 * np.var(apart)


def test_an_announcement_lapses_before_it_is_signed_as_its_hazard_says() -> None:
    held = clock(kind("announcement", hazard=2.5), kind("contract", hazard=0.0))
    for hazard in (0.5, 2.0):
        exists = float((held.pays("announcement", hazard)[:, -1] > 0).mean())
        assert exists == pytest.approx(math.exp(-hazard), abs=0.02)
    assert owners().hurdle == 0.12
