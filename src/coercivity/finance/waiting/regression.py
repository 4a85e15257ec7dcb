"""When to stop waiting, from paths: least-squares Monte Carlo."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coercivity.finance.acceptance import Estimate
from coercivity.finance.compiled import Array
from coercivity.finance.refusals import FinanceError

FEWEST_A_TERM = 10
"""Paths that a regression needs for each of its terms; with fewer waiting is taken as best."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """Worth of going on at one date, as a polynomial of the state."""

    centre: Array
    spread: Array
    weights: Array
    degree: int

    def at(self, states: Array) -> Array:
        """Give the worth of going on. [present value]

        Parameters
        ----------
        states
            One row a path, one column a quantity.
        """
        return np.asarray(_terms((states - self.centre) / self.spread, self.degree) @ self.weights)


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When to stop: at the first date at which stopping is worth more than going on."""

    dates: tuple[Continuation | None, ...]
    """One a date but the last; None where too few paths gained by stopping to tell."""

    def stops(self, states: ArrayLike, worth: ArrayLike) -> NDArray[np.int64]:
        """Give the date at which each path stops; the number of dates where it never does.

        Parameters
        ----------
        states
            By path, date and quantity; one quantity may be left out. [any]
        worth
            Of stopping, by path and date. [present value]
        """
        table, paid = _tables(states, worth)
        number, dates = paid.shape
        when = np.full(number, dates, dtype=np.int64)
        when[paid[:, -1] > 0] = dates - 1
        for date in range(dates - 2, -1, -1):
            rule = self.dates[date]
            if rule is not None:
                good = np.flatnonzero(paid[:, date] > 0)
                stop = good[paid[good, date] >= rule.at(table[good, date])]
                when[stop] = date
        return when

    def worth(self, states: ArrayLike, worth: ArrayLike) -> Array:
        """Give what each path gets. [present value]

        Parameters
        ----------
        states, worth
            As in `stops`.
        """
        _, paid = _tables(states, worth)
        when = self.stops(states, worth)
        last = paid.shape[1]
        got = paid[np.arange(len(paid)), np.minimum(when, last - 1)]
        return np.where(when < last, got, 0.0)


def stopping_threshold(
    rule: StoppingRule, date: int, *, states: ArrayLike, worth: ArrayLike
) -> float | None:
    """Give the state from which on stopping is best at a date; None if it is at none of them.

    Parameters
    ----------
    rule
        As learnt, with one quantity as its state.
    date
        Counted from 0; not the last, at which anything that pays is taken.
    states
        Where to look, rising. [any]
    worth
        Of stopping in each of them at that date. [present value]

    Notes
    -----
    The regression saw only states that its paths reached, and where stopping pays; look there.

    Examples
    --------
    Going on is worth 1 at every state here:

    >>> flat = Continuation(np.zeros(1), np.ones(1), np.ones(1), 0)
    >>> rule = StoppingRule((flat,))
    >>> stopping_threshold(rule, 0, states=[1.0, 2.0, 3.0], worth=[0.0, 1.0, 2.0])
    2.0
    """
    going_on = rule.dates[date]
    if going_on is None:
        return None
    where = np.asarray(states, dtype=np.float64)
    paid = np.asarray(worth, dtype=np.float64)
    holds = (paid <= 0) | (paid < going_on.at(where[:, None]))
    if holds[-1]:
        return None
    return float(where[0] if not holds.any() else where[int(np.flatnonzero(holds)[-1]) + 1])


def learn_stopping(states: ArrayLike, worth: ArrayLike, *, degree: int = 3) -> StoppingRule:
    r"""Learn when to stop, backwards from the last date.

    At each date the worth of going on is regressed on polynomials of the state, over the paths
    on which stopping pays:

    .. math:: C_k(x) = \sum_j c_{kj} L_j(x), \qquad \text{stop where } W_k \ge C_k(x_k)

    Parameters
    ----------
    states
        By path, date and quantity; one quantity may be left out. [any]
    worth
        Of stopping, by path and date, discounted to one time; never stopping is worth 0.
        [present value]
    degree
        Of the polynomials, mixed terms included.

    References
    ----------
    Longstaff and Schwartz (2001), *Review of Financial Studies* 14(1), 113-147.

    Examples
    --------
    Stopping is worth 1 now and 2 later, whatever happens:

    >>> states = np.random.default_rng(1).random((100, 2))
    >>> rule = learn_stopping(states, np.tile([1.0, 2.0], (100, 1)), degree=1)
    >>> sorted(set(rule.stops(states, np.tile([1.0, 2.0], (100, 1))).tolist()))
    [1]
    """
    table, paid = _tables(states, worth)
    got = np.maximum(paid[:, -1], 0.0)
    found: list[Continuation | None] = []
    for date in range(paid.shape[1] - 2, -1, -1):
        good = np.flatnonzero(paid[:, date] > 0)
        rule = regress(table[good, date], got[good], degree=degree)
        found.append(rule)
        if rule is not None:
            stop = good[paid[good, date] >= rule.at(table[good, date])]
            got[stop] = paid[stop, date]
    return StoppingRule(tuple(reversed(found)))


