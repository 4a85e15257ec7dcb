"""A target that cannot be used is refused before anything is solved, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import Case, load_case
from coercivity.foundation.errors import InfeasiblePlan, UsageError
from coercivity.foundation.problems import Severity
from coercivity.planning.targets import parse_requirements, target_problems
from coercivity.tables import CaseTables, find_case
from tests.small_chains import ALL_GROUPS, plant, years
from tests.written_cases import Rows, Tables, write_case_folder

RULES: Tables = {
    "countries": ALL_GROUPS,
    "stages": [{"id": "making", "order": 1}],
    "materials": [{"id": "good", "stage": "making"}],
    "processes": [{"id": "make", "reference_material": "good", "stage": "making"}],
    "origin_classes": [{"id": "home", "order": 1}, {"id": "friend", "order": 2}],
    "origin_rules": [
        {"class": "home", "stage": "making", "groups": "domestic"},
        {"class": "friend", "stage": "making", "groups": "domestic;allied"},
    ],
}


def loaded(folder: Path, **tables: Rows) -> tuple[Case, CaseTables]:
    given = plant(
        {"nameplate_capacity": 1000},
        demand={"segment": "users"},
        segments=[{"id": "users"}, {"id": "nobody"}],
    )
    settings = years(2025, 2026, 2027, 2028, 2029, report_until=2027)
    case, found, _ = load_case(
        write_case_folder(folder / "case", {**given, **RULES, **tables}, settings)
    )
    return case, found


def target(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "segment": "users", "share": 0.5, "year": 2026, **more}


def abroad(site: str) -> Rows:
    return [{"id": "works", "country": site}]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["nobodi>=50%@2026"], "no demand has the segment 'nobodi'"),
        (["nobody>=50%@2026"], "no demand has the segment 'nobody'"),
        (["users>=50%@2026:hom"], "Did you mean 'home'"),
        (["users>=101%@2026"], "more than the whole"),
        (["users>=0%@2026"], "asks for nothing"),
        (["users>=1.2.3@2026"], "cannot be read"),
        (["users>=.@2026"], "cannot be read"),
        (["users>=50%@2028"], "the case reports 2025 to 2027"),
        (["users>=50%@2026", "users>=0.4@2026"], "Keep the larger"),
        (["users>=50%@2026:any", "users>=0.5@2026"], "already"),
    ],
)
def test_a_requirement_that_cannot_be_used_is_refused(
    texts: list[str], told: str, tmp_path: Path
) -> None:
    case, _ = loaded(tmp_path)
    with pytest.raises(UsageError, match=told) as caught:
        parse_requirements(texts, case)
    assert caught.value.exit_status == 2
    assert "[P301]" in str(caught.value)


@pytest.mark.parametrize("texts", [["users>=50%@2026:home", "users>=50%@2026"], ["users>=1@2025"]])
def test_what_differs_in_class_year_or_segment_is_kept(texts: list[str], tmp_path: Path) -> None:
    case, _ = loaded(tmp_path)
    assert [one.id for one in parse_requirements(texts, case)] == texts


@pytest.mark.parametrize(
    ("site", "possible"), [("USA", {"home", "friend"}), ("AUS", {"friend"}), ("CHN", set())]
)
def test_a_class_that_no_plant_or_supplier_can_give_is_refused(
    site: str, possible: set[str], tmp_path: Path
) -> None:
    case, _ = loaded(tmp_path, sites=abroad(site))
    for name in ("home", "friend"):
        text = f"users>=50%@2026:{name}"
        if name in possible:
            assert parse_requirements([text], case)[0].origin_class == name
        else:
            with pytest.raises(InfeasiblePlan, match=f"can give good in class '{name}'") as told:
                parse_requirements([text], case)
            assert told.value.exit_status == 4
            assert told.value.conflict[0] == (f"target '{text}'", "--require")
            assert [one["year"] for one in told.value.earliest] == [None]


def test_a_supplier_gives_a_class_where_no_plant_does(tmp_path: Path) -> None:
    offers = [{"id": "s", "country": "AUS", "site": "works", "material": "good", "price": 9}]
    offers[0].pop("country")
    offers[0]["origin"] = "making=AUS"
    case, _ = loaded(tmp_path, sites=abroad("CHN"), suppliers=offers)
    assert parse_requirements(["users>=50%@2026:friend"], case)
    with pytest.raises(InfeasiblePlan, match="class 'home'"):
        parse_requirements(["users>=50%@2026:home"], case)


def test_what_holds_no_tracked_element_has_no_class(tmp_path: Path) -> None:
    case, _ = loaded(
        tmp_path,
        materials=[{"id": "good", "stage": "making"}, {"id": "ore"}],
        elements=[{"id": "E1"}],
        compositions=[{"material": "ore", "element": "E1", "mass_fraction": 0.5}],
    )
    with pytest.raises(InfeasiblePlan, match="no tracked element"):
        parse_requirements(["users>=50%@2026:home"], case)


def test_a_segment_without_demand_in_those_years_is_refused(tmp_path: Path) -> None:
    row = {"id": "users", "segment": "users", "site": "works", "penalty": 9}
    demands = [{**row, "year": 2025, "amount": 9}, {**row, "year": 2026, "amount": 0}]
    case, _ = loaded(tmp_path, demands=demands)
    assert parse_requirements(["users>=50%@2025"], case)
    with pytest.raises(UsageError, match="no demand from 2026 to 2027"):
        parse_requirements(["users>=50%@2026"], case)


def test_every_target_of_the_case_is_looked_at_and_its_row_is_told(tmp_path: Path) -> None:
    rows = [
        target("fine"),
        target("late", year=2031),
        target("again", share=0.7),
        target("none", share=0),
        target("empty", segment="nobody"),
    ]
    case, tables = loaded(tmp_path, targets=rows)
    found = target_problems(case, tables)
    assert [str(one.place) for one in found] == [f"targets.csv, row {n}" for n in (3, 4, 5, 6)]
    assert {one.code for one in found} == {"P301"}
    wrong, look = Severity.ERROR, Severity.WARNING
    assert [one.severity for one in found] == [wrong, look, wrong, wrong]
    assert "not reported" in found[0].instead
    assert "Keep the larger" in found[1].instead


def test_a_requirement_may_ask_more_than_a_target_of_the_case(tmp_path: Path) -> None:
    case, tables = loaded(tmp_path, targets=[target("half")])
    assert target_problems(case, tables) == []
    assert parse_requirements(["users>=60%@2026"], case)[0].share == 0.6


def test_reference_cases_have_no_wrong_targets() -> None:
    for name in ("mini", "us-rare-earths", "us-tungsten"):
        case, tables, _ = load_case(find_case(name))
        assert target_problems(case, tables) == []
