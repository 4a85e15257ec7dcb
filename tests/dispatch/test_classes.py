from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import Case, load_case
from coercivity.dispatch.classes import ClassBook, asked_classes, tracked_classes
from tests.small_chains import ALL_GROUPS, by_year, plan_of, terms, years
from tests.written_cases import Rows, Tables, write_case_folder


def rule(name: str, stage: str, groups: str, date: str | None = None) -> dict[str, object]:
    return {"class": name, "stage": stage, "groups": groups, "from_date": date}


RULES: Rows = [
    rule("best", "mining", "domestic"),
    rule("best", "making", "domestic"),
    rule("clean", "mining", "domestic;allied"),
    rule("clean", "making", "domestic;allied", "2026-01-01"),
]


def chain(**tables: Rows) -> Tables:
    """Write ore → good in the United States and in a neutral country, asked for in a class."""
    return {
        "countries": ALL_GROUPS,
        "stages": [{"id": "mining", "order": 1}, {"id": "making", "order": 2}],
        "segments": [{"id": "defence"}],
        "sites": [
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "vnm", "country": "VNM", "kind": "pool"},
        ],
        "materials": [
            {"id": "ore", "stage": "mining"},
            {"id": "good", "stage": "making"},
            {"id": "rest", "stage": "making"},
            {"id": "acid"},
        ],
        "elements": [{"id": "X"}],
        "compositions": [
            {"material": m, "element": "X", "mass_fraction": f}
            for m, f in (("ore", 0.4), ("good", 0.6), ("rest", 0.1))
        ],
        "processes": [{"id": "make", "stage": "making", "reference_material": "good"}],
        "recipes": [
            {"process": "make", "material": m, "direction": d, "amount": a}
            for m, d, a in (
                ("ore", "in", 2),
                ("acid", "in", 1),
                ("good", "out", 1),
                ("rest", "out", 1),
            )
        ],
        "assets": [
            {"id": "home", "site": "usa", "process": "make", "nameplate_capacity": 1000},
            {"id": "away", "site": "vnm", "process": "make", "nameplate_capacity": 1000},
        ],
        "links": [{"id": "sea", "from": "vnm", "to": "usa", "materials": "good"}],
        "suppliers": [
            {
                "id": "ore-aus",
                "country": "USA",
                "material": "ore",
                "price": 100,
                "origin": "mining=AUS",
            },
            {
                "id": "ore-aus-2",
                "country": "VNM",
                "material": "ore",
                "price": 90,
                "origin": "mining=AUS",
            },
            {"id": "acids", "material": "acid", "price": 1},
        ],
        "demands": [
            {
                "id": "army",
                "segment": "defence",
                "country": "USA",
                "amount": 100,
                "class": "clean",
                "penalty": 9000,
            }
        ],
        "demand_materials": [{"demand": "army", "material": "good"}],
        "origin_classes": [{"id": "best", "order": 1}, {"id": "clean", "order": 2}],
        "origin_rules": RULES,
        **tables,
    }


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return load_case(write_case_folder(tmp_path / "case", chain(), years(2025, 2026, 2027)))[0]


def test_only_what_a_demand_asks_for_is_tracked(case: Case) -> None:
    assert asked_classes(case) == {("good", "clean")}
    assert tracked_classes(case) == {
        "ore": ("clean", "any"),
        "good": ("clean", "any"),
        "rest": ("any",),
        "acid": ("any",),
    }


def test_a_required_class_is_tracked_as_well(case: Case) -> None:
    assert asked_classes(case, [("defence", "best")]) == {("good", "clean"), ("good", "best")}
    assert tracked_classes(case, [("defence", "best")])["ore"] == ("best", "clean", "any")
    assert asked_classes(case, [("civil", "best")]) == {("good", "clean")}


