"""Targets that hold with a probability."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import UsageError
from coercivity.planning.futures.chances import parse_chances
from coercivity.planning.futures.hindsight import hindsight, in_fresh_futures
from coercivity.planning.futures.outcome import as_it_stands, chance_records, in_each_future
from coercivity.planning.futures.preparing import Prepared, prepare
from coercivity.planning.futures.search import plan_for_all
from coercivity.planning.solve import PlanLimits
from coercivity.uncertainty.futures import Future
from tests.planning.futures.chains import TIGHT, loaded
from tests.small_chains import plant

FACTORS = (0.5, 1.0, 2.0, 4.0)
FUTURES = tuple(Future(f"x{share:g}", 0.25, demand={"users": share}) for share in FACTORS)


def required(folder: Path, *texts: str, penalty: float | None = 10) -> Prepared:
    """Formulate four futures in which nothing is worth building unless a target asks for it."""
    tables = plant(
        options=[{"id": "new", "most": 4, "capital": 0.3}],
        demand={"segment": "industry", "penalty": penalty},
        segments=[{"id": "industry"}],
    )
    case, read = loaded(folder, tables)
    return prepare(case, read, FUTURES, required=parse_chances(texts, case))


def modules(prepared: Prepared) -> int:
    return round(float(plan_for_all(prepared, TIGHT).first[0]))


@pytest.mark.parametrize(
    ("chance", "built"),
    [("", 4), ("~1", 4), ("~0.95", 4), ("~0.75", 2), ("~0.6", 2), ("~0.5", 1), ("~0.01", 1)],
)
def test_a_target_holds_in_futures_that_carry_its_probability(
    chance: str, built: int, tmp_path: Path
) -> None:
    # 500, 1000, 2000 and 4000 t want 1, 1, 2 and 4 modules.
    assert modules(required(tmp_path, f"industry>=100%@2025{chance}")) == built


def test_without_the_target_nothing_is_built(tmp_path: Path) -> None:
    assert modules(required(tmp_path)) == 0


def test_the_futures_that_miss_the_target_are_told(tmp_path: Path) -> None:
    ready = required(tmp_path, "industry>=100%@2025~0.75")
    plan = plan_for_all(ready, TIGHT)
    (told,) = chance_records(ready, plan)
    assert (told["asked"], told["held"], told["missed"]) == (0.75, 0.75, ["x4"])
    solutions = in_each_future(ready, plan, as_it_stands(ready, plan))
    short = [
        float(one.primal[model.operation.shortfall.labels].sum())
        for one, model in zip(solutions, ready.models, strict=True)
    ]
    assert short == pytest.approx([0, 0, 0, 2.0])


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_trying_every_set_of_futures_gives_the_same_cost(share: float, tmp_path: Path) -> None:
    found = plan_for_all(required(tmp_path / "a", f"industry>=80%@2025~{share}"), TIGHT)
    costs = []
    for count in range(5):
        for held in combinations(FACTORS, count):
            if len(held) / 4 < share:
                continue
            needed = int(np.ceil(0.8 * max(held) - 1e-9))
            short = sum(max(factor - needed, 0) * 0.01 / 4 for factor in FACTORS)
            costs.append(0.3 * needed + short)
    assert found.objective == pytest.approx(min(costs))


def test_a_plan_that_may_miss_is_judged_in_hindsight_and_fresh_futures(tmp_path: Path) -> None:
    ready = required(tmp_path, "industry>=100%@2025~0.75")
    plan = plan_for_all(ready, TIGHT)
    known = hindsight(ready, plan, PlanLimits(gap=0.0))
    assert all(one.cost <= cost + 1e-9 for one, cost in zip(known, plan.costs, strict=True))
    fresh = in_fresh_futures(ready, plan, [Future("a", 0.5, demand={"users": 8.0}), FUTURES[0]])
    assert fresh is not None
    assert fresh.costs == pytest.approx([0.6 + 0.06, 0.6])


@pytest.mark.parametrize("chance", ["~0", "~1.5", "~95%", "~", "~often"])
def test_what_is_no_probability_is_refused(chance: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no probability above 0 and up to 1.*P301"):
        required(tmp_path, f"industry>=100%@2025{chance}")
