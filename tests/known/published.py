"""Published instances, written as cases; their files are read where they lie, never committed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.written_cases import Tables

VALIDATION = Path(__file__).parents[2].parent / "shared" / "validation"
"""Folder of the published instances, beside the repository."""
MILLION = 1e6


def published(*parts: str) -> Path:
    """Give the path of a published file, or skip the test with a reason."""
    path = VALIDATION.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"published instance {'/'.join(parts)} is not at ../shared/validation")
    return path


def known_answer(folder: str, name: str) -> float:
    """Read a published optimum."""
    answers: dict[str, float] = json.loads(published(folder, "answers.json").read_text())
    return answers[name]


def facility_location(
    capacities: list[float],
    fixed: list[float],
    demands: list[float],
    costs: list[list[float]],
) -> Tables:
    """Write facility location as a case with one period.

    Parameters
    ----------
    capacities, fixed
        Of each site. [t/year, case money]
    demands
        Of each customer. [t/year]
    costs
        Cost of serving the *whole* demand of each customer from each site. [case money]
    """
    places, customers = range(1, len(fixed) + 1), range(1, len(demands) + 1)
    return {
        "sites": [
            *({"id": f"w{i}", "country": "USA"} for i in places),
            *({"id": f"c{j}", "country": "USA", "kind": "market"} for j in customers),
        ],
        "materials": [{"id": "good"}],
        "processes": [{"id": "serve", "reference_material": "good"}],
        "recipes": [{"process": "serve", "material": "good", "direction": "out", "amount": 1}],
        "assets": [{"id": f"a{i}", "site": f"w{i}", "process": "serve"} for i in places],
        "options": [
            {
                "id": f"o{i}",
                "adds_to": f"a{i}",
                "size": capacities[i - 1],
                "capital": fixed[i - 1] / MILLION,
                "build_years": 0,
            }
            for i in places
        ],
        "links": [
            {
                "id": f"w{i}-c{j}",
                "from": f"w{i}",
                "to": f"c{j}",
                "cost": costs[j - 1][i - 1] / demands[j - 1],
            }
            for i in places
            for j in customers
        ],
        "demands": [{"id": f"d{j}", "site": f"c{j}", "amount": demands[j - 1]} for j in customers],
        "demand_materials": [{"demand": f"d{j}", "material": "good"} for j in customers],
    }


def orlib(path: Path) -> Tables:
    """Read an instance of OR-Library: sizes, then sites, then customers with their costs."""
    numbers = [float(word) for word in path.read_text().split()]
    sites, customers = int(numbers[0]), int(numbers[1])
    pairs = numbers[2 : 2 + 2 * sites]
    rest = numbers[2 + 2 * sites :]
    width = sites + 1
    rows = [rest[width * n : width * (n + 1)] for n in range(customers)]
    return facility_location(pairs[::2], pairs[1::2], [r[0] for r in rows], [r[1:] for r in rows])


def mexican_steel(data: dict[str, Any]) -> Tables:
    """Write the static Mexican steel model as a case (masses in Mt there, in t here)."""
    plants, markets = data["plants"], data["markets"]
    units, distances = data["unit_of_process"], data["rail_distance"]
    recipes = data["recipes_per_tonne"]
    raw = data["raw_material_price"]
    made = {name: next(iter(parts["out"])) for name, parts in recipes.items()}
    links = []
    for start in (*plants, "import"):
        for end in markets if start == "import" else (*markets, "export"):
            distance = distances[start].get(end, 0)
            freight = 2.48 + 0.0084 * distance if distance else 0.0
            links.append(
                {
                    "id": f"{start}-{end}",
                    "from": start,
                    "to": end,
                    "materials": "steel",
                    "cost": freight,
                }
            )
    return {
        "countries": [{"id": "MEX", "group": "domestic"}],
        "sites": [
            *({"id": plant, "country": "MEX"} for plant in plants),
            *({"id": m, "country": "MEX", "kind": "market"} for m in (*markets, "export")),
            {"id": "import", "country": "MEX", "kind": "port"},
        ],
        "materials": [
            {"id": m, "unit": "MWh" if m == "electric" else "t"}
            for m in (*raw, "pig-iron", "sponge", "steel")
        ],
        "processes": [{"id": name, "reference_material": made[name]} for name in recipes],
        "recipes": [
            {"process": name, "material": material, "direction": direction, "amount": amount}
            for name, parts in recipes.items()
            for direction in ("in", "out")
            for material, amount in parts[direction].items()
        ],
        "assets": [
            {
                "id": f"{plant}-{name}",
                "site": plant,
                "process": name,
                "nameplate_capacity": round(capacity * MILLION),
            }
            for name in recipes
            for plant, capacity in data["capacity"][units[name]].items()
        ],
        "suppliers": [
            *({"id": f"s-{m}", "material": m, "price": price} for m, price in raw.items()),
            {
                "id": "s-import",
                "material": "steel",
                "site": "import",
                "price": data["import_price"]["steel"],
            },
        ],
        "buyers": [
            {
                "id": "b-export",
                "site": "export",
                "material": "steel",
                "most": data["export_limit_total"] * MILLION,
                "price": data["export_price"]["steel"],
            }
        ],
        "links": links,
        "demands": [
            {"id": f"d-{m}", "site": m, "amount": round(amount * MILLION, 3)}
            for m, amount in data["demand"].items()
        ],
        "demand_materials": [{"demand": f"d-{m}", "material": "steel"} for m in data["demand"]],
    }


def fixed_charge_network(path: Path) -> Tables:
    """Write a fixed-charge network as a case: arcs without capacity, an option on each."""
    first, second = path.read_text().split("\n")[:2]
    arcs = [[int(word) for word in arc.split(",")] for arc in first.strip(";").split(";")]
    balance = {
        int(node): float(net)
        for node, net in (pair.split(":") for pair in second.removeprefix("D").split())
    }
    return fixed_charge(
        [(start, end, float(fixed), float(unit)) for start, end, fixed, unit in arcs], balance
    )


def fixed_charge(arcs: list[tuple[int, int, float, float]], balance: dict[int, float]) -> Tables:
    """Write arcs (start, end, fixed, unit cost) and net inflow of nodes as a case."""
    supply = -sum(net for net in balance.values() if net < 0)
    nodes = sorted({n for start, end, _, _ in arcs for n in (start, end)} | set(balance))
    sources = {n: -net for n, net in balance.items() if net < 0}
    sinks = {n: net for n, net in balance.items() if net > 0}
    return {
        "sites": [{"id": f"n{n}", "country": "USA"} for n in nodes],
        "materials": [{"id": "good"}],
        "suppliers": [
            {"id": f"s{n}", "site": f"n{n}", "material": "good", "offered": offered, "price": 0}
            for n, offered in sources.items()
        ],
        "demands": [{"id": f"d{n}", "site": f"n{n}", "amount": net} for n, net in sinks.items()],
        "demand_materials": [{"demand": f"d{n}", "material": "good"} for n in sinks],
        "links": [
            {"id": f"l{k}", "from": f"n{start}", "to": f"n{end}", "cost": unit, "capacity": 0}
            for k, (start, end, _, unit) in enumerate(arcs)
        ],
        "options": [
            {
                "id": f"o{k}",
                "adds_to": f"l{k}",
                "size": supply,
                "capital": fixed / MILLION,
                "most": 1,
            }
            for k, (_, _, fixed, _) in enumerate(arcs)
        ],
    }
