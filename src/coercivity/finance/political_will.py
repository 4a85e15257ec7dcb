"""Whether promises last: one clock of lapsing for each kind, shared by all projects.

================  ==========================================================================
kind              how it ends
================  ==========================================================================
announcement      lapses at any time before it is signed; pays only once signed, and then
                  ends as the kind that it was signed as
appropriation     lapses and comes back at fiscal dates only
statute           lapses and comes back at elections only; plants begun before may keep it
contract          lapses at any time, rarely; a termination payment is due
obligated         stands until the funds are spent; beyond them it is an appropriation
================  ==========================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from coercivity.finance.compiled import Array, rows
from coercivity.finance.refusals import FinanceError
from coercivity.tables import CaseTables
from coercivity.uncertainty import stream

BLOCK = 1024
"""Paths that share one stream of random numbers; always drawn whole. [path]"""
FISCAL_DATE = 0.75
"""Fiscal years begin on 1 October. [year]"""
ELECTION_YEARS = 2
"""Between two new legislatures, which sit from the January of odd years. [year]"""


class Renewal(Enum):
    """When a promise can lapse or come back."""

    CONTINUOUS = "continuous"
    FISCAL_YEAR = "fiscal-year"
    ELECTION = "election"

    def dates(self, start: float) -> tuple[float, float]:
        """Give the first date after the start, and the time between dates; 0 for any time. [year]

        Parameters
        ----------
        start
            Calendar time of the start of year 0, such as 2026.0. [calendar year]

        Examples
        --------
        >>> Renewal.FISCAL_YEAR.dates(2026.0), Renewal.ELECTION.dates(2026.0)
        ((0.75, 1.0), (1.0, 2.0))
        """
        if self is Renewal.CONTINUOUS:
            return 0.0, 0.0
        if self is Renewal.FISCAL_YEAR:
            return (FISCAL_DATE - start) % 1.0 or 1.0, 1.0
        gap = float(ELECTION_YEARS)
        return (1.0 - start) % gap or gap, gap


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKind:
    """How promises of one kind end and come back."""

    id: str
    hazard: float
    """Rate of lapsing. [1/year]"""
    renewal: Renewal = Renewal.CONTINUOUS
    reprovision: float = 0.0
    """Rate of coming back. [1/year]"""
    grandfathered: bool = False
    """Whether plants that have begun keep it."""
    termination_share: float = 0.0
    """Part of what remains that is paid on lapse. [fraction]"""

    def __post_init__(self) -> None:
        rates = (self.hazard, self.reprovision)
        if not (all(0 <= one < math.inf for one in rates) and 0 <= self.termination_share <= 1):
            msg = (
                f"promise {self.id!r} has hazard {self.hazard!r}, reprovision "
                f"{self.reprovision!r}, termination share {self.termination_share!r}. Rates are "
                "finite and not negative, shares lie between 0 and 1: correct the row.  [F207]"
            )
            raise FinanceError(msg, code="F207")


@dataclass(frozen=True, slots=True)
class Standing:
    """When the promises of one kind stand, on each path."""

    ends: Array
    """Times at which it lapses, one column a time, infinite where it never does. [year]"""
    returns: Array
    """Times at which it comes back after each lapse. [year]"""
    years: int

    @property
    def lapse(self) -> Array:
        """First lapse of each path; infinite where there is none. [year]"""
        return self.ends[:, 0]

    def alive(self, *, begun: ArrayLike | None = None) -> Array:
        """Give the share of each year in which the promise stands. [fraction]

        Parameters
        ----------
        begun
            When each path's plant begins; given for a grandfathered promise, those that begin
            while it stands keep it. One value, or one a path. [year]

        Examples
        --------
        >>> once = Standing(np.array([[0.5]]), np.array([[1.75]]), 3)
        >>> once.alive().tolist(), once.alive(begun=0.25).tolist()
        ([[0.5, 0.25, 1.0]], [[1.0, 1.0, 1.0]])
        """
        edges = np.arange(self.years, dtype=np.float64)
        share = np.ones((len(self.ends), self.years))
        for number in range(self.ends.shape[1]):
            first = np.maximum(self.ends[:, number, None], edges)
            last = np.minimum(self.returns[:, number, None], edges + 1)
            share -= np.maximum(last - first, 0.0)
        share = np.clip(share, 0.0, 1.0)
        if begun is not None:
            when = np.broadcast_to(np.asarray(begun, dtype=np.float64), (len(self.ends),))
            share[self.stands_at(when)] = 1.0
        return share

    def stands_at(self, when: Array) -> Array:
        """Tell whether the promise stands at a time.

        Parameters
        ----------
        when
            One time a path. [year]
        """
        gone = (self.ends <= when[:, None]) & (when[:, None] < self.returns)
        return np.asarray(~gone.any(axis=1))


def draw_standing(
    kind: PromiseKind, *, years: int, paths: int, seed: int, start: float = 0.0
) -> Standing:
    r"""Draw when a kind of promise lapses and comes back.

    .. math:: \tau = \lceil E/\lambda \rceil_{\text{dates}}, \qquad E \sim \text{Exp}(1)

    so that at dates a gap :math:`\Delta` apart the chance of lapsing is
    :math:`1-e^{-\lambda\Delta}`, and the same :math:`E` serves every hazard. The numbers belong
    to the seed, the kind and the path, not to a project: all promises of a kind lapse together.

    Parameters
    ----------
    kind
        What may lapse.
    years, paths
        How long, how many. [year], [path]
    seed
        Seed of all draws.
    start
        Calendar time of the start of year 0, which places the dates. [calendar year]

    Examples
    --------
    >>> never = PromiseKind(id="safe", hazard=0.0)
    >>> draw_standing(never, years=2, paths=1, seed=1).alive().tolist()
    [[1.0, 1.0]]
    """
    blocks = range(-(-paths // BLOCK))
    streams = [stream(seed, "promise", kind.id, block) for block in blocks]
    first, gap = kind.renewal.dates(start)
    now = np.zeros(paths)
    ends, returns = [], []
    while True:
        waits = [
            np.concatenate([rng.standard_exponential(BLOCK) for rng in streams])[:paths]
            for _ in range(2)
        ]
        lapse = _next_date(now, waits[0], rate=kind.hazard, first=first, gap=gap)
        now = _next_date(lapse, waits[1], rate=kind.reprovision, first=first, gap=gap)
        ends.append(lapse)
        returns.append(now)
        if not (now < years).any():
            return Standing(np.column_stack(ends), np.column_stack(returns), years)


def _next_date(now: Array, wait: Array, *, rate: float, first: float, gap: float) -> Array:
    """Give when something of a rate happens after now, on the next date if there are dates."""
    if rate == 0:
        return np.full_like(now, np.inf)
    when = now + wait / rate
    if gap == 0:
        return np.asarray(when)
    # The time up to the first date counts as a whole gap, as that before any other does.
    counted = np.where(now == 0.0, when - (gap - first), when)
    number = np.ceil(np.maximum((counted - first) / gap, 0.0))
    return np.asarray(first + gap * number)


def announced(announcement: Standing, signed: Standing, *, signing: float | None) -> Array:
    """Give the share of each year in which an announcement pays. [fraction]

    It pays nothing before it is signed, and never if it lapses before; once signed it stands as
    long as what it was signed as.

    Parameters
    ----------
    announcement
        Of the kind that is announced.
    signed
        Of the kind that it becomes.
    signing
        When it is to be signed; None if that is never. [year]

    Examples
    --------
    >>> kept = Standing(np.array([[np.inf]]), np.array([[np.inf]]), 2)
    >>> announced(kept, kept, signing=0.5).tolist(), announced(kept, kept, signing=None).tolist()
    ([[0.5, 1.0]], [[0.0, 0.0]])
    """
    years = announcement.years
    if signing is None:
        return np.zeros((len(announcement.ends), years))
    after = np.clip(np.arange(1, years + 1) - signing, 0.0, 1.0)
    made = (announcement.lapse > signing)[:, None]
    return np.asarray(np.minimum(signed.alive(), after) * made)


def obligated(outlay: ArrayLike, *, funded: float, beyond: Array) -> Array:
    """Give the share of each year in which an obligated promise pays. [fraction]

    Payments are safe until the funds are spent; what goes beyond is an appropriation.

    Parameters
    ----------
    outlay
        Due if the promise stands, by year, one row or one a path. [million/year]
    funded
        Obligated or in escrow. [million]
    beyond
        Share of each year in which appropriations stand. [fraction]

    Examples
    --------
    >>> obligated([[10.0, 10.0, 10.0]], funded=15.0, beyond=np.zeros((1, 3))).tolist()
    [[1.0, 0.5, 0.0]]
    """
    due = np.maximum(rows(outlay, years=beyond.shape[1], name="outlay"), 0.0)
    before = np.cumsum(due, axis=1) - due
    left = np.clip(funded - before, 0.0, None)
    safe = np.divide(left, due, out=(left > 0).astype(np.float64), where=due > 0)
    safe = np.minimum(safe, 1.0)
    return np.asarray(safe + (1 - safe) * beyond)


def termination_payments(due: ArrayLike, standing: Standing, *, share: float, rate: float) -> Array:
    r"""Give what is paid when a contract is ended. [million/year]

    .. math:: D_n = \delta \int_{\tau_n}^{\infty} s(t)\,e^{-\rho(t-\tau_n)}\,dt

    on the first lapse, in the year in which it falls; payments due are even over each year.

    Parameters
    ----------
    due
        Support due if the contract stands, by year, one row or one a path. [million/year]
    standing
        Of the contract; its first lapse counts.
    share
        :math:`\delta`. [fraction]
    rate
        :math:`\rho`, continuous. [1/year]

    Examples
    --------
    >>> ended = Standing(np.array([[1.0]]), np.array([[np.inf]]), 3)
    >>> termination_payments([[8.0, 8.0, 8.0]], ended, share=0.5, rate=0.0).tolist()
    [[0.0, 8.0, 0.0]]
    """
    table = rows(due, years=standing.years, name="support due")
    lapse = standing.lapse
    edges = np.arange(standing.years, dtype=np.float64)
    begins = np.maximum(edges - lapse[:, None], 0.0)
    ends = np.maximum(edges + 1 - lapse[:, None], 0.0)
    weight = ends - begins
    if rate != 0:
        weight = (np.exp(-rate * begins) - np.exp(-rate * ends)) / rate
    ended = lapse < standing.years
    weight = np.where(ended[:, None], weight, 0.0)
    paid = np.zeros((len(lapse), standing.years))
    path = np.flatnonzero(ended)
    paid[path, lapse[path].astype(int)] = share * (table * weight).sum(axis=1)[path]
    return paid


def promise_kinds(tables: CaseTables) -> Mapping[str, PromiseKind]:
    """Read the kinds of promise of a case.

    Parameters
    ----------
    tables
        Tables of the case: ``promises``.
    """
    found = {}
    for row in tables["promises"].rows():
        hazard = row.maybe_number("hazard")
        if hazard is None:
            msg = (
                f"{row.place('hazard')}: the promise {row.text('id')!r} has no hazard. Its rate of "
                "lapsing decides what it is worth: write 0 if it never lapses.  [F207]"
            )
            raise FinanceError(msg, code="F207")
        found[row.text("id")] = PromiseKind(
            id=row.text("id"),
            hazard=hazard,
            renewal=Renewal(row.text("renewal")),
            reprovision=row.maybe_number("reprovision") or 0.0,
            grandfathered=row.flag("grandfathered"),
            termination_share=row.maybe_number("termination_share") or 0.0,
        )
    return found
