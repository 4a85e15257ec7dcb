"""Recovery from end-of-life products: PrOMMiS, superstructure of its own test suite.

Figures: ``prommis/prommis``, ``src/prommis/superstructure/tests/test_superstructure_function.py``,
commit 9beba55 (BSD-3-Clause). One option is chosen in each of three stages; money in USD, flows in
kg a year of what is tracked. The published net present value and yearly cash flows are worked out
again here from the figures, and the route is then found by a plan.

What a case cannot say, and what stands in its place in `superstructure`:

* equipment cost is piecewise linear in the peak flow. Here every option of a stage sees the same
  flow, as all feed has to be treated and nothing is lost before the last stage, so its cost at the
  peak is one number;
* the operators of all stages are rounded up *together*. A plan counts them by plant, in fractions;
  the cost of rounding is added afterwards;
* capital is spent over three years of which two follow first output, and escalates. A plan spends
  during construction; the case has its present value in the first year, so yearly capital differs
  and the net present value does not;
* units of a stage have each their yearly cost. A plan has one fixed cost a plant: the number of
  units at the peak is worked out beforehand;
* overhead and a share of revenue are percentages of other costs: they are multiplied in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.known.published import MILLION
from tests.small_chains import years
from tests.written_cases import Tables, planned_tables, write_case_folder

START, YEARS = 2024, (2025, 2026, 2027, 2028)
FEED = dict(zip(YEARS, (290_273, 274_648, 286_512, 487_819), strict=True))
COLLECTED = 0.1
KG_PER_PRODUCT = {"Nd": 0.618, "Fe": 2.073}
PRODUCTS_PER_UNIT = 7_868
WAGE = 305_600.0
LANG, FINANCING, OTHER = 2.97, 0.027, 0.15
BURDEN = 0.1 + 0.2 + 0.25
"""Quality control, administration and fringe benefits. [share of labour]"""
UPKEEP = 0.02 + 0.01
"""Maintenance, taxes and insurance. [share of plant cost a year]"""
SELLING, OVERHEAD = 0.01, 0.2
DEARER, CAPITAL_DEARER, RATE = 0.03, 0.036, 0.0577
SPENT = {START: 0.1, START + 1: 0.6, START + 2: 0.3}
FLOWS = (0.0, 36_480.0, 634_240.0, 1_434_800.0)
"""Flows at which equipment cost is given, up to the first that no year reaches. [kg/year]"""


@dataclass(frozen=True)
class Stage:
    """One option of a stage."""

    per_kg: float
    """Variable cost. [USD/kg]"""
    per_year: float
    """Cost a year. [USD]"""
    operators: float
    equipment: tuple[float, ...]
    """Purchase cost at `FLOWS`. [USD]"""
    recovered: float = 1.0
    """Nd that comes out. [fraction]"""
    price: float = 0.0
    """Of a kg of Nd. [USD]"""


STAGES = {
    "2,1": Stage(0.0053, 7_929.7, 0.65, (0.0, 10_130.08515, 31_353.21173, 48_788.84678)),
    "2,2": Stage(0.0015, 2_233.16, 0.65, (0.0, 11_702.08515, 39_023.21173, 62_134.84678)),
    "3,1": Stage(15.594, 4e6, 1.6, (0.0, 343_228.652, 482_425.4684, 618_182.0594), 0.985, 45.4272),
    "3,2": Stage(35.58463, 4e6, 1.6, (0.0, 643_228.652, 782_425.4684, 918_182.0594), 0.985, 69.888),
    "3,3": Stage(1.58, 0.0, 1.3, (0.0, 4_274.7216, 30_479.121, 53_459.01), 1.0, 45.4272),
}
ROUTES = (("2,1", "3,1"), ("2,2", "3,2"), ("2,2", "3,3"))
"""Options of the second and third stage that connect; the first stage has one."""
BEST = ("2,2", "3,3")
NPV = -16_440_490.52395555
CASH = (-8_552.14373328566, -4_651_232.214375437, -4_801_064.19238049, -4_887_395.093130949,
        -4_521_279.484773466)  # fmt: skip
OVERNIGHT = 85_521.4373328566
COST_OF_RECOVERY = 261.45649078422645
OTHER_NPVS = {("2,1", "3,1"): -43_614_178.3, ("2,2", "3,2"): -50_952_212.16}

PRODUCTS = {year: FEED[year] * COLLECTED for year in YEARS}
FLOW = {year: PRODUCTS[year] * sum(KG_PER_PRODUCT.values()) for year in YEARS}
UNITS = math.ceil(max(PRODUCTS.values()) / PRODUCTS_PER_UNIT)


def plant_cost(option: str) -> float:
    """Interpolate equipment cost at the peak flow, times Lang's factor. [USD]"""
    peak = max(FLOW.values())
    assert peak < FLOWS[-1]
    return LANG * float(np.interp(peak, FLOWS, STAGES[option].equipment))


