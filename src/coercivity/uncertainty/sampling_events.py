"""When events happen in a drawn future, how long they last, and what is lost in each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from coercivity.tables import CaseTables
from coercivity.uncertainty.futures import Target, compounded

Array = NDArray[np.float64]
Span = tuple[float, float, float]
"""Begin and end of an event since the start of the horizon, and the share lost. [year, fraction]"""


@dataclass(frozen=True, slots=True)
class EventRule:
    """One row of the table ``events``.

    Examples
    --------
    >>> EventRule("stop", ("country", "X"), 0.5, "exponential", 1.0, 0.0, 1.0, "").lasts(0.5)
    0.6931471805599453
    """

    id: str
    target: Target
    rate: float
    """How often it begins. [1/year]"""
    law: str
    """``fixed``, ``exponential`` or ``lognormal``."""
    mean: float
    """Mean length. [year]"""
    deviation: float
    """Standard deviation of its length; of a lognormal one only. [year]"""
    depth: float
    """Share lost while it lasts. [fraction]"""
    group: str
    """Events of one group happen together; empty for none."""

    def lasts(self, share: float) -> float:
        """Give the length that is not exceeded with a probability. [year]"""
        return float(self.lengths(np.asarray(share)))

    def lengths(self, shares: Array) -> Array:
        r"""Give the lengths that are not exceeded with some probabilities. [year]

        Fixed :math:`m`; exponential :math:`-m \ln(1-u)`; lognormal
        :math:`m\,e^{s\,\Phi^{-1}(u) - s^2/2}` with :math:`s^2 = \ln(1 + (d/m)^2)`, which has mean
        :math:`m` and deviation :math:`d`.
        """
        if self.law == "fixed" or self.mean == 0:
            return np.full_like(shares, self.mean)
        if self.law == "exponential":
            return np.asarray(-self.mean * np.log1p(-shares))
        spread = np.log1p((self.deviation / self.mean) ** 2)
        return np.asarray(self.mean * np.exp(np.sqrt(spread) * ndtri(shares) - spread / 2))


def event_rules(tables: CaseTables) -> tuple[EventRule, ...]:
    """Read the events of a case that can happen at all."""
    return tuple(
        EventRule(
            id=row.text("id"),
            target=(row.text("scope"), row.text("target")),
            rate=row.maybe_number("rate") or 0.0,
            law=row.text("duration_law"),
            mean=row.maybe_number("duration_mean") or 0.0,
            deviation=row.maybe_number("duration_sd") or 0.0,
            depth=row.number("depth"),
            group=row.maybe_text("correlation_group") or "",
        )
        for row in tables["events"].rows()
        if (row.maybe_number("rate") or 0) > 0 and (row.maybe_number("duration_mean") or 0) > 0
    )


def event_groups(rules: Sequence[EventRule]) -> dict[str, list[EventRule]]:
    """Gather events that happen together; an event without a group is its own.

    Examples
    --------
    >>> one = EventRule("a", ("country", "X"), 1.0, "fixed", 1.0, 0.0, 1.0, "")
    >>> list(event_groups([one]))
    ['event/a']
    """
    found: dict[str, list[EventRule]] = {}
    for rule in rules:
        name = f"group/{rule.group}" if rule.group else f"event/{rule.id}"
        found.setdefault(name, []).append(rule)
    return found


def drawn_losses(
    rules: Sequence[EventRule], years: int, rng: np.random.Generator
) -> dict[Target, list[Array]]:
    r"""Draw the losses of one group of events over a horizon.

    The group has one clock, which ticks as often as its most frequent event; an event of a lower
    rate begins at a share of the ticks, its rate over the largest, and one draw serves all
    lengths of a tick. So each event has its own rate and law, and they happen together. Where
    several events of the group hit the same target at once, the largest loss holds.

    Parameters
    ----------
    rules
        Events of one group.
    years
        Length of the horizon. [year]
    rng
        Random numbers of the group.
    """
    clock = max(rule.rate for rule in rules)
    ticks = np.sort(rng.uniform(0.0, years, rng.poisson(clock * years)))
    spans: dict[Target, list[Span]] = {}
    for tick in ticks.tolist():
        chosen, share = rng.random(2).tolist()
        for rule in rules:
            if chosen * clock < rule.rate:
                until = min(tick + rule.lasts(share), float(years))
                spans.setdefault(rule.target, []).append((tick, until, rule.depth))
    return {target: [lost_by_year(own, years)] for target, own in spans.items()}


def lost_by_year(spans: Sequence[Span], years: int) -> Array:
    """Give the mean loss of each year; at each moment the largest loss holds. [fraction]

    Examples
    --------
    >>> lost_by_year([(0.75, 1.5, 0.4), (1.25, 2.0, 1.0)], 3).round(6).tolist()
    [0.1, 0.85, 0.0]
    """
    edges = np.unique(
        [*range(years + 1), *(edge for begin, end, _ in spans for edge in (begin, end))]
    )
    middles = (edges[:-1] + edges[1:]) / 2
    depth = np.zeros(len(middles))
    for begin, end, loss in spans:
        held = (middles > begin) & (middles < end)
        depth[held] = np.maximum(depth[held], loss)
    # Every whole year is an edge, so the left edge of a piece lies in its year, exactly.
    places = np.floor(edges[:-1]).astype(int)
    lost = np.bincount(places, weights=depth * np.diff(edges), minlength=years)
    return np.asarray(lost, dtype=np.float64)


def all_losses(parts: Sequence[dict[Target, list[Array]]]) -> dict[Target, Array]:
    """Combine the losses of groups that happen on their own. [fraction]"""
    gathered: dict[Target, list[Array]] = {}
    for part in parts:
        for target, losses in part.items():
            gathered.setdefault(target, []).extend(losses)
    return {target: compounded(losses) for target, losses in gathered.items()}
