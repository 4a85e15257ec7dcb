"""Deciding later: worth what a tree says, worth nothing without a choice, and asked of owners."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.finance.acceptance import Estimate
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.deciding_later import (
    LATEST,
    gain_of_waiting,
    postponed,
    with_waiting,
)
from coercivity.finance.projects.missing import missing_price
from coercivity.finance.projects.position import Position
from coercivity.finance.waterfall.terms import Rules
from tests.finance.projects.works import load_works, position, works
from tests.written_cases import Rows

PATHS = 1000


def ready(folder: Path, **changes: Rows) -> Position:
    """Put the works on certain prices that last long enough to wait."""
    projects = [{"id": "works", "hurdle": 0.10, "tax_rate": 0.0, "depreciation_class": "SL-10"}]
    case, tables = load_works(folder, None, **{"projects": projects, **changes})
    found = position(case, tables, paths=PATHS)
    longer = {
        quote: np.repeat(table, PATHS // len(table), axis=0)[:, :1]
        * np.ones((1, table.shape[1] + 4 * LATEST))
        for quote, table in found.drawn.paths.prices.items()
    }
    return replace(found, drawn=replace(found.drawn, paths=PricePaths(longer, 4, {})))


def known_in_a_year(found: Position, up: float, down: float) -> Position:
    """Let the price of the main product go up or down a year after the decision, for good."""
    quote = found.pricing.quotes[found.pricing.product]
    table = np.array(found.drawn.paths.prices[quote])
    rises = np.arange(PATHS) % 2 == 0
    begins = found.operation.first_year - found.drawn.case_first
    table[:, 4 * (begins + 1) :] *= np.where(rises, up, down)[:, None]
    prices = {**found.drawn.paths.prices, quote: table}
    return replace(found, drawn=replace(found.drawn, paths=PricePaths(prices, 4, {})))


def test_a_worth_that_is_certain_is_worth_less_a_year_later(tmp_path: Path) -> None:
    found = ready(tmp_path)
    now = found.appraise().worth.value
    assert now > 0
    assert gain_of_waiting(found).value == pytest.approx(now / 1.1, rel=1e-6)


def test_a_price_known_in_a_year_is_waited_for_as_a_tree_says(tmp_path: Path) -> None:
    found = known_in_a_year(ready(tmp_path), 1.7, 0.3)
    later = postponed(found, 1).appraise().equity_npv
    good, bad = later[0], later[1]
    assert good > 0 > bad
    by_hand = 0.5 * good / 1.1
    gain = gain_of_waiting(found)
    assert gain.value == pytest.approx(by_hand, rel=0.03)
    assert gain.value > found.appraise().worth.value


def test_a_wider_price_makes_waiting_worth_more(tmp_path: Path) -> None:
    certain = ready(tmp_path)
    gains = [
        gain_of_waiting(known_in_a_year(certain, 1 + wide, 1 - wide)).value
        for wide in (0.0, 0.4, 0.5, 0.7)
    ]
    assert gains == sorted(gains)
    assert gains[-1] > gains[0]


def test_owners_who_gain_by_waiting_do_not_build_now(tmp_path: Path) -> None:
    found = known_in_a_year(ready(tmp_path), 1.6, 0.4)
    appraised, gain = found.appraise(), gain_of_waiting(found)
    assert appraised.worth.value > 0
    judged = with_waiting(appraised, found, gain).acceptance
    assert judged.needed == gain.value
    assert gain.value > appraised.worth.value
    assert not judged.investor_accepts
    assert "that deciding later is worth" in judged.reasons[0]


def test_what_is_missing_pays_for_not_waiting(tmp_path: Path) -> None:
    first, second = works()["price_models"]
    models = [{**first, "level": 20000, "level_low": 15000, "level_high": 25000}, second]
    found = known_in_a_year(ready(tmp_path, price_models=models), 1.4, 0.6)
    found = replace(found, terms=replace(found.terms, rules=Rules()))
    plain, patient = missing_price(found), missing_price(found, waiting=True)
    assert plain.value is not None
    assert patient.value is not None
    assert patient.value > plain.value


def test_nothing_is_gained_by_waiting_where_nothing_is_built_or_prices_end(
    tmp_path: Path,
) -> None:
    case, tables = load_works(tmp_path)
    short = position(case, tables, paths=PATHS)
    assert gain_of_waiting(short) == Estimate(0.0, 0.0)
    assert gain_of_waiting(ready(tmp_path).first_paths(50)) == Estimate(0.0, 0.0)
