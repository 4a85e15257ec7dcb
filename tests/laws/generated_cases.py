"""Small random chains, written as case folders; penalties keep every one of them feasible.

Each chain mines an ore, refines it (with a co-product) and, mostly, makes a good from it, at two
to four sites in up to three countries, beside outside suppliers and buyers.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.written_cases import write_case_folder

Record = dict[str, Any]

COUNTRIES = {"USA": "domestic", "AUS": "allied", "CHN": "covered"}
CLASSES = ("home", "friend", "any")
"""Origin classes, the strictest first; each accepts what the one before it accepts."""
PERIODS = ([2025, 2026, 2027, 2028, 2029], [2025, 2026, 2027, 2028], [2025, 2026, 2028, 2031])
YEARLY = PERIODS[:2]
SCALE = {"mine": 5, "refine": 1, "make": 2}
"""Tonnes of each process beside those of the refined material, roughly."""


@dataclass(frozen=True)
class GeneratedCase:
    """Tables and settings of a case, before they are written."""

    tables: dict[str, list[Record]]
    settings: Record

    @property
    def key(self) -> str:
        """Text by which equal cases are known."""
        return json.dumps([self.tables, self.settings], sort_keys=True)

    def changed(self) -> GeneratedCase:
        """Copy the case, to be changed without touching this one."""
        return GeneratedCase(copy.deepcopy(self.tables), copy.deepcopy(self.settings))

    def write(self, folder: Path) -> Path:
        return write_case_folder(folder, self.tables, self.settings)

    def rows(self, table: str) -> list[Record]:
        return self.tables.get(table, [])


def _tens(dice: Random, low: int, high: int) -> int:
    return 10 * dice.randint(low, high)


def _maybe(dice: Random) -> bool:
    return dice.random() < 0.5


def _materials(dice: Random, *, long: bool) -> dict[str, list[Record]]:
    """Materials and recipes that keep an element, with losses."""
    parts = {"ore": dice.randint(5, 20), "mid": dice.randint(40, 80)}
    parts |= {"side": dice.randint(5, 30), "good": dice.randint(20, 35)}
    recovery = dice.choice([0.8, 0.9, 1.0])
    made = {"mid": 1.0, "side": dice.choice([0.2, 0.5])}
    needed = sum(parts[name] * amount for name, amount in made.items()) / parts["ore"] / recovery
    recipes = [("mine", "ore", "out", 1.0), ("refine", "ore", "in", needed)]
    recipes += [("refine", name, "out", amount) for name, amount in made.items()]
    if long:
        recipes += [("make", "mid", "in", parts["good"] / parts["mid"] / recovery)]
        recipes += [("make", "good", "out", 1.0)]
    stages = {"ore": "mining", "mid": "refining", "side": "refining", "good": "making"}
    return {
        "elements": [{"id": "E1"}],
        "materials": [
            {"id": name, "stage": stage, "gross_per_t": dice.choice([1, 2])}
            for name, stage in stages.items()
        ],
        "compositions": [
            {"material": name, "element": "E1", "mass_fraction": share / 100}
            for name, share in parts.items()
        ],
        "processes": [
            {"id": "mine", "stage": "mining", "reference_material": "ore"},
            {"id": "refine", "stage": "refining", "reference_material": "mid"},
            *([{"id": "make", "stage": "making", "reference_material": "good"}] if long else []),
        ],
        "recipes": [
            dict(zip(("process", "material", "direction", "amount"), row, strict=True))
            for row in recipes
        ],
    }


def _sites(dice: Random) -> list[Record]:
    count = dice.randint(2, 4)
    countries = ["USA", *dice.choices(list(COUNTRIES), k=3)]
    return [
        {
            "id": f"s{n}",
            "country": countries[n],
            "kind": "pool" if n == 1 and _maybe(dice) else "plant",
            "lat": dice.randint(-40, 50),
            "lon": dice.randint(-120, 120),
        }
        for n in range(count)
    ]


def _asset(dice: Random, name: str, process: str, sites: list[Record]) -> Record:
    row: Record = {
        "id": name,
        "site": dice.choice(sites)["id"],
        "process": process,
        "project": f"p-{process}",
        "nameplate_capacity": dice.choice([0, 0, 40, 80]) * SCALE[process],
        "variable_cost": _tens(dice, 0, 20) / SCALE[process],
    }
    kind = dice.choice(["plain", "plain", "fixed", "care", "asleep", "turndown"])
    if kind in {"fixed", "care", "asleep"}:
        row["fixed_cost"] = dice.choice([0.0002, 0.001])
    if kind in {"care", "asleep"}:
        row |= {"care_cost": 0.0001, "restart_cost": dice.choice([0.0003, 0.002])}
    if kind == "asleep":
        row["status"] = "mothballed"
    if kind == "turndown":
        row["turndown"] = 0.5
    if kind == "plain" and _maybe(dice):
        row["first_year" if _maybe(dice) else "last_year"] = 2026
    return row


def _option(dice: Random, name: str, adds_to: str, scale: int = 1) -> Record:
    build = dice.randint(0, 2)
    row: Record = {
        "id": name,
        "adds_to": adds_to,
        "size": _tens(dice, 2, 6) * scale,
        "most": dice.randint(1, 2),
        "capital": dice.choice([0.001, 0.005, 0.02]),
        "permit_years": dice.randint(0, 1),
        "build_years": build,
        "ramp": dice.choice(["", "0.5;1", "0.25;0.5;0.9"]),
        "public_share": dice.choice([0, 0.25]),
    }
    if _maybe(dice):
        row["life"] = dice.choice([3, 10])
    if build == 2 and _maybe(dice):
        row["capital_years"] = "0.7;0.3"
    if _maybe(dice):
        row |= {"financing_rate": dice.choice([0, 0.08]), "financing_years": 3}
    if dice.randint(0, 3) == 0:
        row["earliest" if _maybe(dice) else "latest"] = 2026
    return row


def _plants(dice: Random, sites: list[Record], processes: list[Record]) -> dict[str, list[Record]]:
    assets, options = [], []
    for process in processes:
        for number in range(dice.randint(1, 2)):
            name = f"{process['id']}{number}"
            assets.append(_asset(dice, name, process["id"], sites))
            if not assets[-1]["nameplate_capacity"] or _maybe(dice):
                options.append(_option(dice, f"o-{name}", name, SCALE[process["id"]]))
    for later, earlier in zip(options[1:], options, strict=False):
        relation = dice.choice(["", "", "", "requires", "excludes"])
        if relation:
            later[relation] = earlier["id"]
    years = [{"year": year} for year in (2025, 2027)]
    for row in years:
        row |= {a["id"]: dice.choice([0.5, 0.9, 1]) for a in assets if len(a["id"]) > 4}
    return {"assets": assets, "options": options, "assets-availability": years}


def _market(dice: Random, sites: list[Record], product: str) -> dict[str, list[Record]]:
    """Suppliers with steps, buyers, a stock or two, and demands that may go short."""
    abroad = dice.choice(sites)["id"]
    price = _tens(dice, 5, 40)
    suppliers: list[Record] = [
        {"id": "sell", "step": 1, "site": abroad, "offered": _tens(dice, 1, 4), "price": price},
        {"id": "sell", "step": 2, "site": abroad, "offered": 20, "price": price + 200},
    ]
    suppliers.append({"id": "afar", "offered": 5, "price": 2000})
    suppliers = [{**row, "material": product} for row in suppliers]
    if _maybe(dice):
        suppliers[0]["year"] = dice.choice([2025, 2026])
        suppliers.append({**suppliers[0], "year": 2027, "offered": _tens(dice, 0, 4)})
        suppliers[-1]["price"] = dice.choice([0, price, price + 50])
    if _maybe(dice):
        country = dice.choice(sites)["country"]
        suppliers.append({"id": "dig", "country": country, "material": "ore", "price": 20})
        suppliers[-1] |= {"offered": 80, "year": dice.choice([2025, 2026, 2027])}
    buyers: list[Record] = []
    kind = dice.choice(["none", "taken", "disposal"])
    if kind != "none":
        buyers.append({"id": "buy", "site": sites[0]["id"], "material": "side", "most": 30})
        buyers[0]["price"] = 60 if kind == "taken" else -20
    stocks = [
        {"id": f"k-{material}", "site": sites[-1]["id"], "material": material, "opening": 10}
        | {"most": dice.choice([0, 40]), "holding_cost": 10, "fill_cost": 3}
        for material in {"mid": 0, product: 1}
        if _maybe(dice)
    ]
    demands: list[Record] = []
    for number in range(dice.randint(1, 2)):
        amount, asked = _tens(dice, 2, 9), dice.choice(CLASSES)
        place: Record = {"site": sites[number]["id"]}
        if _maybe(dice):
            place = {"country": sites[number]["country"]}
        row = {"id": f"d{number}", **place, "class": asked, "penalty": _tens(dice, 40, 150)}
        demands.append(row | {"year": 2025, "amount": amount})
        demands.append(row | {"year": 2028, "amount": amount + _tens(dice, 0, 5)})
    return {
        "suppliers": suppliers,
        "buyers": buyers,
        "stocks": stocks,
        "demands": demands,
        "demand_materials": [
            {"demand": name, "material": product, "amount": dice.choice([1, 1.2])}
            | {"extra_cost": dice.choice([0, 15])}
            for name in dict.fromkeys(row["id"] for row in demands)
        ],
    }


def _ways(dice: Random, sites: list[Record], product: str) -> dict[str, list[Record]]:
    everywhere = ";".join(COUNTRIES)
    rules: list[Record] = [
        {"id": "road", "from": everywhere, "to": everywhere, "fixed_cost": 2, "cost_per_km": 0.001}
        | {"distance_factor": 1.2}
    ]
    if _maybe(dice):
        rules.append({"id": "rail", "from": "USA", "to": everywhere, "fixed_cost": 20})
        rules[-1]["first_year"] = 2026
    if _maybe(dice):
        rules.append({"id": "ban", "from": "covered", "to": "domestic", "allow": "no"})
        rules[-1] |= {"materials": product, "first_year": dice.choice(["", 2027])}
    links: list[Record] = []
    options: list[Record] = []
    if _maybe(dice):
        links.append({"id": "line", "from": sites[0]["id"], "to": sites[1]["id"], "cost": 2})
        links[0] |= {"materials": "ore;mid", "capacity": dice.choice([0, 50])}
        options.append(_option(dice, "o-line", "line"))
    tariffs: list[Record] = []
    if _maybe(dice):
        tariffs.append({"from": "covered", "to": "domestic", "material": product, "rate": 0.2})
        tariffs.append({"from": "CHN", "to": "USA", "material": product, "amount": 25})
        tariffs[-1]["year"] = 2026
    prices = [{"material": product, "date": "2025", "price": 200}] if tariffs else []
    return {
        "links": links,
        "link_rules": rules,
        "tariffs": tariffs,
        "prices": prices,
        "options": options,
    }


def _rules(dice: Random, *, long: bool) -> dict[str, list[Record]]:
    stages = ["mining", "refining", *(["making"] if long else [])]
    rules: list[Record] = []
    for stage in stages:
        date = dice.choice(["", "", "2027-01-01"])
        for name, groups in (("home", "domestic"), ("friend", "domestic;allied")):
            row = {"class": name, "stage": stage, "groups": groups, "from_date": date}
            rules.append(row)
    return {
        "origin_classes": [{"id": "home", "order": 1}, {"id": "friend", "order": 2}],
        "origin_rules": rules,
    }


def _limits(dice: Random) -> list[Record]:
    limits: list[Record] = []
    if _maybe(dice):
        limits.append({"id": "money", "kind": "capital", "amount": dice.choice([0.004, 0.02])})
    if dice.randint(0, 2) == 0:
        limits.append({"id": "crews", "kind": "starts", "amount": 1})
    if dice.randint(0, 2) == 0:
        limits.append({"id": "state", "kind": "capital", "scope": "public", "amount": 0.002})
    if dice.randint(0, 3) == 0:
        row = {"id": "ships", "kind": "imports", "scope": "country", "target": "USA", "amount": 30}
        limits.append(row)
    return limits


def generated_cases(*, yearly: bool = False) -> st.SearchStrategy[GeneratedCase]:
    """Draw a case; ``yearly`` keeps every period a year long.

    One number decides everything: twenty cases then differ in every respect, where twenty draws of
    a nested strategy would mostly repeat its simplest choices.
    """
    return st.integers(0, 2**32 - 1).map(lambda number: case_of(Random(number), yearly=yearly))


def case_of(dice: Random, *, yearly: bool = False) -> GeneratedCase:
    """Throw one case."""
    long = dice.randint(0, 3) > 0
    product = "good" if long else "mid"
    sites = _sites(dice)
    tables: dict[str, list[Record]] = {
        "countries": [{"id": name, "group": group} for name, group in COUNTRIES.items()],
        "stages": [
            {"id": name, "order": place}
            for place, name in enumerate(("mining", "refining", "making"), start=1)
        ],
        "projects": [{"id": f"p-{name}"} for name in ("mine", "refine", "make")],
        "sites": sites,
        **_materials(dice, long=long),
    }
    tables |= _plants(dice, sites, tables["processes"])
    ways = _ways(dice, sites, product)
    tables["options"] = tables["options"] + ways.pop("options")
    tables |= ways | _market(dice, sites, product) | _rules(dice, long=long)
    tables["limits"] = _limits(dice)
    settings: Record = {
        "name": "generated",
        "periods": dice.choice(YEARLY if yearly else PERIODS),
        "discount_rate": dice.choice([0.0, 0.08]),
        "discounting": dice.choice(["start", "mid", "end"]),
    }
    return GeneratedCase({name: rows for name, rows in tables.items() if rows}, settings)
