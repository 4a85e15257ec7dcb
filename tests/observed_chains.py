"""A chain with a mine, a smelter and a works, as observed and under a rule with two dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.small_chains import ALL_GROUPS
from tests.written_cases import Rows, Tables, write_case_folder

Row = Mapping[str, object]

STAGES: Rows = [
    {"id": "dig", "name": "Digging", "order": 1, "measure": "ore"},
    {"id": "melt", "name": "Melting", "order": 2, "measure": "bar"},
    {"id": "forge", "name": "Forging", "order": 3, "measure": "gross"},
]
OUTSIDE_COVERED = "domestic;allied;neutral"
RULES: Rows = [
    {"class": "clean", "stage": stage, "groups": OUTSIDE_COVERED, "from_date": day}
    for stage, day in (("forge", "2019-04-30"), ("melt", "2019-04-30"), ("dig", "2027-01-01"))
]


def chain(**tables: Rows) -> Tables:
    """Write the chain; tables given are added, and replace those of the same name.

    At home stand a works that forges and an allied smelter beside it; ore comes from a covered and
    a neutral supplier, finished parts from a covered one.
    """
    return {
        "countries": ALL_GROUPS,
        "stages": STAGES,
        "segments": [{"id": "defence", "priority": 1}, {"id": "civil", "priority": 2}],
        "sites": [
            {"id": "usa", "country": "USA", "kind": "pool"},
            {"id": "works", "country": "USA"},
            {"id": "smelter", "country": "AUS"},
            {"id": "mine-chn", "country": "CHN"},
        ],
        "materials": [
            {"id": "ore", "stage": "dig"},
            {"id": "bar", "stage": "melt"},
            {"id": "part", "stage": "forge"},
        ],
        "processes": [
            {"id": "digging", "stage": "dig", "reference_material": "ore"},
            {"id": "melting", "stage": "melt", "reference_material": "bar"},
            {"id": "forging", "stage": "forge", "reference_material": "part"},
        ],
        "recipes": [
            {"process": "digging", "material": "ore", "direction": "out", "amount": 1},
            {"process": "melting", "material": "ore", "direction": "in", "amount": 2},
            {"process": "melting", "material": "bar", "direction": "out", "amount": 1},
            {"process": "forging", "material": "bar", "direction": "in", "amount": 1.25},
            {"process": "forging", "material": "part", "direction": "out", "amount": 1},
        ],
        "companies": [{"id": "first"}, {"id": "second"}],
        "projects": [{"id": "one", "company": "first"}, {"id": "two", "company": "second"}],
        "assets": [
            {"id": "home-forge", "site": "works", "process": "forging", "nameplate_capacity": 100},
            {"id": "ally-melt", "site": "smelter", "process": "melting", "nameplate_capacity": 100},
            {
                "id": "big-mine", "site": "mine-chn", "process": "digging", "status": "observed",
                "project": "one",
            },
            {
                "id": "small-mine", "site": "mine-chn", "process": "digging", "status": "observed",
                "project": "two",
            },
        ],
        "links": [
            {"id": "bars", "from": "smelter", "to": "works", "materials": "bar"},
            {"id": "parts", "from": "works", "to": "usa", "materials": "part"},
        ],
        "suppliers": [
            {"id": "ore-chn", "site": "smelter", "material": "ore", "offered": 1000, "price": 1,
             "origin": "dig=CHN"},
            {"id": "ore-vnm", "site": "smelter", "material": "ore", "offered": 60, "price": 2,
             "origin": "dig=VNM"},
            {"id": "part-chn", "country": "USA", "material": "part", "offered": 500, "price": 5,
             "origin": "dig=CHN;melt=CHN;forge=CHN"},
        ],
        "demands": [
            {"id": "arms", "segment": "defence", "country": "USA", "amount": 40, "class": "clean",
             "penalty": 1000},
            {"id": "cars", "segment": "civil", "country": "USA", "amount": 160, "penalty": 1000},
        ],
        "demand_materials": [
            {"demand": "arms", "material": "part"}, {"demand": "cars", "material": "part"},
        ],
        "origin_classes": [{"id": "clean", "order": 1}],
        "origin_rules": RULES,
        **tables,
    }  # fmt: skip


def observed(*rows: Row) -> list[Row]:
    """Write observations of production in 2024 unless they say otherwise."""
    return [{"year": 2024, "kind": "production", **row} for row in rows]


def write_chain(
    folder: Path, periods: Sequence[int] = (2025, 2026, 2027, 2028), **tables: Rows
) -> Path:
    """Write the chain as a case folder."""
    return write_case_folder(folder / "case", chain(**tables), {"periods": list(periods)})
