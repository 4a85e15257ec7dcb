from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from coercivity.planning.built import built_case
from coercivity.planning.model import build_model
from coercivity.planning.solve import PlanLimits, solve_plan
from coercivity.results import Run, open_run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case
from tests.laws.generated_cases import GeneratedCase, generated_cases

DECIDED = ("capital", "salvage", "fixed", "care", "restart")
"""Terms of cost that the built chain no longer has."""


def operating_cost(run: Run) -> float:
    costs = run.table("cost_terms")
    return float(costs[~costs["term"].isin(DECIDED)]["value_musd"].sum())


def cost_as_built(run: Run) -> float:
    case = built_case(run)
    assert not case.options
    model = build_model(case)
    assert not model.scaled.matrices.integrality.any()
    return solve_plan(model, PlanLimits(gap=0.0)).objective


@pytest.mark.parametrize("name", ["mini", "mini-tungsten"])
def test_the_built_chain_of_a_plan_costs_what_the_plan_said(name: str, tmp_path: Path) -> None:
    run = plan(find_case(name), tmp_path, PlanOptions(gap=0.0))
    assert len(run.table("builds")) > 0
    assert cost_as_built(run) == pytest.approx(operating_cost(run), rel=1e-7)


@seed(20250101)
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(generated_cases())
def test_so_do_generated_chains(case: GeneratedCase) -> None:
    with tempfile.TemporaryDirectory() as folder:
        where = case.write(Path(folder) / "case")
        run = plan(where, Path(folder) / "runs", PlanOptions(gap=0.0))
        again = open_run(run.path)
        cost, said = cost_as_built(again), operating_cost(again)
        if any(float(str(row.get("turndown", 0))) > 0 for row in case.rows("assets")):
            assert cost <= said + 1e-6 * (1 + abs(said))
        else:
            assert cost == pytest.approx(said, rel=1e-6, abs=1e-6)
