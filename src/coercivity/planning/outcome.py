"""What a plan says: tables read from one solution, each number the one that was optimised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.dispatch.builder import Array, Block
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.planning.capital import module_capital
from coercivity.planning.model import PlanningModel
from coercivity.planning.solve import PlanSolution

SMALLEST = 1e-9
"""Flows below this are rounding of the solver and are left out. [kt/year]"""

TONNES = "t/year"


@dataclass(frozen=True, slots=True)
class PlanTable:
    """One table of a plan with the units of its columns."""

    frame: pd.DataFrame
    units: Mapping[str, str]


def _years(model: PlanningModel, periods: object) -> np.ndarray:
    starts = np.asarray(model.case.horizon.starts)
    return np.asarray(starts[np.asarray(periods, dtype=int)])


def _used(block: Block, primal: Array) -> tuple[np.ndarray, Array]:
    values = primal[block.labels] if len(block) else np.zeros(0)
    chosen = np.flatnonzero(np.abs(values) > SMALLEST)
    return chosen, values[chosen] * TONNES_PER_UNIT + 0.0


def _pick(block: Block, name: str, chosen: np.ndarray) -> list[object]:
    values = block.index[name]
    return [values[place] for place in chosen]


def builds(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List every decision to build."""
    case, horizon = model.case, model.case.horizon
    rows = []
    for (name, period), count in sorted(
        model.investments.modules(solution.primal).items(), key=lambda item: item[0][::-1]
    ):
        option = case.options[name]
        asset = case.assets.get(option.adds_to)
        decision = horizon.starts[period]
        rows.append(
            {
                "option": name,
                "asset": None if asset is None else asset.id,
                "link": option.adds_to if asset is None else None,
                "site": None if asset is None else asset.site,
                "project": option.project,
                "stage": None if asset is None else case.processes[asset.process].stage,
                "decision_year": decision,
                "construction_year": decision + option.permit_years,
                "first_output_year": option.first_output_year(decision),
                "modules": count,
                "size_t_per_year": count * option.size,
                "capital_musd": count * module_capital(model.network, option, period),
            }
        )
    columns = [
        "option", "asset", "link", "site", "project", "stage", "decision_year",
        "construction_year", "first_output_year", "modules", "size_t_per_year", "capital_musd",
    ]  # fmt: skip
    units = {"size_t_per_year": TONNES, "capital_musd": "million", "modules": "count"}
    return PlanTable(pd.DataFrame(rows, columns=columns), units)


