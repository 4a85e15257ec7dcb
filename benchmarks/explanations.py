"""Explaining the reference plan: warm questions beside rebuilding, and all of them together."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import numpy as np

from coercivity.chain import load_case
from coercivity.chain.case import Case
from coercivity.planning.explanations import HeldPlan, decisions_of, explain_plan
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.solvers import HighsModel, SolveLimits

REFERENCE = Path("src/coercivity/cases/us-rare-earths")
QUESTIONS = 12
"""Options on which warm and rebuilt are compared."""


def say(what: str, value: float, unit: str, target: str) -> None:
    """Print one figure beside its target."""
    print(f"{what:<58} {value:>10.2f} {unit:<8} target {target}")


def rebuilt(case: Case, held: HeldPlan, option: str, period: int) -> float | None:
    """Force one module in a model that is built and solved from nothing. [million]"""
    model = build_model(case)
    matrices = model.scaled.matrices
    values = held.held.copy()
    for label, value in held.values(option, {period: 1}).items():
        values[label] = value
    whole = np.flatnonzero(matrices.integrality)
    highs = HighsModel(matrices)
    highs.set_bounds(whole, values[whole], values[whole])
    found = highs.solve(SolveLimits(), integers=False)
    return None if found.objective is None else found.objective * model.scaled.unit


def warm_beside_rebuilt(model: PlanningModel, solution: PlanSolution) -> None:
    """Ask the same questions of the loaded model and of models built afresh."""
    held = HeldPlan(model, decisions_of(model, solution.primal))
    asked = [
        (name, periods[len(periods) // 2])
        for name, periods in model.investments.periods.items()
        if periods and not held.is_built(name)
    ][:QUESTIONS]
    warm: list[float] = []
    cold: list[float] = []
    for option, period in asked:
        held.rewind()
        began = time.process_time()
        answer = held.force(option, period)
        warm.append(time.process_time() - began)
        began = time.process_time()
        afresh = rebuilt(model.case, held, option, period)
        cold.append(time.process_time() - began)
        same = (answer.cost is None) == (afresh is None)
        if answer.cost is not None and afresh is not None:
            same = abs(answer.cost - afresh) <= 1e-6 * abs(afresh)
        assert same, f"{option}: warm {answer.cost}, rebuilt {afresh}"
    say("one question, rebuilt and cold, processor time", median(cold), "s", "beside it")
    say("one question, warm, processor time", median(warm), "s", "-")
    ratio = sum(cold) / sum(warm)
    say(f"ratio over {len(asked)} questions, same answers", ratio, "x", ">= 4")


def explanations(folder: Path = REFERENCE) -> None:
    """Plan the reference case, then explain it."""
    case, _, _ = load_case(folder)
    model = build_model(case)
    solution = solve_plan(model, PlanLimits(gap=0.01))
    warm_beside_rebuilt(model, solution)
    began = time.process_time()
    found = explain_plan(model, solution)
    spent = time.process_time() - began
    counts = f"{len(found.rejected)} left out, {len(found.chosen)} built"
    print(f"explained: {counts}, {len(found.permits)} permits, {len(found.tonnes)} bottlenecks")
    say("all explanations of the reference plan, wall time", found.seconds, "s", "< 180")
    say("  of which processor time", spent, "s", "-")
    verified = [r for r in found.rejected if r.verified is not None]
    say("break-evens", len(verified), "", "-")
    say("  verified at 1 % more and less", sum(bool(r.verified) for r in verified), "", "all")


if __name__ == "__main__":
    explanations()
