"""Disruptions by the month, for many replications at once: when they happen, what they take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.foundation.errors import CaseError, InternalError, UsageError
from coercivity.foundation.problems import Problem
from coercivity.tables import CaseTables
from coercivity.uncertainty.futures import Target
from coercivity.uncertainty.sampling_events import EventRule, event_groups, event_rules

Array = NDArray[np.float64]
Losses = dict[Target, Array]
"""Share lost by target: one row a replication, one column a month. [fraction]"""

MONTHS_A_YEAR = 12
PER_TICK = 4
"""Random numbers set aside for one tick; Philox gives four at a time. [count]"""
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A disruption that is certain: it happens in every replication.

    Examples
    --------
    >>> Scheduled(("country", "X"), first=2, months=3).lost(6).tolist()
    [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    """

    target: Target
    first: int
    """Month in which it begins, counted from 1. [month]"""
    months: float
    """How long it lasts. [month]"""
    depth: float = 1.0
    """Share lost while it lasts. [fraction]"""

    def __post_init__(self) -> None:
        if not (self.first >= 1 and self.months > 0 and 0 < self.depth <= 1):
            msg = (
                f"A disruption of {self.target[0]} '{self.target[1]}' begins in month "
                f"{self.first}, lasts {self.months:g} months and takes the share {self.depth:g}. "
                "Months are counted from 1, it lasts longer than no time, and takes more than "
                "nothing and no more than all: correct it, or leave it out.  [S201]"
            )
            raise UsageError(msg)

    def lost(self, months: int) -> Array:
        """Give the share lost in each month. [fraction]"""
        begin = np.array([[self.first - 1.0]])
        return np.asarray(self.depth * occupied(begin, begin + self.months, months)[0])


def simulated_rules(tables: CaseTables) -> tuple[EventRule, ...]:
    """Read the events of a case that are drawn by the month.

    Raises
    ------
    CaseError
        If an event that happens has no length, or a number is negative; all of them at once.
    """
    problems = []
    for row in tables["events"].rows():
        rate, mean = row.maybe_number("rate") or 0.0, row.maybe_number("duration_mean") or 0.0
        spread = row.maybe_number("duration_sd") or 0.0
        if min(rate, mean, spread) < 0 or (rate > 0 and mean == 0):
            problems.append(
                Problem(
                    "S202",
                    row.place("duration_mean"),
                    f"event '{row.text('id')}' has rate {rate:g} a year, mean length {mean:g} "
                    f"years, deviation {spread:g}",
                    "An event that happens lasts longer than no time, and nothing of it is "
                    "negative. Give duration_mean, or set the rate to 0.",
                )
            )
    if problems:
        raise CaseError(problems, case=tables.name)
    return event_rules(tables)


