"""How long a chain lasts without a plant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.dispatch.builder import Labels
from coercivity.foundation.errors import InternalError
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.contraction import contracted
from coercivity.resilience.attack.defender import Defender, Loss
from coercivity.resilience.attack.formulation import Formulation, Reaches, formulate
from coercivity.resilience.attack.leaning import Leaning
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.outages import Outages, Question
from coercivity.resilience.attack.targets import Target
from coercivity.resilience.attack.window import Shrinking, at_rest, opened, shrinking

WHOLE = 1.0 - 1e-7
"""Share of a period from which on all of it is survived. [fraction]"""
Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Survival:
    """How long demand is served without a target."""

    target: Target
    years: float
    """Longest outage in which demand is served as undisturbed. [year]"""
    censored: bool
    """Whether it lasts as long as was looked at: it may be longer."""
    used: float
    """Most of its capacity that is used undisturbed. [fraction]"""


class Endurance:
    r"""Finds the longest outage that nobody who counts would notice.

    .. math::

        \max \tau \quad\text{subject to}\quad
        \text{stock}_0 + \int_0^\tau \text{supply without the target} \ge \int_0^\tau \text{demand}

    The target is gone from the beginning of a period on. While it is gone the others run within
    their capacity, stocks are drawn, other demands may go short; those that count are served as
    undisturbed at every moment in which flows are constant (a period). What is made before or
    after does not help: an outage of half a year is half a year without the target, not a year at
    half capacity. Periods are added while they are survived whole; in the last one its length
    follows from a column of a linear model, so the answer is exact and not a grid.

    Parameters
    ----------
    form
        The chain, of demands that count (`formulate` with ``counted``).
    measure
        What counts.
    past
        What is done undisturbed, a value a column of ``form``.
    first
        Period at whose beginning the outage starts.
    """

    def __init__(self, form: Formulation, measure: Measure, past: Array, *, first: int) -> None:
        self._measure, self._first = measure, first
        window = contracted(opened(served(form, measure, past), past, first=first))
        self._form = window
        self._periods = range(first, measure.last + 1)
        self._lengths = form.case.horizon.lengths

    @property
    def longest(self) -> float:
        """Longest outage that is looked at. [year]"""
        return float(sum(self._lengths[period] for period in self._periods))

    def all(
        self, targets: Sequence[Target], *, tell: Told | None = None, workers: int = 1
    ) -> list[Survival]:
        """Find how long each target can be missed.

        Parameters
        ----------
        targets
            Plants, links or suppliers.
        tell
            Is told what is looked at and the share of the work done.
        workers
            Processes that share the outages; the answer is the same to the bit. [count]
        """
        used = self._used(targets)
        left = {number: 0.0 for number, share in enumerate(used) if share > 0}
        found = {n: Survival(t, self.longest, True, 0.0) for n, t in enumerate(targets)}
        with Outages(workers=workers) as outages:
            for period in self._periods:
                asked = list(left)
                shares = self._shares([targets[number] for number in asked], period, outages)
                for place, (number, share) in enumerate(zip(asked, shares, strict=True)):
                    if tell is not None:
                        done = period - self._first + place / len(asked)
                        tell(f"without {targets[number].id}", done / len(self._periods))
                    left[number] += share * self._lengths[period]
                    if share < WHOLE:
                        years = left.pop(number)
                        part = float(used[number])
                        found[number] = Survival(targets[number], years, False, part)
        for number in left:
            found[number] = Survival(targets[number], self.longest, True, float(used[number]))
        return [found[number] for number in range(len(targets))]

    def _used(self, targets: Sequence[Target]) -> Array:
        """Find what one way of serving all without an outage leans on; the rest is not missed."""
        thrifty = Defender(self._form, replace(self._measure, kind="shortfall")).thrifty(targets)
        answer = thrifty.respond([], np.inf)
        if answer is None:
            msg = f"a chain without an outage could not be served  [{InternalError.code}]"
            raise InternalError(msg)
        return self._leaning(targets, answer.primal)

    def _leaning(self, targets: Sequence[Target], primal: Array) -> Array:
        defender = Defender(self._form, self._measure)
        leaning = Leaning(defender, targets)
        shares = leaning.shares(primal)
        spoilt = leaning.spoilt(primal)
        return np.array([shares[n] or 1.0 if n in spoilt else 0.0 for n in range(len(targets))])

    def _shares(self, targets: Sequence[Target], period: int, outages: Outages) -> Iterator[float]:
        """Give the share of a period that is survived, all earlier ones being survived whole."""
        if not targets:
            return
        shrunk = shrinking(self._form, period)
        closed = closing(shrunk, targets, first=self._first)
        question = Question(shrunk.matrices, at_rest(shrunk))
        for least in outages.answers(question, closed):
            yield min(1.0 / max(least, 1.0), 1.0)


def closing(shrunk: Shrinking, targets: Sequence[Target], *, first: int) -> list[Labels]:
    """Find the columns that are zero while each target is out.

    Parameters
    ----------
    shrunk
        The chain up to a period.
    targets
        Plants, links or suppliers.
    first
        Period at whose beginning outages start.
    """
    form, reaches = shrunk.form, Reaches(shrunk.form)
    found = []
    for target in targets:
        reach = reaches.of(target)
        rows = reach.rows[reach.row_periods >= first]
        columns = np.concatenate([reach.bounded, reach.open])
        columns = columns[form.column_period[columns] >= first]
        held = np.unique(form.by_rows[rows].indices).astype(np.int64)
        found.append(np.union1d(held, columns))
    return found


def served(form: Formulation, measure: Measure, past: Array) -> Formulation:
    """Let demands that count be no shorter than they are undisturbed.

    Parameters
    ----------
    form
        The chain.
    measure
        What counts.
    past
        What is done undisturbed, a value a column of it.
    """
    block = form.model.operation.shortfall
    columns = form.columns(block)
    counts = np.array([name in measure.weights for name in block.index["demand"]], dtype=bool)
    picked = columns[(columns >= 0) & counts]
    upper = form.matrices.upper.copy()
    upper[picked] = np.clip(past[picked], 0.0, upper[picked])
    return replace(form, matrices=replace(form.matrices, upper=upper))


def endurance(whole: Formulation, calm: Array, measure: Measure, *, first: int) -> Endurance:
    """Set up the question on the smallest model that answers it.

    Parameters
    ----------
    whole
        The chain with everything in it.
    calm
        What is done undisturbed, a value a column of it.
    measure
        What counts.
    first
        Period at whose beginning the outage starts.
    """
    form = formulate(whole.case, periods=whole.periods, counted=measure.weights)
    past = np.zeros(form.matrices.columns)
    both = (form.column_of >= 0) & (whole.column_of >= 0)
    past[form.column_of[both]] = calm[whole.column_of[both]]
    return Endurance(form, measure, past, first=first)


__all__ = ["Endurance", "Loss", "Survival", "closing", "endurance", "served"]
