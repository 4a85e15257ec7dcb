"""Design, finance and stress-test a domestic mine-to-magnet supply chain.

>>> import coercivity as co
>>> sorted(co.__all__)
['AssessRun', 'FinanceRun', 'PlanRun', 'SourceRun', 'assess', 'compare', 'fund', 'open_run', 'plan',
 'report', 'source']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coercivity.interfaces.python import (
        AssessRun,
        FinanceRun,
        PlanRun,
        SourceRun,
        assess,
        compare,
        fund,
        open_run,
        plan,
        report,
        source,
    )

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


def __getattr__(name: str) -> object:
    """Import what is asked for only then, so that the command line starts at once."""
    if name in __all__:
        return getattr(importlib.import_module("coercivity.interfaces.python"), name)
    msg = f"module 'coercivity' has no attribute '{name}'"
    raise AttributeError(msg)
