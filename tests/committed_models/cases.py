"""Three small cases that together hold every block of columns and every family of rows."""

from __future__ import annotations

from collections.abc import Mapping

from tests.small_chains import ALL_GROUPS, years
from tests.written_cases import Tables


def _recipe(process: str, **amounts: tuple[str, float]) -> list[dict[str, object]]:
    return [
        {"process": process, "material": material, "direction": direction, "amount": amount}
        for material, (direction, amount) in amounts.items()
    ]


BUILDING: Tables = {
    "sites": [
        {"id": "hill", "country": "USA"},
        {"id": "usa", "country": "USA", "kind": "pool"},
    ],
    "materials": [{"id": "ore"}, {"id": "bar"}, {"id": "slag"}],
    "processes": [
        {"id": "dig", "reference_material": "ore"},
        {"id": "smelt", "reference_material": "bar"},
    ],
    "recipes": [
        *_recipe("dig", ore=("out", 1)),
        *_recipe("smelt", ore=("in", 2), bar=("out", 1), slag=("out", 0.5)),
    ],
    "assets": [
        {
            "id": "mine",
            "site": "hill",
            "process": "dig",
            "nameplate_capacity": 5000,
            "reserve": 9000,
        },
        {
            "id": "mill",
            "site": "hill",
            "process": "smelt",
            "availability": 0.9,
            "variable_cost": 40,
        },
    ],
    "options": [
        {
            "id": "small",
            "adds_to": "mill",
            "size": 400,
            "most": 2,
            "capital": 8,
            "build_years": 1,
            "ramp": "0.5;1",
            "life": 20,
            "public_share": 0.25,
        },
        {
            "id": "large",
            "adds_to": "mill",
            "size": 1000,
            "capital": 15,
            "permit_years": 1,
            "build_years": 2,
            "capital_years": "0.3;0.7",
            "financing_rate": 0.08,
            "financing_years": 10,
            "life": 25,
            "excludes": "small",
        },
        {"id": "rail", "adds_to": "road", "size": 600, "capital": 2, "requires": "large"},
    ],
    "links": [
        {"id": "road", "from": "hill", "to": "usa", "materials": "bar", "cost": 12, "capacity": 500}
    ],
    "buyers": [{"id": "dump", "site": "hill", "material": "slag", "price": -5}],
    "demands": [
        {"id": "users", "country": "USA", "year": year, "amount": amount, "penalty": 30000}
        for year, amount in ((2025, 600), (2029, 1000))
    ],
    "demand_materials": [{"demand": "users", "material": "bar"}],
    "limits": [
        {"id": "money", "kind": "capital", "amount": 12},
        {"id": "hands", "kind": "starts", "amount": 1},
    ],
}

