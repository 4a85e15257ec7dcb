from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.results import Run
from coercivity.studies.source import SourceOptions, day_of, source
from coercivity.tables.supply_list import SupplyListError
from tests.observed_chains import write_chain

BEFORE_2019, SINCE_2019 = "2019-04-29", "2019-04-30"
BEFORE_2027, SINCE_2027 = "2026-12-31", "2027-01-01"
CLEAN = {"dig": "VNM", "melt": "AUS", "forge": "USA"}


def buy(
    folder: Path,
    day: str,
    *lines: Mapping[str, object],
    segment: str = "defence",
    **tables: Any,
) -> Run:
    """Look into buying under the rules of a day, with a supply list of these lines."""
    case = write_chain(folder, **tables)
    path = None
    if lines:
        path = folder / "list.csv"
        columns = list(dict.fromkeys(name for line in lines for name in line))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(lines)
    return source(case, folder / "runs", SourceOptions(segment, path, day_of(day)))


def line(amount: float = 10, supplier: str = "shop", **more: Any) -> dict[str, object]:
    return {"supplier": supplier, "material": "part", "amount": amount, **more}


def verdict(folder: Path, day: str, origin: Mapping[str, str], **tables: Any) -> dict[str, Any]:
    """Check one line with this origin."""
    run = buy(folder, day, line(10, "shop", **origin), **tables)
    found: dict[str, Any] = run.result["lines"][0]
    return found


@pytest.mark.parametrize(
    ("day", "origin", "stage"),
    [
        (BEFORE_2019, {"dig": "CHN", "melt": "CHN", "forge": "CHN"}, None),
        (SINCE_2019, {"dig": "CHN", "melt": "CHN", "forge": "CHN"}, "melt"),
        (SINCE_2019, {"dig": "CHN", "melt": "AUS", "forge": "CHN"}, "forge"),
        (SINCE_2019, {"dig": "CHN", "melt": "AUS", "forge": "USA"}, None),
        (BEFORE_2027, {"dig": "CHN", "melt": "AUS", "forge": "USA"}, None),
        (SINCE_2027, {"dig": "CHN", "melt": "AUS", "forge": "USA"}, "dig"),
        (SINCE_2027, {"dig": "VNM", "melt": "AUS", "forge": "USA"}, None),
        (SINCE_2027, {"dig": "CHN", "melt": "CHN", "forge": "USA"}, "dig"),
    ],
)
def test_a_line_passes_or_fails_to_the_day(
    tmp_path: Path, day: str, origin: dict[str, str], stage: str | None
) -> None:
    found = verdict(tmp_path, day, origin)
    assert found["passes"] is (stage is None)
    assert (found["fails_at"] or {}).get("stage") == stage


def test_the_rule_that_fails_is_named_with_its_date(tmp_path: Path) -> None:
    found = verdict(tmp_path, SINCE_2027, {**CLEAN, "dig": "CHN"})
    assert found["fails_at"] == {
        "stage": "dig",
        "rule": "clean: dig in domestic, allied, neutral countries only since 2027-01-01",
    }


def test_every_stage_that_fails_is_listed_in_the_order_of_the_chain(tmp_path: Path) -> None:
    found = verdict(tmp_path, SINCE_2027, {"dig": "CHN", "melt": "CHN", "forge": "CHN"})
    assert [one["stage"] for one in found["fails"]] == ["dig", "melt", "forge"]


def test_a_line_may_have_a_day_of_its_own(tmp_path: Path) -> None:
    dirty = {**CLEAN, "dig": "CHN"}
    run = buy(
        tmp_path,
        BEFORE_2027,
        line(10, "shop", **dirty),
        line(10, "shop", **dirty, date=SINCE_2027),
    )
    assert [one["passes"] for one in run.result["lines"]] == [True, False]


def test_what_is_not_said_fails_where_a_rule_holds(tmp_path: Path) -> None:
    melted = {"melt": "AUS", "forge": "USA"}
    assert verdict(tmp_path / "before", BEFORE_2027, melted)["passes"]
    found = verdict(tmp_path / "since", SINCE_2027, melted)
    assert found["fails_at"]["stage"] == "dig"
    assert found["fails_at"]["rule"].endswith("where it ran is not said")


def test_the_country_of_a_line_stands_for_what_it_does_not_name(tmp_path: Path) -> None:
    assert verdict(tmp_path / "clean", SINCE_2027, {"country": "USA"})["passes"]
    found = verdict(tmp_path / "dirty", SINCE_2027, {"country": "USA", "dig": "CHN"})
    assert found["fails_at"]["stage"] == "dig"


def test_a_supplier_of_the_case_is_known(tmp_path: Path) -> None:
    run = buy(tmp_path, SINCE_2019, line(supplier="part-chn"))
    assert run.result["lines"][0]["fails_at"]["stage"] == "melt"


def exception(**more: object) -> dict[str, Any]:
    return {"origin_exceptions": [{"class": "clean", "stage": "dig", "material": "part", **more}]}


