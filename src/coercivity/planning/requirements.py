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
from coercivity.dispatch.classes import ClassBook
from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import Place, Problem, quoted
from coercivity.planning.model import PlanningModel
from coercivity.solvers import HighsModel, Requirement, StopSignal, find_conflict
from coercivity.tables import CaseTables

FORM = re.compile(r"([^>=@:~]+)>=([0-9]*\.?[0-9]+)(%?)@(\d{4})(?::([^~]+))?")
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


def parse_requirements(texts: Iterable[str], case: Case) -> tuple[Target, ...]:
    """Read requirements that come on top of the targets of a case.

    Parameters
    ----------
    texts
        Each as for `parse_requirement`.
    case
        Gives the names that can be used, and the targets that are asked for already.

    Raises
    ------
    UsageError
        If one cannot be read or used, is asked twice, or contradicts the case before anything is
        solved.
    """
    found: list[Target] = []
    for text in texts:
        target = parse_requirement(text, case)
        others = [*case.targets, *found]
        wrong = (*_repeated(target, others), *_hopeless(target, case))
        if wrong:
            msg = f"The requirement {quoted(text)} cannot be used: {wrong[0]}  [P301]"
            raise UsageError(msg)
        found.append(target)
    return tuple(found)


def target_problems(case: Case, tables: CaseTables) -> list[Problem]:
    """List what is wrong with the targets of a case, before anything is solved."""
    found: list[Problem] = []
    rows = {str(row["id"]): row for row in tables.tables["targets"].rows()}
    for number, target in enumerate(case.targets):
        wrong = list(_wrong(target, case))
        if not wrong:
            wrong = [*_repeated(target, case.targets[:number]), *_hopeless(target, case)]
        place = rows[target.id].place() if target.id in rows else Place("targets.csv")
        what = f"target {quoted(target.id)} cannot be used"
        found += [Problem("P301", place, what, problem) for problem in wrong]
    return found


def _wrong(target: Target, case: Case) -> Iterator[str]:
    """Tell what a target names or asks that the case does not have."""
    segments = {demand.segment for demand in case.demands.values() if demand.segment}
    if target.segment not in segments:
        near = suggestion(target.segment, segments, listed_in="segments.csv")
        yield f"no demand has the segment {quoted(target.segment)}. {near}"
    if target.origin_class not in case.origin.classes:
        near = suggestion(target.origin_class, case.origin.classes, listed_in="origin_classes.csv")
        yield f"{quoted(target.origin_class)} is not an origin class. {near}"
    if target.share > 1:
        yield f"{target.share:.0%} is more than the whole; a share goes up to 100 %."
    if target.share <= 0:
        yield "a share of 0 % asks for nothing. Ask for more, or leave the target out."
    if not case.horizon.first_year <= target.year <= case.report_until:
        first, last = case.horizon.first_year, case.report_until
        yield f"{target.year} is not reported; the case reports {first} to {last}."


def _repeated(target: Target, others: Iterable[Target]) -> Iterator[str]:
    for other in others:
        same = (other.segment, other.origin_class, other.year)
        if same == (target.segment, target.origin_class, target.year):
            asked = f"{other.share:.6g}".rstrip(".")
            yield (
                f"target {quoted(other.id)} asks for a share ({asked}) of the same segment, class "
                "and year already. Keep the larger of the two."
            )


def _hopeless(target: Target, case: Case) -> Iterator[str]:
    """Tell why nothing at all can serve a target, where a look at the case is enough."""
    demands = [d for d in case.demands.values() if d.segment == target.segment]
    since = max(target.year - case.horizon.first_year, 0)
    until = case.report_until - case.horizon.first_year + 1
    if not any((demand.amount[since:until] > 0).any() for demand in demands):
        yield (
            f"segment {quoted(target.segment)} has no demand from {target.year} to "
            f"{case.report_until}, so there is nothing to serve. See demands.csv."
        )
        return
    materials = sorted({choice.material for d in demands for choice in d.alternatives})
    if target.origin_class == ANY:
        return
    if not any(case.carries_origin(material) for material in materials):
        yield (
            f"what serves segment {quoted(target.segment)} ({', '.join(materials)}) holds no "
            "tracked element, so it is of no class but 'any'. Ask for 'any', or state its "
            "compositions."
        )
    elif not set(materials) & _of_class(target, case):
        yield (
            f"no supplier and no plant can give {' or '.join(materials)} in class "
            f"{quoted(target.origin_class)} or better, in any year. See origin_rules.csv: a stage "
            "runs in accepted countries only where the case has plants or suppliers there."
        )


def _of_class(target: Target, case: Case) -> set[str]:
    """Find the materials that can come to be in the class of a target or better, in some year."""
    rank = case.origin.rank
    most = rank(target.origin_class)
    better = case.origin.classes[: most + 1]
    book = ClassBook(case, [(target.segment, name) for name in better])
    found = {
        offer.material
        for offer in case.offers
        if any(
            rank(name) <= most
            for name in book.of_supply(offer.material, offer.country, offer.origin)
        )
    }
    ways = [
        (mode, case.processes[asset.process].origin_at_site)
        for asset in case.assets.values()
        for mode in case.processes[asset.process].modes
        if any(any(book.may_run(asset, mode, name)) for name in better)
    ]
    grown = True
    while grown:
        before = len(found)
        for mode, at_site in ways:
            carrying = [m for m in mode.inputs if case.carries_origin(m)]
            if at_site or set(carrying) <= found:
                found |= set(mode.outputs)
        grown = len(found) > before
    return found


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
