"""Futures and their probabilities, draws with an explicit seed, and measures of risk."""

from coercivity.uncertainty.intervals import MeanInterval, log_spread, mean_interval
from coercivity.uncertainty.probabilities import checked_probabilities, equally_likely
from coercivity.uncertainty.quantities import (
    Discrete,
    Event,
    Quantity,
    ShiftedLognormal,
    Triangular,
    Uniform,
)
from coercivity.uncertainty.risk_measures import (
    ConditionalValueAtRisk,
    Expectation,
    MeanAndTail,
    RiskMeasure,
    WorstCase,
)
from coercivity.uncertainty.scenarios import Scenario, checked_scenarios, drawn_scenarios, stream

__all__ = [
    "ConditionalValueAtRisk",
    "Discrete",
    "Event",
    "Expectation",
    "MeanAndTail",
    "MeanInterval",
    "Quantity",
    "RiskMeasure",
    "Scenario",
    "ShiftedLognormal",
    "Triangular",
    "Uniform",
    "WorstCase",
    "checked_probabilities",
    "checked_scenarios",
    "drawn_scenarios",
    "equally_likely",
    "log_spread",
    "mean_interval",
    "stream",
]
