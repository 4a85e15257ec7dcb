"""A package on paths that nobody has seen: what does not hold there is told, then repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coercivity.alignment.package.bench import Bench, Levels, Outcome
from coercivity.alignment.package.starts import everything

HALVINGS = 7
STEPS = (1.02, 1.05, 1.1, 1.2, 1.5)
"""Factors by which a package is raised until it holds. [ratio]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a package does on fresh paths."""

    levels: Levels
    """After repair. [fraction]"""
    outcome: Outcome
    """On the last fresh paths, without any margin."""
    held_at_once: bool
    """Whether it held on the first fresh paths as it was."""
    violated: tuple[str, ...]
    """What did not hold there, in words."""
    raised: float
    """Public cost after repair over that before, mean. [ratio]"""
    holds: bool
    """Whether it holds on the last fresh paths, in all futures that count."""


def verify(levels: Levels, fresh: Bench, further: Bench) -> Verified:
    """Appraise a package on fresh paths; where it does not hold, raise it and look again.

    Parameters
    ----------
    levels
        Of the package.
    fresh
        The project on paths that were not used.
    further
        On other paths, for a package that was raised on the first ones.
    """
    first = fresh.appraise(levels)
    if fresh.agrees(levels):
        return Verified(
            levels=levels, outcome=first, held_at_once=True, violated=(), raised=1.0, holds=True
        )
    strict = fresh.tightened()
    more = _raised(levels, strict, everything(strict))
    before, after = float(fresh.cost(levels).mean()), float(fresh.cost(more).mean())
    return Verified(
        levels=more,
        outcome=further.appraise(more),
        held_at_once=False,
        violated=_violated(fresh, levels),
        raised=after / before if before > 0 else 1.0,
        holds=further.agrees(more),
    )


def _violated(bench: Bench, levels: Levels) -> tuple[str, ...]:
    """Say what does not hold, here or in another future."""
    reasons = [bench.appraise(levels).acceptance.reasons]
    reasons += [other.appraise(levels).acceptance.reasons for other in bench.also]
    return tuple(dict.fromkeys(reason for each in reasons for reason in each))


def _raised(levels: Levels, bench: Bench, fullest: Sequence[Levels]) -> Levels:
    """Raise a package in proportion, or towards the fullest one that holds."""
    for factor in STEPS:
        more = bench.fits(tuple(factor * level for level in levels))
        if bench.agrees(more):
            return more
    low, high = levels, next((full for full in fullest if bench.agrees(full)), None)
    if high is None:
        return levels
    for _ in range(HALVINGS):
        middle = tuple(0.5 * (a + b) for a, b in zip(low, high, strict=True))
        low, high = (low, middle) if bench.agrees(middle) else (middle, high)
    return high
