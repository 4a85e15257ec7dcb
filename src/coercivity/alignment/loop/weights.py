"""How the field falls on stages: their share of support, and how deep each can be dumped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.alignment.loop.plants import LoopPlant, Yard, made_by_stage


def total_activity(plants: Sequence[LoopPlant]) -> dict[tuple[str, str], float]:
    """Sum the activity of plants. [kt/year]

    Parameters
    ----------
    plants
        Of the loop.
    """
    found: dict[tuple[str, str], float] = {}
    for plant in plants:
        for key, amount in plant.activity.items():
            found[key] = found.get(key, 0.0) + amount
    return found


def weights_of(yard: Yard, plants: Sequence[LoopPlant]) -> dict[str, float]:
    """Give the share of the field that each stage gets: as stated, or else by value added.

    Value added is what plants of a stage sell less what they buy, at reference prices.

    Parameters
    ----------
    yard
        The plan.
    plants
        Of the loop.
    """
    stated = {
        row.text("id"): row.number("loop_weight")
        for row in yard.tables["stages"].rows()
        if row.maybe_number("loop_weight") is not None
    }
    total = sum(stated.values())
    if total > 0:
        return {stage: weight / total for stage, weight in stated.items()}
    prices = yard.reference.table()
    best: dict[str, float] = {}
    for quote, price in prices.items():
        best[quote.material] = max(best.get(quote.material, 0.0), price)
    added = dict.fromkeys(yard.stages(), 0.0)
    for (asset, name), amount in total_activity(plants).items():
        process = yard.case.processes[yard.case.assets[asset].process]
        mode = next(one for one in process.modes if one.name == name)
        for sign, table in ((1, mode.outputs), (-1, mode.inputs)):
            worth = sum(share * best.get(m, 0.0) for m, share in table.items())
            added[process.stage or ""] = added.get(process.stage or "", 0) + sign * worth * amount
    positive = {stage: max(value, 0.0) for stage, value in added.items()}
    total = sum(positive.values())
    if total <= 0:
        return {stage: 1 / len(positive) for stage in positive}
    return {stage: value / total for stage, value in positive.items()}


def deepest_dumping(yard: Yard, plants: Sequence[LoopPlant], stage: str) -> float:
    """Give the dumping at which the products of a stage would be given away. [money/kg]

    Parameters
    ----------
    yard
        The plan.
    plants
        Of the loop.
    stage
        Whose products are dumped.
    """
    lowest: dict[str, float] = {}
    for quote, price in yard.reference.table().items():
        lowest[quote.material] = min(lowest.get(quote.material, np.inf), price)
    cut = yard.dumped(stage)
    made: dict[str, float] = {}
    for table in made_by_stage(yard, total_activity(plants)).values():
        for material, amount in table.items():
            made[material] = made.get(material, 0.0) + amount
    counted = [m for m in cut if m in lowest and made.get(m, 0) > 0]
    amount = sum(made[m] * cut[m] for m in counted)
    worth = sum(made[m] * lowest[m] for m in counted)
    return worth / amount if amount > 0 else 0.0
