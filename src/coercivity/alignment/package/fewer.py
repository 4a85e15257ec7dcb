"""Packages with fewer contracts: what leaving one out costs, and those that are hardly worth it."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.alignment.package.bench import LEAST, Bench, Levels, moved
from coercivity.alignment.package.measure import Measure, cost_of
from coercivity.alignment.package.polish import finest
from coercivity.alignment.package.starts import raised

SLIGHTEST = 2
"""Contracts of which leaving one out is tried: those that carry least of the cost. [count]"""


@dataclass(frozen=True, slots=True)
class Fewer:
    """The cheapest package that was found with one contract fewer."""

    without: str
    """Id of the column that is left out."""
    levels: Levels
    """Of the others. [fraction]"""
    cost: float
    """Public cost on the paths it was made on, by the measure. [million]"""


def one_fewer(
    check: Bench, levels: Levels, measure: Measure, *, full: Levels | None = None
) -> Fewer | None:
    """Find the cheapest package without one of the slightest contracts; others are raised for it.

    What it costs more is at most what that contract is worth: others are raised in proportion and
    cut again, not exchanged.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column. [fraction]
    measure
        Of public cost.
    full
        Of the fullest package, if it is accepted. [fraction]
    """
    active = [place for place, level in enumerate(levels) if level > LEAST]
    if len(active) <= 1:
        return None
    base = cost_of(check, levels, measure)

    def carries(place: int) -> float:
        return abs(base - cost_of(check, moved(levels, place, 0.0), measure))

    found = []
    for place in sorted(active, key=carries)[:SLIGHTEST]:
        whole = None if full is None else check.fits(moved(full, place, 0.0))
        whole = whole if whole is not None and check.agrees(whole) else None
        enough = raised(check, moved(levels, place, 0.0), whole)
        if enough is not None:
            less = finest(check, enough, measure.of)
            found.append(Fewer(check.columns[place].id, less, cost_of(check, less, measure)))
    return min(found, key=lambda one: one.cost, default=None)


def left_out(check: Bench, levels: Levels, measure: Measure, *, most: float) -> Levels:
    """Leave out one contract after the other as long as the package does not cost much more.

    Parameters
    ----------
    check
        The project; its owners and lenders accept the levels.
    levels
        Of each column. [fraction]
    measure
        Of public cost.
    most
        More that the simpler package may cost in all. [fraction]
    """
    base = cost_of(check, levels, measure)
    while (fewer := one_fewer(check, levels, measure)) is not None:
        if fewer.cost > base + most * abs(base):
            break
        levels = fewer.levels
    return levels