def overnight(options: Sequence[str]) -> float:
    return sum(plant_cost(option) for option in options) * (1 + FINANCING + OTHER)


def operators(route: Sequence[str], *, whole: bool) -> float:
    needed = UNITS + sum(STAGES[option].operators for option in route)
    return math.ceil(needed) if whole else needed


def revenue(route: Sequence[str], year: int, price: float | None = None) -> float:
    last = STAGES[route[-1]]
    sold = PRODUCTS[year] * KG_PER_PRODUCT["Nd"] * last.recovered
    return sold * (last.price if price is None else price)


def cash_flows(
    route: Sequence[str], *, whole: bool = True, price: float | None = None
) -> list[float]:
    """Work out the cash flow of each year from the first on. [USD]"""
    built, labour = overnight(route), operators(route, whole=whole) * WAGE
    found = [-SPENT[START] * built]
    for year in YEARS:
        since, earned = year - START, revenue(route, year, price)
        running = sum(STAGES[o].per_kg * FLOW[year] + STAGES[o].per_year for o in route)
        fixed = labour * (1 + BURDEN) + UPKEEP * sum(map(plant_cost, route)) + SELLING * earned
        operating = (running + fixed) * (1 + OVERHEAD)
        capital = SPENT.get(year, 0.0) * built * (1 + CAPITAL_DEARER) ** since
        found.append((earned - operating) * (1 + DEARER) ** since - capital)
    return found


def npv(flows: Sequence[float]) -> float:
    return sum(cash / (1 + RATE) ** since for since, cash in enumerate(flows))


def test_the_cash_flows_of_the_published_route_are_reproduced() -> None:
    assert overnight(BEST) == pytest.approx(OVERNIGHT, rel=1e-8)
    assert cash_flows(BEST) == pytest.approx(CASH, rel=1e-8)
    assert npv(cash_flows(BEST)) == pytest.approx(NPV, rel=1e-8)


def test_no_other_route_is_worth_more() -> None:
    worth = {route: npv(cash_flows(route)) for route in ROUTES}
    assert max(worth, key=lambda route: worth[route]) == BEST
    for route, value in OTHER_NPVS.items():
        assert worth[route] == pytest.approx(value, rel=1e-8)


def test_the_cost_of_recovery_is_the_price_at_which_nothing_is_lost() -> None:
    low, high = (npv(cash_flows(BEST, price=price)) for price in (0.0, 1.0))
    assert -low / (high - low) == pytest.approx(COST_OF_RECOVERY, rel=1e-8)


