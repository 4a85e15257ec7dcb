"""Stock that owed its class to an exception loses it when the exception lapses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coercivity.studies.plan import PlanOptions, plan
from tests.evaluator import evaluate
from tests.written_cases import write_case_folder


def _case(folder: Path, exception: dict[str, Any]) -> Path:
    """A good is refined in 2025, in a covered country, and asked for in 2026."""
    tables: dict[str, list[dict[str, Any]]] = {
        "countries": [{"id": "USA", "group": "domestic"}, {"id": "CHN", "group": "covered"}],
        "stages": [{"id": "refining", "order": 1}],
        "sites": [{"id": "here", "country": "CHN"}],
        "materials": [{"id": "good", "stage": "refining"}],
        "processes": [{"id": "refine", "stage": "refining", "reference_material": "good"}],
        "recipes": [{"process": "refine", "material": "good", "direction": "out", "amount": 1}],
        "assets": [
            {"id": "works", "site": "here", "process": "refine", "nameplate_capacity": 30}
            | {"last_year": 2025}
        ],
        "stocks": [{"id": "heap", "site": "here", "material": "good", "most": 30}],
        "demands": [
            {"id": "need", "site": "here", "year": 2026, "amount": 30, "penalty": 1000}
            | {"class": "clear"}
        ],
        "demand_materials": [{"demand": "need", "material": "good"}],
        "origin_classes": [{"id": "clear", "order": 1}],
        "origin_rules": [{"class": "clear", "stage": "refining", "groups": "domestic"}],
        "origin_exceptions": [{"class": "clear", "stage": "refining", "material": "good"}],
    }
    tables["origin_exceptions"][0] |= exception
    return write_case_folder(folder, tables, {"periods": [2025, 2026, 2027]})


@pytest.mark.parametrize(("until", "short"), [("2026-12-31", 0.0), ("2025-12-31", 30.0)])
def test_the_exception_must_last(until: str, short: float, tmp_path: Path) -> None:
    folder = _case(tmp_path / "case", {"to_date": until})
    run = plan(folder, tmp_path / "runs", PlanOptions(gap=0.0))
    assert evaluate(run.path) == []
    assert run.table("coverage")["shortfall_t"].tolist() == pytest.approx([short])
