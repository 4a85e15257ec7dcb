from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.chain import load_case
from coercivity.foundation.errors import CaseError, UsageError
from coercivity.results import Run
from coercivity.studies.assess import AssessOptions, assess
from tests.observed_chains import Row, observed, write_chain


def stand(folder: Path, *rows: Row, year: int | None = None, **tables: Any) -> Run:
    """Assess the chain with these observations of production in 2024."""
    case = write_chain(folder, observations=observed(*rows), **tables)
    return assess(case, folder / "runs", AssessOptions(year=year))


def share_of(run: Run, stage: str, country: str) -> float:
    return next(
        float(one["share"])
        for one in run.result["stages"]
        if (one["stage"], one["country"]) == (stage, country)
    )


def digging(**amounts: float) -> list[Row]:
    """Observe digging by country."""
    return [{"country": c, "stage": "dig", "amount": x} for c, x in amounts.items()]


def test_shares_and_index_of_countries(tmp_path: Path) -> None:
    run = stand(tmp_path, *digging(CHN=40, USA=40, AUS=20))
    assert run.result["year"] == 2024
    assert run.result["hhi"] == {"dig": 3600.0}
    assert run.result["covered_share"] == {"dig": 0.4}
    assert run.result["stages"][0] == {
        "stage": "dig",
        "country": "CHN",
        "output_t": 40.0,
        "share": 0.4,
    }


def test_moving_a_covered_plant_moves_share_and_index_as_by_hand(tmp_path: Path) -> None:
    others = digging(USA=30, AUS=10)
    for amount, share, index in ((60, 0.6, 4600), (20, 1 / 3, 10_000 * 14 / 36)):
        run = stand(tmp_path / str(amount), {"asset": "big-mine", "amount": amount}, *others)
        assert share_of(run, "dig", "CHN") == pytest.approx(share)
        assert run.result["covered_share"]["dig"] == pytest.approx(share)
        assert run.result["hhi"]["dig"] == pytest.approx(index)


def test_plants_and_the_rest_make_the_total_where_none_is_given(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"asset": "big-mine", "amount": 30},
        {"asset": "small-mine", "amount": 10},
        {"country": "CHN", "stage": "dig", "amount": 20, "covers": "rest"},
        *digging(USA=40),
    )
    assert share_of(run, "dig", "CHN") == 0.6
    companies = run.result["hhi_companies"]["dig"]
    assert companies["named"] == pytest.approx(900 + 100)
    assert companies["rest_as_one"] == pytest.approx(900 + 100 + 400 + 1600)
    assert companies["named_share"] == pytest.approx(0.4)


def test_the_total_of_a_country_wins_and_its_plants_tell_the_owners(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"asset": "big-mine", "amount": 30},
        {"country": "CHN", "stage": "dig", "amount": 15, "covers": "rest"},
        *digging(CHN=60, USA=40),
    )
    assert share_of(run, "dig", "CHN") == 0.6
    companies = run.result["hhi_companies"]["dig"]
    assert companies["named"] == pytest.approx(900)
    assert companies["rest_as_one"] == pytest.approx(900 + 900 + 1600)
    assert run.result["notes"] == []


def test_plants_above_the_total_of_their_country_are_told(tmp_path: Path) -> None:
    run = stand(tmp_path, {"asset": "big-mine", "amount": 70}, *digging(CHN=60, USA=40))
    assert share_of(run, "dig", "CHN") == 0.6
    assert any("counted at 70 t, more than its total of 60 t" in n for n in run.result["notes"])


def test_a_row_for_all_a_country_makes_wins_over_rows_by_material(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"country": "CHN", "stage": "forge", "amount": 60},
        {"country": "CHN", "stage": "forge", "material": "part", "amount": 25},
        {"country": "USA", "material": "part", "amount": 40},
    )
    assert share_of(run, "forge", "CHN") == 0.6


def test_other_materials_do_not_count_in_a_stage_measured_in_one(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"country": "CHN", "stage": "dig", "material": "ore", "amount": 60},
        {"country": "CHN", "stage": "dig", "material": "bar", "amount": 99},
        {"country": "USA", "stage": "dig", "material": "ore", "amount": 40},
    )
    assert share_of(run, "dig", "CHN") == 0.6


def test_the_last_year_is_asked_about_unless_another_is_named(tmp_path: Path) -> None:
    rows = [*digging(CHN=60, USA=40), *({**r, "year": 2023} for r in digging(CHN=10, USA=30))]
    run = stand(tmp_path, *rows)
    assert (run.result["year"], run.result["years"]) == (2024, [2023, 2024])
    earlier = stand(tmp_path / "earlier", *rows, year=2023)
    assert earlier.result["covered_share"]["dig"] == 0.25
    by_year = run.table("concentration").set_index("year")["hhi"]
    assert by_year[2023] == pytest.approx(6250)


