"""Price decks: stated prices by year, without chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.finance.prices.processes import Quote
from coercivity.finance.prices.simulation import STEPS_A_YEAR, PricePaths
from coercivity.finance.refusals import FinanceError


@dataclass(frozen=True, slots=True)
class PriceDeck:
    """Stated prices by calendar year; each holds until the next is stated.

    Examples
    --------
    >>> deck = PriceDeck({Quote("ore"): {2026: 50.0, 2028: 60.0}})
    >>> deck.paths(first_year=2026, years=3, steps_a_year=1).of("ore").tolist()
    [[50.0, 50.0, 60.0]]
    """

    prices: Mapping[Quote, Mapping[int, float]]
    """Price by calendar year. [case money/t]"""

    def __post_init__(self) -> None:
        for quote, by_year in self.prices.items():
            bad = {year: price for year, price in by_year.items() if not 0 <= price < np.inf}
            if bad or not by_year:
                what = f"is {bad}" if bad else "has no year"
                msg = (
                    f"the deck of {quote} {what}. Prices of a deck are finite and not negative, "
                    "with at least one year: correct it.  [F204]"
                )
                raise FinanceError(msg, code="F204")

    def paths(self, *, first_year: int, years: int, steps_a_year: int = 4) -> PricePaths:
        """Give the deck as one path.

        Parameters
        ----------
        first_year
            Calendar year of the first step. [calendar year]
        years
            How long. [year]
        steps_a_year
            1, 2, 4 or 12. [1/year]
        """
        if years < 1 or steps_a_year not in STEPS_A_YEAR:
            msg = (
                f"a deck of {years} years in {steps_a_year} steps a year cannot be given. Ask for "
                f"at least one year, and {STEPS_A_YEAR} steps a year.  [F204]"
            )
            raise FinanceError(msg, code="F204")
        asked = range(first_year, first_year + years)
        table = {}
        for quote, by_year in self.prices.items():
            stated = sorted(by_year)
            if stated[0] > first_year:
                msg = (
                    f"the deck of {quote} begins in {stated[0]}, but prices are asked from "
                    f"{first_year}. Nothing is filled in: state a price for {first_year} or "
                    "before.  [F204]"
                )
                raise FinanceError(msg, code="F204")
            held = [by_year[max(year for year in stated if year <= now)] for now in asked]
            table[quote] = np.repeat(np.array(held, dtype=np.float64), steps_a_year)[None, :]
        return PricePaths(table, steps_a_year, {})
