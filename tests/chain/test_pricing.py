"""Correlations that can hold together, and rates that are told once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.chain import load_case
from coercivity.chain.checks.pricing import check_pricing, correlation_matrix
from coercivity.foundation.errors import CaseError
from coercivity.foundation.problems import Problem
from coercivity.tables import CaseTables, read_case
from tests.written_cases import Tables, write_case_folder

MATERIALS = ("a", "b", "c")
CHAIN: Tables = {
    "sites": [{"id": "town", "country": "USA"}],
    "materials": [{"id": material} for material in MATERIALS],
}
correlations = st.integers(-100, 100).map(lambda hundredths: hundredths / 100)


def pairs(*values: tuple[str, str, float]) -> Tables:
    rows = [{"material": a, "with_material": b, "correlation": rho} for a, b, rho in values]
    return {**CHAIN, "price_correlations": rows}


def read(folder: Path, tables: Tables) -> CaseTables:
    return read_case(write_case_folder(folder, tables))


def found(folder: Path, tables: Tables) -> list[Problem]:
    return list(check_pricing(read(folder, tables)))


def refused(folder: Path, tables: Tables, match: str) -> list[Problem]:
    with pytest.raises(CaseError, match=match) as caught:
        load_case(write_case_folder(folder, tables))
    return list(caught.value.problems)


@settings(max_examples=40, deadline=None)
@given(correlations, correlations, correlations)
def test_three_prices_can_hold_when_no_minor_is_negative(ab: float, bc: float, ac: float) -> None:
    # Sylvester: semidefinite iff every principal minor is at least 0; those of
    # order 1 and 2 are, since no correlation leaves -1 to 1.
    minor = 1 + 2 * ab * bc * ac - ab**2 - bc**2 - ac**2
    with TemporaryDirectory() as folder:
        told = found(Path(folder), pairs(("a", "b", ab), ("b", "c", bc), ("a", "c", ac)))
    if abs(minor) > 1e-7:
        assert [problem.code for problem in told] == (["C226"] if minor < 0 else [])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_what_is_measured_on_any_prices_is_never_refused(changes: list[float]) -> None:
    # Correlations of samples form a Gram matrix, hence none can be refused.
    seen = np.array(changes).reshape(3, 2) @ np.array([[1.0, 2.0, 3.0], [3.0, 1.0, -2.0]])
    spread = np.linalg.norm(seen, axis=1)
    if (spread < 1e-3).any():
        return
    unit = seen / spread[:, None]
    rows = [
        (MATERIALS[i], MATERIALS[j], float(np.clip(unit[i] @ unit[j], -1, 1)))
        for i, j in itertools.combinations(range(3), 2)
    ]
    with TemporaryDirectory() as folder:
        assert found(Path(folder), pairs(*rows)) == []


def test_the_matrix_has_the_pairs_on_both_sides_and_nothing_else(tmp_path: Path) -> None:
    materials, matrix = correlation_matrix(read(tmp_path, pairs(("a", "b", 0.5), ("c", "b", -0.2))))
    assert materials == ("a", "b", "c")
    assert matrix.tolist() == [[1, 0.5, 0], [0.5, 1, -0.2], [0, -0.2, 1]]


def test_a_pair_that_is_missing_counts_as_none_and_is_told(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, pairs(("a", "b", 0.9), ("b", "c", 0.9)), "cannot all hold")
    assert problem.code == "C226"
    assert "list the pair that is missing" in problem.instead


def both_orders() -> Iterator[tuple[Tables, str]]:
    yield pairs(("a", "b", 0.5), ("b", "a", 0.5)), "paired in both orders"
    yield pairs(("a", "b", 0.5), ("b", "a", 0.4)), "paired in both orders"
    yield pairs(("a", "a", 1.0)), "paired with itself"
    yield pairs(("a", "b", 0.5), ("a", "b", 0.5)), "stands in row 2 already"
    yield pairs(("a", "b", 1.01)), "1.01"
    yield pairs(("a", "d", 0.5)), "'d' is not"


@pytest.mark.parametrize(("tables", "match"), list(both_orders()))
def test_a_pair_that_says_nothing_or_two_things_is_refused(
    tmp_path: Path, tables: Tables, match: str
) -> None:
    assert refused(tmp_path, tables, match)


def rates(table: str, name: str, value: str, *values: float) -> Tables:
    return {**CHAIN, table: [{name: "x", "year": 2024, value: held} for held in values]}


RATES = [("exchange_rates", "currency", "per_usd"), ("deflators", "index", "value")]


@pytest.mark.parametrize(("table", "name", "value"), RATES)
def test_a_rate_is_told_once_a_year_and_above_nothing(
    tmp_path: Path, table: str, name: str, value: str
) -> None:
    told = refused(tmp_path / "two", rates(table, name, value, 7.2, 7.1), "in row 2 already")
    assert [problem.code for problem in told] == ["T206"]
    assert refused(tmp_path / "none", rates(table, name, value, 0.0), "above 0")
    (row,) = read(tmp_path / "one", rates(table, name, value, 7.2)).tables[table].rows()
    assert (row[name], row.number(value)) == ("x", 7.2)
