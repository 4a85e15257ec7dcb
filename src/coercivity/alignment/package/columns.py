"""The columns of a menu: each kind of contract that may be given, at a few sets of terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coercivity.alignment.package.instruments import CAPITAL, PRICE, PROMISES, Column
from coercivity.finance.contracts import (
    Contract,
    ContractForDifference,
    EbitdaFloor,
    Floor,
    Grant,
    Guarantee,
    PolicyLoan,
    ProductionCredit,
    StockpilePurchase,
    UpsideShare,
    Window,
)
from coercivity.finance.debt import DebtTerms
from coercivity.finance.inputs import CashInputs, ProjectTerms

STRIKES = (0.7, 0.85, 1.0, 1.15, 1.3)
"""Strikes over the price at which equity breaks even. [ratio]"""
TOUCHING = 0.02
"""A contract for difference is offered from this much below break-even and the mean price on:
further below it would take more than it gives, and the public would earn on it. [fraction]"""
UPSIDE_SHARE = 0.3
"""Part of high prices that goes back to the public. [fraction]"""
UPSIDE_FROM = 1.5
"""High prices begin at so many times the break-even price. [ratio]"""
LOAN_SPREADS = (0.0, 0.02)
"""Over the nominal Treasury rate. [1/year]"""
EASIER = {"rate": 0.015, "gearing_limit": 0.2, "dscr": 0.2}
"""What a lender gives way on for a guarantee of his whole loss."""
FEE = 0.005
"""Of a guarantee, on the balance. [1/year]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the makers of columns have to know."""

    cash: CashInputs
    terms: ProjectTerms
    product: str
    price: float
    capital: float
    """On which grants and lenders are sized. [million, nominal]"""
    whole: float
    """Later modules included. [million, nominal]"""
    caps: Mapping[str, float]
    window: Window

    def shared(self, name: str, kind: str) -> dict[str, object]:
        """Give the terms that all contracts of the package have."""
        return {"id": name, "promise": PROMISES.get(kind, "contract"), "indexed": True}


def capital_columns(site: Site, free: float) -> list[Column]:
    """List what may be given towards capital: a grant, and loans at two rates.

    Parameters
    ----------
    site
        The project.
    free
        Part of capital that contracts in force leave. [fraction]
    """
    if site.capital <= 0:
        return []
    common = site.shared("grant", "grant") | {"indexed": False}

    def grant(level: float) -> tuple[Contract, ...]:
        return (Grant(amount=level * site.capital, budget=site.capital, **common),)  # type: ignore[arg-type]

    found = [
        Column(
            id="grant",
            kind="grant",
            make=grant,
            most=min(site.caps["grant"], max(free, 0.0)),
            groups=(CAPITAL, "grant"),
            words=lambda level: f"{level * site.capital:,.1f} million, paid as capital is spent",
        )
    ]
    room = site.cash.years - site.cash.planned_first_output
    debt = site.terms.debt or DebtTerms()
    grace = min(debt.grace, max(room - 1, 0))
    tenor = min(debt.tenor, room - grace)
    treasury = (1 + site.terms.treasury_rate) * (1 + site.terms.inflation) - 1
    if tenor >= 1:
        found += [
            _loan(site, treasury + spread, tenor=tenor, grace=grace, free=free)
            for spread in LOAN_SPREADS
        ]
    return found


def _loan(site: Site, rate: float, *, tenor: int, grace: int, free: float) -> Column:
    name = f"loan-{100 * rate:.1f}"
    common = site.shared(name, "loan") | {"indexed": False}

    def make(level: float) -> tuple[Contract, ...]:
        amount = level * site.capital
        return (PolicyLoan(amount=amount, rate=rate, tenor=tenor, grace=grace, **common),)  # type: ignore[arg-type]

    def words(level: float) -> str:
        share = f"{rate:.1%}".replace("%", " %")
        return f"{level * site.capital:,.1f} million at {share}, {tenor} years after {grace}"

    most = min(site.caps["loan"], max(free, 0.0))
    return Column(id=name, kind="loan", make=make, most=most, groups=(CAPITAL, "loan"), words=words)


def backing_columns(site: Site) -> list[Column]:
    """List what may be given to lenders: a guarantee, with easier terms in return.

    Parameters
    ----------
    site
        The project.
    """
    base = site.terms.debt
    if base is None or base.gearing_limit <= 0:
        return []
    asked = base

    def make(level: float) -> tuple[Contract, ...]:
        return (
            Guarantee(
                cover=level,
                fee=FEE,
                rate=asked.rate - level * EASIER["rate"],
                gearing_limit=min(asked.gearing_limit + level * EASIER["gearing_limit"], 1.0),
                dscr=max(asked.dscr - level * EASIER["dscr"], 1.0),
                **site.shared("guarantee", "guarantee"),  # type: ignore[arg-type]
            ),
        )

    def words(level: float) -> str:
        return f"{level:.0%} of the lender's loss".replace("%", " %")

    most = site.caps["guarantee"]
    return [Column(id="guarantee", kind="guarantee", make=make, most=most, words=words)]


def running_columns(site: Site, break_even: float | None) -> list[Column]:
    """List what may be paid while the plant runs; price contracts at a few strikes.

    Parameters
    ----------
    site
        The project.
    break_even
        Around which strikes lie; None offers no contract on a price. [USD/kg, real]
    """
    found = [_credit(site), _result_floor(site)]
    if break_even is None:
        return found
    strikes = [float(f"{ratio * break_even:.3g}") for ratio in STRIKES]
    for strike, ratio in dict(zip(strikes, STRIKES, strict=True)).items():
        priced = []
        if strike >= max(break_even, site.price) * (1 - TOUCHING):
            priced.append(_priced(site, ContractForDifference, strike))
        priced.append(_priced(site, Floor, strike))
        priced.append(_floor_with_upside(site, strike, threshold=UPSIDE_FROM * break_even))
        found += [replace(one, named=f"{one.kind} at {ratio:g} of break-even") for one in priced]
    return [*found, _purchase(site, strikes[len(strikes) // 2])]


def _credit(site: Site) -> Column:
    def make(level: float) -> tuple[Contract, ...]:
        return (
            ProductionCredit(
                material=site.product,
                amount=level * site.price,
                window=site.window,
                **site.shared("credit", "production-credit"),  # type: ignore[arg-type]
            ),
        )

    return Column(
        id="credit",
        kind="production-credit",
        make=make,
        most=site.caps["production-credit"],
        words=lambda level: f"{level * site.price:,.2f} USD/kg for {site.window.years:g} years",
    )


def _result_floor(site: Site) -> Column:
    def make(level: float) -> tuple[Contract, ...]:
        amount = level * site.whole
        common = site.shared("result-floor", "ebitda-floor")
        return (EbitdaFloor(amount=amount, window=site.window, **common),)  # type: ignore[arg-type]

    return Column(
        id="result-floor",
        kind="ebitda-floor",
        make=make,
        most=site.caps["ebitda-floor"] if site.whole > 0 else 0.0,
        words=lambda level: (
            f"{level * site.whole:,.1f} million a year for {site.window.years:g} years"
        ),
    )


def _strike_words(site: Site, strike: float) -> Callable[[float], str]:
    def words(level: float) -> str:
        tonnes = f"{level:.0%}".replace("%", " %")
        return f"{tonnes} at {strike:g} USD/kg for {site.window.years:g} years"

    return words


def _priced(site: Site, kind: type[Floor] | type[ContractForDifference], strike: float) -> Column:
    name = f"{kind.KIND}-{strike:g}"

    def make(level: float) -> tuple[Contract, ...]:
        return (
            kind(
                material=site.product,
                strike=strike,
                share=level,
                window=site.window,
                **site.shared(name, kind.KIND),  # type: ignore[arg-type]
            ),
        )

    words = _strike_words(site, strike)
    return Column(
        id=name,
        kind=kind.KIND,
        make=make,
        most=site.caps[kind.KIND],
        groups=(PRICE, kind.KIND),
        words=words,
    )


def _floor_with_upside(site: Site, strike: float, *, threshold: float) -> Column:
    name = f"upside-{strike:g}"
    base = _priced(site, Floor, strike)
    back = float(f"{threshold:.3g}")

    def make(level: float) -> tuple[Contract, ...]:
        (floor,) = base.make(level)
        upside = UpsideShare(
            material=site.product,
            threshold=back,
            share=UPSIDE_SHARE * level,
            window=site.window,
            # What owners owe does not lapse with what they are promised.
            **site.shared(f"{name}-back", "grant"),  # type: ignore[arg-type]
        )
        return (replace(floor, id=name), upside)

    def words(level: float) -> str:
        share = f"{UPSIDE_SHARE:.0%}".replace("%", " %")
        return f"{base.words(level)}; {share} of what is above {back:g} goes back"

    most = site.caps["upside-share"]
    return Column(
        id=name,
        kind="upside-share",
        make=make,
        most=most,
        groups=(PRICE, "upside-share"),
        words=words,
    )


def _purchase(site: Site, strike: float) -> Column:
    made = np.asarray(site.cash.produced[site.product], dtype=np.float64)
    largest = float(np.atleast_2d(made).mean(axis=0).max())

    def make(level: float) -> tuple[Contract, ...]:
        return (
            StockpilePurchase(
                material=site.product,
                price=strike,
                volume=level * largest,
                window=site.window,
                **site.shared("purchase", "stockpile-purchase"),  # type: ignore[arg-type]
            ),
        )

    def words(level: float) -> str:
        tonnes, years = 1000 * level * largest, site.window.years
        return f"{tonnes:,.0f} t a year at {strike:g} USD/kg or the market, for {years:g} years"

    most = site.caps["stockpile-purchase"]
    return Column(
        id="purchase", kind="stockpile-purchase", make=make, most=most, groups=(PRICE,), words=words
    )
