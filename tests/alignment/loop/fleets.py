"""Plants, chains and brute force for the tests of the loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from coercivity.alignment.loop.chain import Asked, Chain, Step
from coercivity.alignment.loop.curves import Service
from coercivity.alignment.loop.relays import Array, Flags, Relays
from coercivity.alignment.loop.sweep import Reach, everywhere
from coercivity.alignment.loop.whole import Ground

STAGE = "ore"


def fleet(
    rows: Sequence[tuple[float, float, float]],
    *,
    paid: Sequence[float] | None = None,
    exposed: Sequence[float] | None = None,
    standing: Sequence[bool] | None = None,
) -> Relays:
    """Make plants from the support at which they stop, restart and open."""
    table, count = np.array(rows, dtype=float).reshape(-1, 3), len(rows)
    return Relays(
        names=tuple(f"plant-{n}" for n in range(count)),
        stop=table[:, 0],
        restart=table[:, 1],
        enter=table[:, 2],
        paid=np.ones(count) if paid is None else np.array(paid, dtype=float),
        exposed={STAGE: np.ones(count) if exposed is None else np.array(exposed, dtype=float)},
        standing=np.zeros(count, dtype=np.bool_)
        if standing is None
        else np.array(standing, dtype=np.bool_),
    )


@st.composite
def fleets(draw: st.DrawFn, *, most: int = 5) -> Relays:
    """Draw plants whose thresholds are in order."""
    count = draw(st.integers(1, most))
    number = st.floats(-30, 30).map(lambda value: round(value, 3))
    amount = st.floats(0.0, 4).map(lambda value: round(value, 3))
    rows = [sorted(draw(st.tuples(number, number, number))) for _ in range(count)]
    return fleet(
        [(row[0], row[1], row[2]) for row in rows],
        paid=[draw(amount) for _ in rows],
        exposed=[draw(amount) for _ in rows],
        standing=[draw(st.booleans()) for _ in rows],
    )


def by_share(on: Flags) -> Service:
    """Serve in proportion to the plants that run."""
    share = float(on.mean()) if on.size else 0.0
    return Service(share, 1 - share)


def weakest_link(on: Flags) -> Service:
    """Serve only if the first half and the second half both have a plant."""
    half = max(1, on.size // 2)
    share = min(on[:half].mean(), on[half:].mean() if on.size > half else 1.0)
    return Service(float(share), 1 - float(share))


def needing_each_other(on: Flags) -> Flags:
    """Let a chain run through a plant only if its neighbour runs."""
    return np.asarray(np.roll(on, 1))


def ground(
    *,
    deepest: float = 40.0,
    reach: Reach = everywhere,
    stages: Sequence[str] = (STAGE,),
    depths: Mapping[str, float] | None = None,
) -> Ground:
    """Make a chain that serves in proportion."""
    return Ground(
        serve=by_share,
        reach=reach,
        stages=tuple(stages),
        deepest=depths or dict.fromkeys(stages, deepest),
    )


def stepped(relays: Relays, path: Array, start: Flags, *, reach: Reach = everywhere) -> Flags:
    """Follow a path of fields step by step, plants one after the other: a second implementation."""
    on, resting, rows = start.copy(), np.zeros_like(start), []
    for field in path.tolist():
        for _ in range(3 * relays.count + 3):
            before = on.copy()
            for i in range(relays.count):
                through = bool(reach(on)[i])
                if field >= 0:
                    gets = field * relays.paid[i] * through
                else:
                    gets = field * relays.exposed[STAGE][i]
                if on[i] and gets < relays.stop[i]:
                    on[i], resting[i] = False, True
                elif not on[i]:
                    need = relays.restart[i] if resting[i] else relays.enter[i]
                    if gets >= need:
                        on[i], resting[i] = True, False
            if np.array_equal(on, before):
                break
        rows.append(on.copy())
    return np.array(rows)


def line_of_three(
    *, mined: float = 10.0, refined: float = 8.0, made: float = 6.0, asked: float = 5.0
) -> Chain:
    """Make a chain of a mine, a refinery and a maker, each a plant of the loop. [kt/year]"""
    return Chain(
        steps=(
            Step(plant="mine", use=1.0, takes={}, makes={"ore": 1.0}),
            Step(plant="refinery", use=1.0, takes={"ore": 1.0}, makes={"oxide": 1.0}),
            Step(plant="maker", use=1.0, takes={"oxide": 1.0}, makes={"good": 1.0}),
        ),
        always={},
        by_relay=({"mine": mined}, {"refinery": refined}, {"maker": made}),
        offers={},
        asked=(Asked(id="users", amount=asked, served_by={"good": 1.0}),),
    )
