"""Requirements of a case that contradict each other, in words and with their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.builder import Family
from coercivity.foundation.problems import Place
from coercivity.planning.model import PlanningModel
from coercivity.solvers import HighsModel, Requirement, StopSignal, find_conflict
from coercivity.tables import CaseTables


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One of the requirements that cannot all hold."""

    requirement: str
    """What is asked, in words."""
    place: str
    """Where it stands in the tables, or on the command line."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows or columns of a model that stand for one thing a user can change."""

    requirement: Requirement
    told: Contradiction
    stage: str | None = None
    """The stage whose capacity it is; None for anything else."""


def contradictions(
    model: PlanningModel, tables: CaseTables, *, stop: StopSignal | None = None
) -> list[Contradiction] | None:
    """Find requirements that cannot all hold although any of them left out would do.

    They are what a user can change: demands that must be met, targets, limits, least activities and
    flows, reserves, relations between options, what is offered, and the capacity of a stage after
    permits and construction. Found by leaving out ever more (a deletion filter), so every member
    matters; other such sets may exist.

    Returns
    -------
    list of Contradiction or None
        Empty where the rest contradicts itself; None where everything can hold.
    """
    groups = changeable(model, tables)
    highs = HighsModel(model.scaled.matrices)
    wanted = [group.requirement for group in groups]
    names = find_conflict(highs, wanted, integers=False, stop=stop)
    if names is None:
        names = find_conflict(highs, wanted, integers=True, stop=stop)
    if names is None:
        return None
    told = {group.requirement.name: group.told for group in groups}
    return [told[name] for name in names]


def changeable(model: PlanningModel, tables: CaseTables) -> list[Group]:
    """Gather the rows and columns of a model by what a user can change, targets last."""
    return [
        *_offers(model),
        *_stages(model),
        *_by_name(model, tables, "flow_within_capacity", "link", "links"),
        *_by_name(model, tables, "reserve", "asset", "assets"),
        *_by_name(model, tables, "option_requires", "option", "options"),
        *_by_name(model, tables, "option_excludes", "option", "options"),
        *_by_name(model, tables, "least_activity", "asset", "assets"),
        *_by_name(model, tables, "least_flow", "link", "links"),
        *_by_name(model, tables, "capital_limit", "limit", "limits"),
        *_by_name(model, tables, "start_limit", "limit", "limits"),
        *_by_name(model, tables, "trade_limit", "limit", "limits"),
        *_by_name(model, tables, "demand_is_met", "demand", "demands"),
        *_by_name(model, tables, "target_is_met", "target", "targets"),
    ]


WORDS = {
    "flow_within_capacity": "capacity of link '{}'",
    "reserve": "reserve of asset '{}'",
    "option_requires": "what option '{}' requires",
    "option_excludes": "what option '{}' excludes",
    "least_activity": "least activity of asset '{}'",
    "least_flow": "least flow of link '{}'",
    "capital_limit": "capital limit '{}'",
    "start_limit": "limit on starts '{}'",
    "trade_limit": "limit '{}'",
    "demand_is_met": "demand '{}' must be met",
    "target_is_met": "target '{}'",
}
"""How each family of rows is told to people."""


def _by_name(
    model: PlanningModel, tables: CaseTables, family: str, dimension: str, table: str
) -> Iterator[Group]:
    found = model.builder.families.get(family)
    if found is None or len(found.positions) == 0:
        return
    for name, rows in _rows_of(found, dimension).items():
        if family == "demand_is_met" and model.case.demands[name].penalty is not None:
            continue
        row = next((r for r in tables.tables[table].rows() if r["id"] == name), None)
        place = Place("--require") if row is None else row.place()
        told = Contradiction(WORDS[family].format(name), str(place))
        yield Group(Requirement(f"{family} {name}", rows=rows), told)


def _rows_of(family: Family, dimension: str) -> dict[str, np.ndarray]:
    names = np.asarray(family.index[dimension], dtype=object)
    return {
        str(name): family.positions[np.flatnonzero(names == name)]
        for name in dict.fromkeys(names.tolist())
    }


def _stages(model: PlanningModel) -> Iterator[Group]:
    """Gather the capacities of each stage: what is there and what can come in time."""
    rows: dict[str, list[int]] = {}
    for name in ("activity_within_capacity", "runs_while_kept"):
        family = model.builder.families[name]
        for position, asset in zip(family.positions.tolist(), family.index["asset"], strict=True):
            process = model.case.processes[model.case.assets[asset].process]
            rows.setdefault(process.stage or process.id, []).append(position)
    for stage, positions in rows.items():
        told = Contradiction(
            f"capacity of stage '{stage}', after permits, construction and ramp-up",
            "assets.csv, options.csv",
        )
        yield Group(Requirement(f"stage {stage}", rows=np.array(positions)), told, stage)


def _offers(model: PlanningModel) -> Iterator[Group]:
    """Gather what outside suppliers offer of each material."""
    block, case = model.operation.purchase, model.case
    columns: dict[str, list[int]] = {}
    for label, number in zip(block.labels.tolist(), block.index["offer"], strict=True):
        columns.setdefault(case.offers[number].material, []).append(label)
    family = model.builder.families["offer_step"]
    rows: dict[str, list[int]] = {}
    for position, number in zip(
        family.positions.tolist(), family.index.get("offer", ()), strict=True
    ):
        rows.setdefault(case.offers[number].material, []).append(position)
    for material, labels in columns.items():
        told = Contradiction(f"what is offered of '{material}'", "suppliers.csv")
        shared = np.array(rows.get(material, []), dtype=np.int64)
        requirement = Requirement(f"offers {material}", rows=shared, columns=np.array(labels))
        yield Group(requirement, told)


def conflict_message(case: str, scenario: str | None, found: Iterable[Contradiction]) -> str:
    """Lay out an infeasible plan in words.

    Examples
    --------
    >>> print(conflict_message("my-case", None, [
    ...     Contradiction("demand 'users' must be met", "demands.csv, row 2"),
    ...     Contradiction("what is offered of 'good'", "suppliers.csv")]))
    No plan can satisfy case 'my-case'.
    <BLANKLINE>
    These 2 requirements cannot all hold; leaving out any one of them would do:
      demand 'users' must be met    (demands.csv, row 2)
      what is offered of 'good'     (suppliers.csv)
    <BLANKLINE>
    Try: allow a shortfall at a price (penalty in demands.csv), a later year, or more capacity.
    `coercivity explain P401` describes how the list was found.  [P401]
    """
    lines = list(found)
    under = "" if scenario is None else f" in scenario '{scenario}'"
    width = max((len(one.requirement) for one in lines), default=0)
    listed = [f"  {one.requirement:<{width}}   ({one.place})" for one in lines]
    start = f"No plan can satisfy case '{case}'{under}.\n\n"
    if not lines:
        return start + "Its balances alone contradict each other.  [P401]"
    count = (
        f"These {len(lines)} requirements cannot all hold; leaving out any one of them would do:"
        if len(lines) > 1
        else "This requirement cannot hold:"
    )
    return (
        start
        + "\n".join([count, *listed])
        + "\n\nTry: allow a shortfall at a price (penalty in demands.csv), a later year, or more "
        "capacity.\n`coercivity explain P401` describes how the list was found.  [P401]"
    )
