"""Fresh paths, exchange rates, failures and yearly budgets."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.alignment.package import Bench, package_for
from coercivity.alignment.package.budget import (
    claim_of,
    least_budget,
    share_budget,
    tail_level,
    yearly_outlay,
)
from coercivity.alignment.package.exchange import exchange_rates
from coercivity.alignment.package.failing import failing
from coercivity.alignment.package.starts import everything
from coercivity.alignment.package.verification import verify
from tests.alignment.package.benches import pair, poor, put, sure, without_lenders
from tests.finance.plants import terms


def fresh(like: Bench, seed: int, *, paths: int = 800) -> Bench:
    cash = poor(seed, paths=paths)
    return Bench(cash=cash, terms=terms(), columns=like.columns, limits=like.limits, workers=1)


def test_a_package_with_its_margin_holds_on_fresh_paths() -> None:
    train, check = pair()
    found = package_for(train, check)
    assert found is not None
    for seed in range(10, 14):
        judged = fresh(check, seed).appraise(found.levels).acceptance
        assert judged.loss.value <= 0.12 + 1.65 * judged.loss.standard_error
        assert judged.worth.value >= -1.65 * judged.worth.standard_error


def test_what_does_not_hold_is_told_and_raised_until_it_does() -> None:
    train, check = pair()
    found = package_for(train, check)
    assert found is not None
    weak = tuple(0.8 * level for level in found.levels)
    checked = verify(weak, fresh(check, 21), fresh(check, 22))
    assert not checked.held_at_once
    assert checked.violated
    assert checked.raised > 1.0
    assert checked.holds


def test_a_package_that_holds_is_left_as_it_is() -> None:
    train, check = pair()
    full = next(levels for levels in everything(check) if check.agrees(levels))
    checked = verify(full, fresh(train, 31), fresh(train, 32))
    assert checked.levels == full
    assert checked.held_at_once


def test_a_grant_untaxed_and_unlent_costs_its_worth_at_equal_rates() -> None:
    cash, calm = sure(price=36.0), without_lenders(hurdle=0.025)
    bench = put(cash, calm, allow=("grant",))
    (rate,) = exchange_rates(bench, bench.nothing)
    # A grant lowers the basis of depreciation, so a quarter of it comes back as tax later.
    assert rate.rates[0] is not None
    assert 1.0 < rate.rates[0] < 1.34
    untaxed = put(cash, without_lenders(hurdle=0.025, rules=type(calm.rules)()), allow=("grant",))
    (plain,) = exchange_rates(untaxed, untaxed.nothing)
    assert plain.rates[0] == pytest.approx(1.0, abs=1e-6)


def test_late_money_is_dearer_than_early_money_and_cheaper_to_a_hasty_public() -> None:
    bench = put(sure(price=36.0), without_lenders(), allow=("grant", "production-credit"))
    grant, credit = exchange_rates(bench, bench.nothing)
    assert grant.rates[0] is not None
    assert credit.rates[0] is not None
    assert grant.rates[0] < credit.rates[0]
    rates = [rate for rate in credit.rates if rate is not None]
    assert rates == sorted(rates, reverse=True)


def test_a_failure_says_by_how_much_and_a_change_that_does() -> None:
    allow = ("grant",)

    def rebuilt(caps: dict[str, float]) -> Bench:
        return put(sure(price=36.0), without_lenders(), allow=allow, caps=caps)

    tight = rebuilt({"grant": 0.1})
    found = failing(tight, rebuilt)
    assert found.by is not None
    assert found.by > 0
    assert found.smallest_change.startswith("grant up to ")
    level = float(found.smallest_change.split()[3]) / 100
    enough = rebuilt({"grant": level * 1.001})
    assert any(enough.agrees(levels) for levels in everything(enough))
    less = rebuilt({"grant": level * 0.8})
    assert not any(less.agrees(levels) for levels in everything(less))


def test_a_failure_that_no_cap_repairs_says_so() -> None:
    def rebuilt(caps: dict[str, float]) -> Bench:
        return put(sure(price=1.0), without_lenders(), allow=("grant",), caps=caps)

    found = failing(rebuilt({"grant": 0.02}), rebuilt)
    assert "no cap alone is enough" in found.smallest_change
    assert found.by is not None


def test_outlay_by_year_adds_up_to_the_cost() -> None:
    train, check = pair()
    found = package_for(train, check)
    assert found is not None
    years = yearly_outlay(check, found.levels)
    level = check.terms.price_level(check.cash.years)
    factors = (1 + check.terms.treasury_rate) ** -(np.arange(len(years)) + check.terms.shift)
    assert float((years / level * factors).sum()) == pytest.approx(
        float(check.cost(found.levels).mean()), rel=1e-6
    )


def test_a_budget_that_does_not_bind_changes_nothing_and_a_tight_one_drops_the_largest() -> None:
    claims = []
    for name, price in (("small", 38.0), ("large", 30.0)):
        bench = put(sure(price=price), without_lenders(), allow=("grant",), caps={"grant": 1.0})
        found = package_for(bench, bench)
        assert found is not None
        claims.append(claim_of(name, bench, found.levels, first_year=2026))
    wide = share_budget(claims, 1e4)
    assert wide.left_out == ()
    least = least_budget(claims)
    assert least is not None
    need = {
        claim.project: float((np.asarray(least[claim.project]) @ claim.yearly).max())
        for claim in claims
    }
    between = 0.5 * (need["small"] + need["large"])
    tight = share_budget(claims, between)
    assert tight.left_out == ("large",)
    spent = np.asarray(tight.levels["small"]) @ claims[0].yearly
    assert spent.max() <= between + 1e-6


def test_the_tail_of_a_sample_whose_worst_path_gains_is_one_path() -> None:
    assert tail_level(np.array([0.1, 1.0, 2.0, 3.0])) == 0.25
    assert tail_level(np.array([-1.0, -1.0])) == 1.0
