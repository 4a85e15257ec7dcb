"""How prices move: mean reversion to one of two attractors, jumps, and what moves together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError

ROUNDING = 1e-9
"""Eigenvalues above minus this count as not negative. [fraction]"""


class Quote(NamedTuple):
    """A material priced at a place: prices of two places are two prices."""

    material: str
    place: str = ""
    """Country or word; empty where the table names none."""

    def __str__(self) -> str:
        return f"{self.material} at {self.place}" if self.place else self.material


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceProcess:
    r"""One price: a log price that returns to one of two attractors and sometimes jumps up.

    .. math:: dx = \kappa\,(\theta_s - x)\,dt + \sigma_s\,dW + dJ, \qquad P = e^x

    where the state :math:`s` moves between ordinary and second at rates
    :math:`\lambda_{12}, \lambda_{21}`. The ordinary attractor is the ordinary low price: dumping
    is a scenario, never a state of this process.
    """

    quote: Quote
    level: float
    """Ordinary attractor, :math:`e^{\\theta_1}`. [case money/t]"""
    reversion: float
    r""":math:`\kappa`. [1/year]"""
    volatility: float
    r""":math:`\sigma_1`. [1/year^0.5]"""
    second_ratio: float | None = None
    """Second attractor over the level; None where there is only one. [fraction]"""
    second_volatility: float | None = None
    r""":math:`\sigma_2`; None repeats the ordinary one. [1/year^0.5]"""
    rate_to_second: float = 0.0
    r""":math:`\lambda_{12}`. [1/year]"""
    rate_back: float = 0.0
    r""":math:`\lambda_{21}`. [1/year]"""
    jump_rate: float = 0.0
    """Expected jumps a year. [1/year]"""
    jump_mean: float = 0.0
    """Mean of the log jump. [log]"""
    jump_sd: float = 0.0
    """Standard deviation of the log jump. [log]"""
    group: str = ""
    """Prices of one group share one state and one clock of jumps; empty = by itself."""
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    """Standard error of level, reversion, volatility, second_ratio, rate_to_second, rate_back, by
    the name of the field; missing = certain. [unit of the field]"""

    def __post_init__(self) -> None:
        above = {"level": self.level, "reversion": self.reversion}
        if self.second_ratio is not None:
            above["second_ratio"] = self.second_ratio
            above["rate_to_second"] = self.rate_to_second
            above["rate_back"] = self.rate_back
        others = {
            "volatility": self.volatility,
            "second_volatility": self.second_volatility or 0.0,
            "jump_rate": self.jump_rate,
            "jump_sd": self.jump_sd,
            **{f"standard error of {name}": se for name, se in self.standard_errors.items()},
        }
        for name, value in {**above, **others}.items():
            if not (math.isfinite(value) and (value > 0 if name in above else value >= 0)):
                least = "above 0" if name in above else "0 or more"
                msg = (
                    f"{name} of the price of {self.quote} is {value!r}. A price process needs it "
                    f"finite and {least}: correct it, or leave a second attractor out.  [F203]"
                )
                raise FinanceError(msg, code="F203")

    @property
    def share_second(self) -> float:
        r"""Long-run share at the second, :math:`\lambda_{12}/(\lambda_{12}+\lambda_{21})`."""
        if self.second_ratio is None:
            return 0.0
        return self.rate_to_second / (self.rate_to_second + self.rate_back)

    @property
    def attractors(self) -> tuple[float, float]:
        """Both attractors; the same twice where there is only one. [case money/t]"""
        return self.level, self.level * (self.second_ratio or 1.0)

    @property
    def stationary_deviation(self) -> float:
        r"""Long-run deviation in the ordinary state, :math:`\sigma/\sqrt{2\kappa}`. [log]"""
        return self.volatility / math.sqrt(2 * self.reversion)


@dataclass(frozen=True, slots=True)
class PriceSystem:
    """Prices that are simulated together.

    Examples
    --------
    >>> ore = PriceProcess(quote=Quote("ore"), level=50.0, reversion=0.6, volatility=0.3)
    >>> PriceSystem((ore,), np.eye(1)).quotes
    (Quote(material='ore', place=''),)
    """

    processes: tuple[PriceProcess, ...]
    correlation: Array
    """Of the continuous shocks, in the order of the processes. [fraction]"""

    def __post_init__(self) -> None:
        found = np.array(self.correlation, dtype=np.float64)
        number = len(self.processes)
        if found.shape != (number, number) or not np.isfinite(found).all():
            msg = (
                f"correlations have the shape {found.shape} for {number} prices, or are not "
                "finite. Give one row and one column a price.  [F202]"
            )
            raise FinanceError(msg, code="F202")
        off = np.abs(found - found.T).max(initial=0.0), np.abs(np.diag(found) - 1).max(initial=0.0)
        if max(off) > ROUNDING or np.abs(found).max(initial=0.0) > 1 + ROUNDING:
            msg = (
                "correlations must be symmetric, between -1 and 1, and 1 on the diagonal; the "
                f"largest difference is {max(off):.3g}. Correct the pairs.  [F202]"
            )
            raise FinanceError(msg, code="F202")
        lowest = float(np.linalg.eigvalsh(found)[0]) if number else 0.0
        if lowest < -ROUNDING:
            msg = (
                f"the correlations of {', '.join(str(q) for q in self.quotes)} cannot all hold: "
                f"their matrix has the eigenvalue {lowest:.3g}. Two prices that both move with a "
                "third move with each other: bring the pairs closer together.  [F202]"
            )
            raise FinanceError(msg, code="F202")
        found.flags.writeable = False
        object.__setattr__(self, "correlation", found)
        self._check_quotes()
        self._check_groups()

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """What is priced, in order."""
        return tuple(process.quote for process in self.processes)

    def process(self, quote: Quote) -> PriceProcess:
        """Give the process of a quote."""
        return self.processes[self.quotes.index(quote)]

    def _check_quotes(self) -> None:
        twice = {str(quote) for quote in self.quotes if self.quotes.count(quote) > 1}
        if twice:
            msg = (
                f"{sorted(twice)} have two processes. One price has one: take a row out, or name "
                "another place.  [F203]"
            )
            raise FinanceError(msg, code="F203")

    def _check_groups(self) -> None:
        """Refuse a group whose members are told to change state at different rates."""
        for process in self.processes:
            leader = self.leader(process)
            rates = process.rate_to_second, process.rate_back
            if process.second_ratio is None or leader is process:
                continue
            if rates != (leader.rate_to_second, leader.rate_back):
                msg = (
                    f"{process.quote} moves between its attractors at the rates {rates}, "
                    f"{leader.quote} of the same group {process.group!r} at "
                    f"{(leader.rate_to_second, leader.rate_back)}. Prices of a group share one "
                    "state: give them the same rates, or another group.  [F203]"
                )
                raise FinanceError(msg, code="F203")

    def leader(self, process: PriceProcess) -> PriceProcess:
        """Give the first of a group with a second attractor, whose rates all of it follow."""
        if not process.group:
            return process
        same = [other for other in self.processes if other.group == process.group]
        return next((other for other in same if other.second_ratio is not None), process)
