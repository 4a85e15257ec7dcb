"""The owners' game of a plan: what each project is worth beside every set of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from coercivity.alignment.coordination.chain_of_sets import Operated
from coercivity.alignment.coordination.payoffs import Array, Payoffs, names_of
from coercivity.chain import Case
from coercivity.finance.prices.simulation import PricePaths
from coercivity.finance.projects.from_activity import operation_of_activity
from coercivity.finance.projects.from_case import Decision
from coercivity.finance.projects.position import Position
from coercivity.finance.projects.pricing import pricing_of
from coercivity.finance.refusals import FinanceError

MOST_MARGINAL = 8
"""Marginal projects whose sets are all run, unless more are asked for. [count]"""
SELLS_NOTHING = "F103"
"""Code of the refusal of a project without revenue."""
Progress = Callable[[str, float], None]


class Runs(Protocol):
    """Whatever can run a chain without some projects."""

    def without(self, missing: Sequence[str]) -> Operated:
        """Run it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGame:
    """The game of the projects for which the others make a difference."""

    payoffs: Payoffs | None
    """Of the marginal projects; None where there are none."""
    coverage: Array
    """Share of demand served in each set of marginal projects. [fraction]"""
    always: tuple[str, ...]
    """Accept with all the others and with none: they count as built in every set."""
    never: tuple[str, ...]
    """Accept neither: they count as not built in any set."""
    fixed: tuple[str, ...]
    """Marginal, but beyond the number asked for: as they decide when all are built."""
    with_all: Mapping[str, float]
    """Worth of each with all the others, less what is needed. [million]"""
    alone: Mapping[str, float]
    """Worth of each with no other. [million]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuer:
    r"""Values a project in a chain that runs in some way.

    .. math:: F_i = E[NPV_\rho] - \max(0, W)

    on the project's own paths of prices, technical risk and promises: its mean equity value at the
    hurdle less what deciding later is worth. Where what it makes finds no price or buyer left, its
    capital is lost.
    """

    case: Case
    """As it was planned, with its options."""
    positions: Mapping[str, Position]
    decisions: Mapping[str, Sequence[Decision]]
    built_share: Mapping[str, Array]
    levels: Mapping[str, float] = field(default_factory=dict)
    """Added to the worth of each project that sells something: see `levelled`. [million]"""
    workers: int | None = None

    def worth(self, project: str, operated: Operated) -> float:
        """Value a project. [million]

        Parameters
        ----------
        project
            Which.
        operated
            How the chain runs.
        """
        position = self.positions[project]
        try:
            operation = operation_of_activity(
                self.case,
                project,
                decisions=self.decisions[project],
                activity=operated.activity,
                built_share=self.built_share,
            )
            pricing = pricing_of(self.case, operation, position.book)
            moved = replace(
                position,
                operation=operation,
                pricing=pricing,
                contracts=tuple(
                    contract
                    for contract in position.contracts
                    if getattr(contract, "material", pricing.product) in pricing.sold
                ),
            ).with_prices(_unfollowed(position), position.book)
            found = moved.appraise(workers=self.workers)
        except FinanceError as error:
            if error.code != SELLS_NOTHING:
                raise
            return -_capital(position)
        return found.worth.value - found.acceptance.needed + self.levels.get(project, 0.0)

    def levelled(
        self, planned: Operated, everyone: Operated, *, exact: Valuer | None = None
    ) -> Valuer:
        r"""Take the level of each worth from the plan, and only differences from sets.

        .. math:: F_i(S) = F_i^{plan} + F_i^{run}(S) - F_i^{run}(all)

        Run at least cost, plants that cost the same may share work otherwise than in the plan; with
        this a project is worth with all the others what it is worth in the plan. On common paths
        differences need fewer paths than levels.

        Parameters
        ----------
        planned
            The chain as the plan runs it.
        everyone
            The chain with all projects as it is run here.
        exact
            Values the plan on more paths; None does so on the same.
        """
        level = self if exact is None else exact
        levels = {
            name: level.worth(name, planned) - self.worth(name, everyone) for name in self.positions
        }
        return replace(self, levels=levels)


def _unfollowed(position: Position) -> PricePaths:
    """Give the prices that follow no others."""
    paths, follow = position.drawn.paths, {link.quote for link in position.book.links}
    own = {quote: table for quote, table in paths.prices.items() if quote not in follow}
    return PricePaths(own, paths.steps_a_year, {}, paths.margins)


def _capital(position: Position) -> float:
    """Give the present value of capital at the hurdle. [million]"""
    spent = position.operation.budget + position.operation.later
    when = np.arange(len(spent)) + position.terms.shift
    return float(np.sum(spent * (1 + position.terms.hurdle) ** -when))


def game_of_plan(
    runs: Runs,
    valuer: Valuer,
    projects: Sequence[str],
    *,
    most: int = MOST_MARGINAL,
    tell: Progress | None = None,
) -> PlanGame:
    """Set up the game of a plan's projects.

    First every project is valued with all the others and with none. One that decides the same way
    in both is taken to decide so in every set, which is exact where investments are complements;
    where they are not, a set in between might still turn it. The rest are marginal, and all their
    sets are run.

    Parameters
    ----------
    runs
        Runs the chain without some projects.
    valuer
        Values a project.
    projects
        Those that build something.
    most
        Marginal projects whose sets are run; of more, those whom the others matter to most.
        [count]
    tell
        Is told phase and share of the work done.
    """
    everyone = runs.without(())
    with_all = {name: valuer.worth(name, everyone) for name in projects}
    alone = {}
    for place, name in enumerate(projects):
        if tell is not None:
            tell(f"{name} alone", 0.4 * place / len(projects))
        alone[name] = valuer.worth(name, runs.without([one for one in projects if one != name]))
    always = tuple(n for n in projects if with_all[n] >= 0 and alone[n] >= 0)
    never = tuple(n for n in projects if with_all[n] < 0 and alone[n] < 0)
    marginal = [n for n in projects if n not in always and n not in never]
    marginal.sort(key=lambda name: -abs(with_all[name] - alone[name]))
    players = tuple(name for name in projects if name in marginal[:most])
    fixed = tuple(marginal[most:])
    out = [*never, *(name for name in fixed if with_all[name] < 0)]
    payoffs, coverage = _table(runs, valuer, players, out, tell)
    return PlanGame(
        payoffs=payoffs,
        coverage=coverage,
        always=always,
        never=never,
        fixed=fixed,
        with_all=with_all,
        alone=alone,
    )


def _table(
    runs: Runs,
    valuer: Valuer,
    players: tuple[str, ...],
    out: Sequence[str],
    tell: Progress | None,
) -> tuple[Payoffs | None, Array]:
    """Run every set of the players and value those in it."""
    if not players:
        return None, np.array([runs.without(out).served])
    values = np.zeros((2 ** len(players), len(players)))
    coverage = np.zeros(2 ** len(players))
    for mask in range(2 ** len(players)):
        if tell is not None:
            tell(f"set {mask + 1} of {len(coverage)}", 0.4 + 0.6 * mask / len(coverage))
        inside = names_of(players, mask)
        operated = runs.without([*out, *(name for name in players if name not in inside)])
        coverage[mask] = operated.served
        for place, name in enumerate(players):
            if name in inside:
                worth = valuer.worth(name, operated)
                values[mask, place] = values[mask ^ (1 << place), place] = worth
    return Payoffs(players, values), coverage
