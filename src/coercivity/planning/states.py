"""Keeping, mothballing, restarting and retiring assets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.chain.plants import Asset
from coercivity.dispatch.builder import Block, Index, ModelBuilder, Terms
from coercivity.dispatch.capacity import activity_entries, expansion_entries
from coercivity.dispatch.network import Network
from coercivity.planning.investments import Entry, Investments, terms_of

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class States:
    """The yes/no columns of assets that cost something to keep."""

    kept: Block
    mothballed: Block
    restarted: Block


def _there(network: Network, asset: Asset) -> np.ndarray:
    """Give 1 in years in which an asset exists, or could from modules; also while unavailable."""
    horizon, there = network.horizon, asset.capacity > 0
    options = network.case.options_of.get(asset.id, ())
    starts = [
        option.first_output_year(horizon.starts[period])
        for option in options
        for period in network.decisions(option)
    ]
    if starts:
        present = [year for year, has in zip(horizon.years, there, strict=True) if has]
        there = np.asarray(horizon.years) >= min([*starts, *present])
    return there.astype(float)


def _with_capacity(network: Network) -> list[tuple[Asset, int]]:
    return [
        (asset, int(period))
        for asset in network.case.assets.values()
        if asset.has_states
        for period in np.flatnonzero(network.mean(_there(network, asset)))
    ]


def _may_be_mothballed(asset: Asset) -> bool:
    """Tell whether an asset may stand idle: at a stated cost, as it began, or at no cost."""
    free = not np.any(asset.fixed_cost > 0)
    return asset.care_cost is not None or asset.status == "mothballed" or free


def add_states(builder: ModelBuilder, network: Network) -> States:
    """Add the state columns of every asset for which a state costs something or binds."""
    present = _with_capacity(network)
    idle = [(a, p) for a, p in present if _may_be_mothballed(a)]
    back = [(a, p) for a, p in idle if a.restart_cost > 0]

    def block(name: str, keys: list[tuple[Asset, int]], *, integer: bool) -> Block:
        index: Index = {"asset": [a.id for a, _ in keys], "period": [p for _, p in keys]}
        return builder.add_columns(name, index, upper=1.0, integer=integer)

    return States(
        kept=block("kept", present, integer=True),
        mothballed=block("mothballed", idle, integer=True),
        restarted=block("restarted", back, integer=False),
    )


def _columns(block: Block) -> dict[Key, int]:
    keys = zip(block.index["asset"], block.index["period"], strict=True)
    return dict(zip(keys, block.labels.tolist(), strict=True))


def _arrivals(network: Network, investments: Investments) -> dict[Key, list[Entry]]:
    """Write the modules that give their first output in each period, by asset."""
    horizon = network.horizon
    found: dict[Key, list[Entry]] = {}
    for name, decision, entries in investments.all_starts():
        option = network.case.options[name]
        year = option.first_output_year(horizon.starts[decision])
        period = int(horizon.period_of_year[year - horizon.first_year])
        found.setdefault((option.adds_to, period), []).extend(entries)
    return found


def run_states(
    builder: ModelBuilder, network: Network, states: States, investments: Investments
) -> None:
    r"""Let an asset be kept, mothballed or retired, and come back only with a new module.

    .. math::

        k_{a,t} + m_{a,t} \le 1, \qquad
        k_{a,t} + m_{a,t} \le k_{a,t-1} + m_{a,t-1} + n_{a,t}, \qquad
        r_{a,t} \ge k_{a,t} - k_{a,t-1} - n_{a,t}

    with :math:`n` the capacity that arrives in the period: modules with their first output, or 1
    where existing capacity begins. Constraint names ``one_state``, ``state_lasts``,
    ``restart_counted``.
    """
    kept, idle, back = (_columns(b) for b in (states.kept, states.mothballed, states.restarted))
    arrivals = _arrivals(network, investments)
    both = [key for key in kept if key in idle]
    rows = [[(kept[key], 1.0), (idle[key], 1.0)] for key in both]
    builder.add_rows("one_state", _index(both), [terms_of(rows)], "<=", 1.0)
    _lasting(builder, network, (kept, idle), arrivals)
    _restarting(builder, network, (kept, back), arrivals)


def _index(keys: list[Key]) -> dict[str, list[object]]:
    return {"asset": [k[0] for k in keys], "period": [k[1] for k in keys]}


def _begins(network: Network, asset: str, period: int) -> bool:
    existing = network.mean(network.case.assets[asset].capacity)
    return bool(existing[period] > 0 and (period == 0 or existing[period - 1] <= 0))


def _lasting(
    builder: ModelBuilder,
    network: Network,
    columns: tuple[dict[Key, int], dict[Key, int]],
    arrivals: dict[Key, list[Entry]],
) -> None:
    kept, idle = columns
    rows: list[list[Entry]] = []
    right: list[float] = []
    for key in kept:
        before = (key[0], key[1] - 1)
        now = [(c[key], 1.0) for c in columns if key in c]
        past = [(c[before], -1.0) for c in columns if before in c]
        new = [(label, -value) for label, value in arrivals.get(key, ())]
        rows.append([*now, *past, *new])
        right.append(float(_begins(network, *key)))
    builder.add_rows("state_lasts", _index(list(kept)), [terms_of(rows)], "<=", np.array(right))


def _restarting(
    builder: ModelBuilder,
    network: Network,
    columns: tuple[dict[Key, int], dict[Key, int]],
    arrivals: dict[Key, list[Entry]],
) -> None:
    kept, back = columns
    rows: list[list[Entry]] = []
    right: list[float] = []
    for key in back:
        asset = network.case.assets[key[0]]
        before = (key[0], key[1] - 1)
        past = [(kept[before], 1.0)] if before in kept else []
        new = list(arrivals.get(key, ()))
        rows.append([(back[key], 1.0), (kept[key], -1.0), *past, *new])
        running = _begins(network, *key) and asset.status != "mothballed"
        right.append(-float(running))
    builder.add_rows("restart_counted", _index(list(back)), [terms_of(rows)], ">=", np.array(right))


def bind_states(
    builder: ModelBuilder,
    network: Network,
    states: States,
    activity: Block,
    expansion: dict[Key, list[Entry]],
) -> None:
    r"""Let only a kept asset run, and above its turndown.

    .. math::

        \sum use\, x_{a,t} \le \overline{K}^{max}_{a,t} k_{a,t}, \qquad
        \sum use\, x_{a,t} \ge \tau_a \big(K_{a,t} - \overline{K}^{max}_{a,t} (1 - k_{a,t})\big)

    Constraint names ``runs_while_kept``, ``turndown``.
    """
    kept = {k: c for k, c in _columns(states.kept).items() if network.highest[k[0]][k[1]] > 0}
    numbers = {key: row for row, key in enumerate(kept)}
    most = np.array([network.highest[a][p] for a, p in kept])
    rows = np.arange(len(kept))
    running = activity_entries(network, activity, numbers)
    switch = Terms.of(rows, list(kept.values()), -most)
    builder.add_rows("runs_while_kept", _index(list(kept)), [running, switch], "<=", 0.0)
    floors = [key for key in kept if network.case.assets[key[0]].turndown > 0]
    numbers = {key: row for row, key in enumerate(floors)}
    least = np.array([network.case.assets[a].turndown for a, _ in floors])
    most = np.array([network.highest[a][p] for a, p in floors])
    existing = np.array([network.capacity[a][p] for a, p in floors])
    built = expansion_entries(expansion, numbers)
    terms = [
        activity_entries(network, activity, numbers),
        Terms.of(built.rows, built.labels, built.coefficients * least[built.rows]),
        Terms.of(np.arange(len(floors)), [kept[key] for key in floors], -least * most),
    ]
    builder.add_rows("turndown", _index(floors), terms, ">=", least * (existing - most))


def price_states(builder: ModelBuilder, network: Network, states: States) -> None:
    """Register fixed cost, care and restarts."""
    horizon = network.horizon
    there = {a.id: _there(network, a) for a in network.case.assets.values() if a.has_states}
    fixed, care, restart = [], [], []
    for name, period in zip(states.kept.index["asset"], states.kept.index["period"], strict=True):
        asset = network.case.assets[name]
        fixed.append(network.yearly_cost(asset.fixed_cost * there[name])[period])
    idle = states.mothballed.index
    for name, period in zip(idle["asset"], idle["period"], strict=True):
        asset = network.case.assets[name]
        cost = 0.0 if asset.care_cost is None else asset.care_cost
        care.append(network.yearly_cost(cost * there[name])[period])
    back = states.restarted.index
    for name, period in zip(back["asset"], back["period"], strict=True):
        year = horizon.starts[period] - horizon.first_year
        factor = float(horizon.discount_factors[year])
        restart.append(network.case.assets[name].restart_cost * factor)
    builder.add_cost("fixed", states.kept, np.array(fixed))
    builder.add_cost("care", states.mothballed, np.array(care))
    builder.add_cost("restart", states.restarted, np.array(restart))
