"""One more tonne: the dual lies between what one more saves and what one less costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.planning.explanations.scarcity import one_more_tonne, worst_by_period
from coercivity.planning.standing import bottlenecks
from tests.planning.explanations.explained_chains import (
    explained,
    explained_tables,
    few_and_more,
    many,
)
from tests.small_chains import plant, years

PER_TONNE = 1.0
"""Rounding of a difference of two costs over one tonne. [case money/t]"""


@pytest.mark.parametrize("number", few_and_more())
def test_the_dual_lies_between_its_neighbours(number: int) -> None:
    known = explained(number)
    for found in worst_by_period(known.held()):
        assert found.worth_of_more <= found.worth + PER_TONNE
        if found.worth_of_less is not None:
            assert found.worth <= found.worth_of_less + PER_TONNE


def test_enough_bottlenecks_are_priced() -> None:
    found = [each for known in many() for each in worst_by_period(known.held())]
    assert len(found) >= 10
    assert any(each.worth_of_more == pytest.approx(each.worth, rel=1e-3) for each in found)


def test_a_tonne_is_worth_the_penalty_it_spares(tmp_path: Path) -> None:
    tables = plant({"nameplate_capacity": 400, "variable_cost": 100})
    known = explained_tables(tmp_path, tables, years(2025, 2027))
    found = one_more_tonne(known.held(), "plant", 0)
    assert found.worth == pytest.approx(900)
    assert found.worth_of_more == pytest.approx(900)
    assert found.worth_of_less == pytest.approx(900)
    assert found.capacity_value == pytest.approx(900 * 400 / 1e6)


def test_it_counts_as_the_bottlenecks_of_the_plan_do(tmp_path: Path) -> None:
    options = [{"id": "new", "size": 300, "capital": 0.01}]
    tables = plant({"nameplate_capacity": 400}, options=options)
    known = explained_tables(tmp_path, tables, years(2025, 2026, 2027))
    table = bottlenecks(known.model, known.solution).frame
    found = [each.capacity_value for each in worst_by_period(known.held())]
    assert found == pytest.approx(table["value_musd_per_year"].tolist())
