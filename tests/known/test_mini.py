"""The two cases by hand: their optima from first principles, without the tables or the solver."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from coercivity.chain import load_case
from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import PlanSolution
from coercivity.tables.reading import REFERENCE_CASES
from tests.written_cases import planned_tables

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "mini-by-hand.md"
MILLION = 1e6
Planned = tuple[PlanSolution, dict[str, PlanTable]]


class Bill(dict[str, float]):
    """Discounted cost by term. [million]"""

    def add(self, term: str, money: float, factor: float = 1.0) -> None:
        """Charge some money of one year. [USD]"""
        self[term] = self.get(term, 0.0) + money * factor / MILLION

    @property
    def total(self) -> float:
        return sum(self.values())


def by_merit(needed: float, offers: Mapping[str, float]) -> dict[str, float]:
    """Take from each offer in turn, the cheapest first, until nothing is needed. [t]"""
    taken = {}
    for name, offered in offers.items():
        taken[name] = min(needed, offered)
        needed -= taken[name]
    assert needed <= 1e-9
    return taken


# ---------------------------------------------------------------------------------- mini

YEARS = tuple(range(2025, 2031))
DEFENCE = 400.0
CIVIL = {2025: 2000.0, 2026: 2200.0, 2027: 2400.0, 2028: 2600.0, 2029: 2800.0, 2030: 3000.0}
FIRST_STEP = {2025: 1200.0, 2026: 1200.0, 2027: 1200.0, 2028: 800.0, 2029: 800.0, 2030: 400.0}
SECOND_STEP = {2025: 800.0, 2026: 800.0, 2027: 800.0, 2028: 400.0, 2029: 400.0, 2030: 200.0}
FROM_JAPAN = 400.0
FEED = 0.36 / 0.18
"""Concentrate in a tonne of magnets. [t/t]"""
MAKING = FEED * 2000 + FEED * 3000 + 20000
"""Mining, separating and making a tonne of magnets. [USD/t]"""
MOVING = 0.36 * 2500 + 100
"""Freight in a tonne of magnets. [USD/t]"""
HALL, CAPITAL, LIFE, LEAD = 1000.0, 90e6, 10, 2
OPENING = ROOM = 100.0


def factor(year: int) -> float:
    """Give the discount factor of a year: 10 % from the start of 2025."""
    return 1.10 ** -(year - 2025)


def plant_output(halls: tuple[int, ...], year: int) -> float:
    """Add up the halls in a year: nothing for two years, then half, then all. [t]"""
    ages = [year - decided - LEAD for decided in halls]
    return sum(HALL * (0.5 if age == 0 else 1.0) for age in ages if age >= 0)


def hand_bill(halls: tuple[int, ...], kept: tuple[float, ...]) -> Bill | None:
    """Cost a choice of decision years and of stock at each year's end; None if not allowed."""
    bill, before = Bill(), OPENING
    for year, after in zip(YEARS, kept, strict=True):
        made, paid = plant_output(halls, year), factor(year)
        must_import = max(0.0, DEFENCE - made)
        if must_import > (FROM_JAPAN if year < 2027 else 0.0):
            return None
        taken = by_merit(
            DEFENCE + CIVIL[year] + after - before - must_import,
            {
                "plant": made,
                "first": FIRST_STEP[year],
                "second": SECOND_STEP[year],
                "japan": FROM_JAPAN - must_import,
                "short": CIVIL[year],
            },
        )
        japan = taken["japan"] + must_import
        bought = taken["first"] * 59000 + taken["second"] * 79000 + japan * 99000
        imported = taken["first"] + taken["second"] + japan
        bill.add("purchase", bought, paid)
        bill.add("freight", imported * 1000 + taken["plant"] * MOVING, paid)
        bill.add("variable", taken["plant"] * MAKING, paid)
        bill.add("fixed", 5e6 if made else 0.0, paid)
        bill.add("holding", after * 5000, paid)
        bill.add("shortfall", taken["short"] * 150000, paid)
        before = after
    for decided in halls:
        bill.add("capital", CAPITAL, factor(decided + 1))
        left = max(0.0, LIFE - (2031 - decided - LEAD)) / LIFE
        bill.add("salvage", -CAPITAL * left, factor(2031))
    return bill


