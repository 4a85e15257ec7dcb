from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.resilience.reliance import Balance, apparent_consumption, import_reliance

amounts = st.floats(0, 1e6)


def test_all_imported_is_one_and_all_made_is_zero() -> None:
    assert import_reliance(Balance(0.0, imports=10.0)) == 1.0
    assert import_reliance(Balance(10.0)) == 0.0


def test_taking_from_stock_counts_as_reliance_and_adding_to_it_does_not() -> None:
    assert import_reliance(Balance(50.0, stock_rise=-50.0)) == 0.5
    assert apparent_consumption(Balance(50.0, imports=50.0, stock_rise=25.0)) == 75.0


@given(amounts, amounts, amounts)
def test_reliance_never_exceeds_one(made: float, bought: float, sold: float) -> None:
    reliance = import_reliance(Balance(made, imports=bought, exports=sold))
    assert reliance is None or reliance <= 1 + 1e-9


def test_nothing_used_has_no_share() -> None:
    assert import_reliance(Balance(10.0, exports=12.0)) is None


def test_made_and_bought_at_home_in_the_same_measure() -> None:
    reliance = import_reliance(Balance(800.0, imports=300.0, exports=100.0))
    assert reliance == pytest.approx(0.2)
