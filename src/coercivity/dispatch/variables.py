"""Columns of operation: activity, flow, purchase, sale, service and what is left unsold."""

from __future__ import annotations

import numpy as np

from coercivity.chain.plants import Asset
from coercivity.chain.processes import Mode
from coercivity.dispatch.builder import Block, ModelBuilder
from coercivity.dispatch.network import Network


def add_activity(builder: ModelBuilder, network: Network) -> Block:
    r"""Add :math:`x_{a,m,k,t}`, how much an asset runs a mode in a class.

    ==========  ============  ========  =============================================
    Symbol      Name          Unit      Meaning
    ==========  ============  ========  =============================================
    :math:`x`   ``activity``  kt/year   tonnes of the mode's reference material
    ==========  ============  ========  =============================================
    """
    found: list[tuple[str, str, str, int]] = []
    for asset in network.case.assets.values():
        for mode in network.case.processes[asset.process].modes:
            if _can_run(network, asset, mode):
                found += _columns_of_mode(network, asset, mode)
    return builder.add_columns("activity", _index(found, ("asset", "mode", "class", "period")))


def _can_run(network: Network, asset: Asset, mode: Mode) -> bool:
    sources = network.case.sources
    return all((asset.site, needed) in sources for needed in mode.inputs)


def _columns_of_mode(network: Network, asset: Asset, mode: Mode) -> list[tuple[str, str, str, int]]:
    running = (network.highest[asset.id] > 0) & network.spans(mode.first_year, mode.last_year)
    return [
        (asset.id, mode.name, name, period)
        for name in network.classes.of_mode(mode)
        for period, allowed in enumerate(network.classes.may_run(asset, mode, name))
        if allowed and running[period]
    ]


def _index(
    found: list[tuple[str, str, str, int]], names: tuple[str, ...]
) -> dict[str, list[object]]:
    return {name: [item[place] for item in found] for place, name in enumerate(names)}


def add_flow(builder: ModelBuilder, network: Network) -> Block:
    r"""Add :math:`f_{l,k,t}`, what moves on a lane in a class. [kt/year]"""
    lanes: list[int] = []
    classes: list[str] = []
    periods: list[int] = []
    for number, lane in enumerate(network.case.lanes):
        open_in = [p for p, is_open in enumerate(network.is_open(lane.open)) if is_open]
        for name in network.classes.tracked[lane.material]:
            lanes += [number] * len(open_in)
            classes += [name] * len(open_in)
            periods += open_in
    return builder.add_columns("flow", {"lane": lanes, "class": classes, "period": periods})


def add_purchase(builder: ModelBuilder, network: Network) -> Block:
    r"""Add :math:`u_{e,i,t}`, what is bought from a step of a supplier at a site. [kt/year]"""
    found: list[tuple[int, str, str, int]] = []
    upper: list[float] = []
    for number, offer in enumerate(network.case.offers):
        worth = network.classes.of_supply(offer.material, offer.country, offer.origin)
        offered = network.mass(offer.offered)
        sites = [s for s in offer.sites if (s, offer.material) in network.case.uses]
        for site in sites:
            for period in np.flatnonzero(offered > 0):
                found.append((number, site, worth[period], int(period)))
                upper.append(float(offered[period]) if len(sites) == 1 else np.inf)
    names = ("offer", "site", "class", "period")
    index = {name: [item[place] for item in found] for place, name in enumerate(names)}
    return builder.add_columns("purchase", index, upper=np.array(upper))


def add_sale(builder: ModelBuilder, network: Network) -> Block:
    r"""Add :math:`s_{b,i,k,t}`, what a step of a buyer takes at a site. [kt/year]"""
    found: list[tuple[int, str, str, int]] = []
    upper: list[float] = []
    for number, taker in enumerate(network.case.takers):
        most = network.mass(taker.most)
        sites = [s for s in taker.sites if (s, taker.material) in network.case.sources]
        classes = network.classes.tracked[taker.material]
        alone = len(sites) == 1 and len(classes) == 1
        for site in sites:
            for name in classes:
                for period in np.flatnonzero(most > 0):
                    found.append((number, site, name, int(period)))
                    upper.append(float(most[period]) if alone else np.inf)
    names = ("taker", "site", "class", "period")
    index = {name: [item[place] for item in found] for place, name in enumerate(names)}
    return builder.add_columns("sale", index, upper=np.array(upper))