def hand_plans() -> Iterator[tuple[tuple[int, ...], tuple[float, ...], Bill]]:
    """Go through every plan.

    Capital for one hall a year keeps decision years apart; a hall decided on after 2028 would be
    too late. Every amount is a multiple of 100 t, so stocks of 0 and 100 would do; 50 is there to
    show that nothing lies between.
    """
    decisions = [halls for n in range(3) for halls in itertools.combinations(range(2025, 2029), n)]
    for halls in decisions:
        for kept in itertools.product((0.0, 50.0, ROOM), repeat=len(YEARS)):
            bill = hand_bill(halls, kept)
            if bill is not None:
                yield halls, kept, bill


@pytest.fixture(scope="module")
def ranked() -> list[tuple[tuple[int, ...], tuple[float, ...], Bill]]:
    return sorted(hand_plans(), key=lambda plan: plan[2].total)


@pytest.fixture(scope="module")
def mini() -> Planned:
    return planned_tables(REFERENCE_CASES / "mini")


def terms(planned: Planned) -> dict[str, float]:
    return dict(planned[1]["cost_terms"].frame.itertuples(index=False))


def frame(planned: Planned, table: str) -> pd.DataFrame:
    return planned[1][table].frame


@pytest.mark.parametrize("name", ["mini", "mini-tungsten"])
def test_has_no_error_and_no_warning(name: str) -> None:
    _, tables, _ = load_case(REFERENCE_CASES / name, strict=True)
    assert all(len(list(table.rows())) <= 10 for table in tables.tables.values())


def test_mini_costs_what_trying_every_plan_by_hand_says(
    mini: Planned, ranked: list[tuple[tuple[int, ...], tuple[float, ...], Bill]]
) -> None:
    assert mini[0].objective == pytest.approx(ranked[0][2].total, rel=1e-9)
    assert mini[0].gap == pytest.approx(0.0, abs=1e-9)


def test_mini_agrees_with_the_hand_computation_term_by_term(
    mini: Planned, ranked: list[tuple[tuple[int, ...], tuple[float, ...], Bill]]
) -> None:
    expected = {term: value for term, value in ranked[0][2].items() if value}
    assert terms(mini) == pytest.approx(expected, rel=1e-9)


def test_mini_has_one_best_plan(
    ranked: list[tuple[tuple[int, ...], tuple[float, ...], Bill]],
) -> None:
    (halls, kept, best), (_, _, second) = ranked[:2]
    assert halls == (2025, 2026)
    assert kept == (100, 0, 0, 0, 100, 0)
    assert second.total > best.total + 0.1
    rivals = {halls: bill for halls, _, bill in reversed(ranked)}
    assert rivals[(2025, 2027)].total > best.total + 1
    assert all(2025 in halls for halls in rivals)


def test_mini_builds_the_halls_one_after_the_other(mini: Planned) -> None:
    builds = frame(mini, "builds")
    assert builds["option"].tolist() == ["magnet-hall", "magnet-hall"]
    assert builds["decision_year"].tolist() == [2025, 2026]
    assert builds["first_output_year"].tolist() == [2027, 2028]
    assert builds["capital_musd"].tolist() == [90.0, 90.0]


def test_mini_lead_time_and_ramp_gate_the_plant(mini: Planned) -> None:
    made = frame(mini, "activity").query("asset == 'magnet-plant'")
    by_year = made.groupby("year")["activity_t"].sum().to_dict()
    expected = {y: plant_output((2025, 2026), y) for y in YEARS if y >= 2027}
    assert by_year == pytest.approx(expected)


