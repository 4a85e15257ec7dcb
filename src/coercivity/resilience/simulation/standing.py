"""Plants that the plan of the year leaves standing: what they could do once they are started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coercivity.chain.plants import Asset
from coercivity.resilience.simulation.moves import Chain, Move, Node, Reader


def standing_moves(chain: Chain, reader: Reader) -> list[Move]:
    """Give what plants could do that have capacity but do not run in the plan of the year.

    Only plants for which a lead is stated from the first need until they run; each may run its
    modes in every class that the rules of origin allow.
    """
    running = {move.limit.key for move in chain.moves if move.limit and move.kind == "activity"}
    found: list[Move] = []
    for asset in reader.case.assets.values():
        start = reader.leads.starts.get(asset.id)
        if start is None or f"asset/{asset.id}" in running:
            continue
        if reader.mean(asset.capacity * asset.availability) > 0:
            found += _modes(asset, start, reader)
    return found


def _modes(asset: Asset, start: int, reader: Reader) -> Iterator[Move]:
    limit, year = reader.plant(asset.id, start=start), reader.year
    for mode in reader.case.processes[asset.process].modes:
        if not (mode.first_year or year) <= year <= (mode.last_year or year):
            continue
        cost = reader.mean(asset.variable_cost + mode.variable_cost)
        for cls in reader.classes.of_mode(mode):
            if not reader.classes.may_run(asset, mode, cls)[reader.period]:
                continue
            taken, given = reader.recipe(asset.id, mode, cls)
            yield Move(
                kind="activity", name=f"{asset.id}/{mode.name}/{cls}", planned=0.0,
                inputs=taken, outputs=given, limit=limit, use=mode.capacity_use, cost=cost,
                lead=reader.leads.of_asset(asset.id),
            )  # fmt: skip


def of_use(spare: Sequence[Move], stood: Sequence[Move], known: set[Node]) -> list[Move]:
    """Keep the spare moves that feed a standing plant or carry away what it makes.

    Moves between places of the plan are kept; a new place is no way from one of them to another.

    Parameters
    ----------
    spare
        Spare moves, some of them between places that the plan does not have.
    stood
        What standing plants could do.
    known
        Places of the plan.
    """
    feed = {node for move in stood for node in move.inputs} - known
    made = {node for move in stood for node in move.outputs} - known
    kept = [
        move
        for move in spare
        if known.issuperset((*move.inputs, *move.outputs)) or _serves(move, feed, made)
    ]
    return _fed_and_leading([*kept, *stood], known)


def _serves(move: Move, feed: set[Node], made: set[Node]) -> bool:
    """Tell whether a move brings to a standing plant, or takes from one."""
    taken, given = set(move.inputs), set(move.outputs)
    brings, takes = not feed.isdisjoint(given), not made.isdisjoint(taken)
    return (brings and (takes or made.isdisjoint(given)) and (takes or feed.isdisjoint(taken))) or (
        takes and made.isdisjoint(given)
    )


def _fed_and_leading(moves: Sequence[Move], known: set[Node]) -> list[Move]:
    """Keep the moves that can be fed and lead to a place of the plan."""
    fed, leading = set(known), set(known)
    size = -1
    while size < len(fed) + len(leading):
        size = len(fed) + len(leading)
        for move in moves:
            if fed.issuperset(move.inputs):
                fed.update(move.outputs)
            if not leading.isdisjoint(move.outputs):
                leading.update(move.inputs)
    return [
        move
        for move in moves
        if fed.issuperset(move.inputs) and not leading.isdisjoint(move.outputs)
    ]


def waits_for_a_start(moves: Sequence[Move]) -> list[bool]:
    """Tell of each spare move whether it is of use only once a standing plant runs.

    Nobody counts on such a move before it has given something: what is asked of it is asked of
    others too.
    """
    flowing = {node for one in moves if one.planned > 0 for node in (*one.inputs, *one.outputs)}
    return [
        one.planned == 0
        and (
            (one.limit is not None and one.limit.start > 0)
            or not flowing.issuperset((*one.inputs, *one.outputs))
        )
        for one in moves
    ]


def started_together(moves: Sequence[Move]) -> Mapping[str, set[str]]:
    """Give for every standing plant the plants that start with it: those that must feed it.

    A place through which nothing goes in the plan is fed by whoever can; standing plants among
    them begin to start when the plant does that takes from there, not when it already runs.

    Returns
    -------
    Mapping
        Keys of limits, by the key of the one that is asked for, which is among them.
    """
    flowing = {node for one in moves if one.planned > 0 for node in one.outputs}
    sources: dict[Node, list[Move]] = {}
    for move in moves:
        for node in move.outputs:
            sources.setdefault(node, []).append(move)
    found: dict[str, set[str]] = {}
    for first in moves:
        if first.limit is None or first.limit.start == 0:
            continue
        together = found.setdefault(first.limit.key, set())
        queue, seen = [first], set(flowing)
        while queue:
            move = queue.pop()
            if move.limit is not None and move.limit.start > 0:
                together.add(move.limit.key)
            fresh = [node for node in move.inputs if node not in seen]
            seen.update(fresh)
            queue += [source for node in fresh for source in sources.get(node, ())]
    return found
