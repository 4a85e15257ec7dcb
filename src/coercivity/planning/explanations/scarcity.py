"""What one more tonne of a bottleneck is worth, by its dual and by solving again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.network import MILLION, TONNES_PER_UNIT
from coercivity.planning.explanations.warm import HeldPlan

STEP = 1.0
"""Capacity added and taken away. [t/year]"""
FAMILIES = ("activity_within_capacity", "runs_while_kept")
"""Rows that keep an asset within its capacity."""
SMALLEST_WORTH = 1e-6
"""Worth of a tonne below which capacity is no bottleneck. [case money/t]"""


@dataclass(frozen=True, slots=True)
class OneMoreTonne:
    """The worth of capacity of one asset in one period, decisions held."""

    asset: str
    period: int
    capacity_value: float
    """What the capacity earns above its running cost: the dual times the capacity.
    [million/year]"""
    worth: float
    """What one more tonne a year saves, by the dual. [case money/t]"""
    worth_of_more: float
    """The same by solving again with one more tonne a year. [case money/t]"""
    worth_of_less: float | None
    """What one tonne a year less costs, by solving again; None where the plan cannot spare it.
    [case money/t]"""


def one_more_tonne(held: HeldPlan, asset: str, period: int) -> OneMoreTonne:
    r"""Price capacity three ways; between its neighbours the dual must lie.

    .. math::

        \frac{V(K) - V(K + h)}{h\,W_t} \;\le\; \frac{-\mu_{a,t}}{W_t} \;\le\;
        \frac{V(K - h) - V(K)}{h\,W_t}

    because the cost of operating is convex in capacity; where the plan has a kink at *K* the dual
    is any number between the two.

    Parameters
    ----------
    held
        The plan.
    asset, period
        Whose capacity, and when.
    """
    rows = [position for name in FAMILIES for position in _rows(held, name, asset, period)]
    weight = float(held.model.network.weights[period])
    dual = np.asarray(held.plan.row_dual)
    rent = -float(sum(dual[row] for row in rows)) * held.unit
    per_tonne = MILLION / (STEP * weight)
    amount = STEP / TONNES_PER_UNIT
    held.rewind()
    more, less = (held.with_more(rows, [sign * amount] * len(rows)).cost for sign in (1, -1))
    return OneMoreTonne(
        asset,
        period,
        rent / weight * _capacity(held, asset, period),
        rent * amount * per_tonne,
        0.0 if more is None else (held.cost - more) * per_tonne,
        None if less is None else (less - held.cost) * per_tonne,
    )


def worst_by_period(held: HeldPlan, *, most: int = 3) -> list[OneMoreTonne]:
    """Price the assets whose capacity earns most in each period, the scarcest first."""
    family = held.model.builder.families[FAMILIES[0]]
    dual = np.asarray(held.plan.row_dual)
    ranked: dict[int, list[tuple[float, str]]] = {}
    for position, asset, period in zip(
        family.positions.tolist(), *family.index.values(), strict=True
    ):
        rent = -float(dual[position]) * held.unit / float(held.model.network.weights[period])
        value = rent * _capacity(held, asset, period)
        if rent * MILLION / TONNES_PER_UNIT > SMALLEST_WORTH and value > 0:
            ranked.setdefault(period, []).append((-value, asset))
    return [
        one_more_tonne(held, asset, period)
        for period, found in sorted(ranked.items())
        for _, asset in sorted(found)[:most]
    ]


def _rows(held: HeldPlan, family: str, asset: str, period: int) -> Iterator[int]:
    rows = held.model.builder.families[family]
    for position, name, when in zip(rows.positions.tolist(), *rows.index.values(), strict=True):
        if (name, when) == (asset, period):
            yield position


def _capacity(held: HeldPlan, asset: str, period: int) -> float:
    """Give existing capacity and modules of the plan together. [kt/year]"""
    investments, network = held.model.investments, held.model.network
    built = sum(
        count * float(network.module_capacity(held.model.case.options[name], decision)[period])
        for (name, decision), count in investments.modules(held.held).items()
        if held.model.case.options[name].adds_to == asset
    )
    return float(network.capacity[asset][period]) + built
