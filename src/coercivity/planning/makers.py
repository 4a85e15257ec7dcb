"""Who makes what serves the demands: plants by country, and offers from outside."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import SMALLEST, TONNES, PlanTable
from coercivity.planning.solve import PlanSolution

Entry = tuple[tuple[int, str, str | None, str], float]
"""Year, material, country, kind, and tonnes a year."""


def makers(model: PlanningModel, solution: PlanSolution) -> PlanTable:
    """List, by year, who makes or sells the materials that can serve a demand.

    ``kind`` is ``made`` for plants of the case, by their country, and ``bought`` for suppliers, by
    the country of their last step. What is made may also be sold or stored.
    """
    countries = model.case.countries
    found: dict[tuple[int, str, str | None, str], float] = {}
    for key, tonnes in (*_made(model, solution), *_bought(model, solution)):
        found[key] = found.get(key, 0.0) + tonnes * TONNES_PER_UNIT
    rows = [
        {
            "year": year,
            "material": material,
            "country": country,
            "group": None if country is None else countries[country].group,
            "kind": kind,
            "amount_t": tonnes,
        }
        for (year, material, country, kind), tonnes in sorted(found.items(), key=str)
        if tonnes > SMALLEST * TONNES_PER_UNIT
    ]
    columns = ["year", "material", "country", "group", "kind", "amount_t"]
    return PlanTable(pd.DataFrame(rows, columns=columns), {"amount_t": TONNES})


def _serving(model: PlanningModel) -> set[str]:
    return {c.material for demand in model.case.demands.values() for c in demand.alternatives}


def _made(model: PlanningModel, solution: PlanSolution) -> Iterator[Entry]:
    case, serving, block = model.case, _serving(model), model.operation.activity
    modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
    for label, name, mode, period in zip(
        block.labels.tolist(),
        block.index["asset"],
        block.index["mode"],
        block.index["period"],
        strict=True,
    ):
        asset = case.assets[name]
        country = case.sites[asset.site].country
        for material, amount in modes[asset.process, mode].outputs.items():
            if material in serving:
                tonnes = amount * float(solution.primal[label])
                yield (case.horizon.starts[period], material, country, "made"), tonnes


def _bought(model: PlanningModel, solution: PlanSolution) -> Iterator[Entry]:
    case, serving, block = model.case, _serving(model), model.operation.purchase
    for label, number, period in zip(
        block.labels.tolist(), block.index["offer"], block.index["period"], strict=True
    ):
        offer = case.offers[number]
        if offer.material in serving:
            stage = case.materials[offer.material].stage
            country = offer.origin.get(stage or "", offer.country or "") or None
            key = (case.horizon.starts[period], offer.material, country, "bought")
            yield key, float(solution.primal[label])
