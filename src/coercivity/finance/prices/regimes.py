"""Fit two attractors: the exact likelihood of a price whose state is not seen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from coercivity.finance.compiled import Array, compiled
from coercivity.finance.prices.calibration import fit_reversion, logs_of
from coercivity.finance.prices.closed_forms import decay, step_deviation, switching_chances
from coercivity.finance.refusals import FinanceError

FEWEST_FOR_TWO = 40
"""Prices below which two attractors are not fitted: seven parameters. [price]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoAttractors:
    """Parameters of a log price with two attractors."""

    reversion: float
    r""":math:`\kappa`. [1/year]"""
    levels: tuple[float, float]
    """Ordinary and second attractor. [as the prices]"""
    volatilities: tuple[float, float]
    """In each state. [1/year^0.5]"""
    rate_to_second: float
    """[1/year]"""
    rate_back: float
    """[1/year]"""

    @property
    def share_ordinary(self) -> float:
        """Long-run share of time at the ordinary attractor. [fraction]"""
        return self.rate_back / (self.rate_to_second + self.rate_back)

    def chances(self, interval: float) -> Array:
        """Give the chances of moving between states over an interval; rows are the state before."""
        enter, stay = switching_chances(self.rate_to_second, self.rate_back, years=interval)
        return np.array([[1 - float(enter), float(enter)], [1 - float(stay), float(stay)]])

    def densities(self, logs: Array, *, interval: float) -> Array:
        """Give the log density of each step in each state; one row a step."""
        left = float(decay(self.reversion, years=interval))
        found = np.empty((logs.size - 1, 2))
        for state in range(2):
            centre = math.log(self.levels[state])
            spread = float(
                step_deviation(self.reversion, volatility=self.volatilities[state], years=interval)
            )
            missed = (logs[1:] - centre - (logs[:-1] - centre) * left) / spread
            found[:, state] = -0.5 * missed**2 - math.log(spread) - 0.5 * math.log(2 * math.pi)
        return found


@compiled
def _filter(densities: Array, chances: Array, begin: Array, seen: Array) -> float:
    """Run the filter; returns the log likelihood and fills the chances after each step."""
    total = 0.0
    before = begin.copy()
    for step in range(densities.shape[0]):
        high = max(densities[step, 0], densities[step, 1])
        one = before[0] * math.exp(densities[step, 0] - high)
        two = before[1] * math.exp(densities[step, 1] - high)
        weight = one + two
        total += math.log(weight) + high
        seen[step, 0] = one / weight
        seen[step, 1] = two / weight
        for state in range(2):
            before[state] = seen[step, 0] * chances[0, state] + seen[step, 1] * chances[1, state]
    return total


def regime_likelihood(model: TwoAttractors, logs: Array, *, interval: float) -> float:
    r"""Give the log likelihood of log prices, given the first, over all paths of the state.

    .. math:: \ln \sum_{s_1..s_n} \pi_{s_1} f(x_1|x_0,s_1)
        \prod_{k>1} p_{s_{k-1}s_k} f(x_k|x_{k-1},s_k)

    computed in one pass: the filter keeps only the chance of each state. The state of a step is
    that of its beginning, as in `simulate`; the first is drawn from the long run.

    Parameters
    ----------
    model
        Parameters.
    logs
        Log prices at equal intervals.
    interval
        Between two of them. [year]

    References
    ----------
    Hamilton (1989), *Econometrica* 57(2), 357-384.

    Examples
    --------
    Two states that do not differ are one:

    >>> same = TwoAttractors(reversion=0.5, levels=(50.0, 50.0), volatilities=(0.3, 0.3),
    ...     rate_to_second=1.0, rate_back=1.0)
    >>> logs = np.log([50.0, 55.0, 52.0])
    >>> alone = same.densities(logs, interval=1.0)[:, 0].sum()
    >>> bool(abs(regime_likelihood(same, logs, interval=1.0) - alone) < 1e-12)
    True
    """
    return _run(model, logs, interval)[0]


def state_chances(model: TwoAttractors, logs: Array, *, interval: float) -> Array:
    """Give the chance of the second state after each step, from the prices up to it. [fraction]

    Parameters
    ----------
    model
        Parameters.
    logs
        Log prices at equal intervals.
    interval
        Between two of them. [year]
    """
    return np.asarray(_run(model, logs, interval)[1][:, 1])


def _run(model: TwoAttractors, logs: Array, interval: float) -> tuple[float, Array]:
    densities = model.densities(logs, interval=interval)
    begin = np.array([model.share_ordinary, 1 - model.share_ordinary])
    seen = np.empty(densities.shape)
    return float(_filter(densities, model.chances(interval), begin, seen)), seen


