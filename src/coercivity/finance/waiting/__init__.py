"""When to invest, rest and close: formulas, regression on paths, dynamic programming on nodes."""

from coercivity.finance.waiting.closed_forms import (
    EntryExit,
    GrowingPrice,
    entry_exit,
    european_put,
    investment_threshold,
    investment_worth,
)
from coercivity.finance.waiting.regression import (
    Continuation,
    StoppingRule,
    learn_stopping,
    regress,
    stopping_threshold,
    value_of_waiting,
)
from coercivity.finance.waiting.thresholds import (
    NodeLaw,
    Plant,
    PlantThresholds,
    plant_thresholds,
)

__all__ = [
    "Continuation",
    "EntryExit",
    "GrowingPrice",
    "NodeLaw",
    "Plant",
    "PlantThresholds",
    "StoppingRule",
    "entry_exit",
    "european_put",
    "investment_threshold",
    "investment_worth",
    "learn_stopping",
    "plant_thresholds",
    "regress",
    "stopping_threshold",
    "value_of_waiting",
]
