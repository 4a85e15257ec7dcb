"""Only contracts that make sense are offered, next to those in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.alignment.package import CAPS, Bench, menu_of
from coercivity.alignment.package.menu import lives_on_a_margin
from coercivity.finance.contracts import EbitdaFloor, Floor, Grant
from coercivity.tables.schemas.money import CONTRACT_KINDS
from tests.alignment.package.benches import poor, put, sure
from tests.finance.plants import terms
from tests.finance.projects.works import load_works, position


def kinds(bench: Bench) -> set[str]:
    return {column.kind for column in bench.columns}


def test_every_kind_with_a_cap_is_offered_and_is_a_kind_of_the_tables() -> None:
    assert set(CAPS) <= set(CONTRACT_KINDS)
    assert kinds(put(poor(1), terms())) == set(CAPS)


def test_who_lives_on_a_margin_gets_no_contract_on_a_price() -> None:
    menu = menu_of(Bench(cash=poor(1), terms=terms()), "good", margin=True)
    offered = {column.kind for column in menu.columns}
    assert not offered & {"floor", "cfd", "upside-share", "stockpile-purchase"}
    assert {"ebitda-floor", "production-credit"} <= offered
    assert menu.break_even is None


def test_a_mine_and_mill_of_its_own_lives_on_a_price(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    assert not lives_on_a_margin(position(case, tables))


def test_what_is_covered_in_force_is_not_covered_twice() -> None:
    floor = Floor(id="deal", material="good", strike=50.0)
    result = EbitdaFloor(id="result", amount=5.0)
    bench = Bench(cash=poor(1), terms=terms(), contracts=(floor, result))
    offered = {column.kind for column in menu_of(bench, "good").columns}
    assert not offered & {"floor", "cfd", "ebitda-floor"}
    assert "grant" in offered


def test_grants_in_force_leave_less_of_the_capital() -> None:
    bare = Bench(cash=poor(1), terms=terms())
    held = Grant(id="held", amount=0.8 * bare.capital, budget=bare.capital)
    bench = Bench(cash=poor(1), terms=terms(), contracts=(held,))
    menu = menu_of(bench, "good")
    assert menu.limits["capital"] == pytest.approx(0.2)
    assert max(c.most for c in menu.columns if c.kind == "grant") == pytest.approx(0.2)


def test_strikes_lie_around_the_price_at_which_equity_breaks_even() -> None:
    calm = terms(debt=None, inflation=0.0)
    menu = menu_of(Bench(cash=sure(price=36.0), terms=calm), "good")
    assert menu.break_even is not None
    found = put(sure(price=menu.break_even), calm)
    value = float(found.appraise(found.nothing).hurdle.mean())
    # Tax makes it a little less than straight.
    assert abs(value) < 0.05 * found.capital


def test_a_contract_for_difference_never_lies_below_the_mean_price() -> None:
    for lower in (0.5, 0.8, 1.5):
        menu = menu_of(Bench(cash=poor(1, lower=lower), terms=terms()), "good")
        strikes = [float(c.id.split("-")[1]) for c in menu.columns if c.kind == "cfd"]
        assert all(strike >= 0.97 * menu.price for strike in strikes)


def test_terms_are_told_in_words() -> None:
    for column in put(poor(1), terms()).columns:
        words = column.words(0.5 * column.most)
        assert any(sign.isdigit() for sign in words)
        assert column.make(0.5 * column.most)
