"""A second opinion on a plan: reads only the run folder and shares no code with the planner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.evaluator.balances import check_balances, check_classes, check_elements, check_stocks
from tests.evaluator.limits import (
    check_assets,
    check_builds,
    check_demands,
    check_limits,
    check_names,
    check_states,
    check_steps,
    check_targets,
    check_ways,
)
from tests.evaluator.money import check_costs
from tests.evaluator.plan import Findings, PlanRead

CHECKS: tuple[Callable[[PlanRead, Findings], None], ...] = (
    check_builds,
    check_balances,
    check_elements,
    check_classes,
    check_stocks,
    check_assets,
    check_states,
    check_ways,
    check_steps,
    check_demands,
    check_limits,
    check_targets,
    check_costs,
)


def evaluate(folder: Path) -> list[str]:
    """Check the plan of a run folder again; an empty list means that everything holds."""
    plan, findings = PlanRead.of(folder), Findings()
    check_names(plan, findings)
    if findings.texts:
        return findings.texts
    for check in CHECKS:
        check(plan, findings)
    findings.expect(findings.checked > 10, "hardly anything was checked")
    return findings.texts


__all__ = ["evaluate"]
