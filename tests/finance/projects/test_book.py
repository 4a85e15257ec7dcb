"""Which price a material has where, and how what has none of its own is priced."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.finance.prices.processes import Quote
from coercivity.finance.projects.book import PAYABLE, price_book
from coercivity.finance.projects.markets import outlet_of
from coercivity.finance.refusals import FinanceError
from tests.finance.projects.works import STILL, load_works, works

PLACES = [
    {"material": "good", "place": "CHN", "level": 40000, **STILL},
    {"material": "good", "place": "USA", "level": 60000, **STILL},
    {"material": "side", "place": "CHN", "level": 1000, **STILL},
]


@pytest.mark.parametrize(("country", "place"), [("USA", "USA"), ("AUS", "USA"), ("CHN", "CHN")])
def test_a_plant_sells_at_home_or_as_the_perspective_does(
    tmp_path: Path, country: str, place: str
) -> None:
    case, tables = load_works(tmp_path, price_models=PLACES)
    assert price_book(case, tables).quote("good", country) == Quote("good", place)


def test_a_feed_without_a_price_costs_a_share_of_what_is_made_of_it(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    book = price_book(case, tables)
    quote = book.quote("ore", "USA")
    assert quote is not None
    # A tonne of ore gives 0.1 t of good at 40 000 and 0.2 t of side at 1000.
    assert book.long_run(quote) == pytest.approx(PAYABLE * 4200)
    assert "assumed" in book.notes["ore"]


def test_a_feed_with_a_price_keeps_the_share_that_this_price_pays_today(tmp_path: Path) -> None:
    prices = [
        {"material": "ore", "date": "2025", "price": 2200},
        {"material": "good", "date": "2025", "price": 42000, "place": "CHN"},
    ]
    case, tables = load_works(tmp_path, prices=prices)
    book = price_book(case, tables)
    quote = book.quote("ore", "USA")
    assert quote is not None
    # Today it pays 2200 of 0.1 x 42 000 + 0.2 x 1000 = 4400; in the long run half of 4200.
    assert book.long_run(quote) == pytest.approx(2100.0)
    drawn = book.draw([quote], years=30, paths=3, seed=0, workers=1).prices[quote]
    assert drawn[:, -1] == pytest.approx(2100.0, rel=1e-6)
    assert drawn[0, 0] == pytest.approx(2200.0, rel=0.01)


def test_a_material_nobody_takes_keeps_its_stated_price(tmp_path: Path) -> None:
    models = [row for row in works()["price_models"] if row["material"] == "good"]
    case, tables = load_works(tmp_path, price_models=models)
    assert price_book(case, tables).held[Quote("side")] == 900.0


def test_prices_before_the_price_year_are_not_taken_for_those_of_today(tmp_path: Path) -> None:
    prices = [{"material": "good", "date": "2024", "price": 10000, "place": "CHN"}]
    case, tables = load_works(tmp_path, prices=prices)
    assert price_book(case, tables).start == {}


def test_a_by_product_sells_as_far_as_its_buyers_go(tmp_path: Path) -> None:
    case, _ = load_works(tmp_path)
    found = outlet_of(
        case, "side", site="hill", made=np.array([0.0, 2.0]), benchmark=1000.0, place=4
    )
    assert found.share.tolist() == [1.0, 0.25]
    assert found.realisation == pytest.approx(0.9)
    assert found.disposal == pytest.approx(0.05)
    assert found.freight == pytest.approx(0.1)


def test_what_a_plant_takes_sells_in_full(tmp_path: Path) -> None:
    case, _ = load_works(tmp_path)
    found = outlet_of(case, "good", site="hill", made=np.array([9.0]), benchmark=1.0, place=4)
    assert found.share.tolist() == [1.0]
    assert found.realisation == 1.0


@pytest.mark.parametrize("price", [0, -3])
def test_a_price_from_which_no_path_can_start_is_refused(tmp_path: Path, price: int) -> None:
    prices = [{"material": "good", "date": "2025", "price": price, "place": "CHN"}]
    case, tables = load_works(tmp_path, prices=prices)
    with pytest.raises(FinanceError, match=r"prices\.csv, row 2.*price of good at CHN is .*F203"):
        price_book(case, tables)
