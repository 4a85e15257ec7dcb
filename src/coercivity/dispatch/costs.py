"""Cost terms of operation, each registered once."""

from __future__ import annotations

import numpy as np

from coercivity.dispatch.balances import Operation
from coercivity.dispatch.builder import Array, Block, ModelBuilder
from coercivity.dispatch.network import Network


def price_operation(builder: ModelBuilder, network: Network, columns: Operation) -> None:
    r"""Register what operating costs and earns.

    .. math::

        C = \sum_t W_t \Big( \sum c^{var} x + \sum (c^{freight} + c^{duty}) f + \sum p_e u
            - \sum p_b s + \sum c^{extra} g + \sum c^{penalty} z \Big)

    with :math:`W_t` the sum of the discount factors of the years of period *t*. Terms ``variable``,
    ``freight``, ``tariff``, ``purchase``, ``sales`` (negative), ``substitution``, ``shortfall``.
    """
    case = network.case
    builder.add_cost("variable", columns.activity, _variable(network, columns.activity))
    lanes = columns.flow.index["lane"]
    periods = columns.flow.index["period"]
    for term, series in (
        ("freight", [lane.cost for lane in case.lanes]),
        ("tariff", [lane.tariff for lane in case.lanes]),
    ):
        builder.add_cost(term, columns.flow, _by_period(network, series, lanes, periods))
    bought, sold = columns.purchase.index, columns.sale.index
    prices = [network.while_there(o.price, o.offered) for o in case.offers]
    builder.add_cost(
        "purchase",
        columns.purchase,
        _by_period(network, prices, bought["offer"], bought["period"]),
    )
    prices = [network.while_there(t.price, t.most) for t in case.takers]
    builder.add_cost(
        "sales", columns.sale, -_by_period(network, prices, sold["taker"], sold["period"])
    )
    builder.add_cost("substitution", columns.service, _extra(network, columns.service))
    builder.add_cost("shortfall", columns.shortfall, _penalty(network, columns.shortfall))


def _by_period(network: Network, series: list[Array], numbers: object, periods: object) -> Array:
    if not series:
        return np.zeros(0)
    known: dict[int, int] = {}
    costs: list[Array] = []
    place = np.empty(len(series), dtype=np.int64)
    for number, by_year in enumerate(series):
        if id(by_year) not in known:
            known[id(by_year)] = len(costs)
            costs.append(network.unit_cost(by_year))
        place[number] = known[id(by_year)]
    table = np.array(costs)
    picked = place[np.asarray(numbers, dtype=np.int64)]
    return np.asarray(table[picked, np.asarray(periods, dtype=np.int64)])


def _variable(network: Network, block: Block) -> Array:
    known: dict[tuple[str, str], Array] = {}
    for asset in network.case.assets.values():
        for mode in network.case.processes[asset.process].modes:
            known[asset.id, mode.name] = network.unit_cost(asset.variable_cost + mode.variable_cost)
    index = block.index
    return np.array(
        [
            known[asset, mode][period]
            for asset, mode, period in zip(
                index["asset"], index["mode"], index["period"], strict=True
            )
        ]
    )


def _extra(network: Network, block: Block) -> Array:
    index, demands = block.index, network.case.demands
    return np.array(
        [
            network.unit_cost(demands[name].alternatives[number].extra_cost)[period]
            for name, number, period in zip(
                index["demand"], index["alternative"], index["period"], strict=True
            )
        ]
    )


def _penalty(network: Network, block: Block) -> Array:
    costs = []
    for name, period in zip(block.index["demand"], block.index["period"], strict=True):
        penalty = network.case.demands[name].penalty
        costs.append(0.0 if penalty is None else network.unit_cost(penalty)[period])
    return np.array(costs)
