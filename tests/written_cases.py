"""Cases written from plain dictionaries, and planned, for tests."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from coercivity.chain import Case, load_case
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan

Rows = Sequence[Mapping[str, object]]
Tables = Mapping[str, Rows]

SETTINGS: dict[str, object] = {
    "format": 1,
    "name": "written",
    "perspective": "USA",
    "currency": "USD",
    "price_year": 2025,
    "periods": [2025, 2026],
    "discount_rate": 0.0,
    "discounting": "start",
}

COUNTRIES: Rows = [{"id": "USA", "name": "United States", "group": "domestic"}]


def write_case_folder(
    folder: Path, tables: Tables, settings: Mapping[str, object] | None = None
) -> Path:
    """Write a case folder; settings replace the defaults above."""
    folder.mkdir(parents=True, exist_ok=True)
    merged = {**SETTINGS, **(settings or {})}
    (folder / "case.yaml").write_text(yaml.safe_dump(merged, sort_keys=False), encoding="utf-8")
    for name, rows in ({"countries": COUNTRIES} | dict(tables)).items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        if not columns:
            continue
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return folder


def planned(
    folder: Path, *, gap: float = 0.0, vintages: bool = False, scenario: str | None = None
) -> tuple[Case, PlanningModel, PlanSolution]:
    """Load, formulate and solve a case folder."""
    case, _, _ = load_case(folder, scenario=scenario)
    model = build_model(case, vintages=vintages)
    return case, model, solve_plan(model, PlanLimits(gap=gap))


def planned_tables(folder: Path, *, gap: float = 0.0) -> tuple[PlanSolution, dict[str, PlanTable]]:
    """Plan a case folder and read its tables."""
    _, model, solution = planned(folder, gap=gap)
    return solution, read_plan(model, solution)
