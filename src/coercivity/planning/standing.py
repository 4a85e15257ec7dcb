"""What stands at the end of each period: capacity, states of assets, stocks, cost terms, prices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coercivity.dispatch.builder import Array
from coercivity.dispatch.network import MILLION, TONNES_PER_UNIT
from coercivity.dispatch.supply import capacity_uses
from coercivity.planning.investments import expansion_of
from coercivity.planning.makers import makers, provenance
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import SMALLEST, TABLES, TONNES, PlanTable
from coercivity.planning.solve import PlanSolution


def _built(model: PlanningModel, primal: Array) -> dict[tuple[str, int], float]:
    expansion = expansion_of(model.network, model.investments)
    return {
        key: float(sum(value * primal[label] for label, value in entries))
        for key, entries in expansion.items()
    }


def _activity_by_asset(model: PlanningModel, primal: Array) -> dict[tuple[str, int], float]:
    block, use = model.operation.activity, capacity_uses(model.network)
    found: dict[tuple[str, int], float] = {}
    for label, asset, mode, period in zip(
        block.labels.tolist(),
        block.index["asset"],
        block.index["mode"],
        block.index["period"],
        strict=True,
    ):
        key = (asset, period)
        found[key] = found.get(key, 0.0) + use[asset, mode] * float(primal[label])
    return found


def capacity(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List available capacity and its use, by asset and year."""
    built = _built(model, solution.primal)
    used = _activity_by_asset(model, solution.primal)
    rows = []
    for asset in model.case.assets.values():
        process = model.case.processes[asset.process]
        for period, year in enumerate(model.case.horizon.starts):
            existing = float(model.network.capacity[asset.id][period])
            added = built.get((asset.id, period), 0.0)
            if existing + added <= SMALLEST:
                continue
            rows.append(
                {
                    "asset": asset.id,
                    "stage": process.stage,
                    "country": model.case.sites[asset.site].country,
                    "material": process.reference_material,
                    "year": year,
                    "existing_t": existing * TONNES_PER_UNIT,
                    "built_t": added * TONNES_PER_UNIT,
                    "used_t": used.get((asset.id, period), 0.0) * TONNES_PER_UNIT,
                }
            )
    columns = [
        "asset", "stage", "country", "material", "year", "existing_t", "built_t", "used_t",
    ]  # fmt: skip
    units = {"existing_t": TONNES, "built_t": TONNES, "used_t": TONNES}
    return PlanTable(pd.DataFrame(rows, columns=columns), units)


