"""Laws of measures of risk, and their known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from coercivity.foundation.errors import UsageError
from coercivity.uncertainty import (
    ConditionalValueAtRisk,
    Expectation,
    MeanAndTail,
    RiskMeasure,
    WorstCase,
)

Distribution = tuple[list[float], list[float]]
tails = st.floats(0.01, 1.0)
amounts = st.floats(-100.0, 100.0)
MEASURES: tuple[RiskMeasure, ...] = (
    Expectation(),
    ConditionalValueAtRisk(0.2),
    WorstCase(),
    MeanAndTail(0.3, 0.1),
)


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    """Draw costs with probabilities."""
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    costs = draw(st.lists(amounts, min_size=len(weights), max_size=len(weights)))
    return costs, [weight / sum(weights) for weight in weights]


@given(distributions(), tails)
def test_the_tail_lies_between_the_mean_and_the_worst(given_: Distribution, tail: float) -> None:
    value = ConditionalValueAtRisk(tail).value(*given_)
    assert Expectation().value(*given_) - 1e-9 <= value <= WorstCase().value(*given_) + 1e-9


@given(distributions(), tails, tails)
def test_a_thinner_tail_is_never_cheaper(given_: Distribution, one: float, other: float) -> None:
    thin, thick = sorted([one, other])
    assert (
        ConditionalValueAtRisk(thin).value(*given_)
        >= ConditionalValueAtRisk(thick).value(*given_) - 1e-9
    )


@given(distributions(), tails, st.floats(0, 1), st.floats(0, 1))
def test_more_weight_on_the_tail_is_never_cheaper(
    given_: Distribution, tail: float, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    assert MeanAndTail(high, tail).value(*given_) >= MeanAndTail(low, tail).value(*given_) - 1e-9


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: type(one).__name__)
class TestEveryMeasure:
    """Laws that all measures keep (Artzner, Delbaen, Eber and Heath 1999)."""

    @given(distributions(), amounts)
    def test_a_sure_cost_adds_exactly_that(
        self, measure: RiskMeasure, given_: Distribution, sure: float
    ) -> None:
        costs, chances = given_
        shifted = measure.value([cost + sure for cost in costs], chances)
        assert shifted == pytest.approx(measure.value(costs, chances) + sure, abs=1e-9)

    @given(distributions(), st.floats(0, 50))
    def test_twice_the_costs_is_twice_the_risk(
        self, measure: RiskMeasure, given_: Distribution, scale: float
    ) -> None:
        costs, chances = given_
        scaled = measure.value([cost * scale for cost in costs], chances)
        assert scaled == pytest.approx(scale * measure.value(costs, chances), abs=1e-7)

    @given(distributions(), st.data())
    def test_costs_together_are_never_worse_than_apart(
        self, measure: RiskMeasure, given_: Distribution, data: st.DataObject
    ) -> None:
        costs, chances = given_
        other = data.draw(st.lists(amounts, min_size=len(costs), max_size=len(costs)))
        both = [one + two for one, two in zip(costs, other, strict=True)]
        apart = measure.value(costs, chances) + measure.value(other, chances)
        assert measure.value(both, chances) <= apart + 1e-9

    @given(distributions())
    def test_weights_are_a_distribution_that_gives_the_value(
        self, measure: RiskMeasure, given_: Distribution
    ) -> None:
        costs, chances = given_
        weights = measure.weights(costs, chances)
        assert (weights >= -1e-12).all()
        assert weights.sum() == pytest.approx(1.0)
        assert weights @ np.array(costs) == pytest.approx(measure.value(costs, chances), abs=1e-9)

    @given(distributions(), st.randoms(use_true_random=False))
    def test_the_order_of_scenarios_does_not_matter(
        self, measure: RiskMeasure, given_: Distribution, random: object
    ) -> None:
        pairs = list(zip(*given_, strict=True))
        random.shuffle(pairs)  # type: ignore[attr-defined]
        costs, chances = zip(*pairs, strict=True)
        assert measure.value(costs, chances) == pytest.approx(measure.value(*given_), abs=1e-9)


@given(distributions(), st.floats(0.05, 1.0))
def test_the_tail_is_the_optimum_of_rockafellar_and_uryasev(
    given_: Distribution, tail: float
) -> None:
    costs, chances = np.array(given_[0]), np.array(given_[1])
    count = costs.size
    found = linprog(
        [1.0, *(chances / tail)],
        A_ub=-np.hstack([np.ones((count, 1)), np.eye(count)]),
        b_ub=-costs,
        bounds=[(None, None), *[(0, None)] * count],
    )
    value = ConditionalValueAtRisk(tail).value(costs, chances)
    assert value == pytest.approx(found.fun, rel=1e-6, abs=1e-6)


def test_the_published_worked_example() -> None:
    # SDDP.jl documentation, AVaR(0.5): weights 0.2, 0.2, 0.6, 0 on costs 5, 4, 6, 2.
    costs, chances = [5, 4, 6, 2], [0.1, 0.2, 0.3, 0.4]
    measure = ConditionalValueAtRisk(0.5)
    assert measure.weights(costs, chances).tolist() == pytest.approx([0.2, 0.2, 0.6, 0.0])
    assert measure.value(costs, chances) == pytest.approx(0.2 * 5 + 0.2 * 4 + 0.6 * 6)


def test_a_scenario_that_cannot_be_served_counts_only_where_it_has_weight() -> None:
    costs, chances = [np.inf, 2.0, 1.0], [0.0, 0.5, 0.5]
    assert Expectation().value(costs, chances) == 1.5
    assert WorstCase().value(costs, chances) == 2.0
    assert Expectation().value(costs, [0.5, 0.5, 0.0]) == np.inf


@pytest.mark.parametrize("tail", [0, -0.1, 1.1, float("nan")])
def test_refuses_a_tail_without_mass(tail: float) -> None:
    with pytest.raises(UsageError, match=rf"tail_probability must be in \(0, 1\], got {tail}"):
        ConditionalValueAtRisk(tail)


def test_refuses_what_does_not_belong_together() -> None:
    with pytest.raises(UsageError, match=r"2 costs but 3 probabilities.*U304"):
        Expectation().value([1, 2], [0.5, 0.25, 0.25])
    with pytest.raises(UsageError, match=r"scenario 2 is nan.*U304"):
        Expectation().value([1, float("nan")], [0.5, 0.5])
    with pytest.raises(UsageError, match=r"sum to 1.1, not 1.*too large.*U301"):
        Expectation().value([1, 2], [0.6, 0.5])
    with pytest.raises(UsageError, match=r"risk_weight must be in \[0, 1\]"):
        MeanAndTail(1.2, 0.1)
