"""Prices: how they move, what follows them, decks, settlement, and how they are fitted."""

from coercivity.finance.prices.calibration import (
    BiasCorrection,
    Memory,
    ReversionFit,
    WindowFit,
    corrected_reversion,
    fit_reversion,
    jackknifed_reversion,
    log_change_correlations,
    window_table,
)
from coercivity.finance.prices.decks import PriceDeck
from coercivity.finance.prices.from_tables import price_links, price_system
from coercivity.finance.prices.links import PriceLink, draw_margins, follow, margin_factor
from coercivity.finance.prices.processes import PriceProcess, PriceSystem, Quote
from coercivity.finance.prices.regimes import (
    RegimeFit,
    TwoAttractors,
    fit_regimes,
    regime_likelihood,
    state_chances,
)
from coercivity.finance.prices.settlement import settled, strip_worth
from coercivity.finance.prices.simulation import PricePaths, simulate

__all__ = [
    "BiasCorrection",
    "Memory",
    "PriceDeck",
    "PriceLink",
    "PricePaths",
    "PriceProcess",
    "PriceSystem",
    "Quote",
    "RegimeFit",
    "ReversionFit",
    "TwoAttractors",
    "WindowFit",
    "corrected_reversion",
    "draw_margins",
    "fit_regimes",
    "fit_reversion",
    "follow",
    "jackknifed_reversion",
    "log_change_correlations",
    "margin_factor",
    "price_links",
    "price_system",
    "regime_likelihood",
    "settled",
    "simulate",
    "state_chances",
    "strip_worth",
    "window_table",
]
