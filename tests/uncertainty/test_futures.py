"""Futures named by a case, and how losses and delays are put together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.tables import read_case
from coercivity.uncertainty.futures import (
    Future,
    checked_futures,
    compounded,
    named_futures,
    split_years,
)
from tests.small_chains import plant
from tests.written_cases import Rows, write_case_folder


def named(folder: Path, scenarios: Rows) -> tuple[Future, ...]:
    tables = plant(scenarios=scenarios)
    return named_futures(read_case(write_case_folder(folder / "case", tables)))


def test_every_scenario_with_a_probability_is_a_future(tmp_path: Path) -> None:
    found = named(
        tmp_path,
        [
            {"id": "calm", "probability": 0.75},
            {"id": "ban", "probability": 0.25},
            {"id": "aside"},
        ],
    )
    assert [(one.name, one.scenario, one.probability) for one in found] == [
        ("calm", "calm", 0.75),
        ("ban", "ban", 0.25),
    ]


def test_a_scenario_that_cannot_happen_is_no_future(tmp_path: Path) -> None:
    rows: Rows = [{"id": "calm", "probability": 1}, {"id": "ban", "probability": 0}]
    assert [one.name for one in named(tmp_path, rows)] == ["calm"]


def test_without_probabilities_it_is_told_where_they_belong(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\(calm\) have none. Fill the column 'probability'"):
        named(tmp_path, [{"id": "calm"}])


def test_probabilities_that_do_not_sum_to_one_are_refused_with_the_case(tmp_path: Path) -> None:
    rows: Rows = [{"id": "calm", "probability": 0.5}, {"id": "ban", "probability": 0.4}]
    with pytest.raises(CaseError, match=r"probabilities sum to 0.9, not 1"):
        named(tmp_path, rows)


def test_two_futures_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="given twice"):
        checked_futures((Future("ban", 0.5), Future("ban", 0.5)))


shares = st.lists(st.floats(0, 1), min_size=1, max_size=4)


@given(shares)
def test_losses_together_are_at_least_the_largest_and_never_more_than_all(
    parts: list[float],
) -> None:
    whole = float(compounded([np.array([part]) for part in parts])[0])
    assert max(parts) - 1e-12 <= whole <= 1


@given(st.floats(-3, 8))
def test_a_delay_keeps_its_mean_when_it_is_split_into_years(delay: float) -> None:
    parts = split_years(delay)
    assert sum(weight for weight, _ in parts) == pytest.approx(1)
    assert sum(weight * years for weight, years in parts) == pytest.approx(delay, abs=1e-12)
    assert all(abs(years - delay) <= 1 and weight > 0 for weight, years in parts)
