"""The works as a case whose demand asks for a class, planned, for the tests of the loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from tests.finance.projects.works import SETTINGS, works
from tests.written_cases import write_case_folder

POOR: list[dict[str, Any]] = [
    {"material": "good", "place": "CHN", "level": 14000, "level_se": 1500, "reversion": 0.6,
     "volatility": 0.25},
    {"material": "side", "place": "CHN", "level": 1000, "reversion": 0.6, "volatility": 0.1},
]  # fmt: skip
OVERRUN = [
    {"id": "dear", "scope": "project", "target": "works", "capital_shift": 0.5,
     "capital_mu": -0.705, "capital_sigma": 0.72},
]  # fmt: skip
ASKED: dict[str, Any] = {
    "segments": [{"id": "first", "priority": 1}, {"id": "second", "priority": 2}],
    "origin_classes": [{"id": "home", "order": 1}],
    "origin_rules": [
        {"class": "home", "stage": "dig", "groups": "domestic"},
        {"class": "home", "stage": "refine", "groups": "domestic"},
    ],
    "demands": [
        {"id": "some", "segment": "first", "site": "home", "amount": 400, "class": "home",
         "penalty": 300000},
        {"id": "others", "segment": "second", "site": "home", "amount": 600, "penalty": 300000},
    ],
    "demand_materials": [
        {"demand": "some", "material": "good", "amount": 1},
        {"demand": "others", "material": "good", "amount": 1},
    ],
    "suppliers": [
        {"id": "abroad", "site": "home", "country": "CHN", "material": "good", "price": 14000}
    ],
}  # fmt: skip


def planned_works(folder: Path, **changes: Any) -> Run:
    """Write and plan the works."""
    asked = {**ASKED, "price_models": POOR, "overruns": OVERRUN, **changes}
    # A supplier at a site has no country of its own.
    asked["suppliers"] = [{**row, "site": None} for row in asked["suppliers"]]
    tables = works(**asked)
    settings = {**SETTINGS, "key_product": "good"}
    case = write_case_folder(folder / "case", tables, settings)
    return plan(case, folder / "runs", PlanOptions(name="base"))