ORIGIN: Tables = {
    "countries": ALL_GROUPS,
    "stages": [{"id": "mining", "order": 1}, {"id": "making", "order": 2}],
    "segments": [{"id": "defence", "priority": 1}, {"id": "civil", "priority": 2}],
    "sites": [
        {"id": "usa", "country": "USA", "kind": "pool"},
        {"id": "aus", "country": "AUS", "kind": "pool"},
        {"id": "chn", "country": "CHN", "kind": "pool"},
    ],
    "materials": [
        {"id": "ore", "stage": "mining", "gross_per_t": 1.2},
        {"id": "good", "stage": "making"},
        {"id": "spare", "stage": "making"},
    ],
    "processes": [
        {"id": "make", "stage": "making", "reference_material": "good"},
        {"id": "melt", "stage": "making", "reference_material": "good", "origin": "site"},
    ],
    "recipes": [
        *_recipe("make", ore=("in", 1.5), good=("out", 1)),
        *_recipe("melt", spare=("in", 2), good=("out", 1)),
    ],
    "modes": [
        {"process": "make", "mode": "main", "capacity_use": 1},
        {"process": "melt", "mode": "main", "capacity_use": 1.5, "variable_cost": 10},
    ],
    "assets": [
        {"id": "works", "site": "usa", "process": "make", "nameplate_capacity": 300},
        {"id": "melter", "site": "usa", "process": "melt", "nameplate_capacity": 50},
    ],
    "link_rules": [
        {"id": "seas", "from": "kind:pool", "to": "usa", "fixed_cost": 50},
        {"id": "shut", "from": "covered", "to": "domestic", "materials": "ore", "allow": "no"},
    ],
    "tariffs": [{"from": "covered", "to": "USA", "material": "good", "year": 2026, "rate": 0.25}],
    "suppliers": [
        {"id": "ore-aus", "country": "AUS", "material": "ore", "price": 900},
        {"id": "scrap", "country": "USA", "material": "spare", "price": 300, "offered": 40},
        *(
            {
                "id": "good-chn",
                "step": step,
                "country": "CHN",
                "material": "good",
                "price": price,
                "offered": offered,
            }
            for step, price, offered in ((1, 1500, 500), (2, 2500, 900))
        ),
        {"id": "world", "material": "good", "price": 6000, "offered": 100},
    ],
    "buyers": [{"id": "friends", "material": "good", "price": 1000, "most": 80}],
    "stocks": [
        {
            "id": "pile",
            "site": "usa",
            "material": "good",
            "opening": 20,
            "most": 200,
            "holding_cost": 30,
            "fill_cost": 5,
        }
    ],
    "demands": [
        {"id": "army", "segment": "defence", "country": "USA", "amount": 150, "class": "clean"},
        {
            "id": "cars",
            "segment": "civil",
            "country": "USA",
            "amount": 700,
            "penalty": 8000,
        },
    ],
    "demand_materials": [
        {"demand": "army", "material": "good"},
        {"demand": "cars", "material": "good"},
        {"demand": "cars", "material": "spare", "amount": 3, "extra_cost": 100},
    ],
    "origin_classes": [{"id": "best", "order": 1}, {"id": "clean", "order": 2}],
    "origin_rules": [
        {"class": "best", "stage": "mining", "groups": "domestic;allied"},
        {"class": "best", "stage": "making", "groups": "domestic"},
        {"class": "clean", "stage": "making", "groups": "domestic;allied"},
        {
            "class": "clean",
            "stage": "mining",
            "groups": "domestic;allied",
            "from_date": "2026-01-01",
        },
    ],
    "limits": [
        {"id": "buy", "scope": "country", "target": "USA", "kind": "imports", "amount": 900}
    ],
    "targets": [
        {"id": "half", "segment": "civil", "share": 0.5, "class": "any", "year": 2026},
    ],
}

KEEPING: Tables = {
    "sites": [{"id": "works", "country": "USA"}, {"id": "town", "country": "USA"}],
    "materials": [{"id": "good"}, {"id": "fumes"}],
    "processes": [{"id": "make", "reference_material": "good"}],
    "recipes": _recipe("make", good=("out", 1), fumes=("out", 0.2)),
    "assets": [
        {
            "id": "old",
            "site": "works",
            "process": "make",
            "nameplate_capacity": 600,
            "fixed_cost": 1,
            "care_cost": 0.2,
            "restart_cost": 0.5,
            "turndown": 0.4,
            "variable_cost": 25,
        },
        {
            "id": "sleeping",
            "site": "works",
            "process": "make",
            "status": "mothballed",
            "nameplate_capacity": 300,
            "fixed_cost": 0.6,
            "care_cost": 0.1,
            "restart_cost": 0.4,
        },
        {
            "id": "bound",
            "site": "works",
            "process": "make",
            "nameplate_capacity": 200,
            "least_activity": 50,
            "last_year": 2027,
        },
    ],
    "options": [
        {"id": "more", "adds_to": "old", "size": 200, "capital": 3, "build_years": 1, "life": 10}
    ],
    "links": [
        {"id": "road", "from": "works", "to": "town", "materials": "good", "cost": 3, "least": 40}
    ],
    "demands": [
        {"id": "users", "site": "town", "year": year, "amount": amount, "penalty": 9000}
        for year, amount in ((2025, 700), (2026, 100), (2028, 900))
    ],
    "demand_materials": [{"demand": "users", "material": "good", "first_year": 2025}],
    "limits": [{"id": "air", "kind": "emissions", "material": "fumes", "amount": 180}],
}

CASES: Mapping[str, tuple[Tables, Mapping[str, object]]] = {
    "building": (
        BUILDING,
        years(2025, 2026, 2027, 2030, name="building", discount_rate=0.07, discounting="mid"),
    ),
    "origin": (ORIGIN, years(2025, 2026, 2028, name="origin", report_until=2027)),
    "keeping": (KEEPING, years(2025, 2026, 2027, 2029, name="keeping", discount_rate=0.05)),
}
"""Tables and settings by name of the model file."""
