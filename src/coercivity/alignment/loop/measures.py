"""Saturation, remanence, retained share and half-loss dumping, in plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.loop.curves import Curve

HALF = 0.5


@dataclass(frozen=True, slots=True)
class HalfLoss:
    """The depth of dumping at which half of what support built is lost."""

    depth: float | None
    """None where there is no such depth. [money/kg of key product]"""
    censored: bool = False
    """Whether more than half is still there at the deepest dumping that was looked at."""
    reason: str | None = None
    """Why there is no depth."""
    low: float | None = None
    """One draw in ten is lost at less; None where that is censored. [money/kg of key product]"""
    high: float | None = None
    """One draw in ten holds out longer; None where that is censored. [money/kg of key product]"""
    censored_share: float = 0.0
    """Draws that hold out to the end. [fraction]"""


def saturation(down: Curve) -> float:
    """Give accepted less not accepted at the highest field. [fraction]

    Parameters
    ----------
    down
        Falling branch.
    """
    return float(down.magnetisation[-1])


def remanence(down: Curve) -> float:
    """Give accepted less not accepted when support has ended. [fraction]

    Parameters
    ----------
    down
        Falling branch.
    """
    return float(down.at(np.zeros(1), of="magnetisation")[0])


def retained_share(down: Curve) -> float | None:
    """Give what is kept when support has ended, of what it served; None where it served nothing.

    Parameters
    ----------
    down
        Falling branch.
    """
    most = float(down.accepted[-1])
    return float(down.at(np.zeros(1))[0]) / most if most > 0 else None


def half_loss(down: Curve) -> HalfLoss:
    r"""Find :math:`H_c = \inf\{h \ge 0 : a(-h) \le \tfrac12 a(H_{max})\}`.

    Parameters
    ----------
    down
        Falling branch.

    Examples
    --------
    >>> edges = np.array([-10.0, -4.0, 10.0])
    >>> half_loss(Curve(edges, np.array([0.2, 0.8]), np.array([-0.6, 0.6]))).depth
    4.0
    """
    most = float(down.accepted[-1])
    if most <= 0:
        return HalfLoss(None, reason="nothing is served by an accepted class even with support")
    lost = np.flatnonzero(down.accepted <= HALF * most)
    if not lost.size:
        return HalfLoss(float(-down.edges[0]), censored=True)
    return HalfLoss(max(0.0, -float(down.edges[lost[-1] + 1])))


def with_interval(central: HalfLoss, draws: Sequence[HalfLoss], *, deepest: float) -> HalfLoss:
    """Add where one draw in ten lies below and above; censored draws count as the deepest.

    Parameters
    ----------
    central
        Of the mean curve.
    draws
        Of each draw.
    deepest
        Deepest dumping that was looked at. [money/kg of key product]
    """
    known = [deepest if one.censored else one.depth for one in draws if one.depth is not None]
    if not known or central.depth is None:
        return central
    low, high = np.quantile(np.array(known), [0.1, 0.9], method="inverted_cdf")
    share = sum(one.censored for one in draws) / len(draws)
    return HalfLoss(
        central.depth,
        central.censored,
        central.reason,
        None if low >= deepest else float(low),
        None if high >= deepest else float(high),
        share,
    )


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Give the tenth and the ninetieth percentile.

    Parameters
    ----------
    values
        Of the draws.
    """
    low, high = np.quantile(np.array(values), [0.1, 0.9])
    return float(low), float(high)
