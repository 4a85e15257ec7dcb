"""Static Mexican steel model: Kendrick, Meeraus and Alatorre (1984), GAMS library mexss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.foundation.problems import Severity
from tests.known.published import mexican_steel, published
from tests.small_chains import terms
from tests.written_cases import Tables, planned_tables, write_case_folder

MEXICO = {"perspective": "MEX"}


@pytest.fixture
def steel() -> Tables:
    return mexican_steel(json.loads(published("gams-process", "mexss.json").read_text()))


def test_reaches_the_published_optimum(steel: Tables, tmp_path: Path) -> None:
    solution, tables = planned_tables(write_case_folder(tmp_path / "mexss", steel, MEXICO))
    assert solution.objective == pytest.approx(538.8112, rel=1e-6)
    found = terms((solution, tables))
    assert set(found) <= {"purchase", "freight", "sales"}
    assert sum(found.values()) == pytest.approx(solution.objective, rel=1e-9)


def test_exports_and_demand_are_within_what_the_model_says(steel: Tables, tmp_path: Path) -> None:
    _, tables = planned_tables(write_case_folder(tmp_path / "mexss", steel, MEXICO))
    assert tables["sales"].frame["sold_t"].sum() <= 1e6 * (1 + 1e-9)
    served = tables["served"].frame.set_index("demand")["served_t"]
    for row in steel["demands"]:
        assert served[str(row["id"])] == pytest.approx(row["amount"])


def test_recipes_without_compositions_are_warnings(steel: Tables, tmp_path: Path) -> None:
    _, _, problems = load_case(write_case_folder(tmp_path / "mexss", steel, MEXICO))
    untracked = [p for p in problems if p.code == "C220"]
    assert len(untracked) == 5
    assert {p.severity for p in untracked} == {Severity.WARNING}
