"""First-order influence is what a small change of a figure does to the cost, builds kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from coercivity.chain import Case, load_case
from coercivity.planning.influence import Figure, influence_table, influences
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.solvers import HighsModel
from coercivity.tables import CaseTables, find_case
from tests.small_chains import trade
from tests.written_cases import planned, write_case_folder

STEP = 0.01
"""Share by which a figure is moved. [fraction]"""
Change = Callable[[Case, str, float], Case]


def offers(case: Case, key: str, **factors: float) -> Case:
    """Multiply columns of one step of a supplier."""
    changed = [
        replace(offer, **{name: getattr(offer, name) * by for name, by in factors.items()})
        if f"{offer.supplier}/{offer.step}" == key
        else offer
        for offer in case.offers
    ]
    return replace(case, offers=tuple(changed))


def option_capital(case: Case, key: str, factor: float) -> Case:
    option = case.options[key]
    return replace(
        case, options={**case.options, key: replace(option, capital=option.capital * factor)}
    )


def demand_amount(case: Case, key: str, factor: float) -> Case:
    demand = case.demands[key]
    return replace(
        case, demands={**case.demands, key: replace(demand, amount=demand.amount * factor)}
    )


def variable_cost(case: Case, key: str, factor: float) -> Case:
    asset = case.assets[key]
    dearer = replace(asset, variable_cost=asset.variable_cost * factor)
    return replace(case, assets={**case.assets, key: dearer})


def nameplate(case: Case, key: str, factor: float) -> Case:
    asset = case.assets[key]
    larger = replace(asset, capacity=asset.capacity * factor)
    return replace(case, assets={**case.assets, key: larger})


def recipe_amount(case: Case, key: str, factor: float) -> Case:
    name, mode_name, material, direction = key.split("/")
    process = case.processes[name]
    side = "inputs" if direction == "in" else "outputs"
    modes = [
        replace(mode, **{side: {**getattr(mode, side), material: getattr(mode, side)[material] * factor}})
        if mode.name == mode_name
        else mode
        for mode in process.modes
    ]
    changed = replace(process, modes=tuple(modes))
    return replace(case, processes={**case.processes, name: changed})


CHANGES: dict[tuple[str, str], Change] = {
    ("suppliers", "price"): lambda case, key, by: offers(case, key, price=by),
    ("suppliers", "offered"): lambda case, key, by: offers(case, key, offered=by),
    ("options", "capital"): option_capital,
    ("demands", "amount"): demand_amount,
    ("assets", "variable_cost"): variable_cost,
    ("assets", "nameplate_capacity"): nameplate,
    ("recipes", "amount"): recipe_amount,
}


@cache
def mini() -> tuple[PlanningModel, PlanSolution, CaseTables]:
    case, tables, _ = load_case(find_case("mini"))
    model = build_model(case)
    return model, solve_plan(model, PlanLimits(gap=0.0)), tables


def cost_with(figure: Figure, factor: float) -> float:
    """Cost of the same builds if a figure were larger by a factor. [million]"""
    model, solution, _ = mini()
    table, key, column = figure
    changed = build_model(CHANGES[table, column](model.case, key, factor)).scaled
    assert changed.matrices.columns == model.scaled.matrices.columns
    found = HighsModel(changed.matrices).solve_fixed(solution.primal)
    assert found.objective is not None
    return found.objective * changed.unit


if __name__ == "__main__":
    m, s, t = mini()
    for f, v in influences(m, s).items():
        b = cost_with(f, 1.0)
        up = (cost_with(f, 1 + STEP) - b) / STEP
        down = (b - cost_with(f, 1 - STEP)) / STEP
        print(f, round(v, 3), round(down, 3), round(up, 3))
