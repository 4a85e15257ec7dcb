"""Where a tonne comes from: a web of what moved, traced upstream with proportional mixing."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from coercivity.chain.case import Case
from coercivity.foundation.periods import Array

LAST_STEP = ""
"""Stands for the step that gave a tonne its present form, whichever stage that is."""


class Kind(Enum):
    """Who stands behind a tonne."""

    MADE = "made"
    """A plant of the case."""
    BOUGHT = "bought"
    """A supplier, by the origin that it declares."""
    RECYCLED = "recycled"
    """A plant whose site decides the origin, in place of the stages that it spares."""
    STOCK = "stock"
    """The stock there was at the start, of unknown origin."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stage ran, and who says so."""

    country: str | None
    """None where it is not known."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arc:
    """What came from one point of a web to another."""

    source: int
    target: int
    material: str
    tonnes: float
    """Amount over the whole period. [kt]"""


@dataclass(slots=True)
class Web:
    """What moved: points where tonnes mix, are made, bought or kept, and what went between them."""

    stages: Mapping[str, Collection[str]]
    """Stages that can lie on the way of each material; `LAST_STEP` lies on every one."""
    told: list[Mapping[str, Origin]] = field(default_factory=list)
    """By point, what is known of it without tracing: origin by stage."""
    arcs: list[Arc] = field(default_factory=list)
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def point(self, key: Hashable, told: Mapping[str, Origin] | None = None) -> int:
        """Give the number of a point, adding it if it is new."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.told)
            self.told.append(told or {})
        return number

    def move(self, source: int, target: int, material: str, tonnes: float) -> None:
        """Record what came from one point to another. [kt]"""
        self.arcs.append(Arc(source, target, material, tonnes))


def trace(web: Web, stage: str, points: Collection[int]) -> dict[int, dict[Origin, float]]:
    r"""Tell of a tonne at some points where a stage of its way ran.

    A tonne drawn from a point is a mixture of all that came to it, in proportion:

    .. math::

        v_{p,c} = \begin{cases}
            [c = c_p] & \text{where the stage ran at } p \text{, or } p \text{ tells of it} \\
            \sum_q \dfrac{f_{q \to p}}{\sum_r f_{r \to p}}\, v_{q,c} & \text{otherwise}
        \end{cases}

    ================  ========  ===========================================================
    Symbol            Unit      Meaning
    ================  ========  ===========================================================
    :math:`v_{p,c}`   fraction  share of a tonne at point *p* whose stage ran at origin *c*
    :math:`f_{q→p}`   kt        what came from *q* to *p* over a period
    ================  ========  ===========================================================

    Only materials on whose way the stage can lie are counted, so that a tonne of alloy has the
    separation of its own metals and not of the iron in it. Where a stage is passed twice, the
    later passing counts. Shares add up to one where every way of the tonne passes the stage, else
    to the part that does. This is the proportional-mixing rule of tracing flows in networks
    (J. Bialek, *Tracing the flow of electricity*, IEE Proc. 143, 1996).

    Parameters
    ----------
    web
        What moved.
    stage
        The stage; `LAST_STEP` for the step that gave a tonne its present form.
    points
        Points asked about.

    Returns
    -------
    dict
        Shares by point and origin. [fraction]

    Examples
    --------
    Three tonnes of one's own and one that is bought meet:

    >>> web = Web({"good": {"making"}})
    >>> own = web.point("own", {"making": Origin("USA", Kind.MADE)})
    >>> other = web.point("other", {"making": Origin("JPN", Kind.BOUGHT)})
    >>> pool = web.point("pool")
    >>> web.move(own, pool, "good", 3.0)
    >>> web.move(other, pool, "good", 1.0)
    >>> {o.country: share for o, share in trace(web, "making", [pool])[pool].items()}
    {'USA': 0.75, 'JPN': 0.25}
    """
    arcs = [
        arc
        for arc in web.arcs
        if (stage == LAST_STEP or stage in web.stages.get(arc.material, ()))
        and stage not in web.told[arc.target]
    ]
    told = {p: found[stage] for p, found in enumerate(web.told) if stage in found}
    mixed = _between(arcs, told, points)
    shares = {p: {told[p]: 1.0} for p in points if p in told}
    if mixed:
        origins = list(dict.fromkeys(told.values()))
        values = _solved(arcs, told, mixed, origins)
        for point in (p for p in points if p in mixed):
            row = values[mixed[point]]
            shares[point] = {o: float(v) for o, v in zip(origins, row, strict=True) if v > 0}
    return {p: shares.get(p, {}) for p in points}


