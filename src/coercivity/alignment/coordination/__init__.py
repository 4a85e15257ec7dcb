"""Owners along a chain wait for each other: equilibria, who waits for whom, what tips them."""

from coercivity.alignment.coordination.complements import Complements, Pair, complements_of
from coercivity.alignment.coordination.equilibria import (
    Equilibria,
    Walk,
    equilibria_of,
    pure_equilibria,
    walk,
)
from coercivity.alignment.coordination.payoffs import MOST_PROJECTS, Payoffs
from coercivity.alignment.coordination.pool import Pool, as_pool
from coercivity.alignment.coordination.tipping import Guarantee, cheapest_guarantee
from coercivity.alignment.coordination.waiting import Wait, waits

__all__ = [
    "MOST_PROJECTS",
    "Complements",
    "Equilibria",
    "Guarantee",
    "Pair",
    "Payoffs",
    "Pool",
    "Wait",
    "Walk",
    "as_pool",
    "cheapest_guarantee",
    "complements_of",
    "equilibria_of",
    "pure_equilibria",
    "waits",
    "walk",
]
