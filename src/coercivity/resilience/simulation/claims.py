"""Whose orders stand behind each planned move: the priority of what it ends in."""

from __future__ import annotations

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.resilience.simulation.layout import DRAINS, Layout

ROUNDS = 500
CLOSE = 1e-12


def claims_of(layout: Layout) -> Array:
    r"""Split the planned work of every move by priority, cumulatively. [t/month]

    A node's users share their priorities in proportion to what they take; a plant takes on the
    best of its products, so that with :math:`\Phi_j(p)` the share of move *j* that stands behind
    orders of priority *p* or better

    .. math:: \Phi_j(p) = \max_{n \in out(j)} \frac{\sum_{i \in users(n)} a_{n,i}\,\bar x_i\,
              \Phi_i(p)}{\sum_i a_{n,i}\,\bar x_i},

    found by repetition from 0 upwards, which converges because shares only grow. What nobody at
    home asked for, sales and leftovers, has the last priority.
    """
    net, levels = layout.net, layout.levels
    share = np.zeros((len(net.planned), levels))
    share[:, levels - 1] = 1.0
    for _ in range(ROUNDS):
        nodes = _by_node(layout, share)
        found = np.zeros_like(share)
        ends = np.repeat(np.arange(len(net.planned)), np.diff(net.out_start))
        np.maximum.at(found, ends, nodes[net.out_node])
        found[:, levels - 1] = 1.0
        change = float(np.abs(found - share).max(initial=0.0))
        share = found
        if change < CLOSE:
            break
    drains = [place for place, move in enumerate(layout.chain.moves) if move.kind in DRAINS]
    share[drains, : levels - 1] = 0.0
    return np.ascontiguousarray(net.planned[:, None] * share)


def _by_node(layout: Layout, share: Array) -> Array:
    """Give the share of a node's orders of a priority or better; a demand has its own."""
    net, levels = layout.net, layout.levels
    weight = net.user_amount * net.planned[net.user_move]
    ends = np.repeat(np.arange(len(net.room)), np.diff(net.user_start))
    sums = np.zeros((len(net.room), levels))
    np.add.at(sums, ends, weight[:, None] * share[net.user_move])
    totals = np.zeros(len(net.room))
    np.add.at(totals, ends, weight)
    nodes = np.divide(sums, totals[:, None], out=np.zeros_like(sums), where=totals[:, None] > 0)
    for node, level in zip(net.demand_node, net.demand_level, strict=True):
        nodes[node] = np.arange(levels) >= level
    return nodes
