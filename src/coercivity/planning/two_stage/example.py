"""The smallest problem of two stages, for examples that can be checked by hand."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.sparse import csc_array

from coercivity.planning.two_stage.problem import Recourse, TwoStageProblem
from coercivity.solvers import Matrices
from coercivity.uncertainty.probabilities import equally_likely


def buy_now_or_later(
    needs: Sequence[float] = (10.0, 30.0), *, later: float = 3.0
) -> TwoStageProblem:
    """Buy now at 1 a unit, up to 100 units, or at a higher price once the need is known.

    Parameters
    ----------
    needs
        What is needed in each scenario, all as likely. [unit]
    later
        Price once the need is known. [unit of cost/unit]

    Examples
    --------
    >>> buy_now_or_later().names
    ('need-10', 'need-30')
    """
    first = Matrices.of(csc_array((0, 1)), cost=[1.0], upper=[100.0])
    return TwoStageProblem(
        first,
        tuple(
            Recourse(
                f"need-{need:g}",
                float(chance),
                csc_array([[1.0]]),
                Matrices.of(csc_array([[1.0]]), cost=[later], row_lower=[need]),
            )
            for need, chance in zip(needs, equally_likely(len(needs)), strict=True)
        ),
    )
