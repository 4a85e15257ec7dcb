r"""One set of terms for all projects, beside packages made to measure.

.. math:: \min_\theta \sum_i c_i(\theta) \quad\text{s.t. every owner and lender accepts } \theta

Levels are shares (of capital, of price, of tonnes), strikes multiples of the price at which equity
breaks even, so the same terms are another amount for each project. What is made to measure is one
way to meet the same rule with more freedom, so one for all never costs less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coercivity.alignment.package.aligned import Aligned
from coercivity.alignment.package.bench import LEAST, Bench, Levels
from coercivity.alignment.package.failing import short_of
from coercivity.alignment.package.measure import Measure
from coercivity.finance.compiled import Array

HALVINGS = 6
PASSES = 2
RAISED = (1.0, 1.02, 1.05, 1.1, 1.2, 1.5)
"""Factors by which the terms are raised until they hold on fresh paths. [ratio]"""
DROPPED: tuple[frozenset[str], ...] = (
    frozenset({"loan", "guarantee"}),
    frozenset({"guarantee"}),
    frozenset({"loan"}),
    frozenset(),
)
"""Kinds left out of the fullest terms, one after the other: what is repaid does not always help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """The best one set of terms that was found."""

    terms: Mapping[str, float]
    """Level by slot; empty where no terms bring in all. [fraction]"""
    kinds: Mapping[str, str]
    """Kind of each slot."""
    levels: Mapping[str, Levels]
    """The same by project, cut to what the project can take. [fraction]"""
    holds: Mapping[str, bool]
    """Whether owners and lenders of a project say yes on fresh paths."""
    refusing: tuple[Refusing, ...] = ()
    """Who says no to the fullest terms to which fewest do; told where there are no terms."""
    closest: Mapping[str, float] = field(default_factory=dict)
    """Those terms: level by slot. [fraction]"""


@dataclass(frozen=True, slots=True)
class Refusing:
    """A project that says no to terms that are the same for all."""

    project: str
    by: float
    """Paid at signing on every path, what would make its owners say yes; 0 where only lenders
    refuse. [million, real]"""
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Common:
    """Projects that get the same terms."""

    benches: dict[str, Bench]
    slots: tuple[str, ...]
    order: list[str] = field(default_factory=list)
    """Who said no last is asked first."""

    def own(self, name: str, shared: Levels) -> Levels:
        """Give the levels of a project under the terms."""
        return levels_of(self.benches[name], dict(zip(self.slots, shared, strict=True)))

    def agrees(self, shared: Levels) -> bool:
        """Tell whether all say yes."""
        for name in list(self.order):
            if not self.benches[name].agrees(self.own(name, shared)):
                self.order.remove(name)
                self.order.insert(0, name)
                return False
        return True

    def cost(self, shared: Levels) -> Array:
        """Give public cost of each path. [million]"""
        costs = [bench.cost(self.own(name, shared)) for name, bench in self.benches.items()]
        return np.asarray(np.sum(costs, axis=0))


def levels_of(bench: Bench, terms: Mapping[str, float]) -> Levels:
    """Give the levels of a project under terms that are the same for all.

    Parameters
    ----------
    bench
        The project.
    terms
        Level by slot; slots that it is not offered are left out. [fraction]
    """
    return bench.fits(tuple(terms.get(column.slot, 0.0) for column in bench.columns))


def together(aligned: Sequence[Aligned], measure: Measure = Measure.MEAN) -> Together | None:
    """Find one set of terms at which all say yes whom some package brings in.

    Candidates are the highest level that any project's own package has of each contract, the own
    package of each as the terms of all, each contract alone, and the fullest terms; those that
    bring in all are cut, the dearest contract first, until none can be given less. A heuristic:
    better terms may exist.

    Parameters
    ----------
    aligned
        Projects with packages of their own.
    measure
        Of public cost, all projects together.

    Returns
    -------
    Together or None
        None where fewer than two projects need a package and get one.
    """
    needy = [one for one in aligned if one.accepts and not one.before.accepted]
    if len(needy) <= 1:
        return None
    columns = {column.slot: column for one in needy for column in one.menu.columns}
    kinds = {slot: column.kind for slot, column in columns.items()}
    common = _Common({one.project: one.check for one in needy}, tuple(columns))
    common.order = list(common.benches)
    found = [_cut(common, terms, measure) for terms in _candidates(needy, common)]
    best = min(found, key=lambda shared: measure.of(common.cost(shared)), default=None)
    if best is None:
        closest, refusing = _closest(needy, common)
        return Together(
            terms={}, kinds=kinds, levels={}, holds={}, refusing=refusing, closest=closest
        )
    return _judged(needy, common, best, kinds)