@dataclass(frozen=True, slots=True)
class RegimeFit:
    """Two attractors fitted to a history."""

    model: TwoAttractors
    standard_errors: TwoAttractors | None
    """Of each parameter, by the curvature of the likelihood; None where it is not a maximum
    inside, so that the history does not identify them."""
    log_likelihood: float
    gain: float
    """Log likelihood above that of one attractor, for four parameters more."""
    agreeing: int
    """Starts that ended within 0.01 of the best."""
    starts: int
    runner_up: float | None
    """Shortfall in log likelihood of the next different optimum; None if all starts agree."""


def fit_regimes(
    prices: ArrayLike, *, interval: float, rng: np.random.Generator, starts: int = 12
) -> RegimeFit:
    """Fit two attractors by maximum likelihood from several starts.

    Parameters
    ----------
    prices
        In order of time, at equal intervals. [any money]
    interval
        Between two of them. [year]
    rng
        Scatters the starts.
    starts
        Number of starts; the likelihood has several optima.
    """
    logs = logs_of(prices, fewest=FEWEST_FOR_TWO)
    ends: list[tuple[float, Array]] = []
    for guess in _guesses(logs, interval, rng=rng, starts=starts):
        found = minimize(
            _loss, guess, args=(logs, interval), method="L-BFGS-B", options={"maxiter": 500}
        )
        ends.append((-float(found.fun), np.asarray(found.x)))
    ends.sort(key=lambda end: -end[0])
    best, where = ends[0]
    if not math.isfinite(best) or best < -FAR:
        msg = (
            f"no start out of {starts} reached a likelihood for two attractors. Fit one attractor, "
            "or state the second as a judgement.  [F201]"
        )
        raise FinanceError(msg, code="F201")
    others = [best - value for value, _ in ends if best - value > 0.01]
    single = fit_reversion(prices, interval=interval).log_likelihood
    return RegimeFit(
        _model(where),
        _errors(where, logs, interval),
        best,
        best - single,
        starts - len(others),
        starts,
        min(others) if others else None,
    )


def _guesses(
    logs: Array, interval: float, *, rng: np.random.Generator, starts: int
) -> Iterator[Array]:
    """Scatter starts about the mean, spread and typical step of a history."""
    middle, spread = float(np.mean(logs)), float(np.std(logs))
    typical = float(np.std(np.diff(logs))) / math.sqrt(interval)
    for _ in range(starts):
        away = np.abs(rng.standard_normal(2)) * spread
        yield np.array(
            [
                math.log(0.7) + 0.5 * rng.standard_normal(),
                middle - away[0],
                math.log(0.1 + away.sum()),
                *(math.log(typical) + 0.5 * rng.standard_normal(2)),
                *(0.3 * rng.standard_normal(2)),
            ]
        )


FAR = 1e6
"""Loss of parameters at which the likelihood is not a number."""


def _model(free: NDArray[np.float64]) -> TwoAttractors:
    """Read free numbers: logs of speed, level, distance, volatilities and rates."""
    gap = math.exp(free[2])
    return TwoAttractors(
        reversion=math.exp(free[0]),
        levels=(math.exp(free[1]), math.exp(free[1] + gap)),
        volatilities=(math.exp(free[3]), math.exp(free[4])),
        rate_to_second=math.exp(free[5]),
        rate_back=math.exp(free[6]),
    )


def _loss(free: NDArray[np.float64], logs: Array, interval: float) -> float:
    if np.abs(free).max() > 12:
        return FAR
    value = -regime_likelihood(_model(free), logs, interval=interval)
    return value if math.isfinite(value) else FAR


def _errors(free: NDArray[np.float64], logs: Array, interval: float) -> TwoAttractors | None:
    """Invert the curvature at the best point, and carry it to the parameters."""
    number, step = free.size, 1e-3
    curve = np.empty((number, number))
    unit = np.eye(number) * step
    for one in range(number):
        for other in range(number):
            corners = [
                sign * _loss(free + a * unit[one] + b * unit[other], logs, interval)
                for a, b, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
            ]
            curve[one, other] = sum(corners) / (4 * step**2)
    if np.linalg.eigvalsh(curve)[0] <= 0:
        return None
    covariance = np.linalg.inv(curve)
    log_se = np.sqrt(np.diag(covariance))
    model, gap = _model(free), math.exp(free[2])
    slopes = np.array([1.0, gap])
    second = math.sqrt(float(slopes @ covariance[1:3, 1:3] @ slopes))
    return TwoAttractors(
        reversion=model.reversion * float(log_se[0]),
        levels=(model.levels[0] * float(log_se[1]), model.levels[1] * second),
        volatilities=(
            model.volatilities[0] * float(log_se[3]),
            model.volatilities[1] * float(log_se[4]),
        ),
        rate_to_second=model.rate_to_second * float(log_se[5]),
        rate_back=model.rate_back * float(log_se[6]),
    )