def test_without_a_demand_for_a_class_everything_is_any(tmp_path: Path) -> None:
    tables = chain()
    tables = {**tables, "demands": [{**tables["demands"][0], "class": "any"}]}
    case = load_case(write_case_folder(tmp_path / "case", tables))[0]
    assert set(tracked_classes(case).values()) == {("any",)}


def test_without_compositions_every_material_carries_its_origin(tmp_path: Path) -> None:
    tables = chain(compositions=[])
    case = load_case(write_case_folder(tmp_path / "case", tables))[0]
    assert tracked_classes(case)["acid"] == ("clean", "any")


def test_a_site_process_ends_the_tracking_of_its_inputs(tmp_path: Path) -> None:
    tables = chain()
    tables = {**tables, "processes": [{**tables["processes"][0], "origin": "site"}]}
    case = load_case(write_case_folder(tmp_path / "case", tables))[0]
    tracked = tracked_classes(case)
    assert (tracked["good"], tracked["ore"]) == (("clean", "any"), ("any",))


def test_a_process_may_run_in_a_class_while_its_country_is_accepted(case: Case) -> None:
    book = ClassBook(case)
    mode = case.processes["make"].modes[0]
    assert book.may_run(case.assets["home"], mode, "clean") == (True, True)
    assert book.may_run(case.assets["away"], mode, "clean") == (True, False)
    assert book.may_run(case.assets["away"], mode, "any") == (True, True)


def test_a_co_product_lands_in_the_best_class_that_is_tracked_for_it(case: Case) -> None:
    book = ClassBook(case, [("defence", "best")])
    assert book.landing("good", "best") == "best"
    assert book.landing("good", "clean") == "clean"
    assert book.landing("rest", "clean") == "any"


def test_a_better_class_serves_a_worse_demand(case: Case) -> None:
    book = ClassBook(case, [("defence", "best")])
    assert book.accepted("good", "clean") == ("best", "clean")
    assert book.accepted("good", "any") == ("best", "clean", "any")
    assert book.accepted("good", "best") == ("best",)


@pytest.mark.parametrize(
    ("country", "origin", "classes"),
    [
        ("USA", {}, ["best", "best"]),
        ("AUS", {}, ["clean", "clean"]),
        ("VNM", {}, ["any", "any"]),
        ("VNM", {"mining": "AUS"}, ["clean", "any"]),
        ("CHN", {"mining": "USA", "making": "USA"}, ["best", "best"]),
        (None, {}, ["any", "any"]),
        (None, {"mining": "USA", "making": "USA"}, ["best", "best"]),
    ],
)
def test_a_supply_is_worth_the_best_class_all_its_stages_satisfy(
    country: str | None, origin: dict[str, str], classes: list[str], case: Case
) -> None:
    book = ClassBook(case, [("defence", "best")])
    assert book.of_supply("good", country, origin) == classes


def test_later_stages_do_not_count_for_a_supply(case: Case) -> None:
    # From 2026 making in a neutral country is refused, but ore has not been made into anything.
    book = ClassBook(case)
    assert book.of_supply("ore", "VNM", {"mining": "AUS"}) == ["clean", "clean"]


def test_the_product_of_a_covered_stage_does_not_serve_a_class_from_the_date_on(
    tmp_path: Path,
) -> None:
    # Away is cheaper, but from 2026 its making is refused.
    found = plan_of(tmp_path, chain(), years(2025, 2026, 2027))
    activity = found[1]["activity"].frame
    ran = set(zip(activity["asset"], activity["class"], activity["year"], strict=True))
    assert ran == {("away", "clean", 2025), ("home", "clean", 2026)}


def test_ore_keeps_the_class_of_its_mine_on_its_way(tmp_path: Path) -> None:
    covered = [
        {"id": "ore-chn", "country": "USA", "material": "ore", "price": 1, "origin": "mining=CHN"},
        {"id": "acids", "material": "acid", "price": 1},
    ]
    found = plan_of(tmp_path, chain(suppliers=covered))
    assert by_year(found, "coverage", "shortfall_t") == {2025: 100}


