from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coercivity.chain.plants import Option, annuity_factor
from tests.small_chains import Found, plan_of, plant, terms, years
from tests.written_cases import Rows, planned_tables, write_case_folder

FIVE = years(2025, 2026, 2027, 2028, 2029, 2030)


def option(**changes: object) -> Option:
    values: dict[str, object] = {
        "id": "new",
        "adds_to": "plant",
        "project": None,
        "size": 1000.0,
        "most": 1,
        "capital": np.full(5, 10.0),
        "capital_shares": (0.5, 0.5),
        "permit_years": 1,
        "build_years": 2,
        "ramp": (1.0,),
        "earliest": None,
        "latest": None,
        "requires": (),
        "excludes": (),
        "life": None,
        "financing_rate": None,
        "financing_years": None,
        "public_share": 0.0,
    }
    return Option(**{**values, **changes})  # type: ignore[arg-type]


def decided(found: Found) -> list[tuple[str, int]]:
    builds = found[1]["builds"].frame
    return list(zip(builds["option"], builds["decision_year"], strict=True))


def test_capital_is_spent_in_the_years_of_construction() -> None:
    assert option().spending(2025) == {2026: 0.5, 2027: 0.5}
    assert option(capital_shares=(0.2, 0.8)).spending(2025) == {2026: 0.2, 2027: 0.8}


def test_capital_without_construction_is_spent_with_the_decision() -> None:
    assert option(build_years=0, capital_shares=(), permit_years=2).spending(2025) == {2025: 1.0}


def test_financing_turns_spending_into_level_payments_from_first_output_on() -> None:
    financed = option(financing_rate=0.10, financing_years=3.0)
    principal = 0.5 * 1.10 + 0.5  # spent in 2026 and 2027, owed at the end of 2027
    level = principal * 0.10 / (1 - 1.10**-3)
    assert financed.payments(2025) == pytest.approx({2028: level, 2029: level, 2030: level})
    worth = sum(level * 1.10 ** -(year - 2027) for year in (2028, 2029, 2030))
    assert worth == pytest.approx(principal)


def test_free_financing_pays_equal_parts() -> None:
    assert annuity_factor(0.0, 4) == 0.25
    financed = option(financing_rate=0.0, financing_years=4.0)
    assert list(financed.payments(2025).values()) == [0.25] * 4


@pytest.mark.parametrize(
    ("life", "share"), [(None, 0.0), (10.0, 0.8), (2.0, 0.0), (1.0, 0.0), (4.0, 0.5)]
)
def test_salvage_is_the_unexpired_share_of_life(life: float | None, share: float) -> None:
    # First output in 2028, two years of use before 2030.
    assert option(life=life).salvage_share(2025, horizon_end=2030) == pytest.approx(share)


def test_what_is_owed_is_taken_off_the_salvage_and_no_more() -> None:
    financed = option(life=10.0, financing_rate=0.10, financing_years=3.0)
    level = 1.05 * annuity_factor(0.10, 3)
    owed = level / 1.10  # one payment is left, a year after the horizon
    assert financed.salvage_share(2025, horizon_end=2030) == pytest.approx(0.8 - owed)
    deep = option(life=3.0, financing_rate=0.10, financing_years=30.0)
    assert deep.salvage_share(2025, horizon_end=2030) == 0.0


@pytest.mark.parametrize(("discounting", "shift"), [("start", 0.0), ("mid", 0.5), ("end", 1.0)])
def test_capital_is_discounted_in_the_year_it_is_spent(
    discounting: str, shift: float, tmp_path: Path
) -> None:
    new = {"id": "new", "capital": 0.2, "build_years": 2, "capital_years": "0.25;0.75"}
    settings = {**FIVE, "discount_rate": 0.08, "discounting": discounting}
    found = plan_of(tmp_path, plant(options=[new]), settings)
    expected = 0.2 * (0.25 * 1.08**-shift + 0.75 * 1.08 ** -(1 + shift))
    assert terms(found)["capital"] == pytest.approx(expected)
    short = sum(1.08 ** -(year + shift) for year in (0, 1))
    assert terms(found)["shortfall"] == pytest.approx(short)


def test_years_inside_a_long_period_are_discounted_one_by_one(tmp_path: Path) -> None:
    new = {"id": "new", "capital": 0.3, "build_years": 3}
    settings = {**years(2025, 2030), "discount_rate": 0.10}
    found = plan_of(tmp_path, plant(options=[new]), settings)
    factors = [1.1**-n for n in range(5)]
    assert terms(found)["capital"] == pytest.approx(0.1 * sum(factors[:3]))
    # Flows are constant within a period: two years of five are served, spread over all.
    assert terms(found)["shortfall"] == pytest.approx(0.6 * sum(factors))


def test_only_payments_inside_the_horizon_count(tmp_path: Path) -> None:
    new = {"id": "new", "capital": 0.5, "financing_rate": 0.05, "financing_years": 20}
    found = plan_of(tmp_path, plant(options=[new]), FIVE)
    # Spent in 2025, which is also the year of first output: no interest before the first payment.
    level = 0.5 * annuity_factor(0.05, 20)
    assert terms(found)["capital"] == pytest.approx(5 * level)


def test_salvage_falls_on_the_end_of_the_horizon(tmp_path: Path) -> None:
    new = {"id": "new", "capital": 0.5, "life": 20}
    settings = {**FIVE, "discount_rate": 0.10}
    found = plan_of(tmp_path, plant(options=[new]), settings)
    assert terms(found)["salvage"] == pytest.approx(-0.5 * 15 / 20 * 1.1**-5)


