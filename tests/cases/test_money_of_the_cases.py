"""What finance reads of the reference cases: complete, in range, and carried over as they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from math import exp

import pytest

from coercivity.chain import Case, load_case
from coercivity.chain.checks.pricing import correlation_matrix
from coercivity.tables import CaseTables, Row, find_case

METALS = ("us-rare-earths", "us-tungsten")
TERMS = ("hurdle", "gearing_limit", "dscr", "debt_rate", "tenor", "grace", "tax_rate")
PRICE_YEAR = 2025
DEPLETION = {"us-rare-earths": 0.14, "us-tungsten": 0.22}
"""Share of gross income, United States Code, title 26, section 613(b)."""


@cache
def loaded(name: str) -> tuple[Case, CaseTables]:
    case, tables, _ = load_case(find_case(name))
    return case, tables


def rows(name: str, table: str) -> Iterator[Row]:
    return loaded(name)[1].tables[table].rows()


def index_of(name: str) -> dict[int, float]:
    return {row.whole("year"): row.number("value") for row in rows(name, "deflators")}


def planned_projects(name: str) -> set[str]:
    case = loaded(name)[0]
    return {
        str(row["project"])
        for row in rows(name, "assets")
        if row["id"] in case.assets and row["project"]
    }


@pytest.mark.parametrize("name", METALS)
def test_every_project_that_a_plan_may_run_can_be_financed(name: str) -> None:
    wanted = planned_projects(name)
    held = {row.text("id"): row for row in rows(name, "projects")}
    assert wanted <= held.keys()
    silent = [(p, t) for p in sorted(wanted) for t in TERMS if not held[p].given(t)]
    assert silent == []


@pytest.mark.parametrize("name", METALS)
def test_terms_of_debt_are_those_that_lenders_give(name: str) -> None:
    for row in rows(name, "projects"):
        if row.given("dscr"):
            assert 1.05 <= row.number("dscr") <= 1.5
            assert 0.4 <= row.number("gearing_limit") <= 0.95
            assert 0.04 <= row.number("debt_rate") < row.number("hurdle")
            assert row.number("grace") < row.number("tenor") <= 18


@pytest.mark.parametrize("name", METALS)
def test_only_mines_in_the_united_states_deplete_and_at_the_rate_of_the_law(name: str) -> None:
    case = loaded(name)[0]
    country: dict[str, set[str]] = {}
    for row in rows(name, "assets"):
        country.setdefault(str(row["project"]), set()).add(case.sites[row.text("site")].country)
    depleting = [row for row in rows(name, "projects") if row.given("depletion_rate")]
    assert depleting
    for row in depleting:
        assert country[row.text("id")] == {"USA"}
        assert row.number("depletion_rate") == DEPLETION[name]


@pytest.mark.parametrize("name", METALS)
def test_a_product_whose_price_follows_others_is_dearer_than_what_it_contains(name: str) -> None:
    for row in rows(name, "price_links"):
        assert row.number("share") > 0
        assert row.number("margin") >= 0


@pytest.mark.parametrize("name", METALS)
def test_no_price_both_moves_on_its_own_and_follows_another(name: str) -> None:
    own = {row.text("material") for row in rows(name, "price_models")}
    following = {row.text("material") for row in rows(name, "price_links")}
    assert own & following == set()


@pytest.mark.parametrize("name", [*METALS, "us-rare-metals"])
def test_prices_that_move_together_have_processes_of_their_own(name: str) -> None:
    own = {row.text("material") for row in rows(name, "price_models")}
    assert set(correlation_matrix(loaded(name)[1])[0]) <= own


@pytest.mark.parametrize("name", METALS)
def test_overruns_double_the_capital_in_few_cases_and_are_above_it_on_average(name: str) -> None:
    # Bertisen and Davis 2008: 63 projects, 14 % over on average, 1 in 13 doubled.
    for row in rows(name, "overruns"):
        shift, mu, sigma = (row.number(f"capital_{part}") for part in ("shift", "mu", "sigma"))
        mean = shift + exp(mu + sigma**2 / 2)
        assert 1.0 < mean < 1.6, row["id"]
        assert re.fullmatch(r"mcnulty-[1-4]", row.text("ramp_class"))


@pytest.mark.parametrize("name", METALS)
def test_the_safer_a_promise_the_rarer_it_lapses(name: str) -> None:
    hazard = {row.text("id"): row.number("hazard") for row in rows(name, "promises")}
    order = ("obligated", "contract", "statute", "appropriation", "announcement")
    assert [hazard[kind] for kind in order] == sorted(hazard.values())


def test_the_deal_of_july_2025_stands_with_its_public_terms() -> None:
    held = {
        (row["contract"], row["term"]): row.number("value")
        for row in rows("us-rare-earths", "contract_terms")
        if str(row["contract"]).startswith("mp-") and row["term"] != "reported_payment"
    }
    # Filing 8-K and annual report of the company; see the sources of the rows.
    public = {
        ("mp-floor", "strike"): 110,
        ("mp-upside", "share"): 0.3,
        ("mp-upside", "threshold"): 110,
        ("mp-offtake", "share"): 1,
        ("mp-offtake", "own_cash"): 600,
        ("mp-ebitda", "amount"): 140,
        ("mp-ebitda", "escalation"): 0.02,
        ("mp-equity", "amount"): 400,
        ("mp-equity", "dividend"): 0.07,
        ("mp-equity", "conversion_price"): 30.03,
        ("mp-equity", "warrant_shares"): 11.2,
        ("mp-loan", "amount"): 150,
        ("mp-loan", "tenor"): 12,
        ("mp-loan", "spread"): 0.01,
        ("mp-10x-debt", "amount"): 1000,
    }
    assert {key: held.get(key) for key in public} == public
    floor = next(r for r in rows("us-rare-earths", "contracts") if r["id"] == "mp-floor")
    assert set(floor.text("volume_basis").split("|")) == {"produced", "sold", "contained"}


def test_factors_to_money_of_the_price_year_are_those_of_the_index() -> None:
    index = index_of("us-rare-earths")
    checked = 0
    for row in rows("us-rare-earths", "prices"):
        told = re.search(r"x (\d\.\d+) for money of 2025 by us-cpi-u", str(row["note"]))
        if told:
            checked += 1
            year = int(row.text("date")[:4])
            assert float(told[1]) == pytest.approx(index[PRICE_YEAR] / index[year], abs=6e-4)
    assert checked > 50


def test_both_metals_use_one_index() -> None:
    ours, theirs = (index_of(name) for name in METALS)
    assert {year: ours[year] for year in theirs} == theirs


def test_studies_in_canadian_money_were_carried_over_with_the_rates_that_stand() -> None:
    rate = {
        (row["currency"], row["year"]): row.number("per_usd")
        for row in rows("us-tungsten", "exchange_rates")
    }
    index = index_of("us-tungsten")
    for capital, year, carried in ((402.1, 2009, 530.0), (579.0, 2013, 777.0)):
        found = capital / rate["CAD", year] * index[PRICE_YEAR] / index[year]
        assert found == pytest.approx(carried, rel=0.005)


@pytest.mark.parametrize("name", METALS)
def test_every_plant_makes_something_that_somebody_takes(name: str) -> None:
    # A plant whose product nobody takes has no opportunity cost, and stands still in every plan.
    case = loaded(name)[0]
    stuck = [
        asset.id
        for asset in case.assets.values()
        if not any(
            (asset.site, made) in case.uses
            for mode in case.processes[asset.process].modes
            for made in mode.outputs
        )
    ]
    assert stuck == []


def test_foreign_magnets_can_reach_the_united_states_and_users_elsewhere() -> None:
    case = loaded("us-rare-earths")[0]
    sold = {(site, taker.material) for taker in case.takers for site in taker.sites}
    lanes = {(lane.start, lane.end, lane.material) for lane in case.lanes}
    magnets = {choice.material for d in case.demands.values() for choice in d.alternatives}
    foreign = [a for a in case.assets.values() if case.sites[a.site].country != "USA"]
    checked = 0
    for asset in foreign:
        made = {m for mode in case.processes[asset.process].modes for m in mode.outputs} & magnets
        for magnet in made:
            checked += 1
            near = {
                end for start, end, material in lanes if (start, material) == (asset.site, magnet)
            }
            far = {end for start, end, material in lanes if start in near and material == magnet}
            assert "usa" in far, f"{magnet} of {asset.id} has no way to the United States"
            assert any((p, magnet) in sold for p in near | far), f"nobody else buys of {asset.id}"
    assert checked > 20
