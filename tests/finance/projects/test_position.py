"""Cash of a project by hand, what is missing, what moves it, and laws that hold for any."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.finance.appraisal import appraise
from coercivity.finance.projects.missing import accepts, missing_price
from coercivity.finance.projects.position import Position
from coercivity.finance.projects.tornado import levers_of, swings
from coercivity.finance.refusals import FinanceError
from tests.finance.projects.works import TERMS, close, load_works, position, works
from tests.written_cases import Rows

RISKY = [
    {
        "id": "late",
        "scope": "project",
        "target": "works",
        "capital_shift": 0.5,
        "capital_mu": -0.705,
        "capital_sigma": 0.72,
        "delay_mean": 1.0,
        "delay_sd": 0.8,
        "ramp_class": "mcnulty-3",
    }
]
MOVING = [
    {
        "material": "good",
        "place": "CHN",
        "level": 40000,
        "level_low": 30000,
        "level_high": 60000,
        "reversion": 0.6,
        "volatility": 0.25,
    },
    {"material": "side", "place": "CHN", "level": 1000, "reversion": 0.6, "volatility": 0.1},
]
POOR = [
    {**works()["price_models"][0], "level": 16000, "level_low": 9000},
    works()["price_models"][1],
]


def test_certain_cash_is_that_of_a_sum_by_hand(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    cash = position(case, tables, paths=3).cash()
    running = np.arange(17) >= 2
    assert close(np.asarray(cash.produced["good"])[0], running)
    assert close(cash.prices["good"], 40.0)
    # Running 12; freight 0.1 USD/kg on 1 kt of good and on the quarter of 2 kt that is sold;
    # disposal of the other 1.5 kt at 0.05.
    each = 12.0 + 0.1 * 1.0 + 0.1 * 0.5 + 0.05 * 1.5
    assert close(np.asarray(cash.operating_cost)[0], each * running)
    assert close(np.asarray(cash.capex)[0], [50.0, 50.0] + [0.0] * 15)
    assert cash.planned_first_output == 2


def test_delay_and_ramp_never_give_more_than_planned(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, overruns=RISKY)
    ready = position(case, tables)
    made = np.asarray(ready.cash().produced["good"])
    assert (made <= ready.operation.made("good") + 1e-12).all()
    assert made[:, 3].min() < 0.3 < made[:, 3].max() < 1.0
    assert ready.cash().planned_first_output > ready.operation.first_output


def test_what_is_missing_is_nothing_for_a_good_project(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    ready = position(case, tables, paths=3)
    assert accepts(ready.appraise())
    assert missing_price(ready).value == 0.0


def test_the_missing_price_is_the_least_at_which_all_accept(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, price_models=POOR, overruns=RISKY)
    ready = position(case, tables)
    found = missing_price(ready)
    assert found.value is not None
    assert found.value > 1.0
    assert accepts(ready.appraise(premium=found.value))
    assert not accepts(ready.appraise(premium=0.99 * found.value))
    assert found.reason


def test_a_certain_projects_missing_price_makes_its_worth_nothing(tmp_path: Path) -> None:
    projects = [{"id": "works", "hurdle": 0.10, "tax_rate": 0.0, "depreciation_class": "SL-10"}]
    case, tables = load_works(tmp_path, price_models=POOR, projects=projects)
    ready = position(case, tables, paths=2)
    before, found = ready.appraise(), missing_price(ready)
    factors = 1.1 ** -(np.arange(17) + 0.5)
    tonnes = float((ready.operation.made("good") * factors).sum())
    assert found.value == pytest.approx(-before.worth.value / tonnes, rel=0.006)


def test_no_addition_helps_where_a_contract_takes_it_back(tmp_path: Path) -> None:
    contracts = [{"id": "plus", "kind": "cost-plus", "project": "works", "starts": "signing"}]
    numbers = [{"contract": "plus", "term": "margin", "value": 0.05, "unit": "fraction"}]
    case, tables = load_works(tmp_path, contracts=contracts, contract_terms=numbers)
    found = missing_price(position(case, tables, paths=3))
    assert found.value is None
    assert "USD/kg more is not enough" in found.reason


def test_the_tornado_turns_the_right_way(tmp_path: Path) -> None:
    asked = {**TERMS, "hurdle_low": 0.08, "hurdle_high": 0.14}
    assets = [dict(row) for row in works()["assets"]]
    assets[0] |= {"variable_cost_low": 200, "variable_cost_high": 900}
    case, tables = load_works(
        tmp_path,
        price_models=MOVING,
        assets=assets,
        projects=[{"id": "works", "company": "owner", **asked}],
    )
    ready = position(case, tables)
    found = {one.name: one for one in swings(ready, levers_of(tables, ready))}
    assert set(found) == {"price of good at CHN", "capital", "running cost", "hurdle"}
    middle = ready.appraise().worth.value
    price = found["price of good at CHN"]
    assert (price.low, price.base, price.high) == (30.0, 40.0, 60.0)
    assert price.at_low < middle < price.at_high
    for name in ("capital", "running cost", "hurdle"):
        assert found[name].at_low > middle > found[name].at_high, name
    # 30 to 60 of the 40 million of the pit, out of 100 in all.
    assert (found["capital"].low, found["capital"].high) == (90.0, 120.0)


def test_a_lever_at_its_base_changes_nothing(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, price_models=MOVING, overruns=RISKY)
    ready = position(case, tables)
    levers = [replace(one, low=one.base, high=one.base) for one in levers_of(tables, ready)]
    middle = ready.appraise().worth.value
    for one in swings(ready, levers):
        assert one.at_low == pytest.approx(middle, rel=1e-9), one.name


def test_the_first_paths_are_the_same_whatever_their_number(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, price_models=MOVING, overruns=RISKY)
    many, few = position(case, tables, paths=300), position(case, tables, paths=120)
    cut = many.first_paths(120).cash()
    for name in ("capex", "operating_cost"):
        assert np.array_equal(np.asarray(getattr(cut, name)), np.asarray(getattr(few.cash(), name)))
    assert np.array_equal(np.asarray(cut.prices["good"]), np.asarray(few.cash().prices["good"]))


def test_one_and_two_threads_give_the_same_bits(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, price_models=MOVING, overruns=RISKY)
    ready = position(case, tables, paths=1500)
    one, two = ready.appraise(workers=1), ready.appraise(workers=2)
    assert np.array_equal(one.equity_npv, two.equity_npv)
    assert one.debt == two.debt


def test_going_on_without_building_borrows_and_builds_nothing(tmp_path: Path) -> None:
    assets = [dict(row) for row in works()["assets"]]
    assets[0]["nameplate_capacity"] = assets[1]["nameplate_capacity"] = 4000
    case, tables = load_works(tmp_path, assets=assets)
    still = position(case, tables, paths=3).without_building()
    found = still.appraise()
    assert found.debt == 0
    assert np.asarray(still.cash().capex).sum() == 0
    assert close(np.asarray(still.cash().produced["good"])[0], 0.4)


def test_going_on_keeps_what_was_there_and_not_what_begins_with_what_is_built(
    tmp_path: Path,
) -> None:
    assets = [dict(row) for row in works()["assets"]]
    assets[0]["nameplate_capacity"] = assets[1]["nameplate_capacity"] = 4000
    contracts: Rows = [
        {"id": "old", "kind": "floor", "project": "works", "starts": "date",
         "start_date": "2020-01-01"},
        {"id": "of-plant", "kind": "ebitda-floor", "project": "works", "starts": "first-output",
         "starts_with": "build-plant", "years": 10},
        {"id": "of-first", "kind": "production-credit", "project": "works",
         "starts": "first-output", "years": 10},
    ]  # fmt: skip
    numbers: Rows = [
        {"contract": "old", "term": "strike", "value": 10, "unit": "USD/kg"},
        {"contract": "of-plant", "term": "amount", "value": 30},
        {"contract": "of-first", "term": "amount", "value": 1, "unit": "USD/kg"},
    ]
    case, tables = load_works(
        tmp_path,
        assets=assets,
        contracts=contracts,
        contract_terms=numbers,
        promises=[{"id": "contract", "hazard": 0.0}],
    )
    ready = position(case, tables, paths=3)
    assert {one.id for one in ready.contracts} == {"old", "of-plant", "of-first"}
    assert [one.id for one in ready.without_building().contracts] == ["old"]


def test_a_project_that_sells_nothing_with_a_price_is_refused(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, price_models=[], buyers=[])
    with pytest.raises(FinanceError, match=r"sells nothing that has a price: .*\[F103\]"):
        position(case, tables)


def test_what_is_bought_needs_a_price(tmp_path: Path) -> None:
    recipes = [
        *works()["recipes"],
        {"process": "mill", "material": "acid", "direction": "in", "amount": 1},
        {"process": "brew", "material": "acid", "direction": "out", "amount": 1},
    ]
    brew = {"id": "brew", "stage": "dig", "reference_material": "acid"}
    case, tables = load_works(
        tmp_path,
        materials=[*works()["materials"], {"id": "acid"}],
        processes=[*works()["processes"], brew],
        recipes=recipes,
        assets=[
            *works()["assets"],
            {"id": "vat", "site": "home", "process": "brew", "nameplate_capacity": 99999},
        ],
        links=[*works()["links"], {"id": "back", "from": "home", "to": "hill"}],
    )
    with pytest.raises(FinanceError, match=r"has to buy 'acid', which has no price.*\[F111\]"):
        position(case, tables)


def test_a_project_without_a_hurdle_is_refused(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path, projects=[{"id": "works", "company": "owner"}])
    with pytest.raises(FinanceError, match=r"'works' has no hurdle.*\[F110\]"):
        position(case, tables)


def test_debt_is_repaid_before_a_short_life_ends_and_that_is_told(tmp_path: Path) -> None:
    options = [{**row, "life": 6} for row in works()["options"]]
    case, tables = load_works(tmp_path, options=options)
    found = position(case, tables, paths=3)
    assert found.terms.debt is not None
    # Output begins in year 2 of 8; one year of grace leaves five.
    assert found.terms.debt.tenor == 5
    assert any("over 5 years in place of 8" in note for note in found.notes)
    assert found.appraise().debt > 0


def test_nobody_lends_where_the_life_leaves_no_year_to_repay(tmp_path: Path) -> None:
    options = [{**row, "life": 1} for row in works()["options"]]
    case, tables = load_works(tmp_path, options=options)
    found = position(case, tables, paths=3)
    assert found.terms.debt is None
    assert any("over 0 years" in note for note in found.notes)


def test_owners_of_plants_that_exist_build_only_what_adds_to_them(tmp_path: Path) -> None:
    assets = [dict(row) for row in works()["assets"]]
    assets[0]["nameplate_capacity"] = assets[1]["nameplate_capacity"] = 9000
    options = [{**row, "capital": 300, "capital_high": 400} for row in works()["options"]]
    case, tables = load_works(tmp_path, assets=assets, options=options)
    ready = position(case, tables, paths=3)
    assert ready.may_go_on
    found, still = ready.appraise(), ready.without_building().appraise()
    assert still.worth.value > 0.0 > found.worth.value
    assert not found.acceptance.investor_accepts
    assert not ready.without_building().may_go_on


def existing(folder: Path, capacity: int, **changes: Rows) -> Position:
    """Give the works with plants that exist already, whose cash is at risk."""
    assets = [dict(row) for row in changes.pop("assets", works()["assets"])]
    assets[0]["nameplate_capacity"] = assets[1]["nameplate_capacity"] = capacity
    tables: dict[str, Rows] = {"assets": assets, "price_models": MOVING, "overruns": RISKY}
    case, known = load_works(folder, None, **{**tables, **changes})
    return position(case, known, paths=300)


def test_what_building_adds_is_the_whole_less_going_on(tmp_path: Path) -> None:
    ready = existing(tmp_path, 3000)
    found, still = ready.appraise(), ready.without_building().appraise()
    whole = appraise(ready.cash(), ready.terms, ready.contracts)
    assert np.allclose(found.owners, whole.owners - still.owners)
    assert np.allclose(found.equity_npv, whole.equity_npv - still.equity_npv)
    assert found.worth.value == pytest.approx(whole.worth.value - still.worth.value)
    assert found.debt == whole.debt
    assert np.array_equal(found.accounts.cfads, whole.accounts.cfads)
    lost = np.mean(whole.equity_npv_treasury - still.equity_npv_treasury < 0)
    assert found.acceptance.loss.value == lost


def test_what_a_plant_earns_already_makes_no_expansion_good(tmp_path: Path) -> None:
    dear = [{**row, "capital": 100, "capital_high": 200} for row in works()["options"]]
    ready = existing(tmp_path, 9000, options=dear)
    whole = appraise(ready.cash(), ready.terms, ready.contracts)
    assert whole.worth.value > 0
    assert not ready.appraise().acceptance.investor_accepts
    rate = ready.appraise().equity_irr.quantile(0.5)
    assert rate < ready.terms.hurdle


def test_where_nothing_is_built_owners_are_asked_whether_they_go_on(tmp_path: Path) -> None:
    good = existing(tmp_path / "good", 4000, options=[]).appraise()
    assert good.acceptance.investor_accepts
    assert good.debt == 0
    assets = [dict(row) for row in works()["assets"]]
    assets[1]["variable_cost"] = 60_000
    poor = existing(tmp_path / "poor", 4000, options=[], assets=assets)
    found = poor.appraise()
    assert found.worth.value < 0
    assert not found.acceptance.investor_accepts
    assert "capital is lost" not in "; ".join(found.acceptance.reasons)
    missing = missing_price(poor)
    assert missing.value is not None
    assert 0 <= poor.appraise(premium=missing.value).worth.value < 2.0