def recycling(origin: str, site: str) -> Tables:
    tables = chain()
    processes = [{**tables["processes"][0], "origin": origin}]
    scrap = [
        {"id": "scrap", "site": site, "material": "ore", "price": 1, "origin": "mining=CHN"},
        {"id": "acids", "material": "acid", "price": 1},
    ]
    return {**tables, "processes": processes, "suppliers": scrap}


@pytest.mark.parametrize(
    ("origin", "site", "short"),
    [("site", "usa", 0), ("site", "vnm", 100), ("inherit", "usa", 100)],
)
def test_recycled_material_takes_the_class_of_its_site(
    origin: str, site: str, short: float, tmp_path: Path
) -> None:
    # A rule on mining refuses a neutral country, and so does recycling there.
    found = plan_of(tmp_path, recycling(origin, site))
    assert by_year(found, "coverage", "shortfall_t") == {2025: short}


def exception(**values: object) -> Rows:
    return [{"class": "clean", "stage": "mining", "material": "ore", **values}]


@pytest.mark.parametrize(
    ("rows", "short"),
    [
        (exception(), {2025: 0, 2026: 0}),
        (exception(material=None), {2025: 0, 2026: 0}),
        (exception(to_date="2025-12-31"), {2025: 0, 2026: 100}),
        (exception(from_date="2026-01-01"), {2025: 100, 2026: 0}),
        (exception(from_date="2025-07-01"), {2025: 100, 2026: 0}),
        (exception(condition="only if nothing else is on offer"), {2025: 100, 2026: 100}),
        (exception(material="good"), {2025: 100, 2026: 100}),
        (exception(**{"class": "best"}), {2025: 100, 2026: 100}),
        (exception(stage="making"), {2025: 100, 2026: 100}),
    ],
)
def test_an_exception_lifts_a_rule_for_its_material_between_its_dates(
    rows: Rows, short: dict[int, float], tmp_path: Path
) -> None:
    suppliers = [
        {"id": "ore-chn", "country": "USA", "material": "ore", "price": 1, "origin": "mining=CHN"},
        {"id": "acids", "material": "acid", "price": 1},
    ]
    tables = chain(suppliers=suppliers, origin_exceptions=rows)
    found = plan_of(tmp_path, tables, years(2025, 2026, 2027))
    assert by_year(found, "coverage", "shortfall_t") == short


def test_a_better_class_is_used_as_a_worse_one_where_that_is_cheaper(tmp_path: Path) -> None:
    tables = chain()
    anyone = {"id": "anyone", "country": "USA", "amount": 50, "penalty": 9000}
    both: Tables = {
        **tables,
        "demands": [*tables["demands"], anyone],
        "demand_materials": [{"demand": d, "material": "good"} for d in ("army", "anyone")],
    }
    found = plan_of(tmp_path, both)
    assert terms(found).get("shortfall", 0.0) == 0.0
    served = found[1]["served"].frame
    assert set(served.loc[served["demand"] == "army", "class"]) == {"clean"}


def test_a_site_process_takes_inputs_of_any_class_even_where_they_are_tracked(
    tmp_path: Path,
) -> None:
    # Ore is tracked for the works that inherit; the melter next door does not ask.
    tables = recycling("inherit", "usa")
    both: Tables = {
        **tables,
        "processes": [
            *tables["processes"],
            {"id": "melt", "stage": "making", "reference_material": "good", "origin": "site"},
        ],
        "recipes": [
            *tables["recipes"],
            {"process": "melt", "material": "ore", "direction": "in", "amount": 2},
            {"process": "melt", "material": "good", "direction": "out", "amount": 1},
        ],
        "assets": [
            *tables["assets"],
            {"id": "melter", "site": "usa", "process": "melt", "nameplate_capacity": 70},
        ],
    }
    found = plan_of(tmp_path, both)
    assert by_year(found, "coverage", "shortfall_t") == {2025: 30}
