"""Four lines of Python do what the command does."""

from coercivity.interfaces.python.assessing import AssessRun, assess
from coercivity.interfaces.python.financing import FinanceRun, fund
from coercivity.interfaces.python.planning import PlanRun, plan
from coercivity.interfaces.python.reporting import compare, report
from coercivity.interfaces.python.runs import open_run
from coercivity.interfaces.python.sourcing import SourceRun, source

__all__ = [
    "AssessRun",
    "FinanceRun",
    "PlanRun",
    "SourceRun",
    "assess",
    "compare",
    "fund",
    "open_run",
    "plan",
    "report",
    "source",
]
