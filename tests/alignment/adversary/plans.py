"""The pit and mill, planned and built, with an adversary who sells what they make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coercivity.results import Run
from coercivity.studies.plan import PlanOptions, plan
from tests.finance.projects.test_position import MOVING, RISKY
from tests.finance.projects.works import SETTINGS, works
from tests.written_cases import write_case_folder

ABROAD: dict[str, Any] = {
    "sites": [
        {"id": "hill", "country": "USA"},
        {"id": "home", "country": "USA", "kind": "pool"},
        {"id": "away", "country": "CHN"},
    ],
    "links": [
        {"id": "road", "from": "hill", "to": "home", "cost": 100},
        {"id": "ship", "from": "away", "to": "home", "cost": 100},
    ],
    "suppliers": [
        {"id": "rival", "site": "away", "material": "good", "offered": 2000, "price": 60000},
    ],
    "segments": [{"id": "users"}],
    "demands": [
        {"id": "users", "segment": "users", "site": "home", "amount": 1000, "penalty": 300000},
    ],
    "demand_materials": [{"demand": "users", "material": "good", "amount": 1}],
}
"""A rival in a covered country, who could serve all demand at a higher price."""


def planned_works(folder: Path, **changes: Any) -> Run:
    """Plan the works; all they make is asked for."""
    tables = works(**{"price_models": MOVING, "overruns": RISKY, **ABROAD, **changes})
    case = write_case_folder(folder / "case", tables, SETTINGS)
    return plan(case, folder / "runs", PlanOptions(name="base"))