def states(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List the state of every asset that costs something to keep."""
    rows = []
    idle = model.states.mothballed
    keys = zip(idle.index["asset"], idle.index["period"], strict=True)
    sleeping = dict(zip(keys, idle.labels.tolist(), strict=True))
    block = model.states.kept
    for label, asset, period in zip(
        block.labels.tolist(), block.index["asset"], block.index["period"], strict=True
    ):
        state = "retired"
        if solution.primal[label] > 0.5:
            state = "kept"
        elif (asset, period) in sleeping and solution.primal[sleeping[asset, period]] > 0.5:
            state = "mothballed"
        rows.append({"asset": asset, "year": model.case.horizon.starts[period], "state": state})
    return PlanTable(pd.DataFrame(rows, columns=["asset", "year", "state"]), {})


def stocks(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List stocks at the end of each period, and what went in and out of them."""
    storage = model.operation.storage
    columns = storage.level.index
    count = len(storage.level)

    def values(labels: np.ndarray) -> Array:
        return solution.primal[labels] * TONNES_PER_UNIT + 0.0 if count else np.zeros(0)

    places = np.asarray(columns.get("period", ()), dtype=int)
    frame = pd.DataFrame(
        {
            "stock": columns["stock"],
            "class": columns["class"],
            "year": np.asarray(model.case.horizon.starts)[places] if count else [],
            "level_t": values(storage.level.labels),
            "filled_t": values(storage.filled.labels),
            "drawn_t": values(storage.drawn.labels),
        }
    )
    touched = (frame[["level_t", "filled_t", "drawn_t"]].abs() > SMALLEST).any(axis=1)
    units = {"level_t": "t", "filled_t": TONNES, "drawn_t": TONNES}
    return PlanTable(frame[touched].reset_index(drop=True), units)


def cost_terms(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List the terms of the objective, the very expressions that were minimised."""
    terms = model.builder.cost_terms(solution.primal)
    frame = pd.DataFrame({"term": list(terms), "value_musd": list(terms.values())})
    return PlanTable(frame, {"value_musd": "million, present value"})


def prices(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List what a tonne more of each material is worth at each site (the dual of its balance)."""
    family = model.builder.families["material_balance"]
    columns = ["site", "material", "class", "year", "value_usd_per_t"]
    if solution.row_dual is None or len(family.positions) == 0:
        return PlanTable(pd.DataFrame(columns=columns), {})
    periods = np.asarray(family.index["period"], dtype=int)
    duals = solution.row_dual[family.positions] / model.network.weights[periods] + 0.0
    frame = pd.DataFrame(
        {
            "site": family.index["site"],
            "material": family.index["material"],
            "class": family.index["class"],
            "year": np.asarray(model.case.horizon.starts)[periods],
            "value_usd_per_t": duals * MILLION / TONNES_PER_UNIT,
        }
    )
    return PlanTable(frame, {"value_usd_per_t": "case money/t"})


def _resting(model: PlanningModel, primal: Array) -> set[tuple[str, int]]:
    """Find the assets that are mothballed or retired in a period: they have no capacity to earn."""
    block = model.states.kept
    keys = zip(block.index["asset"], block.index["period"], strict=True)
    return {
        key for key, label in zip(keys, block.labels.tolist(), strict=True) if primal[label] < 0.5
    }


def bottlenecks(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    r"""List what the capacity of every asset earns in a year, the scarcest first.

    .. math:: v_{a,t} = -\frac{\mu_{a,t}}{W_t}\, K_{a,t}

    with :math:`\mu` the dual of ``activity_within_capacity`` and of ``runs_while_kept``, whole
    columns fixed: what the capacity of the asset earns in a year above its running cost. The
    product makes unlike stages comparable, which raw duals per tonne are not.
    """
    columns = ["year", "stage", "asset", "country", "group", "value_musd_per_year", "capacity_t"]
    units = {"value_musd_per_year": "million/year", "capacity_t": TONNES}
    if solution.row_dual is None:
        return PlanTable(pd.DataFrame(columns=columns), units)
    worth: dict[tuple[str, int], float] = {}
    for name in ("activity_within_capacity", "runs_while_kept"):
        family = model.builder.families[name]
        for position, asset, period in zip(
            family.positions.tolist(), family.index["asset"], family.index["period"], strict=True
        ):
            rent = -float(solution.row_dual[position]) / float(model.network.weights[period])
            worth[asset, period] = worth.get((asset, period), 0.0) + rent
    built = _built(model, solution.primal)
    resting = _resting(model, solution.primal)
    rows = []
    for (name, period), rent in worth.items():
        asset = model.case.assets[name]
        if (name, period) in resting:
            continue
        available = float(model.network.capacity[name][period]) + built.get((name, period), 0.0)
        if np.isfinite(available) and rent * available > SMALLEST:
            rows.append(
                {
                    "year": model.case.horizon.starts[period],
                    "stage": model.case.processes[asset.process].stage,
                    "asset": name,
                    "country": model.case.sites[asset.site].country,
                    "group": model.case.group_of_site(asset.site),
                    "value_musd_per_year": rent * available,
                    "capacity_t": available * TONNES_PER_UNIT,
                }
            )
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.sort_values(["year", "value_musd_per_year"], ascending=[True, False])
    return PlanTable(frame.reset_index(drop=True), units)


ALL_TABLES = TABLES | {
    "capacity": capacity,
    "states": states,
    "stocks": stocks,
    "cost_terms": cost_terms,
    "bottlenecks": bottlenecks,
    "prices": prices,
    "makers": makers,
    "provenance": provenance,
}


def read_plan(model: PlanningModel, solution: PlanSolution) -> dict[str, PlanTable]:
    """Read every table of a plan."""
    return {name: make(model, solution) for name, make in ALL_TABLES.items()}
