"""The money of the small case: known answers by hand, and a story that every verb can tell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coercivity.results import Run
from coercivity.studies.adversary import AdversaryOptions, adversary
from coercivity.studies.align import AlignOptions, align
from coercivity.studies.assess import assess
from coercivity.studies.finance import FinanceOptions, finance_of_case, finance_of_run
from coercivity.studies.loop import LoopOptions, loop_of_run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.studies.simulate import SimulateOptions, simulate
from coercivity.tables import find_case
from tests.stripped_cases import without_tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "whole-chain.md"
HURDLE = 0.12
OXIDE, FREIGHT_OF_OXIDE = 70_000, 2_500
LEFT_OF_MAGNETS = 59_000 - 20_000 - 0.36 * (OXIDE + FREIGHT_OF_OXIDE) - 100
"""What a tonne of magnets leaves to its maker. [USD/t]"""
LEFT_OF_CONCENTRATE = 0.09 * OXIDE - 2_000
"""What a tonne of concentrate leaves to the mine. [USD/t]"""
LEFT_OF_SEPARATING = 0.18 * (OXIDE - FREIGHT_OF_OXIDE) - 0.09 * OXIDE - 3_000
"""What a tonne of concentrate leaves to the separation plant. [USD/t]"""
MAGNETS = {2027: 500.0, 2028: 1_500.0} | dict.fromkeys(range(2029, 2038), 2_000.0)
GOING_ON = range(2025, 2045)
"""Twenty years, where nothing is built and no life is stated."""


def factor(year: int) -> float:
    """Discount from the start of a year to that of 2025."""
    return (1 + HURDLE) ** -(year - 2025)


def worth_of_magnets() -> float:
    """Value the two halls by hand. [million]"""
    capital = sum(90.0 * factor(year) for year in (2026, 2027))
    running = sum(
        (tonnes * LEFT_OF_MAGNETS / 1e6 - 5.0) * factor(year) for year, tonnes in MAGNETS.items()
    )
    return running - capital


def worth_of_feed(left: float) -> float:
    """Value a plant that lives on the 2 t of concentrate in each tonne of magnets. [million]"""
    return sum(
        2 * MAGNETS.get(year, 2_000.0 if year > 2029 else 0.0) * left / 1e6 * factor(year)
        for year in GOING_ON
    )


def replaced(file: Path, old: str, new: str) -> None:
    """Change a file, which must hold what is to be changed."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def base(runs: Path) -> Run:
    return plan(find_case("mini"), runs, PlanOptions(name="base", gap=0.0))


