"""Leads in words, and what the tables say of plants that stand still."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.foundation.errors import UsageError
from coercivity.studies.simulate import SimulateOptions, simulate, trial_of
from coercivity.studies.simulate_leads import read_leads, stated_starts
from coercivity.studies.simulate_tables import standing
from coercivity.studies.subject import read_subject
from coercivity.tables import CaseTables, find_case

BAN = SimulateOptions(
    months=24, replications=20, lose=("country:CHN@3+18",), events=False, name="ban"
)


@pytest.fixture(scope="module")
def tungsten() -> CaseTables:
    _, tables, _ = load_case(find_case("us-tungsten"))
    return tables


def test_starts_are_times_to_recover_in_whole_months(tungsten: CaseTables) -> None:
    starts = stated_starts(tungsten)
    rows = {
        row.text("id"): row.maybe_number("time_to_recover") for row in tungsten["assets"].rows()
    }
    assert starts["ima-mine"] == 12
    assert set(starts) == {name for name, years in rows.items() if years is not None}
    assert all(12 * (rows[name] or 0) <= months < 12 * (rows[name] or 0) + 1
               for name, months in starts.items())  # fmt: skip


def test_a_mode_is_all_its_rules_and_a_rule_of_its_own_goes_before(tungsten: CaseTables) -> None:
    sea = [
        row.text("id") for row in tungsten["link_rules"].rows() if row.maybe_text("mode") == "sea"
    ]
    leads = read_leads(
        ("mode:sea=3", f"rule:{sea[0]}=5", "start=4", "start:ima-mine=never"), tungsten
    )
    assert leads.rules == dict.fromkeys(sea, 3) | {sea[0]: 5}
    assert leads.of_lane(f"{sea[1]}:a>b", None) == 3
    assert "ima-mine" not in leads.starts
    assert set(leads.starts.values()) == {4}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mode:sae=2", r"'sae' is no mode.*Did you mean 'sea'.*\[S209\]"),
        ("mode:sea=1.5", r"cannot be read.*whole months.*\[S209\]"),
        ("mode:sea=0", r"not from 1 to 120 months.*\[S209\]"),
        ("mode:sea=never", r"not from 1 to 120 months.*\[S209\]"),
        ("start:ima-mine=121", r"not from 0 to 120 months.*\[S209\]"),
        ("start:nobody=2", r"'nobody' is no start.*\[S209\]"),
        ("sea=2", r"cannot be read.*scopes are link.*\[S209\]"),
        ("mode=2", r"cannot be read.*\[S209\]"),
    ],
)
def test_what_is_no_lead_is_refused(tungsten: CaseTables, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_leads((text,), tungsten)


def test_plants_that_stand_still_are_those_with_capacity_that_the_plan_leaves(
    tungsten: CaseTables,
) -> None:
    read = read_subject("us-tungsten", Path())
    trial, year = trial_of(read, SimulateOptions())
    found = standing(trial)
    assert found
    ran = {m.limit.key for m in trial.layout.chain.moves if m.limit and m.planned > 0}
    starts = stated_starts(tungsten)
    for key, months in found.items():
        name = key.removeprefix("asset/")
        assert key not in ran
        assert months == starts[name]
        assert read.chain().assets[name].capacity[year - read.case.horizon.first_year] > 0
    never, _ = trial_of(read, SimulateOptions(policy="no-restart"))
    told, _ = trial_of(read, SimulateOptions(lead=("start=never",)))
    assert not standing(never)
    assert never.layout.chain.moves == told.layout.chain.moves


def test_a_policy_that_starts_nothing_is_compared_on_its_own_chain(tmp_path: Path) -> None:
    options = replace(BAN, lead=("start=1",), against_policy="no-restart")
    found = simulate("us-tungsten", tmp_path, options).result
    alone = simulate(
        "us-tungsten", tmp_path, replace(BAN, policy="no-restart", name="alone")
    ).result
    assert alone["standing_months"] == {}
    for segment, gap in found["difference_t"].items():
        other = found["lost_t"][segment]["mean"] - gap["mean"]
        assert other == pytest.approx(alone["lost_t"][segment]["mean"], abs=1e-6)
    assert found["lead"] == ["start=1"]
