"""Complete futures with a probability, named by hand or drawn with a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from coercivity.uncertainty.probabilities import (
    check_names,
    checked_probabilities,
    checked_share,
    equally_likely,
)
from coercivity.uncertainty.quantities import Quantity

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One complete future.

    Examples
    --------
    >>> Scenario("ban", 0.25, {"delay": 2.0}).levels["delay"]
    2.0
    """

    name: str
    """Its name, unique among the scenarios of a plan."""
    probability: float
    """Its probability. [fraction]"""
    levels: Mapping[str, float]
    """Value that each uncertain quantity takes in it. [unit of the quantity]"""

    def __post_init__(self) -> None:
        checked_share("probability", self.probability, zero_allowed=True)
        object.__setattr__(self, "levels", MappingProxyType(dict(self.levels)))


def checked_scenarios(scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Give scenarios back whose names differ and whose probabilities sum to 1.

    Examples
    --------
    >>> checked_scenarios((Scenario("ban", 0.5, {}), Scenario("peace", 0.45, {})))
    Traceback (most recent call last):
    coercivity.foundation.errors.UsageError: The probabilities of 2 scenarios sum to 0.95, not 1...
    """
    names = [scenario.name for scenario in scenarios]
    check_names(names)
    checked_probabilities([scenario.probability for scenario in scenarios], names=names)
    return scenarios


def stream(seed: int, *keys: str | int) -> np.random.Generator:
    """Give the random numbers that belong to a seed and keys, whatever else is drawn.

    Examples
    --------
    >>> stream(7, "delay").random() == stream(7, "delay").random()
    True
    >>> stream(7, "delay").random() == stream(7, "price").random()
    False
    """
    text = "\0".join([str(seed), *(f"{type(key).__name__}:{key}" for key in keys)])
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(list(digest))))


def stratified_shares(rng: np.random.Generator, count: int) -> Array:
    """Draw one share from each of ``count`` equal parts of (0, 1), in random order.

    Each quantity being drawn so makes a Latin hypercube: means need fewer draws.

    References
    ----------
    McKay, Beckman and Conover (1979), *Technometrics* 21(2), 239-245.

    Examples
    --------
    >>> shares = stratified_shares(stream(1), 4)
    >>> np.floor(np.sort(shares) * 4).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    inside = 1.0 - rng.random(count)
    shares = (rng.permutation(count) + inside) / count
    return np.clip(shares, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)


def drawn_scenarios(
    quantities: Mapping[str, Quantity], *, count: int, seed: int, stratified: bool = True
) -> tuple[Scenario, ...]:
    """Draw equally likely scenarios.

    Every quantity has random numbers of its own, by its name: another quantity more or less
    changes no draw of the others.

    Parameters
    ----------
    quantities
        Uncertain quantities by name.
    count
        Number of scenarios.
    seed
        Seed of all draws.
    stratified
        Whether draws are spread evenly (Latin hypercube); False draws independently, as
        intervals of confidence ask for.

    Examples
    --------
    >>> from coercivity.uncertainty.quantities import Uniform
    >>> drawn = drawn_scenarios({"demand": Uniform(0.0, 10.0)}, count=2, seed=3)
    >>> sorted(one.levels["demand"] > 5 for one in drawn)
    [False, True]
    """
    chances = equally_likely(count)
    table = {}
    for name, quantity in quantities.items():
        rng = stream(seed, "quantity", name)
        shares = stratified_shares(rng, count) if stratified else 1.0 - rng.random(count)
        table[name] = quantity.at(np.minimum(shares, 1 - np.finfo(float).epsneg))
    width = len(str(count))
    return checked_scenarios(
        tuple(
            Scenario(
                f"draw-{number + 1:0{width}}",
                float(chances[number]),
                {name: float(values[number]) for name, values in table.items()},
            )
            for number in range(count)
        )
    )
