"""Every shock in turn, on one model that stays loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coercivity.chain import Case
from coercivity.dispatch.builder import Labels
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.defender import (
    Defender,
    Limits,
    Loss,
    Response,
    shortfalls,
)
from coercivity.resilience.attack.formulation import Formulation, formulate, remembered
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.pieces import Asking
from coercivity.resilience.attack.shocks import Shock, lost_share
from coercivity.resilience.attack.smaller import Smaller, smaller
from coercivity.resilience.attack.striking import Answer, Strike, Strikes
from coercivity.resilience.attack.targets import Target
from coercivity.solvers import Basis

Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Struck:
    """A shock, and what can still be done after it."""

    shock: Shock
    value: float
    """What is counted. [t, weighted]"""
    more: float
    """The same above the undisturbed chain. [t, weighted]"""
    cost: float
    """Discounted cost above the undisturbed chain, shortages at their penalty. [million]"""
    short: Mapping[str, float]
    """Tonnes short by demand, over the years that count. [t]"""
    seen: Array
    """Values of the columns that are told: what is short and what lies in stock."""


@dataclass(frozen=True, slots=True, eq=False)
class Untried:
    """A pair that was not looked at for want of time."""

    shock: Shock
    least: float
    """What losing one of the two alone leaves, above the undisturbed chain. [t, weighted]"""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """All shocks, the worst first, and the chain without any."""

    form: Formulation
    calm: Response
    """What is done undisturbed; its value is the cost. [million]"""
    calm_value: float
    """What is counted undisturbed. [t, weighted]"""
    told: Labels
    """Columns whose values are kept of each shock."""
    struck: tuple[Struck, ...]
    solved: int
    """Shocks for which a model was solved; for the others an answer was known. [count]"""
    untried: tuple[Untried, ...] = ()
    """Pairs that were not looked at for want of time."""

    def primal(self, one: Struck) -> Array:
        """Give what is short and what lies in stock after a shock, a value a column; others 0."""
        return _spread(self.form, self.told, one.seen)


@dataclass(frozen=True, slots=True, eq=False)
class _Alone:
    """A shock that was looked at alone, as pairs need it."""

    struck: Struck
    primal: Array
    """What is done after it, a value a column."""
    basis: Basis | None = None
    """Its vertex; None is that of the undisturbed chain."""
    steps: int = 0
    """Steps that led there. [count]"""


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What a sweep works with."""

    asking: Asking
    tell: Told | None
    singles: int
    pairs: int

    def told(self, phase: str, done: int) -> None:
        """Tell how far it is."""
        if self.tell is not None:
            self.tell(phase, done / max(self.singles + self.pairs, 1))


