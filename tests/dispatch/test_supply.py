from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import InfeasiblePlan, UnboundedPlan
from tests.small_chains import by_year, plan_of, plant, terms, trade, years
from tests.written_cases import Rows

TWO = years(2025, 2026, 2027)


def step(number: int, offered: object, price: float, **more: object) -> dict[str, object]:
    row = {"id": "seller", "step": number, "site": "works", "material": "good"}
    return {**row, "offered": offered, "price": price, **more}


def bought(found: object) -> dict[int, float]:
    frame = found[1]["purchases"].frame  # type: ignore[index]
    return dict(zip(frame["step"], frame["bought_t"].round(6), strict=True))


def test_the_cheapest_step_is_used_first_and_each_within_its_offer(tmp_path: Path) -> None:
    suppliers = [step(1, 400, 100), step(2, 500, 300), step(3, None, 2000)]
    found = plan_of(tmp_path, plant(suppliers=suppliers))
    assert bought(found) == {1: 400, 2: 500}
    assert terms(found) == pytest.approx({"purchase": 0.19, "shortfall": 0.1})


def test_a_step_is_shared_by_all_sites_where_it_delivers(tmp_path: Path) -> None:
    sites = [{"id": "works", "country": "USA"}, {"id": "town", "country": "USA"}]
    demands = [{"id": s, "site": s, "amount": 300, "penalty": 1000} for s in ("works", "town")]
    tables = plant(
        sites=sites,
        demands=demands,
        demand_materials=[{"demand": s, "material": "good"} for s in ("works", "town")],
        suppliers=[{"id": "world", "material": "good", "offered": 400, "price": 10}],
    )
    found = plan_of(tmp_path, tables)
    assert sum(by_year(found, "purchases", "bought_t").values()) == pytest.approx(400)


def test_a_country_without_a_pool_shares_its_demand_among_its_sites(tmp_path: Path) -> None:
    sites = [{"id": "works", "country": "USA"}, {"id": "town", "country": "USA"}]
    suppliers = [
        {"id": f"s-{s}", "site": s, "material": "good", "offered": 400, "price": 10}
        for s in ("works", "town")
    ]
    tables = plant(demand={"site": None, "country": "USA"}, sites=sites, suppliers=suppliers)
    assert by_year(plan_of(tmp_path, tables), "coverage", "served_t") == {2025: 800}


def test_a_country_with_a_pool_is_served_there_alone(tmp_path: Path) -> None:
    sites = [{"id": "works", "country": "USA"}, {"id": "usa", "country": "USA", "kind": "pool"}]
    tables = plant(
        {"nameplate_capacity": 1000},
        demand={"site": None, "country": "USA"},
        sites=sites,
        links=[{"id": "road", "from": "works", "to": "usa", "cost": 5, "capacity": 100}],
    )
    assert by_year(plan_of(tmp_path, tables), "coverage", "served_t") == {2025: 100}


def test_a_supplier_holds_from_its_year_until_an_explicit_nothing(tmp_path: Path) -> None:
    suppliers = [
        step(1, 1000, 100, year=2026),
        step(1, 1000, 200, year=2027),
        step(1, 0, 200, year=2028),
    ]
    settings = years(2025, 2026, 2027, 2028, 2029)
    found = plan_of(tmp_path, plant(suppliers=suppliers), settings)
    assert by_year(found, "purchases", "bought_t") == {2026: 1000, 2027: 1000}
    assert terms(found) == pytest.approx({"purchase": 0.3, "shortfall": 2.0})


def test_years_before_a_step_exists_do_not_lower_its_price(tmp_path: Path) -> None:
    suppliers = [step(1, 800, 600, year=2026)]
    found = plan_of(tmp_path, plant(suppliers=suppliers), years(2025, 2027))
    # On average over two years 400 t are offered; each costs the full price.
    assert by_year(found, "purchases", "bought_t") == {2025: 400}
    assert terms(found)["purchase"] == pytest.approx(2 * 400 * 600 / 1e6)