def activity(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List what every asset runs."""
    block = model.operation.activity
    chosen, tonnes = _used(block, solution.primal)
    assets = [model.case.assets[str(name)] for name in _pick(block, "asset", chosen)]
    frame = pd.DataFrame(
        {
            "asset": [a.id for a in assets],
            "site": [a.site for a in assets],
            "country": [model.case.sites[a.site].country for a in assets],
            "stage": [model.case.processes[a.process].stage for a in assets],
            "process": [a.process for a in assets],
            "mode": _pick(block, "mode", chosen),
            "class": _pick(block, "class", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "activity_t": tonnes,
        }
    )
    return PlanTable(frame, {"activity_t": TONNES})


def flows(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List what moves on every lane."""
    block = model.operation.flow
    chosen, tonnes = _used(block, solution.primal)
    lanes = [model.case.lanes[int(str(n))] for n in _pick(block, "lane", chosen)]
    frame = pd.DataFrame(
        {
            "lane": [lane.id for lane in lanes],
            "link": [lane.link for lane in lanes],
            "from": [lane.start for lane in lanes],
            "to": [lane.end for lane in lanes],
            "material": [lane.material for lane in lanes],
            "class": _pick(block, "class", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "flow_t": tonnes,
        }
    )
    return PlanTable(frame, {"flow_t": TONNES})


def purchases(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List what is bought from outside."""
    block = model.operation.purchase
    chosen, tonnes = _used(block, solution.primal)
    offers = [model.case.offers[int(str(n))] for n in _pick(block, "offer", chosen)]
    frame = pd.DataFrame(
        {
            "supplier": [offer.supplier for offer in offers],
            "step": [offer.step for offer in offers],
            "material": [offer.material for offer in offers],
            "country": [offer.country for offer in offers],
            "site": _pick(block, "site", chosen),
            "class": _pick(block, "class", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "bought_t": tonnes,
        }
    )
    return PlanTable(frame, {"bought_t": TONNES})


def sales(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List what is sold outside."""
    block = model.operation.sale
    chosen, tonnes = _used(block, solution.primal)
    takers = [model.case.takers[int(str(n))] for n in _pick(block, "taker", chosen)]
    frame = pd.DataFrame(
        {
            "buyer": [taker.buyer for taker in takers],
            "step": [taker.step for taker in takers],
            "material": [taker.material for taker in takers],
            "country": [taker.country for taker in takers],
            "site": _pick(block, "site", chosen),
            "class": _pick(block, "class", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "sold_t": tonnes,
        }
    )
    return PlanTable(frame, {"sold_t": TONNES})


def served(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List what serves every demand, by material and class."""
    block = model.operation.service
    chosen, tonnes = _used(block, solution.primal)
    demands = [model.case.demands[str(name)] for name in _pick(block, "demand", chosen)]
    numbers = [int(str(n)) for n in _pick(block, "alternative", chosen)]
    frame = pd.DataFrame(
        {
            "demand": [demand.id for demand in demands],
            "segment": [demand.segment for demand in demands],
            "material": [d.alternatives[n].material for d, n in zip(demands, numbers, strict=True)],
            "site": _pick(block, "site", chosen),
            "class": _pick(block, "class", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "served_t": tonnes,
        }
    )
    return PlanTable(frame, {"served_t": TONNES})


def coverage(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List demand and shortfall of every demand and year."""
    block = model.operation.shortfall
    values = solution.primal[block.labels] * TONNES_PER_UNIT if len(block) else np.zeros(0)
    keys = zip(block.index["demand"], block.index["period"], strict=True)
    short = dict(zip(keys, values.tolist(), strict=True))
    rows = []
    for demand in model.case.demands.values():
        wanted = model.network.mean(demand.amount)
        for period in np.flatnonzero(wanted > 0):
            shortfall = short.get((demand.id, int(period)), 0.0)
            rows.append(
                {
                    "demand": demand.id,
                    "segment": demand.segment,
                    "year": model.case.horizon.starts[period],
                    "years": model.case.horizon.lengths[period],
                    "demand_t": float(wanted[period]),
                    "served_t": float(wanted[period]) - shortfall,
                    "shortfall_t": shortfall,
                }
            )
    columns = ["demand", "segment", "year", "years", "demand_t", "served_t", "shortfall_t"]
    units = {"demand_t": TONNES, "served_t": TONNES, "shortfall_t": TONNES, "years": "year"}
    return PlanTable(pd.DataFrame(rows, columns=columns), units)


def unsold(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List product that found no taker."""
    block = model.operation.unsold
    chosen, tonnes = _used(block, solution.primal)
    frame = pd.DataFrame(
        {
            "site": _pick(block, "site", chosen),
            "material": _pick(block, "material", chosen),
            "class": _pick(block, "class", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "unsold_t": tonnes,
        }
    )
    return PlanTable(frame, {"unsold_t": TONNES})


def downgrades(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List material of a class that was used as a worse one."""
    block = model.operation.downgrade
    chosen, tonnes = _used(block, solution.primal)
    frame = pd.DataFrame(
        {
            "site": _pick(block, "site", chosen),
            "material": _pick(block, "material", chosen),
            "class": _pick(block, "class", chosen),
            "worse": _pick(block, "worse", chosen),
            "year": _years(model, _pick(block, "period", chosen)),
            "downgraded_t": tonnes,
        }
    )
    return PlanTable(frame, {"downgraded_t": TONNES})


TABLES: dict[str, Callable[[PlanningModel, PlanSolution], PlanTable]] = {
    "builds": builds,
    "coverage": coverage,
    "served": served,
    "activity": activity,
    "flows": flows,
    "purchases": purchases,
    "sales": sales,
    "unsold": unsold,
    "downgrades": downgrades,
}
