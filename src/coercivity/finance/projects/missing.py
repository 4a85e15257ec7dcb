"""The price that is missing until owners and lenders say yes, on the same paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coercivity.finance.appraisal import Appraisal
from coercivity.finance.projects.deciding_later import gain_of_waiting, with_waiting
from coercivity.finance.projects.position import Position

PRECISION = 0.005
"""Relative width at which the search ends. [fraction]"""
ROUNDS = 24
TIMES_TURNOVER = 20.0
"""Additions above so many times a mean price are not looked for. [ratio]"""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, or why it cannot be told."""

    value: float | None
    """Constant real addition to the price of the main product. [USD/kg]"""
    standard_error: float | None
    """Of the value, from that of the mean worth; None where another limit binds. [USD/kg]"""
    reason: str = ""
    """Why there is no value; or what still said no just below it."""


def missing_price(
    position: Position,
    *,
    found: Appraisal | None = None,
    workers: int | None = None,
    waiting: bool = False,
) -> Missing:
    r"""Find the least constant addition to the price at which the whole accept rule holds.

    .. math:: h^* = \inf\{h \ge 0: \text{owners and lenders accept at } P + h\}

    by bisection on the paths of the appraisal. The addition is paid on what is sold of the main
    product, in every year, in real money; contracts are settled on the benchmark without it.

    Parameters
    ----------
    position
        The project.
    found
        Its appraisal without an addition; None makes it.
    workers
        Threads; the bits do not depend on them.
    waiting
        Whether owners also ask for what deciding later would be worth with the same addition.

    Returns
    -------
    Missing
        0 where both accept already.
    """

    def at(addition: float) -> Appraisal:
        tried = position.appraise(premium=addition, workers=workers)
        if waiting and accepts(tried):
            gain = gain_of_waiting(position, premium=addition, workers=workers)
            return with_waiting(tried, position, gain)
        return tried

    found = at(0.0) if found is None else found
    if accepts(found):
        return Missing(0.0, 0.0)
    mean = _mean_price(found, position.pricing.product)
    low, high, above = _bracket(at, start=max(0.02 * mean, 1e-6), most=TIMES_TURNOVER * mean)
    if above is None:
        why = "; ".join(at(high).acceptance.reasons)
        return Missing(None, None, f"even {high:,.0f} USD/kg more is not enough: {why}")
    below = found
    for _ in range(ROUNDS):
        if high - low <= PRECISION * high:
            break
        middle = 0.5 * (low + high)
        tried = at(middle)
        if accepts(tried):
            high, above = middle, tried
        else:
            low, below = middle, tried
    return Missing(high, _error(low, high, below, above), "; ".join(below.acceptance.reasons))


def accepts(found: Appraisal) -> bool:
    """Tell whether owners and lenders say yes.

    Parameters
    ----------
    found
        An appraisal.
    """
    return found.acceptance.investor_accepts and found.acceptance.lender_accepts


def _mean_price(found: Appraisal, product: str) -> float:
    return float(found.operations.book.prices[product].mean())


def _bracket(
    at: Callable[[float], Appraisal], *, start: float, most: float
) -> tuple[float, float, Appraisal | None]:
    """Double an addition until it is enough; None where none is up to the most."""
    low, high = 0.0, start
    while True:
        tried = at(high)
        if accepts(tried):
            return low, high, tried
        if high >= most:
            return low, high, None
        low, high = high, min(2 * high, most)


def _error(low: float, high: float, below: Appraisal, above: Appraisal) -> float | None:
    """Give the error where the mean worth binds: that of the worth, by its slope.

    What deciding later is worth moves with the price too, and so is part of the slope.
    """
    lacking, left = (one.worth.value - one.acceptance.needed for one in (below, above))
    binding = lacking < 0 <= left
    slope = (left - lacking) / (high - low) if high > low else 0.0
    return above.worth.standard_error / slope if binding and slope > 0 else None
