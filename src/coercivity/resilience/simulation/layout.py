"""The chain of one year as arrays, in the order in which orders go up and material comes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array, Integers
from coercivity.resilience.simulation.leads import AT_ONCE
from coercivity.resilience.simulation.moves import Chain, Limited, Move, Node
from coercivity.resilience.simulation.standing import started_together, waits_for_a_start

DRAINS = ("sale", "unsold")
"""Moves that ask for what the plan gives them, after everybody else."""
USES = ("activity", "service", "sale")
"""Moves by which a material is used up or sold; the others only move it."""
ROOM_MONTHS = 1.0
"""Planned inflow that a place without a stock can keep beside what it works on. [month]"""


Places = NDArray[np.uint32]
"""Numbers of moves, nodes or limits: without a sign, so that no index counts from the end."""


class Net(NamedTuple):
    """The chain as the compiled loop reads it. Moves, nodes and limits have numbers."""

    in_start: Places
    in_node: Places
    in_amount: Array
    out_start: Places
    out_node: Places
    out_amount: Array
    source_start: Places
    source_move: Places
    source_amount: Array
    user_start: Places
    user_move: Places
    user_amount: Array
    planned: Array
    """Of each move. [t/month]"""
    lead: Integers
    working: Places
    """Moves that the plan makes."""
    carrying: Places
    """Those of them that need time."""
    trust: Array
    """Share of what each move is first asked for that is counted on. [fraction]"""
    limit: Integers
    """Limit of each move, -1 for none."""
    use: Array
    most: Array
    """Of each limit. [t/month]"""
    busy: Array
    """What the plan uses of each limit. [t/month]"""
    start: Array
    """Months in which each limit must be asked for before it works. [month]"""
    calls_start: Places
    calls_limit: Places
    """Limits that are started together, by the limit that is asked for."""
    limit_material: Integers
    upstream: Places
    """Nodes, those near demand first: the way of orders."""
    downstream: Places
    """Nodes, better classes before worse and demands last: the way of material."""
    handing: Places
    """The same, but only nodes from which moves need no time."""
    inflow: Array
    """Planned, of each node. [t/month]"""
    outflow: Array
    """Planned, of each node. [t/month]"""
    drift: Array
    """Planned inflow less outflow of each node: what its stock gains. [t/month]"""
    opening: Array
    """In stock at the start, by node. [t]"""
    room: Array
    """Most that a node carries into the next month. [t]"""
    in_market: Integers
    """Priced material of each input that is used up or sold; -1 where it is only moved."""
    once_start: Places
    once_move: Places
    """Moves that need no time, by the node they take from."""
    once_takes: Array
    once_out: Places
    once_market: Integers
    serves: Integers
    """Demand that each move serves, -1 for none."""
    demand_of: Integers
    """Demand at each node, -1 for none."""
    demand_planned: Array
    """What the plan serves of each demand. [t/month]"""
    demand_node: Places
    demand_level: Places
    """Place of each demand's priority among all."""
    demand_segment: Places
    cover_node: Places
    cover_segment: Places
    cover_weight: Array
    """Days that a tonne at the node is of cover to the segment. [day/t]"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Arrays with the names behind their numbers."""

    net: Net
    chain: Chain
    nodes: tuple[Node, ...]
    limits: tuple[Limited, ...]
    segments: tuple[str, ...]
    levels: int
    """Priorities, sales counted as the last one. [count]"""
    materials: tuple[str, ...]
    """Materials whose price responds."""


DAYS_A_MONTH = 365.0 / 12


def lay_out(chain: Chain, *, segments: Sequence[str], priced: Sequence[str] = ()) -> Layout:
    """Turn a chain into arrays.

    Parameters
    ----------
    chain
        The chain of one year, spare moves included.
    segments
        Segments in the order of reports.
    priced
        Materials whose price responds to scarcity.
    """
    nodes, moves = chain.nodes(), chain.moves
    number = {node: place for place, node in enumerate(nodes)}
    limits = list({m.limit.key: m.limit for m in moves if m.limit is not None}.values())
    market = {name: place for place, name in enumerate(priced)}
    arrays: dict[str, Any] = {
        **_rows("in", [m.inputs for m in moves], number),
        **_rows("out", [m.outputs for m in moves], number),
        **_ends("source", moves, [m.outputs for m in moves], number),
        **_ends("user", moves, [m.inputs for m in moves], number),
        "lead": _or_none([m.lead for m in moves]),
        "working": _whole([n for n, m in enumerate(moves) if m.planned > 0]),
        "trust": 1.0 - np.array(waits_for_a_start(moves), dtype=np.float64),
        "carrying": _whole([n for n, m in enumerate(moves) if m.planned > 0 and m.lead]),
        "upstream": _upstream(moves, nodes, number),
        **_downstream(moves, number),
        "in_market": _or_none(
            [market.get(n[1], -1) if m.kind in USES else -1 for m in moves for n in m.inputs]
        ),
        **_limited(moves, limits, market),
        **_kept(chain, number),
        **_at_once(moves, number, market),
        **_asked(chain, nodes, number, segments),
    }
    net = Net(**arrays)
    levels = len({one.priority for one in chain.demands}) + 1
    return Layout(net, chain, tuple(nodes), tuple(limits), tuple(segments), levels, tuple(priced))