def test_mini_serves_defence_in_full_by_the_rule_and_the_rest_as_far_as_it_goes(
    mini: Planned, ranked: list[tuple[tuple[int, ...], tuple[float, ...], Bill]]
) -> None:
    served = frame(mini, "served").query("demand == 'defence'")
    assert set(served["class"]) == {"dfars"}
    assert served.groupby("year")["served_t"].sum().to_dict() == pytest.approx(
        dict.fromkeys(YEARS, DEFENCE)
    )
    coverage = frame(mini, "coverage").set_index(["demand", "year"])["shortfall_t"]
    short = {2026: 100.0, 2030: 300.0}
    assert sum(t * 0.15 * factor(y) for y, t in short.items()) == pytest.approx(
        ranked[0][2]["shortfall"]
    )
    for year in YEARS:
        assert coverage["defence", year] == pytest.approx(0.0, abs=1e-6)
        assert coverage["civil", year] == pytest.approx(short.get(year, 0.0), abs=1e-6)


def test_mini_japanese_magnets_of_chinese_oxide_stop_counting_on_the_rule_s_date(
    mini: Planned,
) -> None:
    bought = frame(mini, "purchases").query("supplier == 'jpn-magnet'")
    assert dict(zip(bought["year"], bought["bought_t"], strict=True)) == pytest.approx(
        {2025: 400, 2026: 400, 2027: 300, 2028: 300, 2029: 100, 2030: 400}
    )
    assert {y: c for y, c in zip(bought["year"], bought["class"], strict=True) if y < 2027} == {
        2025: "dfars",
        2026: "dfars",
    }
    assert set(bought.query("year >= 2027")["class"]) == {"any"}


def test_mini_leaves_the_by_product_unsold(mini: Planned) -> None:
    unsold = frame(mini, "unsold")
    assert set(unsold["material"]) == {"lace-oxide"}
    by_year = unsold.groupby("year")["unsold_t"].sum().to_dict()
    expected = {y: plant_output((2025, 2026), y) * FEED * 0.72 for y in YEARS if y >= 2027}
    assert by_year == pytest.approx(expected)


def test_mini_keeps_its_stock_for_the_years_of_shortage(
    mini: Planned, ranked: list[tuple[tuple[int, ...], tuple[float, ...], Bill]]
) -> None:
    level = frame(mini, "stocks").groupby("year")["level_t"].sum()
    for year, kept in zip(YEARS, ranked[0][1], strict=True):
        assert level.get(year, 0.0) == pytest.approx(kept, abs=1e-6)


# -------------------------------------------------------------------------- mini-tungsten

LATER = tuple(range(2025, 2030))
WANTED_BY_DEFENCE, WANTED_BY_INDUSTRY = 300.0, 700.0
RECYCLED, FROM_CHINA = 200.0, 600.0


def tungsten_bill(open_years: frozenset[int], road: int | None) -> Bill | None:
    """Cost a choice of years with the mine open and of the year the road is decided on."""
    bill = Bill()
    for year in LATER:
        wide = road is not None and year > road
        at_home = min(125.0 + 250.0 * wide, 500.0) / 1.25 if year in open_years else 0.0
        taken = by_merit(
            WANTED_BY_DEFENCE + WANTED_BY_INDUSTRY,
            {
                "recycled": RECYCLED,
                "china": FROM_CHINA,
                "home": at_home,
                "short": WANTED_BY_INDUSTRY,
            },
        )
        if year >= 2027 and taken["recycled"] + taken["home"] < WANTED_BY_DEFENCE:
            return None
        powder = taken["china"] + taken["home"]
        mined = taken["home"] * 1.25
        bill.add("purchase", taken["china"] * 40000 + taken["recycled"] * 1.25 * 16000)
        bill.add("tariff", taken["china"] * 0.25 * 40000)
        bill.add("freight", taken["china"] * 1.4 * 500 + mined * 2 * 50)
        bill.add("variable", mined * 39900 + taken["home"] * 5000 + powder * 3000)
        bill.add("variable", taken["recycled"] * 10000 + (taken["recycled"] + powder) * 12000)
        bill.add("shortfall", taken["short"] * 100000)
        bill.add("fixed" if year in open_years else "care", 10e6 if year in open_years else 1e6)
        bill.add("restart", 12e6 if year in open_years and year - 1 not in open_years else 0.0)
    if road is not None:
        bill.add("capital", 2e6)
        bill.add("salvage", -2e6 * max(0.0, 5 - (2030 - road - 1)) / 5)
    return bill


