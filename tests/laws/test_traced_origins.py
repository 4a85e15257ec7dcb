"""What is traced adds up: no tonne is lost between those who made it and those who use it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from coercivity.chain import load_case
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.planning.makers import gather
from coercivity.planning.model import PlanningModel, build_model
from coercivity.planning.solve import PlanLimits, PlanSolution, solve_plan
from coercivity.planning.standing import read_plan
from coercivity.planning.tracing import LAST_STEP, Origin, Web, trace
from tests.laws.generated_cases import GeneratedCase, generated_cases

TINY = 1e-5
"""Tonnes that are rounding of the solver. [t]"""


def planned(case: GeneratedCase) -> tuple[PlanningModel, PlanSolution]:
    with tempfile.TemporaryDirectory() as folder:
        chain, _, _ = load_case(case.write(Path(folder) / "case"))
    model = build_model(chain)
    return model, solve_plan(model, PlanLimits(gap=0.0))


def leaving(web: Web, material: str) -> dict[int, float]:
    """What leaves the places where a material mixes other than to another such place. [kt]"""
    inflow: dict[int, float] = {}
    for arc in web.arcs:
        if arc.material == material:
            inflow[arc.target] = inflow.get(arc.target, 0.0) + arc.tonnes
            if not web.told[arc.source] and not web.told[arc.target]:
                inflow[arc.source] = inflow.get(arc.source, 0.0) - arc.tonnes
    return {p: tonnes for p, tonnes in inflow.items() if not web.told[p]}


FEW, MANY = 4, 24


def _examples(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@seed(20250101)
@_examples(FEW)
@given(case=generated_cases())
def test_what_is_traced_adds_up(case: GeneratedCase) -> None:
    check(case)


@pytest.mark.slow
@seed(20250102)
@_examples(MANY)
@given(case=generated_cases())
def test_what_is_traced_adds_up_in_many_cases(case: GeneratedCase) -> None:
    check(case)


def check(case: GeneratedCase) -> None:
    note(case.key)
    model, solution = planned(case)
    tables = {name: table.frame for name, table in read_plan(model, solution).items()}
    shares_add_up(tables["provenance"])
    every_served_tonne_has_a_last_step(tables)
    every_tonne_made_is_found_where_it_leaves(model, solution)
    mixing_alone_gives_the_same(model, solution)


def shares_add_up(frame: pd.DataFrame) -> None:
    sums = frame.groupby(["year", "demand", "material", "stage"])["share"].sum()
    assert np.allclose(sums, 1.0)
    assert (frame["served_t"] > 0).all()


def every_served_tonne_has_a_last_step(tables: Mapping[str, pd.DataFrame]) -> None:
    """Find no more than all behind a stage; a tonne of demand takes 1 or 1.2 t of the product."""
    sums = tables["coverage"].groupby("year")["served_t"].sum()
    asked = {int(str(year)): float(tonnes) for year, tonnes in sums.items()}
    passed = tables["provenance"].groupby(["stage", "year"])["served_t"].sum()
    for row in pd.DataFrame(passed).reset_index().to_dict("records"):
        assert row["served_t"] <= asked[row["year"]] * (1 + 1e-6) + TINY
    drawn = tables["makers"].groupby("year")["served_t"].sum()
    for key, tonnes in drawn.items():
        year = int(str(key))
        assert asked[year] * (1 - 1e-6) - TINY <= tonnes <= 1.2 * asked[year] * (1 + 1e-6) + TINY


def every_tonne_made_is_found_where_it_leaves(model: PlanningModel, solution: PlanSolution) -> None:
    """By country, what plants and suppliers gave of a material is what leaves its mixtures."""
    web, _ = gather(model, solution)
    for material in model.case.materials:
        gone = leaving(web, material)
        given_by: dict[Origin, float] = {}
        for arc in web.arcs:
            if arc.material == material and LAST_STEP in web.told[arc.source]:
                who = web.told[arc.source][LAST_STEP]
                given_by[who] = given_by.get(who, 0.0) + arc.tonnes
        found: dict[Origin, float] = {}
        for point, shares in trace(web, LAST_STEP, gone).items():
            for who, part in shares.items():
                found[who] = found.get(who, 0.0) + part * gone[point]
        for who, tonnes in given_by.items():
            assert found.get(who, 0.0) * TONNES_PER_UNIT == pytest.approx(
                tonnes * TONNES_PER_UNIT, rel=1e-6, abs=TINY
            )


def mixing_alone_gives_the_same(model: PlanningModel, solution: PlanSolution) -> None:
    """Mixing tonne by tonne until nothing changes, without solving anything, ends the same."""
    web, services = gather(model, solution)
    points = {one.point for one in services}
    for stage in ("mining", "refining", "making", LAST_STEP):
        mixed = mixed_by_hand(web, stage)
        for point, shares in trace(web, stage, points).items():
            for origin, part in shares.items():
                assert part == pytest.approx(mixed[point].get(origin, 0.0), abs=1e-7)


def mixed_by_hand(web: Web, stage: str) -> list[dict[Origin, float]]:
    told = [{found[stage]: 1.0} if stage in found else {} for found in web.told]
    state: list[dict[Origin, float]] = [dict(one) for one in told]
    counted = [a for a in web.arcs if stage == LAST_STEP or stage in web.stages[a.material]]
    total = [0.0] * len(told)
    for arc in counted:
        total[arc.target] += arc.tonnes
    for _ in range(400):
        fresh: list[dict[Origin, float]] = [dict(one) for one in told]
        for arc in counted:
            if not told[arc.target]:
                for origin, part in state[arc.source].items():
                    weight = arc.tonnes / total[arc.target]
                    held = fresh[arc.target]
                    held[origin] = held.get(origin, 0.0) + weight * part
        if fresh == state:
            break
        state = fresh
    return state
