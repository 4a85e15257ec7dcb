"""Models of futures, cut where the future becomes known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coercivity.foundation.errors import InternalError
from coercivity.planning.futures.bridge import cut_model, first_stage, keys_of
from coercivity.planning.futures.preparing import as_it_stands
from coercivity.planning.model import build_model
from coercivity.planning.two_stage import extensive_form
from coercivity.solvers import HighsModel
from coercivity.uncertainty.futures import Future
from tests.planning.futures.chains import LOW_OR_HIGH, loaded, prepared, two_modules
from tests.small_chains import plant, years

EVERYTHING = plant(
    {"nameplate_capacity": 500, "fixed_cost": 0.01, "care_cost": 0.001, "restart_cost": 0.2},
    options=[
        {"id": "one", "capital": 0.2, "most": 2, "excludes": "two"},
        {"id": "two", "capital": 0.3, "most": 2},
    ],
    limits=[{"id": "budget", "scope": "all", "kind": "capital", "amount": 0.3}],
)
THREE = years(2025, 2026, 2027, 2028)


def test_decisions_and_states_come_before_the_future_and_all_else_after(tmp_path: Path) -> None:
    case, _ = loaded(tmp_path, EVERYTHING, THREE)
    stage = first_stage(build_model(case))
    blocks = {str(key[0]) for key in stage.keys}
    assert blocks == {"modules", "chosen", "kept", "mothballed", "restarted"}
    whole = {str(stage.keys[place][0]) for place in np.flatnonzero(stage.matrices.integrality)}
    assert whole == blocks - {"restarted"}


def test_a_cut_model_put_together_again_is_the_model(tmp_path: Path) -> None:
    ready = prepared(tmp_path, EVERYTHING, (Future("only", 1.0),), THREE)
    model, whole = ready.models[0], extensive_form(ready.problem)
    plain = HighsModel(model.scaled.matrices).solve()
    again = HighsModel(whole).solve()
    assert plain.objective is not None
    assert again.objective == pytest.approx(
        plain.objective * model.scaled.unit / ready.first.unit, rel=1e-9
    )
    assert (whole.rows, whole.columns) == (
        model.scaled.matrices.rows,
        model.scaled.matrices.columns,
    )


def test_values_find_their_way_back_to_the_model(tmp_path: Path) -> None:
    ready = prepared(tmp_path, EVERYTHING, (Future("only", 1.0),), THREE)
    cut, model = ready.cuts[0], ready.models[0]
    first = np.arange(len(ready.first.keys), dtype=np.float64)
    later = -1.0 - np.arange(cut.recourse.model.columns + 1, dtype=np.float64)
    values = cut.joined(first, later.astype(np.float64))
    keys, columns = keys_of(model)
    assert values[columns].tolist() == [float(ready.first.keys.index(key)) for key in keys]
    assert (np.delete(values, columns) < 0).all()


def test_the_mean_cost_and_the_differences_make_each_future_cost(tmp_path: Path) -> None:
    futures = (
        Future("cheap", 0.25, capital={"new": 0.5}),
        Future("dear", 0.75, capital={"new": 2.0}),
    )
    ready = prepared(tmp_path, two_modules(1.0), futures)
    problem, unit = ready.problem, ready.first.unit
    assert problem.first.cost[0] * unit == pytest.approx(0.25 * 0.5 + 0.75 * 2.0)
    last = [one.technology.toarray()[-1] for one in problem.scenarios]  # type: ignore[attr-defined]
    costs = [(problem.first.cost - row) * unit for row in last]
    assert [cost[0] for cost in costs] == pytest.approx([0.5, 2.0])


def test_equal_costs_need_no_difference(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    assert [s.model.columns for s in ready.problem.scenarios] == [
        cut.recourse.model.columns for cut in ready.cuts
    ]


def test_a_plant_that_only_a_future_knows_is_kept_in_it_alone(tmp_path: Path) -> None:
    tables = {
        **plant(
            {"nameplate_capacity": 0, "fixed_cost": 0.1},
            options=[{"id": "new", "capital": 5, "earliest": 2027}],
        ),
        "scenarios": [{"id": "gift", "probability": 1}],
        "changes": [
            {"scenario": "gift", "table": "assets", "key": "plant", "column": "nameplate_capacity",
             "set": 1000}
        ],
    }  # fmt: skip
    ready = prepared(tmp_path, tables, (Future("gift", 1.0, "gift"),), THREE)
    assert ready.first.unsettled == {"plant"}
    assert {key[0] for key in ready.first.keys} == {"modules"}
    solution = HighsModel(extensive_form(ready.problem)).solve()
    assert solution.objective is not None
    # In 2027 a module could double the plant, so that half of it may be kept, which need not be
    # whole here.
    assert solution.objective * ready.first.unit == pytest.approx(0.1 + 0.1 + 0.05)


def test_futures_that_know_other_decisions_are_a_fault(tmp_path: Path) -> None:
    case, _ = loaded(tmp_path, two_modules())
    stage = first_stage(build_model(case))
    other = build_model(replace(case, options={}))
    with pytest.raises(InternalError, match=r"do not know the same decisions.*'modules'.*R005"):
        cut_model(stage, other, name="x", probability=1.0)


def test_the_case_as_it_stands_can_be_cut_as_well(tmp_path: Path) -> None:
    ready = prepared(tmp_path, two_modules(), LOW_OR_HIGH)
    assert as_it_stands(ready).recourse.name == "as it stands"
