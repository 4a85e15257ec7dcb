"""Four lines of Python do what the command does."""

from coercivity.interfaces.python.planning import PlanRun, plan
from coercivity.interfaces.python.runs import open_run

__all__ = ["PlanRun", "open_run", "plan"]
