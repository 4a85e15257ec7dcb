"""Can every demand be reached, and can every asset run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coercivity.chain.case import Case
from coercivity.chain.plants import Asset
from coercivity.foundation.problems import Problem, Severity
from coercivity.tables import CaseTables, Row


def check_reach(tables: CaseTables, case: Case) -> Iterator[Problem]:
    """Check demands and assets against what can come to be at their sites."""
    yield from _demands(tables, case)
    yield from _assets(tables, case)


def _demands(tables: CaseTables, case: Case) -> Iterator[Problem]:
    told: set[str] = set()
    for row in tables.tables["demands"].rows():
        name = row.text("id")
        demand = case.demands[name]
        if name in told:
            continue
        told.add(name)
        if not demand.alternatives:
            yield Problem(
                "C201",
                row.place("id"),
                f"demand '{name}' names no material that serves it",
                "List at least one in demand_materials.csv.",
            )
            continue
        reached = any(
            (site, choice.material) in case.sources
            for site in demand.sites
            for choice in demand.alternatives
        )
        if not reached:
            wanted = ", ".join(f"'{choice.material}'" for choice in demand.alternatives)
            where = ", ".join(f"'{site}'" for site in demand.sites[:3]) or "no site"
            yield Problem(
                "C202",
                row.place("id"),
                f"demand '{name}' cannot be reached: nothing can bring {wanted} to {where}",
                "Add a supplier, a link or link rule to its place, or a plant that makes it.",
            )


def _states(asset: Asset, row: Row) -> Iterator[Problem]:
    if asset.has_states and np.isinf(asset.capacity).any():
        yield Problem(
            "C219",
            row.place("nameplate_capacity"),
            f"asset '{asset.id}' is unlimited, but can be kept or retired",
            "A fixed, care or restart cost, a turndown and mothballing need a capacity: give it a "
            "number, or leave them empty.",
        )


def _capable(asset: Asset, case: Case) -> bool:
    return bool((asset.capacity > 0).any()) or asset.id in case.options_of


def _assets(tables: CaseTables, case: Case) -> Iterator[Problem]:
    for row in tables.tables["assets"].rows():
        asset = case.assets.get(row.text("id"))
        if asset is None:
            continue
        yield from _states(asset, row)
        if not _capable(asset, case):
            yield Problem(
                "C203",
                row.place("nameplate_capacity"),
                f"asset '{asset.id}' can never run: it has no capacity and no option adds any",
                "Give it a capacity (an empty cell is 0), check its years, or add an option.",
                Severity.WARNING,
            )
            continue
        modes = case.processes[asset.process].modes
        if modes and not any(
            all((asset.site, needed) in case.sources for needed in mode.inputs) for mode in modes
        ):
            missing = sorted(
                {m for mode in modes for m in mode.inputs if (asset.site, m) not in case.sources}
            )
            yield Problem(
                "C204",
                row.place("process"),
                f"asset '{asset.id}' can never run: {', '.join(repr(m) for m in missing)} cannot "
                f"reach site '{asset.site}'",
                "Add a supplier, a link or a link rule that brings it.",
                Severity.WARNING,
            )
