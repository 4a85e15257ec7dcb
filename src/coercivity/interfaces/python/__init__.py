"""Four lines of Python do what the command does."""

from coercivity.interfaces.python.aligning import AlignRun, align
from coercivity.interfaces.python.assessing import AssessRun, assess
from coercivity.interfaces.python.attacking import AdversaryRun, adversary
from coercivity.interfaces.python.financing import FinanceRun, fund
from coercivity.interfaces.python.looping import LoopRun, loop
from coercivity.interfaces.python.planning import PlanRun, plan
from coercivity.interfaces.python.reporting import compare, report
from coercivity.interfaces.python.runs import open_run
from coercivity.interfaces.python.sourcing import SourceRun, source
from coercivity.interfaces.python.stressing import (
    StressRun,
    simulate,
    stockpile,
    survive,
    sweep,
    worst,
)

__all__ = [
    "AdversaryRun",
    "AlignRun",
    "AssessRun",
    "FinanceRun",
    "LoopRun",
    "PlanRun",
    "SourceRun",
    "StressRun",
    "adversary",
    "align",
    "assess",
    "compare",
    "fund",
    "loop",
    "open_run",
    "plan",
    "report",
    "simulate",
    "source",
    "stockpile",
    "survive",
    "sweep",
    "worst",
]
