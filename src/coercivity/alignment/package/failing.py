"""Why no package exists, by how much, and the smallest change that would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.package.bench import Bench, Levels
from coercivity.alignment.package.instruments import UNITS
from coercivity.alignment.package.starts import everything

MOST_TIMES = 16.0
"""Caps above so many times their value are not looked at. [ratio]"""
HALVINGS = 5
CERTAIN = {"grant": 1.0, "loan": 1.0, "guarantee": 1.0, "floor": 1.0, "cfd": 1.0}
"""Caps that no change can lift above the whole. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A project for which no package exists."""

    by: float | None
    """Paid at signing on every path, what would make owners say yes to the fullest package;
    None where only lenders refuse. [million, real]"""
    reasons: tuple[str, ...]
    """What does not hold with the fullest package."""
    smallest_change: str
    """In words."""


def failing(bench: Bench, rebuilt: Callable[[dict[str, float]], Bench]) -> Failing:
    r"""Say why no package is enough.

    .. math:: by = \max\left(W - E[NPV_\rho],\ -Q_p[NPV_r],\ 0\right)

    of the fullest package that comes closest.

    Parameters
    ----------
    bench
        The project.
    rebuilt
        Gives it with other caps of kinds.
    """
    fullest = everything(bench)
    closest = min(fullest, key=lambda levels: short_of(bench, levels))
    reasons = bench.appraise(closest).acceptance.reasons
    short = short_of(bench, closest)
    change = _smallest_change(bench, rebuilt)
    if not change and _without_lender(bench, fullest):
        change = (
            "no cap alone is enough; the fullest package is, if owners put in all capital and "
            "ask no lender"
        )
    if not change:
        change = "no cap alone is enough, whatever it is raised to"
        if short > 0:
            change += f"; {short:,.1f} million at signing beside the fullest package would be"
    return Failing(by=short if short > 0 else None, reasons=reasons, smallest_change=change)


def short_of(bench: Bench, levels: Levels) -> float:
    r"""Give what, paid at signing on every path, would make owners say yes. [million, real]

    .. math:: \max\left(W - E[NPV_\rho],\ -Q_p[NPV_r],\ 0\right)

    Parameters
    ----------
    bench
        The project.
    levels
        Of a package. [fraction]
    """
    outcome = bench.appraise(levels)
    worth = bench.needed - float(outcome.hurdle.mean())
    limit = bench.terms.acceptance.loss_limit
    lost = -float(np.quantile(outcome.treasury, limit))
    return max(worth, lost, 0.0)


def _enough(bench: Bench) -> bool:
    return any(bench.agrees(levels) for levels in everything(bench))


def _without_lender(bench: Bench, fullest: list[Levels]) -> bool:
    alone = replace(bench, terms=replace(bench.terms, debt=None), seen={})
    return any(alone.agrees(levels) for levels in fullest)


def _smallest_change(bench: Bench, rebuilt: Callable[[dict[str, float]], Bench]) -> str:
    """Find the cap that has to be raised by the least factor."""
    best = (np.inf, "")
    for kind in dict.fromkeys(column.kind for column in bench.columns):
        cap = max(column.most for column in bench.columns if column.kind == kind)
        most = min(MOST_TIMES, CERTAIN.get(kind, np.inf) / cap)
        if most <= 1 or not _enough(rebuilt({kind: cap * most})):
            continue
        low, high = 1.0, most
        for _ in range(HALVINGS):
            middle = (low * high) ** 0.5
            low, high = (low, middle) if _enough(rebuilt({kind: cap * middle})) else (middle, high)
        words = f"{kind} up to {100 * cap * high:.3g} % {UNITS[kind]} in place of {100 * cap:.3g} %"
        best = min(best, (high, words))
    return best[1]
