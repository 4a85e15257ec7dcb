"""Every shock in turn, on one model that stays loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.dispatch.network import TONNES_PER_UNIT
from coercivity.foundation.periods import Array
from coercivity.resilience.attack.defender import Defender, Loss, Response, shortfalls
from coercivity.resilience.attack.formulation import Formulation, formulate, remembered
from coercivity.resilience.attack.measure import Measure
from coercivity.resilience.attack.shocks import Shock, lost_share

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
    primal: Array
    """What is done."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """All shocks, the worst first, and the chain without any."""

    form: Formulation
    calm: Response
    """What is done undisturbed; its value is the cost. [million]"""
    calm_value: float
    """What is counted undisturbed. [t, weighted]"""
    struck: tuple[Struck, ...]
    solved: int
    """Shocks for which a model was solved; the others touch nothing that is used. [count]"""


class Sweeper:
    """Operates a chain after one shock after another.

    Everything before the year of the shocks stays as it was undisturbed. A shock that takes
    nothing the undisturbed chain uses changes nothing, and is not solved again. Each of the two
    passes has a model of its own that stays loaded, so that only bounds change between solves.

    Parameters
    ----------
    case
        The chain without options.
    measure
        What is counted.
    year
        Year at whose beginning shocks start. [calendar year]
    """

    def __init__(self, case: Case, measure: Measure, *, year: int) -> None:
        self.case, self.measure, self.year = case, measure, year
        whole = formulate(case, periods=measure.last + 1)
        first = Defender(whole, measure)
        self.calm_value = first.respond().value
        self.calm = first.cheapest([], self.calm_value)
        start = int(case.horizon.period_of_year[year - case.horizon.first_year])
        self.form = remembered(whole, self.calm.primal, before=start)
        self.defender = first if start == 0 else Defender(self.form, measure)
        self.solved = 0

    def losses(self, shock: Shock) -> list[Loss]:
        """Give what a shock takes in each period."""
        share = lost_share(self.case, shock, year=self.year, periods=self.form.periods)
        return shock.losses(share)

    def strike(self, shock: Shock, *, after: Sequence[Struck] = ()) -> Struck:
        """Operate the chain after a shock.

        Parameters
        ----------
        shock
            The shock.
        after
            Parts of it that were looked at already: the best answer to one that is possible after
            all of it is the best answer to all of it as well.
        """
        losses = self.losses(shock)
        known = after or (self._undisturbed(shock),)
        for before in known:
            if self.defender.keeps(before.primal, losses):
                return Struck(
                    shock, before.value, before.more, before.cost, before.short, before.primal
                )
        self.solved += 1
        value = max(self.defender.respond(losses).value, *(one.value for one in known))
        found = self.defender.cheapest(losses, value)
        return Struck(
            shock,
            value,
            value - self.calm_value,
            found.value - self.calm.value,
            shortfalls(self.form, found.primal, self.measure.years),
            found.primal,
        )

    def _undisturbed(self, shock: Shock) -> Struck:
        short = shortfalls(self.form, self.calm.primal, self.measure.years)
        return Struck(shock, self.calm_value, 0.0, 0.0, short, self.calm.primal)

    def sweep(
        self, shocks: Sequence[Shock], *, pairs: Sequence[Shock] = (), tell: Told | None = None
    ) -> Sweep:
        """Go through shocks, the worst first in what is given back.

        Parameters
        ----------
        shocks
            Single shocks.
        pairs
            Losses of two targets, each of which must be among the shocks.
        tell
            Is told what is looked at and the share of the work done.
        """
        found: list[Struck] = []
        alone: dict[str, Struck] = {}
        for number, shock in enumerate([*shocks, *pairs]):
            if tell is not None and number == len(shocks):
                tell(
                    f"pairs to look at: {len(pairs)}; {self.solved} of {number} shocks alone "
                    "touch what is used and were solved",
                    number / (number + len(pairs)),
                )
            if tell is not None:
                tell(f"losing {shock.id}", number / (len(shocks) + len(pairs)))
            parts = [alone[t.key] for t in shock.targets] if len(shock.targets) > 1 else []
            struck = self.strike(shock, after=parts)
            found.append(struck)
            if shock.event is None and len(shock.targets) == 1:
                alone[shock.targets[0].key] = struck
        ranked = sorted(found, key=lambda one: (-one.more, -one.cost))
        return Sweep(self.form, self.calm, self.calm_value, tuple(ranked), self.solved)


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