def add_service(builder: ModelBuilder, network: Network) -> Block:
    r"""Add :math:`g_{d,m,i,k,t}`, demand served with a material of a class at a site. [kt/year]"""
    found: list[tuple[str, int, str, str, int]] = []
    for demand in network.case.demands.values():
        wanted = network.mass(demand.amount) > 0
        for number, choice in enumerate(demand.alternatives):
            open_in = wanted & network.spans(choice.first_year, None)
            classes = network.classes.accepted(choice.material, demand.origin_class)
            for site in demand.sites:
                if (site, choice.material) in network.case.sources:
                    found += [
                        (demand.id, number, site, name, int(period))
                        for name in classes
                        for period in np.flatnonzero(open_in)
                    ]
    names = ("demand", "alternative", "site", "class", "period")
    index = {name: [item[place] for item in found] for place, name in enumerate(names)}
    return builder.add_columns("service", index)


def add_shortfall(builder: ModelBuilder, network: Network) -> Block:
    r"""Add :math:`z_{d,t}`, demand that is not served, where that has a price. [kt/year]"""
    demands: list[str] = []
    periods: list[int] = []
    upper: list[float] = []
    for demand in network.case.demands.values():
        if demand.penalty is None:
            continue
        wanted = network.mass(demand.amount)
        for period in np.flatnonzero(wanted > 0):
            demands.append(demand.id)
            periods.append(int(period))
            upper.append(float(wanted[period]))
    return builder.add_columns(
        "shortfall", {"demand": demands, "period": periods}, upper=np.array(upper)
    )


def add_unsold(builder: ModelBuilder, network: Network, activity: Block) -> Block:
    r"""Add :math:`w_{i,m,k,t}`, product that finds no taker. [kt/year]

    There is none for a material whose disposal has a price in the case.
    """
    case = network.case
    modes = {p.id: {m.name: m for m in p.modes} for p in case.processes.values()}
    found: dict[tuple[str, str, str, int], None] = {}
    columns = activity.index
    for name, mode, cls, period in zip(
        columns["asset"], columns["mode"], columns["class"], columns["period"], strict=True
    ):
        asset = case.assets[str(name)]
        for made in modes[asset.process][str(mode)].outputs:
            if made not in case.priced_disposal:
                landing = network.classes.landing(made, str(cls))
                found[asset.site, made, landing, int(str(period))] = None
    names = ("site", "material", "class", "period")
    index = {name: [item[place] for item in found] for place, name in enumerate(names)}
    return builder.add_columns("unsold", index)


def add_downgrade(builder: ModelBuilder, network: Network, activity: Block) -> Block:
    r"""Add :math:`\delta_{i,m,k,t}`, material of a class used as the next worse one. [kt/year]"""
    case = network.case
    used: dict[tuple[str, str, int], None] = {}
    modes = {p.id: {m.name: m for m in p.modes} for p in case.processes.values()}
    columns = activity.index
    for name, mode, period in zip(
        columns["asset"], columns["mode"], columns["period"], strict=True
    ):
        asset = case.assets[str(name)]
        for needed in modes[asset.process][str(mode)].inputs:
            used[asset.site, needed, int(str(period))] = None
    found = [
        (site, material, better, worse, period)
        for site, material, period in used
        for better, worse in zip(
            network.classes.tracked[material][:-1],
            network.classes.tracked[material][1:],
            strict=True,
        )
    ]
    names = ("site", "material", "class", "worse", "period")
    index = {name: [item[place] for item in found] for place, name in enumerate(names)}
    return builder.add_columns("downgrade", index)
