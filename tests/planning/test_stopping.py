"""Whoever stops a search before it has a plan is told so at once, whichever part was running."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.chain import load_case
from coercivity.foundation.errors import Stopped
from coercivity.planning.model import build_model
from coercivity.planning.solve import solve_plan
from coercivity.solvers import HighsModel, Solution, SolveStatus
from coercivity.tables import find_case


@pytest.mark.parametrize("part", [1, 2, 3])
def test_no_search_begins_after_one_that_was_stopped_empty(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0
    whole = HighsModel.solve

    def solve(self: HighsModel, *args: Any, **options: Any) -> Solution:
        nonlocal begun
        begun += 1
        return Solution(SolveStatus.STOPPED) if begun == part else whole(self, *args, **options)

    monkeypatch.setattr(HighsModel, "solve", solve)
    case, _, _ = load_case(find_case("mini"))
    with pytest.raises(Stopped, match="nothing is kept"):
        solve_plan(build_model(case))
    assert begun == part
