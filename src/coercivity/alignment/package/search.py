"""The package of a project: many beginnings, full appraisals, exchanges until nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coercivity.alignment.package.bench import LEAST, Bench, Levels, moved
from coercivity.alignment.package.fewer import Fewer, left_out, one_fewer
from coercivity.alignment.package.linear import Asked, Linear, cheapest, linearise
from coercivity.alignment.package.measure import Measure, cost_of
from coercivity.alignment.package.polish import polished
from coercivity.alignment.package.starts import (
    between,
    corners,
    costs_alone,
    everything,
    raised,
    singles,
)

ROUNDS = 3
"""Times that effects are measured anew at the most."""
SLACK = 0.01
"""Distance of line and full appraisal that ends the rounds, as a share of capital. [fraction]"""
HALVINGS = 7
"""Of the level of the tail. [count]"""
WHOLE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is given to a project."""

    levels: Levels
    """Of each column; all zero where nothing is needed. [fraction]"""
    cost: float
    """Public cost on the paths it was made on, by the measure. [million]"""
    alone: dict[str, float | None] = field(default_factory=dict)
    """What each kind alone would cost; None where it is not enough. [million]"""
    fewer: Fewer | None = None
    """The cheapest package found with one contract fewer; None with one contract, or none."""
    rounds: int = 0
    """Times that effects were measured."""
    slack: float = 0.0
    """Mean value by full appraisal less that of the line in the last round. [million]"""


def package_for(
    train: Bench,
    check: Bench,
    measure: Measure = Measure.MEAN,
    *,
    starts: Sequence[Levels] = (),
    simpler: float = 0.0,
) -> Package | None:
    """Find the package of least public cost at which owners and lenders say yes.

    It begins with every column alone, corners (money at signing all or nothing, with one running
    kind), the fullest package and the linear program's mix, each brought to what the full
    appraisal on the check paths accepts; the contracts of the cheapest are then exchanged until
    nothing is saved (`polished`). What is returned costs no more than any of these, nor than
    ``starts``: a search over more kinds that starts with the answer of one over fewer never costs
    more.

    Parameters
    ----------
    train
        The project on the paths on which effects are measured.
    check
        The project on other paths, on which acceptance is asked, with its margin.
    measure
        Of public cost.
    starts
        Further packages to begin with; those that are not accepted are raised. [fraction]
    simpler
        So much more a package with fewer contracts may cost; 0 asks for the cheapest. [fraction]

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
    alone = singles(check, measure)
    mixed = _mixed(train, check, measure)
    known = [levels for levels, _ in alone.values()]
    known += corners(check, alone, measure)
    for levels in (*starts, *mixed.candidates):
        enough = raised(check, check.fits(levels), full)
        known += [] if enough is None else [enough]
    known += [] if full is None else [trimmed(check, full, measure)]
    if not known:
        return None
    best, fewer = _cheapest(check, known, measure, full)
    if simpler > 0:
        best = left_out(check, best, measure, most=simpler)
        fewer = one_fewer(check, best, measure, full=full)
    return Package(
        levels=best,
        cost=cost_of(check, best, measure),
        alone=costs_alone(check, alone),
        fewer=fewer,
        rounds=mixed.rounds,
        slack=mixed.slack,
    )


def _cheapest(
    check: Bench, known: Sequence[Levels], measure: Measure, full: Levels | None
) -> tuple[Levels, Fewer | None]:
    """Exchange contracts from the cheapest package on, and drop them as long as that saves.

    Gives the cheapest of all, and the cheapest with one contract fewer.
    """

    def cost(levels: Levels) -> float:
        return cost_of(check, levels, measure)

    best = min(dict.fromkeys(known), key=cost)
    best = min(polished(check, best, measure.of), best, key=cost)
    while (fewer := one_fewer(check, best, measure, full=full)) is not None:
        if fewer.cost >= cost(best):
            break
        best = min(polished(check, fewer.levels, measure.of), fewer.levels, key=cost)
    return best, fewer


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
        none = moved(levels, place, 0.0)
        if level <= LEAST or not check.agrees(none):
            continue
        if cost_of(check, none, measure) <= cost_of(check, levels, measure):
            levels = none
    base, value = cost_of(check, levels, measure), float(check.appraise(levels).hurdle.mean())

    def price(place: int) -> float:
        none = moved(levels, place, 0.0)
        lost = value - float(check.appraise(none).hurdle.mean())
        return (base - cost_of(check, none, measure)) / max(lost, 1e-9)

    active = [k for k, level in enumerate(levels) if level > LEAST]
    for place in sorted(active, key=price, reverse=True):
        none = moved(levels, place, 0.0)
        less = none if check.agrees(none) else between(check, none, levels)
        if cost_of(check, less, measure) <= cost_of(check, levels, measure):
            levels = less
    return levels
