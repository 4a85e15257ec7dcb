"""A project as a plan builds and runs it: decision years, sizes and activity taken as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from coercivity.chain import Case
from coercivity.finance.compiled import Array
from coercivity.finance.projects.from_case import (
    Calendar,
    Decision,
    assets_of_project,
    calendar_of,
    operation_between,
    running_of,
    yearly_cost,
)
from coercivity.finance.projects.operation import Operation, Running


def operation_of_activity(
    case: Case,
    project: str,
    *,
    decisions: Sequence[Decision],
    activity: Mapping[tuple[str, str], Array],
    built_share: Mapping[str, Array],
) -> Operation:
    """Describe a project by what a plan decided.

    Parameters
    ----------
    case
        The case.
    project
        Id of the project.
    decisions
        What the plan builds of it.
    activity
        By asset and mode, and year of the case; after the horizon its last year is held. [t/year]
    built_share
        Part of each asset's capacity that the plan builds, by year of the case. [fraction]
    """
    assets = assets_of_project(case, project, decisions)
    calendar = calendar_of(case, decisions)
    names = {asset.id for asset in assets}
    own = {key: values for key, values in activity.items() if key[0] in names}
    one = np.ones(len(case.horizon.years))
    kept = {key: values * (1 - built_share.get(key[0], 0 * one)) for key, values in own.items()}
    return operation_between(
        case,
        project,
        calendar,
        before=_running(case, calendar, kept),
        after=_running(case, calendar, own),
        decisions=decisions,
        assets=assets,
    )


def _running(case: Case, calendar: Calendar, activity: Mapping[tuple[str, str], Array]) -> Running:
    net: dict[str, Array] = {}
    costs: dict[str, Array] = {}
    for year in range(calendar.years):
        place = calendar.place(year)
        ran = {key: float(values[place]) for key, values in activity.items() if values[place] > 0}
        for (asset, used), amount in ran.items():
            modes = case.processes[case.assets[asset].process].modes
            mode = next(one for one in modes if one.name == used)
            for sign, table in ((1, mode.outputs), (-1, mode.inputs)):
                for material, share in table.items():
                    series = net.setdefault(material, np.zeros(calendar.years))
                    series[year] += sign * share * amount / 1000
        capacity = {asset: 1.0 for asset, _ in ran}
        for asset, spent in yearly_cost(case, ran, place, capacity).items():
            costs.setdefault(asset, np.zeros(calendar.years))[year] = spent
    clean = {m: np.where(np.abs(v) > 1e-9, v, 0.0) for m, v in net.items()}
    return running_of(case, clean, costs, years=calendar.years)
