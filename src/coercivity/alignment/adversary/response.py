"""The adversary's best response to a plan: the attack that costs most of what is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.alignment.adversary.attacks import Attack
from coercivity.alignment.adversary.dumping import is_exposed, under_attack
from coercivity.alignment.adversary.service import Served
from coercivity.alignment.adversary.standing import standing_share
from coercivity.finance.compiled import Array
from coercivity.finance.projects.missing import accepts
from coercivity.finance.projects.position import Position

SMALLEST = 1e-6
"""Losses below this are rounding of the solver. [fraction]"""
Serve = Callable[[Mapping[str, Array]], Served]
Progress = Callable[[str, float], None]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A project, or rather what an attack leaves of it."""

    project: str
    worth: float
    """Mean worth of equity at the hurdle. [million, real]"""
    loss: float
    """Probability that capital is lost at the Treasury rate. [fraction]"""
    accepts: bool | None
    """Whether owners and lenders say yes, knowing the attack; None where nothing is built."""
    idle: float
    """Share of started years in which it stands still before it closes. [fraction]"""
    closed: float
    """Share of paths on which it has closed by the last reported year. [fraction]"""
    outlay: float
    """Mean public outlay under its contracts. [million, present value]"""
    standing: Array
    """Share of paths in which it runs, by year of the case. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is left of the plan."""

    served: Served
    outlay: float
    """Of all contracts. [million, present value]"""
    sides: Mapping[str, Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An attack that was tried, and what it did."""

    attack: Attack
    outlay: float
    """Public outlay under it. [million, present value]"""
    coverage: float | None
    """Share of demand served; None where it cannot be less than under a cheaper attack.
    [fraction]"""
    deterred: float
    """Share served if projects that accept and, expecting the attack, would not were never built,
    and the others stood as they do. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The adversary's best attacks within a budget."""

    base: Outcome
    best: Attack | None
    """Takes most coverage, the cheaper of equals; None where none takes any."""
    best_outcome: Outcome
    """Under it; the base where there is none."""
    foreseen: Served
    """If, besides, projects that no longer accept were not built."""
    threat: Hit | None
    """Keeps most from being built if owners expect it, the cheaper of equals; None where none
    does."""
    drain: Attack | None
    """Costs the public most; None where none costs it anything."""
    drain_outcome: Outcome
    hits: tuple[Hit, ...]
    """Every attack within the budget, the cheapest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What an adversary plays against."""

    positions: Mapping[str, Position]
    """Projects, on common paths."""
    built: Mapping[str, Array]
    """Part of each project's capacity that the plan builds, by year of the case. [fraction]"""
    serve: Serve
    floors: Mapping[str, float]
    """His own cost by product. [USD/kg]"""
    first_year: int
    """Of the case. [calendar year]"""
    years: int
    """Of the case. [year]"""
    last_reported: int
    """[calendar year]"""
    workers: int | None = None


def best_response(
    field: Field, attacks: Sequence[Attack], *, tell: Progress | None = None
) -> Response:
    """Try attacks and keep the best for coverage and the best for the public's outlay.

    The answer is that of trying all. What is served is worked out only where it can be less than
    under a cheaper attack.

    Parameters
    ----------
    field
        What he plays against.
    attacks
        Attacks within his budget.
    tell
        Is told phase and share of the work done.
    """
    base = _outcome(field, {name: _side(field, name, p) for name, p in field.positions.items()})
    tried = []
    for number, attack in enumerate(sorted(attacks, key=lambda one: one.cost)):
        if tell is not None and number % 10 == 0:
            tell(f"attack {number + 1} of {len(attacks)}", 0.9 * number / len(attacks))
        tried.append(_tried(field, base, attack))
    if tell is not None:
        tell("serving what is left", 0.9)
    hits = _hits(field, base, tried)
    best = _best(hits, base)
    drain = max(hits, key=lambda hit: (hit.outlay, -hit.attack.cost), default=None)
    if drain is not None and drain.outlay <= base.outlay + SMALLEST:
        drain = None
    left = base if best is None else _outcome(field, _sides(field, base, best))
    return Response(
        base=base,
        best=best,
        best_outcome=left,
        foreseen=_foreseen(field, base, left.sides, left.sides),
        threat=_threat(hits, base),
        drain=None if drain is None else drain.attack,
        drain_outcome=base if drain is None else _outcome(field, _sides(field, base, drain.attack)),
        hits=tuple(hits),
    )


@dataclass(frozen=True, slots=True)
class _Tried:
    attack: Attack
    standing: Array
    """Of all projects in the order of their names, one row each."""
    outlay: float
    deterred: float


def _tried(field: Field, base: Outcome, attack: Attack) -> _Tried:
    sides = _sides(field, base, attack)
    return _Tried(
        attack,
        _standing(sides),
        sum(side.outlay for side in sides.values()),
        _foreseen(field, base, base.sides, sides).share,
    )


def _hits(field: Field, base: Outcome, tried: Sequence[_Tried]) -> list[Hit]:
    """Work out what is served, from the cheapest attack, where it can be less than before.

    Serving is a linear model that grows with what stands. So what is served when of every project
    the least stands that any attack of a group leaves, is less than any of them leaves: a group
    whose bound is not below what a cheaper attack reached is passed over.
    """
    names = sorted(base.sides)

    def serve(standing: Array) -> float:
        return field.serve(dict(zip(names, standing, strict=True))).share

    groups: dict[tuple[str, int], list[Array]] = {}
    for one in tried:
        groups.setdefault((one.attack.material, one.attack.from_year), []).append(one.standing)
    bounds: dict[tuple[str, int], float] = {}
    known, lowest, found = [_standing(base.sides)], base.served.share, []
    for one in tried:
        key, coverage = (one.attack.material, one.attack.from_year), None
        if not any((one.standing >= other).all() for other in known):
            if key not in bounds:
                bounds[key] = serve(np.min(groups[key], axis=0))
            if bounds[key] < lowest - SMALLEST:
                coverage = serve(one.standing)
                lowest = min(lowest, coverage)
                known.append(one.standing)
        found.append(
            Hit(
                attack=one.attack,
                outlay=one.outlay,
                coverage=coverage,
                deterred=one.deterred,
            )
        )
    return found


def _best(hits: Sequence[Hit], base: Outcome) -> Attack | None:
    lowest, found = base.served.share - SMALLEST, None
    for hit in hits:
        if hit.coverage is not None and hit.coverage < lowest:
            lowest, found = hit.coverage - SMALLEST, hit.attack
    return found


def _standing(sides: Mapping[str, Side]) -> Array:
    if not sides:
        return np.zeros(0)
    return np.array([sides[name].standing for name in sorted(sides)])


def _sides(field: Field, base: Outcome, attack: Attack) -> dict[str, Side]:
    """Look at every project under an attack; those it does not touch are as they were."""
    floor = field.floors[attack.material]
    return {
        name: _side(field, name, under_attack(position, attack, floor=floor))
        if is_exposed(position, attack.material)
        else base.sides[name]
        for name, position in field.positions.items()
    }


def _side(field: Field, name: str, position: Position) -> Side:
    found = position.appraise(workers=field.workers)
    operation = position.operation
    last = min(field.last_reported - operation.first_year, operation.years - 1)
    started = np.arange(operation.years) >= found.operations.book.first_output[:, None]
    open_years = started & found.accounts.open_years()
    return Side(
        project=name,
        worth=found.worth.value,
        loss=found.acceptance.loss.value,
        accepts=accepts(found) if operation.builds else None,
        idle=_share(found.operations.idle & open_years, open_years),
        closed=float(np.mean(found.accounts.closed < last)),
        outlay=found.public.outlay.value,
        standing=standing_share(found, operation, first_year=field.first_year, years=field.years),
    )


def _share(part: Flags, whole: Flags) -> float:
    total = int(whole.sum())
    return float(part.sum()) / total if total else 0.0


def _outcome(field: Field, sides: Mapping[str, Side]) -> Outcome:
    return Outcome(
        served=field.serve({name: side.standing for name, side in sides.items()}),
        outlay=sum(side.outlay for side in sides.values()),
        sides=sides,
    )


def _foreseen(
    field: Field, base: Outcome, standing: Mapping[str, Side], knowing: Mapping[str, Side]
) -> Served:
    """Serve without what is built by projects that accept in the base and do not, knowing more."""
    left: dict[str, Array] = {}
    for name, side in standing.items():
        built = field.built.get(name)
        lost = base.sides[name].accepts is True and knowing[name].accepts is False
        kept = 1.0 - np.clip(built, 0.0, 1.0) if lost and built is not None else 1.0
        left[name] = side.standing * kept
    return field.serve(left)


def _threat(hits: Sequence[Hit], base: Outcome) -> Hit | None:
    lowest, found = base.served.share - SMALLEST, None
    for hit in hits:
        if hit.deterred < lowest:
            lowest, found = hit.deterred - SMALLEST, hit
    return found
