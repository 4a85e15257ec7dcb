"""Prices that hold while the field moves, how they move otherwise, and what dumping takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.loop.thresholds import IndexLaw
from coercivity.finance.prices.links import PriceLink, follow
from coercivity.finance.prices.processes import Quote
from coercivity.finance.prices.simulation import PricePaths, simulate
from coercivity.finance.projects.book import PriceBook

SETTLED = 30
"""Years after which prices no longer remember where they began. [year]"""
MEDIAN_PATHS = 2048
"""Paths on which medians are taken; always the same. [path]"""
MEDIAN_SEED = 0
LAG = 1
"""Years over which the memory of prices is measured. [year]"""
NO_MOVEMENT = IndexLaw(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Reference:
    """Prices at which the sweep holds them: the median of their long-run law."""

    book: PriceBook
    prices: Mapping[Quote, float]
    """Of those that move by themselves, and those that are held. [case money/t]"""
    law: IndexLaw
    """How those that move by themselves move together, around their median."""
    spread: float
    """Standard error of the long-run level over the level. [fraction]"""

    def table(
        self,
        *,
        index: float = 1.0,
        cut: Mapping[str, float] | None = None,
        margins: Mapping[Quote, float] | None = None,
    ) -> Mapping[Quote, float]:
        """Give every price: what follows others follows. [case money/t]

        Parameters
        ----------
        index
            Of all prices that move by themselves.
        cut
            Taken off the price of some materials by dumping, before others follow. A price never
            falls below 0. [case money/t]
        margins
            What some margins are multiplied by. [1]
        """
        less = cut or {}
        moving = set(self.book.system.quotes)
        known = {
            quote: max(price * (index if quote in moving else 1.0) - less.get(quote.material, 0), 0)
            for quote, price in self.prices.items()
        }
        single = PricePaths({q: np.array([[p]]) for q, p in known.items()}, 1, {})
        links = [
            replace(link, margin=link.margin * (margins or {}).get(link.quote, 1.0))
            for link in self.book.links
        ]
        found = follow(single, _cut_links(links, less)).prices
        return {quote: max(float(value[0, 0]), 0.0) for quote, value in found.items()}


def _cut_links(links: Sequence[PriceLink], cut: Mapping[str, float]) -> list[PriceLink]:
    """Take a cut off the margin of the first link of a price, which counts once."""
    seen: set[Quote] = set()
    found = []
    for link in links:
        first = link.quote not in seen
        seen.add(link.quote)
        less = cut.get(link.quote.material, 0.0) if first else 0.0
        found.append(replace(link, margin=link.margin - less, lag=0.0))
    return found


def reference_of(book: PriceBook, *, key: str, workers: int | None = None) -> Reference:
    r"""Take the median of each price in the long run, and the law of the key product about it.

    The log of the price has a long-run deviation *s* and keeps the share *r* of a deviation over a
    year; an index that returns evenly with

    .. math:: \kappa = -\ln r, \qquad \sigma = s\sqrt{2\kappa}

    has both. Attractors and jumps are in the paths, and so in *s* and *r*; what is not known of the
    parameters is not: that is drawn as a whole.

    Parameters
    ----------
    book
        Prices of the case.
    key
        Key product; where it does not move by itself, what it follows or the first that moves.
    workers
        Threads; the bits do not depend on them.
    """
    if not book.system.quotes:
        return Reference(book, dict(book.held), NO_MOVEMENT, 0.0)
    drawn = simulate(
        book.system,
        years=SETTLED + LAG,
        paths=MEDIAN_PATHS,
        seed=MEDIAN_SEED,
        start=book.start,
        drawn_parameters=False,
        workers=workers,
    )
    medians = {q: float(np.median(table[:, -1])) for q, table in drawn.prices.items()}
    leader = _leader(book, key)
    logs = np.log(np.maximum(drawn.prices[leader], 1e-12))
    before, after = logs[:, -1 - 4 * LAG], logs[:, -1]
    kept = float(np.clip(np.corrcoef(before, after)[0, 1], 0.05, 0.99))
    reversion = -np.log(kept) / LAG
    law = IndexLaw(float(after.std() * np.sqrt(2 * reversion)), float(reversion))
    process = book.system.process(leader)
    error = float(process.standard_errors.get("level", 0.0))
    return Reference(book, medians | dict(book.held), law, error / process.level)


def _leader(book: PriceBook, key: str) -> Quote:
    """Find the price that leads: that of the key product, or the one it follows in the end."""
    moving = {quote.material: quote for quote in book.system.quotes}
    name = key
    for _ in range(len(book.links) + 1):
        if name in moving:
            return moving[name]
        after = next((link.follows for link in book.links if link.quote.material == name), None)
        if after is None:
            break
        name = after
    return book.system.quotes[0]