def test_no_module_is_worth_more_than_it_cost(tmp_path: Path) -> None:
    # Twenty payments, one of them inside the horizon: salvage stays below what was paid.
    new = {"id": "new", "capital": 0.5, "life": 50, "financing_rate": 0, "financing_years": 50}
    found = plan_of(tmp_path, plant(options=[new]), years(2025, 2026))
    cost = terms(found)
    assert cost["capital"] == pytest.approx(0.5 / 50)
    assert 0 <= -cost.get("salvage", 0.0) <= cost["capital"]


def test_a_plan_never_earns_by_building_what_is_not_needed(tmp_path: Path) -> None:
    new = {"id": "new", "capital": 5, "life": 100, "most": 9, "build_years": 4}
    tables = plant({"nameplate_capacity": 1000}, options=[new])
    found = plan_of(tmp_path, tables, {**FIVE, "discount_rate": 0.0})
    assert found[0].objective == pytest.approx(0.0)


def test_capital_follows_its_companion_by_decision_year(tmp_path: Path) -> None:
    folder = write_case_folder(
        tmp_path / "case", plant(options=[{"id": "new", "capital": 9}]), FIVE
    )
    (folder / "options-capital.csv").write_text("year,new\n2027,0.5\n")
    found = planned_tables(folder)
    assert decided(found) == [("new", 2027)]
    assert terms(found) == pytest.approx({"capital": 0.5, "shortfall": 2.0})


TWO: Rows = [
    {"id": "first", "size": 600, "capital": 0.3},
    {"id": "second", "size": 400, "capital": 0.2, "public_share": 1},
]


def limited(**limit: object) -> Rows:
    return [{"id": "cap", "kind": "capital", **limit}]


def test_a_capital_limit_holds_in_every_calendar_year(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant(options=TWO, limits=limited(amount=0.35)), FIVE)
    # Waiting a year with the larger module costs 0.6, with the smaller 0.4.
    assert decided(found) == [("first", 2025), ("second", 2026)]
    assert terms(found)["shortfall"] == pytest.approx(0.4)


def test_a_capital_limit_counts_spending_however_it_is_financed(tmp_path: Path) -> None:
    financed = [{**row, "financing_rate": 0.05, "financing_years": 30} for row in TWO]
    found = plan_of(tmp_path, plant(options=financed, limits=limited(amount=0.35)), FIVE)
    assert decided(found) == [("first", 2025), ("second", 2026)]


def test_a_capital_limit_counts_the_years_of_construction(tmp_path: Path) -> None:
    slow = [{**row, "build_years": 2} for row in TWO]
    found = plan_of(tmp_path, plant(options=slow, limits=limited(amount=0.25)), FIVE)
    # 0.15 a year for the first and 0.1 for the second, together 0.25 in 2025 and in 2026.
    assert decided(found) == [("first", 2025), ("second", 2025)]
    tight = plan_of(tmp_path / "tight", plant(options=slow, limits=limited(amount=0.24)), FIVE)
    assert decided(tight) == [("first", 2025), ("second", 2027)]


def test_a_capital_limit_holds_from_its_year_to_the_next(tmp_path: Path) -> None:
    steps = [
        {"id": "cap", "kind": "capital", "year": y, "amount": a} for y, a in ((2025, 0), (2027, 9))
    ]
    found = plan_of(tmp_path, plant(options=TWO, limits=steps), FIVE)
    assert decided(found) == [("first", 2027), ("second", 2027)]


@pytest.mark.parametrize(
    ("scope", "built"),
    [("public", ["first"]), ("private", ["second"]), ("all", [])],
)
def test_public_and_private_capital_are_limited_apart(
    scope: str, built: list[str], tmp_path: Path
) -> None:
    found = plan_of(tmp_path, plant(options=TWO, limits=limited(scope=scope, amount=0.1)))
    assert [name for name, _ in decided(found)] == built


def test_a_part_of_public_money_counts_in_part(tmp_path: Path) -> None:
    half = [{"id": "new", "capital": 0.4, "public_share": 0.5}]
    enough = plant(options=half, limits=limited(scope="public", amount=0.2))
    assert decided(plan_of(tmp_path, enough)) == [("new", 2025)]
    less = plant(options=half, limits=limited(scope="public", amount=0.19))
    assert decided(plan_of(tmp_path / "less", less)) == []


def test_a_limit_of_a_project_or_country_counts_only_its_own(tmp_path: Path) -> None:
    tables = plant(
        options=[{**TWO[0], "project": "one"}, {**TWO[1], "project": "two"}],
        projects=[{"id": "one"}, {"id": "two"}],
        countries=[{"id": "USA", "group": "domestic"}, {"id": "AUS", "group": "allied"}],
    )
    one = {**tables, "limits": limited(scope="project", target="one", amount=0)}
    assert decided(plan_of(tmp_path / "one", one)) == [("second", 2025)]
    abroad = {**tables, "limits": limited(scope="country", target="AUS", amount=0)}
    assert len(decided(plan_of(tmp_path / "abroad", abroad))) == 2
    here = {**tables, "limits": limited(scope="country", target="USA", amount=0)}
    assert decided(plan_of(tmp_path / "here", here)) == []


def test_starts_are_counted_over_the_years_of_a_period(tmp_path: Path) -> None:
    many = [{"id": "new", "size": 100, "most": 10, "capital": 0.001}]
    limits = [{"id": "starts", "kind": "starts", "amount": 2}]
    found = plan_of(tmp_path, plant(options=many, limits=limits), years(2025, 2026, 2029))
    modules = found[1]["builds"].frame.set_index("decision_year")["modules"].to_dict()
    assert modules == {2025: 2, 2026: 6}
