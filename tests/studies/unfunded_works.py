"""A planned pit and mill that nobody would fund, for the tests of packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from tests.finance.projects.test_position import MOVING, RISKY
from tests.finance.projects.works import SETTINGS, works
from tests.studies.test_finance import DEMAND
from tests.written_cases import write_case_folder

PROMISES: list[dict[str, Any]] = [
    {"id": "contract", "hazard": 0.05, "termination_share": 0.8},
    {"id": "statute", "hazard": 0.05, "renewal": "election", "grandfathered": "yes"},
    {"id": "appropriation", "hazard": 0.15, "renewal": "fiscal-year"},
    {"id": "announcement", "hazard": 2.5},
    {"id": "obligated", "hazard": 0},
]


def unfunded_works(folder: Path, runs: Path, *, dearer: float = 1.6, name: str = "base") -> Run:
    """Write and plan the works, whose capital is so many times what would be funded."""
    tables = works(price_models=MOVING, overruns=RISKY, promises=PROMISES, **DEMAND)
    options = [
        {
            **{key: value for key, value in one.items() if not key.startswith("capital_")},
            "capital": dearer * float(str(one["capital"])),
        }
        for one in tables["options"]
    ]
    case = write_case_folder(folder, {**tables, "options": options}, SETTINGS)
    return plan(case, runs, PlanOptions(name=name))
