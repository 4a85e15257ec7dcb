"""Paths of prices: exact steps, random numbers that belong to a path and not to a run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from coercivity.finance.compiled import Array
from coercivity.finance.prices.closed_forms import (
    decay,
    step_correlations,
    step_deviation,
    switching_chances,
)
from coercivity.finance.prices.processes import PriceProcess, PriceSystem, Quote
from coercivity.finance.refusals import FinanceError
from coercivity.uncertainty import stream

BLOCK = 1024
"""Paths that share one stream of random numbers; always drawn whole. [path]"""
STEPS_A_YEAR = (1, 2, 4, 12)
MOST_JUMPS = 12
"""Jumps counted in one step at most; more have a chance below 1e-9 at one a step."""


@dataclass(frozen=True, slots=True)
class PricePaths:
    """Prices by path and step; each value stands at the end of its step. Real money."""

    prices: Mapping[Quote, Array]
    """One row a path, one column a step. [case money/t]"""
    steps_a_year: int
    second: Mapping[Quote, NDArray[np.bool_]]
    """Whether each step was spent at the second attractor; only of simulated prices."""
    margins: Mapping[str, Array] = field(default_factory=dict)
    """Standard normal number of each path from which the margins of a material are drawn; a
    material without stands at its stated margin."""

    def of(self, material: str, *, place: str | None = None) -> Array:
        """Give the prices of a material. [case money/t]

        Parameters
        ----------
        material
            What is priced.
        place
            Where; may be left out if it has one place only.
        """
        found = [q for q in self.prices if q.material == material and place in (None, q.place)]
        if len(found) != 1:
            places = sorted(q.place for q in self.prices if q.material == material)
            msg = (
                f"{material!r} has {len(found)} prices"
                f"{'' if place is None else f' at {place!r}'}; it is priced at {places}. Prices of "
                "two places are never mixed: name one place that is listed.  [F205]"
            )
            raise FinanceError(msg, code="F205")
        return self.prices[found[0]]

    def by_quarter(self, material: str, *, place: str | None = None) -> Array:
        """Give the mean of each quarter in thousands a tonne, as cash flows take it. [USD/kg]

        A path of yearly steps gives yearly prices.

        Parameters
        ----------
        material, place
            What is priced, and where.
        """
        table = self.of(material, place=place)
        parts = max(self.steps_a_year // 4, 1)
        means = table.reshape(len(table), -1, parts).mean(axis=2)
        if self.steps_a_year == 2:
            means = np.repeat(means, 2, axis=1)
        return np.asarray(means / 1000.0)


def simulate(
    system: PriceSystem,
    *,
    years: int,
    paths: int,
    seed: int,
    steps_a_year: int = 4,
    start: Mapping[Quote, float] | None = None,
    drawn_parameters: bool = True,
    workers: int | None = 1,
) -> PricePaths:
    r"""Simulate prices with exact steps of their log.

    .. math:: x_{k+1} = \theta_s + (x_k - \theta_s)e^{-\kappa\Delta}
        + \sigma_s\sqrt{\tfrac{1-e^{-2\kappa\Delta}}{2\kappa}}\,z_k + J_k

    The state of a step is that of its beginning and holds through it; it moves with the exact
    chances of the two-state chain. Jumps fall at the end of the step. The random numbers of a
    path depend on the seed, the price, and the number of the path alone: more paths, more years,
    a price added at the end, or other
    threads change no price that was there before.

    Parameters
    ----------
    system
        Processes and correlations.
    years, paths
        How long, how many. [year], [path]
    seed
        Seed of all draws.
    steps_a_year
        1, 2, 4 or 12. [1/year]
    start
        Price today; the ordinary level where missing. A path begins at the attractor that is
        nearer to it in logs. [case money/t]
    drawn_parameters
        Whether each path draws its parameters from their standard errors.
    workers
        Threads; None takes the processors.

    Examples
    --------
    >>> ore = PriceProcess(quote=Quote("ore"), level=50.0, reversion=0.6, volatility=0.0)
    >>> found = simulate(
    ...     PriceSystem((ore,), np.eye(1)), years=1, paths=2, seed=1, start={Quote("ore"): 100.0}
    ... )
    >>> [round(float(price), 2) for price in found.of("ore")[0]]
    [90.8, 83.56, 77.79, 73.14]
    """
    _check_call(system, years, paths, steps_a_year, start or {})
    steps = years * steps_a_year
    out = {quote: np.empty((paths, steps)) for quote in system.quotes}
    second = {quote: np.zeros((paths, steps), dtype=np.bool_) for quote in system.quotes}
    speeds = np.array([process.reversion for process in system.processes])
    exact = step_correlations(system.correlation, reversion=speeds, years=1 / steps_a_year)
    root = _root(exact)

    def run(block: int) -> None:
        rows = slice(block * BLOCK, min((block + 1) * BLOCK, paths))
        draws = _Block(system, seed, block, steps, steps_a_year, drawn_parameters)
        shocks = [draws.shocks(process) for process in system.processes]
        for place, process in enumerate(system.processes):
            mixed = _mixed(shocks, root[place, : place + 1])
            begin = (start or {}).get(process.quote, process.level)
            logs, states = _walk(process, draws, mixed, begin)
            out[process.quote][rows] = np.exp(logs).T[: rows.stop - rows.start]
            second[process.quote][rows] = states.T[: rows.stop - rows.start]

    blocks = range(-(-paths // BLOCK))
    threads = min(workers if workers is not None else (os.cpu_count() or 1), len(blocks))
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for _ in pool.map(run, blocks):
            pass
    return PricePaths(out, steps_a_year, second)


@dataclass(frozen=True, slots=True)
class _Block:
    """The random numbers of one block of paths."""

    system: PriceSystem
    seed: int
    number: int
    steps: int
    steps_a_year: int
    drawn: bool
    clocks: dict[tuple[str, ...], Array] = field(default_factory=dict)
    """Uniform numbers already drawn, by what they are for."""

    def rng(self, *keys: str) -> np.random.Generator:
        return stream(self.seed, "price", *keys, self.number)

    def shocks(self, process: PriceProcess) -> Array:
        return self.rng("shock", *process.quote).standard_normal((self.steps, BLOCK))

    def parameter(self, process: PriceProcess, name: str) -> Array:
        r"""Draw a positive parameter: lognormal with the stated mean and standard error."""
        value = float(getattr(process, name) or 0.0)
        error = process.standard_errors.get(name, 0.0)
        if not (self.drawn and error > 0 and value > 0):
            return np.full(BLOCK, value)
        spread = np.sqrt(np.log1p((error / value) ** 2))
        normal = self.rng("parameter", name, *process.quote).standard_normal(BLOCK)
        return np.asarray(value * np.exp(spread * normal - 0.5 * spread**2))

    def clock(self, process: PriceProcess, what: str) -> Array:
        """Draw the uniform numbers of a state or jump, common to a group."""
        own = ("group", process.group) if process.group else ("quote", *process.quote)
        key = (what, *own)
        if key not in self.clocks:
            self.clocks[key] = self.rng(*key).random((self.steps, BLOCK))
        return self.clocks[key]

    def states(self, process: PriceProcess, *, begins_second: bool) -> NDArray[np.bool_]:
        """Walk the two-state chain; row k is the state through step k."""
        states = np.zeros((self.steps, BLOCK), dtype=np.bool_)
        if process.second_ratio is None:
            return states
        leader = self.system.leader(process)
        rates = (self.parameter(leader, "rate_to_second"), self.parameter(leader, "rate_back"))
        enter, stay = switching_chances(*rates, years=1 / self.steps_a_year)
        uniform = self.clock(process, "state")
        states[0] = begins_second
        for step in range(1, self.steps):
            chance = np.where(states[step - 1], stay, enter)
            states[step] = uniform[step] < chance
        return states

    def jumps(self, process: PriceProcess) -> Array | None:
        """Sum the log jumps of each step: Poisson in number, normal in size."""
        if process.jump_rate == 0:
            return None
        mean = process.jump_rate / self.steps_a_year
        uniform = self.clock(process, "jump")
        chances = np.cumsum(np.exp(-mean) * np.cumprod([1.0, *(mean / np.arange(1, MOST_JUMPS))]))
        number = np.searchsorted(chances, uniform)
        jumping = np.nonzero(number)
        count = number[jumping].astype(np.float64)
        size = ndtri(1.0 - self.rng("size", *process.quote).random(len(count)))
        total = np.zeros(uniform.shape)
        total[jumping] = count * process.jump_mean + np.sqrt(count) * process.jump_sd * size
        return total


def _walk(
    process: PriceProcess, draws: _Block, shocks: Array, start: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Step the log price of one block; rows are steps."""
    years = 1 / draws.steps_a_year
    reversion = draws.parameter(process, "reversion")
    first = np.log(draws.parameter(process, "level"))
    shift = np.log(draws.parameter(process, "second_ratio")) if process.second_ratio else 0.0
    volatility = draws.parameter(process, "volatility")
    low, high = process.attractors
    nearer_second = abs(np.log(start / high)) < abs(np.log(start / low))
    states = draws.states(process, begins_second=bool(nearer_second))
    left = decay(reversion, years=years)
    calm = step_deviation(reversion, volatility=volatility, years=years)
    factor = (process.second_volatility or process.volatility) / (process.volatility or 1.0)
    jumps = draws.jumps(process)
    logs = np.empty(shocks.shape)
    now = np.full(BLOCK, np.log(start))
    for step in range(len(shocks)):
        pull = first + states[step] * shift
        spread = calm * np.where(states[step], factor, 1.0) if factor != 1.0 else calm
        now = pull + (now - pull) * left + spread * shocks[step]
        if jumps is not None:
            now = now + jumps[step]
        logs[step] = now
    return logs, states


