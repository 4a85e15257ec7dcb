from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.resilience.basket import basket_price

DISTRIBUTION = dict(
    zip(
        ("La", "Ce", "Nd", "Pr", "Sm", "Dy", "Eu", "Tb"),
        (25.5, 46.74, 18.5, 5.32, 2.27, 0.124, 0.443, 0.068),
        strict=True,
    )
)
"""Mount Weld, per cent of the oxides, as a 2010 price table of its owner lists them."""
PRICES = {
    2007: (3.44, 3.04, 30.24, 29.05, 3.6, 89.1, 323.9, 590.4),
    2008: (8.71, 4.56, 31.9, 29.48, 5.2, 118.49, 481.92, 720.77),
    2009: (4.88, 3.88, 19.12, 18.03, 3.4, 115.67, 492.92, 361.67),
}
"""Prices of the oxides of the same table. [USD/kg]"""


@pytest.mark.parametrize(("year", "published"), [(2007, 11.59), (2008, 14.87), (2009, 10.32)])
def test_published_basket_prices_come_out(year: int, published: float) -> None:
    prices = dict(zip(DISTRIBUTION, PRICES[year], strict=True))
    assert basket_price(DISTRIBUTION, prices) == pytest.approx(published, abs=0.01)


@given(st.floats(0.1, 100))
def test_only_proportions_count(factor: float) -> None:
    prices = dict(zip(DISTRIBUTION, PRICES[2007], strict=True))
    scaled = {element: share * factor for element, share in DISTRIBUTION.items()}
    assert basket_price(scaled, prices) == pytest.approx(basket_price(DISTRIBUTION, prices))


def test_a_product_without_price_is_refused() -> None:
    with pytest.raises(ValueError, match="no price for Y"):
        basket_price({"La": 1.0, "Y": 1.0}, {"La": 2.0})
    with pytest.raises(ValueError, match="not be negative nor all zero"):
        basket_price({"La": 0.0}, {"La": 2.0})
