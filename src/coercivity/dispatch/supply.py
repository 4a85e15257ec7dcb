"""Steps of suppliers and buyers, and demand that is met or short."""

from __future__ import annotations

import numpy as np

from coercivity.dispatch.balances import Operation
from coercivity.dispatch.builder import Block, Family, Index, ModelBuilder, Terms
from coercivity.dispatch.network import TONNES_PER_UNIT, Network


def limit_steps(builder: ModelBuilder, network: Network, columns: Operation) -> None:
    r"""Keep what a step sells or takes within what it offers.

    .. math::

        \sum_i u_{e,i,t} \le offered_{e,t}, \qquad \sum_{i,k} s_{b,i,k,t} \le most_{b,t}

    A step at a single site is bounded in its column. Constraint names ``offer_step`` and
    ``sale_step``; their duals are the rent of the step. [million per kt/year]
    """
    offered = [network.mass(offer.offered) for offer in network.case.offers]
    most = [network.mass(taker.most) for taker in network.case.takers]
    _limit(builder, "offer_step", columns.purchase, "offer", offered)
    _limit(builder, "sale_step", columns.sale, "taker", most)


def _limit(
    builder: ModelBuilder, name: str, block: Block, dimension: str, bounds: list[np.ndarray]
) -> None:
    numbers: dict[tuple[int, int], list[int]] = {}
    for place, key in enumerate(zip(block.index[dimension], block.index["period"], strict=True)):
        numbers.setdefault(key, []).append(place)
    shared = {
        key: places
        for key, places in numbers.items()
        if len(places) > 1 and np.isfinite(bounds[key[0]][key[1]])
    }
    rows = [row for row, places in enumerate(shared.values()) for _ in places]
    labels = [int(block.labels[place]) for places in shared.values() for place in places]
    index: Index = {dimension: [k[0] for k in shared], "period": [k[1] for k in shared]}
    right = np.array([bounds[step][period] for step, period in shared])
    builder.add_rows(name, index, [Terms.of(rows, labels, 1.0)], "<=", right)


def serve_demands(builder: ModelBuilder, network: Network, columns: Operation) -> Family:
    r"""Serve every demand or leave it short.

    .. math::

        \sum_{m,i,k} g_{d,m,i,k,t} + z_{d,t} = demand_{d,t}

    Constraint name ``demand_is_met``. Its dual, divided by the weight of the period, is what the
    last tonne of demand costs. [million per kt]
    """
    rows: dict[tuple[str, int], int] = {}
    right: list[float] = []
    for demand in network.case.demands.values():
        wanted = network.mass(demand.amount)
        for period in np.flatnonzero(wanted > 0):
            rows[demand.id, int(period)] = len(rows)
            right.append(float(wanted[period]))
    terms = [
        Terms.of(
            [rows[key] for key in zip(block.index["demand"], block.index["period"], strict=True)],
            block.labels,
            1.0,
        )
        for block in (columns.service, columns.shortfall)
    ]
    index: Index = {"demand": [k[0] for k in rows], "period": [k[1] for k in rows]}
    return builder.add_rows("demand_is_met", index, terms, "=", np.array(right))


def least_flows(builder: ModelBuilder, network: Network, flow: Block) -> None:
    r"""Move at least what an explicit link is obliged to.

    .. math:: \sum_{m,k} f_{l,m,k,t} \ge least_{l,t}

    Constraint name ``least_flow``.
    """
    obliged = {
        (link.id, int(period)): float(least[period])
        for link in network.case.links.values()
        for least in (network.mass(link.least),)
        for period in np.flatnonzero(least > 0)
    }
    numbers = {key: row for row, key in enumerate(obliged)}
    rows, labels = entries_by_link(network, flow, numbers)
    index: Index = {"link": [k[0] for k in obliged], "period": [k[1] for k in obliged]}
    builder.add_rows(
        "least_flow", index, [Terms.of(rows, labels, 1.0)], ">=", np.array(list(obliged.values()))
    )


def entries_by_link(
    network: Network, flow: Block, numbers: dict[tuple[str, int], int]
) -> tuple[list[int], list[int]]:
    """Find the flows of explicit links and the row each belongs to."""
    rows: list[int] = []
    labels: list[int] = []
    for label, lane, period in zip(
        flow.labels.tolist(), flow.index["lane"], flow.index["period"], strict=True
    ):
        link = network.case.lanes[lane].link
        if link is not None and (link, period) in numbers:
            rows.append(numbers[link, period])
            labels.append(label)
    return rows, labels


def reserve_limits(builder: ModelBuilder, network: Network, activity: Block) -> None:
    r"""Take no more from an asset over the horizon than its reserve.

    .. math:: \sum_{m,k,t} n_t\, use_m\, x_{a,m,k,t} \le reserve_a

    Constraint name ``reserve``. Its dual is what a tonne left in the ground is worth.
    """
    limited = [a for a in network.case.assets.values() if np.isfinite(a.reserve)]
    numbers = {asset.id: row for row, asset in enumerate(limited)}
    use = capacity_uses(network)
    rows: list[int] = []
    labels: list[int] = []
    values: list[float] = []
    index = activity.index
    for label, name, mode, period in zip(
        activity.labels.tolist(), index["asset"], index["mode"], index["period"], strict=True
    ):
        if name in numbers:
            rows.append(numbers[name])
            labels.append(label)
            values.append(float(network.lengths[period]) * use[name, mode])
    right = np.array([asset.reserve / TONNES_PER_UNIT for asset in limited])
    builder.add_rows(
        "reserve",
        {"asset": list(numbers)},
        [Terms.of(rows, labels, np.asarray(values, dtype=float))],
        "<=",
        right,
    )


def capacity_uses(network: Network) -> dict[tuple[str, str], float]:
    """Give the capacity a tonne of each mode takes, by asset and mode. [t/t]"""
    return {
        (asset.id, mode.name): mode.capacity_use
        for asset in network.case.assets.values()
        for mode in network.case.processes[asset.process].modes
    }
