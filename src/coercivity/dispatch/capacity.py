"""Activity and flow within what is built and available."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from coercivity.dispatch.builder import Block, Family, Index, ModelBuilder, Terms
from coercivity.dispatch.network import TONNES_PER_UNIT, Network
from coercivity.dispatch.supply import capacity_uses, entries_by_link

Expansion = Mapping[tuple[str, int], Sequence[tuple[int, float]]]
"""Columns and kt/year they add to an asset or link in a period."""


def activity_entries(
    network: Network, activity: Block, numbers: Mapping[tuple[str, int], int]
) -> Terms:
    """Sum the capacity use of each asset in each period into numbered rows."""
    use = capacity_uses(network)
    index = activity.index
    rows: list[int] = []
    labels: list[int] = []
    values: list[float] = []
    for label, asset, mode, period in zip(
        activity.labels.tolist(), index["asset"], index["mode"], index["period"], strict=True
    ):
        row = numbers.get((asset, period))
        if row is not None:
            rows.append(row)
            labels.append(label)
            values.append(use[asset, mode])
    return Terms.of(rows, labels, np.asarray(values, dtype=float))


def expansion_entries(expansion: Expansion, numbers: Mapping[tuple[str, int], int]) -> Terms:
    """Take the capacity that modules add to the other side of numbered rows."""
    rows: list[int] = []
    labels: list[int] = []
    values: list[float] = []
    for key, row in numbers.items():
        for label, added in expansion.get(key, ()):
            rows.append(row)
            labels.append(label)
            values.append(-added)
    return Terms.of(rows, labels, np.asarray(values, dtype=float))


def limit_activity(
    builder: ModelBuilder, network: Network, activity: Block, expansion: Expansion
) -> Family:
    r"""Keep activity within built and available capacity.

    .. math::

        \sum_{m,k} use_m\, x_{a,m,k,t} \le
        \overline{K}_{a,t} + \sum_{o,t'} c_{o,t',t}\, y_{o,t'}

    ======================  ============  ========  =======================================
    Symbol                  Name          Unit      Meaning
    ======================  ============  ========  =======================================
    :math:`x`               ``activity``  kt/year   activity of a mode in a class
    :math:`\overline{K}`    –             kt/year   existing capacity × availability
    :math:`y`               ``modules``   count     modules decided on in a period
    :math:`c`               –             kt/year   capacity of a module after lead time, ramp
    ======================  ============  ========  =======================================

    Constraint name ``activity_within_capacity``. Its dual, divided by the weight of the period, is
    the scarcity rent of the asset. [million per kt/year]
    """
    running = set(zip(activity.index["asset"], activity.index["period"], strict=True))
    numbers: dict[tuple[str, int], int] = {}
    right: list[float] = []
    for asset, period in sorted(running):
        existing = network.capacity[asset][period]
        if np.isfinite(existing):
            numbers[asset, period] = len(numbers)
            right.append(float(existing))
    index: Index = {"asset": [k[0] for k in numbers], "period": [k[1] for k in numbers]}
    terms = [activity_entries(network, activity, numbers), expansion_entries(expansion, numbers)]
    return builder.add_rows("activity_within_capacity", index, terms, "<=", np.array(right))


def oblige_activity(builder: ModelBuilder, network: Network, activity: Block) -> None:
    r"""Use at least the capacity that something obliges an asset to use.

    .. math:: \sum_{m,k} use_m\, x_{a,m,k,t} \ge least_{a,t}

    Constraint name ``least_activity``.
    """
    numbers: dict[tuple[str, int], int] = {}
    right: list[float] = []
    for asset in network.case.assets.values():
        least = network.mass(asset.least_activity)
        for period in np.flatnonzero(least > 0):
            numbers[asset.id, int(period)] = len(numbers)
            right.append(float(least[period]))
    index: Index = {"asset": [k[0] for k in numbers], "period": [k[1] for k in numbers]}
    terms = [activity_entries(network, activity, numbers)]
    builder.add_rows("least_activity", index, terms, ">=", np.array(right))


def limit_links(
    builder: ModelBuilder, network: Network, flow: Block, expansion: Expansion
) -> Family:
    r"""Keep what moves on an explicit link within its capacity.

    .. math:: \sum_{m,k} f_{l,m,k,t} \le \overline{K}_{l,t} + \sum_{o,t'} c_{o,t',t}\, y_{o,t'}

    Constraint name ``flow_within_capacity``. Its dual is the congestion rent.
    [million per kt/year]
    """
    numbers: dict[tuple[str, int], int] = {}
    right: list[float] = []
    for link in network.case.links.values():
        capacity = network.horizon.mean_by_period(link.capacity) / TONNES_PER_UNIT
        for period in np.flatnonzero(np.isfinite(capacity)):
            numbers[link.id, int(period)] = len(numbers)
            right.append(float(capacity[period]))
    rows, labels = entries_by_link(network, flow, numbers)
    terms = [Terms.of(rows, labels, 1.0), expansion_entries(expansion, numbers)]
    index: Index = {"link": [k[0] for k in numbers], "period": [k[1] for k in numbers]}
    return builder.add_rows("flow_within_capacity", index, terms, "<=", np.array(right))
