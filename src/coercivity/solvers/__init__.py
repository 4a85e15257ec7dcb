"""One narrow port to the solver: load matrices once, change bounds, solve again, explain."""

from coercivity.solvers.conflict import Requirement, feasibility, find_conflict, smallest_conflict
from coercivity.solvers.highs import HighsModel
from coercivity.solvers.matrices import CoefficientRange, Matrices
from coercivity.solvers.port import (
    Basis,
    Method,
    ModelNumbers,
    Progress,
    ProgressCallback,
    Solution,
    SolveLimits,
    SolverModel,
    SolveStatus,
    StopSignal,
)

__all__ = [
    "Basis",
    "CoefficientRange",
    "HighsModel",
    "Matrices",
    "Method",
    "ModelNumbers",
    "Progress",
    "ProgressCallback",
    "Requirement",
    "Solution",
    "SolveLimits",
    "SolveStatus",
    "SolverModel",
    "StopSignal",
    "feasibility",
    "find_conflict",
    "smallest_conflict",
]
