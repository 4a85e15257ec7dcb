"""Futures drawn from the tables of a case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.chain import Case, load_case
from coercivity.foundation.errors import UsageError
from coercivity.tables import CaseTables
from coercivity.uncertainty.futures import Future
from coercivity.uncertainty.sampling import GammaDelay, case_quantities, sampled_futures
from tests.small_chains import plant
from tests.written_cases import Rows, Tables, write_case_folder

RANGED = {"amount_low": 500, "amount_high": 1500}
OVERRUN = {"capital_shift": 0.5, "capital_mu": -0.705, "capital_sigma": 0.72}


def loaded(folder: Path, tables: Tables) -> tuple[Case, CaseTables]:
    case, read, _ = load_case(write_case_folder(folder / "case", tables))
    return case, read


def certain(scenarios: Rows = ()) -> Tables:
    """A plant that may be built, and nothing uncertain."""
    return plant(options=[{"id": "new"}], scenarios=scenarios)


def drawn(
    folder: Path, tables: Tables, count: int = 8, seed: int = 1, *, stratified: bool = True
) -> tuple[Future, ...]:
    case, read = loaded(folder, tables)
    return sampled_futures(read, case, count=count, seed=seed, stratified=stratified)


def staged(**more: Rows) -> Tables:
    """A plant of a stage and a project, with two modules that may be added."""
    base = plant(
        options=[{"id": "one", "project": "works"}, {"id": "two"}],
        stages=[{"id": "making"}],
        projects=[{"id": "works"}],
    )
    processes = [{"id": "make", "reference_material": "good", "stage": "making"}]
    return {**base, "processes": processes, **more}


def test_a_case_that_says_nothing_uncertain_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no events, overruns, price_models.*U306"):
        drawn(tmp_path, certain())


@pytest.mark.parametrize("count", [0, -3])
def test_fewer_than_one_future_is_refused(count: int, tmp_path: Path) -> None:
    rows: Rows = [{"id": "late", "scope": "stage", "target": "making", "delay_mean": 1}]
    with pytest.raises(UsageError, match=r"Draw at least one.*U301"):
        drawn(tmp_path, staged(overruns=rows), count)


def test_the_row_of_a_project_goes_before_the_row_of_its_stage(tmp_path: Path) -> None:
    rows: Rows = [
        {"id": "s", "scope": "stage", "target": "making", "delay_mean": 3},
        {"id": "p", "scope": "project", "target": "works", "delay_mean": 1},
    ]
    delays = [future.delays for future in drawn(tmp_path, staged(overruns=rows))]
    assert all(one == {"one": 1.0, "two": 3.0} for one in delays)


def test_overruns_have_the_stated_mean(tmp_path: Path) -> None:
    rows: Rows = [{"id": "s", "scope": "stage", "target": "making", **OVERRUN}]
    factors = [one.capital["two"] for one in drawn(tmp_path, staged(overruns=rows), 2000)]
    assert np.mean(factors) == pytest.approx(0.5 + np.exp(-0.705 + 0.72**2 / 2), rel=0.01)
    assert min(factors) > 0.5


def test_an_asset_is_late_only_while_it_is_being_built(tmp_path: Path) -> None:
    rows: Rows = [{"id": "s", "scope": "stage", "target": "making", "delay_mean": 2}]
    for status, late in (("operating", False), ("construction", True)):
        tables = staged(overruns=rows)
        assets = [{**tables["assets"][0], "status": status, "nameplate_capacity": 10}]
        case_folder = tmp_path / status
        found = drawn(case_folder, {**tables, "assets": assets}, 1)[0]
        assert ("plant" in found.delays) is late


def test_ranges_of_demand_and_offers_are_factors_around_one(tmp_path: Path) -> None:
    tables = {
        **plant(demand=RANGED),
        "suppliers": [
            {"id": "abroad", "site": "works", "material": "good", "offered": 100,
             "offered_low": 50, "offered_high": 100, "price": 1}
        ],
    }  # fmt: skip
    futures = drawn(tmp_path, tables, 400)
    demand = [one.demand["users"] for one in futures]
    assert 0.5 <= min(demand) < 0.6
    assert 1.4 < max(demand) <= 1.5
    assert np.mean(demand) == pytest.approx(1.0, abs=0.01)
    assert max(one.offered["abroad"] for one in futures) <= 1.0


def test_named_scenarios_are_drawn_as_often_as_they_are_likely(tmp_path: Path) -> None:
    rows: Rows = [{"id": "calm", "probability": 0.75}, {"id": "ban", "probability": 0.25}]
    found = [one.scenario for one in drawn(tmp_path, certain(scenarios=rows), 8)]
    assert sorted(str(name) for name in found) == ["ban"] * 2 + ["calm"] * 6


def test_the_same_seed_gives_the_same_futures_and_another_others(tmp_path: Path) -> None:
    tables = {**certain(), "demands": plant(demand=RANGED)["demands"]}
    case, read = loaded(tmp_path, tables)
    one, again, other = (
        [f.demand["users"] for f in sampled_futures(read, case, count=5, seed=seed)]
        for seed in (7, 7, 8)
    )
    assert one == again
    assert one != other


def test_one_more_uncertainty_changes_no_draw_of_the_others(tmp_path: Path) -> None:
    rows: Rows = [{"id": "s", "scope": "stage", "target": "making", "delay_mean": 2, "delay_sd": 1}]
    few = drawn(tmp_path / "few", {**staged(), "demands": plant(demand=RANGED)["demands"]})
    more = {**staged(overruns=rows), "demands": plant(demand=RANGED)["demands"]}
    many = drawn(tmp_path / "many", more)
    assert [one.demand for one in few] == [one.demand for one in many]
    assert many[0].delays


def test_a_column_without_a_range_is_certain(tmp_path: Path) -> None:
    case, read = loaded(tmp_path, certain())
    assert case_quantities(read, case) == {}


def test_a_delay_has_the_stated_mean_and_is_never_negative() -> None:
    shares = (np.arange(100_000) + 0.5) / 100_000
    years = GammaDelay(1.5, 1.2).at(shares)
    assert years.mean() == pytest.approx(1.5, rel=1e-3)
    assert years.std() == pytest.approx(1.2, rel=1e-2)
    assert years.min() >= 0


def test_a_negative_delay_is_refused() -> None:
    with pytest.raises(UsageError, match=r"mean -1.0.*overruns.csv.*U304"):
        GammaDelay(-1.0, 0.0)
