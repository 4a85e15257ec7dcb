from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.planning.model import build_model
from tests.small_chains import Found, by_year, plan_of, plant, terms, years
from tests.written_cases import Rows, planned, write_case_folder

FIVE = years(2025, 2026, 2027, 2028, 2029, 2030)


def decisions(found: Found) -> list[tuple[str, int, int]]:
    builds = found[1]["builds"].frame
    return list(zip(builds["option"], builds["decision_year"], builds["modules"], strict=True))


def test_nothing_flows_before_permit_and_construction_are_over(tmp_path: Path) -> None:
    option = {"id": "new", "capital": 0.5, "permit_years": 1, "build_years": 2}
    found = plan_of(tmp_path, plant(options=[option]), FIVE)
    short = {2025: 1000, 2026: 1000, 2027: 1000, 2028: 0, 2029: 0}
    assert by_year(found, "coverage", "shortfall_t") == short
    assert terms(found) == pytest.approx({"capital": 0.5, "shortfall": 3.0})
    build = found[1]["builds"].frame.iloc[0]
    assert (build["decision_year"], build["construction_year"], build["first_output_year"]) == (
        2025,
        2026,
        2028,
    )


def test_a_ramp_gives_its_shares_year_by_year_and_the_last_one_stays(tmp_path: Path) -> None:
    option = {"id": "new", "capital": 0.1, "build_years": 1, "ramp": "0.25;0.5;0.8"}
    found = plan_of(tmp_path, plant(options=[option]), FIVE)
    built = by_year(found, "capacity", "built_t")
    assert built == {2026: 250, 2027: 500, 2028: 800, 2029: 800}


def test_a_long_period_has_the_average_of_its_years(tmp_path: Path) -> None:
    option = {"id": "new", "capital": 0.1, "build_years": 3, "ramp": "0.5;1"}
    found = plan_of(tmp_path, plant(options=[option]), years(2025, 2026, 2030))
    # First output in 2028, so that 2026–2029 has 0, 0, 0.5 and 1.
    assert by_year(found, "capacity", "built_t") == {2026: 375}
    assert terms(found)["shortfall"] == pytest.approx(1 + 4 * 0.625)


def test_a_module_is_as_available_as_its_asset(tmp_path: Path) -> None:
    tables = plant({"availability": 0.6}, options=[{"id": "new", "capital": 0.1}])
    found = plan_of(tmp_path, tables)
    assert by_year(found, "coverage", "served_t") == {2025: 600}


@pytest.mark.parametrize(
    ("bounds", "year"), [({}, 2025), ({"earliest": 2027}, 2027), ({"latest": 2025}, 2025)]
)
def test_earliest_and_latest_bound_the_decision(
    bounds: dict[str, object], year: int, tmp_path: Path
) -> None:
    option = {"id": "new", "capital": 0.1, "build_years": 1, **bounds}
    found = plan_of(tmp_path, plant(options=[option]), FIVE)
    assert decisions(found) == [("new", year, 1)]


def test_a_decision_falls_on_the_first_year_of_a_period(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 0.1, "earliest": 2027}])
    found = plan_of(tmp_path, tables, years(2025, 2026, 2028, 2030))
    assert decisions(found) == [("new", 2028, 1)]


def test_no_column_exists_for_output_after_the_horizon(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "capital": 0.1, "permit_years": 1, "build_years": 2}])
    case, _, _ = load_case(write_case_folder(tmp_path / "case", tables, FIVE))
    modules = build_model(case).investments.block
    assert modules.index["period"] == [0, 1]


def test_no_more_modules_are_built_than_there_are(tmp_path: Path) -> None:
    tables = plant(options=[{"id": "new", "size": 300, "most": 2, "capital": 0.01}])
    found = plan_of(tmp_path, tables, FIVE)
    assert decisions(found) == [("new", 2025, 2)]
    assert by_year(found, "coverage", "shortfall_t")[2029] == 400


def test_modules_are_whole(tmp_path: Path) -> None:
    # A second module would save 0.2 million of penalty for 0.3 million of capital.
    option = {"id": "new", "size": 800, "most": 3, "capital": 0.3}
    found = plan_of(tmp_path, plant(options=[option]))
    assert decisions(found) == [("new", 2025, 1)]
    assert found[0].objective == pytest.approx(0.3 + 0.2)
    assert found[0].bound == pytest.approx(found[0].objective)


def test_a_module_that_costs_more_than_it_saves_is_not_built(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant(options=[{"id": "new", "capital": 1.01}]))
    assert decisions(found) == []
    assert found[0].gain == pytest.approx(0.0)
    assert found[0].gap_of_gain is None


