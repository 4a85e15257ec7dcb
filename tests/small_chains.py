"""Small chains for tests: one plant that serves one demand, and what is joined to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import PlanSolution
from tests.written_cases import Rows, Tables, planned_tables, write_case_folder

Row = Mapping[str, object]
Found = tuple[PlanSolution, dict[str, PlanTable]]

ALL_GROUPS: Rows = [
    {"id": "USA", "group": "domestic"},
    {"id": "AUS", "group": "allied"},
    {"id": "VNM", "group": "neutral"},
    {"id": "CHN", "group": "covered"},
]


def years(*boundaries: int, **more: object) -> dict[str, object]:
    """Give settings with these periods."""
    return {"periods": list(boundaries), **more}


def plant(
    asset: Row | None = None,
    *,
    options: Rows = (),
    demand: Row | None = None,
    **tables: Rows,
) -> Tables:
    """Write a plant that makes a good from nothing, where a demand of 1000 t is served.

    A year without any good costs 1 million of penalty. Tables given are added, and replace those
    of the same name.
    """
    return {
        "sites": [{"id": "works", "country": "USA"}],
        "materials": [{"id": "good"}],
        "processes": [{"id": "make", "reference_material": "good"}],
        "recipes": [{"process": "make", "material": "good", "direction": "out", "amount": 1}],
        "assets": [{"id": "plant", "site": "works", "process": "make", **(asset or {})}],
        "options": [{"adds_to": "plant", "size": 1000, **option} for option in options],
        "demands": [
            {"id": "users", "site": "works", "amount": 1000, "penalty": 1000, **(demand or {})}
        ],
        "demand_materials": [{"demand": "users", "material": "good"}],
        **tables,
    }


def trade(**tables: Rows) -> Tables:
    """Write two pools, a supplier of a good abroad at 1000 a tonne and a demand of 1000 t at home.

    Nothing joins the pools until links or rules are given.
    """
    return {
        "countries": ALL_GROUPS,
        "sites": [
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "chn", "country": "CHN", "kind": "pool"},
        ],
        "materials": [{"id": "good"}],
        "suppliers": [{"id": "abroad", "country": "CHN", "material": "good", "price": 1000}],
        "demands": [{"id": "users", "country": "USA", "amount": 1000}],
        "demand_materials": [{"demand": "users", "material": "good"}],
        **tables,
    }


def plan_of(folder: Path, tables: Tables, settings: Mapping[str, object] | None = None) -> Found:
    """Write and plan a case."""
    return planned_tables(write_case_folder(folder / "case", tables, settings))


def terms(found: Found) -> dict[str, float]:
    """Read the terms of the objective that are not zero. [million]"""
    frame = found[1]["cost_terms"].frame
    return {
        str(term): float(value)
        for term, value in frame.itertuples(index=False)
        if abs(float(value)) > 1e-12
    }


def by_year(found: Found, table: str, column: str) -> dict[int, float]:
    """Sum a column of a table by year."""
    frame: pd.DataFrame = found[1][table].frame
    sums = frame.groupby("year")[column].sum()
    return {int(str(year)): round(float(value), 6) for year, value in sums.items()}
