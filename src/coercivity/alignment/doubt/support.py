"""Running support by which a package is carried, and more of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from coercivity.alignment.package.bench import Bench, Outcome
from coercivity.alignment.package.instruments import Column
from coercivity.finance.appraisal import Appraisal
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import (
    Contract,
    ContractForDifference,
    CostPlus,
    EbitdaFloor,
    Floor,
    ProductionCredit,
    Step,
    StockpilePurchase,
    UpsideShare,
)

PACKAGE = "package"
"""Kind of promise of all running support while doubt in it is looked at."""


def more(contract: Contract, factor: float) -> Contract:
    """Give a contract that pays more: a higher strike, amount or price.

    Parameters
    ----------
    contract
        Running support.
    factor
        Of what is promised. [ratio]

    Examples
    --------
    >>> more(Floor(id="f", material="x", strike=50.0), 1.5).strike
    75.0
    """
    if isinstance(contract, (Floor, ContractForDifference)):
        return replace(contract, strike=factor * contract.strike)
    if isinstance(contract, (ProductionCredit, EbitdaFloor)):
        return replace(contract, amount=factor * contract.amount)
    if isinstance(contract, StockpilePurchase):
        return replace(contract, price=factor * contract.price)
    if isinstance(contract, CostPlus):
        return replace(contract, margin=factor * contract.margin)
    msg = f"{contract.KIND} cannot be scaled"
    raise TypeError(msg)


def runs(contract: Contract) -> bool:
    """Tell whether a contract is paid while the plant runs, so that doubt bears on it.

    What owners give back of high prices is owed whatever the government does.

    Parameters
    ----------
    contract
        Any.
    """
    return contract.STEP in {Step.RUNNING, Step.PROFIT} and not isinstance(contract, UpsideShare)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A project with obligated money that stays and running support that may lapse."""

    bench: Bench
    obligated: tuple[Contract, ...]
    running: tuple[Contract, ...]
    product: str
    _certain: dict[float, Outcome] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was found without doubt, which is the same for every kind of promise."""

    def contracts(self, factor: float) -> tuple[Contract, ...]:
        """Give the package with its running support scaled.

        Parameters
        ----------
        factor
            Of running support. [ratio]
        """
        raised = [more(one, factor) for one in self.running]
        strikes = [one.strike for one in raised if isinstance(one, Floor)]
        highest = max(strikes, default=0.0)
        kept = [
            replace(one, threshold=max(one.threshold, highest))
            if isinstance(one, UpsideShare)
            else one
            for one in self.obligated
        ]
        return (*kept, *raised)

    def believed(self, pays: Array, factor: float) -> Outcome:
        """Say what owners and lenders make of the package.

        Parameters
        ----------
        pays
            Share of each year in which running support pays, as they believe. [fraction]
        factor
            Of running support. [ratio]
        """
        certain = bool((pays == 1.0).all())
        if certain and factor in self._certain:
            return self._certain[factor]
        found = self.bench.believing({PACKAGE: pays}).outcome(self.contracts(factor))
        if certain:
            self._certain[factor] = found
        return found

    def in_full(self, pays: Array, factor: float) -> Appraisal:
        """Appraise the package with all accounts.

        Parameters
        ----------
        pays
            Share of each year in which running support pays. [fraction]
        factor
            Of running support. [ratio]
        """
        return self.bench.believing({PACKAGE: pays}).with_contracts(self.contracts(factor))

    def cost(self, pays: Array, factor: float) -> Array:
        """Give the public cost of each path, contracts in force left out. [million, real]

        Parameters
        ----------
        pays
            Share of each year in which running support truly pays. [fraction]
        factor
            Of running support. [ratio]
        """
        base = self.bench.appraise(self.bench.nothing).public
        return np.asarray(self.believed(pays, factor).public - base)


def carried_by(bench: Bench, contracts: Sequence[Contract], *, product: str) -> Carried:
    """Put all running support of a package behind one promise.

    Parameters
    ----------
    bench
        The project; its columns do not matter.
    contracts
        Of the package.
    product
        Whose tonnes are counted.
    """
    return Carried(
        bench=bench,
        obligated=tuple(one for one in contracts if not runs(one)),
        running=tuple(replace(one, promise=PACKAGE) for one in contracts if runs(one)),
        product=product,
    )


def never_doubted(bench: Bench) -> Bench:
    """Give a project whose package is believed in full; contracts in force stay as they are.

    Parameters
    ----------
    bench
        The project.
    """

    def kept(column: Column) -> Column:
        def make(level: float) -> tuple[Contract, ...]:
            return tuple(
                replace(one, promise=PACKAGE) if runs(one) else one for one in column.make(level)
            )

        return replace(column, make=make)

    columns = tuple(kept(column) for column in bench.columns)
    always = np.ones((1, bench.cash.years))
    return replace(bench, columns=columns).believing({PACKAGE: always})
