"""Product without a taker is product that was made: nothing else is thrown away."""

from __future__ import annotations

from coercivity.dispatch.balances import Operation
from coercivity.dispatch.builder import Block, Family, Index, ModelBuilder, Terms
from coercivity.dispatch.network import Network

Key = tuple[str, str, int]
"""Site, material and period."""


def leave_only_what_is_made(builder: ModelBuilder, network: Network, columns: Operation) -> Family:
    r"""Leave no more of a material unsold at a site than is made there.

    .. math:: \sum_k w_{i,m,k,t} \le \sum_{a \in i} out_m\, x_{a,t}

    ============  ============  ========  ===========================================
    Symbol        Name          Unit      Meaning
    ============  ============  ========  ===========================================
    :math:`w`     ``unsold``    kt/year   product without a taker
    :math:`x`     ``activity``  kt/year   times what the recipe makes
    ============  ============  ========  ===========================================

    Constraint name ``unsold_is_made``; there is one only where the material can also come from
    elsewhere: bought, moved in, or drawn from a stock. Its dual is what getting rid of a tonne
    more is worth.
    """
    elsewhere = _other_sources(network, columns)
    unsold = columns.unsold
    keys = zip(*(unsold.index[name] for name in ("site", "material", "period")), strict=True)
    shared = dict.fromkeys(key for key in keys if key[:2] in elsewhere)
    numbers = {key: row for row, key in enumerate(shared)}
    left = _entries(unsold, numbers)
    index: Index = {
        name: [key[place] for key in numbers]
        for place, name in enumerate(("site", "material", "period"))
    }
    made = _made(network, columns.activity, numbers)
    return builder.add_rows("unsold_is_made", index, [left, made], "<=", 0.0)


def _other_sources(network: Network, columns: Operation) -> set[tuple[str, str]]:
    case, bought = network.case, columns.purchase.index
    stocked = {(s.site, s.material) for s in case.stocks.values()}
    offered = {
        (site, case.offers[number].material)
        for number, site in zip(bought["offer"], bought["site"], strict=True)
    }
    moved = {(lane.end, lane.material) for lane in case.lanes}
    return stocked | offered | moved


def _entries(unsold: Block, numbers: dict[Key, int]) -> Terms:
    keys = zip(*(unsold.index[name] for name in ("site", "material", "period")), strict=True)
    found = [
        (numbers[key], label)
        for key, label in zip(keys, unsold.labels.tolist(), strict=True)
        if key in numbers
    ]
    return Terms.of([row for row, _ in found], [label for _, label in found], 1.0)


def _made(network: Network, activity: Block, numbers: dict[Key, int]) -> Terms:
    case, index = network.case, activity.index
    modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
    rows: list[int] = []
    labels: list[int] = []
    values: list[float] = []
    for label, name, mode, period in zip(
        activity.labels.tolist(), index["asset"], index["mode"], index["period"], strict=True
    ):
        asset = case.assets[name]
        for made, amount in modes[asset.process, mode].outputs.items():
            row = numbers.get((asset.site, made, period))
            if row is not None:
                rows.append(row)
                labels.append(label)
                values.append(-amount)
    return Terms.of(rows, labels, values)
