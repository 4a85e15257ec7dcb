"""Material balances: what comes to a place leaves it, is used up, or lies there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from coercivity.chain.origin import ANY
from coercivity.dispatch.builder import Block, Family, ModelBuilder, Terms
from coercivity.dispatch.network import Network
from coercivity.dispatch.storage import Storage


@dataclass(frozen=True, slots=True)
class Operation:
    """The columns of operating a chain."""

    activity: Block
    flow: Block
    purchase: Block
    sale: Block
    service: Block
    shortfall: Block
    unsold: Block
    downgrade: Block
    storage: Storage


@dataclass
class _Entries:
    rows: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, row: int, label: int, value: float) -> None:
        self.rows.append(row)
        self.labels.append(label)
        self.values.append(value)


def balance_materials(builder: ModelBuilder, network: Network, columns: Operation) -> Family:
    r"""Balance each material at each site, in each class and period.

    .. math::

        \sum_a out_{m}\,x + \sum_e u + \sum_{l \to i} f + drawn + \delta^{in}
        = \sum_a in_{m}\,x + \sum_{l: i \to} f + \sum_b s + \sum_d amount\,g
        + filled + w + \delta^{out}

    ============  ==============  ========  ========================================
    Symbol        Name            Unit      Meaning
    ============  ==============  ========  ========================================
    :math:`x`     ``activity``    kt/year   times recipe amounts
    :math:`u`     ``purchase``    kt/year   bought from outside
    :math:`f`     ``flow``        kt/year   moved on lanes
    :math:`s`     ``sale``        kt/year   sold outside
    :math:`g`     ``service``     kt/year   demand served
    :math:`w`     ``unsold``      kt/year   product without a taker
    ============  ==============  ========  ========================================

    Constraint name ``material_balance``. Its dual, divided by the weight of the period, is what
    a tonne more at that place is worth. [million per kt]
    """
    entries = _Entries()
    for part in (_activity, _trade, _moves, _service, _rest):
        for row, label, value in part(network, columns):
            entries.add(row, label, value)
    used, rows = np.unique(np.asarray(entries.rows, dtype=np.int64), return_inverse=True)
    keys = [network.nodes.keys[number // network.periods] for number in used]
    index = {
        "site": [key[0] for key in keys],
        "material": [key[1] for key in keys],
        "class": [key[2] for key in keys],
        "period": [int(number % network.periods) for number in used],
    }
    terms = Terms.of(rows, entries.labels, np.asarray(entries.values, dtype=float))
    return builder.add_rows("material_balance", index, [terms], "=", 0.0)


Entry = tuple[int, int, float]


def _activity(network: Network, columns: Operation) -> Iterator[Entry]:
    case, node, classes = network.case, network.nodes.row, network.classes
    modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
    at_site = {p.id: p.origin_at_site for p in case.processes.values()}
    index = columns.activity.index
    for label, name, mode_name, cls, period in zip(
        columns.activity.labels.tolist(),
        index["asset"],
        index["mode"],
        index["class"],
        index["period"],
        strict=True,
    ):
        asset = case.assets[name]
        mode = modes[asset.process, mode_name]
        for made, amount in mode.outputs.items():
            yield node(asset.site, made, classes.landing(made, cls), period), label, amount
        for needed, amount in mode.inputs.items():
            taken = ANY if at_site[asset.process] else classes.landing(needed, cls)
            yield node(asset.site, needed, taken, period), label, -amount


def _trade(network: Network, columns: Operation) -> Iterator[Entry]:
    case, node = network.case, network.nodes.row
    bought = columns.purchase.index
    for label, offer, site, cls, period in zip(
        columns.purchase.labels.tolist(),
        bought["offer"],
        bought["site"],
        bought["class"],
        bought["period"],
        strict=True,
    ):
        yield node(site, case.offers[offer].material, cls, period), label, 1.0
    sold = columns.sale.index
    for label, taker, site, cls, period in zip(
        columns.sale.labels.tolist(),
        sold["taker"],
        sold["site"],
        sold["class"],
        sold["period"],
        strict=True,
    ):
        yield node(site, case.takers[taker].material, cls, period), label, -1.0


def _moves(network: Network, columns: Operation) -> Iterator[Entry]:
    node, lanes, index = network.nodes.row, network.case.lanes, columns.flow.index
    for label, number, cls, period in zip(
        columns.flow.labels.tolist(), index["lane"], index["class"], index["period"], strict=True
    ):
        lane = lanes[number]
        yield node(lane.start, lane.material, cls, period), label, -1.0
        yield node(lane.end, lane.material, cls, period), label, 1.0


def _service(network: Network, columns: Operation) -> Iterator[Entry]:
    case, node, index = network.case, network.nodes.row, columns.service.index
    for label, name, number, site, cls, period in zip(
        columns.service.labels.tolist(),
        index["demand"],
        index["alternative"],
        index["site"],
        index["class"],
        index["period"],
        strict=True,
    ):
        choice = case.demands[name].alternatives[number]
        yield node(site, choice.material, cls, period), label, -choice.amount


def _rest(network: Network, columns: Operation) -> Iterator[Entry]:
    node, unsold = network.nodes.row, columns.unsold.index
    for label, site, material, cls, period in zip(
        columns.unsold.labels.tolist(),
        unsold["site"],
        unsold["material"],
        unsold["class"],
        unsold["period"],
        strict=True,
    ):
        yield node(site, material, cls, period), label, -1.0
    lower = columns.downgrade.index
    for label, site, material, cls, worse, period in zip(
        columns.downgrade.labels.tolist(),
        lower["site"],
        lower["material"],
        lower["class"],
        lower["worse"],
        lower["period"],
        strict=True,
    ):
        yield node(site, material, cls, period), label, -1.0
        yield node(site, material, worse, period), label, 1.0
    kept = columns.storage.filled.index
    for filled, drawn, name, cls, period in zip(
        columns.storage.filled.labels.tolist(),
        columns.storage.drawn.labels.tolist(),
        kept["stock"],
        kept["class"],
        kept["period"],
        strict=True,
    ):
        stock = network.case.stocks[name]
        yield node(stock.site, stock.material, cls, period), filled, -1.0
        yield node(stock.site, stock.material, cls, period), drawn, 1.0
