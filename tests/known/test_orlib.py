"""Capacitated facility location: Beasley, OR-Library, capinfo and capopt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.known.published import MILLION, known_answer, orlib, published
from tests.small_chains import terms
from tests.written_cases import planned_tables, write_case_folder

INSTANCES = (
    "cap41", "cap43", "cap51", "cap61", "cap63", "cap71", "cap73", "cap81", "cap83", "cap91",
    "cap93", "cap101", "cap103", "cap111", "cap113", "cap121", "cap123", "cap131", "cap133",
)  # fmt: skip


@pytest.mark.parametrize("name", INSTANCES)
def test_reaches_the_published_optimum(name: str, tmp_path: Path) -> None:
    tables = orlib(published("orlib-cap", f"{name}.txt"))
    solution, found = planned_tables(write_case_folder(tmp_path / name, tables))
    assert solution.objective * MILLION == pytest.approx(known_answer("orlib-cap", name), rel=1e-6)
    assert solution.bound == pytest.approx(solution.objective, rel=1e-6)
    opened = found["builds"].frame["capital_musd"].sum() * MILLION
    freight = terms((solution, found))["freight"] * MILLION
    assert opened + freight == pytest.approx(solution.objective * MILLION, rel=1e-9)