def tungsten_plans() -> Iterator[tuple[frozenset[int], int | None, Bill]]:
    """Go through every set of years with the mine open and every year for the road."""
    for count in range(len(LATER) + 1):
        for years in itertools.combinations(LATER, count):
            for road in (None, 2025, 2026, 2027, 2028):
                bill = tungsten_bill(frozenset(years), road)
                if bill is not None:
                    yield frozenset(years), road, bill


@pytest.fixture(scope="module")
def tungsten() -> Planned:
    return planned_tables(REFERENCE_CASES / "mini-tungsten")


@pytest.fixture(scope="module")
def tungsten_ranked() -> list[tuple[frozenset[int], int | None, Bill]]:
    return sorted(tungsten_plans(), key=lambda plan: plan[2].total)


def test_mini_tungsten_costs_what_trying_every_plan_by_hand_says(
    tungsten: Planned, tungsten_ranked: list[tuple[frozenset[int], int | None, Bill]]
) -> None:
    best = tungsten_ranked[0][2]
    assert tungsten[0].objective == pytest.approx(best.total, rel=1e-9)
    expected = {term: value for term, value in best.items() if value}
    assert terms(tungsten) == pytest.approx(expected, rel=1e-9)


def test_mini_tungsten_has_one_best_plan(
    tungsten_ranked: list[tuple[frozenset[int], int | None, Bill]],
) -> None:
    (years, road, best), (_, _, second) = tungsten_ranked[:2]
    assert (years, road) == (frozenset({2027, 2028, 2029}), 2026)
    assert second.total > best.total + 0.1


def test_mini_tungsten_restarts_the_mine_when_the_rule_comes_into_force(tungsten: Planned) -> None:
    states = frame(tungsten, "states")
    assert dict(zip(states["year"], states["state"], strict=True)) == {
        2025: "mothballed",
        2026: "mothballed",
        2027: "kept",
        2028: "kept",
        2029: "kept",
    }


def test_mini_tungsten_widens_the_road_in_time(
    tungsten: Planned, tungsten_ranked: list[tuple[frozenset[int], int | None, Bill]]
) -> None:
    builds = frame(tungsten, "builds")
    assert builds["link"].tolist() == ["hill-road"]
    assert builds["decision_year"].tolist() == [2026]
    assert builds["first_output_year"].tolist() == [2027]
    without = min(bill.total for _, road, bill in tungsten_ranked if road is None)
    assert tungsten[0].gain == pytest.approx(without - tungsten_ranked[0][2].total)


def test_mini_tungsten_serves_defence_from_scrap_and_from_the_mine(tungsten: Planned) -> None:
    served = frame(tungsten, "served").query("demand == 'defence'")
    assert set(served["class"]) == {"dfars"}
    coverage = frame(tungsten, "coverage").set_index(["demand", "year"])["shortfall_t"]
    activity = frame(tungsten, "activity").groupby(["asset", "year"])["activity_t"].sum()
    for year in LATER:
        assert coverage["defence", year] == pytest.approx(0.0, abs=1e-6)
        assert coverage["industry", year] == pytest.approx(200.0 if year < 2027 else 0.0, abs=1e-6)
        assert activity["recycler", year] == pytest.approx(RECYCLED)
        assert activity.get(("mine", year), 0.0) == pytest.approx(0 if year < 2027 else 250.0)


# ------------------------------------------------------------------------------- the page


def test_the_page_states_what_is_computed_here(
    ranked: list[tuple[tuple[int, ...], tuple[float, ...], Bill]],
    tungsten_ranked: list[tuple[frozenset[int], int | None, Bill]],
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for bill in (ranked[0][2], tungsten_ranked[0][2]):
        assert f"**{bill.total:.6f}**" in page
        for term, value in bill.items():
            assert f"| {term} | {value:.6f} |" in page
    cheapest: dict[tuple[int, ...], float] = {}
    for halls, _, bill in ranked:
        cheapest.setdefault(halls, bill.total)
    for halls, total in cheapest.items():
        assert f"| {', '.join(map(str, halls))} | {total:.6f} |" in page
