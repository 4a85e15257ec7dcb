"""What building costs, what is left of it, and the limits on it."""

from __future__ import annotations

import numpy as np

from coercivity.chain.plants import Option
from coercivity.chain.trade import Limit
from coercivity.dispatch.builder import ModelBuilder
from coercivity.dispatch.network import Network
from coercivity.planning.investments import Entry, Investments, terms_of


def module_capital(network: Network, option: Option, period: int) -> float:
    """Give the overnight cost of one module decided on in a period. [million]"""
    return float(option.capital[network.horizon.starts[period] - network.horizon.first_year])


def discounted_capital(network: Network, option: Option, period: int) -> float:
    r"""Give the present value of what is paid for one module. [million]

    .. math:: \kappa_{o,t} = capital_o \sum_{y} p_{o,y-t}\,(1+r)^{-(y - y_0 + shift)}

    over the years inside the horizon, with :math:`p` the payments of `Option.payments`.
    """
    horizon = network.horizon
    payments = option.payments(horizon.starts[period])
    factors = {y: float(f) for y, f in zip(horizon.years, horizon.discount_factors, strict=True)}
    paid = sum(part * factors.get(year, 0.0) for year, part in payments.items())
    return module_capital(network, option, period) * paid


def discounted_salvage(network: Network, option: Option, period: int) -> float:
    r"""Give the present value of what one module is worth at the end. [million]

    .. math:: \sigma_{o,t} = capital_o \cdot unexpired_{o,t}\,(1+r)^{-N} \le \kappa_{o,t}
    """
    horizon = network.horizon
    share = option.salvage_share(horizon.starts[period], horizon_end=horizon.end)
    worth = module_capital(network, option, period) * share * horizon.end_factor
    return min(worth, discounted_capital(network, option, period))


def price_investments(builder: ModelBuilder, network: Network, investments: Investments) -> None:
    """Register capital and, as a negative cost, salvage."""
    capital = np.zeros(builder.column_count)
    salvage = np.zeros(builder.column_count)
    for name, period, entries in investments.all_starts():
        option = network.case.options[name]
        cost = discounted_capital(network, option, period)
        worth = discounted_salvage(network, option, period)
        for label, value in entries:
            capital[label] += value * cost
            salvage[label] -= value * worth
    labels = investments.block.labels
    builder.add_cost("capital", investments.block, capital[labels])
    builder.add_cost("salvage", investments.block, salvage[labels])


def _share(limit: Limit, option: Option, network: Network) -> float:
    """Give the part of an option's capital or starts that a limit counts. [fraction]"""
    if limit.scope == "public":
        return option.public_share
    if limit.scope == "private":
        return 1 - option.public_share
    if limit.scope == "project":
        return float(option.project == limit.target)
    if limit.scope == "country":
        asset = network.case.assets.get(option.adds_to)
        site = asset.site if asset is not None else network.case.links[option.adds_to].end
        return float(network.case.sites[site].country == limit.target)
    return 1.0


def limit_capital(builder: ModelBuilder, network: Network, investments: Investments) -> None:
    r"""Keep what is spent in a calendar year within each limit.

    .. math:: \sum_{o,t} share_o\, capital_o\, s_{o,y-t}\, y_{o,t} \le limit_y

    Spending counts in the years of construction, however it is financed. Constraint name
    ``capital_limit``; its dual is what one more million in that year is worth.
    """
    rows: list[list[Entry]] = []
    right: list[float] = []
    index: dict[str, list[object]] = {"limit": [], "year": []}
    for limit in network.case.limits:
        if limit.kind != "capital":
            continue
        spent = _spent_by_year(network, investments, limit)
        for year, amount in zip(network.horizon.years, limit.amount, strict=True):
            if np.isfinite(amount) and spent.get(year):
                rows.append(spent[year])
                right.append(float(amount))
                index["limit"].append(limit.id)
                index["year"].append(year)
    builder.add_rows("capital_limit", index, [terms_of(rows)], "<=", np.array(right))


def _spent_by_year(
    network: Network, investments: Investments, limit: Limit
) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for name, period, entries in investments.all_starts():
        option = network.case.options[name]
        counted = _share(limit, option, network) * module_capital(network, option, period)
        for year, part in option.spending(network.horizon.starts[period]).items():
            if counted:
                found.setdefault(year, []).extend(
                    (label, value * part * counted) for label, value in entries
                )
    return found


def limit_starts(builder: ModelBuilder, network: Network, investments: Investments) -> None:
    r"""Keep the modules decided on in a period within each limit, counted over its years.

    .. math:: \sum_o y_{o,t} \le \sum_{y \in t} limit_y

    Constraint name ``start_limit``.
    """
    rows: list[list[Entry]] = []
    right: list[float] = []
    index: dict[str, list[object]] = {"limit": [], "period": []}
    for limit in network.case.limits:
        if limit.kind != "starts":
            continue
        totals = network.horizon.mean_by_period(limit.amount) * network.lengths
        counted: dict[int, list[Entry]] = {}
        for name, period, entries in investments.all_starts():
            if _share(limit, network.case.options[name], network) > 0:
                counted.setdefault(period, []).extend(entries)
        for period, row in sorted(counted.items()):
            if np.isfinite(totals[period]):
                rows.append(row)
                right.append(float(totals[period]))
                index["limit"].append(limit.id)
                index["period"].append(period)
    builder.add_rows("start_limit", index, [terms_of(rows)], "<=", np.array(right))
