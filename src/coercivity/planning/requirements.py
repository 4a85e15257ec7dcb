"""Requirements as people write them, and which of them contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from coercivity.chain.case import Case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Target
from coercivity.dispatch.builder import Family
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import Place, quoted
from coercivity.planning.model import PlanningModel
from coercivity.solvers import HighsModel, Requirement, StopSignal, find_conflict
from coercivity.tables import CaseTables

FORM = re.compile(r"([^>=@:~]+)>=([0-9.]+)(%?)@(\d{4})(?::([^~]+))?")
EXAMPLE = "defence>=100%@2030:allied"


def parse_requirement(text: str, case: Case) -> Target:
    """Read ``SEGMENT>=SHARE@YEAR[:CLASS]`` as a target.

    Parameters
    ----------
    text
        Such as ``defence>=100%@2030:allied``: from 2030 to the end of the report.
    case
        Gives the segments, classes and years that can be named.

    Raises
    ------
    UsageError
        If it cannot be read, names what the case does not have, asks for more than everything, or
        for a year that is not reported.
    """
    found = FORM.fullmatch(text.strip().replace(" ", ""))
    if found is None:
        msg = (
            f"The requirement {quoted(text)} cannot be read. Write SEGMENT>=SHARE@YEAR or "
            f"SEGMENT>=SHARE@YEAR:CLASS, such as {EXAMPLE}.  [P301]"
        )
        raise UsageError(msg)
    segment, number, percent, year, name = found.groups()
    share = float(number) / (100 if percent else 1)
    target = Target(text.strip(), segment, share, name or ANY, int(year))
    problem = next(_wrong(target, case), None)
    if problem is not None:
        msg = f"The requirement {quoted(text)} cannot be used: {problem}  [P301]"
        raise UsageError(msg)
    return target


def _wrong(target: Target, case: Case) -> Iterator[str]:
    segments = {demand.segment for demand in case.demands.values() if demand.segment}
    if target.segment not in segments:
        near = suggestion(target.segment, segments, listed_in="segments.csv")
        yield f"no demand has the segment {quoted(target.segment)}. {near}"
    if target.origin_class not in case.origin.classes:
        near = suggestion(target.origin_class, case.origin.classes, listed_in="origin_classes.csv")
        yield f"{quoted(target.origin_class)} is not an origin class. {near}"
    if not 0 <= target.share <= 1:
        yield f"{target.share:.0%} is more than the whole; a share goes up to 100 %."
    if not case.horizon.first_year <= target.year <= case.report_until:
        first, last = case.horizon.first_year, case.report_until
        yield f"{target.year} is not reported; the case reports {first} to {last}."


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One of the requirements that cannot all hold."""

    requirement: str
    """What is asked, in words."""
    place: str
    """Where it stands in the tables, or on the command line."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows or columns of a model that stand for one thing a user can change."""

    requirement: Requirement
    told: Contradiction


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
    groups = [
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
    highs = HighsModel(model.scaled.matrices)
    wanted = [group.requirement for group in groups]
    names = find_conflict(highs, wanted, integers=False, stop=stop)
    if names is None:
        names = find_conflict(highs, wanted, integers=True, stop=stop)
    if names is None:
        return None
    told = {group.requirement.name: group.told for group in groups}
    return [told[name] for name in names]


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
) -> Iterator[_Group]:
    found = model.builder.families.get(family)
    if found is None or len(found.positions) == 0:
        return
    for name, rows in _rows_of(found, dimension).items():
        if family == "demand_is_met" and model.case.demands[name].penalty is not None:
            continue
        row = next((r for r in tables.tables[table].rows() if r["id"] == name), None)
        place = Place("--require") if row is None else row.place()
        told = Contradiction(WORDS[family].format(name), str(place))
        yield _Group(Requirement(f"{family} {name}", rows=rows), told)


def _rows_of(family: Family, dimension: str) -> dict[str, np.ndarray]:
    names = np.asarray(family.index[dimension], dtype=object)
    return {
        str(name): family.positions[np.flatnonzero(names == name)]
        for name in dict.fromkeys(names.tolist())
    }


def _stages(model: PlanningModel) -> Iterator[_Group]:
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
        yield _Group(Requirement(f"stage {stage}", rows=np.array(positions)), told)


def _offers(model: PlanningModel) -> Iterator[_Group]:
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
        yield _Group(requirement, told)


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
