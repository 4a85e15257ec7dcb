"""Internal rates: all roots, the stated choice, and a reason wherever there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coercivity.finance.measures import net_present_value
from coercivity.finance.returns import RateStatus, internal_rate_of_return

FLOWS = st.lists(
    st.one_of(st.just(0.0), st.floats(-100, 100).filter(lambda flow: abs(flow) > 0.01)),
    min_size=2,
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(FLOWS)
def test_the_value_at_the_rate_is_zero_and_every_path_has_a_rate_or_a_reason(
    flows: list[float],
) -> None:
    found = internal_rate_of_return(flows)
    status = RateStatus(int(found.status[0]))
    if status in {RateStatus.ONE, RateStatus.SEVERAL}:
        factors = (1 + found.rates[0]) ** -np.arange(len(flows))
        size = float(np.abs(flows * factors).sum())
        assert abs(float((flows * factors).sum())) <= 1e-6 * size
        assert (found.counts[0] > 1) == (status is RateStatus.SEVERAL)
    else:
        assert np.isnan(found.rates[0])
        assert found.counts[0] == 0


@settings(max_examples=300, deadline=None)
@given(FLOWS)
def test_as_many_rates_as_the_eigenvalues_of_numpy_say(flows: list[float]) -> None:
    cash = np.trim_zeros(np.array(flows))
    assume(len(cash) > 1)
    roots = np.roots(cash[::-1])
    separate = np.abs(roots[:, None] - roots[None, :]) + np.eye(len(roots))
    assume(separate.min(initial=1.0) > 1e-3)
    assume(np.all((np.abs(roots.imag) > 1e-4) | (np.abs(roots.imag) < 1e-9)))
    real = roots.real[(np.abs(roots.imag) < 1e-9) & (roots.real > 1e-6)]
    assume(np.all((real < 1e4) & (real > 1e-4)))
    found = internal_rate_of_return(flows)
    assert int(found.counts[0]) == len(real)
    if len(real):
        rates = 1 / real - 1
        nearest = rates[np.argmin(np.abs(rates))]
        assert found.rates[0] == pytest.approx(nearest, rel=1e-5, abs=1e-7)


def test_three_rates_are_counted_and_the_nearest_to_zero_is_given() -> None:
    flows = np.poly([1 / 1.5, 1 / 1.2, 1 / 0.9])[::-1]
    found = internal_rate_of_return(flows)
    assert int(found.counts[0]) == 3
    assert found.rates[0] == pytest.approx(-0.1, abs=1e-9)


def test_a_rate_of_exactly_zero_is_found() -> None:
    assert internal_rate_of_return([[-100.0, 100.0, 0.0]]).rates[0] == 0.0
    found = internal_rate_of_return([-1.0, 3.0, -2.0])
    assert (float(found.rates[0]), int(found.counts[0])) == (0.0, 2)


def test_paths_without_a_rate_say_why() -> None:
    found = internal_rate_of_return([[0.0, 0, 0], [-1.0, -1, 0], [1.0, 0, 2], [1.0, -1, 1]])
    assert [RateStatus(int(s)).name for s in found.status] == [
        "NEVER_EARNS",
        "NEVER_EARNS",
        "NEVER_SPENDS",
        "NO_RATE",
    ]
    assert np.isnan(found.rates).all()


def test_quantiles_rank_total_losses_below_and_free_gains_above() -> None:
    found = internal_rate_of_return([[-1.0, 0.0], [-100.0, 105.0], [-100.0, 110.0], [1.0, 1.0]])
    assert found.quantile(0.0) == -np.inf
    assert found.quantile(0.25) == pytest.approx(0.05)
    assert found.quantile(0.5) == pytest.approx(0.10)
    assert found.quantile(1.0) == np.inf


def test_refuses_a_flow_that_is_not_finite() -> None:
    with pytest.raises(ValueError, match="every flow must be finite"):
        internal_rate_of_return([-1.0, np.nan])


def test_the_same_bits_on_any_number_of_threads() -> None:
    flows = np.random.default_rng(1).normal(5, 20, (4000, 25))
    flows[:, 0] = -80
    one, three = (internal_rate_of_return(flows, workers=w) for w in (1, 3))
    assert one.rates.tobytes() == three.rates.tobytes()
    assert one.counts.tolist() == three.counts.tolist()


def test_a_yearly_flow_earns_its_rate() -> None:
    rates = internal_rate_of_return(np.array([[-1000.0] + [150.0] * 20])).rates
    assert net_present_value([-1000.0] + [150.0] * 20, rate=float(rates[0]))[0] == pytest.approx(
        0.0, abs=1e-8
    )
