"""Small random chains, written as case folders; penalties keep every one of them feasible.

Each chain mines an ore, refines it (with a co-product) and, mostly, makes a good from it, at two
to four sites in up to three countries, beside outside suppliers and buyers.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.written_cases import write_case_folder

Record = dict[str, Any]
Draw = st.DrawFn

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


def _tens(draw: Draw, low: int, high: int) -> int:
    return 10 * draw(st.integers(low, high))


def _maybe(draw: Draw) -> bool:
    return draw(st.booleans())


def _materials(draw: Draw, *, long: bool) -> dict[str, list[Record]]:
    """Materials and recipes that keep an element, with losses."""
    parts = {"ore": draw(st.integers(5, 20)), "mid": draw(st.integers(40, 80))}
    parts |= {"side": draw(st.integers(5, 30)), "good": draw(st.integers(20, 35))}
    recovery = draw(st.sampled_from([0.8, 0.9, 1.0]))
    made = {"mid": 1.0, "side": draw(st.sampled_from([0.2, 0.5]))}
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
            {"id": name, "stage": stage, "gross_per_t": draw(st.sampled_from([1, 2]))}
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


def _sites(draw: Draw) -> list[Record]:
    count = draw(st.integers(2, 4))
    countries = ["USA", *draw(st.lists(st.sampled_from(list(COUNTRIES)), min_size=3, max_size=3))]
    return [
        {
            "id": f"s{n}",
            "country": countries[n],
            "kind": "pool" if n == 1 and _maybe(draw) else "plant",
            "lat": draw(st.integers(-40, 50)),
            "lon": draw(st.integers(-120, 120)),
        }
        for n in range(count)
    ]


def _asset(draw: Draw, name: str, process: str, sites: list[Record]) -> Record:
    row: Record = {
        "id": name,
        "site": draw(st.sampled_from(sites))["id"],
        "process": process,
        "project": f"p-{process}",
        "nameplate_capacity": draw(st.sampled_from([0, 0, 40, 80])) * SCALE[process],
        "variable_cost": _tens(draw, 0, 20) / SCALE[process],
    }
    kind = draw(st.sampled_from(["plain", "plain", "fixed", "care", "asleep", "turndown"]))
    if kind in {"fixed", "care", "asleep"}:
        row["fixed_cost"] = draw(st.sampled_from([0.0002, 0.001]))
    if kind in {"care", "asleep"}:
        row |= {"care_cost": 0.0001, "restart_cost": draw(st.sampled_from([0.0003, 0.002]))}
    if kind == "asleep":
        row["status"] = "mothballed"
    if kind == "turndown":
        row["turndown"] = 0.5
    if kind == "plain" and _maybe(draw):
        row["first_year" if _maybe(draw) else "last_year"] = 2026
    return row


def _option(draw: Draw, name: str, adds_to: str, scale: int = 1) -> Record:
    build = draw(st.integers(0, 2))
    row: Record = {
        "id": name,
        "adds_to": adds_to,
        "size": _tens(draw, 2, 6) * scale,
        "most": draw(st.integers(1, 2)),
        "capital": draw(st.sampled_from([0.001, 0.005, 0.02])),
        "permit_years": draw(st.integers(0, 1)),
        "build_years": build,
        "ramp": draw(st.sampled_from(["", "0.5;1", "0.25;0.5;0.9"])),
        "public_share": draw(st.sampled_from([0, 0.25])),
    }
    if _maybe(draw):
        row["life"] = draw(st.sampled_from([3, 10]))
    if build == 2 and _maybe(draw):
        row["capital_years"] = "0.7;0.3"
    if _maybe(draw):
        row |= {"financing_rate": draw(st.sampled_from([0, 0.08])), "financing_years": 3}
    if draw(st.integers(0, 3)) == 0:
        row["earliest" if _maybe(draw) else "latest"] = 2026
    return row


def _plants(draw: Draw, sites: list[Record], processes: list[Record]) -> dict[str, list[Record]]:
    assets, options = [], []
    for process in processes:
        for number in range(draw(st.integers(1, 2))):
            name = f"{process['id']}{number}"
            assets.append(_asset(draw, name, process["id"], sites))
            if not assets[-1]["nameplate_capacity"] or _maybe(draw):
                options.append(_option(draw, f"o-{name}", name, SCALE[process["id"]]))
    for later, earlier in zip(options[1:], options, strict=False):
        relation = draw(st.sampled_from(["", "", "", "requires", "excludes"]))
        if relation:
            later[relation] = earlier["id"]
    years = [{"year": year} for year in (2025, 2027)]
    for row in years:
        row |= {a["id"]: draw(st.sampled_from([0.5, 0.9, 1])) for a in assets if len(a["id"]) > 4}
    return {"assets": assets, "options": options, "assets-availability": years}


def _market(draw: Draw, sites: list[Record], product: str) -> dict[str, list[Record]]:
    """Suppliers with steps, buyers, a stock or two, and demands that may go short."""
    abroad = draw(st.sampled_from(sites))["id"]
    price = _tens(draw, 5, 40)
    suppliers: list[Record] = [
        {"id": "sell", "step": 1, "site": abroad, "offered": _tens(draw, 1, 4), "price": price},
        {"id": "sell", "step": 2, "site": abroad, "offered": 20, "price": price + 200},
    ]
    suppliers = [{**row, "material": product} for row in suppliers]
    if _maybe(draw):
        suppliers[0]["year"] = draw(st.sampled_from([2025, 2026]))
        suppliers.append({**suppliers[0], "year": 2027, "offered": _tens(draw, 0, 6)})
    if _maybe(draw):
        country = draw(st.sampled_from(sites))["country"]
        suppliers.append({"id": "dig", "country": country, "material": "ore", "price": 20})
        suppliers[-1] |= {"offered": 80, "year": draw(st.sampled_from([2025, 2026, 2027]))}
    buyers: list[Record] = []
    kind = draw(st.sampled_from(["none", "taken", "disposal"]))
    if kind != "none":
        buyers.append({"id": "buy", "site": sites[0]["id"], "material": "side", "most": 30})
        buyers[0]["price"] = 60 if kind == "taken" else -20
    stocks = [
        {"id": f"k-{material}", "site": sites[-1]["id"], "material": material, "opening": 10}
        | {"most": draw(st.sampled_from([0, 40])), "holding_cost": 10, "fill_cost": 3}
        for material in {"mid": 0, product: 1}
        if _maybe(draw)
    ]
    demands: list[Record] = []
    for number in range(draw(st.integers(1, 2))):
        amount, asked = _tens(draw, 2, 9), draw(st.sampled_from(CLASSES))
        place: Record = {"site": sites[number]["id"]}
        if _maybe(draw):
            place = {"country": sites[number]["country"]}
        row = {"id": f"d{number}", **place, "class": asked, "penalty": _tens(draw, 40, 150)}
        demands.append(row | {"year": 2025, "amount": amount})
        demands.append(row | {"year": 2028, "amount": amount + _tens(draw, 0, 5)})
    return {
        "suppliers": suppliers,
        "buyers": buyers,
        "stocks": stocks,
        "demands": demands,
        "demand_materials": [
            {"demand": name, "material": product, "amount": draw(st.sampled_from([1, 1.2]))}
            | {"extra_cost": draw(st.sampled_from([0, 15]))}
            for name in dict.fromkeys(row["id"] for row in demands)
        ],
    }


def _ways(draw: Draw, sites: list[Record], product: str) -> dict[str, list[Record]]:
    everywhere = ";".join(COUNTRIES)
    rules: list[Record] = [
        {"id": "road", "from": everywhere, "to": everywhere, "fixed_cost": 2, "cost_per_km": 0.001}
        | {"distance_factor": 1.2}
    ]
    if _maybe(draw):
        rules.append({"id": "rail", "from": "USA", "to": everywhere, "fixed_cost": 20})
        rules[-1]["first_year"] = 2026
    if _maybe(draw):
        rules.append({"id": "ban", "from": "covered", "to": "domestic", "allow": "no"})
        rules[-1] |= {"materials": product, "first_year": draw(st.sampled_from(["", 2027]))}
    links: list[Record] = []
    options: list[Record] = []
    if _maybe(draw):
        links.append({"id": "line", "from": sites[0]["id"], "to": sites[1]["id"], "cost": 2})
        links[0] |= {"materials": "ore;mid", "capacity": draw(st.sampled_from([0, 50]))}
        options.append(_option(draw, "o-line", "line"))
    tariffs: list[Record] = []
    if _maybe(draw):
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


def _rules(draw: Draw, *, long: bool) -> dict[str, list[Record]]:
    stages = ["mining", "refining", *(["making"] if long else [])]
    rules: list[Record] = []
    for stage in stages:
        date = draw(st.sampled_from(["", "", "2027-01-01"]))
        for name, groups in (("home", "domestic"), ("friend", "domestic;allied")):
            row = {"class": name, "stage": stage, "groups": groups, "from_date": date}
            rules.append(row)
    return {
        "origin_classes": [{"id": "home", "order": 1}, {"id": "friend", "order": 2}],
        "origin_rules": rules,
    }


def _limits(draw: Draw) -> list[Record]:
    limits: list[Record] = []
    if _maybe(draw):
        limits.append({"id": "money", "kind": "capital", "amount": draw(st.sampled_from([0.004, 0.02]))})
    if draw(st.integers(0, 2)) == 0:
        limits.append({"id": "crews", "kind": "starts", "amount": 1})
    if draw(st.integers(0, 2)) == 0:
        limits.append({"id": "state", "kind": "capital", "scope": "public", "amount": 0.002})
    if draw(st.integers(0, 3)) == 0:
        row = {"id": "ships", "kind": "imports", "scope": "country", "target": "USA", "amount": 30}
        limits.append(row)
    return limits


@st.composite
def generated_cases(draw: Draw, *, yearly: bool = False) -> GeneratedCase:
    """Draw a case; ``yearly`` keeps every period a year long."""
    long = draw(st.integers(0, 3)) > 0
    product = "good" if long else "mid"
    sites = _sites(draw)
    tables: dict[str, list[Record]] = {
        "countries": [{"id": name, "group": group} for name, group in COUNTRIES.items()],
        "stages": [
            {"id": name, "order": place}
            for place, name in enumerate(("mining", "refining", "making"), start=1)
        ],
        "projects": [{"id": f"p-{name}"} for name in ("mine", "refine", "make")],
        "sites": sites,
        **_materials(draw, long=long),
    }
    tables |= _plants(draw, sites, tables["processes"])
    ways = _ways(draw, sites, product)
    tables["options"] = tables["options"] + ways.pop("options")
    tables |= ways | _market(draw, sites, product) | _rules(draw, long=long)
    tables["limits"] = _limits(draw)
    settings: Record = {
        "name": "generated",
        "periods": draw(st.sampled_from(YEARLY if yearly else PERIODS)),
        "discount_rate": draw(st.sampled_from([0.0, 0.08])),
        "discounting": draw(st.sampled_from(["start", "mid", "end"])),
    }
    return GeneratedCase({name: rows for name, rows in tables.items() if rows}, settings)
