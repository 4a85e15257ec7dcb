"""Contracts that contradict each other, cover something twice, or outlive the project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from coercivity.finance.contracts.cfd import ContractForDifference
from coercivity.finance.contracts.ebitda_floor import EbitdaFloor
from coercivity.finance.contracts.floor import Floor
from coercivity.finance.contracts.grant import Grant
from coercivity.finance.contracts.guarantee import Guarantee
from coercivity.finance.contracts.interface import Contract
from coercivity.finance.contracts.loan import PolicyLoan
from coercivity.finance.contracts.upside_share import UpsideShare
from coercivity.finance.contracts.window import FOREVER, Starts
from coercivity.foundation.problems import Place, Problem

FILE = "contracts.csv"


def contract_problems(
    contracts: Sequence[Contract], *, years: int, first_output: int, budget: float
) -> list[Problem]:
    """List everything that is wrong with the contracts of a project, all at once.

    Parameters
    ----------
    contracts
        Of one project.
    years
        Years of the project. [year]
    first_output
        Planned year of first output. [year]
    budget
        Capital as planned. [million, nominal]

    Examples
    --------
    >>> floors = [Floor(id=name, material="x", strike=90.0, share=0.6) for name in ("a", "b")]
    >>> found = contract_problems(floors, years=20, first_output=2, budget=100.0)
    >>> found[0].what
    "'a' and 'b' cover 120 % of the sales of 'x' at the same time"
    """
    return [
        *_twice_named(contracts),
        *(problem for pair in combinations(contracts, 2) for problem in _clash(*pair)),
        *_outlive(contracts, years=years, first_output=first_output),
        *_above_budget(contracts, budget),
        *_shares(contracts),
    ]


def _place(*contracts: Contract) -> Place:
    return Place(f"{FILE}, {' and '.join(repr(contract.id) for contract in contracts)}")


def _twice_named(contracts: Sequence[Contract]) -> Iterator[Problem]:
    seen: set[str] = set()
    for contract in contracts:
        if contract.id in seen:
            yield Problem(
                "F101",
                _place(contract),
                f"{contract.id!r} stands twice",
                "Results are told by contract: give each its own id.",
            )
        seen.add(contract.id)


def _price_share(contract: Contract) -> float:
    """Give the part of sales whose price a contract lifts to a strike. [fraction]"""
    return contract.share if isinstance(contract, (Floor, ContractForDifference)) else 0.0


def _clash(one: Contract, other: Contract) -> Iterator[Problem]:
    if not one.window.may_meet(other.window):
        return
    both = f"{one.id!r} and {other.id!r}"
    if isinstance(one, EbitdaFloor) and isinstance(other, EbitdaFloor):
        yield Problem(
            "F101",
            _place(one, other),
            f"{both} both put a floor under the same result",
            "The lower one would never pay, or both would pay for one loss: keep one.",
        )
    if isinstance(one, Guarantee) and isinstance(other, Guarantee):
        yield Problem(
            "F101",
            _place(one, other),
            f"{both} both guarantee the debt",
            "One loss cannot be made good twice: keep one, with the cover of both.",
        )
    material = getattr(one, "material", None)
    if material is None or material != getattr(other, "material", None):
        return
    covered = _price_share(one) + _price_share(other)
    if _price_share(one) > 0 and _price_share(other) > 0 and covered > 1 + 1e-9:
        yield Problem(
            "F101",
            _place(one, other),
            f"{both} cover {covered:.0%} of the sales of {material!r} at the same time".replace(
                "%", " %"
            ),
            "A tonne has one price: let shares sum to 1 at most, or their years not overlap.",
        )
    for first, second in ((one, other), (other, one)):
        yield from _upside(first, second, material)


def _upside(price: Contract, upside: Contract, material: str) -> Iterator[Problem]:
    """Compare a contract that sets a price with one that takes high prices."""
    if not isinstance(upside, UpsideShare):
        return
    both = f"{price.id!r} and {upside.id!r}"
    if isinstance(price, ContractForDifference) and price.share + upside.share > 1 + 1e-9:
        yield Problem(
            "F101",
            _place(price, upside),
            f"{both} together take {price.share + upside.share:.2f} of high prices of {material!r}",
            "A contract for difference already gives back what is above its strike: drop one.",
        )
    if (
        isinstance(price, Floor)
        and price.strike > upside.threshold
        and (price.indexed == upside.indexed)
    ):
        yield Problem(
            "F101",
            _place(price, upside),
            f"{both}: the floor {price.strike:g} lies above the threshold {upside.threshold:g}",
            "Between the two the same price is lifted and taken: raise the threshold to the floor.",
        )


def _outlive(contracts: Sequence[Contract], *, years: int, first_output: int) -> Iterator[Problem]:
    for contract in contracts:
        window = contract.window
        start = window.at + (first_output if window.starts is Starts.FIRST_OUTPUT else 0)
        end = start + window.years
        if window.years < FOREVER and end > years + 1e-9:
            yield Problem(
                "F102",
                _place(contract),
                f"runs until {end:g} years after signing, but the project ends after {years}",
                f"Nothing is made then: shorten its years {window.years:g} by {end - years:g}.",
            )


def _above_budget(contracts: Sequence[Contract], budget: float) -> Iterator[Problem]:
    given = [c for c in contracts if isinstance(c, (Grant, PolicyLoan))]
    total = sum(
        contract.share * budget
        if isinstance(contract, Grant) and contract.share > 0
        else contract.amount
        for contract in given
    )
    if given and total > budget * (1 + 1e-9):
        yield Problem(
            "F107",
            _place(*given),
            f"give {total:g} million towards a budget of {budget:g} million",
            "Grants and loans never exceed what is spent: lower an amount, or raise the budget.",
        )


def _shares(contracts: Sequence[Contract]) -> Iterator[Problem]:
    for contract in contracts:
        for name in ("share", "share_above", "stake", "cost_share", "pass_through"):
            value = getattr(contract, name, 0.0)
            if not 0 <= value <= 1:
                yield Problem(
                    "F108",
                    _place(contract),
                    f"{name} is {value:g}",
                    "A share lies between 0 and 1; 30 % is written 0.3.",
                )
        if isinstance(contract, Guarantee) and not 0 <= contract.cover <= 1:
            yield Problem(
                "F108",
                _place(contract),
                f"cover is {contract.cover:g}",
                "The part of a loss that is made good lies between 0 and 1.",
            )
