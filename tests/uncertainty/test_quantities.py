"""Every quantity has the quantiles of its law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from coercivity.foundation.errors import UsageError
from coercivity.uncertainty import (
    Discrete,
    Event,
    Quantity,
    ShiftedLognormal,
    Triangular,
    Uniform,
)

SHARES = (np.arange(200_000) + 0.5) / 200_000
"""Fine, even shares: a mean over them is the mean of the quantity."""


@pytest.mark.parametrize(
    ("quantity", "law"),
    [
        (Uniform(2.0, 5.0), stats.uniform(2.0, 3.0)),
        (Triangular(-1.0, 0.5, 3.0), stats.triang(1.5 / 4.0, -1.0, 4.0)),
        (Triangular(0.0, 0.0, 2.0), stats.triang(0.0, 0.0, 2.0)),
        (Triangular(0.0, 2.0, 2.0), stats.triang(1.0, 0.0, 2.0)),
        (ShiftedLognormal(0.5, -0.705, 0.72), stats.lognorm(0.72, 0.5, math.exp(-0.705))),
    ],
)
def test_quantiles_agree_with_another_library(quantity: Quantity, law: stats.rv_frozen) -> None:
    shares = np.linspace(0.001, 0.999, 999)
    assert quantity.at(shares) == pytest.approx(law.ppf(shares), rel=1e-9, abs=1e-9)


def test_the_overrun_of_capital_has_its_published_mean() -> None:
    # 0.5 + LogN(-0.705, 0.72): the mean is 0.5 + exp(-0.705 + 0.72² / 2) = 1.14.
    assert ShiftedLognormal(0.5, -0.705, 0.72).at(SHARES).mean() == pytest.approx(1.14, abs=0.002)


def test_events_and_values_come_as_often_as_they_should() -> None:
    assert Event(0.3).at(SHARES).mean() == pytest.approx(0.3)
    assert Event(0.0).at(SHARES).max() == 0.0
    assert Event(1.0).at(SHARES).min() == 1.0
    found = Discrete((1.0, 2.0, 9.0), (0.2, 0.5, 0.3)).at(SHARES)
    counted = [float(np.mean(found == value)) for value in (1.0, 2.0, 9.0)]
    assert counted == pytest.approx([0.2, 0.5, 0.3])


def test_a_range_of_one_value_is_that_value() -> None:
    for quantity in (Uniform(3.0, 3.0), Triangular(3.0, 3.0, 3.0)):
        assert set(quantity.at(SHARES[::1000])) == {3.0}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(5.0, 2.0), r"lower 5.0, upper 2.0.*rising order.*U304"),
        (lambda: Triangular(0.0, 4.0, 3.0), r"mode 4.0, upper 3.0.*U304"),
        (lambda: ShiftedLognormal(0.0, 0.0, -1.0), r"log_deviation -1.0.*U304"),
        (lambda: Uniform(0.0, math.inf), r"upper inf.*finite.*U304"),
        (lambda: Event(1.5), r"probability must be in \[0, 1\], got 1.5.*U302"),
        (lambda: Discrete((2.0, 1.0), (0.5, 0.5)), r"values rising.*U304"),
        (lambda: Discrete((1.0, 2.0), (1.0,)), r"2 values .* meet 1 probabilities.*U304"),
        (lambda: Discrete((1.0, 2.0), (0.5, 0.4)), r"sum to 0.9, not 1.*U301"),
    ],
)
def test_what_cannot_be_a_law_is_refused(make: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()  # type: ignore[operator]
