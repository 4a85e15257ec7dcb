"""From linopy's labelled model to plain matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.dispatch.builder import ModelBuilder
from coercivity.foundation.errors import InternalError
from coercivity.solvers import Matrices

LARGEST_COST = 1e3


@dataclass(frozen=True, slots=True)
class ScaledModel:
    """A model ready for a solver, and the unit in which its cost is counted."""

    matrices: Matrices
    unit: float
    """Million of case money per unit of the solver's cost. [million]"""


def cost_unit(costs: np.ndarray) -> float:
    """Choose a power of ten so that the largest cost is about a thousand. [million]

    Examples
    --------
    >>> cost_unit(np.array([2e-6, 0.0])), cost_unit(np.array([900.0]))
    (1e-09, 1.0)
    """
    sizes = np.abs(costs[costs != 0])
    if sizes.size == 0:
        return 1.0
    return float(10.0 ** np.round(np.log10(sizes.max() / LARGEST_COST)))


def scaled_model(builder: ModelBuilder) -> ScaledModel:
    """Hand over the model with its costs scaled to one power of ten."""
    builder.set_objective()
    matrices = builder.model.matrices
    if matrices.A is None:
        msg = "the model has no rows"
        raise InternalError(msg)
    expected = sum(len(family.positions) for family in builder.families.values())
    if len(matrices.clabels) != expected:
        msg = f"{expected} rows were formulated, but the model has {len(matrices.clabels)}"
        raise InternalError(msg)
    costs = np.asarray(matrices.c, dtype=float)
    unit = cost_unit(costs)
    sense = np.asarray(matrices.sense)
    right = np.asarray(matrices.b, dtype=float)
    return ScaledModel(
        Matrices.of(
            matrices.A,
            cost=costs / unit,
            lower=matrices.lb,
            upper=matrices.ub,
            integrality=np.isin(np.asarray(matrices.vtypes), ("I", "B")),
            row_lower=np.where(sense == "<", -np.inf, right),
            row_upper=np.where(sense == ">", np.inf, right),
            offset=builder.constant / unit,
        ),
        unit,
    )
