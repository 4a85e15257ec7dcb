"""The cheapest guarantee that tips a chain of owners who wait for each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.alignment.coordination.complements import complements_of
from coercivity.alignment.coordination.payoffs import Array, Payoffs
from coercivity.finance.compiled import Integers, compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """Who is promised what, in which order, so that all of a set invest."""

    order: tuple[str, ...]
    """The first is promised first; each sees who invested before."""
    amounts: Mapping[str, float]
    """Promised to each: what it loses if nobody comes after it. [million]"""
    exposure: float
    """Sum of what is promised: paid if nobody comes after those who were promised. [million]"""
    expected_payment: float
    """Paid when all come, as they then do: 0 where the set is an equilibrium. [million]"""
    transfer: float
    """What the same order costs when the amounts are paid whatever happens. [million]"""
    target_is_equilibrium: bool
    """If not, some investor loses even with all the others: it needs support that is paid, not a
    guarantee."""
    sure: bool
    """Whether nobody in the set can be hurt by those who come later; if not, the amounts cover the
    loss beside those who came before only."""


def cheapest_guarantee(payoffs: Payoffs, target: Iterable[str] | None = None) -> Guarantee:
    r"""Find the order in which guarantees that make a set of projects invest are cheapest.

    .. math:: G(\emptyset) = 0, \qquad
        G(S \cup i) = \min_i \; G(S) + \max(0, -F[S][i])

    over all sets S in the target: the divide-and-conquer of Segal (2003) and Winter (2004). The
    guarantee makes up what i loses beside those before it, so it pays only if the later ones do
    not come. On the path they do.

    Parameters
    ----------
    payoffs
        Worth in every set. [million]
    target
        Projects that are to invest; None takes all.

    Examples
    --------
    Two alike who lose 3 alone and earn 2 together: one guarantee of 3 is enough, never paid.

    >>> found = cheapest_guarantee(Payoffs.of("ab", lambda them, one: 5.0 * len(them) - 8))
    >>> found.order, dict(found.amounts), found.exposure, found.expected_payment
    (('a', 'b'), {'a': 3.0, 'b': 0.0}, 3.0, 0.0)
    """
    wanted = payoffs.everyone if target is None else payoffs.mask_of(target)
    places = np.flatnonzero(wanted >> np.arange(payoffs.count) & 1).astype(np.int64)
    last = np.full(2 ** len(places), -1, dtype=np.int64)
    _fill(np.ascontiguousarray(payoffs.values), places, last)
    order = _order(last, len(places))
    amounts: dict[str, float] = {}
    standing = 0
    for place in (int(places[one]) for one in order):
        amounts[payoffs.names[place]] = max(0.0, -float(payoffs.values[standing, place])) + 0.0
        standing |= 1 << place
    losses = np.maximum(0.0, -payoffs.values[wanted, places])
    equilibrium = bool((losses <= payoffs.rounding).all())
    return Guarantee(
        order=tuple(amounts),
        amounts=amounts,
        exposure=sum(amounts.values()),
        expected_payment=0.0 if equilibrium else float(losses.sum()),
        transfer=sum(amounts.values()),
        target_is_equilibrium=equilibrium,
        sure=_sure(payoffs, wanted),
    )


def _order(last: Integers, count: int) -> list[int]:
    """Read the cheapest order backwards from who comes last in each set."""
    found: list[int] = []
    mask = 2**count - 1
    while mask:
        one = int(last[mask])
        found.append(one)
        mask ^= 1 << one
    return found[::-1]


def _sure(payoffs: Payoffs, wanted: int) -> bool:
    within = payoffs.names_in(wanted)
    return not any(
        pair.project in within and pair.hurt_by in within for pair in complements_of(payoffs).pairs
    )


@compiled
def _fill(values: Array, places: Integers, last: Integers) -> None:
    count = len(places)
    cost = np.zeros(len(last))
    for mask in range(1, len(last)):
        cost[mask] = np.inf
        for one in range(count):
            if mask >> one & 1:
                before = mask ^ (1 << one)
                full = 0
                for other in range(count):
                    if before >> other & 1:
                        full |= 1 << places[other]
                loss = -values[full, places[one]]
                total = cost[before] + max(0.0, loss)
                # Ties go to the one that comes later by number, so that orders follow the list.
                if total <= cost[mask]:
                    cost[mask] = total
                    last[mask] = one
