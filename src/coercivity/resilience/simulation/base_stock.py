"""A serial chain under base-stock policies, many replications at once.

Each place orders whatever brings what it has, what is on order, less what it owes, up to its base
stock. Orders go up at once, goods come down after the lead time of the place that ordered; what
cannot be served is owed. A disruption pauses either the orders of a place or what it receives.

This is the textbook system with which the simulation is held against its peers; a case is run by
`month`, where a shortage is lost and nobody owes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.finance.compiled import Array, Integers, inlined, over_paths
from coercivity.foundation.errors import UsageError
from coercivity.resilience.simulation.compiling import borrowed, unguarded

Flags = NDArray[np.bool_]


class Pause(Enum):
    """What stands still at a place while it is disrupted."""

    ORDERS = 0
    RECEIPTS = 1


@dataclass(frozen=True, slots=True)
class SerialChain:
    """Places in a row, the one that serves the customer first.

    Examples
    --------
    >>> chain = SerialChain(base_stock=(6.0,), lead=(1,))
    >>> found = run_serial(chain, [[4.0, 2.0]])
    >>> found.level[0, :, 0].tolist(), found.ordered[0, :, 0].tolist()
    ([2.0, 4.0], [4.0, 2.0])
    """

    base_stock: tuple[float, ...]
    """Level that a place orders up to. [t]"""
    lead: tuple[int, ...]
    """From the order of a place, if it is served at once, to its arrival. [period]"""
    pause: Pause = Pause.ORDERS

    def __post_init__(self) -> None:
        sizes = len(self.base_stock), len(self.lead)
        if sizes[0] != sizes[1] or not sizes[0] or min(self.lead) < 0:
            msg = (
                f"A chain has {sizes[0]} base stocks and lead times {list(self.lead)}. Each place "
                "has one of both, and nothing arrives before it is sent: give as many lead times "
                "of 0 or more.  [S208]"
            )
            raise UsageError(msg)


class Serial(NamedTuple):
    """What is seen of a serial chain, by replication, period and place; empty where not kept."""

    level: Array
    """What lies there, below 0 what is owed. [t]"""
    ordered: Array
    """[t/period]"""
    received: Array
    """[t/period]"""
    sent: Array
    """[t/period]"""


class Room(NamedTuple):
    """Room to work in, for one path at a time; rows are places."""

    pipe: Array
    """On its way, by month of arrival in a ring. [t]"""
    level: Array
    held: Array
    """Came while receipts paused. [t]"""
    due: Array
    """On order. [t]"""
    orders: Array
    """On each place, the customer's first; the last ones go outside. [t]"""


@inlined
def _order(
    chain: tuple[Array, Integers, int], room: Room, stopped: Flags, path: int, period: int
) -> None:
    """Let orders go up; demand is the first of them."""
    base, orders, due = chain[0], room.orders, room.due
    for place in range(base.shape[0]):
        gap = base[place] - (room.level[place] + due[place] - orders[place])
        still = chain[2] == 0 and stopped[path, period, place]
        orders[place + 1] = 0.0 if still else max(0.0, gap)
        due[place] += orders[place + 1]


@unguarded
def _run(
    chain: tuple[Array, Integers, int],
    demand: Array,
    stopped: Flags,
    seen: Serial,
    room: Room,
    block: tuple[int, int],
) -> None:
    seen, room = borrowed(seen), borrowed(room)
    lead, pause = chain[1], chain[2]
    pipe, level, held, due, orders = room
    for path in range(block[0], block[1]):
        pipe[:], held[:], due[:], level[:] = 0.0, 0.0, 0.0, chain[0]
        for period in range(demand.shape[1]):
            orders[0] = demand[path, period]
            _order(chain, room, stopped, path, period)
            coming, slots = orders[level.shape[0]], pipe.shape[1]
            slot = period % slots
            for place in range(level.shape[0] - 1, -1, -1):
                arrival = slot + lead[place]
                pipe[place, arrival if arrival < slots else arrival - slots] += coming
                came = pipe[place, slot] + held[place]
                pipe[place, slot], held[place] = 0.0, 0.0
                if pause == 1 and stopped[path, period, place]:
                    came, held[place] = 0.0, came
                due[place] -= came
                owed = max(0.0, -level[place]) + orders[place]
                coming = min(owed, max(0.0, level[place]) + came)
                level[place] += came - orders[place]
                if seen.level.shape[0] > 0:
                    seen.level[path, period, place] = level[place]
                if seen.ordered.shape[0] > 0:
                    seen.ordered[path, period, place] = orders[place + 1]
                if seen.received.shape[0] > 0:
                    seen.received[path, period, place] = came
                if seen.sent.shape[0] > 0:
                    seen.sent[path, period, place] = coming


