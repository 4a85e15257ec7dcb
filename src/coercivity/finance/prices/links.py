"""Prices that follow others: what a product contains, a margin, a delay."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.prices.processes import Quote
from coercivity.finance.prices.simulation import BLOCK, PricePaths
from coercivity.finance.refusals import FinanceError
from coercivity.uncertainty import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLink:
    """One material whose price counts in that of another."""

    quote: Quote
    """What is priced."""
    follows: str
    """Material that it contains."""
    share: float
    """Tonnes of the followed in a tonne. [t/t]"""
    margin: float = 0.0
    """Added once; margins of several links of one price add up. [case money/t]"""
    margin_spread: float = 0.0
    """Standard deviation of the log margin, which holds for good. [1]"""
    lag: float = 0.0
    """Delay after the followed price. [year]"""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.margin) and 0 <= self.share < math.inf and 0 <= self.lag < 100):
            msg = (
                f"the link of {self.quote} to {self.follows!r} has share {self.share!r}, margin "
                f"{self.margin!r}, lag {self.lag!r}. Shares and lags are finite and not negative: "
                "correct the row.  [F205]"
            )
            raise FinanceError(msg, code="F205")


def follow(
    paths: PricePaths, links: Sequence[PriceLink], *, start: Mapping[Quote, float] | None = None
) -> PricePaths:
    r"""Add the prices that follow others.

    .. math:: P_m(t) = \sum_c s_c\,P_c(t - \ell_c) + \sum_c g_c\,e^{d_c z_m - d_c^2/2}

    A link looks for the followed price at its own place, and else takes the only other one. What a
    margin will be is not known: each path has one factor with mean 1 for good, from one normal
    number z of the material, the same at every place.

    Parameters
    ----------
    paths
        Prices that move by themselves.
    links
        In any order; a product may follow one that follows another.
    start
        Prices before the first step, for delays; the price of the first step where missing.
        [case money/t]

    Examples
    --------
    >>> paths = PricePaths({Quote("ore"): np.array([[10.0, 20.0]])}, 1, {})
    >>> link = PriceLink(quote=Quote("metal"), follows="ore", share=2.0, margin=5.0)
    >>> follow(paths, [link]).of("metal").tolist()
    [[25.0, 45.0]]
    """
    prices = dict(paths.prices)
    waiting: dict[Quote, list[PriceLink]] = {}
    for link in links:
        waiting.setdefault(link.quote, []).append(link)
    clash = sorted(str(quote) for quote in waiting if quote in prices)
    if clash:
        msg = (
            f"{clash} move by themselves and follow others. A price has one origin: take out the "
            "process or the links.  [F205]"
        )
        raise FinanceError(msg, code="F205")
    while waiting:
        ready = [quote for quote, parts in waiting.items() if _ready(parts, prices, waiting)]
        if not ready:
            _refuse_loop(waiting, prices)
        for quote in ready:
            parts = waiting.pop(quote)
            prices[quote] = _sum(parts, prices, paths, start or {})
    return PricePaths(prices, paths.steps_a_year, paths.second, paths.margins)


def _followed(link: PriceLink, known: Iterable[Quote]) -> Quote | None:
    """Find the price that a link follows; None where there is none or none that is sure."""
    found = [quote for quote in known if quote.material == link.follows]
    here = [quote for quote in found if quote.place == link.quote.place]
    return here[0] if here else (found[0] if len(found) == 1 else None)


def _ready(
    parts: list[PriceLink], prices: Mapping[Quote, Array], waiting: Mapping[Quote, list[PriceLink]]
) -> bool:
    """Tell whether all that a price follows is known."""
    every = [*prices, *waiting]
    return all(_followed(link, every) in prices for link in parts)


def _refuse_loop(waiting: Mapping[Quote, list[PriceLink]], prices: Mapping[Quote, Array]) -> None:
    told = []
    for quote, parts in waiting.items():
        for link in parts:
            places = sorted(q.place for q in [*prices, *waiting] if q.material == link.follows)
            if _followed(link, [*prices, *waiting]) not in prices:
                told.append(f"{quote} follows {link.follows!r} (priced at {places or 'no place'})")
    msg = (
        f"these prices cannot be followed: {'; '.join(told)}. A followed price needs a process or "
        "links of its own, at the same place or at one place only, and none may follow itself "
        "round a circle.  [F205]"
    )
    raise FinanceError(msg, code="F205")


def _sum(
    parts: list[PriceLink],
    prices: Mapping[Quote, Array],
    paths: PricePaths,
    start: Mapping[Quote, float],
) -> Array:
    normal = paths.margins.get(parts[0].quote.material)
    total = np.zeros((1, 1))
    for link in parts:
        total = total + _margin(link, normal)
        # All that a ready price follows is known.
        quote = cast("Quote", _followed(link, prices))
        total = total + link.share * _delayed(
            prices[quote], link.lag * paths.steps_a_year, start.get(quote)
        )
    return np.asarray(total, dtype=np.float64)


def _margin(link: PriceLink, normal: Array | None) -> Array:
    """Give the margin of each path, one row a path. [case money/t]"""
    if normal is None or link.margin_spread == 0:
        return np.full((1, 1), link.margin)
    return np.asarray(link.margin * margin_factor(link.margin_spread, normal)[:, None])


def margin_factor(spread: float, normal: Array) -> Array:
    r"""Give what a margin is multiplied by: lognormal with mean 1.

    Parameters
    ----------
    spread
        Standard deviation of its log. [1]
    normal
        Standard normal numbers.

    Examples
    --------
    >>> margin_factor(0.0, np.array([-1.0, 2.0])).tolist()
    [1.0, 1.0]
    """
    return np.asarray(np.exp(spread * normal - 0.5 * spread**2))


def draw_margins(links: Iterable[PriceLink], *, paths: int, seed: int) -> dict[str, Array]:
    """Draw a standard normal number a path for every material with an uncertain margin.

    Parameters
    ----------
    links
        Whose margins are uncertain where they have a spread.
    paths, seed
        How many, and the seed of all draws. The number of a path depends on the seed, the
        material and the number of the path alone.
    """
    uncertain = dict.fromkeys(k.quote.material for k in links if k.margin_spread > 0)
    return {
        material: np.concatenate(
            [
                stream(seed, "margin", material, block).standard_normal(BLOCK)
                for block in range(-(-paths // BLOCK))
            ]
        )[:paths]
        for material in uncertain
    }


def _delayed(table: Array, steps: float, before: float | None) -> Array:
    """Shift prices by a number of steps, between two steps in proportion."""
    if steps == 0:
        return table
    number = table.shape[1]
    whole, part = int(steps), steps - int(steps)
    lead = math.ceil(steps)
    first = table[:, :1] if before is None else np.full((len(table), 1), before)
    early = np.concatenate([np.repeat(first, lead + 1, axis=1), table], axis=1)
    begin = lead + 1 - whole
    later = early[:, begin : begin + number]
    if part == 0:
        return later
    return np.asarray((1 - part) * later + part * early[:, begin - 1 : begin - 1 + number])
