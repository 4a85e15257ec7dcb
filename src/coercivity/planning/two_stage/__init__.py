"""Plans over many futures: first stage now, recourse in each scenario, risk in the objective."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coercivity.planning.two_stage.averages import mean_scenario
    from coercivity.planning.two_stage.decomposition import decompose
    from coercivity.planning.two_stage.extensive import extensive_form, solve_extensive
    from coercivity.planning.two_stage.problem import Recourse, TwoStageProblem
    from coercivity.planning.two_stage.quality import (
        OutOfSample,
        PlanQuality,
        expected_value_plan,
        out_of_sample,
        plan_quality,
        recourse_costs,
        risk_of,
        wait_and_see_costs,
    )
    from coercivity.planning.two_stage.solution import (
        SearchLimits,
        SearchProgress,
        TwoStageSolution,
    )
    from coercivity.planning.two_stage.splitting import Split, split_model
    from coercivity.planning.two_stage.workers import WorkerLost

HOMES = {
    "OutOfSample": "quality",
    "PlanQuality": "quality",
    "Recourse": "problem",
    "SearchLimits": "solution",
    "SearchProgress": "solution",
    "Split": "splitting",
    "TwoStageProblem": "problem",
    "TwoStageSolution": "solution",
    "WorkerLost": "workers",
    "decompose": "decomposition",
    "expected_value_plan": "quality",
    "extensive_form": "extensive",
    "mean_scenario": "averages",
    "out_of_sample": "quality",
    "plan_quality": "quality",
    "recourse_costs": "quality",
    "risk_of": "quality",
    "solve_extensive": "extensive",
    "split_model": "splitting",
    "wait_and_see_costs": "quality",
}
"""Module of each name."""

__all__ = [
    "OutOfSample",
    "PlanQuality",
    "Recourse",
    "SearchLimits",
    "SearchProgress",
    "Split",
    "TwoStageProblem",
    "TwoStageSolution",
    "WorkerLost",
    "decompose",
    "expected_value_plan",
    "extensive_form",
    "mean_scenario",
    "out_of_sample",
    "plan_quality",
    "recourse_costs",
    "risk_of",
    "solve_extensive",
    "split_model",
    "wait_and_see_costs",
]


def __getattr__(name: str) -> object:
    """Import what is asked for only then: worker processes need little and start often."""
    if name in HOMES:
        return getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)
    msg = f"module '{__name__}' has no attribute '{name}'"
    raise AttributeError(msg)
