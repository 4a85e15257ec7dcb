"""Shocks: what is lost, from when, for how long and how much of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from coercivity.chain import Case
from coercivity.foundation.errors import CaseError
from coercivity.foundation.periods import Array
from coercivity.foundation.problems import Problem
from coercivity.resilience.attack.defender import Loss
from coercivity.resilience.attack.targets import ATTACKED, Target
from coercivity.tables import CaseTables


@dataclass(frozen=True, slots=True)
class Shock:
    """Targets that are lost at once."""

    targets: tuple[Target, ...]
    event: str | None = None
    """Row of ``events`` it comes from; None is a loss for good."""
    duration: float = math.inf
    """How long it lasts. [year]"""
    depth: float = 1.0
    """Share that is lost. [fraction]"""

    @property
    def id(self) -> str:
        """Name it is known by: its event, or its targets."""
        if self.event is not None:
            return self.event
        return " + ".join(target.id for target in self.targets)

    @property
    def kind(self) -> str:
        """What is lost."""
        return " + ".join(dict.fromkeys(target.kind.value for target in self.targets))

    def losses(self, share: Array) -> list[Loss]:
        """Give what is gone by period."""
        return [Loss(target, share) for target in self.targets]


def lost_share(case: Case, shock: Shock, *, year: int, periods: int) -> Array:
    r"""Give the share that is gone in each period, averaged over it. [fraction]

    .. math:: s_t = depth\,\frac{|[y, y + duration) \cap period_t|}{n_t}

    Parameters
    ----------
    case
        The case.
    shock
        The shock.
    year
        Year at whose beginning it starts. [calendar year]
    periods
        Periods looked at. [count]

    Examples
    --------
    Half of a year without anything halves the year in which it falls.
    """
    bounds = np.array(case.horizon.boundaries[: periods + 1], dtype=float)
    end = year + shock.duration
    overlap = np.minimum(bounds[1:], end) - np.maximum(bounds[:-1], year)
    return np.asarray(shock.depth * np.clip(overlap, 0.0, None) / np.diff(bounds))


def plain_shocks(targets: Iterable[Target]) -> list[Shock]:
    """Lose each target for good."""
    return [Shock((target,)) for target in targets]


def pairs_of(targets: Iterable[Target]) -> list[Shock]:
    """Lose each two plants, ways or suppliers for good."""
    single = [target for target in targets if target.kind in ATTACKED]
    return [Shock(pair) for pair in combinations(single, 2)]


def shocks_of_events(tables: CaseTables, targets: Iterable[Target]) -> list[Shock]:
    """Give each event of the case at its mean duration and depth.

    Parameters
    ----------
    tables
        The case.
    targets
        What can fail; events of what cannot are left out.

    Raises
    ------
    CaseError
        If an event lasts no time or takes nothing.
    """
    known: Mapping[str, Target] = {target.key: target for target in targets}
    shocks: list[Shock] = []
    wrong: list[Problem] = []
    for row in tables["events"].rows():
        key = f"{row.text('scope')}/{row.text('target')}"
        duration, depth = row.maybe_number("duration_mean"), row.number("depth")
        if duration is None or duration <= 0:
            wrong.append(
                Problem(
                    "S104",
                    row.place("duration_mean"),
                    f"event '{row.text('id')}' lasts "
                    + ("no stated time" if duration is None else f"{duration:g} years"),
                    "As a shock it would do nothing. Give a duration above 0, or leave it out.",
                )
            )
        elif depth <= 0:
            wrong.append(
                Problem(
                    "S104",
                    row.place("depth"),
                    f"event '{row.text('id')}' takes {depth:g} away",
                    "As a shock it would do nothing. Give a depth above 0, or leave it out.",
                )
            )
        elif key in known:
            shocks.append(Shock((known[key],), row.text("id"), duration, depth))
    if wrong:
        raise CaseError(wrong, case=tables.name)
    return shocks
