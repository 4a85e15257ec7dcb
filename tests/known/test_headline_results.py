"""What is quoted of the reference cases does not move unnoticed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.known.headline import CASES, Headline, kept_headlines, planned_headline

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
NOTE = (
    "If that is meant, say what moved, by how much and why under Results in CHANGELOG.md, and "
    "renew the summary with `python -m tests.known.headline`."
)
OBJECTIVE = 0.01
"""Most the cost may move. [fraction]"""
DECISIONS = 0.10
"""Most that modules and capital may differ between plans within one gap. [fraction]"""
SERVED = 0.001
"""Most the share served may move. [fraction]"""
ROUNDING = 0.01
"""Figures of the summary are rounded to this. [million]"""


def moved(case: str, kept: Headline, found: Headline) -> list[str]:
    """Tell which results left what two plans of the same case may differ by."""
    wrong = []
    if found.bound > kept.objective + ROUNDING or kept.bound > found.objective + ROUNDING:
        wrong.append(
            f"no plan can have both costs: kept {kept.bound:,.1f} to {kept.objective:,.1f}, "
            f"found {found.bound:,.1f} to {found.objective:,.1f} million"
        )
    for name, allowed in (("objective", OBJECTIVE), ("modules", DECISIONS), ("capital", DECISIONS)):
        before, after = float(getattr(kept, name)), float(getattr(found, name))
        if abs(after - before) > allowed * abs(before):
            wrong.append(f"{name} {before:,.6g} became {after:,.6g}, more than {allowed:.0%} off")
    if abs(found.served_share - kept.served_share) > SERVED:
        wrong.append(f"served share {kept.served_share} became {found.served_share}")
    return [f"{case}: {line}. {NOTE}" for line in wrong]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_headline_results_are_those_that_were_committed(case: str, tmp_path: Path) -> None:
    found = planned_headline(case, tmp_path)
    assert moved(case, kept_headlines()[case], found) == []


@pytest.mark.parametrize("case", CASES)
def test_the_summary_is_of_a_proven_plan(case: str) -> None:
    kept = kept_headlines()[case]
    assert 0 <= kept.objective - kept.bound <= 0.01 * kept.gain + ROUNDING
    assert kept.modules > 0 < kept.capital
    assert 0 <= kept.served_share <= 1


@pytest.mark.parametrize("case", CASES)
def test_the_changelog_speaks_of_the_results_of_every_case(case: str) -> None:
    text = CHANGELOG.read_text(encoding="utf-8")
    results = re.findall(r"^### Results\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert any(f"`{case}`" in part for part in results)


KEPT = Headline(1000.0, 990.0, 1000.0, modules=20, capital=300.0, served_share=0.99)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"objective": 1020.0, "bound": 1001.0}, "no plan can have both costs"),
        ({"objective": 1012.0}, "objective"),
        ({"modules": 23}, "modules"),
        ({"capital": 260.0}, "capital"),
        ({"served_share": 0.98}, "served share"),
    ],
)
def test_a_result_that_moved_is_told_with_what_to_do(change: dict[str, float], told: str) -> None:
    lines = moved("some-case", KEPT, replace(KEPT, **change))  # type: ignore[arg-type]
    assert any(told in line for line in lines)
    assert all("under Results in CHANGELOG.md" in line for line in lines)


def test_another_plan_within_the_gap_has_not_moved() -> None:
    assert moved("some-case", KEPT, replace(KEPT, objective=992.0, modules=21, capital=310.0)) == []
