"""Why no first-stage decision came out, in words."""

from __future__ import annotations

from coercivity.foundation.errors import (
    CoercivityError,
    InfeasiblePlan,
    PlanNotFound,
    Stopped,
    UnboundedPlan,
)
from coercivity.solvers import SolveStatus


def no_plan(status: SolveStatus) -> CoercivityError:
    """Make the error for a search that ended without a decision.

    Examples
    --------
    >>> print(no_plan(SolveStatus.NOT_FOUND))
    The limit was reached before a first decision was priced; allow more time or rounds, and go on
    from the saved search if there is one.  [P403]
    """
    if status is SolveStatus.INFEASIBLE:
        msg = (
            "No first-stage decision can be continued in every scenario. Give what may be short "
            "a penalty, soften a limit, or leave out a scenario that nothing can meet.  [P401]"
        )
        return InfeasiblePlan(msg)
    if status is SolveStatus.UNBOUNDED:
        msg = (
            "The cost has no lower limit: some first-stage decision pays more the more of it "
            "is taken, or something is sold for more than it costs. Give it a limit.  [P402]"
        )
        return UnboundedPlan(msg)
    if status is SolveStatus.STOPPED:
        msg = "Stopped before a first decision was priced; finished rounds are kept.  [R004]"
        return Stopped(msg)
    msg = (
        "The limit was reached before a first decision was priced; allow more time or rounds, and "
        "go on from the saved search if there is one.  [P403]"
    )
    return PlanNotFound(msg)
