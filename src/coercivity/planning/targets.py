"""Targets as people write them, and what is wrong with them before anything is solved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coercivity.chain.case import Case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Target
from coercivity.dispatch.classes import ClassBook
from coercivity.foundation.errors import CaseError, InfeasiblePlan, UsageError
from coercivity.foundation.identifiers import suggestion
from coercivity.foundation.problems import Place, Problem, Severity, quoted
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
        If one cannot be read or used, or is asked twice.
    InfeasiblePlan
        If nothing in the case can give its class, in any year.
    """
    found: list[Target] = []
    for text in texts:
        target = parse_requirement(text, case)
        wrong = (*_repeated(target, found), *_unasked(target, case))
        if wrong:
            msg = f"The requirement {quoted(text)} cannot be used: {wrong[0]}  [P301]"
            raise UsageError(msg)
        _expect_class(target, case)
        found.append(target)
    return tuple(found)


def _expect_class(target: Target, case: Case) -> None:
    """Refuse a target whose class nothing can ever give; no plan needs to be looked for."""
    why = next(_out_of_class(target, case), None)
    if why is None:
        return
    told = {"requirement": target.id, "asked": target.year, "year": None, "with_others": None}
    msg = f"No plan can satisfy the requirement {quoted(target.id)}, in any year: {why}  [P401]"
    raise InfeasiblePlan(
        msg,
        [(f"target {quoted(target.id)}", "--require"), (why, "origin_rules.csv")],
        [{**told, "because": why}],
    )


def target_problems(case: Case, tables: CaseTables) -> list[Problem]:
    """List what is wrong with the targets of a case, before anything is solved."""
    found: list[Problem] = []
    rows = {str(row["id"]): row for row in tables.tables["targets"].rows()}
    for number, target in enumerate(case.targets):
        place = rows[target.id].place() if target.id in rows else Place("targets.csv")
        what = f"target {quoted(target.id)} cannot be used"
        wrong = list(_wrong(target, case))
        found += [Problem("P301", place, what, why) for why in wrong]
        if not wrong:
            what = f"look at target {quoted(target.id)} again"
            looks = (_repeated(target, case.targets[:number]), _unasked(target, case),
                     _out_of_class(target, case))  # fmt: skip
            found += [
                Problem("P301", place, what, why, Severity.WARNING)
                for look in looks
                for why in look
            ]
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


def _unasked(target: Target, case: Case) -> Iterator[str]:
    """Tell that a target has nothing to serve."""
    demands = [d for d in case.demands.values() if d.segment == target.segment]
    since = max(target.year - case.horizon.first_year, 0)
    until = case.report_until - case.horizon.first_year + 1
    if not any((demand.amount[since:until] > 0).any() for demand in demands):
        yield (
            f"segment {quoted(target.segment)} has no demand from {target.year} to "
            f"{case.report_until}, so there is nothing to serve. See demands.csv."
        )


def _out_of_class(target: Target, case: Case) -> Iterator[str]:
    """Tell why nothing can ever give the class of a target, where a look at the case is enough."""
    demands = [d for d in case.demands.values() if d.segment == target.segment]
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


def with_targets(
    case: Case, tables: CaseTables, problems: Iterable[Problem], *, strict: bool = False
) -> list[Problem]:
    """Add what is wrong with the targets of a case to the problems found before.

    Raises
    ------
    CaseError
        If a target cannot be used, or, if ``strict``, should be looked at.
    """
    more = target_problems(case, tables)
    found = [*problems, *more]
    fatal = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(problem.severity in fatal for problem in more):
        raise CaseError(found, case=case.name, strict=strict)
    return found
