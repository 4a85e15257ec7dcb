"""Projects of a plan, made ready."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.foundation.errors import UsageError
from coercivity.studies.plan import PlanOptions, plan
from coercivity.studies.plan_positions import plan_positions
from tests.alignment.adversary.plans import planned_works
from tests.stripped_cases import without_owners


def test_projects_that_build_or_run_are_ready_on_common_paths(tmp_path: Path) -> None:
    run = planned_works(tmp_path)
    found = plan_positions(run, paths=100, seed=1, workers=1)
    assert set(found.positions.ready) == {"works"}
    position = found.positions.ready["works"]
    assert len(position.drawn.technical.delay) == 100
    assert position.operation.builds
    again = plan_positions(run, paths=100, seed=1, workers=2).positions.ready["works"]
    first, second = (p.appraise(workers=1).worth for p in (position, again))
    assert first == second


def test_a_plan_without_projects_says_what_is_missing(tmp_path: Path) -> None:
    run = plan(without_owners(tmp_path / "case"), tmp_path, PlanOptions(name="bare"))
    with pytest.raises(UsageError, match="no project that builds or runs"):
        plan_positions(run, paths=100, seed=0)


def test_too_few_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 100"):
        plan_positions(planned_works(tmp_path), paths=7, seed=0)
