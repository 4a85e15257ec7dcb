"""The earliest year of a target is the one that trying every year finds, and its cause is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coercivity.chain import Case, load_case
from coercivity.chain.trade import Target
from coercivity.foundation.errors import InfeasiblePlan, Stopped
from coercivity.planning.earliest import Earliest, earliest_table, earliest_years
from coercivity.planning.model import build_model
from coercivity.planning.solve import PlanLimits, solve_plan
from coercivity.planning.targets import parse_requirements
from coercivity.tables import CaseTables
from tests.laws.generated_cases import CLASSES, GeneratedCase, case_of
from tests.small_chains import plant, years
from tests.written_cases import Tables, write_case_folder

NINE = list(range(2025, 2035))


class Pressed:
    """A stop signal that is set."""

    def is_set(self) -> bool:
        return True


def loaded(folder: Path, tables: Tables, more: dict[str, object]) -> tuple[Case, CaseTables]:
    case, found, _ = load_case(write_case_folder(folder, tables, more))
    return case, found


def answers(folder: Path, tables: Tables, *asked: str, until: int = 2033) -> list[Earliest]:
    case, found = loaded(folder, tables, years(*NINE, report_until=until))
    return earliest_years(case, found, targets=parse_requirements(asked, case))


def users(*options: Mapping[str, object], asset: Mapping[str, object] | None = None) -> Tables:
    """Write a plant with options that serves a segment."""
    return plant(
        asset,
        options=options,
        demand={"segment": "users"},
        segments=[{"id": "users"}],
    )


def holds(case: Case, *targets: Target) -> bool:
    """Ask a model made for these targets alone."""
    try:
        solve_plan(build_model(case, targets=targets), PlanLimits(gap=1.0))
    except InfeasiblePlan:
        return False
    return True


def by_enumeration(case: Case, target: Target, *others: Target) -> int | None:
    """Try every reported year with a model of its own, and insist that later ones hold too."""
    found = {
        year: holds(case, replace(target, year=year), *others)
        for year in range(case.horizon.first_year, case.report_until + 1)
    }
    first = next((year for year, possible in found.items() if possible), None)
    if first is not None:
        assert all(found[year] for year in found if year >= first)
    return first


def with_segment(case: GeneratedCase) -> GeneratedCase:
    """Put every demand of a generated case into one segment."""
    changed = case.changed()
    changed.tables["segments"] = [{"id": "users"}]
    for row in changed.rows("demands"):
        row["segment"] = "users"
    changed.settings["report_until"] = changed.settings["periods"][-1] - 1
    return changed


def drawn(number: int, folder: Path) -> tuple[Case, CaseTables, list[Target]]:
    """Draw a case and two targets that ask for much."""
    dice = Random(number)
    case, tables, _ = load_case(with_segment(case_of(dice)).write(folder))
    targets = [
        Target(f"t{n}", "users", dice.choice([0.2, 0.4, 0.6, 1.0]), dice.choice(CLASSES), 2026)
        for n in range(2)
    ]
    return case, tables, targets


def check_enumeration(number: int, folder: Path) -> list[Earliest]:
    case, tables, targets = drawn(number, folder)
    found = earliest_years(case, tables, targets=targets)
    alone = [by_enumeration(case, target) for target in targets]
    assert [one.year for one in found] == alone
    for one, target, other, other_year in zip(
        found, targets, targets[::-1], alone[::-1], strict=True
    ):
        if other_year is None:
            assert one.with_others == one.year
            continue
        held = max(other_year, other.year)
        beside = Target(other.id, "users", other.share, other.origin_class, held)
        assert one.with_others == by_enumeration(case, target, beside)
    return found


@pytest.mark.parametrize("number", [3, 11])
def test_the_earliest_year_is_what_trying_every_year_finds(number: int, tmp_path: Path) -> None:
    check_enumeration(number, tmp_path / "case")


@pytest.mark.slow
def test_the_earliest_year_is_what_trying_every_year_finds_on_many_cases(tmp_path: Path) -> None:
    found = [
        one for number in range(16) for one in check_enumeration(number, tmp_path / f"case{number}")
    ]
    told = {one.year for one in found}
    assert None in told
    assert len(told) >= 3, "the cases must not all be alike"


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    permit=st.integers(0, 3),
    build=st.integers(0, 3),
    ramp=st.sampled_from([(1.0,), (0.5, 1.0), (0.3, 0.6, 1.0)]),
    share=st.sampled_from([0.25, 0.5, 0.55, 1.0]),
)
def test_one_plant_comes_on_after_permit_build_and_ramp(
    tmp_path_factory: pytest.TempPathFactory,
    permit: int,
    build: int,
    ramp: tuple[float, ...],
    share: float,
) -> None:
    option = {
        "id": "o",
        "capital": 5,
        "permit_years": permit,
        "build_years": build,
        "ramp": ";".join(map(str, ramp)),
    }
    folder = tmp_path_factory.mktemp("case") / "case"
    (one,) = answers(folder, users(option), f"users>={share}@2025")
    steps = next(n for n, reached in enumerate(ramp) if reached >= share)
    assert one.year == 2025 + permit + build + steps
    if one.year > 2025:
        assert "o decided in 2025" in one.because
        assert (f"permit {permit}" in one.because) == (permit > 0)
        assert (f"build {build}" in one.because) == (build > 0)
        assert f"first output {2025 + permit + build}" in one.because


def test_the_cause_is_told_as_it_adds_up(tmp_path: Path) -> None:
    slow = {"id": "o", "capital": 5, "permit_years": 2, "build_years": 2, "ramp": "0.2;0.5;1"}
    (one,) = answers(tmp_path / "c", users(slow), "users>=100%@2025")
    assert one.record() == {
        "requirement": "users>=100%@2025",
        "asked": 2025,
        "year": 2031,
        "with_others": 2031,
        "because": "make: o decided in 2025 + permit 2 + build 2 + ramp 2, first output 2029, "
        "in full 2031",
    }


def test_a_year_less_of_what_is_told_brings_the_target_a_year_forward(tmp_path: Path) -> None:
    options = [
        {"id": "o", "capital": 5, "permit_years": 3, "build_years": 1},
        {"id": "small", "capital": 5, "permit_years": 4, "build_years": 1, "size": 10},
    ]
    (before,) = answers(tmp_path / "a", users(*options), "users>=100%@2025")
    assert before.year == 2029
    assert "o decided in 2025 + permit 3" in before.because
    assert "small" not in before.because
    options[0]["permit_years"] = 2
    (after,) = answers(tmp_path / "b", users(*options), "users>=100%@2025")
    assert after.year == 2028


def test_stages_in_a_row_are_both_told(tmp_path: Path) -> None:
    tables = dict(users({"id": "o", "capital": 5, "permit_years": 1, "build_years": 2}))
    tables |= {
        "stages": [{"id": "first", "order": 1}, {"id": "second", "order": 2}],
        "materials": [{"id": "good", "stage": "second"}, {"id": "ore", "stage": "first"}],
        "processes": [
            {"id": "dig", "reference_material": "ore", "stage": "first"},
            {"id": "make", "reference_material": "good", "stage": "second"},
        ],
        "recipes": [
            {"process": "dig", "material": "ore", "direction": "out", "amount": 1},
            {"process": "make", "material": "ore", "direction": "in", "amount": 1},
            {"process": "make", "material": "good", "direction": "out", "amount": 1},
        ],
        "assets": [
            {"id": "plant", "site": "works", "process": "make"},
            {"id": "pit", "site": "works", "process": "dig"},
        ],
        "options": [
            {"id": "o", "adds_to": "plant", "size": 1000, "capital": 5, "build_years": 3},
            {"id": "p", "adds_to": "pit", "size": 1000, "capital": 5, "permit_years": 3},
        ],
    }
    (one,) = answers(tmp_path / "c", tables, "users>=100%@2025")
    assert one.year == 2028
    assert "second: o decided in 2025 + build 3, first output 2028" in one.because
    assert "first: p decided in 2025 + permit 3, first output 2028" in one.because
    assert ". Also " in one.because, "each of the two alone would stand in the way"


def test_capacity_that_comes_without_an_option_is_told(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000, "first_year": 2027}
    (one,) = answers(tmp_path / "c", users(asset=asset), "users>=100%@2025")
    assert one.year == 2027
    assert one.because == "make: plant plant has 0 t/year available in 2026, 1,000 in 2027"


def test_what_can_never_hold_has_no_year_and_a_reason(tmp_path: Path) -> None:
    (one,) = answers(
        tmp_path / "c", users({"id": "o", "size": 400, "capital": 5}), "users>=50%@2026"
    )
    assert one.year is None
    assert one.with_others is None
    assert one.because == "too little capacity of make with every option built (plant)"


def test_nothing_stands_in_the_way_of_what_holds_at_once(tmp_path: Path) -> None:
    asset = {"nameplate_capacity": 1000}
    (one,) = answers(tmp_path / "c", users(asset=asset), "users>=100%@2030")
    assert (one.asked, one.year) == (2030, 2025)
    assert one.because == "nothing stands in its way from the first year on"


def test_the_first_year_of_a_long_period_is_given(tmp_path: Path) -> None:
    tables = users({"id": "o", "capital": 5, "permit_years": 2})
    case, found = loaded(
        tmp_path / "c", tables, years(2025, 2026, 2028, 2030, 2033, report_until=2031)
    )
    (one,) = earliest_years(case, found, targets=parse_requirements(["users>=50%@2031"], case))
    assert one.year == 2026, "half of 2026 and 2027 is what the second year alone gives"
    assert by_enumeration(case, Target("t", "users", 0.5, "any", 2031)) == 2026


def test_targets_of_the_case_come_first_and_whole_numbers_count(tmp_path: Path) -> None:
    options = [
        {"id": "o", "capital": 5, "size": 500, "excludes": "p"},
        {"id": "p", "capital": 5, "size": 500},
        {"id": "late", "capital": 5, "size": 500, "earliest": 2029},
    ]
    tables = dict(users(*options))
    tables["targets"] = [{"id": "half", "segment": "users", "share": 0.5, "year": 2026}]
    found = answers(tmp_path / "c", tables, "users>=100%@2025")
    assert [one.requirement for one in found] == ["half", "users>=100%@2025"]
    assert [one.year for one in found] == [2025, 2029]
    frame = earliest_table(found).frame
    assert frame["year"].tolist() == [2025, 2029]
    assert frame["requirement"].is_unique


def test_no_targets_have_no_earliest_years(tmp_path: Path) -> None:
    assert answers(tmp_path / "c", users({"id": "o"})) == []
    assert earliest_table([]).frame.empty


def test_it_can_be_stopped(tmp_path: Path) -> None:
    case, found = loaded(tmp_path / "c", users({"id": "o"}), years(*NINE, report_until=2033))
    with pytest.raises(Stopped):
        earliest_years(
            case, found, targets=parse_requirements(["users>=50%@2026"], case), stop=Pressed()
        )