def test_years_before_a_buyer_exists_do_not_lower_its_price(tmp_path: Path) -> None:
    buyers = [
        {"id": "b", "year": 2026, "site": "works", "material": "good", "most": 800, "price": 600}
    ]
    tables = plant({"nameplate_capacity": 5000, "variable_cost": 500}, buyers=buyers)
    found = plan_of(tmp_path, tables, years(2025, 2027))
    assert terms(found)["sales"] == pytest.approx(-2 * 400 * 600 / 1e6)


def test_buyers_take_no_more_than_their_steps(tmp_path: Path) -> None:
    buyers = [
        {"id": "b", "step": n, "site": "works", "material": "good", "most": most, "price": price}
        for n, most, price in ((1, 100, 900), (2, 200, 700), (3, 300, 400))
    ]
    tables = plant({"nameplate_capacity": 5000, "variable_cost": 500}, buyers=buyers)
    found = plan_of(tmp_path, tables)
    assert terms(found)["sales"] == pytest.approx(-(100 * 900 + 200 * 700) / 1e6)


def test_selling_without_limit_above_cost_has_no_cheapest_plan(tmp_path: Path) -> None:
    tables = plant(
        suppliers=[step(1, None, 100)],
        buyers=[{"id": "b", "site": "works", "material": "good", "price": 200}],
    )
    with pytest.raises(UnboundedPlan, match=r"check buyers without `most` and suppliers"):
        plan_of(tmp_path, tables)


def test_a_demand_without_penalty_must_be_met(tmp_path: Path) -> None:
    expensive = plant(demand={"penalty": None}, suppliers=[step(1, None, 1e6)])
    assert terms(plan_of(tmp_path, expensive)) == pytest.approx({"purchase": 1000.0})
    scarce = plant(demand={"penalty": None}, suppliers=[step(1, 999, 1)])
    with pytest.raises(InfeasiblePlan, match=r"demands without a penalty"):
        plan_of(tmp_path / "scarce", scarce)


def test_a_year_in_which_nothing_can_serve_a_demand_leaves_no_plan(tmp_path: Path) -> None:
    tables = plant(
        {"nameplate_capacity": 1000},
        demand={"penalty": None},
        demand_materials=[{"demand": "users", "material": "good", "first_year": 2026}],
    )
    with pytest.raises(InfeasiblePlan):
        plan_of(tmp_path, tables, TWO)
    assert plan_of(tmp_path / "later", tables, years(2026, 2027))[0].objective == 0.0


def test_demand_is_linear_between_its_years_and_begins_with_the_first(tmp_path: Path) -> None:
    demands = [
        {"id": "users", "site": "works", "year": year, "amount": amount, "penalty": 1}
        for year, amount in ((2026, 100), (2028, 300))
    ]
    found = plan_of(
        tmp_path,
        plant({"nameplate_capacity": 1}, demands=demands),
        years(2025, 2026, 2027, 2028, 2029, 2030),
    )
    assert by_year(found, "coverage", "demand_t") == {2026: 100, 2027: 200, 2028: 300, 2029: 300}


def test_the_higher_penalty_is_served_first(tmp_path: Path) -> None:
    demands = [
        {"id": name, "site": "works", "amount": 600, "penalty": penalty}
        for name, penalty in (("civil", 1000), ("army", 9000))
    ]
    tables = plant(
        {"nameplate_capacity": 1000},
        demands=demands,
        demand_materials=[{"demand": d, "material": "good"} for d in ("civil", "army")],
    )
    frame = plan_of(tmp_path, tables)[1]["coverage"].frame
    assert dict(zip(frame["demand"], frame["shortfall_t"], strict=True)) == pytest.approx(
        {"civil": 200, "army": 0}
    )


