"""A cost that varies by year is paid as it varies, whatever table it stands in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.written_cases import planned, write_case_folder

Tables = dict[str, list[dict[str, Any]]]


def _case() -> Tables:
    """30 t mined, moved and used in each of two years."""
    return {
        "sites": [{"id": "here", "country": "USA"}, {"id": "there", "country": "USA"}],
        "materials": [{"id": "good"}],
        "processes": [{"id": "mine", "reference_material": "good"}],
        "recipes": [{"process": "mine", "material": "good", "direction": "out", "amount": 1}],
        "modes": [{"process": "mine", "mode": "main", "variable_cost": 10}],
        "assets": [{"id": "pit", "site": "here", "process": "mine", "nameplate_capacity": 30}],
        "link_rules": [{"id": "road", "from": "here", "to": "there", "fixed_cost": 7}],
        "demands": [{"id": "need", "site": "there", "amount": 30, "penalty": 1000}],
        "demand_materials": [{"demand": "need", "material": "good", "extra_cost": 3}],
    }


@pytest.mark.parametrize(
    ("companion", "name", "term", "first"),
    [
        ("modes-variable_cost", "mine/main", "variable", 10),
        ("demand_materials-extra_cost", "need/good", "substitution", 3),
        ("link_rules-fixed_cost", "road", "freight", 7),
    ],
)
def test_a_companion_counts(
    companion: str, name: str, term: str, first: float, tmp_path: Path
) -> None:
    tables = _case() | {companion: [{"year": 2026, name: 50}]}
    folder = write_case_folder(tmp_path / "case", tables, {"periods": [2025, 2026, 2027]})
    _, model, solution = planned(folder)
    paid = model.builder.cost_terms(solution.primal)[term]
    assert paid * 1e6 == pytest.approx(30 * (first + 50))
