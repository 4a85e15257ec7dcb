"""A step that exists in some years of a period is paid its price of those years."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.written_cases import planned, write_case_folder


def _case(folder: Path, trade: dict[str, Any]) -> Path:
    """One period of two years; a step of 60 t a year for the first, of nothing for the second."""
    tables: dict[str, list[dict[str, Any]]] = {
        "sites": [{"id": "here", "country": "USA"}],
        "materials": [{"id": "good"}],
        "processes": [{"id": "mine", "reference_material": "good"}],
        "recipes": [{"process": "mine", "material": "good", "direction": "out", "amount": 1}],
        "assets": [{"id": "pit", "site": "here", "process": "mine", "nameplate_capacity": 30}],
        "demands": [{"id": "need", "site": "here", "amount": 30, "penalty": 1000}],
        "demand_materials": [{"demand": "need", "material": "good"}],
        **trade,
    }
    return write_case_folder(folder, tables, {"periods": [2025, 2027]})


def test_a_supplier_that_ends_is_not_cheaper_for_it(tmp_path: Path) -> None:
    row = {"id": "sell", "site": "here", "material": "good"}
    steps = [
        {**row, "year": 2025, "offered": 60, "price": 100},
        {**row, "year": 2026, "offered": 0, "price": 0},
    ]
    folder = _case(tmp_path / "case", {"suppliers": steps, "assets": []})
    _, model, solution = planned(folder)
    terms = model.builder.cost_terms(solution.primal)
    assert terms["purchase"] * 1e6 == pytest.approx(2 * 30 * 100)


def test_a_buyer_that_ends_does_not_pay_less_for_it(tmp_path: Path) -> None:
    row = {"id": "buy", "site": "here", "material": "good"}
    steps = [
        {**row, "year": 2025, "most": 60, "price": 3000},
        {**row, "year": 2026, "most": 0, "price": 0},
    ]
    folder = _case(tmp_path / "case", {"buyers": steps})
    _, model, solution = planned(folder)
    terms = model.builder.cost_terms(solution.primal)
    assert terms["sales"] * 1e6 == pytest.approx(-2 * 30 * 3000)
