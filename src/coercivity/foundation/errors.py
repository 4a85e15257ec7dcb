"""The error tree and the exit status of each branch.

::

    * CoercivityError
      x UsageError           the call is wrong                  (exit 2)
      x CaseError            the input tables are wrong          (exit 3)
      x RunError             a run folder cannot be used         (exit 2)
      x PlanError
        + InfeasiblePlan     no plan can satisfy the constraints (exit 4)
        + UnboundedPlan      the objective has no limit          (exit 4)
        + PlanNotFound       time ran out before a first plan    (exit 5)
      x FinanceError         terms of a project contradict      (exit 3; in finance)
      x UnitError            a quantity met the wrong unit       (exit 3)
      x DiskError            a file cannot be read or written    (exit 2)
      x Stopped              the user stopped it                 (exit 130)
      x InternalError        our bug: please report it           (exit 1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coercivity.foundation.problems import Problem, Severity, listing, sorted_by_place


class CoercivityError(Exception):
    """Anything this program refuses or fails to do."""

    exit_status = 1
    code = "R000"


class UsageError(CoercivityError):
    """The call is wrong: an unknown option, name or value."""

    exit_status = 2
    code = "R001"


class RunError(CoercivityError):
    """A run folder is missing, locked, lost or of another version."""

    exit_status = 2
    code = "R002"


class DiskError(CoercivityError):
    """A file or folder cannot be read or written."""

    exit_status = 2
    code = "R003"


class Stopped(CoercivityError):
    """The user stopped the work; what is done is kept."""

    exit_status = 130
    code = "R004"


class InternalError(CoercivityError):
    """A bug of this program, not of the case."""

    exit_status = 1
    code = "R005"


class UnitError(CoercivityError):
    """A quantity met the wrong unit."""

    exit_status = 3
    code = "N101"


class CaseError(CoercivityError):
    """The input tables are wrong.

    Parameters
    ----------
    problems
        All problems found, warnings included.
    case
        Name of the case as the user gave it.
    strict
        Whether warnings count as errors.
    """

    exit_status = 3
    code = "T000"

    def __init__(self, problems: Sequence[Problem], *, case: str, strict: bool = False) -> None:
        self.problems = sorted_by_place(problems)
        self.case = case
        self.strict = strict
        super().__init__(self.message())

    def message(self) -> str:
        """Lay out the whole message, closing with what did not happen."""
        counted = [p for p in self.problems if p.severity is Severity.ERROR or self.strict]
        counted = [p for p in counted if p.severity is not Severity.NOTE]
        number = f"{len(counted)} problem{'s' if len(counted) != 1 else ''}"
        return f"{number} in case '{self.case}'\n\n{listing(counted)}\n\nNothing was solved."


class PlanError(CoercivityError):
    """No plan came out."""

    exit_status = 4
    code = "P000"


class InfeasiblePlan(PlanError):
    """No plan can satisfy the constraints.

    Parameters
    ----------
    message
        What is told to people.
    conflict
        Requirements that cannot all hold, each with its place in the tables.
    earliest
        When each target could be met at the earliest, as plain data.
    """

    exit_status = 4
    code = "P401"

    def __init__(
        self,
        message: str,
        conflict: Sequence[tuple[str, str]] = (),
        earliest: Sequence[Mapping[str, object]] = (),
    ) -> None:
        super().__init__(message)
        self.conflict = tuple(conflict)
        self.earliest = tuple(dict(one) for one in earliest)


class UnboundedPlan(PlanError):
    """The objective has no limit."""

    exit_status = 4
    code = "P402"


class PlanNotFound(PlanError):
    """Time ran out before a first plan."""

    exit_status = 5
    code = "P403"