def _closest(
    needy: Sequence[Aligned], common: _Common
) -> tuple[dict[str, float], tuple[Refusing, ...]]:
    """Give the fullest terms to which fewest say no, then by least money, and who they are."""

    def refusing(shared: Levels) -> tuple[Refusing, ...]:
        found = []
        for name, bench in common.benches.items():
            levels = common.own(name, shared)
            if not bench.agrees(levels):
                reasons = bench.appraise(levels).acceptance.reasons
                found.append(Refusing(name, short_of(bench, levels), reasons))
        return tuple(found)

    told = [(shared, refusing(shared)) for shared in _fullest(needy, common.slots)]
    best, who = min(told, key=lambda one: (len(one[1]), sum(each.by for each in one[1])))
    given = zip(common.slots, best, strict=True)
    return {slot: level for slot, level in given if level > LEAST}, who


def _candidates(needy: Sequence[Aligned], common: _Common) -> Iterator[Levels]:
    """Give terms that bring in all."""
    begun = [_envelope(needy, common.slots), *_own(needy, common), *_singles(needy, common.slots)]
    for shared in dict.fromkeys(begun):
        if common.agrees(shared):
            yield shared
    for shared in _fullest(needy, common.slots):
        if common.agrees(shared):
            yield shared


def _own(needy: Sequence[Aligned], common: _Common) -> list[Levels]:
    """Take the package of each project as the terms of all."""
    found = []
    for one in needy:
        held = {c.slot: level for c, level in zip(one.menu.columns, one.levels, strict=True)}
        found.append(tuple(held.get(slot, 0.0) for slot in common.slots))
    return found


def _envelope(needy: Sequence[Aligned], slots: Sequence[str]) -> Levels:
    """Take the highest level that any package has of each slot."""
    highest = dict.fromkeys(slots, 0.0)
    for one in needy:
        for column, level in zip(one.menu.columns, one.levels, strict=True):
            highest[column.slot] = max(highest[column.slot], level)
    return tuple(highest.values())


def _most(needy: Sequence[Aligned], slots: Sequence[str]) -> dict[str, float]:
    most = dict.fromkeys(slots, 0.0)
    for one in needy:
        for column in one.menu.columns:
            most[column.slot] = max(most[column.slot], column.most)
    return most


def _singles(needy: Sequence[Aligned], slots: Sequence[str]) -> list[Levels]:
    most = _most(needy, slots)
    return [tuple(most[one] if one == slot else 0.0 for one in slots) for slot in slots]


def _fullest(needy: Sequence[Aligned], slots: Sequence[str]) -> list[Levels]:
    """Take all up to the caps: without a contract on prices, with a floor, with the highest.

    Of loans the cheapest is taken.
    """
    most = _most(needy, slots)
    kinds = {column.slot: column.kind for one in needy for column in one.menu.columns}
    plain = ("grant", "loan", "guarantee", "production-credit", "ebitda-floor")
    first = {kind: next((s for s in slots if kinds[s] == kind), None) for kind in plain}
    floors = [slot for slot in slots if kinds[slot] == "floor"]
    found = []
    for priced in (None, *dict.fromkeys([*floors[len(floors) // 2 :][:1], *floors[-1:]])):
        for dropped in DROPPED:
            kept = {priced, *(slot for kind, slot in first.items() if kind not in dropped)}
            found.append(tuple(most[slot] if slot in kept else 0.0 for slot in slots))
    return found


def _cut(common: _Common, shared: Levels, measure: Measure) -> Levels:
    """Give less of each contract in turn, the dearest first, as long as all say yes."""
    for _ in range(PASSES):
        base = measure.of(common.cost(shared))
        active = [place for place, level in enumerate(shared) if level > LEAST]

        def saved(place: int, held: Levels = shared, whole: float = base) -> float:
            return whole - measure.of(common.cost(_with(held, place, 0.0)))

        for place in sorted(active, key=saved, reverse=True):
            shared = _less(common, shared, place, measure)
    return shared


def _less(common: _Common, shared: Levels, place: int, measure: Measure) -> Levels:
    low, high = 0.0, shared[place]
    if common.agrees(_with(shared, place, 0.0)):
        high = 0.0
    else:
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if common.agrees(_with(shared, place, middle)):
                high = middle
            else:
                low = middle
    less = _with(shared, place, high)
    cheaper = measure.of(common.cost(less)) <= measure.of(common.cost(shared))
    return less if cheaper else shared


def _with(shared: Levels, place: int, level: float) -> Levels:
    return (*shared[:place], level, *shared[place + 1 :])


def _judged(
    needy: Sequence[Aligned], common: _Common, best: Levels, kinds: Mapping[str, str]
) -> Together:
    """Judge terms on fresh paths; where they do not hold, raise them together."""
    terms: dict[str, float] = {}
    levels: dict[str, Levels] = {}
    holds: dict[str, bool] = {}
    for factor in RAISED:
        terms = {
            slot: factor * level
            for slot, level in zip(common.slots, best, strict=True)
            if level > LEAST
        }
        levels = {one.project: levels_of(one.fresh, terms) for one in needy}
        holds = {one.project: one.fresh.agrees(levels[one.project]) for one in needy}
        if all(holds.values()):
            break
    return Together(terms=terms, kinds=kinds, levels=levels, holds=holds)