class Sweeper:
    """Operates a chain after one shock after another.

    Everything before the year of the shocks stays as it was undisturbed. A shock that takes
    nothing that the best answer to a part of it uses changes nothing, and is not solved. All
    others start from a vertex that is known beforehand, of the undisturbed chain or of a part of
    the shock: so no answer depends on what was asked before, nor on the process that was asked.

    Parameters
    ----------
    case
        The chain without options.
    measure
        What is counted.
    year
        Year at whose beginning shocks start. [calendar year]
    targets
        All that may be lost.
    """

    def __init__(
        self, case: Case, measure: Measure, *, year: int, targets: Iterable[Target]
    ) -> None:
        self.case, self.measure, self.year = case, measure, year
        whole = formulate(case, periods=measure.last + 1)
        first = Defender(whole, measure)
        self.calm_value = first.respond().value
        self.calm = first.cheapest([], self.calm_value)
        start = int(case.horizon.period_of_year[year - case.horizon.first_year])
        self.form = remembered(whole, self.calm.primal, before=start)
        self.defender = first if start == 0 else Defender(self.form, measure)
        self._small = self._made_smaller(targets)
        self._told = _told(self.form)
        self._limits = Limits(self.form, self.defender.reaches)

    def _made_smaller(self, targets: Iterable[Target]) -> Smaller:
        touched = np.zeros(self.form.matrices.columns, dtype=bool)
        for target in targets:
            reach = self.defender.reaches.of(target)
            touched[reach.bounded] = touched[reach.open] = True
        return smaller(self.form.matrices, touched=touched, counted=self.defender.weights)

    def losses(self, shock: Shock) -> list[Loss]:
        """Give what a shock takes in each period."""
        share = lost_share(self.case, shock, year=self.year, periods=self.form.periods)
        return shock.losses(share)

    def sweep(
        self,
        shocks: Sequence[Shock],
        asking: Asking,
        *,
        pairs: Sequence[Shock] = (),
        tell: Told | None = None,
    ) -> Sweep:
        """Go through shocks, the worst first in what is given back.

        Parameters
        ----------
        shocks
            Single shocks.
        asking
            Where models are solved; the answers are the same to the bit. Its end holds for pairs:
            shocks alone are always looked at.
        pairs
            Losses of two targets, each of which must be among the shocks. The worst are looked at
            first, as far as one can tell from the losses of one.
        tell
            Is told what is looked at and the share of the work done.
        """
        work = _Work(asking, tell, len(shocks), len(pairs))
        alone, question, solved = self._singles(shocks, work)
        found = [one.struck for one in alone]
        untried: list[Untried] = []
        if pairs:
            work.told(
                f"pairs to look at: {len(pairs)}; {solved} of {len(shocks)} shocks alone touch "
                "what is used and were solved",
                len(shocks),
            )
            more, untried, answered = self._pairs(pairs, alone, question, work)
            found, solved = [*found, *more], solved + answered
        ranked = sorted(found, key=_rank)
        return Sweep(
            self.form, self.calm, self.calm_value, self._told, tuple(ranked), solved, tuple(untried)
        )

    def _singles(self, shocks: Sequence[Shock], work: _Work) -> tuple[list[_Alone], Strikes, int]:
        """Look at shocks alone, all from the vertex of the undisturbed chain."""
        calm = self._undisturbed()
        every = np.arange(self._small.matrices.columns)
        question = Strikes(self._small, every, bases=work.pairs > 0)
        found = [replace(calm, struck=replace(calm.struck, shock=shock)) for shock in shocks]
        used = [n for n, shock in enumerate(shocks) if not self._keeps(calm, shock)]
        if used:
            question = question.begun(self.calm_value / self.defender.scale)
        strikes = [self.strike_of(shocks[n]) for n in used]
        always = replace(work.asking, deadline=None)
        for number, answer in zip(used, always.answers("shocks", question, strikes), strict=True):
            work.told(f"losing {shocks[number].id}", number)
            primal = self._small.whole(answer.seen)
            struck = self._struck(shocks[number], answer, primal[self._told])
            found[number] = _Alone(struck, primal, answer.basis, answer.steps)
        return found, question, len(used)

    def _pairs(
        self, pairs: Sequence[Shock], alone: Sequence[_Alone], question: Strikes, work: _Work
    ) -> tuple[list[Struck], list[Untried], int]:
        """Look at pairs: solve those to which no answer to one of the two is an answer as well."""
        by_key = {
            one.struck.shock.targets[0].key: one for one in alone if one.struck.shock.event is None
        }
        found: list[Struck] = []
        open_pairs: list[tuple[Shock, list[_Alone]]] = []
        for pair in pairs:
            parts = [by_key[target.key] for target in pair.targets]
            same = next((part for part in parts if self._keeps(part, pair)), None)
            if same is None:
                open_pairs.append((pair, parts))
            else:
                found.append(replace(same.struck, shock=pair))
        open_pairs.sort(key=_expected)
        started, strikes = self._started(open_pairs)
        places = self._small.group[self._told]
        briefly = replace(
            question, seen=np.maximum(places, 0), starts=(*question.starts, *started), bases=False
        )
        done = len(found)
        for (pair, _), answer in zip(
            open_pairs, work.asking.answers("pairs", briefly, strikes), strict=False
        ):
            work.told(f"losing {pair.id}", work.singles + len(found))
            seen = self._small.value[self._told] + np.where(
                places >= 0, self._small.factor[self._told] * answer.seen, 0.0
            )
            found.append(self._struck(pair, answer, seen))
        answered = len(found) - done
        untried = [
            Untried(pair, max(part.struck.more for part in parts))
            for pair, parts in open_pairs[answered:]
        ]
        return found, untried, answered

    def _started(
        self, pairs: Sequence[tuple[Shock, list[_Alone]]]
    ) -> tuple[list[Basis], list[Strike]]:
        """Let each pair begin at the vertex of the one of the two that took more steps."""
        numbers: dict[int, int] = {}
        bases: list[Basis] = []
        strikes = []
        for pair, parts in pairs:
            far = max(parts, key=lambda part: part.steps)
            if far.basis is not None and id(far) not in numbers:
                bases.append(far.basis)
                numbers[id(far)] = len(bases)
            least = max(part.struck.value for part in parts)
            strikes.append(self.strike_of(pair, least, numbers.get(id(far), 0)))
        return bases, strikes

    def _keeps(self, known: _Alone, shock: Shock) -> bool:
        """Tell whether an answer to a part of a shock is still possible after all of it.

        It is then the best answer to all of it: nothing is better after a greater loss.
        """
        return self.defender.keeps(known.primal, self.losses(shock))

    def strike_of(self, shock: Shock, least: float | None = None, start: int = 0) -> Strike:
        """Write a shock as limits of the smaller model.

        Parameters
        ----------
        shock
            The shock.
        least
            What is counted after a part of it; None takes the undisturbed chain. [t, weighted]
        start
            Number of the vertex to start from. [position]
        """
        known = self.calm_value if least is None else least
        rows, columns = self._small.limits(*self._limits.after(self.losses(shock)))
        return Strike(
            np.array(sorted(rows), dtype=np.int64),
            np.array([rows[row] for row in sorted(rows)], dtype=np.float64),
            np.array(sorted(columns), dtype=np.int64),
            np.array([columns[column] for column in sorted(columns)], dtype=np.float64),
            known / self.defender.scale,
            start,
        )

    def _struck(self, shock: Shock, answer: Answer, seen: Array) -> Struck:
        value = answer.value * self.defender.scale
        primal = _spread(self.form, self._told, seen)
        return Struck(
            shock,
            value,
            value - self.calm_value,
            answer.cost * self.form.unit - self.calm.value,
            shortfalls(self.form, primal, self.measure.years),
            seen,
        )

    def _undisturbed(self) -> _Alone:
        short = shortfalls(self.form, self.calm.primal, self.measure.years)
        seen = self.calm.primal[self._told]
        struck = Struck(Shock(()), self.calm_value, 0.0, 0.0, short, seen)
        return _Alone(struck, self.calm.primal)