@pytest.fixture(scope="module")
def calm(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Value of each project without chance, tax, lenders and contracts. [million]"""
    folder = tmp_path_factory.mktemp("calm") / "calm"
    case = without_tables(folder, "contracts", "contract_terms", "overruns")
    replaced(case / "price_models.csv", ",0.6,0.25,", ",0.6,0,")
    replaced(case / "projects.csv", ",0.5,1.3,0.07,7,1,0.25,SL-10,", ",,,,,,0,,")
    replaced(case / "projects.csv", ",,,,,,0.25,,", ",,,,,,0,,")
    planned = plan(case, runs, PlanOptions(name="calm", gap=0.0))
    options = FinanceOptions(projects=("mine", "separation", "works"), paths=100)
    found = finance_of_run(planned, runs, options).result["projects"]
    return {row["project"]: row["npv_musd"]["mean"] for row in found}


def test_owners_change_nothing_about_the_plan(base: Run) -> None:
    assert base.result["objective"] == pytest.approx(942.552346, abs=5e-7)


def test_the_magnet_plant_is_worth_what_a_sheet_of_paper_says(calm: dict[str, float]) -> None:
    assert calm["works"] == pytest.approx(worth_of_magnets(), rel=1e-9)
    assert worth_of_magnets() == pytest.approx(-62.754856, abs=5e-7)


def test_mine_and_separation_are_worth_what_a_sheet_of_paper_says(calm: dict[str, float]) -> None:
    assert calm["mine"] == pytest.approx(worth_of_feed(LEFT_OF_CONCENTRATE), rel=1e-9)
    assert calm["separation"] == pytest.approx(worth_of_feed(LEFT_OF_SEPARATING), rel=1e-9)


def test_the_page_states_what_is_computed_here() -> None:
    page = PAGE.read_text("utf-8")
    later = sum(factor(year) for year in range(2029, 2038))
    cash = {2026: -90.0, 2027: 500 * LEFT_OF_MAGNETS / 1e6 - 5 - 90}
    cash[2028] = 1_500 * LEFT_OF_MAGNETS / 1e6 - 5
    each = 2_000 * LEFT_OF_MAGNETS / 1e6 - 5
    values = [*(amount * factor(year) for year, amount in cash.items()), each * later]
    told = " | ".join(f"{value:.6f}".replace("-", "\u2212") for value in values)
    assert f"| **Present value** | 0 | {told} |" in page
    factors = " | ".join(f"{value:.6f}" for value in (*map(factor, cash), later))
    assert f"| 1 | {factors} |" in page
    assert f"**{worth_of_magnets():.6f}**".replace("-", "\u2212") in page


def test_who_stands_goes_on_and_who_builds_asks_for_help(base: Run, runs: Path) -> None:
    options = FinanceOptions(projects=("mine", "separation", "works"), paths=300)
    found = {row["project"]: row for row in finance_of_run(base, runs, options).result["projects"]}
    assert {name: row["investor_accepts"] for name, row in found.items()} == {
        "mine": True,
        "separation": True,
        "works": False,
    }
    assert found["works"]["missing_usd_per_kg"] > 1


def test_a_case_asks_who_builds(runs: Path) -> None:
    found = finance_of_case(find_case("mini"), runs, FinanceOptions(paths=100)).result["projects"]
    assert [row["project"] for row in found] == ["works"]


@pytest.mark.slow
def test_a_package_exists_and_costs_less_than_the_plant(base: Run, runs: Path) -> None:
    found = align(base.id, runs, AlignOptions(paths=400)).result
    assert found["accepts"] == {"works": True}
    assert 0 < found["public_cost_musd"]["mean"] < 180
    assert found["failing"] == []


@pytest.mark.slow
def test_the_loop_shows_a_gap_that_support_closes_and_dumping_opens(base: Run, runs: Path) -> None:
    found = loop_of_run(base, runs, LoopOptions(paths=40)).result
    assert found["served_today"] + 0.2 < found["served_with_support"] <= 2000 / 3400 + 1e-9
    assert found["retained_share"] > 0.5
    values = {stage: row["value"] for stage, row in found["coercivity"].items()}
    assert set(values) == {"mining", "separation-light", "magnet"}
    assert all(value is not None and value > 0 for value in values.values())
    assert found["weakest_stage"] == min(values, key=lambda stage: values[stage])


def test_an_adversary_hurts_more_with_more(base: Run, runs: Path) -> None:
    lost = [
        adversary(base, runs, AdversaryOptions(budget=budget, paths=100)).result["coverage_lost"]
        for budget in (0.0, 60.0, 200.0)
    ]
    assert lost[0] == pytest.approx(0)
    assert 0.05 < lost[1] < lost[2]


def test_events_take_something_of_every_segment(base: Run, runs: Path) -> None:
    lost = simulate(base.id, runs, SimulateOptions(months=60, replications=60)).result["lost_t"]
    assert all(lost[segment]["mean"] > 0 for segment in ("defence", "industry"))


def test_what_was_counted_adds_up(runs: Path) -> None:
    """Oxide made of the concentrate, magnets of the oxide; all magnets at home are bought."""
    made = pd.read_csv(find_case("mini") / "observations.csv").query("year == 2024")
    total = made.query("kind == 'production'").groupby("material")["amount"].sum()
    assert total["ndpr-oxide"] == pytest.approx(0.18 * total["concentrate"])
    assert total["magnet"] == pytest.approx(total["ndpr-oxide"] / 0.36)
    found = assess(find_case("mini"), runs).result
    assert found["covered_share"]["magnet"] == pytest.approx(0.96)
    assert found["import_reliance"]["magnet"] == pytest.approx(1.0)
