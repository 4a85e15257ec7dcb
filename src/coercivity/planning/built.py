"""The chain as a plan leaves it: what is built stands there, and nothing more is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from coercivity.chain import Case, load_case
from coercivity.chain.plants import Asset
from coercivity.foundation.periods import Array
from coercivity.results import Run

Modules = Mapping[tuple[str, int], int]
"""Modules by option and decision year. [count]"""


def with_builds(case: Case, modules: Modules, *, idle: Mapping[str, Array] | None = None) -> Case:
    r"""Turn a plan's modules into standing capacity.

    .. math::

        K_{a,y} = existing_{a,y} + \sum_{o,t} n_{o,t}\, size_o\,\rho_{o,\,y-t-permit-build}

    Options, limits on building, and the decisions to keep or close plants are gone, so what is
    left is a linear model of operation. A least share of capacity (``turndown``) no longer binds.

    Parameters
    ----------
    case
        The case that was planned.
    modules
        Modules decided on, by option and decision year. [count]
    idle
        Years in which an asset is mothballed or retired: 1 there, else 0; one value a year of the
        horizon. Assets not named never are.

    Returns
    -------
    Case
        The same case with larger assets and links.

    Raises
    ------
    KeyError
        If the case does not have an option.
    """
    added: dict[str, Array] = {}
    years = case.horizon.years
    for (name, decision), count in modules.items():
        option = case.options[name]
        more = count * option.size * option.output_shares(decision, years)
        added[option.adds_to] = added.get(option.adds_to, np.zeros(len(years))) + more
    closed = idle or {}
    assets = {
        asset.id: _standing(asset, added.get(asset.id), closed.get(asset.id))
        for asset in case.assets.values()
    }
    links = {
        link.id: replace(link, capacity=link.capacity + added.get(link.id, 0.0))
        for link in case.links.values()
    }
    limits = tuple(limit for limit in case.limits if limit.kind not in ("capital", "starts"))
    return replace(case, assets=assets, links=links, options={}, limits=limits)


def _standing(asset: Asset, added: Array | None, idle: Array | None) -> Asset:
    capacity = asset.capacity if added is None else asset.capacity + added
    least = asset.least_activity
    if idle is not None:
        capacity, least = np.where(idle > 0, 0.0, capacity), np.where(idle > 0, 0.0, least)
    return replace(
        asset,
        capacity=capacity,
        least_activity=least,
        status="operating",
        turndown=0.0,
        fixed_cost=np.zeros_like(asset.fixed_cost),
        care_cost=None,
        restart_cost=0.0,
    )


def built_case(run: Run) -> Case:
    """Read the chain that a plan leaves behind.

    Parameters
    ----------
    run
        A run of ``plan``.

    Raises
    ------
    RunError
        If the run has no table of builds, or it cannot be read.
    CaseError
        If its frozen case cannot be read.
    """
    case, _, _ = load_case(run.inputs)
    modules, idle = decided(case, run)
    return with_builds(case, modules, idle=idle)


def decided(case: Case, run: Run) -> tuple[dict[tuple[str, int], int], dict[str, Array]]:
    """Read what a plan decided: its modules, and the years in which assets are idle.

    Parameters
    ----------
    case
        The case that was planned.
    run
        The plan.

    Returns
    -------
    tuple
        Modules by option and decision year, and idle years by asset, as for `with_builds`.
    """
    return modules_of(run.table("builds")), _idle(case, run)


def modules_of(builds: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Read the modules of the table ``builds``, by option and decision year. [count]"""
    found: dict[tuple[str, int], int] = {}
    for option, year, count in zip(
        builds["option"], builds["decision_year"], builds["modules"], strict=True
    ):
        key = (str(option), int(year))
        found[key] = found.get(key, 0) + int(count)
    return found


def _idle(case: Case, run: Run) -> dict[str, Array]:
    if "states" not in run.tables:
        return {}
    states, horizon = run.table("states"), case.horizon
    period = {year: number for number, year in enumerate(horizon.starts)}
    found: dict[str, Array] = {}
    for asset, year, state in zip(states["asset"], states["year"], states["state"], strict=True):
        marks = found.setdefault(str(asset), np.zeros(len(horizon.years)))
        if state != "kept":
            marks[horizon.period_of_year == period[int(year)]] = 1.0
    return found