def test_a_year_that_misses_the_main_makers_gives_no_shares(tmp_path: Path) -> None:
    later = {"country": "USA", "stage": "dig", "amount": 50, "year": 2025}
    run = stand(tmp_path, *digging(CHN=60, USA=40), later)
    assert run.result["year"] == 2025
    assert run.result["stages"] == []
    assert run.result["hhi"] == {}
    assert run.result["last_observed"] == {"dig": 2024}
    assert run.result["partly_counted"] == [{"stage": "dig", "country": "USA", "output_t": 50.0}]
    assert any("main makers of other years are missing" in note for note in run.result["notes"])


def test_a_lone_country_is_told_to_say_little(tmp_path: Path) -> None:
    run = stand(tmp_path, *digging(USA=5))
    assert any("only USA was counted" in note for note in run.result["notes"])


def test_import_reliance_of_the_home_country(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"country": "USA", "material": "part", "amount": 25},
        {"country": "USA", "material": "part", "amount": 80, "kind": "import"},
        {"country": "USA", "material": "part", "amount": 5, "kind": "export"},
        {"country": "CHN", "material": "part", "amount": 900},
        {"country": "CHN", "material": "part", "amount": 400, "kind": "export"},
    )
    assert run.result["import_reliance"] == {"part": 0.75}


def test_stock_change_enters_reliance(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"country": "USA", "material": "part", "amount": 25},
        {"country": "USA", "material": "part", "amount": 95, "kind": "import"},
        {"country": "USA", "material": "part", "amount": 10, "kind": "stock", "year": 2023},
        {"country": "USA", "material": "part", "amount": 30, "kind": "stock"},
    )
    assert run.result["import_reliance"] == {"part": 0.75}
    assert run.result["days_of_cover"]["part"] == pytest.approx(365 * 30 / 100)


def test_consumption_stands_for_trade_that_was_not_counted(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        {"country": "USA", "material": "part", "amount": 25},
        {"country": "USA", "material": "part", "amount": 100, "kind": "consumption"},
    )
    assert run.result["import_reliance"] == {"part": 0.75}


def test_reliance_needs_production_and_says_so(tmp_path: Path) -> None:
    run = stand(
        tmp_path,
        *digging(CHN=1),
        {"country": "USA", "material": "part", "amount": 100, "kind": "import"},
    )
    assert run.result["import_reliance"] == {}
    assert any("trade was counted but not production" in note for note in run.result["notes"])


def test_a_country_with_more_than_half_is_a_single_point(tmp_path: Path) -> None:
    run = stand(tmp_path, *digging(CHN=60, USA=40))
    points = {(one["kind"], one["id"], one["stage"]) for one in run.result["single_points"]}
    assert ("country", "CHN", "dig") in points
    balanced = stand(tmp_path / "balanced", *digging(CHN=50, USA=50))
    kinds = {one["kind"] for one in balanced.result["single_points"]}
    assert "country" not in kinds


def test_the_only_plant_of_a_material_nothing_can_do_without(tmp_path: Path) -> None:
    run = stand(tmp_path, *digging(CHN=60, USA=40))
    points = {one["id"]: one for one in run.result["single_points"] if one["kind"] != "country"}
    assert points["ally-melt"]["material"] == "bar"
    assert points["ally-melt"]["left_t"] == 0
    assert points["ore-vnm"]["kind"] == "supplier"
    assert "part-chn" not in points


def test_days_of_cover_from_opening_stock_and_demand(tmp_path: Path) -> None:
    stocks = [
        {"id": "kept", "site": "works", "material": "part", "opening": 20},
        {"id": "abroad", "site": "smelter", "material": "part", "opening": 500},
    ]
    run = stand(tmp_path, *digging(CHN=60, USA=40), stocks=stocks)
    assert run.result["days_of_cover"] == {"part": pytest.approx(365 * 20 / 200)}


def test_compliance_falls_with_the_date_of_the_rule(tmp_path: Path) -> None:
    run = stand(tmp_path, *digging(CHN=60, USA=40))
    found = {one["date"]: one for one in run.result["compliance"]}
    assert sorted(found) == ["2019-04-30", "2024-12-31", "2027-01-01"]
    assert found["2019-04-30"]["share"] == 1.0
    # 60 t of neutral ore give 30 t of bars and 24 t of parts, of 40 t that are asked for.
    assert found["2027-01-01"]["at_most_t"] == pytest.approx(24)
    assert found["2027-01-01"]["share"] == pytest.approx(0.6)


def test_supply_risk_needs_an_indicator_of_every_country(tmp_path: Path) -> None:
    countries = [
        {"id": "USA", "group": "domestic", "governance": 2.5},
        {"id": "AUS", "group": "allied"},
        {"id": "VNM", "group": "neutral"},
        {"id": "CHN", "group": "covered", "governance": -2.5},
    ]
    run = stand(tmp_path, *digging(CHN=50, USA=50), countries=countries)
    assert run.result["supply_risk"] == {"dig": 2.5}
    more = stand(tmp_path / "more", *digging(CHN=50, USA=50, AUS=1), countries=countries)
    assert more.result["supply_risk"] == {}