def _rank(one: Struck) -> tuple[float, float, str]:
    """Rank what hurts most first; what differs by rounding alone is a tie."""
    return -round(one.more, 6), -round(one.cost, 6), one.shock.id


def _expected(pair: tuple[Shock, list[_Alone]]) -> tuple[float, float, str]:
    """Rank a pair by what its parts do alone, the worst first."""
    shock, parts = pair
    return (
        -sum(part.struck.more for part in parts),
        -sum(part.struck.cost for part in parts),
        shock.id,
    )


def _told(form: Formulation) -> Labels:
    """Find the columns of what is short and what lies in stock."""
    operation = form.model.operation
    columns = np.concatenate(
        [form.columns(operation.shortfall), form.columns(operation.storage.level)]
    )
    return np.asarray(columns[columns >= 0], dtype=np.int64)


def _spread(form: Formulation, columns: Labels, values: Array) -> Array:
    whole = np.zeros(form.matrices.columns)
    whole[columns] = values
    return whole


def stocks_held(form: Formulation, primal: Array) -> dict[tuple[str, int], float]:
    """Give what lies in each stock at the end of each period. [t]

    Parameters
    ----------
    form
        The chain.
    primal
        What is done.
    """
    block = form.model.operation.storage.level
    held: dict[tuple[str, int], float] = {}
    for column, stock, period in zip(
        form.columns(block).tolist(), block.index["stock"], block.index["period"], strict=True
    ):
        if column >= 0:
            key = (stock, int(period))
            held[key] = (
                held.get(key, 0.0) + float(np.maximum(primal[column], 0.0)) * TONNES_PER_UNIT
            )
    return held
