"""Packages from which the search for the cheapest begins: each kind alone, the fullest, corners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np

from coercivity.alignment.package.bench import Bench, Levels, moved
from coercivity.alignment.package.measure import Measure, cost_of

HALVINGS = 7
"""Between a package that is refused and one that is accepted. [count]"""
COARSE = 4
"""The same in corners, from which contracts are exchanged anyway. [count]"""
STEPS = (1.1, 1.3, 1.7)
"""Factors by which a mix is raised until it is enough. [ratio]"""
PRICED: tuple[str, ...] = ("floor", "cfd", "upside-share")
"""Kinds whose columns differ by strike; in the fullest package only one of them is taken."""
RUNNING = 3
"""Running kinds that are looked at in corners, the cheapest by themselves first. [count]"""
SIGNING: tuple[str, ...] = ("grant", "loan", "guarantee")
"""Kinds that are money, or a signature, at the beginning."""
Single = tuple[Levels, float]
"""Levels with only one column, and what they cost. [fraction], [million]"""


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


def corners(check: Bench, alone: Mapping[str, Single], measure: Measure) -> list[Levels]:
    """List packages with money at signing all or nothing, and just enough of one running kind.

    Every way to give no grant or the most, no loan or the most, no guarantee or the most, with
    each of the cheapest running kinds that is enough beside it; of loans the cheapest, of price
    contracts the highest strike.

    Parameters
    ----------
    check
        The project.
    alone
        What each column alone costs, as `singles` gives it.
    measure
        Of public cost.
    """
    first = {column.kind: k for k, column in reversed(list(enumerate(check.columns)))}
    last = {column.kind: k for k, column in enumerate(check.columns)}
    signing = [first[kind] for kind in SIGNING if kind in first]
    costs = costs_alone(check, alone)
    running = [place for kind, place in last.items() if kind not in SIGNING]
    running.sort(key=lambda place: (costs[check.columns[place].kind] or np.inf, place))
    found: list[Levels] = []
    for given in product((False, True), repeat=len(signing)):
        base = check.nothing
        for place, yes in zip(signing, given, strict=True):
            base = moved(base, place, check.columns[place].most if yes else 0.0)
        base = check.fits(base)
        if check.agrees(base):
            found.append(base)
            continue
        for place in running[:RUNNING]:
            whole = check.fits(moved(base, place, check.columns[place].most))
            if check.agrees(whole):
                found.append(between(check, base, whole, halvings=COARSE))
    return sorted(dict.fromkeys(found), key=lambda levels: cost_of(check, levels, measure))


def singles(check: Bench, measure: Measure) -> dict[str, Single]:
    """Give the least sufficient level of each column alone, with its cost.

    Of price contracts that differ only by strike, the lowest strike that is enough and the
    highest are looked at.

    Parameters
    ----------
    check
        The project.
    measure
        Of public cost.
    """
    found: dict[str, Single] = {}
    for kind in dict.fromkeys(column.kind for column in check.columns):
        enough = []
        for k, column in reversed(list(enumerate(check.columns))):
            if column.kind == kind:
                whole = check.fits(moved(check.nothing, k, column.most))
                if not check.agrees(whole):
                    break
                enough.append((column.id, whole))
        for name, whole in dict(enough[:1] + enough[-1:]).items():
            levels = between(check, check.nothing, whole)
            found[name] = (levels, cost_of(check, levels, measure))
    return found


def costs_alone(check: Bench, alone: Mapping[str, Single]) -> dict[str, float | None]:
    """Give the cost of the cheapest column of each kind; None where none is enough. [million]

    Parameters
    ----------
    check
        The project.
    alone
        As `singles` gives it.
    """
    kinds: dict[str, float | None] = {column.kind: None for column in check.columns}
    for column in check.columns:
        if column.id in alone:
            cost, known = alone[column.id][1], kinds[column.kind]
            kinds[column.kind] = cost if known is None else min(cost, known)
    return kinds


def between(check: Bench, low: Levels, high: Levels, *, halvings: int = HALVINGS) -> Levels:
    """Bisect between a package that is refused and one that is accepted; give an accepted one.

    Parameters
    ----------
    check
        The project.
    low, high
        Levels of the two.
    halvings
        How often. [count]
    """
    for _ in range(halvings):
        middle = tuple(0.5 * (one + other) for one, other in zip(low, high, strict=True))
        if check.agrees(middle):
            high = middle
        else:
            low = middle
    return high


def raised(check: Bench, levels: Levels, full: Levels | None) -> Levels | None:
    """Raise a mix until it is accepted: in proportion first, then towards the fullest package.

    Parameters
    ----------
    check
        The project.
    levels
        Of the mix. [fraction]
    full
        Of the fullest package, if it is accepted. [fraction]

    Returns
    -------
    Levels or None
        None where neither is enough.
    """
    if check.agrees(levels):
        return levels
    for factor in STEPS:
        more = check.fits(tuple(factor * level for level in levels))
        if check.agrees(more):
            return between(check, levels, more)
    return None if full is None else between(check, levels, full)