ELEMENTS = [
    {"id": "Xa", "oxide_factor": 0.8},
    {"id": "Xb", "oxide_factor": 0.5},
    {"id": "Xc", "oxide_factor": 0.5},
]


def test_basket_price_of_an_ore(tmp_path: Path) -> None:
    materials = [
        {"id": "ore", "stage": "dig"}, {"id": "bar", "stage": "melt"},
        {"id": "part", "stage": "forge"}, {"id": "xa-oxide", "stage": "melt", "basis": "oxide"},
        {"id": "xb-oxide", "stage": "melt", "basis": "oxide"},
    ]  # fmt: skip
    held = [
        {"material": "ore", "element": "Xa", "mass_fraction": 0.3, "counted_as": "oxide"},
        {"material": "ore", "element": "Xb", "mass_fraction": 0.1, "counted_as": "oxide"},
        {"material": "ore", "element": "Xc", "mass_fraction": 0.1, "counted_as": "element"},
        {"material": "xa-oxide", "element": "Xa", "mass_fraction": 1, "counted_as": "oxide"},
        {"material": "xb-oxide", "element": "Xb", "mass_fraction": 1, "counted_as": "oxide"},
    ]
    prices = [
        {"material": "xa-oxide", "date": "2023", "price": 10, "unit": "USD/kg", "place": "CHN"},
        {"material": "xa-oxide", "date": "2025", "price": 30, "unit": "USD/kg", "place": "CHN"},
        {"material": "xb-oxide", "date": "2024-03", "price": 50_000, "place": "CHN"},
        {"material": "xb-oxide", "date": "2024-09", "price": 70_000, "place": "CHN"},
        {"material": "xb-oxide", "date": "2024", "price": 1e9, "place": "far"},
        {"material": "xb-oxide", "date": "2024", "price": 1e9, "unit": "EUR/t", "place": "CHN",
         "series": "euro"},
    ]  # fmt: skip
    run = stand(
        tmp_path,
        *digging(CHN=60, USA=40),
        elements=ELEMENTS,
        materials=materials,
        compositions=held,
        prices=prices,
    )
    basket = run.result["basket_price"]["ore"]
    assert basket["price_per_t"] == pytest.approx((0.3 * 20_000 + 0.1 * 60_000) / 0.4)
    assert basket["priced_share"] == pytest.approx(0.4 / 0.5)
    assert basket["at_least_per_t"] == pytest.approx(basket["price_per_t"] * 0.8)
    assert basket["place"] == "CHN"


def test_a_case_without_observations_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"(?s)observations has no rows.*has to be counted.*T114"):
        assess(write_chain(tmp_path), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_year_without_observations_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Nothing was counted in 1999.*: 2024\."):
        stand(tmp_path, *digging(USA=1), year=1999)


def test_the_run_keeps_case_tables_units_and_key_figures(tmp_path: Path) -> None:
    run = stand(tmp_path, *digging(CHN=60, USA=40))
    assert set(run.tables) == {
        "stages", "concentration", "reliance", "single_points", "cover", "compliance", "baskets",
    }  # fmt: skip
    assert run.units("stages") == {"output_t": "t/year", "share": "fraction"}
    assert run.kpis["largest_covered_share"] == 0.6
    assert (run.inputs / "observations.csv").is_file()
    assert run.manifest.verb == "assess"
    assert run.manifest.headline == "2024: covered countries make 60% at stage dig"


def test_a_stage_measured_in_a_basis_counts_every_material_in_it(tmp_path: Path) -> None:
    stages = [
        {"id": "dig", "order": 1, "measure": "contained"},
        {"id": "melt", "order": 2},
        {"id": "forge", "order": 3},
    ]
    held = [{"material": "ore", "element": "Xa", "mass_fraction": 0.5}]
    run = stand(
        tmp_path,
        {"country": "CHN", "stage": "dig", "material": "ore", "amount": 120},
        {"country": "CHN", "stage": "dig", "material": "bar", "amount": 7},
        {"country": "USA", "stage": "dig", "amount": 40},
        stages=stages,
        elements=ELEMENTS,
        compositions=held,
    )
    assert share_of(run, "dig", "CHN") == 0.6
    assert any("'bar' has no composition" in note for note in run.result["notes"])


def test_the_same_case_gives_the_same_answer(tmp_path: Path) -> None:
    rows = digging(CHN=60, USA=40)
    first, second = (stand(tmp_path / name, *rows).result for name in ("one", "two"))
    assert {**first, "run": ""} == {**second, "run": ""}


def test_observations_never_enter_a_plan(tmp_path: Path) -> None:
    bare, _, _ = load_case(write_chain(tmp_path / "bare"))
    counted, _, _ = load_case(
        write_chain(tmp_path / "seen", observations=observed(*digging(CHN=9)))
    )
    assert set(bare.assets) == set(counted.assets)
    assert "big-mine" not in counted.assets
