"""What is made small of public cost: its mean, or its bad tail."""

from __future__ import annotations

from enum import Enum

import numpy as np

from coercivity.alignment.package.bench import Bench, Levels
from coercivity.alignment.package.linear import TAIL
from coercivity.finance.compiled import Array


class Measure(Enum):
    """What is made small."""

    MEAN = "mean"
    P95 = "p95"
    CVAR = "cvar"

    def of(self, cost: Array) -> float:
        """Measure the public cost of the paths. [million]

        Parameters
        ----------
        cost
            One value a path. [million]

        Examples
        --------
        >>> [measure.of(np.arange(101.0)) for measure in Measure]
        [50.0, 95.0, 97.5]
        """
        if self is Measure.MEAN:
            return float(cost.mean())
        worst = np.sort(cost)
        if self is Measure.P95:
            return float(np.quantile(cost, 1 - TAIL))
        return float(worst[-max(1, round(TAIL * len(worst) + 0.5)) :].mean())


def cost_of(bench: Bench, levels: Levels, measure: Measure) -> float:
    """Measure what a package costs the public. [million]

    Parameters
    ----------
    bench
        The project.
    levels
        Of each column.
    measure
        Of the paths.
    """
    return measure.of(bench.cost(levels))