def test_an_exception_without_condition_lifts_its_stage(tmp_path: Path) -> None:
    dirty = {**CLEAN, "dig": "CHN"}
    assert verdict(tmp_path / "a", SINCE_2027, dirty, **exception())["passes"]
    worse = verdict(tmp_path / "b", SINCE_2027, {**dirty, "melt": "CHN"}, **exception())
    assert worse["fails_at"]["stage"] == "melt"


def test_an_exception_of_another_material_or_stage_does_not_lift(tmp_path: Path) -> None:
    dirty = {**CLEAN, "dig": "CHN"}
    assert not verdict(tmp_path / "a", SINCE_2027, dirty, **exception(material="bar"))["passes"]
    assert not verdict(tmp_path / "b", SINCE_2027, dirty, **exception(stage="melt"))["passes"]


def test_an_exception_for_every_stage_and_material_lifts_all(tmp_path: Path) -> None:
    dirty = {"dig": "CHN", "melt": "CHN", "forge": "CHN"}
    found = verdict(tmp_path, SINCE_2027, dirty, **exception(stage=None, material=None))
    assert found["passes"]


@pytest.mark.parametrize(("day", "passes"), [(SINCE_2027, True), ("2027-06-30", True),
                                              ("2027-07-01", False)])  # fmt: skip
def test_an_exception_holds_between_its_days(tmp_path: Path, day: str, passes: bool) -> None:
    dates = {"from_date": "2027-01-01", "to_date": "2027-06-30"}
    found = verdict(tmp_path, day, {**CLEAN, "dig": "CHN"}, **exception(**dates))
    assert found["passes"] is passes


def test_a_condition_is_told_and_the_line_does_not_pass(tmp_path: Path) -> None:
    found = verdict(
        tmp_path, SINCE_2027, {**CLEAN, "dig": "CHN"}, **exception(condition="made of scrap")
    )
    assert not found["passes"]
    assert found["verdict"] == "passes if"
    assert found["passes_if"] == "made of scrap"
    assert found["fails_at"]["stage"] == "dig"


def test_a_condition_does_not_help_where_another_stage_fails(tmp_path: Path) -> None:
    origin = {**CLEAN, "dig": "CHN", "melt": "CHN"}
    found = verdict(tmp_path, SINCE_2027, origin, **exception(condition="made of scrap"))
    assert found["passes_if"] is None
    assert found["fails_at"]["stage"] == "melt"


def test_conditions_of_several_stages_join_unless_one_lifts_all(tmp_path: Path) -> None:
    rows = [
        {"class": "clean", "stage": "dig", "condition": "scrap"},
        {"class": "clean", "stage": "melt", "condition": "small"},
    ]
    origin = {**CLEAN, "dig": "CHN", "melt": "CHN"}
    each = verdict(tmp_path / "each", SINCE_2027, origin, origin_exceptions=rows)
    assert each["passes_if"] == "scrap, and small"
    waived = [*rows, {"class": "clean", "condition": "waived"}]
    found = verdict(tmp_path / "all", SINCE_2027, origin, origin_exceptions=waived)
    assert found["passes_if"] == "waived"


def sellers(run: Run) -> dict[str, str | None]:
    """Give the stage at which each seller fails; None = it qualifies."""
    return {
        one["supplier"]: None if one["qualified"] else one["fails_at"]["stage"]
        for one in run.result["suppliers"]
    }


def test_who_qualifies_follows_the_inputs_that_reach_a_plant(tmp_path: Path) -> None:
    assert sellers(buy(tmp_path / "a", BEFORE_2019)) == {"home-forge": None, "part-chn": None}
    assert sellers(buy(tmp_path / "b", SINCE_2027)) == {"home-forge": None, "part-chn": "dig"}
    ore = [{"id": "ore-chn", "site": "smelter", "material": "ore", "price": 1, "origin": "dig=CHN"}]
    covered = buy(tmp_path / "c", SINCE_2027, suppliers=ore)
    assert sellers(covered) == {"home-forge": "dig"}
    assert sellers(buy(tmp_path / "d", BEFORE_2027, suppliers=ore)) == {"home-forge": None}


def test_an_option_is_no_supplier_until_it_is_built(tmp_path: Path) -> None:
    assets = [
        {"id": "home-forge", "site": "works", "process": "forging"},
        {"id": "ally-melt", "site": "smelter", "process": "melting", "nameplate_capacity": 100},
    ]
    options = [{"id": "build", "adds_to": "home-forge", "size": 100}]
    found = sellers(buy(tmp_path, BEFORE_2019, assets=assets, options=options))
    assert found == {"part-chn": None}


def test_a_plant_whose_input_cannot_come_is_no_supplier(tmp_path: Path) -> None:
    links = [
        {"id": "bars", "from": "smelter", "to": "works", "materials": "bar", "first_year": 2027},
        {"id": "parts", "from": "works", "to": "usa", "materials": "part"},
    ]
    run = buy(tmp_path / "a", "2026-01-01", links=links)
    assert sellers(run)["home-forge"] == "melt"
    rules = {one["supplier"]: one["fails_at"] for one in run.result["suppliers"]}
    assert rules["home-forge"]["rule"] == "nothing brings 'bar' to the plant"
    assert sellers(buy(tmp_path / "b", SINCE_2027, links=links))["home-forge"] is None


