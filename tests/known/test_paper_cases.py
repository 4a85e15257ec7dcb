"""Nine known situations, each written small: they fix what the columns mean."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coercivity.chain import load_case
from coercivity.tables import read_case
from tests.known.published import MILLION, facility_location, fixed_charge
from tests.small_chains import ALL_GROUPS, Found, by_year, plan_of, plant, terms, trade, years
from tests.written_cases import Rows, Tables, planned, planned_tables, write_case_folder


def frame(found: Found, table: str) -> pd.DataFrame:
    return found[1][table].frame


def recipe(process: str, mode: str = "main", **amounts: tuple[str, float]) -> Rows:
    return [
        {"process": process, "mode": mode, "material": m, "direction": d, "amount": a}
        for m, (d, a) in amounts.items()
    ]


# a) Facility location: a site's fixed cost is capital paid at once, and the file's cost is for the
# whole demand of a customer.


def test_a_facility_location(tmp_path: Path) -> None:
    tables = facility_location(
        [5000.0, 5000.0], [7500.0, 7500.0], [146.0, 87.0], [[6000.0, 10000.0], [9000.0, 2000.0]]
    )
    found = plan_of(tmp_path, tables)
    # The first site alone costs 7500 + 15 000, the second 7500 + 12 000, both 15 000 + 8000.
    assert found[0].objective * MILLION == pytest.approx(7500 + 10000 + 2000)
    build = frame(found, "builds").iloc[0]
    assert (build["asset"], build["capital_musd"]) == ("a2", pytest.approx(0.0075))
    assert terms(found) == pytest.approx({"capital": 0.0075, "freight": 0.012})


# b) Mexican steel: raw material without a place is delivered everywhere, free of freight.


def test_b_steel_with_imports_and_exports(tmp_path: Path) -> None:
    tables: Tables = {
        "countries": [{"id": "MEX", "group": "domestic"}],
        "sites": [
            {"id": "north", "country": "MEX"},
            {"id": "city", "country": "MEX", "kind": "market"},
            {"id": "import", "country": "MEX", "kind": "port"},
            {"id": "export", "country": "MEX", "kind": "port"},
        ],
        "materials": [{"id": "pellets"}, {"id": "power", "unit": "MWh"}, {"id": "steel"}],
        "processes": [{"id": "furnace", "reference_material": "steel"}],
        "recipes": recipe("furnace", pellets=("in", 1.5), power=("in", 0.5), steel=("out", 1)),
        "assets": [
            {"id": "f", "site": "north", "process": "furnace", "nameplate_capacity": 2_000_000}
        ],
        "suppliers": [
            {"id": "pellets", "material": "pellets", "price": 20},
            {"id": "power", "material": "power", "price": 24},
            {"id": "steel", "material": "steel", "site": "import", "price": 150},
        ],
        "buyers": [
            {"id": "out", "material": "steel", "site": "export", "most": 1_000_000, "price": 140}
        ],
        "links": [
            {"id": "n-c", "from": "north", "to": "city", "cost": 2.48 + 0.0084 * 1000},
            {"id": "n-e", "from": "north", "to": "export"},
            {"id": "i-c", "from": "import", "to": "city", "cost": 2.48 + 0.0084 * 400},
        ],
        "demands": [{"id": "d", "site": "city", "amount": 1_500_000}],
        "demand_materials": [{"demand": "d", "material": "steel"}],
    }
    found = plan_of(tmp_path, tables, {"perspective": "MEX"})
    # A tonne made here costs 42; to export it earns 140, to the city it saves 150 + 5.84 − 10.88.
    # So the city comes first, and the capacity that is left is exported.
    made, city = 2.0, 1.5
    expected = made * 42 + city * 10.88 - (made - city) * 140
    assert found[0].objective == pytest.approx(expected)
    assert frame(found, "purchases")["site"].unique().tolist() == ["north"]


# c) A fixed-charge network: the option adds to a link whose capacity is 0.


def test_c_options_on_links(tmp_path: Path) -> None:
    arcs = [(1, 2, 100.0, 1.0), (2, 3, 100.0, 1.0), (1, 3, 150.0, 3.0)]
    found = plan_of(tmp_path, fixed_charge(arcs, {1: -50.0, 3: 50.0}))
    assert found[0].objective * MILLION == pytest.approx(min(200 + 2 * 50, 150 + 3 * 50))
    two_ways = plan_of(tmp_path / "more", fixed_charge(arcs, {1: -90.0, 2: 40.0, 3: 50.0}))
    assert two_ways[0].objective * MILLION == pytest.approx(200 + 90 + 50)
    assert frame(two_ways, "builds")["asset"].isna().all()
    assert frame(two_ways, "builds")["link"].tolist() == ["l0", "l1"]


# d) One mine, two feeds, exports that end, an opening stock, by-products with a disposal price.


def mountain() -> Tables:
    split = {"light": ("out", 0.16), "rest": ("out", 0.5)}
    return {
        "countries": ALL_GROUPS,
        "sites": [
            {"id": "mp", "country": "USA"},
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "chn", "country": "CHN", "kind": "market"},
        ],
        "materials": [
            {"id": name} for name in ("concentrate", "carbonate", "light", "rest")
        ],
        "processes": [
            {"id": "mine", "reference_material": "concentrate"},
            {"id": "separate", "reference_material": "concentrate"},
        ],
        "recipes": [
            *recipe("mine", concentrate=("out", 1)),
            *recipe("separate", "own", concentrate=("in", 1), **split),
            *recipe("separate", "third-party", carbonate=("in", 1), **split),
        ],
        "modes": [
            {"process": "separate", "mode": "own"},
            {
                "process": "separate",
                "mode": "third-party",
                "reference_material": "carbonate",
                "capacity_use": 1.1,
            },
        ],
        "assets": [
            {"id": "mp-mine", "site": "mp", "process": "mine", "nameplate_capacity": 51000},
            {"id": "mp-light", "site": "mp", "process": "separate", "nameplate_capacity": 40000},
        ],
        "stocks": [
            {"id": "pile", "site": "mp", "material": "concentrate", "opening": 18000,
             "most": 90000},
            {"id": "cerium", "site": "mp", "material": "rest", "most": 9000},
        ],
        "links": [
            {"id": "home", "from": "mp", "to": "usa", "materials": "light"},
            {
                "id": "away",
                "from": "mp",
                "to": "chn",
                "materials": "concentrate",
                "last_year": 2025,
            },
        ],
        "suppliers": [
            {"id": "feed", "site": "mp", "material": "carbonate", "price": 50, "year": 2026}
        ],
        "buyers": [
            {"id": "dump", "site": "mp", "material": "rest", "price": -1},
            {"id": "chn", "country": "CHN", "material": "concentrate", "price": 900, "most": 30000},
        ],
        "tariffs": [{"from": "USA", "to": "CHN", "material": "concentrate", "amount": 100}],
        "demands": [{"id": "users", "country": "USA", "amount": 99000, "penalty": 50000}],
        "demand_materials": [{"demand": "users", "material": "light"}],
    }  # fmt: skip


@pytest.fixture
def separated(tmp_path: Path) -> Found:
    folder = write_case_folder(tmp_path / "mp", mountain(), years(2025, 2026, 2027, 2028, 2029))
    (folder / "assets-availability.csv").write_text(
        "year,mp-light\n2025,0.43\n2026,0.62\n2027,0.85\n2028,1\n"
    )
    (folder / "assets-least_activity.csv").write_text("year,mp-mine\n2025,51000\n2026,0\n")
    return planned_tables(folder)


def test_d_modes_share_the_capacity_that_is_available(separated: Found) -> None:
    used = frame(separated, "capacity").set_index(["asset", "year"])["used_t"]
    for year, share in ((2025, 0.43), (2026, 0.62), (2027, 0.85), (2028, 1.0)):
        assert used["mp-light", year] == pytest.approx(40000 * share)


def test_d_the_mine_runs_as_it_was_observed_to(separated: Found) -> None:
    ran = frame(separated, "activity").set_index(["asset", "year"])["activity_t"]
    assert ran["mp-mine", 2025] == pytest.approx(51000)


def test_d_exports_end_with_the_link_and_pay_the_duty(separated: Found) -> None:
    flows = frame(separated, "flows")
    assert set(flows.loc[flows["link"] == "away", "year"]) == {2025}
    sent = flows.loc[flows["link"] == "away", "flow_t"].sum()
    assert terms(separated)["tariff"] == pytest.approx(sent * 100 / MILLION)


def test_d_what_cannot_be_left_unsold_is_dumped_or_kept(separated: Found) -> None:
    activity = frame(separated, "activity")
    separating = activity[activity["asset"] == "mp-light"].groupby("year")["activity_t"].sum()
    sales = frame(separated, "sales")
    dumped = sales[sales["buyer"] == "dump"]["sold_t"].sum()
    kept = frame(separated, "stocks").query("stock == 'cerium'").set_index("year")["level_t"]
    assert dumped + kept[2028] == pytest.approx(0.5 * separating.sum())
    assert not (frame(separated, "unsold")["material"] == "rest").any()


def test_d_a_feed_that_takes_more_capacity_is_used_last(separated: Found) -> None:
    modes = set(frame(separated, "activity").query("asset == 'mp-light'")["mode"])
    assert modes == {"own"}


# e) The deal of July 2025: contracts are rows of promises and terms; a plan counts resources and
# does not see them.

DEAL: Tables = {
    "companies": [{"id": "mp", "country": "USA"}],
    "projects": [{"id": "upstream", "company": "mp"}, {"id": "ten-x", "company": "mp"}],
    "promises": [{"id": "contract", "hazard": 0.02, "termination_share": 0.5}, {"id": "obligated"}],
    "contracts": [
        {"id": "equity", "kind": "preferred-equity", "company": "mp", "promise": "obligated"},
        {
            "id": "floor",
            "kind": "floor",
            "project": "upstream",
            "promise": "contract",
            "starts": "date",
            "start_date": "2025-10-01",
            "years": 10,
            "volume_basis": "produced|sold|contained",
        },
        {"id": "upside", "kind": "upside-share", "project": "upstream", "promise": "contract"},
        {
            "id": "offtake",
            "kind": "take-or-pay",
            "project": "ten-x",
            "starts": "first-output",
            "starts_with": "new",
            "years": 10,
        },
    ],
    "contract_terms": [
        {"contract": "equity", "term": "amount", "value": 400, "unit": "million USD"},
        {"contract": "floor", "term": "strike", "value": 110, "unit": "USD/kg", "benchmark": "CHN"},
        {"contract": "upside", "term": "share", "value": 0.3, "after": "new"},
    ],
}


def test_e_a_deal_is_rows_and_leaves_the_plan_alone(tmp_path: Path) -> None:
    options: Rows = [{"id": "new", "capital": 0.5, "project": "ten-x"}]
    alone = plan_of(tmp_path / "alone", plant(options=options, projects=DEAL["projects"],
                                              companies=DEAL["companies"]))  # fmt: skip
    folder = write_case_folder(tmp_path / "deal", {**plant(options=options), **DEAL})
    with_deal = planned_tables(folder)
    assert with_deal[0].objective == pytest.approx(alone[0].objective)
    contracts = {row["id"]: row for row in read_case(folder)["contracts"].rows()}
    assert contracts["floor"]["settlement"] == "quarterly"
    assert contracts["floor"]["indexed"] is False
    assert contracts["floor"]["payer"] == "government"
    assert contracts["floor"]["volume_basis"] == "produced|sold|contained"
    assert contracts["equity"]["project"] is None
    assert contracts["offtake"]["starts_with"] == "new"


# f) Two grades for defence, and a sourcing rule whose stages come into force at two dates.


def magnets() -> Tables:
    stages = ("mining", "separation", "metal", "alloy", "magnet")
    groups = "domestic;allied;neutral"
    return {
        "countries": ALL_GROUPS,
        "stages": [{"id": s, "order": n} for n, s in enumerate(stages, start=1)],
        "segments": [{"id": "defence"}],
        "sites": [{"id": "usa", "country": "USA", "kind": "pool"}],
        "materials": [
            {"id": "oxide", "stage": "separation"},
            {"id": "std", "stage": "magnet"},
            {"id": "ht", "stage": "magnet"},
            {"id": "smco", "stage": "magnet"},
        ],
        "processes": [{"id": "press", "stage": "magnet", "reference_material": "std"}],
        "recipes": recipe("press", oxide=("in", 0.4), std=("out", 1)),
        "assets": [
            {"id": "works", "site": "usa", "process": "press", "nameplate_capacity": 100}
        ],
        "suppliers": [
            {
                "id": "oxide-chn",
                "country": "USA",
                "material": "oxide",
                "price": 50,
                "origin": "mining=CHN;separation=CHN",
            },
            {
                "id": "oxide-aus",
                "country": "USA",
                "material": "oxide",
                "price": 90,
                "origin": "mining=AUS;separation=AUS",
                "year": 2027,
                "offered": 20,
            },
            {"id": "ht-aus", "country": "USA", "material": "ht", "price": 900, "offered": 5,
             "origin": "mining=AUS;separation=AUS;metal=AUS;alloy=AUS;magnet=AUS"},
            {"id": "smco", "country": "USA", "material": "smco", "price": 950,
             "origin": "mining=AUS;separation=AUS;metal=AUS;alloy=AUS;magnet=AUS"},
        ],
        "stocks": [{"id": "shelf", "site": "usa", "material": "std", "most": 200}],
        "demands": [
            {"id": "def-std", "segment": "defence", "country": "USA", "amount": 60,
             "class": "dfars", "penalty": 9000},
            {"id": "def-ht", "segment": "defence", "country": "USA", "amount": 8,
             "class": "dfars", "penalty": 9000},
        ],
        "demand_materials": [
            {"demand": "def-std", "material": "std"},
            {"demand": "def-ht", "material": "ht"},
            {"demand": "def-ht", "material": "smco", "extra_cost": 300},
        ],
        "origin_classes": [
            {"id": name, "order": n}
            for n, name in enumerate(("domestic", "allied", "clear", "dfars"), start=1)
        ],
        "origin_rules": [
            *(
                {"class": name, "stage": stage, "groups": accepted}
                for name, accepted in (
                    ("domestic", "domestic"),
                    ("allied", "domestic;allied"),
                    ("clear", groups),
                )
                for stage in stages
            ),
            *(
                {"class": "dfars", "stage": stage, "groups": groups, "from_date": date}
                for stage, date in (
                    ("alloy", "2019-04-30"),
                    ("magnet", "2019-04-30"),
                    ("mining", "2027-01-01"),
                    ("separation", "2027-01-01"),
                    ("metal", "2027-01-01"),
                )
            ),
        ],
    }  # fmt: skip


def test_f_covered_oxide_serves_defence_until_the_rule_reaches_its_stage(tmp_path: Path) -> None:
    found = plan_of(tmp_path, magnets(), years(2026, 2027, 2028))
    served = frame(found, "served").query("demand == 'def-std'").set_index("year")["served_t"]
    # From 2027 only 20 t of allied oxide make 50 t of magnets.
    assert served.to_dict() == pytest.approx({2026: 60, 2027: 50})


def test_f_magnets_kept_from_before_the_rule_become_any(tmp_path: Path) -> None:
    found = plan_of(tmp_path, magnets(), years(2026, 2027, 2028))
    # The works could press 40 t more in 2026 from covered oxide; the shelf would not help.
    assert frame(found, "stocks").empty or frame(found, "stocks")["level_t"].sum() == 0


def test_f_the_rule_equals_clear_once_it_is_whole(tmp_path: Path) -> None:
    case, model, _ = planned(write_case_folder(tmp_path / "f", magnets(), years(2026, 2027, 2028)))
    book = model.network.classes
    oxide = case.offers[0]
    assert book.of_supply("oxide", oxide.country, oxide.origin) == ["dfars", "any"]


def test_f_a_second_material_serves_the_grade_at_an_extra_cost(tmp_path: Path) -> None:
    found = plan_of(tmp_path, magnets(), years(2027, 2028))
    served = frame(found, "served").query("demand == 'def-ht'").set_index("material")["served_t"]
    assert served.to_dict() == pytest.approx({"ht": 5, "smco": 3})
    assert terms(found)["substitution"] == pytest.approx(3 * 300 / MILLION)


def test_f_an_exception_for_recycled_material_is_a_row(tmp_path: Path) -> None:
    tables = magnets()
    lifted = [
        {"class": "dfars", "stage": stage, "material": "oxide"}
        for stage in ("mining", "separation")
    ]
    found = plan_of(tmp_path, {**tables, "origin_exceptions": lifted}, years(2027, 2028))
    assert by_year(found, "coverage", "shortfall_t") == {2027: 0}


# g) Recycling: swarf keeps the class it had, scrap takes that of the recycler's country.


def recycled(process: str, site: str, origin: str, supplier: str) -> Tables:
    return {
        "countries": ALL_GROUPS,
        "stages": [{"id": "mining", "order": 1}, {"id": "recycling", "order": 2}],
        "sites": [
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "chn", "country": "CHN", "kind": "pool"},
        ],
        "materials": [{"id": "scrap", "stage": "mining"}, {"id": "oxide", "stage": "recycling"}],
        "processes": [
            {"id": process, "stage": "recycling", "reference_material": "scrap", "origin": origin}
        ],
        "recipes": recipe(process, scrap=("in", 1), oxide=("out", 0.25)),
        "assets": [{"id": "r", "site": site, "process": process, "nameplate_capacity": 400}],
        "suppliers": [
            {
                "id": "s",
                "site": site,
                "material": "scrap",
                "price": 1,
                "origin": f"mining={supplier}",
            }
        ],
        "links": [{"id": "l", "from": "chn", "to": "usa"}],
        "demands": [
            {"id": "d", "country": "USA", "amount": 100, "class": "clean", "penalty": 9000}
        ],
        "demand_materials": [{"demand": "d", "material": "oxide"}],
        "origin_classes": [{"id": "clean", "order": 1}],
        "origin_rules": [
            {"class": "clean", "stage": stage, "groups": "domestic;allied"}
            for stage in ("mining", "recycling")
        ],
    }


@pytest.mark.parametrize(
    ("site", "origin", "supplier", "short"),
    [
        ("usa", "inherit", "AUS", 0),
        ("usa", "inherit", "CHN", 100),
        ("usa", "site", "CHN", 0),
        ("chn", "site", "AUS", 100),
    ],
)
def test_g_recycling_inherits_or_follows_its_site(
    site: str, origin: str, supplier: str, short: float, tmp_path: Path
) -> None:
    found = plan_of(tmp_path, recycled("sx", site, origin, supplier))
    assert by_year(found, "coverage", "shortfall_t") == {2025: short}


def test_g_swarf_of_a_press_goes_back_in_its_class(tmp_path: Path) -> None:
    tables = recycled("sx", "usa", "inherit", "AUS")
    swarf: Tables = {
        **tables,
        "materials": [*tables["materials"], {"id": "magnet", "stage": "recycling"}],
        "processes": [
            *tables["processes"],
            {"id": "press", "stage": "recycling", "reference_material": "magnet"},
        ],
        "recipes": [
            *tables["recipes"],
            *recipe("press", oxide=("in", 1.25), magnet=("out", 1), scrap=("out", 1)),
        ],
        "assets": [
            *tables["assets"],
            {"id": "p", "site": "usa", "process": "press", "nameplate_capacity": 400},
        ],
        "suppliers": [
            {
                "id": "oxide",
                "country": "USA",
                "material": "oxide",
                "price": 10,
                "offered": 100,
                "origin": "mining=AUS;recycling=AUS",
            }
        ],
        "demand_materials": [{"demand": "d", "material": "magnet"}],
    }
    found = plan_of(tmp_path, swarf)
    # A tonne of magnets takes 1.25 t of oxide and gives 0.25 t of it back.
    assert by_year(found, "coverage", "served_t") == {2025: 100}
    assert by_year(found, "purchases", "bought_t") == {2025: pytest.approx(100)}


# h) Pools: rules join plants to pools and pools to one another; captive pairs are links.


def pooled(**tables: Rows) -> Tables:
    return {
        "countries": ALL_GROUPS,
        "sites": [
            {"id": "mine", "country": "USA", "lat": 35, "lon": -115},
            {"id": "works", "country": "USA", "lat": 35, "lon": -105},
            *({"id": c.lower(), "country": c, "kind": "pool"} for c in ("USA", "AUS", "CHN")),
        ],
        "materials": [{"id": "ore", "tradable": "no"}, {"id": "metal"}],
        "processes": [
            {"id": "dig", "reference_material": "ore"},
            {"id": "smelt", "reference_material": "metal"},
        ],
        "recipes": [
            *recipe("dig", ore=("out", 1)),
            *recipe("smelt", ore=("in", 2), metal=("out", 1)),
        ],
        "assets": [
            {"id": "m", "site": "mine", "process": "dig", "nameplate_capacity": 100},
            {"id": "s", "site": "works", "process": "smelt", "nameplate_capacity": 100},
        ],
        "links": [{"id": "captive", "from": "mine", "to": "works", "materials": "ore", "cost": 3}],
        "link_rules": [
            {"id": "in", "from": "kind:plant&USA", "to": "usa", "fixed_cost": 7},
            {"id": "sea", "from": "allied&kind:pool", "to": "usa", "fixed_cost": 40},
        ],
        "suppliers": [
            {"id": "aus", "country": "AUS", "material": "metal", "price": 500},
            {"id": "chn", "country": "CHN", "material": "metal", "price": 100},
        ],
        "demands": [{"id": "d", "country": "USA", "amount": 80}],
        "demand_materials": [{"demand": "d", "material": "metal"}],
        **tables,
    }


def test_h_captive_pairs_are_links_and_the_rest_goes_through_pools(tmp_path: Path) -> None:
    found = plan_of(tmp_path, pooled())
    moved = frame(found, "flows").set_index(["from", "to", "material"])["flow_t"].to_dict()
    assert moved == pytest.approx(
        {
            ("mine", "works", "ore"): 100,
            ("works", "usa", "metal"): 50,
            ("aus", "usa", "metal"): 30,
        }
    )
    freight = (100 * 3 + 50 * 7 + 30 * 40) / MILLION
    assert terms(found)["freight"] == pytest.approx(freight)


def test_h_no_lane_joins_what_no_rule_names(tmp_path: Path) -> None:
    case = load_case(write_case_folder(tmp_path / "h", pooled()))[0]
    pairs = {(lane.start, lane.end, lane.material) for lane in case.lanes}
    assert pairs == {
        ("mine", "works", "ore"),
        ("works", "usa", "metal"),
        ("aus", "usa", "metal"),
    }


def test_h_a_rule_with_allow_no_keeps_covered_metal_out(tmp_path: Path) -> None:
    rules: Rows = [
        {"id": "all", "from": "kind:pool", "to": "usa", "fixed_cost": 40},
        {"id": "not", "from": "covered", "to": "USA", "allow": "no"},
        {"id": "in", "from": "kind:plant&USA", "to": "usa", "fixed_cost": 7},
    ]
    case = load_case(write_case_folder(tmp_path / "h", pooled(link_rules=rules)))[0]
    assert not [lane for lane in case.lanes if lane.start == "chn"]


# i) The offer from abroad: steps with dated values, and scenarios that change it.


def offered() -> Tables:
    values = ((2025, 1000, 2000), (2030, 1200, 1800), (2035, 1400, 1600))
    steps = [
        {
            "id": "chn-std",
            "step": step,
            "year": year,
            "country": "CHN",
            "material": "good",
            "offered": offer * step,
            "price": price + 500 * (step - 1),
        }
        for step in (1, 2)
        for year, offer, price in values
    ]
    return trade(
        suppliers=steps,
        links=[{"id": "sea", "from": "chn", "to": "usa"}],
        demands=[{"id": "users", "country": "USA", "amount": 9000, "penalty": 9000}],
        scenarios=[{"id": "offer-falls"}, {"id": "ban-2028"}],
        changes=[
            *(
                {
                    "scenario": "offer-falls",
                    "table": "suppliers",
                    "key": "chn-std/1",
                    "column": "offered",
                    "year": year,
                    "factor": factor,
                }
                for year, factor in ((2030, 0.8), (2035, 0.5))
            ),
            *(
                {
                    "scenario": "ban-2028",
                    "table": "suppliers",
                    "key": "chn-std/1",
                    "column": "offered",
                    "year": year,
                    **change,
                }
                for year, change in ((2028, {"set": 0}), (2030, {"factor": 1}))
            ),
        ],
    )


@pytest.mark.parametrize(
    ("scenario", "first", "price"),
    [
        (None, {2025: 1000, 2028: 1000, 2030: 1200, 2035: 1400}, 2000),
        ("offer-falls", {2025: 1000, 2028: 1000, 2030: 960, 2035: 700}, 2000),
        ("ban-2028", {2025: 1000, 2028: 0, 2030: 1200, 2035: 1400}, 2000),
    ],
)
def test_i_an_offer_changes_by_scenario_from_a_year_on(
    scenario: str | None, first: dict[int, float], price: float, tmp_path: Path
) -> None:
    folder = write_case_folder(tmp_path / "i", offered(), years(*range(2025, 2037)))
    case = load_case(folder, scenario=scenario)[0]
    step = {offer.step: offer for offer in case.offers}
    for year, amount in first.items():
        assert step[1].offered[year - 2025] == pytest.approx(amount)
    assert step[1].price[0] == price
    assert step[2].offered[3] == pytest.approx(2000)


def test_i_the_plan_of_a_scenario_buys_what_is_offered_in_it(tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "i", offered(), years(2025, 2028, 2030, 2032))
    _, calm, before = planned(folder)
    _, banned, after = planned(folder, scenario="ban-2028")
    lost = 1000 * 2  # tonnes of the first step in 2028 and 2029
    assert after.objective - before.objective == pytest.approx(lost * (9000 - 2000) / MILLION)
    assert calm.case.name == banned.case.name
