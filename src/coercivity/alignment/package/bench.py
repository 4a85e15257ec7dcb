"""A project on its paths, on which any package is appraised in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from coercivity.alignment.package.instruments import Column
from coercivity.finance.acceptance import Acceptance
from coercivity.finance.appraisal import Appraisal, appraise
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract, Grant, PolicyLoan
from coercivity.finance.inputs import CashInputs, ProjectTerms
from coercivity.finance.projects.position import Position

Levels = tuple[float, ...]
"""How much of each column is given. [fraction]"""
LEAST = 1e-6
"""Levels below this are nothing. [fraction]"""
CONFIDENT = 1.65
"""Standard errors by which a package must clear each limit on the paths it is made on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a package does, without the accounts behind it."""

    hurdle: Array
    """Equity value of each path at the hurdle; where plants exist, what building adds.
    [million, real]"""
    treasury: Array
    """The same at the Treasury rate. [million, real]"""
    public: Array
    """Public cost of each path, contracts in force included. [million, real]"""
    promised: float
    """Most that may fall due, contracts in force included. [million, real]"""
    credit_subsidy: float
    """Of loans and guarantees, mean. [million, real]"""
    debt: float
    """Principal of all loans. [million, nominal]"""
    acceptance: Acceptance

    closed: float
    """Share of paths on which the plant closes early. [fraction]"""

    @property
    def accepted(self) -> bool:
        """Whether owners and lenders say yes."""
        return self.acceptance.investor_accepts and self.acceptance.lender_accepts


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A project on one set of paths, with the contracts in force and those it may be given."""

    cash: CashInputs
    terms: ProjectTerms
    """What owners could gain otherwise is in `ProjectTerms.value_of_waiting`."""
    contracts: tuple[Contract, ...] = ()
    """In force; they stay."""
    columns: tuple[Column, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    """Most that the levels of each group may sum to. [fraction]"""
    going_on: Array | None = None
    """Net cash of owners if nothing is built, by path and year, where plants exist: they judge what
    building adds to it. [million/year, real]"""
    later: float = 0.0
    """Capital of later modules, beside the budget on which lenders and grants are sized.
    [million, nominal]"""
    errors: float = 0.0
    """Standard errors by which each limit must be cleared."""
    workers: int | None = None
    """Threads; the bits do not depend on them."""
    also: tuple[Bench, ...] = ()
    """The same project in other futures, in which owners and lenders must say yes too."""
    seen: dict[Levels, Outcome] = field(default_factory=dict)
    """Packages that were appraised already."""

    @classmethod
    def of(
        cls,
        position: Position,
        columns: Sequence[Column] = (),
        limits: Mapping[str, float] | None = None,
        *,
        workers: int | None = None,
    ) -> Bench:
        """Put a project on the bench.

        A plant that exists could go on with nothing built. Its owners ask for more than that is
        worth under the contracts in force, on the same paths: a package is for those who build.

        Parameters
        ----------
        position
            The project.
        columns
            What it may be given.
        limits
            Most that the levels of each group may sum to. [fraction]
        workers
            Threads; the bits do not depend on them.
        """
        terms, going_on = position.terms, None
        if position.may_go_on:
            going_on = position.without_building().appraise(workers=workers).owners
        years = position.operation.years
        later = float((position.operation.later * terms.price_level(years)).sum())
        return cls(
            cash=position.cash(),
            terms=terms,
            contracts=position.contracts,
            columns=tuple(columns),
            limits=limits or {},
            going_on=going_on,
            later=later,
            workers=workers,
        )

    def tightened(self, errors: float = CONFIDENT) -> Bench:
        """Ask that every limit be cleared by standard errors.

        Parameters
        ----------
        errors
            How many. [standard error]
        """
        also = tuple(other.tightened(errors) for other in self.also)
        return replace(self, errors=errors, also=also, seen={})

    def believing(self, alive: Mapping[str, Array]) -> Bench:
        """Let kinds of promises stand as told; others stay as they were.

        Parameters
        ----------
        alive
            Share of each year in which each kind stands. [fraction]
        """
        cash = replace(self.cash, alive={**self.cash.alive, **alive})
        also = tuple(other.believing(alive) for other in self.also)
        return replace(self, cash=cash, also=also, seen={})

    @property
    def capital(self) -> float:
        """Capital as planned. [million, nominal]"""
        return nominal_budget(self.cash, self.terms)

    @property
    def nothing(self) -> Levels:
        """The empty package."""
        return (0.0,) * len(self.columns)

    @property
    def needed(self) -> float:
        """What equity must be worth. [million, real]"""
        return max(0.0, self.terms.value_of_waiting)

    def given(self, levels: Levels) -> tuple[Contract, ...]:
        """Give the contracts of a package.

        Parameters
        ----------
        levels
            Of each column.
        """
        return tuple(
            contract
            for column, level in zip(self.columns, levels, strict=True)
            if level > LEAST
            for contract in column.make(level)
        )

    def appraise(self, levels: Levels) -> Outcome:
        """Appraise the project with a package, in full.

        Parameters
        ----------
        levels
            Of each column.
        """
        if levels not in self.seen:
            self.seen[levels] = self.outcome(self.given(levels))
        return self.seen[levels]

    def outcome(self, given: Sequence[Contract]) -> Outcome:
        """Say what further contracts do.

        Parameters
        ----------
        given
            Beside those in force.
        """
        found = self.with_contracts(given)
        return Outcome(
            hurdle=found.equity_npv,
            treasury=found.equity_npv_treasury,
            public=found.public.paths,
            promised=found.public.promised,
            credit_subsidy=found.public.credit_subsidy.value,
            debt=found.debt,
            acceptance=found.acceptance,
            closed=float(np.mean(found.accounts.closed < found.accounts.cfads.shape[1])),
        )

    def _paid_for(self, given: Sequence[Contract]) -> bool:
        """Tell whether grants and agreed loans pay for all capital: nothing is left to lend for."""
        towards = [
            c.amount for c in (*self.contracts, *given) if isinstance(c, (Grant, PolicyLoan))
        ]
        return bool(towards) and sum(towards) >= self.capital * (1 - 1e-9)

    def with_contracts(self, given: Sequence[Contract]) -> Appraisal:
        """Appraise the project with further contracts, in full.

        Parameters
        ----------
        given
            Beside those in force.
        """
        rule = replace(self.terms.acceptance, errors=self.errors)
        terms = replace(self.terms, acceptance=rule)
        if self._paid_for(given):
            terms = replace(terms, debt=None)
        contracts = (*self.contracts, *given)
        return appraise(self.cash, terms, contracts, workers=self.workers, going_on=self.going_on)

    def agrees(self, levels: Levels) -> bool:
        """Tell whether owners and lenders say yes to a package, here and in all other futures.

        Parameters
        ----------
        levels
            Of each column.
        """
        return self.appraise(levels).accepted and all(one.agrees(levels) for one in self.also)

    def cost(self, levels: Levels) -> Array:
        """Give what a package costs the public on each path, beside what is in force. [million]

        Parameters
        ----------
        levels
            Of each column.
        """
        base = self.appraise(self.nothing).public
        return np.asarray(self.appraise(levels).public - base)

    def fits(self, levels: Levels) -> Levels:
        """Cut levels to their own limits and, in proportion, to those of their group.

        Parameters
        ----------
        levels
            Of each column.
        """
        cut = [
            min(max(level, 0.0), one.most) for level, one in zip(levels, self.columns, strict=True)
        ]
        for group, limit in self.limits.items():
            mine = [k for k, column in enumerate(self.columns) if group in column.groups]
            total = sum(cut[k] for k in mine)
            if total > limit:
                for k in mine:
                    cut[k] *= limit / total
        return tuple(level if level > LEAST else 0.0 for level in cut)


def moved(levels: Levels, place: int, level: float) -> Levels:
    """Put one level in place of another.

    Parameters
    ----------
    levels
        Of each column. [fraction]
    place
        Of the column.
    level
        Its new level. [fraction]

    Examples
    --------
    >>> moved((0.1, 0.2), 1, 0.5)
    (0.1, 0.5)
    """
    return (*levels[:place], level, *levels[place + 1 :])


def nominal_budget(cash: CashInputs, terms: ProjectTerms) -> float:
    """Give capital as planned, in nominal money. [million, nominal]

    Parameters
    ----------
    cash
        Of the project.
    terms
        Whose inflation counts.
    """
    return float(np.sum(np.asarray(cash.budget) * terms.price_level(cash.years)))
