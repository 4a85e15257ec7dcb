"""A number that is read once must not seem to vary."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.chain import load_case
from coercivity.foundation.errors import CaseError
from tests.written_cases import Tables, write_case_folder

TABLES: Tables = {
    "sites": [{"id": "works", "country": "USA"}],
    "materials": [{"id": "good"}],
    "processes": [{"id": "make", "reference_material": "good"}],
    "recipes": [{"process": "make", "material": "good", "direction": "out", "amount": 1}],
    "assets": [{"id": "plant", "site": "works", "process": "make", "nameplate_capacity": 10}],
    "options": [{"id": "more", "adds_to": "plant", "size": 5, "capital": 1}],
    "demands": [{"id": "users", "site": "works", "amount": 5, "penalty": 9}],
    "demand_materials": [{"demand": "users", "material": "good"}],
}


def written(folder: Path, companion: str, name: str) -> Path:
    path = write_case_folder(folder, TABLES)
    (path / f"{companion}.csv").write_text(f"year,{name}\n2025,0.5\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("companion", "name"), [("options-size", "more"), ("assets-turndown", "plant")]
)
def test_a_number_that_is_read_once_is_refused(tmp_path: Path, companion: str, name: str) -> None:
    with pytest.raises(CaseError, match="cannot vary by year") as caught:
        load_case(written(tmp_path, companion, name))
    (problem,) = [p for p in caught.value.problems if p.code == "C225"]
    assert problem.place.file == f"{companion}.csv"


def test_a_number_that_is_read_by_year_may_vary(tmp_path: Path) -> None:
    case, _, _ = load_case(written(tmp_path, "assets-availability", "plant"))
    assert case.assets["plant"].availability[0] == pytest.approx(0.5)
