"""Links, link rules, selectors and duties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.chain import Case, load_case
from coercivity.chain.places import Country, Site, great_circle_km, select_sites, sites_of_row
from tests.small_chains import ALL_GROUPS, by_year, plan_of, terms, trade, years
from tests.written_cases import Rows, Tables, write_case_folder

THREE = years(2025, 2026, 2027, 2028)
COUNTRIES = {str(row["id"]): Country(str(row["id"]), "", str(row["group"])) for row in ALL_GROUPS}
SITES = {
    site.id: site
    for site in (
        Site("usa", "", "USA", "pool"),
        Site("hill", "", "USA", "plant", 35.0, -115.0),
        Site("aus", "", "AUS", "pool"),
        Site("chn", "", "CHN", "pool"),
        Site("dock", "", "CHN", "port"),
    )
}


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ([["hill"]], "hill"),
        ([["USA"]], "hill usa"),
        ([["domestic"]], "hill usa"),
        ([["kind:pool"]], "aus chn usa"),
        ([["kind:plant", "USA"]], "hill"),
        ([["kind:pool", "covered"], ["hill"]], "chn hill"),
        ([["kind:plant", "CHN"]], ""),
        ([["kind:port"], ["allied"]], "aus dock"),
    ],
)
def test_a_selector_names_sites_by_id_country_group_and_kind(
    selector: list[list[str]], names: str
) -> None:
    assert " ".join(sorted(select_sites(selector, SITES, COUNTRIES))) == names


def test_a_row_of_a_country_stands_at_its_pool_and_else_at_all_its_sites() -> None:
    assert sites_of_row(None, "USA", SITES) == ("usa",)
    plants = {name: SITES[name] for name in ("hill", "chn")}
    assert sites_of_row(None, "USA", plants) == ("hill",)
    assert sites_of_row("chn", None, SITES) == ("chn",)
    assert sites_of_row(None, None, SITES) == tuple(SITES)


def test_a_distance_needs_coordinates_and_does_not_depend_on_direction() -> None:
    far = Site("far", "", "AUS", "plant", -30.0, 121.0)
    assert great_circle_km(SITES["hill"], SITES["usa"]) is None
    there, back = great_circle_km(SITES["hill"], far), great_circle_km(far, SITES["hill"])
    assert there == pytest.approx(back)
    assert great_circle_km(far, far) == 0.0


def freight(case: Case) -> list[float]:
    return [float(lane.cost[0]) for lane in case.lanes]


def loaded(tmp_path: Path, tables: Tables) -> Case:
    return load_case(write_case_folder(tmp_path / "case", tables, THREE))[0]


def rule(name: str = "sea", **more: object) -> dict[str, object]:
    return {"id": name, "from": "CHN", "to": "USA", "fixed_cost": 40, **more}


LINK = {"id": "lane", "from": "chn", "to": "usa", "cost": 70}


def test_a_rule_opens_a_way(tmp_path: Path) -> None:
    case = loaded(tmp_path, trade(link_rules=[rule()]))
    (lane,) = case.lanes
    assert (lane.start, lane.end, lane.material, lane.link) == ("chn", "usa", "good", None)
    assert freight(case) == [40]


def test_an_explicit_link_wins_over_a_cheaper_rule(tmp_path: Path) -> None:
    assert freight(loaded(tmp_path, trade(link_rules=[rule()], links=[LINK]))) == [70]
    named = {**LINK, "materials": "good"}
    tables = trade(link_rules=[rule()], links=[named])
    assert freight(loaded(tmp_path / "named", tables)) == [70]


def test_an_explicit_link_for_another_material_leaves_the_rule(tmp_path: Path) -> None:
    tables = trade(
        materials=[{"id": "good"}, {"id": "other"}],
        link_rules=[rule()],
        links=[{**LINK, "materials": "other"}],
    )
    assert freight(loaded(tmp_path, tables)) == [40]


def test_an_explicit_link_that_has_closed_does_not_open_the_rule(tmp_path: Path) -> None:
    short = [{"id": "users", "country": "USA", "amount": 1000, "penalty": 5000}]
    closing = {**LINK, "last_year": 2025}
    found = plan_of(tmp_path, trade(link_rules=[rule()], links=[closing], demands=short), THREE)
    assert by_year(found, "flows", "flow_t") == {2025: 1000}


def test_a_ban_wins_over_a_rule_but_not_over_a_link(tmp_path: Path) -> None:
    ban = rule("ban", allow="no", fixed_cost=None)
    tables = trade(link_rules=[rule(), ban], links=[LINK])
    assert freight(loaded(tmp_path, tables)) == [70]
    home = [{"id": "home", "country": "USA", "material": "good", "price": 5000}]
    suppliers = [*tables["suppliers"], *home]
    banned = trade(link_rules=[rule(), ban], suppliers=suppliers)
    assert loaded(tmp_path / "banned", banned).lanes == ()


def test_a_ban_of_other_materials_leaves_the_way_open(tmp_path: Path) -> None:
    ban = rule("ban", allow="no", materials="other", fixed_cost=None)
    tables = trade(materials=[{"id": "good"}, {"id": "other"}], link_rules=[rule(), ban])
    assert freight(loaded(tmp_path, tables)) == [40]


@pytest.mark.parametrize(
    ("ban", "open_years"),
    [
        ({"first_year": 2026}, [1, 0, 0]),
        ({"last_year": 2025}, [0, 1, 1]),
        ({"first_year": 2026, "last_year": 2026}, [1, 0, 1]),
        ({"first_year": 2030}, [1, 1, 1]),
    ],
)
def test_a_ban_holds_in_its_years(
    ban: dict[str, object], open_years: list[int], tmp_path: Path
) -> None:
    closed = rule("ban", allow="no", fixed_cost=None, **ban)
    case = loaded(tmp_path, trade(link_rules=[rule(), closed]))
    assert case.lanes[0].open.tolist() == open_years


def test_the_cheapest_of_several_rules_counts_in_each_year(tmp_path: Path) -> None:
    rules = [
        rule("slow", fixed_cost=90),
        rule("quick", fixed_cost=30, first_year=2026, last_year=2026),
        rule("middle", fixed_cost=60, first_year=2026),
    ]
    case = loaded(tmp_path, trade(link_rules=rules))
    (lane,) = case.lanes
    assert lane.cost.tolist() == [90, 30, 60]
    assert lane.open.tolist() == [1, 1, 1]


def test_years_without_any_rule_do_not_lower_the_freight_of_a_period(tmp_path: Path) -> None:
    rules = [
        rule("one", fixed_cost=90, last_year=2025),
        rule("two", fixed_cost=90, first_year=2027),
    ]
    found = plan_of(tmp_path, trade(link_rules=rules), years(2025, 2028))
    assert terms(found)["freight"] == pytest.approx(3 * 1000 * 90 / 1e6)


def test_freight_by_distance_takes_the_way_travelled_and_the_gross_weight(tmp_path: Path) -> None:
    tables = trade(
        sites=[
            {"id": "usa", "country": "USA", "kind": "pool", "lat": 0, "lon": 0},
            {"id": "chn", "country": "CHN", "kind": "pool", "lat": 0, "lon": 90},
        ],
        materials=[{"id": "good", "gross_per_t": 1.5}],
        link_rules=[rule(cost_per_km=0.01, distance_factor=1.3)],
    )
    quarter = np.pi / 2 * 6371.0088
    expected = 1.5 * (40 + 0.01 * 1.3 * quarter)
    assert freight(loaded(tmp_path, tables)) == [pytest.approx(expected)]
    linked = {**tables, "links": [LINK]}
    assert freight(loaded(tmp_path / "linked", linked)) == [pytest.approx(1.5 * 70)]


def test_what_is_not_tradable_moves_on_explicit_links_only(tmp_path: Path) -> None:
    tables = trade(
        materials=[{"id": "good", "tradable": "no"}],
        link_rules=[rule()],
        demands=[{"id": "users", "country": "USA", "amount": 1000, "penalty": 5000}],
        suppliers=[
            {"id": "abroad", "country": "CHN", "material": "good", "price": 1000},
            {"id": "home", "country": "USA", "material": "good", "price": 4000},
        ],
    )
    assert loaded(tmp_path, tables).lanes == ()
    linked = {**tables, "links": [LINK]}
    assert freight(loaded(tmp_path / "linked", linked)) == [70]


def test_lanes_are_opened_only_to_where_something_is_of_use(tmp_path: Path) -> None:
    tables = trade(
        sites=[
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "chn", "country": "CHN", "kind": "pool"},
            {"id": "aus", "country": "AUS", "kind": "pool"},
        ],
        materials=[{"id": "good"}, {"id": "other"}],
        link_rules=[{"id": "all", "from": "chn", "to": "kind:pool"}],
    )
    lanes = loaded(tmp_path, tables).lanes
    assert [(lane.start, lane.end, lane.material) for lane in lanes] == [("chn", "usa", "good")]


def test_the_capacity_of_a_link_is_shared_by_its_materials(tmp_path: Path) -> None:
    tables = trade(
        materials=[{"id": "good"}, {"id": "other"}],
        links=[{**LINK, "cost": 0, "capacity": 1200}],
        buyers=[{"id": "b", "country": "USA", "material": "other", "price": 1900}],
    )
    tables = {
        **tables,
        "suppliers": [
            *tables["suppliers"],
            {"id": "other", "country": "CHN", "material": "other", "price": 500},
        ],
    }
    found = plan_of(tmp_path, tables)
    moved = found[1]["flows"].frame.set_index("material")["flow_t"].to_dict()
    assert moved == pytest.approx({"good": 1000, "other": 200})


def duty(tmp_path: Path, tariffs: Rows, **tables: Rows) -> list[float]:
    rows = [{"from": "CHN", "to": "USA", "material": "good", **row} for row in tariffs]
    case = loaded(tmp_path, trade(links=[LINK], tariffs=rows, **tables))
    return [float(value) for value in case.lanes[0].tariff]


def test_a_duty_by_the_tonne(tmp_path: Path) -> None:
    assert duty(tmp_path, [{"amount": 150}]) == [150] * 3


def test_a_duty_on_the_value_takes_the_cheapest_offer_of_the_exporter(tmp_path: Path) -> None:
    steps = [
        {"id": "a", "step": n, "country": country, "material": "good", "price": price}
        for n, country, price in ((1, "CHN", 800), (2, "CHN", 900), (3, "USA", 500))
    ]
    assert duty(tmp_path, [{"rate": 0.25}], suppliers=steps) == [200] * 3


def test_several_quotes_of_a_year_count_with_their_mean(tmp_path: Path) -> None:
    prices = [
        {"material": "good", "date": date, "price": price, "series": "monthly"}
        for date, price in (("2025-01", 1000), ("2025-02", 3000), ("2026-03-31", 800))
    ]
    assert duty(tmp_path, [{"rate": 0.5}], prices=prices)[:2] == [1000, 400]
    assert duty(tmp_path, [{"rate": 0.5}], prices=prices[::-1])[:2] == [1000, 400]


@pytest.mark.parametrize(
    ("prices", "value"),
    [
        ([{"price": 2000}], 2000),
        ([{"price": 2000, "place": "Rotterdam"}], 2000),
        ([{"price": 2000, "place": "CHN"}, {"price": 9000, "place": "Rotterdam"}], 2000),
        ([{"price": 8000, "place": "AUS"}, {"price": 9000, "place": "Rotterdam"}], 1000),
        ([{"price": 2, "unit": "USD/kg"}], 2000),
        ([{"price": 2000, "unit": "USD/t"}], 2000),
        ([{"price": 2000, "unit": "EUR/t"}], 1000),
        ([{"price": 2000, "basis": "oxide"}], 1000),
        ([{"price": 2000, "basis": "gross"}], 2000),
    ],
)
def test_the_value_is_the_price_in_the_exporting_country_where_it_is_known(
    prices: Rows, value: float, tmp_path: Path
) -> None:
    rows = [{"material": "good", **row} for row in prices]
    assert duty(tmp_path, [{"rate": 0.1}], prices=rows) == pytest.approx([value / 10] * 3)


def test_prices_are_linear_between_their_dates(tmp_path: Path) -> None:
    prices = [
        {"material": "good", "date": date, "price": price}
        for date, price in (("2025", 1000), ("2027", 3000))
    ]
    assert duty(tmp_path, [{"rate": 0.1}], prices=prices) == pytest.approx([100, 200, 300])


def test_a_duty_of_a_country_wins_over_that_of_its_group(tmp_path: Path) -> None:
    group = {"from": "covered", "amount": 50}
    assert duty(tmp_path, [group, {"amount": 80}]) == [80] * 3
    into_group = {"to": "domestic", "amount": 60}
    assert duty(tmp_path / "to", [group, into_group]) == [60] * 3
    both = {"from": "covered", "to": "domestic", "amount": 10}
    assert duty(tmp_path / "both", [both, group]) == [50] * 3


def test_the_group_counts_until_the_row_of_the_country_begins(tmp_path: Path) -> None:
    rows: Rows = [{"from": "covered", "amount": 50}, {"year": 2026, "amount": 80}]
    assert duty(tmp_path, rows) == [50, 80, 80]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"year": 2026, "amount": 80}], [0, 80, 80]),
        ([{"year": 2025, "amount": 80}, {"year": 2027, "amount": 0}], [80, 80, 0]),
        ([{"year": 2025, "rate": 0.2}, {"year": 2026, "amount": 80}], [200, 80, 80]),
        ([{"year": 2025, "amount": 80}, {"year": 2027, "rate": 0.2}], [80, 80, 200]),
        ([{"year": 2025, "rate": 0.2}, {"year": 2027, "rate": 0}], [200, 200, 0]),
    ],
)
def test_a_duty_holds_until_the_next_row_whether_by_rate_or_amount(
    rows: Rows, expected: list[float], tmp_path: Path
) -> None:
    assert duty(tmp_path, rows) == expected


def test_nothing_is_charged_inside_a_country(tmp_path: Path) -> None:
    tables = trade(
        sites=[
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "chn", "country": "USA", "kind": "port"},
        ],
        suppliers=[{"id": "s", "site": "chn", "material": "good", "price": 10}],
        links=[LINK],
        tariffs=[{"from": "USA", "to": "USA", "material": "good", "amount": 999}],
    )
    assert loaded(tmp_path, tables).lanes[0].tariff.tolist() == [0, 0, 0]


def test_a_duty_is_part_of_the_cost(tmp_path: Path) -> None:
    tariffs = [{"from": "CHN", "to": "USA", "material": "good", "rate": 0.3}]
    found = plan_of(tmp_path, trade(links=[LINK], tariffs=tariffs))
    assert terms(found) == pytest.approx({"purchase": 1.0, "freight": 0.07, "tariff": 0.3})
