"""The two published payments of the price floor of July 2025 against readings of its terms.

Figures are those of ``docs/results/deal-2025.csv``, which says where they come from.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from coercivity.finance.prices import settled

FILE = Path(__file__).resolve().parents[2] / "docs" / "results" / "deal-2025.csv"
BEFORE = {"2025-Q4": "2025-Q3", "2026-Q1": "2025-Q4"}


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, str], float]:
    table = pd.read_csv(FILE)
    keys = zip(table["item"], table["quarter"].fillna(""), strict=True)
    return dict(zip(keys, table["value"], strict=True))


def payments(figures: dict[tuple[str, str], float], quarter: str, tonnes: float) -> list[float]:
    """Give what a number of tonnes is paid at each benchmark. [million USD]"""
    found = []
    for lagged, taxed in product((False, True), repeat=2):
        quote = figures["quote", BEFORE[quarter] if lagged else quarter] / 1000
        price = quote / figures["exchange", ""] / (1 if taxed else 1 + figures["tax", ""])
        gap = settled([[price]], strike=110.0, steps_a_year=1, settlements_a_year=1)[0, 0]
        found.append(float(gap) * tonnes / 1000)
    return found


@pytest.mark.parametrize("quarter", list(BEFORE))
def test_published_payments_lie_between_the_readings(
    figures: dict[tuple[str, str], float], quarter: str
) -> None:
    made = payments(figures, quarter, figures["produced", quarter])
    inside = figures["concentrate", quarter] * figures["content", ""]
    contained = payments(figures, quarter, inside)
    assert min(made) < figures["paid", quarter] < max(contained)


@pytest.mark.parametrize("quarter", list(BEFORE))
def test_what_is_made_never_explains_what_was_paid(
    figures: dict[tuple[str, str], float], quarter: str
) -> None:
    assert max(payments(figures, quarter, figures["produced", quarter])) < figures["paid", quarter]


def test_a_reference_note_had_the_same_figures_for_what_is_made(
    figures: dict[tuple[str, str], float],
) -> None:
    # Notes of the case: about 29 million on 718 t, about 16 on 917 t, at quotes without tax.
    first = payments(figures, "2025-Q4", figures["produced", "2025-Q4"])
    second = payments(figures, "2026-Q1", figures["produced", "2026-Q1"])
    assert first[0] == pytest.approx(29, abs=1)
    assert second[0] == pytest.approx(16, abs=1)