def test_an_alternative_material_costs_its_extra_and_takes_its_amount(tmp_path: Path) -> None:
    choices: Rows = [
        {"demand": "users", "material": "good"},
        {"demand": "users", "material": "other", "amount": 2, "extra_cost": 50, "first_year": 2026},
    ]
    suppliers = [
        {"id": "other", "site": "works", "material": "other", "price": 100},
        step(1, None, 400),
    ]
    tables = plant(
        materials=[{"id": "good"}, {"id": "other"}], demand_materials=choices, suppliers=suppliers
    )
    found = plan_of(tmp_path, tables, TWO)
    # A tonne of demand costs 400 with the good, and 2 × 100 + 50 with the other from 2026.
    assert terms(found) == pytest.approx({"purchase": 0.4 + 0.2, "substitution": 0.05})
    assert by_year(found, "purchases", "bought_t") == {2025: 1000, 2026: 2000}


def test_an_obliged_link_moves_at_least_that(tmp_path: Path) -> None:
    links = [
        {"id": "near", "from": "chn", "to": "usa", "cost": 1},
        {"id": "far", "from": "chn", "to": "usa", "cost": 50, "least": 300, "last_year": 2025},
    ]
    found = plan_of(tmp_path, trade(links=links), TWO)
    flows = found[1]["flows"].frame
    moved = {(r["link"], r["year"]): round(r["flow_t"], 6) for _, r in flows.iterrows()}
    assert moved == {("near", 2025): 700, ("far", 2025): 300, ("near", 2026): 1000}


def test_the_least_of_a_link_is_shared_by_its_materials(tmp_path: Path) -> None:
    tables = trade(
        materials=[{"id": "good"}, {"id": "other"}],
        links=[{"id": "sea", "from": "chn", "to": "usa", "cost": 10, "least": 1200}],
        buyers=[{"id": "b", "country": "USA", "material": "other", "price": 1}],
    )
    tables = {
        **tables,
        "suppliers": [
            *tables["suppliers"],
            {"id": "o", "country": "CHN", "material": "other", "price": 5},
        ],
    }
    flows = plan_of(tmp_path, tables)[1]["flows"].frame.set_index("material")["flow_t"]
    assert flows.to_dict() == pytest.approx({"good": 1000, "other": 200})


def test_a_reserve_limits_activity_over_all_years(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "reserve": 2500}
    found = plan_of(tmp_path, plant(asset), years(2025, 2026, 2029))
    # The first period counts once, the second three times.
    used = by_year(found, "activity", "activity_t")
    assert used.get(2025, 0.0) + 3 * used[2026] == pytest.approx(2500)
    assert terms(found)["shortfall"] == pytest.approx(1.5)


def test_a_reserve_counts_capacity_use(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 9000, "reserve": 600}
    modes = [{"process": "make", "mode": "main", "capacity_use": 2}]
    found = plan_of(tmp_path, plant(asset, modes=modes))
    assert by_year(found, "coverage", "served_t") == {2025: 300}


def test_what_obliges_an_asset_is_done_even_without_need(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "least_activity": 400, "variable_cost": 10}
    found = plan_of(tmp_path, plant(asset, demand={"amount": 100}), TWO)
    assert by_year(found, "activity", "activity_t") == {2025: 400, 2026: 400}
    assert by_year(found, "unsold", "unsold_t") == {2025: 300, 2026: 300}


def test_an_obligation_lasts_as_long_as_the_asset(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "least_activity": 400, "last_year": 2025}
    tables = plant(asset, demand={"amount": 100})
    found = plan_of(tmp_path, tables, TWO)
    assert by_year(found, "activity", "activity_t") == {2025: 400}


def test_more_than_the_capacity_cannot_be_obliged(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 300, "least_activity": 400}
    with pytest.raises(InfeasiblePlan, match="least activities"):
        plan_of(tmp_path, plant(asset))
    nothing: Rows = [{"id": "seller", "site": "works", "material": "good", "price": 1}]
    idle = plant({"least_activity": 400}, suppliers=nothing)
    with pytest.raises(InfeasiblePlan, match="least activities"):
        plan_of(tmp_path / "idle", idle)
