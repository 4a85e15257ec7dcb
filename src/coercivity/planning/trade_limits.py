"""Limits on exports, imports and emissions, and shares of demand that must be served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from coercivity.chain.trade import Limit, Target
from coercivity.dispatch.balances import Operation
from coercivity.dispatch.builder import ModelBuilder, Terms
from coercivity.dispatch.network import TONNES_PER_UNIT, Network
from coercivity.planning.investments import Entry, terms_of


def limit_trade(builder: ModelBuilder, network: Network, columns: Operation) -> None:
    r"""Keep exports, imports and emissions within each limit.

    .. math::

        \sum_{f\ \text{out of the country}} f_t
        + \sum_{b\ \text{without place}} s_t \le limit_t

    and likewise into it with suppliers without a place; emissions are what processes give of the
    material. Constraint name ``trade_limit``. [kt/year]
    """
    rows: list[list[Entry]] = []
    right: list[float] = []
    index: dict[str, list[object]] = {"limit": [], "period": []}
    counts = {"exports": _crossing, "imports": _crossing, "emissions": _emitted}
    for limit in network.case.limits:
        if limit.kind not in counts:
            continue
        most = network.horizon.mean_by_period(limit.amount) / TONNES_PER_UNIT
        found: dict[int, list[Entry]] = {}
        for period, entry in counts[limit.kind](network, columns, limit):
            found.setdefault(period, []).append(entry)
        for period in sorted(p for p in found if np.isfinite(most[p])):
            rows.append(found[period])
            right.append(float(most[period]))
            index["limit"].append(limit.id)
            index["period"].append(period)
    builder.add_rows("trade_limit", index, [terms_of(rows)], "<=", np.array(right))


def _crossing(network: Network, columns: Operation, limit: Limit) -> Iterator[tuple[int, Entry]]:
    case, leaving = network.case, limit.kind == "exports"
    flow = columns.flow.index
    for label, number, period in zip(
        columns.flow.labels.tolist(), flow["lane"], flow["period"], strict=True
    ):
        lane = case.lanes[number]
        start, end = case.sites[lane.start].country, case.sites[lane.end].country
        counted = start if leaving else end
        if start != end and _counts(limit, counted, lane.material):
            yield period, (label, 1.0)
    block = columns.sale if leaving else columns.purchase
    nouns = case.takers if leaving else case.offers
    names = block.index["taker" if leaving else "offer"]
    for label, number, site, period in zip(
        block.labels.tolist(), names, block.index["site"], block.index["period"], strict=True
    ):
        noun = nouns[number]
        if noun.country is None and _counts(limit, case.sites[site].country, noun.material):
            yield period, (label, 1.0)


def _counts(limit: Limit, country: str, material: str) -> bool:
    right_place = limit.scope == "all" or limit.target == country
    return right_place and limit.material in {None, material}


def _emitted(network: Network, columns: Operation, limit: Limit) -> Iterator[tuple[int, Entry]]:
    case, index = network.case, columns.activity.index
    modes = {(p.id, m.name): m for p in case.processes.values() for m in p.modes}
    for label, name, mode, period in zip(
        columns.activity.labels.tolist(),
        index["asset"],
        index["mode"],
        index["period"],
        strict=True,
    ):
        asset = case.assets[name]
        amount = modes[asset.process, mode].outputs.get(limit.material or "", 0.0)
        inside = {
            "all": True,
            "country": case.sites[asset.site].country == limit.target,
            "project": asset.project == limit.target,
        }.get(limit.scope, True)
        if amount and inside:
            yield period, (label, amount)


def meet_targets(
    builder: ModelBuilder, network: Network, columns: Operation, targets: Iterable[Target]
) -> None:
    r"""Serve at least a share of a segment's demand, by a class or better.

    .. math:: \sum_{d \in segment}\ \sum_{k \le class} g_{d,k,t} \ge share \sum_d demand_{d,t}

    from the target's year to the end of the report. Constraint name ``target_is_met``; its dual is
    what a tonne less of the target would save. [kt/year]
    """
    wanted = list(targets)
    keys = [
        (number, period)
        for number, target in enumerate(wanted)
        for period in _target_periods(network, target)
    ]
    rows = {key: row for row, key in enumerate(keys)}
    builder.add_rows(
        "target_is_met",
        {"target": [wanted[n].id for n, _ in rows], "period": [p for _, p in rows]},
        [_served(network, columns, wanted, rows)],
        ">=",
        np.array([_asked(network, wanted[n])[p] * wanted[n].share for n, p in rows]),
    )


def _target_periods(network: Network, target: Target) -> list[int]:
    return [
        period
        for period, first in enumerate(network.horizon.starts)
        if network.horizon.boundaries[period + 1] > target.year
        and first <= network.case.report_until
    ]


def _asked(network: Network, target: Target) -> np.ndarray:
    amounts = [
        network.mass(demand.amount)
        for demand in network.case.demands.values()
        if demand.segment == target.segment
    ]
    return np.sum(amounts, axis=0) if amounts else np.zeros(network.periods)


def _served(
    network: Network,
    columns: Operation,
    targets: Sequence[Target],
    rows: dict[tuple[int, int], int],
) -> Terms:
    case, index, rank = network.case, columns.service.index, network.case.origin.rank
    numbers: list[int] = []
    labels: list[int] = []
    for label, name, cls, period in zip(
        columns.service.labels.tolist(),
        index["demand"],
        index["class"],
        index["period"],
        strict=True,
    ):
        for number, target in enumerate(targets):
            if (
                (number, period) in rows
                and case.demands[name].segment == target.segment
                and rank(cls) <= rank(target.origin_class)
            ):
                numbers.append(rows[number, period])
                labels.append(label)
    return Terms.of(numbers, labels, 1.0)
