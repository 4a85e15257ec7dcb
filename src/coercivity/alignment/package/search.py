"""The package of a project: linear program, full appraisal, again; then no more than needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from coercivity.alignment.package.bench import LEAST, Bench, Levels
from coercivity.alignment.package.linear import TAIL, Asked, Linear, cheapest, linearise
from coercivity.finance.compiled import Array

ROUNDS = 3
"""Times that effects are measured anew at the most."""
SLACK = 0.01
"""Distance of line and full appraisal that ends the rounds, as a share of capital. [fraction]"""
HALVINGS = 7
"""Of the level of the tail, and of the levels of a package."""
WHOLE = 1.0
PASSES = 3
A_LITTLE = 0.97
"""So much of a column is tried once others are less. [ratio]"""
STEPS = (1.1, 1.3, 1.7)
"""Factors by which a mix is raised until it is enough. [ratio]"""
SIMPLER = 0.01
"""So much more a package with fewer contracts may cost. [fraction]"""
PRICED: tuple[str, ...] = ("floor", "cfd", "upside-share")
"""Kinds whose columns differ by strike; in the fullest package only one of them is taken."""


class Measure(Enum):
    """What is made small."""

    MEAN = "mean"
    P95 = "p95"
    CVAR = "cvar"

    def of(self, cost: Array) -> float:
        """Measure the public cost of the paths. [million]

        Parameters
        ----------
        cost
            One value a path. [million]

        Examples
        --------
        >>> [measure.of(np.arange(101.0)) for measure in Measure]
        [50.0, 95.0, 97.5]
        """
        if self is Measure.MEAN:
            return float(cost.mean())
        worst = np.sort(cost)
        if self is Measure.P95:
            return float(np.quantile(cost, 1 - TAIL))
        return float(worst[-max(1, round(TAIL * len(worst) + 0.5)) :].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is given to a project."""

    levels: Levels
    """Of each column; all zero where nothing is needed. [fraction]"""
    cost: float
    """Public cost on the paths it was made on, by the measure. [million]"""
    alone: dict[str, float | None] = field(default_factory=dict)
    """What each kind alone would cost; None where it is not enough. [million]"""
    rounds: int = 0
    """Times that effects were measured."""
    slack: float = 0.0
    """Mean value by full appraisal less that of the line in the last round. [million]"""


def cost_of(bench: Bench, levels: Levels, measure: Measure) -> float:
    """Measure what a package costs the public. [million]

    Parameters
    ----------
    bench
        The project.
    levels
        Of each column.
    measure
        Of the paths.
    """
    return measure.of(bench.cost(levels))


def everything(bench: Bench) -> list[Levels]:
    """List the fullest packages: all columns at their caps, with and without what is to be repaid.

    Of price contracts the one with the highest strike is taken, of loans the cheapest.

    Parameters
    ----------
    bench
        The project.
    """
    kinds = {column.kind for column in bench.columns}
    priced = [kind for kind in PRICED if kind in kinds] or [""]
    found = []
    for chosen in priced:
        for dropped in ({"loan", "guarantee"}, {"guarantee"}, {"loan"}, set()):
            levels = [0.0] * len(bench.columns)
            for k in _fullest(bench, chosen, dropped):
                levels[k] = bench.columns[k].most
            found.append(bench.fits(tuple(levels)))
    return list(dict.fromkeys(found))


def _fullest(bench: Bench, chosen: str, dropped: set[str]) -> Iterable[int]:
    """Give one column of each kind: the last strike, the first loan."""
    last: dict[str, int] = {}
    for k, column in enumerate(bench.columns):
        if column.kind in dropped or column.kind == "stockpile-purchase":
            continue
        if column.kind in PRICED and column.kind != chosen:
            continue
        if column.kind != "loan" or "loan" not in last:
            last[column.kind] = k
    return last.values()


