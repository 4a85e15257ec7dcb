"""Plan, find its package, put the package's cost into the plan, and again, until it settles."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import Enum

from coercivity.foundation.errors import UsageError

Adders = Mapping[str, float]
"""Public cost of making each project happen, added to its capital. [million]"""
STILL = 1e-6
"""Changes of an adder below this are none, as a share of the largest. [fraction]"""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan made with some adders."""

    key: Hashable
    """The same for the same decisions."""
    cost: float
    """What it costs society, adders left out. [million]"""


@dataclass(frozen=True, slots=True)
class Aligned:
    """What it takes to make a plan happen."""

    adders: Adders
    """Public cost of each project of the plan; others keep what is known of them. [million]"""
    public_cost: float
    """Of all its packages. [million]"""
    accepted: bool
    """Whether owners and lenders of every project of the plan say yes: a plan counts only then."""


@dataclass(frozen=True, slots=True)
class Round:
    """A plan that was visited, with its full cost."""

    planned: Planned
    aligned: Aligned
    adders: Adders
    """With which it was planned. [million]"""


class Ending(Enum):
    """Why no further plan was made."""

    STABLE = "stable"
    """The last plan was planned with the whole cost of its own package."""
    CYCLE = "cycle"
    """Plans come back with the same adders again and again."""
    ROUNDS = "rounds"
    """As many plans were made as were asked for, and it has not settled."""
    TIME = "time"
    """The time ran out, and it has not settled."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How it ended."""

    rounds: tuple[Round, ...]
    """Every plan that was visited, in the order of the first visit."""
    cycle: tuple[Round, ...]
    """Plans that come back again and again: one where it is stable, none where it did not end."""
    ending: Ending
    society: Round | None
    """The accepted plan that costs society least; None where none is accepted."""
    taxpayer: Round | None
    """The accepted plan whose packages cost the public least; None where none is accepted."""

    @property
    def stable(self) -> bool:
        """Whether the last plan is planned with the whole cost of its own package."""
        return self.ending is Ending.STABLE


def settle(
    plan: Callable[[Adders], Planned | None],
    align: Callable[[Planned], Aligned],
    *,
    rounds: int = 8,
    damping: float = 0.5,
) -> Settled:
    r"""Let plan and package answer each other.

    .. math:: a^{k+1} = (1 - \delta)\,a^k + \delta\,c(x^k), \qquad
        x^{k+1} \in \arg\min_x C(x) + a^{k+1} \cdot x

    with adders a, the public cost c of the package of each project of plan x, and damping
    :math:`\delta`. The map is no contraction: plans are whole numbers, so it may go round. Each
    plan is aligned once and remembered. Once a plan comes back, costs are no longer damped: a plan
    that is made with the whole cost of its own package is stable, and one that comes back with the
    same adders closes a cycle, of which all plans are told. Where the cost of a package does not
    depend on the plan, adders only rise and what is stable is the best of all plans with all costs.

    Parameters
    ----------
    plan
        Makes the best plan, given what each project's package adds to its cost; None where the
        time does not allow another.
    align
        Finds the packages of a plan.
    rounds
        Plans made at most. [count]
    damping
        Share of the new adders in the next ones; 1 takes them whole. [fraction]

    Raises
    ------
    UsageError
        If there are no rounds, or the damping is not above 0 and at most 1.

    Examples
    --------
    Two ways to the same output; the cheaper one needs a package that makes it the dearer:

    >>> cost, package = {"a": 10.0, "b": 11.0}, {"a": 5.0, "b": 0.0}
    >>> def plan(adders):
    ...     best = min(cost, key=lambda one: cost[one] + adders.get(one, 0.0))
    ...     return Planned(best, cost[best])
    >>> def align(planned):
    ...     return Aligned({planned.key: package[planned.key]}, package[planned.key], True)
    >>> found = settle(plan, align)
    >>> found.stable, found.cycle[0].planned.key, found.society.planned.key
    (True, 'b', 'a')
    >>> found.taxpayer.planned.key
    'b'
    """
    if rounds < 1 or not 0 < damping <= 1:
        msg = (
            f"{rounds} rounds with damping {damping}: ask for at least one round and a damping "
            f"above 0 and at most 1.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    visited: dict[Hashable, Round] = {}
    path: list[tuple[Hashable, dict[str, float]]] = []
    adders: dict[str, float] = {}
    for _ in range(rounds):
        planned = plan(dict(adders))
        if planned is None:
            return _ended(visited, [], Ending.TIME)
        known = visited.get(planned.key)
        if known is None:
            known = visited[planned.key] = Round(planned, align(planned), dict(adders))
        else:
            damping = 1.0
        whole = {**adders, **known.aligned.adders}
        if not _moved(adders, whole):
            return _ended(visited, [planned.key], Ending.STABLE)
        for place, (key, then) in enumerate(path):
            if key == planned.key and not _moved(then, adders):
                return _ended(visited, [key for key, _ in path[place:]], Ending.CYCLE)
        path.append((planned.key, adders))
        adders = _damped(adders, whole, damping)
    return _ended(visited, [], Ending.ROUNDS)


def _damped(before: Adders, found: Adders, damping: float) -> dict[str, float]:
    """Move adders towards what was found."""
    return {
        name: (1 - damping) * before.get(name, 0.0) + damping * cost for name, cost in found.items()
    }


def _moved(before: Adders, after: Adders) -> bool:
    largest = max((abs(value) for value in after.values()), default=0.0)
    names = before.keys() | after.keys()
    return any(
        abs(after.get(name, 0.0) - before.get(name, 0.0)) > STILL * max(largest, 1.0)
        for name in names
    )


def _ended(visited: Mapping[Hashable, Round], cycle: list[Hashable], ending: Ending) -> Settled:
    accepted = [one for one in visited.values() if one.aligned.accepted]
    return Settled(
        rounds=tuple(visited.values()),
        cycle=tuple(visited[key] for key in dict.fromkeys(cycle)),
        ending=ending,
        society=min(accepted, key=lambda one: one.planned.cost, default=None),
        taxpayer=min(accepted, key=lambda one: one.aligned.public_cost, default=None),
    )
