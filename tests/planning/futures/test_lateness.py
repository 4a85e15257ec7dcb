"""Output that comes later than planned, and money that does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.chain.plants import Asset, Option
from coercivity.planning.futures.lateness import late_asset, late_option, mixed_lateness
from tests.planning.futures.chains import loaded
from tests.small_chains import plant, years

YEARS = tuple(range(2025, 2035))


@pytest.fixture(name="option", scope="module")
def _option(tmp_path_factory: pytest.TempPathFactory) -> Option:
    rows = [{"id": "new", "capital": 4, "permit_years": 1, "build_years": 2, "ramp": "0.5;1",
             "life": 20}]  # fmt: skip
    folder = tmp_path_factory.mktemp("late")
    return loaded(folder, plant(options=rows), years(2025, 2035))[0].options["new"]


@pytest.fixture(name="asset", scope="module")
def _asset(tmp_path_factory: pytest.TempPathFactory) -> Asset:
    asset = {"nameplate_capacity": 100, "first_year": 2027, "last_year": 2032, "least_activity": 10}
    folder = tmp_path_factory.mktemp("asset")
    return loaded(folder, plant(asset), years(2025, 2035))[0].assets["plant"]


def test_output_begins_later_and_ramps_up_as_before(option: Option) -> None:
    late = late_option(option, option, delay=2.0, overrun=1.0)
    planned = option.output_shares(2025, YEARS)
    assert late.output_shares(2025, YEARS).tolist() == [0, 0, *planned[:-2]]


def test_part_of_a_year_late_is_part_of_a_year_of_output(option: Option) -> None:
    late = late_option(option, option, delay=0.25, overrun=1.0).output_shares(2025, YEARS)
    assert late[:6].tolist() == [0, 0, 0, 0.375, 0.875, 1]


def test_a_delay_moves_no_money(option: Option) -> None:
    late = late_option(option, option, delay=3.0, overrun=1.0)
    for year in YEARS:
        assert late.payments(year) == option.payments(year)
        assert late.salvage_share(year, horizon_end=2035) == option.salvage_share(
            year, horizon_end=2035
        )
        assert late.may_be_decided(year, horizon_end=2035) == option.may_be_decided(
            year, horizon_end=2035
        )


def test_an_overrun_is_a_factor_on_capital(option: Option) -> None:
    assert late_option(option, option, delay=0.0, overrun=1.5).capital.tolist() == [6.0] * 10


def test_a_scenario_that_moves_lead_times_is_a_delay(option: Option) -> None:
    changed = replace(option, permit_years=3)
    assert late_option(option, changed, delay=0.0, overrun=1.0).lateness == ((1.0, 2),)


def test_a_module_of_an_option_that_a_scenario_takes_away_gives_nothing(option: Option) -> None:
    gone = late_option(option, replace(option, most=0), delay=0.0, overrun=1.0)
    assert not gone.output_shares(2025, YEARS).any()
    assert gone.most == option.most


@given(st.floats(0, 6), st.floats(0, 6))
def test_more_delay_never_gives_more_output(option: Option, one: float, other: float) -> None:
    less, more = sorted((one, other))
    early = late_option(option, option, delay=less, overrun=1.0).output_shares(2025, YEARS)
    late = late_option(option, option, delay=more, overrun=1.0).output_shares(2025, YEARS)
    assert (np.cumsum(late) <= np.cumsum(early) + 1e-9).all()


def test_a_mixture_keeps_the_mean_output(option: Option) -> None:
    parts = [
        (0.25, late_option(option, option, delay=1.0, overrun=1.0)),
        (0.75, late_option(option, option, delay=2.5, overrun=1.0)),
    ]
    mixed = replace(parts[0][1], lateness=mixed_lateness(list(parts)))
    mean = sum(chance * one.output_shares(2025, YEARS) for chance, one in parts)
    assert mixed.output_shares(2025, YEARS) == pytest.approx(mean)


def test_an_asset_under_construction_begins_late_and_ends_as_planned(asset: Asset) -> None:
    late = late_asset(asset, 1.5)
    assert late.capacity.tolist() == [0, 0, 0, 50, 100, 100, 100, 100, 0, 0]
    assert late.least_activity.tolist() == [0, 0, 0, 5, 10, 10, 10, 10, 0, 0]


def test_no_delay_changes_nothing(asset: Asset) -> None:
    assert late_asset(asset, 0.0) is asset


def test_unlimited_capacity_begins_late_too(tmp_path: Path) -> None:
    case, _ = loaded(tmp_path, plant({"nameplate_capacity": 5}), years(2025, 2030))
    asset = replace(case.assets["plant"], capacity=np.array([0, np.inf, np.inf, np.inf, np.inf]))
    assert late_asset(asset, 2.0).capacity.tolist() == [0, 0, 0, np.inf, np.inf]
