"""The support at which an owner opens a plant, stops it and starts it again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.loop.relays import Array
from coercivity.finance.waiting import NodeLaw, Plant, PlantThresholds, plant_thresholds

NODES = 301
"""Prices on which an owner's best decisions are found. [count]"""
REACH = 4.5
"""Long-run deviations of the log price about its median on which they are found."""
TRIED = 5
"""Supports between the surely closed and the surely open plant that are tried first. [count]"""
FINER = 2
"""Times that the supports nearest to each threshold are tried again. [count]"""
NAMES = ("enter", "restart", "stop")
WIDER = 1.8
"""How much further is looked where the first supports do not enclose a threshold. [ratio]"""
MOST_WIDER = 12
"""Times that this is done. [count]"""


@dataclass(frozen=True, slots=True)
class IndexLaw:
    """How all prices that move by themselves move together, around 1."""

    volatility: float
    """[1/year^0.5]"""
    reversion: float
    """[1/year]"""

    @property
    def deviation(self) -> float:
        r"""Of the log in the long run, :math:`\sigma/\sqrt{2\kappa}`."""
        return self.volatility / math.sqrt(2 * self.reversion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a plant earns, costs and sinks; before tax, real, at reference prices."""

    moving: float
    """Net income that moves with prices. [million/year]"""
    steady: float
    """Net income that does not, such as conversion margins. [million/year]"""
    cost: float
    """Of running. [million/year]"""
    care: float
    """Of resting. [million/year]"""
    rest: float
    """To begin to rest. [million]"""
    restart: float
    """To begin again. [million]"""
    leave: float
    """To close for good; negative is scrap value. [million]"""
    enter: float
    """Sunk to open, at first output, so that it stands for ever, tax relief taken off. [million]"""
    rate: float
    """Of return on the whole, real, after tax, continuous. [1/year]"""

    @property
    def margin(self) -> float:
        """Net income less cost at reference prices. [million/year]"""
        return self.moving + self.steady - self.cost

    @property
    def certain(self) -> bool:
        """Whether prices cannot make it close: it has no risk from them that we know of."""
        return self.moving <= 0 or self.cost <= self.steady


@dataclass(frozen=True, slots=True)
class Acts:
    """Margins, support included, at which an owner acts while prices stand at reference."""

    enter: float
    """Opens from here. [million/year]"""
    restart: float
    """Runs again from here. [million/year]"""
    stop: float
    """Stops below this. [million/year]"""


def acts_of(law: IndexLaw, money: Money, *, hazard: float = 0.0) -> Acts:
    r"""Find the margins at which an owner acts: by dynamic programming over prices.

    The owner knows that prices move around their reference. With support *k*, a plant of income
    *m x*, *x* the price index, acts at prices :math:`x^*(k)`; asked for is the *k* at which
    :math:`x^*(k) = 1`. A plant stops by resting or by leaving, whichever comes first.

    Parameters
    ----------
    law
        Of the price index.
    money
        Of the plant.
    hazard
        Chance that support ends for good. [1/year]

    See Also
    --------
    coercivity.finance.waiting.plant_thresholds : the equations that are solved.

    Examples
    --------
    >>> plant = Money(moving=0, steady=10, cost=8, care=1, rest=0, restart=0, leave=5,
    ...     enter=50, rate=0.1)
    >>> acts_of(IndexLaw(0.3, 0.6), plant)
    Acts(enter=5.0, restart=-0.5, stop=-0.5)
    """
    money = _consistent(money)
    if money.certain or law.volatility <= 0:
        return certain_acts(money, hazard=hazard)
    if hazard <= 0:
        # Only the sum of support and cost counts, so a plant with cost in the middle will do.
        money = replace(money, cost=money.moving, steady=0.0)
    return _searched(law, money, hazard)


def _consistent(money: Money) -> Money:
    """Keep closing from earning more than building costs, restarting from costing more than both.

    An owner with cheaper capital than planned would scrap and build anew instead of restarting.
    """
    leave = max(money.leave, -money.enter)
    return replace(money, leave=leave, restart=min(money.restart, money.enter + leave))


def certain_acts(money: Money, *, hazard: float = 0.0) -> Acts:
    r"""Give the margins at which an owner acts who is sure of his prices.

    .. math::

        m_{enter} = \rho I + \lambda\,(I - V_0)^+, \qquad
        m_{stop} = \max(-care - \rho\,rest,\; -\rho\,leave), \qquad
        m_{restart} = \max(-care, -\rho\,leave) + \rho\,restart

    with :math:`V_0 = \max(m_0/\rho, -care/\rho - rest, -leave)` the worth of a plant whose support
    has ended, :math:`m_0` its margin without.

    Parameters
    ----------
    money
        Of the plant.
    hazard
        :math:`\lambda`. [1/year]
    """
    rate = money.rate
    after = max(money.margin / rate, -money.care / rate - money.rest, -money.leave)
    enter = rate * money.enter + hazard * max(money.enter - after, 0.0)
    stop = max(-money.care - rate * money.rest, -rate * money.leave)
    restart = max(-money.care, -rate * money.leave) + rate * money.restart
    return _ordered(enter, restart, stop)


def _ordered(enter: float, restart: float, stop: float) -> Acts:
    """Keep rounding, and restarting dearer than building anew, from turning the order round."""
    enter = max(enter, stop)
    return Acts(enter, min(max(restart, stop), enter), stop)


def _searched(law: IndexLaw, money: Money, hazard: float) -> Acts:
    """Try supports until the prices at which the owner acts enclose the reference closely."""
    width = money.moving * min(1.0, 2 * law.deviation) + money.care + money.rate * abs(money.leave)
    tried: dict[float, PlantThresholds] = {}

    def ask(margins: Array) -> None:
        for margin in margins.tolist():
            if margin not in tried:
                tried[margin] = _at(law, money, support=margin - money.margin, hazard=hazard)

    high = (money.rate + hazard) * (money.enter + money.restart) + width / 2
    ask(np.linspace(-width / 2, high, TRIED))
    for _ in range(MOST_WIDER):
        low, top = min(tried), max(tried)
        closed = _log_price(tried[low], "stop", money.moving) > 0
        opened = _log_price(tried[top], "enter", money.moving) < 0
        if closed and opened:
            break
        ask(np.array(([] if closed else [WIDER * low]) + ([] if opened else [WIDER * top])))
    for _ in range(FINER):
        ask(np.array([_crossing(tried, money.moving, name) for name in NAMES]))
    return _ordered(*(_crossing(tried, money.moving, name) for name in NAMES))


def _at(law: IndexLaw, money: Money, *, support: float, hazard: float) -> PlantThresholds:
    width = math.exp(REACH * law.deviation)
    plant = Plant(
        running=money.cost - money.steady,
        enter=money.enter,
        leave=money.leave,
        care=money.care,
        rest=money.rest,
        restart=money.restart,
    )
    return plant_thresholds(
        NodeLaw(volatility=law.volatility, reversion=law.reversion, level=money.moving),
        plant,
        rate=money.rate,
        support=support,
        hazard=hazard,
        nodes=NODES,
        lowest=money.moving / width,
        highest=money.moving * width,
    )


def _crossing(tried: dict[float, PlantThresholds], reference: float, name: str) -> float:
    """Interpolate the margin at which the owner acts at the reference price itself."""
    margins = np.array(sorted(tried))
    logs = np.array([_log_price(tried[margin], name, reference) for margin in margins.tolist()])
    # More support lets owners act at lower prices; rounding on the nodes may not turn this round.
    logs = np.minimum.accumulate(logs)
    return float(np.interp(0.0, logs[::-1], margins[::-1]))


def _log_price(found: PlantThresholds, name: str, reference: float) -> float:
    """Give the log price over the reference at which an owner acts; beyond the nodes if never."""
    beyond = math.log(found.prices[-1] / reference) + found.step
    if name == "stop":
        known = [price for price in (found.rest, found.leave) if price is not None]
        return math.log(max(known) / reference) if known else -beyond
    price = found.enter if name == "enter" else found.restart
    return math.log(price / reference) if price is not None else beyond