def _root(correlation: Array) -> Array:
    """Give a lower triangular root, row by row, also of a matrix without full rank."""
    number = len(correlation)
    root = np.zeros((number, number))
    for row in range(number):
        for column in range(row + 1):
            rest = correlation[row, column] - root[row, :column] @ root[column, :column]
            if row == column:
                root[row, row] = np.sqrt(max(rest, 0.0))
            elif root[column, column] > 1e-8:
                root[row, column] = rest / root[column, column]
    return root


def _mixed(shocks: list[Array], weights: Array) -> Array:
    """Mix the shocks of a price and those before it, always in the same order."""
    total = weights[0] * shocks[0]
    for weight, shock in zip(weights[1:], shocks[1:], strict=False):
        if weight != 0:
            total += weight * shock
    return np.asarray(total)


def _check_call(
    system: PriceSystem, years: int, paths: int, steps: int, start: Mapping[Quote, float]
) -> None:
    if years < 1 or paths < 1 or steps not in STEPS_A_YEAR:
        msg = (
            f"{paths} paths of {years} years in {steps} steps a year cannot be drawn. Ask for at "
            f"least one path and one year, and {STEPS_A_YEAR} steps a year.  [F203]"
        )
        raise FinanceError(msg, code="F203")
    for quote, price in start.items():
        if quote not in system.quotes or not (np.isfinite(price) and price > 0):
            known = ", ".join(str(one) for one in system.quotes)
            msg = (
                f"the price of {quote} today is {price!r}. It must be above 0, and of a price that "
                f"moves: {known}.  [F203]"
            )
            raise FinanceError(msg, code="F203")
