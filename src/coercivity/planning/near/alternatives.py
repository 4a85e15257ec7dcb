"""Plans near the best that are as different from each other as could be found."""

from __future__ import annotations

import numpy as np

from coercivity.dispatch.builder import Array
from coercivity.planning.near.dives import neighbour, tree
from coercivity.planning.near.space import Box, Halted, Plan, PlanSpace
from coercivity.planning.near.verdicts import Findings, related_columns

SMALLEST = 1e-9
"""Distance at which two plans build the same. [million]"""


def distance(first: Plan, second: Plan, *, weights: Array) -> float:
    r"""Measure how differently two plans build, whenever that is. [million]

    .. math:: d(a, b) = \sum_o K_o\,|Y_o^a - Y_o^b|

    with :math:`K_o` the capital of one module; an option without capital counts as a little.

    Examples
    --------
    Both plans build the first option; one builds the second twice, the other the third.

    >>> one = Plan(np.zeros(0), np.array([1.0, 2.0, 0.0]), 10.0)
    >>> other = Plan(np.zeros(0), np.array([1.0, 0.0, 1.0]), 11.0)
    >>> distance(one, other, weights=np.array([100.0, 30.0, 50.0]))
    110.0
    """
    return float(np.maximum(weights, SMALLEST * 10) @ np.abs(first.modules - second.modules))


def nearest(plan: Plan, others: list[Plan], *, weights: Array) -> float:
    """Give the distance to the nearest of some plans. [million]"""
    return min(distance(plan, other, weights=weights) for other in others)


def different_plans(
    space: PlanSpace, found: Findings, *, count: int, effort: int
) -> list[tuple[Plan, float]]:
    """Choose plans one after the other, each as far as could be found from all before it.

    Each begins as the farthest plan known, and then takes on one more difference at a time, the
    dearest first, as long as a plan within the limit is found. The largest distance is not proven.

    Parameters
    ----------
    space, found
        The plans, and what is known of them.
    count
        Alternatives wanted, at most. [count]
    effort
        Effort for all of them. [linear programs]

    Returns
    -------
    list of (Plan, float)
        Each plan with its distance to the nearest one before it. [million]
    """
    weights = space.capital
    chosen, gave = [found.base], list[tuple[Plan, float]]()
    until = space.effort.spent + effort
    for place in range(count):
        share = (until - space.effort.spent) // (count - place)
        best = max(found.pool, key=lambda plan: nearest(plan, chosen, weights=weights))
        if not found.halted:
            best = _farther(space, found, best, chosen, weights, effort=share)
        apart = nearest(best, chosen, weights=weights)
        if apart <= SMALLEST:
            break
        chosen.append(best)
        gave.append((best, apart))
    return gave


def _farther(
    space: PlanSpace,
    found: Findings,
    plan: Plan,
    chosen: list[Plan],
    weights: Array,
    *,
    effort: int,
) -> Plan:
    """Add one difference at a time; what differs from every plan before is held."""
    until = space.effort.spent + effort
    try:
        for option in np.argsort(-weights, kind="stable").tolist():
            free = related_columns(space, option)
            for box in _moves(space, found, plan, chosen, option):
                if space.effort.spent >= until:
                    return plan
                other = neighbour(space, box, plan, free=free)
                if other is None and plan is found.base:
                    other = tree(space, box, effort=until - space.effort.spent).plan
                found.add(other)
                if other is not None and _gains(other, plan, chosen, weights):
                    plan = other
                    break
    except Halted:
        found.halted = True
    return plan


def _moves(
    space: PlanSpace, found: Findings, plan: Plan, chosen: list[Plan], option: int
) -> list[Box]:
    """Give parts of the plans in which an option is built more, or less, than in those chosen."""
    counts = [other.modules[option] for other in chosen]
    fewest, greatest = min(counts), max(counts)
    if not fewest <= plan.modules[option] <= greatest:
        return []
    held = _held(space, plan, chosen)
    fewer = [count for count in (found.floors[option], fewest - 1) if count < fewest]
    more = [greatest + 1] if greatest < found.ceilings[option] else []
    return [
        *(space.at_most(held, option, count) for count in sorted(set(fewer))),
        *(space.at_least(held, option, count) for count in more),
    ]


def _held(space: PlanSpace, plan: Plan, chosen: list[Plan]) -> Box:
    """Give the plans that share every difference a plan already has from those chosen."""
    box = space.all
    for option, count in enumerate(plan.modules):
        counts = [other.modules[option] for other in chosen]
        if count < min(counts):
            box = space.at_most(box, option, min(counts) - 1)
        elif count > max(counts):
            box = space.at_least(box, option, max(counts) + 1)
    return box


def _gains(other: Plan, plan: Plan, chosen: list[Plan], weights: Array) -> bool:
    before = nearest(plan, chosen, weights=weights)
    return nearest(other, chosen, weights=weights) > before + SMALLEST