def regress(states: Array, values: Array, *, degree: int) -> Continuation | None:
    """Regress worths on polynomials of states; None where there are too few paths.

    Parameters
    ----------
    states
        One row a path, one column a quantity. [any]
    values
        Worth on each path. [present value]
    degree
        Of the polynomials, mixed terms included.

    Examples
    --------
    >>> line = np.linspace(0.0, 1.0, 50)[:, None]
    >>> found = regress(line, 3.0 * line[:, 0] + 1.0, degree=1)
    >>> print(f"{found.at(np.array([[2.0]]))[0]:.3f}")
    7.000
    """
    if len(states) == 0:
        return None
    centre, spread = states.mean(axis=0), states.std(axis=0)
    # A state that does not vary, as on the first date, tells nothing: only the mean is left.
    spread = np.where(spread > 1e-12 * (1 + np.abs(centre)), spread, np.inf)
    terms = _terms((states - centre) / spread, degree)
    if len(states) < FEWEST_A_TERM * terms.shape[1]:
        return None
    weights = np.asarray(np.linalg.lstsq(terms, values, rcond=None)[0], dtype=np.float64)
    return Continuation(centre, spread, weights, degree)


def _terms(states: Array, degree: int) -> Array:
    """Give all products of at most so many states."""
    columns = [np.ones(len(states))]
    for order in range(1, degree + 1):
        for chosen in combinations_with_replacement(range(states.shape[1]), order):
            columns.append(np.prod(states[:, list(chosen)], axis=1))
    return np.column_stack(columns)


def _tables(states: ArrayLike, worth: ArrayLike) -> tuple[Array, Array]:
    paid = np.asarray(worth, dtype=np.float64)
    table = np.asarray(states, dtype=np.float64)
    if table.ndim == 2:
        table = table[:, :, None]
    if paid.ndim != 2 or table.shape[:2] != paid.shape or not np.isfinite(paid).all():
        msg = (
            f"states of the shape {table.shape} meet worths of the shape {paid.shape}, or a worth "
            "is not finite. Give both by path and date.  [F208]"
        )
        raise FinanceError(msg, code="F208")
    return table, paid


def value_of_waiting(
    states: ArrayLike, worth: ArrayLike, *, rate: float, interval: float, degree: int = 3
) -> Estimate:
    r"""Estimate what owners could gain by deciding later, at the best of the later dates.

    The rule is learnt on one half of the paths and valued on the other, so the estimate is not
    raised by hindsight: it is at most the true value, on average.

    Parameters
    ----------
    states
        What owners see at each date, by path, date and quantity. [any]
    worth
        Expected value of investing at each date given what is seen, in money of that date; the
        first date is now. [million]
    rate
        At which owners discount, such as the hurdle. [1/year]
    interval
        Between dates. [year]
    degree
        Of the polynomials.

    Returns
    -------
    Estimate
        In money of now. [million]

    Examples
    --------
    A worth that is certain to fall gains nothing by waiting but the discount it loses:

    >>> falling = np.tile([10.0, 5.0, 0.0], (400, 1))
    >>> value_of_waiting(falling, falling, rate=0.0, interval=1.0).value
    5.0
    """
    table, paid = _tables(states, worth)
    present = paid * (1.0 + rate) ** (-interval * np.arange(paid.shape[1]))
    if present.shape[1] < 2 or len(present) < 4:
        msg = (
            f"waiting on {len(present)} paths with {present.shape[1]} dates has no value to "
            "estimate. Give at least 4 paths, now and one later date.  [F208]"
        )
        raise FinanceError(msg, code="F208")
    later, half = slice(1, None), len(present) // 2
    rule = learn_stopping(table[:half, later], present[:half, later], degree=degree)
    return Estimate.mean(rule.worth(table[half:, later], present[half:, later]))
