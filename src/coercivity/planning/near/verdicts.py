"""Decide for every option whether all plans near the best build it, some, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coercivity.dispatch.builder import Array
from coercivity.planning.near.dives import neighbour, tree
from coercivity.planning.near.space import Box, Halted, Mask, Plan, PlanSpace, Point

LEAST_TREE = 12
"""Effort with which a search for a proof is still begun. [linear programs]"""
TREE_SHARE = 1 / 3
"""Share of the effort left that one search for a proof may use. [fraction]"""

Told = Callable[[str, int, int], None]
"""Told the phase, how many options are done and how many there are."""


@dataclass(slots=True)
class Findings:
    """What is known so far; every plan found bears witness for all options."""

    pool: list[Plan]
    """The plan itself, then every other plan found, each within the limit."""
    gap: float
    """Proven distance of the plan to the best one. [million]"""
    proofs: dict[int, str] = field(default_factory=dict)
    """How it was proven that no plan near the best decides otherwise, by option."""
    bounds: dict[int, float] = field(default_factory=dict)
    """No plan that decides otherwise costs less, by option. [million]"""
    floors: Array = field(default_factory=lambda: np.zeros(0))
    """Fewest modules of each option, proven. [count]"""
    ceilings: Array = field(default_factory=lambda: np.zeros(0))
    """Most modules of each option, proven. [count]"""
    halted: bool = False
    """Whether it was stopped, or time ran out."""

    @property
    def base(self) -> Plan:
        """The plan that the others are near to."""
        return self.pool[0]

    def builds(self, option: int) -> bool:
        """Tell whether the plan builds an option."""
        return bool(self.base.modules[option] > 0.5)

    def witnesses(self, option: int) -> list[Plan]:
        """Give the plans that decide otherwise than the plan does."""
        return [p for p in self.pool if bool(p.modules[option] > 0.5) != self.builds(option)]

    def undecided(self, option: int) -> bool:
        """Tell whether neither a witness nor a proof is known."""
        return option not in self.proofs and not self.witnesses(option)

    def extra_cost(self, option: int) -> float | None:
        """Give what the cheapest plan found that decides otherwise costs more. [million]"""
        costs = [plan.cost for plan in self.witnesses(option)]
        return min(costs) - self.base.cost if costs else None

    def seems_to_matter(self, option: int) -> bool:
        """Tell whether deciding otherwise was only found dearer than the gap, and may be less."""
        extra = self.extra_cost(option)
        may_be_less = self.bounds.get(option, np.inf) - self.base.cost <= self.gap
        return extra is not None and extra > self.gap and may_be_less

    def add(self, plan: Plan | None) -> bool:
        """Keep a plan that is not known yet."""
        if plan is None or any(np.array_equal(plan.whole, p.whole) for p in self.pool):
            return False
        self.pool.append(plan)
        return True


def otherwise(space: PlanSpace, found: Findings, option: int) -> Box:
    """Give the plans that decide otherwise on an option: without it, or with it."""
    if found.builds(option):
        return space.at_most(space.all, option, 0)
    return space.at_least(space.all, option, 1)


def related_columns(space: PlanSpace, option: int) -> Mask:
    """Mark the columns of an option, of all that it hangs together with, and of states."""
    case, names = space.model.case, space.names
    ties: dict[str, set[str]] = {name: set() for name in names}
    for one in case.options.values():
        for other in (*one.requires, *one.excludes):
            if one.id in ties and other in ties:
                ties[one.id].add(other)
                ties[other].add(one.id)
    reached, waiting = set[str](), [names[option]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += sorted(ties[name])
    free = np.ones(len(space.columns), dtype=bool)
    for name, own in zip(names, space.decisions, strict=True):
        free[own] = name in reached
    return free


def relaxed_tests(space: PlanSpace, found: Findings, told: Told) -> dict[int, Point]:
    r"""Test every option by one linear program: decided otherwise, is its bound within the limit?

    .. math:: \min \{c^T x : x \in LP,\ Y_o = 0\} > C^* + \varepsilon G \Rightarrow
        \text{every near plan builds } o

    and likewise with :math:`Y_o \ge 1` for an option that the plan does not build.

    Returns
    -------
    dict of int to Point
        The cheapest point of each test that proves nothing.
    """
    points: dict[int, Point] = {}
    for option in range(len(space.names)):
        told("relaxations", option, len(space.names))
        if not space.effort.left:
            break
        point = space.cheapest(otherwise(space, found, option))
        if point is None:
            found.proofs[option] = "relaxation"
        else:
            points[option] = point
            found.bounds[option] = point.cost
    return points


def find_witnesses(
    space: PlanSpace, found: Findings, points: dict[int, Point], *, spare: int, told: Told
) -> None:
    """Look for plans that decide otherwise: first like the plan in all else, then more freely.

    The second look is also for options whose witness is dearer than the plan's own gap, while the
    effort above ``spare`` lasts: a cheaper one would show that the option cannot be told apart.
    """
    waiting = sorted(points, key=lambda option: (points[option].cost, option))
    for place, option in enumerate(waiting):
        told("witnesses", place, 2 * len(waiting))
        if space.effort.left and found.undecided(option):
            _beside_the_plan(space, found, option)
    for place, option in enumerate(waiting, start=len(waiting)):
        told("witnesses", place, 2 * len(waiting))
        spared = space.effort.left > spare
        if spared and (found.undecided(option) or found.seems_to_matter(option)):
            _one_way(space, found, option)


def _beside_the_plan(space: PlanSpace, found: Findings, option: int) -> None:
    """Change an option and what hangs together with it, as the plan is in all else."""
    free = related_columns(space, option)
    found.add(neighbour(space, otherwise(space, found, option), found.base, free=free))


def _one_way(space: PlanSpace, found: Findings, option: int) -> None:
    """Let others only grow where an option is dropped, and only shrink where one is added."""
    own, box = related_columns(space, option), otherwise(space, found, option)
    lower, upper = box.lower.copy(), box.upper.copy()
    if found.builds(option):
        lower[~own] = np.maximum(lower, found.base.whole)[~own]
    else:
        upper[~own] = np.minimum(upper, found.base.whole)[~own]
    everything = np.ones(len(space.columns), dtype=bool)
    found.add(neighbour(space, Box(lower, upper), found.base, free=everything))


def prove_rest(space: PlanSpace, found: Findings, *, spare: int, told: Told) -> None:
    """Search what is left by branching, those first that are nearest to a proof.

    Each search may use a share of the effort that is left then.

    Parameters
    ----------
    space, found
        The plans, and what is known of them.
    spare
        Effort to leave over. [linear programs]
    told
        Told how far it is.
    """
    rest = [option for option in range(len(space.names)) if found.undecided(option)]
    rest.sort(key=lambda option: (-found.bounds.get(option, 0.0), option))
    for place, option in enumerate(rest):
        told("proofs", place, len(rest))
        if not found.undecided(option):
            continue
        left = space.effort.left - spare
        if left < LEAST_TREE:
            return
        share = max(LEAST_TREE, round(left * TREE_SHARE))
        searched = tree(space, otherwise(space, found, option), effort=share)
        found.add(searched.plan)
        if searched.empty:
            found.proofs[option] = "search"


def bound_modules(space: PlanSpace, found: Findings) -> None:
    """Bound the modules of options that may be built several times, one number at a time.

    The relaxation tells that no plan within the limit builds more than the plans found, or fewer.
    """
    for option in np.flatnonzero((space.most > 1) & (found.ceilings > 0)).tolist():
        counts = [plan.modules[option] for plan in found.pool]
        if not space.effort.left:
            return
        for more in np.arange(max(counts) + 1, found.ceilings[option] + 1):
            if space.cheapest(space.at_least(space.all, option, more)) is None:
                found.ceilings[option] = more - 1
                break
        for fewer in np.arange(min(counts) - 1, found.floors[option] - 1, -1):
            if space.cheapest(space.at_most(space.all, option, fewer)) is None:
                found.floors[option] = fewer + 1
                break


def decide(space: PlanSpace, found: Findings, *, spare: int, told: Told) -> None:
    """Decide on every option, as far as the effort allows; what is found before a stop is kept."""
    found.floors, found.ceilings = np.zeros(len(space.names)), space.most
    try:
        points = relaxed_tests(space, found, told)
        find_witnesses(space, found, points, spare=spare, told=told)
        prove_rest(space, found, spare=spare, told=told)
        settle_modules(found)
        bound_modules(space, found)
    except Halted:
        found.halted = True
        settle_modules(found)


def settle_modules(found: Findings) -> None:
    """Carry what is proven about building at all over to the numbers of modules."""
    for option in found.proofs:
        if found.builds(option):
            found.floors[option] = max(found.floors[option], 1.0)
        else:
            found.ceilings[option] = 0.0
