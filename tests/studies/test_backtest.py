"""A chain operated in years that are over: what runs, what was counted, and that they are apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.studies.backtest import Backtest, backtest, operated_tables
from coercivity.studies.backtest_tables import errors
from coercivity.tables import read_case
from tests.observed_chains import chain, observed, write_chain
from tests.written_cases import Tables, write_case_folder

SEEN = observed(
    {"asset": "home-forge", "amount": 100},
    {"asset": "ally-melt", "amount": 80},
    {"asset": "big-mine", "amount": 900},
    {"country": "CHN", "stage": "forge", "amount": 320},
    {"country": "USA", "stage": "melt", "kind": "import", "amount": 50},
)
RELAXED = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def run(folder: Path, first: int = 2024, last: int = 2024, **tables: Any) -> Backtest:
    """Backtest the chain: ore for 1 a tonne, a smelter and a works of 100 t, parts for 5 a tonne.

    A part takes 2.5 t of ore, so what the works makes costs 2.5 a tonne and displaces parts for 5.
    The smelter is the bottleneck: 100 t of bars make 80 t of parts.
    """
    return backtest(write_chain(folder, **{"observations": SEEN} | tables), first, last)


def line(frame: pd.DataFrame, **key: object) -> dict[str, Any]:
    """Find the only row with a key."""
    for column, value in key.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return {str(name): value for name, value in frame.iloc[0].items()}


def supplied(amount: float, **more: object) -> dict[str, object]:
    return {"id": "ore", "site": "smelter", "material": "ore", "offered": amount, "price": 1} | more


def test_the_dispatch_of_a_known_chain_is_compared_with_what_was_counted(tmp_path: Path) -> None:
    found = run(tmp_path)
    forge = line(found.countries, stage="forge", country="USA")
    assert forge["possible_t"] == pytest.approx(100)
    assert forge["modelled_t"] == pytest.approx(80)
    assert (forge["observed_t"], forge["error_t"]) == (100, pytest.approx(-20))
    assert forge["error"] == pytest.approx(-0.20)
    melt = line(found.plants, stage="melt", asset="ally-melt")
    assert (melt["modelled_t"], melt["observed_t"]) == (pytest.approx(100), 80)
    assert melt["error"] == pytest.approx(0.25)


def test_the_modelled_share_counts_what_the_model_does_not_decide_as_it_was(
    tmp_path: Path,
) -> None:
    forge = line(run(tmp_path).countries, stage="forge", country="USA")
    assert forge["observed_share"] == pytest.approx(100 / 420)
    assert forge["modelled_share"] == pytest.approx(80 / 400)


def test_stages_and_countries_without_a_plant_that_could_run_are_listed_apart(
    tmp_path: Path,
) -> None:
    found = run(tmp_path)
    assert set(found.countries["stage"]) == {"melt", "forge"}
    dig = line(found.not_decided, stage="dig")
    assert (dig["countries"], dig["observed_t"], dig["share"]) == ("CHN", 900, 1.0)
    assert line(found.not_decided, stage="forge")["share"] == pytest.approx(320 / 420)


def test_imports_are_what_crosses_the_border_in_the_measure_of_the_stage(tmp_path: Path) -> None:
    bars = line(run(tmp_path).trade, stage="melt", country="USA", kind="import")
    assert (bars["modelled_t"], bars["observed_t"]) == (pytest.approx(100), 50)


@RELAXED
@given(st.lists(st.floats(1, 1e6), min_size=5, max_size=5))
def test_no_observation_enters_the_dispatch(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[float]
) -> None:
    changed = [{**row, "amount": x} for row, x in zip(SEEN, amounts, strict=True)]
    as_it_is = run(tmp_path_factory.mktemp("before")).tables
    after = run(tmp_path_factory.mktemp("after"), observations=changed).tables
    for name, frame in as_it_is.items():
        pd.testing.assert_frame_equal(frame, after[name])


def test_a_chain_without_observations_runs_the_same_and_is_compared_with_nothing(
    tmp_path: Path,
) -> None:
    found = run(tmp_path, observations=[])
    assert line(found.countries, stage="forge", country="USA")["modelled_t"] == pytest.approx(80)
    assert found.countries["observed_t"].isna().all()
    assert len(found.errors) == len(found.trade) == len(found.not_decided) == 0


def test_nothing_is_built_however_cheap(tmp_path: Path) -> None:
    free = [{"id": "more", "adds_to": "ally-melt", "size": 1000, "capital": 0, "build_years": 0}]
    found = run(tmp_path, options=free)
    assert line(found.countries, stage="forge", country="USA")["modelled_t"] == pytest.approx(80)
    assert len(found.tables["builds"]) == 0


def test_the_first_value_of_a_later_row_stands_for_the_operated_year_and_is_named(
    tmp_path: Path,
) -> None:
    later = run(tmp_path, suppliers=[supplied(100, year=2026), *chain()["suppliers"][2:]])
    assert later.held_back.to_dict("records") == [
        {"table": "suppliers", "key": "ore/1", "year": 2024, "since": 2026}
    ]
    assert line(later.countries, stage="forge", country="USA")["modelled_t"] == pytest.approx(40)


def test_a_row_dated_in_the_operated_year_is_taken_and_nothing_held_back(tmp_path: Path) -> None:
    rows = [supplied(50, year=2024), supplied(100, year=2025), *chain()["suppliers"][2:]]
    found = run(tmp_path, 2024, 2025, suppliers=rows)
    assert len(found.held_back) == 0
    ran = {
        year: line(found.countries, year=year, stage="forge", country="USA")["modelled_t"]
        for year in (2024, 2025)
    }
    assert ran == {2024: pytest.approx(20), 2025: pytest.approx(40)}


def test_holding_a_demand_back_leaves_its_later_path_as_it_was(tmp_path: Path) -> None:
    path = [
        {"id": "cars", "country": "USA", "year": year, "amount": amount, "penalty": 1000}
        for year, amount in ((2025, 100), (2027, 300))
    ]
    case = write_chain(
        tmp_path, demands=path, demand_materials=[{"demand": "cars", "material": "part"}]
    )
    coverage = backtest(case, 2024, 2026).tables["coverage"]
    asked = dict(zip(coverage["year"], coverage["demand_t"], strict=True))
    assert asked == {2024: pytest.approx(100), 2025: pytest.approx(100), 2026: pytest.approx(200)}


def test_a_scenario_applies_to_the_operated_years(tmp_path: Path) -> None:
    scarce: Tables = {
        "scenarios": [{"id": "scarce"}],
        "changes": [
            {"scenario": "scarce", "table": "assets", "key": "ally-melt",
             "column": "nameplate_capacity", "set": 50}
        ],
    }  # fmt: skip
    case = write_case_folder(tmp_path / "case", chain(observations=SEEN, **scarce))
    found = backtest(case, 2024, 2024, scenario="scarce")
    assert line(found.countries, stage="forge", country="USA")["modelled_t"] == pytest.approx(40)


def test_only_the_product_counts_where_a_stage_is_measured_by_weight(tmp_path: Path) -> None:
    usual = chain()
    recipes = [
        *usual["recipes"],
        {"process": "forging", "material": "chips", "direction": "out", "amount": 0.25},
    ]
    materials = [*usual["materials"], {"id": "chips", "stage": "forge"}]
    found = run(tmp_path, recipes=recipes, materials=materials)
    assert line(found.countries, stage="forge", country="USA")["modelled_t"] == pytest.approx(80)


def test_a_material_that_measures_another_stage_counts_there(tmp_path: Path) -> None:
    usual = chain()
    recipes = [
        {"process": "forging", "material": "ingot", "direction": "in", "amount": 1},
        {"process": "forging", "material": "part", "direction": "out", "amount": 1},
        {"process": "forging", "material": "bar", "direction": "out", "amount": 0.05},
    ]
    ingots = {"id": "ingots", "site": "works", "material": "ingot", "offered": 60, "price": 1}
    found = run(
        tmp_path,
        recipes=[*usual["recipes"][:3], *recipes],
        materials=[*usual["materials"], {"id": "ingot", "stage": "melt"}],
        suppliers=[*usual["suppliers"], ingots],
    )
    assert line(found.countries, stage="forge", country="USA")["modelled_t"] == pytest.approx(60)
    assert line(found.countries, stage="melt", country="USA")["modelled_t"] == pytest.approx(3)


def test_operated_years_are_periods_and_the_case_keeps_everything_else(tmp_path: Path) -> None:
    tables = read_case(write_chain(tmp_path, observations=SEEN))
    prepared, _ = operated_tables(tables, 2023, 2025)
    assert prepared.settings.periods == (2023, 2024, 2025, 2026)
    assert len(prepared["observations"]) == 0 < len(tables["observations"])
    untouched = set(tables.tables) - {"observations", "options", "targets"}
    for name in untouched:
        rows = [dict(prepared[name].columns), dict(tables[name].columns)]
        assert rows[0] == rows[1], name


def test_errors_are_summed_without_their_sign_over_what_was_counted() -> None:
    frame = pd.DataFrame(
        {
            "year": 2024,
            "stage": "forge",
            "country": ["A", "B", "C"],
            "possible_t": [50.0, 50.0, 50.0],
            "modelled_t": [30.0, 20.0, 7.0],
            "observed_t": [20.0, 30.0, float("nan")],
        }
    )
    summed = line(errors(frame), stage="forge")
    assert summed["countries"] == 2
    assert (summed["error"], summed["error_if_full"]) == (pytest.approx(0.4), pytest.approx(1.0))


def test_years_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"last operated year, 2023, lies before the first, 2024"):
        run(tmp_path, 2024, 2023)


def test_a_chain_that_is_wrong_in_the_operated_year_is_refused(tmp_path: Path) -> None:
    lost = [{"id": "arms", "country": "USA", "amount": 40}]
    with pytest.raises(CaseError, match="arms"):
        run(
            tmp_path,
            demands=lost,
            materials=[*chain()["materials"], {"id": "unobtainable"}],
            demand_materials=[{"demand": "arms", "material": "unobtainable"}],
        )
