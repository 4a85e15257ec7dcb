"""Prices at which a plant is opened, rested, restarted and closed: dynamic programming."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import spsolve

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError

AT_ONCE = 1e5
"""Decisions a year that count as at any time. [1/year]"""
MOST_ROUNDS = 500
"""Rounds of better policies; some tens are usual."""
COARSEST = 50
"""Nodes on which no coarser policy is asked for first."""
ROUNDING = 1e-11
"""Gain that counts, over the largest worth. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLaw:
    r"""Law of the log price on nodes.

    .. math:: dx = \left(\mu - \tfrac12\sigma^2 + \kappa(\theta - x)\right)dt + \sigma\,dW

    Either it grows (:math:`\kappa = 0`), or it returns to a level (:math:`\mu = \sigma^2/2`).
    """

    volatility: float
    r""":math:`\sigma`. [1/year^0.5]"""
    growth: float = 0.0
    r""":math:`\mu`, of a price that does not return. [1/year]"""
    reversion: float = 0.0
    r""":math:`\kappa`. [1/year]"""
    level: float = 1.0
    r""":math:`e^\theta`, of a price that returns. [money/unit]"""

    def drift(self, logs: Array) -> Array:
        """Give the drift of the log price. [1/year]

        Parameters
        ----------
        logs
            Log prices.
        """
        if self.reversion > 0:
            return np.asarray(self.reversion * (math.log(self.level) - logs))
        return np.full_like(logs, self.growth - 0.5 * self.volatility**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What one unit a year of a plant costs."""

    running: float
    """Per unit made. [money/unit]"""
    enter: float
    """Sunk to open, per unit a year. [money year/unit]"""
    leave: float = 0.0
    """To close for good; negative is scrap value. [money year/unit]"""
    care: float | None = None
    """While resting; None for a plant that cannot rest. [money/unit]"""
    rest: float = 0.0
    """To begin to rest. [money year/unit]"""
    restart: float = 0.0
    """To begin again. [money year/unit]"""


@dataclass(frozen=True, slots=True)
class PlantThresholds:
    """Prices at which the best owner acts; None where no price on the nodes makes him."""

    enter: float | None
    """Opens at or above. [money/unit]"""
    rest: float | None
    """A running plant rests at or below. [money/unit]"""
    restart: float | None
    """A resting plant runs again at or above. [money/unit]"""
    leave: float | None
    """A running plant closes for good at or below. [money/unit]"""
    scrap: float | None
    """A resting plant closes for good at or below. [money/unit]"""
    prices: Array
    """Nodes. [money/unit]"""
    values: Array
    """Worth without a plant, running, resting; one row each. [money year/unit]"""
    step: float
    """Ratio of neighbouring nodes, less 1: thresholds are known to half of it. [fraction]"""


def plant_thresholds(
    law: NodeLaw,
    plant: Plant,
    *,
    rate: float,
    support: float = 0.0,
    hazard: float = 0.0,
    nodes: int = 801,
    lowest: float | None = None,
    highest: float | None = None,
    decisions_a_year: float = AT_ONCE,
) -> PlantThresholds:
    r"""Find the prices at which a plant is opened, rested, restarted and closed.

    On nodes of the log price with generator :math:`L`, the worth of each state solves

    .. math:: (\rho + \lambda - L)V_s = \pi_s + \lambda V_s^{0}
        + K \max\left(0, \max_{s'} (V_{s'} - c_{ss'}) - V_s\right)

    where chances to decide come at rate K, without bound for an owner who watches always;
    support is added to the price while it stands, lapses at :math:`\lambda` for good, and
    :math:`V^0` is the worth without it, solved first. Better policies are taken until none is
    left; each round solves one sparse system, so no time step enters.

    Parameters
    ----------
    law
        Of the log price.
    plant
        Costs.
    rate
        :math:`\rho`, continuous, real: the same as in the cash flows. [1/year]
    support
        Paid per unit while it stands. [money/unit]
    hazard
        :math:`\lambda`. [1/year]
    nodes
        Number of prices.
    lowest, highest
        First and last node; six long-run deviations about the level, or about the running cost
        where the price does not return, if None. [money/unit]
    decisions_a_year
        K. [1/year]

    References
    ----------
    Dixit and Pindyck (1994), chapter 7; Kushner and Dupuis (2001), *Numerical Methods for
    Stochastic Control Problems in Continuous Time*, for the chain on nodes.

    Examples
    --------
    The central case of Dixit (1989), 1.4667 and 0.7657, to the step of the nodes:

    >>> law = NodeLaw(volatility=0.1)
    >>> found = plant_thresholds(law, Plant(running=1.0, enter=4.0), rate=0.025)
    >>> f"{found.enter:.2f} {found.leave:.2f}"
    '1.46 0.77'
    """
    _check_plant(law, plant, rate, hazard)
    prices = _nodes(law, plant, nodes, lowest, highest)
    bare = _Owner(law, plant, rate, decisions_a_year)
    without = np.zeros((3, prices.size))
    if hazard > 0 and support != 0:
        without, _ = _solve(bare, prices, without)
        values, choice = _solve(replace(bare, support=support, hazard=hazard), prices, without)
    else:
        values, choice = _solve(replace(bare, support=support), prices, without)
    return PlantThresholds(
        _lowest(prices, choice[0] == RUNNING),
        _highest(prices, choice[1] == RESTING),
        _lowest(prices, choice[2] == RUNNING) if plant.care is not None else None,
        _highest(prices, choice[1] == NONE),
        _highest(prices, choice[2] == NONE) if plant.care is not None else None,
        prices,
        values,
        float(prices[1] / prices[0] - 1),
    )


NONE, RUNNING, RESTING = 0, 1, 2
"""States of a plant, in the order of the rows of values."""


def _check_plant(law: NodeLaw, plant: Plant, rate: float, hazard: float) -> None:
    wrong = ""
    if not (law.volatility > 0 and law.reversion >= 0 and law.level > 0):
        wrong = f"volatility {law.volatility!r}, reversion {law.reversion!r}, level {law.level!r}"
    elif not (rate > 0 and hazard >= 0 and (law.reversion > 0 or law.growth < rate)):
        wrong = f"rate {rate!r}, hazard {hazard!r}, growth {law.growth!r}"
    elif plant.enter + plant.leave < 0 or plant.rest + plant.restart < 0 or plant.running <= 0:
        wrong = f"running {plant.running!r}, and a round of opening and closing, or resting, earns"
    elif plant.care is not None and plant.restart > plant.enter + plant.leave:
        wrong = f"restarting at {plant.restart!r} is dearer than closing and opening anew"
    if wrong:
        msg = (
            f"{wrong}: thresholds are not defined. Rates and volatility lie above 0, growth below "
            "the rate; opening and closing again may not earn, nor be cheaper than restarting: "
            "correct them.  [F208]"
        )
        raise FinanceError(msg, code="F208")


def _nodes(
    law: NodeLaw, plant: Plant, nodes: int, lowest: float | None, highest: float | None
) -> Array:
    if law.reversion > 0:
        middle, width = law.level, 6 * law.volatility / math.sqrt(2 * law.reversion)
    else:
        middle, width = plant.running, 15 * law.volatility + 2.0
    low = lowest if lowest is not None else min(middle * math.exp(-width), plant.running / 3)
    high = highest if highest is not None else max(middle * math.exp(width), plant.running * 3)
    return np.exp(np.linspace(math.log(low), math.log(high), nodes))


def _generator(law: NodeLaw, logs: Array) -> sparse.csr_matrix:
    """Give rates of moving between neighbouring nodes: mean and variance of the log price fit."""
    step = logs[1] - logs[0]
    drift = law.drift(logs)
    spread = law.volatility**2 / step**2
    up, down = 0.5 * (spread + drift / step), 0.5 * (spread - drift / step)
    # Where drift outweighs variance on this step, one-sided rates keep both from being negative.
    steep = (up < 0) | (down < 0)
    up = np.where(steep, 0.5 * spread + np.maximum(drift, 0) / step, up)
    down = np.where(steep, 0.5 * spread + np.maximum(-drift, 0) / step, down)
    up[-1], down[0] = 0.0, 0.0
    return sparse.diags([down[1:], -(up + down), up[:-1]], [-1, 0, 1], format="csr")


@dataclass(frozen=True, slots=True)
class _Owner:
    """What an owner faces in one layer: with support, or after it."""

    law: NodeLaw
    plant: Plant
    rate: float
    decisions: float
    support: float = 0.0
    hazard: float = 0.0

    def costs(self) -> Array:
        """Give the cost of moving between states; infinite where there is no way."""
        cost = np.full((3, 3), np.inf)
        cost[NONE, RUNNING], cost[RUNNING, NONE] = self.plant.enter, self.plant.leave
        if self.plant.care is not None:
            cost[RUNNING, RESTING], cost[RESTING, RUNNING] = self.plant.rest, self.plant.restart
            cost[RESTING, NONE] = self.plant.leave
        return cost

    def flows(self, prices: Array) -> Array:
        """Give what each state earns a year."""
        found = np.zeros((3, prices.size))
        found[RUNNING] = prices + self.support - self.plant.running
        found[RESTING] = -(self.plant.care or 0.0)
        return found


def _solve(owner: _Owner, prices: Array, without: Array) -> tuple[Array, NDArray[np.int64]]:
    """Improve the policy until none is better; gives values and choices by state and node.

    A better policy moves a threshold by few nodes, so the policy of every second node comes first.
    """
    size = prices.size
    if size > 2 * COARSEST:
        _, coarse = _solve(owner, prices[::2], without[:, ::2])
        choice = np.repeat(coarse, 2, axis=1)[:, :size]
    else:
        choice = np.repeat(np.arange(3)[:, None], size, axis=1)
    cost, decisions = owner.costs(), owner.decisions
    flows = owner.flows(prices) + owner.hazard * without
    own = sparse.identity(size) * (owner.rate + owner.hazard)
    own = own - _generator(owner.law, np.log(prices))
    still = sparse.block_diag([own] * 3, format="csr")
    states, index = np.repeat(np.arange(3), size), np.arange(3 * size)
    for _ in range(MOST_ROUNDS):
        moves = choice.ravel() != states
        target = choice.ravel() * size + index % size
        push = sparse.csr_matrix(
            (np.full(moves.sum(), decisions), (index[moves], target[moves])), still.shape
        )
        right = flows.ravel().copy()
        right[moves] -= decisions * cost[states[moves], choice.ravel()[moves]]
        system = still + sparse.diags(decisions * moves) - push
        values = np.asarray(spsolve(system.tocsc(), right)).reshape(3, size)
        better = _best(values, cost, choice)
        if np.array_equal(better, choice):
            return values, choice
        choice = better
    msg = (
        f"the policy of a plant still changed after {MOST_ROUNDS} rounds on {size} nodes. Use "
        "fewer nodes or fewer decisions a year.  [F208]"
    )
    raise FinanceError(msg, code="F208")


def _best(values: Array, cost: Array, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Choose for each state and node where to move; only a gain above rounding changes it."""
    small = ROUNDING * (1 + np.abs(values).max())
    gains = values[None, :, :] - cost[:, :, None] - values[:, None, :]
    for state in range(3):
        gains[state, state] = 0.0
    best = gains.argmax(axis=1)
    gained = np.take_along_axis(gains, best[:, None, :], axis=1)[:, 0]
    held = np.take_along_axis(gains, chosen[:, None, :], axis=1)[:, 0]
    return np.where(gained > held + small, best, chosen).astype(np.int64)


def _lowest(prices: Array, acts: NDArray[np.bool_]) -> float | None:
    """Give the price from which on an act is best, between the nodes; None if it never is."""
    if not acts.any():
        return None
    first = int(np.flatnonzero(acts)[0])
    return float(prices[first] if first == 0 else math.sqrt(prices[first - 1] * prices[first]))


def _highest(prices: Array, acts: NDArray[np.bool_]) -> float | None:
    """Give the price up to which an act is best, between the nodes; None if it never is."""
    if not acts.any():
        return None
    last = int(np.flatnonzero(acts)[-1])
    end = last == prices.size - 1
    return float(prices[last] if end else math.sqrt(prices[last] * prices[last + 1]))