def superstructure() -> Tables:
    """Write it as a case: a kg stands as a tonne, so costs per kg are costs per tonne."""
    spread = sum(
        share * ((1 + CAPITAL_DEARER) / (1 + RATE)) ** (year - START)
        for year, share in SPENT.items()
    )
    peak, kept = max(FLOW.values()), 1 + OVERHEAD
    names = {"1,1": "first"} | {option: f"o{option.replace(',', '')}" for option in STAGES}
    made = {"1,1": "magnets", "2,1": "m21", "2,2": "m22"}
    needs = {"1,1": "eol", "2,1": "magnets", "2,2": "magnets"}
    needs |= {last: made[before] for before, last in ROUTES}
    sells = {o: f"nd{names[o]}" for o in names if o.startswith("3")}
    crew = {"1,1": float(UNITS)} | {option: stage.operators for option, stage in STAGES.items()}
    recipes: list[dict[str, object]] = []
    for option, name in names.items():
        out = made.get(option, "treated")
        recipes.append({"process": name, "material": needs[option], "direction": "in", "amount": 1})
        recipes.append({"process": name, "material": out, "direction": "out", "amount": 1})
        if option in sells:
            share = KG_PER_PRODUCT["Nd"] / sum(KG_PER_PRODUCT.values())
            amount = share * STAGES[option].recovered
            recipes.append({"process": name, "material": sells[option], "direction": "out"})
            recipes[-1]["amount"] = amount
    dearer = {year: (1 + DEARER) ** (year - START) for year in (START, *YEARS)}

    def fixed(option: str) -> float:
        stage = STAGES.get(option)
        yearly = crew[option] * WAGE * (1 + BURDEN)
        if stage is not None:
            yearly += stage.per_year + UPKEEP * plant_cost(option)
        return yearly * kept / MILLION

    return {
        "sites": [{"id": "works", "country": "USA"}],
        "materials": [{"id": m} for m in ("eol", "treated", *made.values(), *sells.values())],
        "processes": [
            {"id": name, "reference_material": needs[option]} for option, name in names.items()
        ],
        "recipes": recipes,
        "assets": [{"id": name, "site": "works", "process": name} for name in names.values()],
        "assets-variable_cost": [
            {"year": year}
            | {names[o]: stage.per_kg * kept * dearer[year] for o, stage in STAGES.items()}
            for year in dearer
        ],
        "assets-fixed_cost": [
            {"year": year} | {names[o]: fixed(o) * dearer[year] for o in names} for year in dearer
        ],
        "options": [
            {
                "id": f"build-{name}",
                "adds_to": name,
                "size": peak,
                "capital": 0.0 if option == "1,1" else overnight([option]) * spread / MILLION,
                "build_years": 1,
            }
            for option, name in names.items()
        ],
        "suppliers": [
            {"id": "collectors", "year": year, "site": "works", "material": "eol", "price": 0}
            | {"offered": FLOW[year]}
            for year in YEARS
        ],
        "buyers": [
            {"id": f"b-{sells[o]}", "year": year, "site": "works", "material": sells[o]}
            | {"price": STAGES[o].price * (1 - SELLING * kept) * dearer[year]}
            for o in sells
            for year in YEARS
        ],
        "demands": [
            {"id": "all", "site": "works", "year": year, "amount": FLOW.get(year, 0)}
            for year in (START, *YEARS)
        ],
        "demand_materials": [{"demand": "all", "material": "treated"}],
    }


def test_a_plan_finds_the_route_and_its_value(tmp_path: Path) -> None:
    settings = years(START, *YEARS, YEARS[-1] + 1, discount_rate=RATE, report_until=YEARS[-1])
    folder = write_case_folder(tmp_path / "case", superstructure(), settings)
    solution, found = planned_tables(folder)
    built = set(found["builds"].frame["asset"])
    assert built == {"first", "o22", "o33"}
    assert set(found["builds"].frame["decision_year"]) == {START}
    value = -solution.objective * MILLION
    assert value == pytest.approx(npv(cash_flows(BEST, whole=False)), rel=1e-8)
    rounded = operators(BEST, whole=True) - operators(BEST, whole=False)
    labour = rounded * WAGE * (1 + BURDEN) * (1 + OVERHEAD)
    crew = sum(labour * ((1 + DEARER) / (1 + RATE)) ** (year - START) for year in YEARS)
    assert value - crew == pytest.approx(NPV, rel=1e-8)
