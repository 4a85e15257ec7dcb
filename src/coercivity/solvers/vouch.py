"""Checks on what a solver claims, made with our own arithmetic before anyone sees it."""

from __future__ import annotations

import math

import numpy as np

from coercivity.foundation.errors import InternalError
from coercivity.solvers.matrices import Array, Indices
from coercivity.solvers.port import Solution

CLOSE = 1e-6
"""How far a claim may be from our own arithmetic, as a share of its size. [fraction]"""
WHOLE = 1e-4
"""How far from whole a whole column may be. [unit of the column]"""


def vouched(solution: Solution, cost: Array, offset: float, whole: Indices) -> Solution:
    """Give a solution back if its claims hold.

    Parameters
    ----------
    solution
        What the solver answered.
    cost
        Cost of one unit of each column. [unit of cost]
    offset
        Cost that no column changes. [unit of cost]
    whole
        Positions of the columns that had to be whole.

    Raises
    ------
    InternalError
        If the objective is not the cost of the solution, the bound lies above it, or a whole
        column is not whole. A release of the solver has been seen to claim all three.

    Examples
    --------
    >>> from coercivity.solvers.port import SolveStatus
    >>> claim = Solution(SolveStatus.OPTIMAL, objective=5.0, bound=5.0, primal=np.array([2.0]))
    >>> vouched(claim, np.array([2.5]), 0.0, np.array([0])).objective
    5.0
    >>> vouched(claim, np.array([3.0]), 0.0, np.array([0]))
    Traceback (most recent call last):
    coercivity.foundation.errors.InternalError: The solver claims a cost of 5 for a solution ...
    """
    if solution.primal is None or solution.objective is None:
        return solution
    own = float(cost @ solution.primal) + offset
    if not math.isclose(own, solution.objective, rel_tol=CLOSE, abs_tol=CLOSE):
        claim = f"a cost of {solution.objective:.9g} for a solution that costs {own:.9g}"
        raise _distrust(claim)
    if solution.bound is not None and solution.bound > own + CLOSE * max(1.0, abs(own)):
        claim = f"that nothing costs less than {solution.bound:.9g}, yet gives {own:.9g}"
        raise _distrust(claim)
    parts = solution.primal[whole]
    if parts.size and float(np.max(np.abs(parts - np.rint(parts)))) > WHOLE:
        claim = "a whole number for a column that is none"
        raise _distrust(claim)
    return solution


def _distrust(claim: str) -> InternalError:
    msg = (
        f"The solver claims {claim}. Its answer cannot be trusted, so none is given. "
        "`coercivity doctor` tells which release of highspy is installed; install one that "
        "coercivity asks for.  [R005]"
    )
    return InternalError(msg)
