"""Stocks: what lies where, in which class, at the end of each period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.chain.origin import ANY
from coercivity.chain.trade import Stock
from coercivity.dispatch.builder import Block, Index, ModelBuilder, Terms
from coercivity.dispatch.network import TONNES_PER_UNIT, Network


@dataclass(frozen=True, slots=True)
class Storage:
    """The columns of stocks, one after another by stock, class and period."""

    level: Block
    """Stock at the end of a period. [kt]"""
    filled: Block
    """Put in. [kt/year]"""
    drawn: Block
    """Taken out. [kt/year]"""


def add_storage(builder: ModelBuilder, network: Network) -> Storage:
    r"""Add level :math:`v`, filling and drawing of every stock that can hold something."""
    found: list[tuple[str, str, int]] = []
    most: list[float] = []
    filling: list[float] = []
    for stock in network.case.stocks.values():
        if (stock.site, stock.material) not in network.case.sources:
            continue
        room = network.mass(stock.most)
        for name in network.classes.tracked[stock.material]:
            for period in range(network.periods):
                found.append((stock.id, name, period))
                most.append(max(float(room[period]), stock.opening / TONNES_PER_UNIT))
                filling.append(np.inf if room[period] > 0 else 0.0)
    names = ("stock", "class", "period")
    index: Index = {name: [item[place] for item in found] for place, name in enumerate(names)}
    return Storage(
        builder.add_columns("stock_level", index, upper=np.array(most)),
        builder.add_columns("stock_filled", index, upper=np.array(filling)),
        builder.add_columns("stock_drawn", index),
    )


def carry_stock(builder: ModelBuilder, network: Network, storage: Storage) -> None:
    r"""Carry each stock from period to period, and keep it within its room.

    .. math::

        v_{s,k,t} = \sum_{j \to k} v_{s,j,t-1} + n_t\,(in_{s,k,t} - out_{s,k,t}),
        \qquad \sum_k v_{s,k,t} \le \max(most_{s,t}, opening_s)

    A class whose rules up to the stage of the material grow stricter becomes ``any``; the opening
    stock is of class ``any``. Constraint names ``stock_carried``, ``stock_within_room``. The dual
    of the first is what a tonne more in stock is worth.
    """
    columns = storage.level.index
    count = len(storage.level)
    position = {
        key: number
        for number, key in enumerate(
            zip(columns["stock"], columns["class"], columns["period"], strict=True)
        )
    }
    lengths = network.lengths[np.asarray(columns["period"], dtype=int)] if count else np.zeros(0)
    rows = np.arange(count)
    right = np.zeros(count)
    carried: list[tuple[int, int]] = []
    for (name, cls, period), number in position.items():
        stock = network.case.stocks[name]
        if period == 0:
            right[number] = stock.opening / TONNES_PER_UNIT if cls == ANY else 0.0
            continue
        before, after = network.case.period_years(period - 1), network.case.period_years(period)
        stage = network.case.materials[stock.material].stage
        stricter = cls != ANY and network.case.origin.grows_stricter(
            cls, before, after, up_to=stage
        )
        lands = position[name, ANY if stricter else cls, period]
        carried.append((lands, position[name, cls, period - 1]))
    level = storage.level.labels
    links = np.array(carried, dtype=np.int64).reshape(-1, 2)
    builder.add_rows(
        "stock_carried",
        columns,
        [
            Terms.of(rows, level, 1.0),
            Terms.of(links[:, 0], level[links[:, 1]], -1.0),
            Terms.of(rows, storage.filled.labels, -lengths),
            Terms.of(rows, storage.drawn.labels, lengths),
        ],
        "=",
        right,
    )
    _bound_room(builder, network, storage)


def _bound_room(builder: ModelBuilder, network: Network, storage: Storage) -> None:
    columns = storage.level.index
    numbers: dict[tuple[str, int], int] = {}
    rows = [
        numbers.setdefault((name, period), len(numbers))
        for name, period in zip(columns["stock"], columns["period"], strict=True)
    ]
    right = [_room(network, network.case.stocks[name], period) for name, period in numbers]
    bounded: Index = {"stock": [k[0] for k in numbers], "period": [k[1] for k in numbers]}
    shared = [name for name, _ in numbers if len(_classes(network, name)) > 1]
    if shared:
        builder.add_rows(
            "stock_within_room",
            bounded,
            [Terms.of(rows, storage.level.labels, 1.0)],
            "<=",
            np.array(right),
        )


def _classes(network: Network, stock: str) -> tuple[str, ...]:
    return network.classes.tracked[network.case.stocks[stock].material]


def _room(network: Network, stock: Stock, period: int) -> float:
    return max(float(network.mass(stock.most)[period]), stock.opening / TONNES_PER_UNIT)


def price_storage(builder: ModelBuilder, network: Network, storage: Storage) -> None:
    r"""Charge keeping on the mean of the year-end stocks, and filling per tonne.

    With a stock that moves evenly inside a period of *n* years, the mean of its year ends is
    :math:`v_{t-1} + (v_t - v_{t-1})\frac{n+1}{2n}`.
    """
    columns = storage.level.index
    level_cost = np.zeros(len(storage.level))
    fill_cost = np.zeros(len(storage.level))
    for number, (name, cls, period) in enumerate(
        zip(columns["stock"], columns["class"], columns["period"], strict=True)
    ):
        stock = network.case.stocks[name]
        keeping, length = network.unit_cost(stock.holding_cost), network.lengths
        late = (length + 1) / (2 * length)
        level_cost[number] += keeping[period] * late[period]
        if period + 1 < network.periods:
            level_cost[number] += keeping[period + 1] * (1 - late[period + 1])
        if period == 0 and cls == ANY:
            opening = stock.opening / TONNES_PER_UNIT
            builder.add_constant("holding", float(keeping[0] * (1 - late[0]) * opening))
        fill_cost[number] = network.unit_cost(stock.fill_cost)[period]
    builder.add_cost("holding", storage.level, level_cost)
    builder.add_cost("filling", storage.filled, fill_cost)
