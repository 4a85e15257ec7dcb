"""Which figures of a case move the cost of a plan most, and how sure they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coercivity.chain.origin import ANY
from coercivity.chain.processes import contained, element_losses
from coercivity.dispatch.builder import Array
from coercivity.planning.capital import discounted_capital, discounted_salvage
from coercivity.planning.model import PlanningModel
from coercivity.planning.outcome import PlanTable
from coercivity.planning.solve import PlanSolution
from coercivity.tables import CaseTables, Row

ASSUMED_RANGE = {"high": 0.05, "medium": 0.15, "low": 0.30}
"""Half-width taken where a figure has no low and high, by its confidence. [fraction]"""
UNKNOWN_RANGE = 0.30
"""Half-width taken where not even a confidence is given. [fraction]"""

Figure = tuple[str, str, str]
"""Table, key of the row, column."""


@dataclass(frozen=True, slots=True)
class _Duals:
    """Prices of a solution: per row, and per column at a bound. [million]"""

    row: Array
    column: Array


def influences(model: PlanningModel, solution: PlanSolution) -> dict[Figure, float]:
    r"""Give the first-order change of cost if a figure doubled. [million, present value]

    .. math:: I_\theta = \theta\,\frac{\partial C}{\partial \theta}

    By the envelope theorem this is, with whole columns fixed, cost × quantity for a price, and
    dual × quantity for a capacity, an offer, a demand or a recipe amount. The amount of the
    reference material of a recipe is one by definition and no figure.
    """
    if solution.row_dual is None or solution.reduced_cost is None:
        return {}
    duals = _Duals(solution.row_dual, solution.reduced_cost)
    found: dict[Figure, float] = {}
    for part in (_assets, _capacities, _options, _offers, _takers, _demands, _recipes):
        for figure, value in part(model, solution.primal, duals):
            found[figure] = found.get(figure, 0.0) + value
    return found


def _assets(model: PlanningModel, primal: Array, duals: _Duals) -> Iterator[tuple[Figure, float]]:
    block, network = model.operation.activity, model.network
    costs = {a.id: network.unit_cost(a.variable_cost) for a in model.case.assets.values()}
    for label, asset, period in zip(
        block.labels.tolist(), block.index["asset"], block.index["period"], strict=True
    ):
        yield ("assets", asset, "variable_cost"), float(primal[label] * costs[asset][period])


def _capacities(
    model: PlanningModel, primal: Array, duals: _Duals
) -> Iterator[tuple[Figure, float]]:
    family = model.builder.families["activity_within_capacity"]
    for position, asset, period in zip(
        family.positions.tolist(), family.index["asset"], family.index["period"], strict=True
    ):
        existing = model.network.capacity[asset][period]
        yield ("assets", asset, "nameplate_capacity"), float(duals.row[position] * existing)


def _options(model: PlanningModel, primal: Array, duals: _Duals) -> Iterator[tuple[Figure, float]]:
    for (name, period), count in model.investments.modules(primal).items():
        option = model.case.options[name]
        cost = discounted_capital(model.network, option, period)
        worth = discounted_salvage(model.network, option, period)
        yield ("options", name, "capital"), count * (cost - worth)


def _offers(model: PlanningModel, primal: Array, duals: _Duals) -> Iterator[tuple[Figure, float]]:
    block, network, offers = model.operation.purchase, model.network, model.case.offers
    prices = [network.unit_cost(network.while_there(o.price, o.offered)) for o in offers]
    for label, number, period in zip(
        block.labels.tolist(), block.index["offer"], block.index["period"], strict=True
    ):
        key = f"{offers[number].supplier}/{offers[number].step}"
        yield ("suppliers", key, "price"), float(primal[label] * prices[number][period])
        yield ("suppliers", key, "offered"), _rent_of_column(label, primal, duals)
    family = model.builder.families["offer_step"]
    for position, number, period in zip(
        family.positions.tolist(), family.index["offer"], family.index["period"], strict=True
    ):
        offered = network.mass(offers[number].offered)[period]
        key = f"{offers[number].supplier}/{offers[number].step}"
        yield ("suppliers", key, "offered"), float(duals.row[position] * offered)


def _takers(model: PlanningModel, primal: Array, duals: _Duals) -> Iterator[tuple[Figure, float]]:
    block, network, takers = model.operation.sale, model.network, model.case.takers
    prices = [network.unit_cost(network.while_there(t.price, t.most)) for t in takers]
    for label, number, period in zip(
        block.labels.tolist(), block.index["taker"], block.index["period"], strict=True
    ):
        key = f"{takers[number].buyer}/{takers[number].step}"
        yield ("buyers", key, "price"), -float(primal[label] * prices[number][period])
        yield ("buyers", key, "most"), _rent_of_column(label, primal, duals)
    family = model.builder.families["sale_step"]
    for position, number, period in zip(
        family.positions.tolist(), family.index["taker"], family.index["period"], strict=True
    ):
        most = network.mass(takers[number].most)[period]
        key = f"{takers[number].buyer}/{takers[number].step}"
        yield ("buyers", key, "most"), float(duals.row[position] * most)


def _rent_of_column(label: int, primal: Array, duals: _Duals) -> float:
    """Give what doubling the bound of a full column adds to cost; steps at one site have these."""
    return min(0.0, float(duals.column[label])) * float(primal[label])


def _demands(model: PlanningModel, primal: Array, duals: _Duals) -> Iterator[tuple[Figure, float]]:
    family = model.builder.families["demand_is_met"]
    for position, name, period in zip(
        family.positions.tolist(), family.index["demand"], family.index["period"], strict=True
    ):
        wanted = model.network.mass(model.case.demands[name].amount)[period]
        yield ("demands", name, "amount"), float(duals.row[position] * wanted)


def _recipes(model: PlanningModel, primal: Array, duals: _Duals) -> Iterator[tuple[Figure, float]]:
    case, block, landing = model.case, model.operation.activity, model.network.classes.landing
    family = model.builder.families["material_balance"]
    keys = zip(*(family.index[n] for n in ("site", "material", "class", "period")), strict=True)
    price = dict(zip(keys, duals.row[family.positions].tolist(), strict=True))
    modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
    names = ("asset", "mode", "class", "period")
    columns = zip(block.labels.tolist(), *(block.index[name] for name in names), strict=True)
    for label, name, mode_name, cls, period in columns:
        asset, activity = case.assets[name], float(primal[label])
        if activity <= 0:
            continue
        mode, process = modes[asset.process, mode_name], case.processes[asset.process]
        key = f"{mode.process}/{mode.name}"
        for made, amount in mode.outputs.items():
            if made != mode.reference_material:
                worth = price.get((asset.site, made, landing(made, cls), period), 0.0)
                yield ("recipes", f"{key}/{made}/out", "amount"), -worth * amount * activity
        for needed, amount in mode.inputs.items():
            if needed != mode.reference_material:
                taken = ANY if process.origin_at_site else landing(needed, cls)
                worth = price.get((asset.site, needed, taken, period), 0.0)
                yield ("recipes", f"{key}/{needed}/in", "amount"), worth * amount * activity


def influence_table(model: PlanningModel, solution: PlanSolution, tables: CaseTables) -> PlanTable:
    """List figures by how much their uncertainty moves the cost, the most first.

    The range is half of high less low; where a figure has none, a share of it by its confidence
    (0.05 high, 0.15 medium, 0.30 low or not given). A recipe amount that carries a tracked element
    can be off by no more than the share of it that the recipe loses: the balance holds the rest.
    """
    rows, lost = _rows_by_key(tables), _lost_shares(model)
    listed = [
        _line(figure, influence, rows.get(figure[:2]), lost.get(figure, np.inf))
        for figure, influence in influences(model, solution).items()
        if influence
    ]
    columns = [
        "table", "key", "column", "value", "range", "assumed", "confidence", "source",
        "influence_musd", "uncertainty_musd",
    ]  # fmt: skip
    frame = pd.DataFrame(listed, columns=columns)
    frame = frame.sort_values("uncertainty_musd", ascending=False).reset_index(drop=True)
    units = {
        "range": "fraction",
        "influence_musd": "million, present value",
        "uncertainty_musd": "million, present value",
    }
    return PlanTable(frame, units)


def _lost_shares(model: PlanningModel) -> dict[Figure, float]:
    """Give what recipes lose of the elements that each of their amounts carries. [fraction]"""
    materials, found = model.case.materials, dict[Figure, float]()
    for mode in (mode for process in model.case.processes.values() for mode in process.modes):
        losses = element_losses(mode, materials)
        entering = {element: contained(mode.inputs, materials, element) for element in losses}
        shares = {e: max(0.0, losses[e] / x) for e, x in entering.items() if x > 0}
        for direction, amounts in (("in", mode.inputs), ("out", mode.outputs)):
            for material in amounts:
                carried = [shares[e] for e in materials[material].contents if e in shares]
                if carried:
                    key = f"{mode.process}/{mode.name}/{material}/{direction}"
                    found["recipes", key, "amount"] = max(carried)
    return found


def _line(figure: Figure, influence: float, row: Row | None, widest: float) -> dict[str, object]:
    table, key, column = figure
    value = None if row is None else row.maybe_number(column)
    spread, assumed = _range(row, column, value)
    if assumed:
        spread = min(spread, widest)
    return {
        "table": table,
        "key": key,
        "column": column,
        "value": value,
        "range": spread,
        "assumed": assumed,
        "confidence": None if row is None else _cell(row, "confidence"),
        "source": None if row is None else _cell(row, "source"),
        "influence_musd": influence,
        "uncertainty_musd": abs(influence) * spread,
    }


def _cell(row: Row, column: str) -> str | None:
    return row.text(column) if row.given(column) else None


def _range(row: Row | None, column: str, value: float | None) -> tuple[float, bool]:
    """Give the half-width of a figure as a share of it, and whether it is assumed."""
    if row is None:
        return UNKNOWN_RANGE, True
    low, high = f"{column}_low", f"{column}_high"
    if value and row.given(low) and row.given(high):
        return abs(row.number(high) - row.number(low)) / 2 / abs(value), False
    confidence = _cell(row, "confidence")
    return ASSUMED_RANGE.get(confidence or "", UNKNOWN_RANGE), True


def _rows_by_key(tables: CaseTables) -> Mapping[tuple[str, str], Row]:
    found: dict[tuple[str, str], Row] = {}
    for name in ("assets", "options", "demands"):
        for row in tables.tables[name].rows():
            found.setdefault((name, row.text("id")), row)
    for name in ("suppliers", "buyers"):
        for row in tables.tables[name].rows():
            found.setdefault((name, f"{row.text('id')}/{row.whole('step')}"), row)
    for row in tables.tables["recipes"].rows():
        parts = (row.text(c) for c in ("process", "mode", "material", "direction"))
        found.setdefault(("recipes", "/".join(parts)), row)
    return found
