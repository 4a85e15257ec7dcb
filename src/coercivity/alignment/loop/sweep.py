"""Branches of a loop: the field moves from threshold to threshold, and plants follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.loop.relays import Array, Flags, Relays

Reach = Callable[[Flags], Flags]
"""Says of each plant, were it to run beside those that do, whether a chain runs through it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which plants run, and which rest and may come back."""

    on: Flags
    resting: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What runs between neighbouring fields on the way up or down."""

    edges: Array
    """Fields that part the branch, rising; one more than rows of `on`. [money/kg]"""
    on: Flags
    """Plants that run, a row for each interval."""
    end: Standing
    """Where the way ended."""
    rounds: int = 0
    """Most rounds until plants followed each other no more."""
    unsettled: int = 0
    """Intervals in which they did not settle."""


def everywhere(on: Flags) -> Flags:
    """Say that a chain runs through every plant, whoever else runs: no coordination.

    Parameters
    ----------
    on
        Plants that run.
    """
    return np.ones_like(on)


def travel(
    relays: Relays,
    start: Standing,
    *,
    stage: str,
    fields: Array,
    rising: bool,
    reach: Reach = everywhere,
    scrapped: bool = True,
) -> Branch:
    r"""Move the field over all its intervals in one direction; plants act and follow each other.

    Thresholds lie at the ends of intervals, so within one nothing changes and there is no step
    error. In each interval plants act until none does: one that runs stops where

    .. math:: k_i(H) < stop_i,

    one that rests runs from :math:`restart_i`, one that is not there from :math:`enter_i`.

    Parameters
    ----------
    relays
        Plants.
    start
        What runs and rests at the beginning of the way.
    stage
        At which it is dumped where the field is negative.
    fields
        Where plants may act, rising; the way goes from end to end. [money/kg of key product]
    rising
        Whether the field rises.
    reach
        Whether a chain runs through a plant.
    scrapped
        Whether a plant that stops is gone; otherwise it rests and may restart.

    Examples
    --------
    One plant that opens at 3 and stops at -1:

    >>> one = np.ones(1)
    >>> plant = Relays(names=("a",), enter=3 * one, restart=one, stop=-one, paid=one,
    ...     exposed={"ore": one}, standing=one < 0)
    >>> none = Standing(one < 0, one < 0)
    >>> way = travel(plant, none, stage="ore", rising=True,
    ...     fields=plant.fields(stage="ore", lowest=-5, highest=5))
    >>> way.edges.tolist(), way.on[:, 0].tolist()
    ([-5.0, 3.0, 5.0], [False, True])
    """
    middles = (fields[:-1] + fields[1:]) / 2
    now, rows = start, []
    most = unsettled = 0
    for field in middles if rising else middles[::-1]:
        now, rounds = _settle(relays, now, float(field), stage, reach, scrapped=scrapped)
        most, unsettled = max(most, rounds), unsettled + (rounds > 2 * relays.count + 1)
        rows.append(now.on)
    on = np.array(rows if rising else rows[::-1])
    edges, on = _merged(fields, on)
    return Branch(edges=edges, on=on, end=now, rounds=most, unsettled=unsettled)


def _settle(
    relays: Relays, now: Standing, field: float, stage: str, reach: Reach, *, scrapped: bool
) -> tuple[Standing, int]:
    """Let plants act until none does; more rounds than all can need are a circle."""
    rounds = 0
    while rounds <= 2 * relays.count + 1:
        gets = relays.support(field, stage=stage, reached=reach(now.on))
        stops = now.on & (gets < relays.stop)
        begins = ~now.on & (gets >= np.where(now.resting, relays.restart, relays.enter))
        if not (stops | begins).any():
            break
        resting = now.resting & ~begins
        if not scrapped:
            resting = resting | stops
        now = Standing((now.on & ~stops) | begins, resting)
        rounds += 1
    return now, rounds


def _merged(edges: Array, on: Flags) -> tuple[Array, Flags]:
    """Join neighbouring intervals in which the same plants run."""
    changed = np.append(np.any(on[1:] != on[:-1], axis=1), True)
    return np.concatenate([edges[:1], edges[1:][changed]]), on[changed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways of the field through a chain: how far it goes, and how plants follow each other."""

    relays: Relays
    highest: float
    """Highest field. [money/kg of key product]"""
    deepest: Mapping[str, float]
    """Deepest dumping by stage. [money/kg of key product]"""
    reach: Reach = everywhere

    def fields(self, stage: str) -> Array:
        """List the fields at which a plant may act. [money/kg of key product]

        Parameters
        ----------
        stage
            At which it is dumped.
        """
        return self.relays.fields(stage=stage, lowest=-self.deepest[stage], highest=self.highest)

    @property
    def nobody(self) -> Flags:
        """No plant at all."""
        return np.zeros(self.relays.count, dtype=np.bool_)

    def virgin(self) -> Branch:
        """Go up from today, where there is neither support nor dumping; what stops rests."""
        stage = next(iter(self.relays.exposed))
        fields = self.relays.fields(stage=stage, lowest=0.0, highest=self.highest)
        today = Standing(self.relays.standing, self.nobody)
        return travel(
            self.relays,
            today,
            stage=stage,
            fields=fields,
            rising=True,
            reach=self.reach,
            scrapped=False,
        )

    def down(self, top: Flags, stage: str) -> Branch:
        """Go down from the highest field to the deepest dumping; what stops rests.

        Parameters
        ----------
        top
            Plants that run at the highest field.
        stage
            At which it is dumped.
        """
        return travel(
            self.relays, Standing(top, self.nobody), stage=stage, fields=self.fields(stage),
            rising=False, reach=self.reach, scrapped=False,
        )  # fmt: skip

    def up(self, bottom: Standing, stage: str, *, scrapped: bool) -> Branch:
        """Go up again from the deepest dumping.

        Parameters
        ----------
        bottom
            What runs and rests there.
        stage
            At which it was dumped.
        scrapped
            Whether all that stopped is gone; otherwise all of it still stands.
        """
        begin = Standing(bottom.on, self.nobody) if scrapped else bottom
        return travel(
            self.relays, begin, stage=stage, fields=self.fields(stage), rising=True,
            reach=self.reach, scrapped=scrapped,
        )  # fmt: skip