def package_for(train: Bench, check: Bench, measure: Measure = Measure.MEAN) -> Package | None:
    """Find the package of least public cost at which owners and lenders say yes.

    Candidates are the linear program's mix and every column alone; each is brought to what the
    full appraisal on the check paths accepts, and then cut until no column can be given less.
    So a package of one kind is never cheaper than what is returned, and every level is needed.
    Contracts that save next to nothing are left out in the end (`simpler`).

    Parameters
    ----------
    train
        The project on the paths on which effects are measured.
    check
        The project on other paths, on which acceptance is asked, with its margin.
    measure
        Of public cost.

    Returns
    -------
    Package or None
        None where nothing within caps is enough.
    """
    if check.agrees(check.nothing):
        return Package(levels=check.nothing, cost=0.0)
    full = min(
        (levels for levels in everything(check) if check.agrees(levels)),
        key=lambda levels: cost_of(check, levels, measure),
        default=None,
    )
    singles = _singles(check, measure)
    mixed = _mixed(train, check, measure)
    candidates = [levels for levels, _ in singles.values()]
    for levels in mixed.candidates:
        enough = _raised(check, levels, full)
        if enough is not None:
            candidates.append(trimmed(check, enough, measure))
    if full is not None:
        candidates.append(trimmed(check, full, measure))
    if not candidates:
        return None
    best = min(candidates, key=lambda levels: cost_of(check, levels, measure))
    fewer = [simpler(check, best, measure), *(levels for levels, _ in singles.values())]
    best = min(fewer, key=lambda levels: cost_of(check, levels, measure))
    return Package(
        levels=best,
        cost=cost_of(check, best, measure),
        alone=_alone(check, singles),
        rounds=mixed.rounds,
        slack=mixed.slack,
    )


Single = tuple[Levels, float]


def _singles(check: Bench, measure: Measure) -> dict[str, Single]:
    """Give the least sufficient level of each column alone, with its cost.

    Of price contracts that differ only by strike, the lowest strike that is enough and the
    highest are looked at.
    """
    found: dict[str, Single] = {}
    for kind in dict.fromkeys(column.kind for column in check.columns):
        enough = []
        for k, column in reversed(list(enumerate(check.columns))):
            if column.kind == kind:
                whole = check.fits(_with(check.nothing, k, column.most))
                if not check.agrees(whole):
                    break
                enough.append((column.id, whole))
        for name, whole in dict(enough[:1] + enough[-1:]).items():
            levels = between(check, check.nothing, whole)
            found[name] = (levels, cost_of(check, levels, measure))
    return found


def _alone(check: Bench, singles: dict[str, Single]) -> dict[str, float | None]:
    """Give the cost of the cheapest column of each kind."""
    kinds: dict[str, float | None] = {column.kind: None for column in check.columns}
    for column in check.columns:
        if column.id in singles:
            cost, known = singles[column.id][1], kinds[column.kind]
            kinds[column.kind] = cost if known is None else min(cost, known)
    return kinds


def between(check: Bench, low: Levels, high: Levels) -> Levels:
    """Bisect between a package that is refused and one that is accepted; give an accepted one.

    Parameters
    ----------
    check
        The project.
    low, high
        Levels of the two.
    """
    for _ in range(HALVINGS):
        middle = tuple(0.5 * (one + other) for one, other in zip(low, high, strict=True))
        if check.agrees(middle):
            high = middle
        else:
            low = middle
    return high


@dataclass(frozen=True, slots=True)
class _Mixed:
    candidates: list[Levels]
    rounds: int
    slack: float


def _mixed(train: Bench, check: Bench, measure: Measure) -> _Mixed:
    """Solve the linear program and measure effects anew at its answer, until both agree."""
    at, alpha, slack = train.nothing, None, 0.0
    candidates: list[Levels] = []
    for number in range(1, ROUNDS + 1):
        linear = linearise(train, at)
        found = _solved(train, check, linear, at, measure, alpha)
        if found is None:
            return _Mixed(candidates, number, slack)
        levels, alpha = found
        levels = train.fits(levels)
        candidates.append(levels)
        gap = train.appraise(levels).hurdle - linear.values(levels)
        slack = float(gap.mean())
        if abs(slack) < SLACK * train.capital or levels == at:
            return _Mixed(candidates, number, slack)
        at = levels
    return _Mixed(candidates, ROUNDS, slack)