def _between(arcs: list[Arc], told: Collection[int], points: Collection[int]) -> dict[int, int]:
    """Find the mixtures upstream of the points asked about, downstream of one that tells.

    What nothing that tells can reach stays untold; without it the system has one solution.
    """
    onward: dict[int, list[int]] = {}
    upward: dict[int, list[int]] = {}
    for arc in arcs:
        onward.setdefault(arc.source, []).append(arc.target)
        upward.setdefault(arc.target, []).append(arc.source)
    downstream, upstream = _reached(told, onward), _reached(points, upward)
    return {p: n for n, p in enumerate(sorted((downstream & upstream) - set(told)))}


def _reached(starts: Collection[int], ways: Mapping[int, list[int]]) -> set[int]:
    found, queue = set(starts), deque(starts)
    while queue:
        for other in ways.get(queue.popleft(), ()):
            if other not in found:
                found.add(other)
                queue.append(other)
    return found


def _solved(
    arcs: list[Arc], told: Mapping[int, Origin], mixed: Mapping[int, int], origins: list[Origin]
) -> Array:
    """Solve the mixing of all points at once, for there are cycles."""
    column = {origin: number for number, origin in enumerate(origins)}
    known = np.zeros((len(mixed), len(origins)))
    entering = np.zeros(len(mixed))
    for arc in arcs:
        if arc.target in mixed:
            entering[mixed[arc.target]] += arc.tonnes
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for arc in arcs:
        if arc.target not in mixed:
            continue
        row = mixed[arc.target]
        weight = arc.tonnes / entering[row]
        if arc.source in told:
            known[row, column[told[arc.source]]] += weight
        elif arc.source in mixed:
            rows.append(row)
            columns.append(mixed[arc.source])
            weights.append(weight)
    shape = (len(mixed), len(mixed))
    passed = csc_array((weights, (rows, columns)), shape=shape)
    solved = splu((eye_array(len(mixed)) - passed).tocsc()).solve(known)
    return np.asarray(solved, dtype=float).clip(0.0, 1.0)


def stages_on_the_way(case: Case) -> dict[str, frozenset[str]]:
    """Find by recipes the stages that can lie on the way of each material.

    A process whose site decides the origin ends the way: nothing before it counts.
    """
    return _closure(case, _replaced(case), recycled=True)


def spared_stages(case: Case) -> dict[str, frozenset[str]]:
    """Find the stages on the way of each material where nothing is recycled.

    They are what a supplier is asked about, and what a recycler stands in for. A material that is
    only ever recycled stands in for the stages behind what it replaces in the processes that take
    it.
    """
    return _closure(case, _replaced(case), recycled=False)


def _replaced(case: Case) -> dict[str, set[str]]:
    """Find, by material that is only recycled, the stages behind what is taken in its place."""
    plain = _closure(case, {}, recycled=False)
    made: dict[bool, set[str]] = {True: set(), False: set()}
    for process in case.processes.values():
        made[process.origin_at_site] |= {m for mode in process.modes for m in mode.outputs}
    found: dict[str, set[str]] = {material: set() for material in made[True] - made[False]}
    for process in case.processes.values():
        if not process.origin_at_site:
            taken = {m for mode in process.modes for m in mode.inputs if case.carries_origin(m)}
            behind = {stage for m in taken - found.keys() for stage in plain[m]}
            for material in taken & found.keys():
                found[material] |= behind
    return found


def _closure(
    case: Case, more: Mapping[str, Collection[str]], *, recycled: bool
) -> dict[str, frozenset[str]]:
    found = {m.id: {*more.get(m.id, ()), *filter(None, [m.stage])} for m in case.materials.values()}
    changed = True
    while changed:
        changed = False
        for process in case.processes.values():
            if process.origin_at_site and not recycled:
                continue
            for mode in process.modes:
                before = {process.stage} if process.stage else set()
                if not process.origin_at_site:
                    before |= {s for m in mode.inputs if case.carries_origin(m) for s in found[m]}
                for made in mode.outputs:
                    changed |= not before <= found[made]
                    found[made] |= before
    return {material: frozenset(stages) for material, stages in found.items()}