def run_serial(
    chain: SerialChain,
    demand: ArrayLike,
    stopped: ArrayLike | None = None,
    *,
    workers: int | None = None,
    keep: Sequence[str] = Serial._fields,
) -> Serial:
    r"""Run a serial base-stock chain.

    .. math:: q_i = \max\bigl(0,\; S_i - (I_i + O_i - q_{i-1})\bigr), \qquad
              I_i \leftarrow I_i + r_i - q_{i-1}

    with what lies at a place :math:`I_i`, on order :math:`O_i`, received :math:`r_i`, and
    :math:`q_0` the demand. All places start at their base stock with nothing on order.

    Parameters
    ----------
    chain
        The chain.
    demand
        By replication and period. [t/period]
    stopped
        Whether each place is disrupted, by replication, period and place; None is never.
    workers
        Threads; the bits do not depend on them.
    keep
        What is kept of each period; most of the time goes into keeping.

    References
    ----------
    Snyder and Shen (2019), *Fundamentals of Supply Chain Theory*, 2nd ed., sections 6.2 and 9.2.
    """
    asked = np.ascontiguousarray(np.atleast_2d(np.asarray(demand, dtype=np.float64)))
    if not (np.isfinite(asked) & (asked >= 0)).all():
        msg = "Demand of a base-stock chain is finite and at least 0 in every period.  [S208]"
        raise UsageError(msg)
    shape = (*asked.shape, len(chain.base_stock))
    still = np.zeros(shape, dtype=np.bool_)
    still[...] = False if stopped is None else np.asarray(stopped, dtype=np.bool_)
    if unknown := set(keep) - set(Serial._fields):
        msg = (
            f"A base-stock chain has no {sorted(unknown)} to keep. Name some of "
            f"{', '.join(Serial._fields)}.  [S208]"
        )
        raise UsageError(msg)
    seen = Serial(*(np.empty(shape if name in keep else (0, 0, 0)) for name in Serial._fields))
    numbers = (
        np.array(chain.base_stock),
        np.array(chain.lead, dtype=np.int64),
        chain.pause.value,
    )

    def work(first: int, end: int) -> None:
        level, held, due = np.zeros((3, shape[2]))
        pipe, orders = np.zeros((shape[2], max(chain.lead) + 1)), np.zeros(shape[2] + 1)
        room = Room(pipe, level, held, due, orders)
        _run(numbers, asked, still, seen, room, (first, end))

    over_paths(work, len(asked), workers=workers)
    return seen


def on_off(
    stop: float, recover: float, *, shape: Sequence[int], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw which periods are disrupted by a two-state Markov chain that starts undisturbed.

    Parameters
    ----------
    stop, recover
        Probability of being disrupted in the next period when up, and up when disrupted.
        [fraction]
    shape
        Replications and periods. [count]
    rng
        Random numbers.
    """
    draws = rng.random(tuple(shape))
    state = np.zeros(shape[0], dtype=np.bool_)
    found = np.zeros(tuple(shape), dtype=np.bool_)
    for period in range(shape[1]):
        state = np.where(state, draws[:, period] >= recover, draws[:, period] < stop)
        found[:, period] = state
    return found