def _solved(
    train: Bench,
    check: Bench,
    linear: Linear,
    at: Levels,
    measure: Measure,
    alpha: float | None,
) -> tuple[Levels, float | None] | None:
    """Find the levels at which the rule on losses holds on the check paths, as few as it takes."""
    spread = float(train.appraise(at).hurdle.std(ddof=1)) if linear.paths > 1 else 0.0
    worth = train.needed + check.errors * spread / linear.paths**0.5
    bad = measure is not Measure.MEAN

    def mix(tail: float | None) -> Levels | None:
        return cheapest(linear, Asked(worth=worth, tail=tail, bad_cost=bad))

    free = mix(None)
    if free is None or not _loses_too_often(check, check.fits(free)):
        return None if free is None else (free, None)
    limit = check.terms.acceptance.loss_limit
    low, high = (limit, WHOLE) if alpha is None else (max(limit, alpha / 1.5), min(1, alpha * 1.5))
    best, tail = mix(low), low
    for _ in range(HALVINGS - 2 if alpha is None else 3):
        middle = 0.5 * (low + high)
        tried = mix(middle)
        if tried is not None and not _loses_too_often(check, check.fits(tried)):
            best, tail, low = tried, middle, middle
        else:
            high = middle
    return (free if best is None else best), tail


def _loses_too_often(check: Bench, levels: Levels) -> bool:
    loss = check.appraise(levels).acceptance.loss
    most = check.terms.acceptance.loss_limit
    return loss.value + check.errors * loss.standard_error > most


def _raised(check: Bench, levels: Levels, full: Levels | None) -> Levels | None:
    """Raise a mix until it is accepted: in proportion first, then towards the fullest package."""
    if check.agrees(levels):
        return levels
    for factor in STEPS:
        more = check.fits(tuple(factor * level for level in levels))
        if check.agrees(more):
            return between(check, levels, more)
    return None if full is None else between(check, levels, full)


def trimmed(check: Bench, levels: Levels, measure: Measure) -> Levels:
    """Drop every column that is not needed, then give less of the others, the dearest first.

    The dearest is that which costs the public most per unit of value to owners.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column.
    measure
        Of public cost.
    """
    for place, level in enumerate(levels):
        none = _with(levels, place, 0.0)
        if level <= LEAST or not check.agrees(none):
            continue
        if cost_of(check, none, measure) <= cost_of(check, levels, measure):
            levels = none
    base, value = cost_of(check, levels, measure), float(check.appraise(levels).hurdle.mean())

    def price(place: int) -> float:
        none = _with(levels, place, 0.0)
        lost = value - float(check.appraise(none).hurdle.mean())
        return (base - cost_of(check, none, measure)) / max(lost, 1e-9)

    active = [k for k, level in enumerate(levels) if level > LEAST]
    for place in sorted(active, key=price, reverse=True):
        none = _with(levels, place, 0.0)
        less = none if check.agrees(none) else between(check, none, levels)
        if cost_of(check, less, measure) <= cost_of(check, levels, measure):
            levels = less
    return _polished(check, levels, measure)


def _polished(check: Bench, levels: Levels, measure: Measure) -> Levels:
    """Look again whether a little less of some column is enough now that others are less too."""
    for _ in range(PASSES):
        before = levels
        for place, level in enumerate(levels):
            less = _with(levels, place, A_LITTLE * level)
            if level <= LEAST or not check.agrees(less):
                continue
            if cost_of(check, less, measure) < cost_of(check, levels, measure):
                levels = between(check, _with(levels, place, 0.0), less)
        if levels == before:
            break
    return levels


def simpler(check: Bench, levels: Levels, measure: Measure) -> Levels:
    """Leave out contracts that save the public less than `SIMPLER`, the slightest first.

    Others are raised in proportion for it. Nobody signs a contract for a fraction of a million.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column.
    measure
        Of public cost.
    """
    base = cost_of(check, levels, measure)
    most = base + SIMPLER * abs(base)

    def saved(place: int) -> float:
        return abs(base - cost_of(check, _with(levels, place, 0.0), measure))

    active = [place for place, level in enumerate(levels) if level > LEAST]
    for place in sorted(active, key=saved):
        without = _with(levels, place, 0.0)
        for factor in (1.0, *STEPS):
            more = check.fits(tuple(factor * level for level in without))
            if check.agrees(more):
                fewer = more if factor <= 1 else between(check, without, more)
                levels = fewer if cost_of(check, fewer, measure) <= most else levels
                break
    return levels


def _with(levels: Levels, place: int, level: float) -> Levels:
    return (*levels[:place], level, *levels[place + 1 :])