def _limited(
    moves: Sequence[Move], limits: Sequence[Limited], market: Mapping[str, int]
) -> dict[str, Any]:
    """Give plan and limit of every move, and what the plan uses of each limit."""
    places = {one.key: place for place, one in enumerate(limits)}
    own = [-1 if m.limit is None else places[m.limit.key] for m in moves]
    planned, use = np.array([m.planned for m in moves]), np.array([m.use for m in moves])
    busy = np.zeros(len(limits))
    for place, amount in zip(own, planned * use, strict=True):
        if place >= 0:
            busy[place] += amount
    return {
        "planned": planned,
        "limit": _or_none(own),
        "use": use,
        "most": np.maximum(np.array([one.most for one in limits]), busy),
        "busy": busy,
        "start": np.array([float(one.start) for one in limits]),
        "limit_material": _or_none([market.get(one.material, -1) for one in limits]),
        **_calls(moves, limits),
    }


def _calls(moves: Sequence[Move], limits: Sequence[Limited]) -> dict[str, Any]:
    """List which limits are started together, by the limit that is asked for."""
    places = {one.key: place for place, one in enumerate(limits)}
    together = started_together(moves)
    rows = [sorted(places[key] for key in together.get(one.key, ())) for one in limits]
    return {
        "calls_start": _whole(np.cumsum([0, *(len(row) for row in rows)]).tolist()),
        "calls_limit": _whole([place for row in rows for place in row]),
    }


def _kept(chain: Chain, number: Mapping[Node, int]) -> dict[str, Array]:
    """Give what goes through every node, and what it keeps."""
    inflow, outflow = _through(chain.moves, number)
    opening, most = _stocks(chain, number)
    return {
        "inflow": inflow,
        "outflow": outflow,
        "drift": inflow - outflow,
        "opening": opening,
        "room": np.maximum(most, opening) + ROOM_MONTHS * inflow,
    }


def _asked(
    chain: Chain, nodes: Sequence[Node], number: Mapping[Node, int], segments: Sequence[str]
) -> dict[str, Any]:
    """Give who asks for what, where, in which priority, and what is of cover to whom."""
    demands = {one.node: place for place, one in enumerate(chain.demands)}
    priorities = sorted({one.priority for one in chain.demands})
    inflow, _ = _through(chain.moves, number)
    cover = _cover(chain, number, inflow, segments)
    return {
        "serves": _or_none(
            [next((demands.get(end, -1) for end in m.outputs), -1) for m in chain.moves]
        ),
        "demand_of": _or_none([demands.get(node, -1) for node in nodes]),
        "demand_planned": np.array([one.planned for one in chain.demands]),
        "demand_node": _whole([number[one.node] for one in chain.demands]),
        "demand_level": _whole([priorities.index(one.priority) for one in chain.demands]),
        "demand_segment": _whole([list(segments).index(one.segment) for one in chain.demands]),
        "cover_node": _whole([node for node, _, _ in cover]),
        "cover_segment": _whole([segment for _, segment, _ in cover]),
        "cover_weight": np.array([weight for _, _, weight in cover]),
    }


def _whole(values: Sequence[int]) -> Places:
    return np.array(values, dtype=np.uint32)


def _or_none(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)


def _rows(
    name: str, ends: Sequence[Mapping[Node, float]], number: Mapping[Node, int]
) -> dict[str, Any]:
    """Lay out the nodes of every move, row by row."""
    nodes = [number[node] for one in ends for node in one]
    amounts = [amount for one in ends for amount in one.values()]
    return {
        f"{name}_start": _whole(np.cumsum([0, *(len(one) for one in ends)]).tolist()),
        f"{name}_node": _whole(nodes),
        f"{name}_amount": np.array(amounts, dtype=np.float64),
    }


