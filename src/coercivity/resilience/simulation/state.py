"""What the compiled months read and remember."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array, Integers
from coercivity.resilience.simulation.layout import Net, Places

Flags = NDArray[np.bool_]


class Rules(NamedTuple):
    """What a policy and the elasticities tell the loop."""

    rated: float
    reserve: float
    refill: float
    search: float
    levels: int
    demand_elasticity: Array
    supply_elasticity: Array
    start: Array
    """Months in which each limit must be asked for before it works; 0 where it works. [month]"""
    lag: Array
    """Until supply answers to a price. [month]"""
    claims: Array
    """Planned work of each move, cumulative by priority. [t/month]"""


class State(NamedTuple):
    """What one replication remembers from month to month, and room to work in."""

    hand: Array
    """At hand, by node. [t]"""
    due: Array
    """On its way, by month of arrival and node, as far as it was planned. [t]"""
    due_more: Array
    """The same of what was asked as extra. [t]"""
    came: Array
    """What was asked as extra and arrived this month, by node. [t]"""
    at_once: Array
    """What planned moves without a lead give this month, by node. [t]"""
    saved: Array
    """At hand before the month was gone through to foresee it, by node. [t]"""
    carried: Array
    """What lay at each node before anything arrived: a reserve is kept of this. [t]"""
    able: Array
    """Share of its planned work that each limit allows this month. [fraction]"""
    left: Array
    """What is left of each limit beside its planned work. [t]"""
    scale: Array
    """Share of its planned work that each move may do. [fraction]"""
    extra: Array
    """Extra work asked of each move, cumulative by priority. [t]"""
    claimed: Array
    """Extra work asked of each node. [t]"""
    waits: Array
    """Months that are left of the start of each limit; 0 where it works. [month]"""
    called: Integers
    """Last month in which work on the start of each limit went on; -1 for none."""
    asked: Places
    """Moves of which extra work is asked this month, in the order in which they were asked."""
    asking: Integers
    """How many they are. [count]"""
    done: Array
    """What each move has done since the start. [t]"""
    spilled: Array
    """What found no room at each node since the start. [t]"""
    gave: Array
    """Share of the extra work last asked of it that each move did. [fraction]"""
    share: Array
    """Share of planned orders that each node fills, by priority. [fraction]"""
    share_more: Array
    """Share of extra orders that each node fills, by priority. [fraction]"""
    whole: Flags
    """Whether every order on a node is filled."""
    want: Array
    """Orders on the node at work, cumulative by priority. [t]"""
    want_more: Array
    """The same of extra orders. [t]"""
    smooth: Array
    """Remembered price, by material and month; relative to the plan. [fraction]"""
    given: Array
    """Used this month, by material whose price responds. [t]"""


class Lost(NamedTuple):
    """What goes on in a block of replications."""

    left: Array
    """By replication, limit that may be hit, and month. [fraction]"""
    hit: Places
    """Row of ``left`` of each limit; the first row is never hit."""
    wanted: Array
    """By demand and month. [t/month]"""
    used: Array
    """What is used of each priced material when nothing is lost, by month. [t/month]"""


class Seen(NamedTuple):
    """What is seen of a block of replications."""

    short: Array
    """By replication, segment and month. [t]"""
    cover: Array
    """By replication, segment and month. [day]"""
    price: Array
    """By replication, material and month; relative to the plan. [fraction]"""


def empty_state(net: Net, *, levels: int, months: int, materials: int) -> State:
    """Make room for one replication."""
    nodes, moves, limits = len(net.room), len(net.planned), len(net.most)
    slots = int(net.lead.max(initial=1)) + 1
    return State(
        hand=np.zeros(nodes), due=np.zeros((slots, nodes)), due_more=np.zeros((slots, nodes)),
        came=np.zeros(nodes), at_once=np.zeros(nodes), saved=np.zeros(nodes),
        carried=np.zeros(nodes), able=np.ones(limits), left=np.zeros(limits),
        scale=np.ones(moves), extra=np.zeros((moves, levels)), claimed=np.zeros(nodes),
        waits=np.zeros(limits), called=np.zeros(limits, dtype=np.int64),
        asked=np.zeros(moves, dtype=np.uint32), asking=np.zeros(1, dtype=np.int64),
        done=np.zeros(moves), spilled=np.zeros(nodes), gave=np.ones(moves),
        share=np.ones((nodes, levels)),
        share_more=np.ones((nodes, levels)), whole=np.ones(nodes, dtype=np.bool_),
        want=np.zeros(levels), want_more=np.zeros(levels),
        smooth=np.ones((materials, months)), given=np.zeros(materials),
    )  # fmt: skip