def test_what_the_builds_save_is_told(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant(options=[{"id": "new", "capital": 0.25}]))
    assert found[0].without_builds == pytest.approx(1.0)
    assert found[0].gain == pytest.approx(0.75)


PAIR: Rows = [
    {"id": "pilot", "size": 1, "capital": 0.2},
    {"id": "full", "capital": 0.3, "requires": "pilot"},
]


def test_an_option_is_built_only_with_what_it_requires(tmp_path: Path) -> None:
    found = plan_of(tmp_path, plant(options=PAIR))
    assert decisions(found) == [("full", 2025, 1), ("pilot", 2025, 1)]
    assert terms(found) == pytest.approx({"capital": 0.5})


def test_what_is_required_counts_in_its_own_time(tmp_path: Path) -> None:
    late: Rows = [{**PAIR[0], "earliest": 2027}, PAIR[1]]
    found = plan_of(tmp_path, plant(options=late), FIVE)
    assert decisions(found) == [("full", 2027, 1), ("pilot", 2027, 1)]


def test_an_option_that_requires_the_impossible_is_never_built(tmp_path: Path) -> None:
    never: Rows = [{**PAIR[0], "build_years": 9}, PAIR[1]]
    found = plan_of(tmp_path, plant(options=never), FIVE)
    assert decisions(found) == []


def test_one_required_module_lets_every_module_be_built(tmp_path: Path) -> None:
    several: Rows = [PAIR[0], {**PAIR[1], "size": 400, "most": 3, "capital": 0.1}]
    found = plan_of(tmp_path, plant(options=several))
    assert decisions(found) == [("full", 2025, 3), ("pilot", 2025, 1)]


RIVALS: Rows = [
    {"id": "large", "size": 1000, "capital": 0.6, "excludes": "small"},
    {"id": "small", "size": 400, "capital": 0.1, "most": 2},
]


def test_options_that_exclude_each_other_are_never_both_built(tmp_path: Path) -> None:
    # Both small modules leave 200 t short and cost 0.4 in all, the large one costs 0.6.
    found = plan_of(tmp_path, plant(options=RIVALS))
    assert decisions(found) == [("small", 2025, 2)]
    assert found[0].objective == pytest.approx(0.2 + 0.2)


def test_a_single_module_of_several_excludes_as_well(tmp_path: Path) -> None:
    # Without the exclusion the large and one small module would serve 1400 t.
    found = plan_of(tmp_path, plant(options=RIVALS, demand={"amount": 1400}))
    assert decisions(found) in ([("large", 2025, 1)], [("small", 2025, 2)])
    assert found[0].objective == pytest.approx(min(0.6 + 0.4, 0.2 + 0.6))


def test_an_exclusion_holds_over_all_years(tmp_path: Path) -> None:
    early_and_late: Rows = [
        {**RIVALS[0], "earliest": 2027},
        {**RIVALS[1], "most": 1, "latest": 2025},
    ]
    found = plan_of(tmp_path, plant(options=early_and_late), FIVE)
    assert len(decisions(found)) == 1


@pytest.mark.parametrize("options", [PAIR, RIVALS, [{"id": "new", "size": 300, "most": 3}]])
def test_cumulative_columns_and_vintages_plan_alike(options: Rows, tmp_path: Path) -> None:
    folder = write_case_folder(tmp_path / "case", plant(options=options), FIVE)
    _, _, cumulative = planned(folder)
    _, _, vintages = planned(folder, vintages=True)
    assert vintages.objective == pytest.approx(cumulative.objective, abs=1e-9)


def test_an_option_enlarges_a_link_after_its_lead_time(tmp_path: Path) -> None:
    tables = plant(
        {"nameplate_capacity": 1000},
        demand={"site": "town"},
        sites=[{"id": "works", "country": "USA"}, {"id": "town", "country": "USA"}],
        links=[{"id": "road", "from": "works", "to": "town", "capacity": 100}],
        options=[
            {"id": "wide", "adds_to": "road", "build_years": 1, "ramp": "0.5;1", "capital": 0.1}
        ],
    )
    tables = {**tables, "options": [{**row, "size": 600} for row in tables["options"]]}
    found = plan_of(tmp_path, tables, years(2025, 2026, 2027, 2028))
    assert by_year(found, "flows", "flow_t") == {2025: 100, 2026: 400, 2027: 700}
    build = found[1]["builds"].frame.iloc[0]
    assert build["asset"] is None
    assert (build["option"], build["link"]) == ("wide", "road")
