"""Lead times add up from the first day on which an option, and what it requires, may be decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.dispatch.network import Network
from coercivity.planning.lead_times import LeadTime, lead_time, told_lead_times
from tests.small_chains import Row, plant, years
from tests.written_cases import write_case_folder


def network(folder: Path, *options: Row, periods: tuple[int, ...] = ()) -> Network:
    boundaries = periods or tuple(range(2025, 2036))
    tables = plant(options=[{"capital": 1, **option} for option in options])
    case, _, _ = load_case(write_case_folder(folder / "case", tables, years(*boundaries)))
    return Network(case)


def lead(of: Network, name: str) -> LeadTime | None:
    return lead_time(of, of.case.options[name])


def test_permit_build_and_ramp_add_up(tmp_path: Path) -> None:
    option = {"id": "o", "permit_years": 2, "build_years": 3, "ramp": "0.3;0.6;1"}
    found = lead(network(tmp_path, option), "o")
    assert found == LeadTime("o", "plant", 2025, 2, 3, 2, None)
    assert found is not None
    assert (found.first_output_year, found.full_output_year) == (2030, 2032)


def test_an_option_waits_for_what_it_requires_but_not_for_its_lead_time(tmp_path: Path) -> None:
    options = (
        {"id": "road", "earliest": 2028, "build_years": 3},
        {"id": "pit", "requires": "road", "build_years": 1},
        {"id": "mill", "requires": "pit;road"},
    )
    of = network(tmp_path, *options)
    pit, mill = lead(of, "pit"), lead(of, "mill")
    assert pit == LeadTime("pit", "plant", 2028, 0, 1, 0, "road")
    assert pit is not None
    assert mill is not None
    assert pit.first_output_year == 2029, "the road is still being built by then"
    assert mill.decision_year == 2028
    assert "it requires road" in str(pit)


def test_options_that_require_each_other_do_not_turn_in_circles(tmp_path: Path) -> None:
    of = network(tmp_path, {"id": "a", "requires": "b"}, {"id": "b", "requires": "a"})
    assert [found and found.decision_year for found in (lead(of, n) for n in "ab")] == [
        2025,
        2025,
    ]


@pytest.mark.parametrize(
    "option",
    [
        {"id": "o", "build_years": 12},
        {"id": "o", "requires": "never"},
        {"id": "o", "latest": 2026, "requires": "late"},
    ],
)
def test_what_can_never_be_decided_has_no_lead_time(option: Row, tmp_path: Path) -> None:
    more: tuple[Row, ...] = (
        {"id": "never", "permit_years": 20},
        {"id": "late", "earliest": 2028},
    )
    assert lead(network(tmp_path, option, *more), "o") is None


def test_decisions_fall_on_the_first_year_of_a_period(tmp_path: Path) -> None:
    of = network(tmp_path, {"id": "o", "earliest": 2027}, periods=(2025, 2026, 2029, 2033))
    found = lead(of, "o")
    assert found is not None
    assert found.decision_year == 2029


def test_only_what_comes_in_between_is_told_and_the_rest_is_counted(tmp_path: Path) -> None:
    options = [{"id": f"o{n}", "build_years": n} for n in range(1, 9)]
    of = network(tmp_path, *options)
    told = told_lead_times(of, ["plant"], after=2, until=7)
    assert told.startswith("o3 decided in 2025 + build 3, first output 2028; o4 ")
    assert told.endswith("; and 2 more")
    assert "o2 " not in told, "it is there before"
    assert told_lead_times(of, ["plant"], after=9, until=9) == ""
