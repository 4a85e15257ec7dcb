"""Design, finance and stress-test a domestic mine-to-magnet supply chain.

>>> import coercivity as co
>>> sorted(co.__all__)
['AdversaryRun', 'AlignRun', 'AssessRun', 'FinanceRun', 'LoopRun', 'PlanRun', 'SourceRun',
 'StressRun', 'adversary', 'align', 'assess', 'compare', 'fund', 'loop', 'open_run', 'plan',
 'report', 'simulate', 'source', 'stockpile', 'survive', 'sweep', 'worst']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coercivity.interfaces.python import (
        AdversaryRun,
        AlignRun,
        AssessRun,
        FinanceRun,
        LoopRun,
        PlanRun,
        SourceRun,
        StressRun,
        adversary,
        align,
        assess,
        compare,
        fund,
        loop,
        open_run,
        plan,
        report,
        simulate,
        source,
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


def __getattr__(name: str) -> object:
    """Import what is asked for only then, so that the command line starts at once."""
    if name in __all__:
        return getattr(importlib.import_module("coercivity.interfaces.python"), name)
    msg = f"module 'coercivity' has no attribute '{name}'"
    raise AttributeError(msg)