def _ends(
    name: str,
    moves: Sequence[Move],
    ends: Sequence[Mapping[Node, float]],
    number: Mapping[Node, int],
) -> dict[str, Any]:
    """Lay out the moves of every node, the cheapest first."""
    found: list[list[tuple[float, int, float]]] = [[] for _ in number]
    for place, (move, one) in enumerate(zip(moves, ends, strict=True)):
        for node, amount in one.items():
            found[number[node]].append((move.cost, place, amount))
    flat = [one for row in found for one in sorted(row)]
    return {
        f"{name}_start": _whole(np.cumsum([0, *(len(row) for row in found)]).tolist()),
        f"{name}_move": _whole([place for _, place, _ in flat]),
        f"{name}_amount": np.array([amount for _, _, amount in flat], dtype=np.float64),
    }


def _upstream(moves: Sequence[Move], nodes: Sequence[Node], number: Mapping[Node, int]) -> Places:
    """Order nodes so that who asks comes before who is asked; within a loop as they were met."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(nodes)))
    waiting = waits_for_a_start(moves)
    for move, waits in zip(moves, waiting, strict=True):
        if move.planned > 0 or waits:
            for start in move.inputs:
                graph.add_edges_from((number[end], number[start]) for end in move.outputs)
    loops = nx.condensation(graph)
    order = nx.lexicographical_topological_sort(
        loops, key=lambda one: min(loops.nodes[one]["members"])
    )
    return _whole([node for one in order for node in sorted(loops.nodes[one]["members"])])


def _downstream(moves: Sequence[Move], number: Mapping[Node, int]) -> dict[str, Places]:
    """Order nodes so that what moves at once is handed on within the month."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(number)))
    for move in moves:
        if move.lead == AT_ONCE:
            for start in move.inputs:
                graph.add_edges_from((number[start], number[end]) for end in move.outputs)
    order = list(nx.lexicographical_topological_sort(graph))
    handing = [node for node in order if graph.out_degree(node)]
    return {"downstream": _whole(order), "handing": _whole(handing)}


def _stocks(chain: Chain, number: Mapping[Node, int]) -> tuple[Array, Array]:
    levels, most = np.zeros(len(number)), np.zeros(len(number))
    for one in chain.stocks:
        if one.node in number:
            levels[number[one.node]] += one.level
            most[number[one.node]] += one.most
    return levels, most


def _through(moves: Sequence[Move], number: Mapping[Node, int]) -> tuple[Array, Array]:
    inflow, outflow = np.zeros((2, len(number)))
    for move in moves:
        for node, amount in move.outputs.items():
            inflow[number[node]] += amount * move.planned
        for node, amount in move.inputs.items():
            outflow[number[node]] += amount * move.planned
    return inflow, outflow


def _at_once(
    moves: Sequence[Move], number: Mapping[Node, int], market: Mapping[str, int]
) -> dict[str, Any]:
    """List the moves without a lead by the one node they take from."""
    found: list[list[tuple[int, float, int, int]]] = [[] for _ in number]
    for place, move in enumerate(moves):
        if move.lead == AT_ONCE:
            ((node, takes),) = move.inputs.items()
            (end,) = move.outputs
            kind = market.get(node[1], -1) if move.kind in USES else -1
            found[number[node]].append((place, takes, number[end], kind))
    flat = [one for row in found for one in row]
    return {
        "once_start": _whole(np.cumsum([0, *(len(row) for row in found)]).tolist()),
        "once_move": _whole([one[0] for one in flat]),
        "once_takes": np.array([one[1] for one in flat], dtype=np.float64),
        "once_out": _whole([one[2] for one in flat]),
        "once_market": _or_none([one[3] for one in flat]),
    }


def _cover(
    chain: Chain, number: Mapping[Node, int], inflow: Array, segments: Sequence[str]
) -> list[tuple[int, int, float]]:
    """Weigh the nodes that serve a segment by what the plan takes from them for it."""
    segment_of = {one.node: one.segment for one in chain.demands}
    total = dict.fromkeys(segments, 0.0)
    parts: dict[tuple[int, str], float] = {}
    for move in chain.moves:
        if move.kind == "service" and move.planned > 0:
            segment = segment_of[next(iter(move.outputs))]
            total[segment] += move.planned
            for node in move.inputs:
                key = (number[node], segment)
                parts[key] = parts.get(key, 0.0) + move.planned
    return [
        (node, list(segments).index(segment), DAYS_A_MONTH * part / total[segment] / inflow[node])
        for (node, segment), part in parts.items()
        if inflow[node] > 0
    ]
