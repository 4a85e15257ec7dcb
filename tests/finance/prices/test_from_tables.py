"""Prices of the cases, read from their tables."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from coercivity.finance.prices import (
    Quote,
    follow,
    margin_factor,
    price_links,
    price_system,
    simulate,
)
from coercivity.finance.refusals import FinanceError
from coercivity.tables import CaseTables, read_case
from tests.written_cases import Tables, write_case_folder

CASES = Path(__file__).parents[3] / "src" / "coercivity" / "cases"


def read(case: str) -> CaseTables:
    return read_case(CASES / case)


@pytest.mark.parametrize("case", ["us-rare-earths", "us-tungsten", "us-rare-metals"])
def test_every_linked_price_of_a_case_is_followed_to_its_end(case: str) -> None:
    tables = read(case)
    links = price_links(tables)
    moved = simulate(price_system(tables), years=2, paths=16, seed=1)
    found = follow(moved, links)
    assert set(found.prices) == {*moved.prices, *(link.quote for link in links)}
    assert all((table > 0).all() and np.isfinite(table).all() for table in found.prices.values())


def test_rows_carry_over_with_place_errors_and_correlation() -> None:
    tables = read("us-rare-earths")
    system = price_system(tables)
    rows = {row.text("material"): row for row in tables["price_models"].rows()}
    for process in system.processes:
        row = rows[process.quote.material]
        assert process.quote.place == row.text("place")
        assert process.level == row.number("level")
        assert process.standard_errors.get("level") == row.maybe_number("level_se")
    names = [quote.material for quote in system.quotes]
    for row in tables["price_correlations"].rows():
        one, other = names.index(row.text("material")), names.index(row.text("with_material"))
        assert system.correlation[one, other] == row.number("correlation")
        assert system.correlation[other, one] == row.number("correlation")


def test_the_range_of_a_margin_is_eight_draws_in_ten() -> None:
    tables = read("us-rare-earths")
    rows = tables["price_links"].rows()
    for row, link in zip(rows, price_links(tables), strict=True):
        low, high = row.maybe_number("margin_low"), row.maybe_number("margin_high")
        if low is None or high is None or row.number("margin") == 0:
            assert link.margin_spread == 0
            continue
        normal = NormalDist()
        drawn = [
            float(margin_factor(link.margin_spread, np.array(normal.inv_cdf(share))))
            for share in (0.1, 0.9)
        ]
        assert drawn[1] / drawn[0] == pytest.approx(high / low)


def test_wanted_materials_keep_their_own_processes() -> None:
    tables = read("us-rare-earths")
    first = price_system(tables).quotes[0]
    alone = price_system(tables, only=[first.material])
    assert alone.quotes == (first,)
    whole = simulate(price_system(tables), years=1, paths=4, seed=1)
    part = simulate(alone, years=1, paths=4, seed=1)
    assert (whole.prices[first] == part.prices[first]).all()


def written(folder: Path, **row: object) -> CaseTables:
    return written_rows(folder, [{"material": "ore", **row}])


def written_rows(folder: Path, rows: list[dict[str, object]]) -> CaseTables:
    tables: Tables = {
        "materials": [{"id": "ore"}],
        "sites": [{"id": "town", "country": "USA"}],
        "price_models": rows,
    }
    return read_case(write_case_folder(folder, tables))


def test_a_process_without_its_numbers_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(FinanceError, match=r"price_models.*row 2.*'ore' has no reversion.*F203"):
        price_system(written(tmp_path, level=5.0, volatility=0.1))


def test_a_second_attractor_without_rates_is_refused(tmp_path: Path) -> None:
    full = {"level": 5.0, "volatility": 0.1, "reversion": 0.5, "second_ratio": 2.0}
    with pytest.raises(FinanceError, match="no rate_to_second, rate_back"):
        price_system(written(tmp_path, **full))


def test_one_material_at_two_places_moves_by_one_shock(tmp_path: Path) -> None:
    row: dict[str, object] = {"material": "ore", "volatility": 0.3, "reversion": 0.5}
    rows = [{**row, "place": "x", "level": 5.0}, {**row, "place": "y", "level": 10.0}]
    system = price_system(written_rows(tmp_path, rows))
    found = simulate(system, years=3, paths=20, seed=1)
    np.testing.assert_allclose(
        found.prices[Quote("ore", "y")], 2 * found.prices[Quote("ore", "x")], rtol=1e-9
    )