def uniforms(seed: int, name: str, *, first: int, count: int, ticks: int) -> Array:
    """Give the random numbers of some replications, shape (count, ticks, 4), inside (0, 1).

    The key of the Philox generator is made of seed and name, its counter is the number of the
    replication: a replication has its own numbers whatever else is drawn, and by whom.

    Examples
    --------
    >>> both = uniforms(7, "stop", first=0, count=2, ticks=3)
    >>> bool((both[1] == uniforms(7, "stop", first=1, count=1, ticks=3)[0]).all())
    True
    """
    digest = hashlib.sha256(f"{seed}\0{name}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
    generator = np.random.Philox(key=key)
    generator.advance(first * ticks)
    drawn = np.random.Generator(generator).random((count, ticks, PER_TICK))
    return np.clip(drawn, 2.0**-54, 1 - 2.0**-53)


def ticks_needed(rate: float, years: float) -> int:
    """Set aside ticks so that a Poisson process needs more with a chance below 1e-12. [count]

    Examples
    --------
    >>> ticks_needed(0.5, 10.0) > 5
    True
    """
    mean = rate * years
    return int(np.ceil(mean + 8 * np.sqrt(mean) + 20))


def drawn_spans(
    rules: Sequence[EventRule], numbers: Array, *, years: float
) -> dict[str, tuple[Array, Array]]:
    r"""Give begin and end of every event of a group, by tick; those that miss a tick are empty.

    A group has one clock, which ticks as often as its most frequent event; an event of a lower
    rate begins at a share of the ticks, and one draw serves all lengths of a tick. An event that
    stands alone fails only while it is up: it ticks anew from its repair on, so that with
    exponential laws it is down for

    .. math:: \frac{\lambda}{\lambda + \mu}\left(T - \frac{1 - e^{-(\lambda+\mu)T}}
              {\lambda+\mu}\right)

    of :math:`T` years on average, :math:`\mu` being one over its mean length.

    Parameters
    ----------
    rules
        Events of one group.
    numbers
        As `uniforms` gives them.
    years
        Length of the time looked at. [year]
    """
    clock = max(rule.rate for rule in rules)
    gaps = -np.log1p(-numbers[:, :, 0]) / clock
    begin = np.cumsum(gaps, axis=1)
    if len(rules) == 1:
        own = rules[0].lengths(numbers[:, :, 2])
        begin[:, 1:] += np.cumsum(own, axis=1)[:, :-1]
        _expect_enough(begin, years)
        return {rules[0].id: (begin, begin + own)}
    _expect_enough(begin, years)
    found = {}
    for rule in rules:
        hit = numbers[:, :, 1] * clock < rule.rate
        lasts = np.where(hit, rule.lengths(numbers[:, :, 2]), 0.0)
        found[rule.id] = (begin, begin + lasts)
    return found


def _expect_enough(begin: Array, years: float) -> None:
    if float(begin[:, -1].min()) < years:
        msg = f"more events than the {begin.shape[1]} that were set aside  [{InternalError.code}]"
        raise InternalError(msg)


def occupied(begin: Array, end: Array, months: int) -> Array:
    """Give the share of each month that spans which do not overlap take up. [fraction]

    Parameters
    ----------
    begin, end
        One row a replication, one column a span. [month]
    months
        Length of the time looked at. [month]

    Examples
    --------
    >>> occupied(np.array([[0.5]]), np.array([[2.25]]), 3).tolist()
    [[0.5, 1.0, 0.25]]
    """
    rows = np.arange(len(begin))[:, None] * (months + 2)
    steps = np.zeros(len(begin) * (months + 2))
    for edges, sign in ((begin, 1.0), (end, -1.0)):
        inside = np.minimum(edges, months)
        whole = np.floor(inside)
        places = (rows + whole.astype(np.int64)).ravel()
        part = (inside - whole).ravel()
        size = len(steps)
        steps += sign * np.bincount(places, weights=1.0 - part, minlength=size)
        steps += sign * np.bincount(places + 1, weights=part, minlength=size)
    shares = np.cumsum(steps.reshape(len(begin), months + 2), axis=1)[:, :months]
    shares[shares < ROUNDING] = 0.0
    shares[shares > 1 - ROUNDING] = 1.0
    return np.asarray(shares)


def lost_by_month(spans: Sequence[tuple[Array, Array, float]], months: int) -> Array:
    r"""Give the mean loss of each month; at each moment the largest loss holds. [fraction]

    Layer by layer: with depths :math:`d_1 < d_2 < \dots` the loss is
    :math:`\sum_k (d_k - d_{k-1})\,|U_k|`, where :math:`U_k` is the union of spans at least as
    deep as :math:`d_k`. All spans begin at common ticks, in order.

    Parameters
    ----------
    spans
        Begin, end [month] and depth [fraction] of each event of one target.
    months
        Length of the time looked at. [month]

    Examples
    --------
    >>> one, two = np.array([[0.0, 1.0]]), np.array([[2.0, 1.5]])
    >>> lost_by_month([(one, two, 0.5)], 3).tolist()
    [[0.5, 0.5, 0.0]]
    """
    total = np.zeros((len(spans[0][0]), months))
    below = 0.0
    for depth in sorted({depth for _, _, depth in spans if depth > 0}):
        begin = spans[0][0]
        ends = [end for _, end, own in spans if own >= depth]
        reach = np.maximum.accumulate(np.max(ends, axis=0), axis=1)
        start = begin.copy()
        start[:, 1:] = np.maximum(begin[:, 1:], reach[:, :-1])
        total += (depth - below) * occupied(start, np.maximum(reach, start), months)
        below = depth
    return total


def drawn_by_month(
    rules: Iterable[EventRule], *, months: int, first: int, count: int, seed: int
) -> Losses:
    """Draw what every target loses by the month, in some replications.

    Within a group the largest loss of a target holds at each moment; what happens on its own
    compounds.

    Parameters
    ----------
    rules
        Events.
    months
        Length of a replication. [month]
    first, count
        First replication, counted from 0, and number of them.
    seed
        Seed of all draws.
    """
    years, left = months / MONTHS_A_YEAR, dict[Target, Array]()
    for name, group in event_groups(tuple(rules)).items():
        ticks = ticks_needed(max(rule.rate for rule in group), years)
        numbers = uniforms(seed, name, first=first, count=count, ticks=ticks)
        spans = drawn_spans(group, numbers, years=years)
        by_target: dict[Target, list[tuple[Array, Array, float]]] = {}
        for rule in group:
            begin, end = (MONTHS_A_YEAR * edge for edge in spans[rule.id])
            by_target.setdefault(rule.target, []).append((begin, end, rule.depth))
        for target, own in by_target.items():
            kept = 1 - lost_by_month(own, months)
            left[target] = kept if target not in left else left[target] * kept
    return {target: 1 - kept for target, kept in left.items()}


def with_scheduled(
    losses: Mapping[Target, Array], scheduled: Iterable[Scheduled], *, months: int, count: int
) -> Losses:
    """Add disruptions that are certain to those that were drawn."""
    found = dict(losses)
    for one in scheduled:
        known = found.get(one.target, np.zeros((count, months)))
        found[one.target] = 1 - (1 - known) * (1 - one.lost(months))
    return found
