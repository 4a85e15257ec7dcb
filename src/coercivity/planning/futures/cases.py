"""The case as a future makes it, and the case of averages over futures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from coercivity.chain import Case
from coercivity.chain.plants import Asset, Option
from coercivity.chain.trade import Offer
from coercivity.foundation.errors import UsageError
from coercivity.foundation.periods import Array
from coercivity.foundation.problems import quoted
from coercivity.planning.futures.lateness import (
    LateOption,
    late_asset,
    late_option,
    mixed_lateness,
)
from coercivity.uncertainty.futures import Future, compounded

Noun = TypeVar("Noun")
DECIDED_BEFORE = ("capital", "starts")
"""Kinds of limits that hold for decisions taken before the future is known."""


def future_case(planned: Case, changed: Case, future: Future) -> Case:
    """Give the case as a future makes it, its decisions being those of the plan.

    Parameters
    ----------
    planned
        The case as it stands: what may be decided on, when, and within which limits.
    changed
        The same with the changes of the scenario that holds in the future; ``planned`` for none.
    future
        What is drawn on top of them.

    Raises
    ------
    UsageError
        If the scenario changes a limit on capital or starts, which binds before it is known.
    """
    _expect_limits(planned, changed, future)
    options = {
        name: late_option(
            option,
            changed.options[name],
            delay=future.delays.get(name, 0.0),
            overrun=future.capital.get(name, 1.0),
        )
        for name, option in planned.options.items()
    }
    loss = Losses(changed, future)
    return replace(
        changed,
        options=options,
        assets={name: loss.asset(asset) for name, asset in changed.assets.items()},
        offers=tuple(loss.offer(offer) for offer in changed.offers),
        takers=tuple(
            replace(taker, price=_priced(taker.price, future.prices.get(taker.material, 1.0)))
            for taker in changed.takers
        ),
        links={
            name: replace(
                link,
                capacity=_reduced(link.capacity, loss.left(("link", name))),
                least=link.least * loss.left(("link", name)),
            )
            for name, link in changed.links.items()
        },
        demands={
            name: replace(demand, amount=demand.amount * future.demand.get(name, 1.0))
            for name, demand in changed.demands.items()
        },
    )


def _expect_limits(planned: Case, changed: Case, future: Future) -> None:
    others = {limit.id: limit for limit in changed.limits}
    for limit in planned.limits:
        if limit.kind in DECIDED_BEFORE and not np.array_equal(
            limit.amount, others[limit.id].amount
        ):
            msg = (
                f"Scenario {quoted(str(future.scenario))} changes limit {quoted(limit.id)} on "
                f"{limit.kind}. Decisions to build are taken before it is known which future "
                "comes, so one limit holds for all: change it in the case, or leave that change "
                "out of the futures.  [U307]"
            )
            raise UsageError(msg)


def _priced(price: Array, factor: float) -> Array:
    """Multiply prices; what is paid for disposal stays."""
    return np.where(price > 0, price * factor, price)


def _reduced(amount: Array, left: Array) -> Array:
    """Multiply what may be infinite with a share that may be 0."""
    return np.where(left > 0, amount * np.where(left > 0, left, 1.0), 0.0)


class Losses:
    """What is left of assets, offers and links in each year of a future."""

    def __init__(self, case: Case, future: Future) -> None:
        self._case, self._future = case, future
        self._whole = np.ones(len(case.horizon.years))

    def left(self, *targets: tuple[str, str]) -> Array:
        """Give the share that is left where all these targets may be hit. [fraction]"""
        losses = self._future.losses
        hit = [losses[target] for target in targets if target in losses]
        return np.asarray(1 - compounded(hit)) if hit else self._whole

    def asset(self, asset: Asset) -> Asset:
        """Give an asset in this future."""
        country = self._case.sites[asset.site].country
        left = self.left(
            ("asset", asset.id), ("project", asset.project or ""), ("country", country)
        )
        late = late_asset(asset, self._delay(asset))
        if left is self._whole:
            return late
        return replace(
            late,
            availability=late.availability * left,
            least_activity=late.least_activity * left,
        )

    def _delay(self, asset: Asset) -> float:
        return self._future.delays.get(asset.id, 0.0)

    def offer(self, offer: Offer) -> Offer:
        """Give a step of a supplier in this future.

        Events of the country and of the material may be two names of one thing, so the larger of
        both losses holds.
        """
        countries = {offer.country} if offer.country else set()
        countries |= {self._case.sites[site].country for site in offer.sites}
        places = [self.left(("country", str(name))) for name in sorted(map(str, countries))]
        everywhere = self.left(("material", offer.material))
        left = np.min([*places, everywhere], axis=0) * self.left(("supplier", offer.supplier))
        return replace(
            offer,
            offered=_reduced(offer.offered, left * self._future.offered.get(offer.supplier, 1.0)),
            price=_priced(offer.price, self._future.prices.get(offer.material, 1.0)),
        )


def mean_case(planned: Case, futures: Sequence[Case], probabilities: Sequence[float]) -> Case:
    """Average what futures change: the future as a plan for the average sees it.

    Parameters
    ----------
    planned
        The case as it stands; it gives everything that is not averaged.
    futures
        The case in each future.
    probabilities
        Probability of each. [fraction]
    """
    held = [(chance, case) for chance, case in zip(probabilities, futures, strict=True) if chance]
    offers: dict[tuple[str, int], list[tuple[float, Offer]]] = {}
    for chance, case in held:
        for offer in case.offers:
            offers.setdefault((offer.supplier, offer.step), []).append((chance, offer))
    return replace(
        planned,
        options={
            name: _mean_option([(chance, case.options[name]) for chance, case in held])
            for name in planned.options
        },
        assets={
            name: _mean_asset(asset, [(p, c.assets[name]) for p, c in held if name in c.assets])
            for name, asset in planned.assets.items()
        },
        offers=tuple(
            averaged(offer, offers[offer.supplier, offer.step], "offered", "price")
            for offer in planned.offers
        ),
        takers=tuple(
            averaged(taker, [(p, c.takers[place]) for p, c in held], "price", "most")
            for place, taker in enumerate(planned.takers)
        ),
        links={
            name: averaged(link, [(p, c.links[name]) for p, c in held], "capacity", "least")
            for name, link in planned.links.items()
        },
        demands={
            name: averaged(demand, [(p, c.demands[name]) for p, c in held], "amount")
            for name, demand in planned.demands.items()
        },
    )


def averaged(noun: Noun, parts: Sequence[tuple[float, object]], *names: str) -> Noun:
    """Give a noun whose fields are the averages over futures."""
    means = {
        name: np.sum([chance * getattr(part, name) for chance, part in parts], axis=0)
        for name in names
    }
    return replace(noun, **means)  # type: ignore[type-var]


def _mean_option(parts: list[tuple[float, Option]]) -> Option:
    first = parts[0][1]
    if not isinstance(first, LateOption):
        return first
    size = float(sum(chance * option.size for chance, option in parts))
    mixed = replace(first, size=size, lateness=mixed_lateness(parts))
    return averaged(mixed, parts, "capital")


def _mean_asset(asset: Asset, parts: list[tuple[float, Asset]]) -> Asset:
    """Average an asset; what it must run at least stays within what it can."""
    if not math.isclose(sum(chance for chance, _ in parts), 1.0):
        return asset
    mean = averaged(asset, parts, "capacity", "availability", "least_activity")
    most = np.where(mean.availability > 0, mean.capacity * np.maximum(mean.availability, 1e-300), 0)
    return replace(mean, least_activity=np.minimum(mean.least_activity, most))
