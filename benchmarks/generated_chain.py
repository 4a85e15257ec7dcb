"""A generated chain of any size, written as a case folder."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml

STAGES = ("mining", "separation", "metal", "magnet")
COUNTRIES = ("USA", "AUS", "JPN", "CAN", "MYS", "FRA", "DEU", "KOR")
PERIODS = [2025, 2026, 2027, 2028, 2029, 2030, 2032, 2034, 2037, 2041]

Row = Mapping[str, object]


def _write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _geography(plants: int) -> dict[str, list[Row]]:
    groups = ("domestic", *("allied" for _ in COUNTRIES[1:]))
    countries: list[Row] = [{"id": c, "group": g} for c, g in zip(COUNTRIES, groups, strict=True)]
    countries.append({"id": "CHN", "group": "covered"})
    sites: list[Row] = [{"id": f"pool-{c}", "country": c, "kind": "pool"} for c in COUNTRIES]
    sites.append({"id": "pool-CHN", "country": "CHN", "kind": "pool"})
    for number in range(plants):
        country = COUNTRIES[number % len(COUNTRIES)]
        sites.append({"id": f"s{number}", "country": country, "kind": "plant"})
    return {"countries": countries, "sites": sites}


def _chain(grades: int) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {
        "stages": [{"id": s, "order": n} for n, s in enumerate(STAGES, start=1)],
        "materials": [],
        "processes": [],
        "recipes": [],
        "elements": [{"id": "Nd"}],
        "compositions": [],
    }
    for grade in range(grades):
        for place, stage in enumerate(STAGES):
            made = f"{stage}-{grade}"
            tables["materials"].append({"id": made, "stage": stage})
            tables["compositions"].append(
                {"material": made, "element": "Nd", "mass_fraction": 0.2 + 0.05 * place}
            )
            name = f"make-{made}"
            tables["processes"].append({"id": name, "stage": stage, "reference_material": made})
            tables["recipes"].append(
                {"process": name, "material": made, "direction": "out", "amount": 1}
            )
            if place:
                taken = f"{STAGES[place - 1]}-{grade}"
                tables["recipes"].append(
                    {"process": name, "material": taken, "direction": "in", "amount": 1.6}
                )
    return tables


def _plants(plants: int, grades: int, rng: np.random.Generator) -> dict[str, list[Row]]:
    assets: list[Row] = []
    options: list[Row] = []
    for number in range(plants):
        stage, grade = STAGES[number % len(STAGES)], number % grades
        assets.append(
            {
                "id": f"a{number}",
                "site": f"s{number}",
                "process": f"make-{stage}-{grade}",
                "nameplate_capacity": int(rng.integers(200, 3000)) if number % 3 else "",
                "variable_cost": int(rng.integers(500, 9000)),
            }
        )
        if number % 2 == 0:
            options.append(
                {
                    "id": f"o{number}",
                    "adds_to": f"a{number}",
                    "size": int(rng.integers(500, 3000)),
                    "most": 2,
                    "capital": int(rng.integers(20, 300)),
                    "permit_years": 1,
                    "build_years": 2,
                    "ramp": "0.4;0.8;1",
                    "life": 20,
                }
            )
    return {"assets": assets, "options": options}


def _trade(grades: int, rng: np.random.Generator) -> dict[str, list[Row]]:
    names = [f"{stage}-{grade}" for stage in STAGES for grade in range(grades)]
    traded = ";".join(name for name in names if not name.startswith("mining"))
    rules: list[Row] = [
        {"id": "out", "from": "kind:plant", "to": "kind:plant", "allow": "no", "fixed_cost": 0}
    ]
    for country in COUNTRIES:
        here, pool = f"kind:plant&{country}", f"pool-{country}"
        rules.append({"id": f"in-{country}", "from": here, "to": pool, "fixed_cost": 20})
        rules.append({"id": f"up-{country}", "from": pool, "to": here, "fixed_cost": 20})
    rules.append({"id": "sea", "from": "kind:pool", "to": "kind:pool", "fixed_cost": 150})
    for number, rule in enumerate(rules):
        rules[number] = {**rule, "materials": traded if rule["id"] == "sea" else ""}
    final = [f"{STAGES[-1]}-{grade}" for grade in range(grades)]
    return {
        "link_rules": rules,
        "suppliers": [
            {
                "id": f"chn-{m}",
                "country": "CHN",
                "material": m,
                "offered": 4000,
                "price": int(rng.integers(60_000, 90_000)),
            }
            for m in final
        ],
        "demands": [
            {
                "id": f"{country}-{m}",
                "segment": "users",
                "country": country,
                "amount": int(rng.integers(200, 900)),
                "class": "clean" if number % 3 == 0 else "any",
                "penalty": 200_000,
            }
            for number, country in enumerate(COUNTRIES)
            for m in final
        ],
        "demand_materials": [
            {"demand": f"{country}-{m}", "material": m} for country in COUNTRIES for m in final
        ],
        "segments": [{"id": "users"}],
        "origin_classes": [{"id": "clean", "order": 1}],
        "origin_rules": [
            {"class": "clean", "stage": stage, "groups": "domestic;allied"} for stage in STAGES
        ],
    }


def write_generated_chain(folder: Path, *, plants: int, grades: int, seed: int) -> Path:
    """Write a chain of four stages over eight countries."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "format": 1,
        "name": "generated",
        "perspective": "USA",
        "currency": "USD",
        "price_year": 2025,
        "periods": PERIODS,
        "discount_rate": 0.07,
    }
    (folder / "case.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    parts = (_geography(plants), _chain(grades), _plants(plants, grades, rng), _trade(grades, rng))
    for part in parts:
        for name, rows in part.items():
            _write(folder, name, rows)
    return folder