def test_a_segment_without_a_class_may_buy_from_all(tmp_path: Path) -> None:
    run = buy(tmp_path, SINCE_2027, segment="civil")
    assert sellers(run) == {"home-forge": None, "part-chn": None}


def test_recyclers_are_judged_by_where_they_stand(tmp_path: Path) -> None:
    processes = [
        {"id": "digging", "stage": "dig", "reference_material": "ore"},
        {"id": "melting", "stage": "melt", "reference_material": "bar", "origin": "site"},
        {"id": "forging", "stage": "forge", "reference_material": "part"},
    ]
    ore = [{"id": "ore-chn", "site": "smelter", "material": "ore", "price": 1, "origin": "dig=CHN"}]
    run = buy(tmp_path, SINCE_2027, processes=processes, suppliers=ore)
    assert sellers(run) == {"home-forge": None}


def test_alternatives_pass_and_keep_what_is_left(tmp_path: Path) -> None:
    run = buy(
        tmp_path,
        SINCE_2027,
        line(30, "part-chn"),
        line(25, "home-forge", **CLEAN),
    )
    assert run.result["alternatives"] == [
        {
            "replaces": "part",
            "rows": [2],
            "supplier": "home-forge",
            "material": "part",
            "country": "USA",
            "capacity_left_t": 75.0,
        }
    ]


def test_a_list_that_passes_needs_no_alternatives(tmp_path: Path) -> None:
    run = buy(tmp_path, SINCE_2027, line(10, **CLEAN))
    assert run.result["alternatives"] == []


def test_months_of_a_list_are_stock_over_what_is_lost(tmp_path: Path) -> None:
    run = buy(
        tmp_path,
        SINCE_2027,
        line(30, "first", **CLEAN, stock=4),
        line(30, "second", dig="VNM", melt="AUS", forge="AUS", stock=6),
    )
    months = run.result["cover_months"]
    assert months["first"] == months["second"] == pytest.approx(12 * 10 / 30)
    assert months["USA"] == pytest.approx(12 * 10 / 30)
    assert months["AUS"] == months["VNM"] == pytest.approx(12 * 10 / 60)
    assert months["forge"] == pytest.approx(12 * 10 / 60)
    assert "CHN" not in months


def test_stocks_past_a_lost_stage_last_longer(tmp_path: Path) -> None:
    stocks = [
        {"id": "bars", "site": "usa", "material": "bar", "opening": 25},
        {"id": "parts", "site": "usa", "material": "part", "opening": 10, "owner": "strategic"},
    ]
    months = buy(tmp_path, BEFORE_2019, stocks=stocks).result["cover_months"]
    # Defence takes a fifth of the 200 t that are used: 4 t of parts out of 5 t of the bars.
    assert months["forge"] == pytest.approx(12 * 10 / 40)
    assert months["dig"] == pytest.approx(12 * (10 + 4) / 40)


def test_months_of_a_segment_count_what_can_qualify(tmp_path: Path) -> None:
    stocks = [{"id": "kept", "site": "usa", "material": "part", "opening": 10}]
    run = buy(tmp_path, SINCE_2027, stocks=stocks)
    (position,) = run.result["positions"]
    # Neutral ore of 60 t gives 24 t of parts; of the private stock a fifth is for defence.
    assert position == {
        "material": "part",
        "need_t": 40.0,
        "supply_t": pytest.approx(24),
        "stock_t": pytest.approx(2),
    }
    months = run.result["cover_months"]
    assert months["home-forge"] == months["USA"] == months["VNM"] == pytest.approx(12 * 2 / 40)
    assert "CHN" not in months


def test_enough_left_means_no_end(tmp_path: Path) -> None:
    months = buy(tmp_path, BEFORE_2019).result["cover_months"]
    assert months["part-chn"] is None
    assert months["home-forge"] is None


def test_unknown_names_in_a_list_stop_the_study_before_a_run(tmp_path: Path) -> None:
    with pytest.raises(SupplyListError, match="'ZZZ' is not a country"):
        buy(tmp_path, SINCE_2027, line(country="ZZZ"))
    assert not (tmp_path / "runs").exists()


def test_an_unknown_segment_or_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'defense' is not a segment.*Did you mean 'defence'"):
        buy(tmp_path, SINCE_2027, segment="defense")
    with pytest.raises(UsageError, match=r"--date: '31/12/2026' is not a day.*write 2026-12-31"):
        day_of("31/12/2026")
    with pytest.raises(UsageError, match="empty"):
        day_of(" ")
    assert day_of("2027-01-01") == dt.date(2027, 1, 1)


def test_the_run_keeps_tables_and_key_figures(tmp_path: Path) -> None:
    run = buy(tmp_path, SINCE_2027, line(10, **CLEAN), line(5, country="CHN"))
    assert set(run.tables) == {"suppliers", "lines", "alternatives", "cover", "positions"}
    assert run.kpis["lines_passing"] == 1
    assert run.manifest.options["suppliers"] == "list.csv"
    assert run.manifest.headline == "defence on 2027-01-01: 1 of 2 qualify; 1 of 2 lines pass"
