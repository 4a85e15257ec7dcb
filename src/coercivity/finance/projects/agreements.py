"""Contracts of the tables, as contracts of the finance room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from coercivity.finance.contracts import (
    Contract,
    ContractForDifference,
    CostPlus,
    EbitdaFloor,
    Floor,
    Grant,
    Guarantee,
    PolicyLoan,
    PreferredEquity,
    ProductionCredit,
    StockpilePurchase,
    TakeOrPay,
    Tariff,
    UpsideShare,
    Window,
)
from coercivity.finance.projects.contract_terms import (
    Setting,
    Terms,
    basis_of,
    common_terms,
)
from coercivity.tables import CaseTables, Row

UNSIGNED = "announcement"


@dataclass(slots=True)
class Agreements:
    """Contracts that count, and why others do not."""

    contracts: list[Contract] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def agreements_of(tables: CaseTables, setting: Setting) -> Agreements:
    """Read the contracts of a project and its company.

    What has only been announced is left out, since nobody lends on it; money towards capital that
    was paid before year 0 is left out too. Everything left out or cut is told.

    Parameters
    ----------
    tables
        Of the case: ``contracts``, ``contract_terms``.
    setting
        The project.
    """
    found = Agreements()
    for row in tables["contracts"].rows():
        mine = row.maybe_text("project") == setting.project
        share = 1.0
        if not mine:
            if row.maybe_text("company") != setting.company or setting.company_share == 0:
                continue
            share = setting.company_share
        rows = [t for t in tables["contract_terms"].rows() if t["contract"] == row["id"]]
        _read(found, Terms(row, rows, share), setting)
    return replace(found, contracts=_within_budget(found, setting))


def _read(found: Agreements, terms: Terms, setting: Setting) -> None:
    kind, why = terms.row.text("kind"), _left_out(terms, setting)
    if not why:
        made = _MAKERS[kind](terms, setting)
        if isinstance(made, Contract):
            found.contracts.append(made)
            if unread := terms.unread():
                found.notes.append(f"{terms.id} ({kind}): not read are {', '.join(unread)}.")
            return
        why = made
    found.notes.append(f"{terms.id} ({kind}) is left out: {why}.")


def _left_out(terms: Terms, setting: Setting) -> str:
    """Say why a contract does not count; empty where it does."""
    row, kind = terms.row, terms.row.text("kind")
    if row.maybe_text("promise") == UNSIGNED:
        return "it has been announced, not signed"
    started = row.day("start_date")
    capital = kind in {"grant", "loan", "guarantee", "preferred-equity"}
    if capital and setting.budget <= 0:
        return "nothing is built that it could pay for"
    if capital and started is not None and started.year < setting.first_year:
        return f"it was paid from {started.year} on, before the first year {setting.first_year}"
    waits = row.maybe_text("starts_with")
    if waits is not None and waits not in setting.starts:
        return f"it waits for {waits}, which is not built"
    named = [str(one["material"]) for one in terms.rows if one["material"] is not None]
    if named and not set(named) & setting.products:
        return f"the project sells none of {', '.join(dict.fromkeys(named))}"
    return ""


Made = Contract | str


def _grant(terms: Terms, setting: Setting) -> Made:
    amount = terms.number("cash", "amount")
    if amount is None:
        return "no amount is stated"
    common = common_terms(terms, setting) | {"window": Window()}
    return Grant(amount=amount * terms.share, budget=setting.budget, **common)  # type: ignore[arg-type]


def _loan(terms: Terms, setting: Setting) -> Made:
    amount = terms.number("amount")
    if amount is None:
        return "no amount is stated"
    rate, tenor = terms.number("rate"), terms.number("tenor")
    length = tenor or terms.row.maybe_number("years") or setting.tenor
    return PolicyLoan(
        amount=amount * terms.share,
        rate=setting.rate if rate is None else rate,
        tenor=max(1, round(length) - setting.grace) if tenor else max(1, round(length)),
        grace=setting.grace,
        **common_terms(terms, setting) | {"window": Window()},  # type: ignore[arg-type]
    )


def _guarantee(terms: Terms, setting: Setting) -> Made:
    cover = terms.number("cover", "share")
    if cover is None:
        return "no cover is stated"
    return Guarantee(
        cover=cover,
        fee=terms.number("fee") or 0.0,
        rate=terms.number("rate"),
        gearing_limit=terms.number("gearing_limit"),
        dscr=terms.number("dscr"),
        **common_terms(terms, setting) | {"window": Window()},  # type: ignore[arg-type]
    )


def _priced(kind: type[Floor] | type[ContractForDifference]) -> Callable[[Terms, Setting], Made]:
    def make(terms: Terms, setting: Setting) -> Made:
        strike = terms.number("strike")
        if strike is None:
            return "no strike is stated"
        return kind(
            material=terms.material(setting),
            strike=strike,
            share=_or(terms.number("share"), 1.0),
            basis=basis_of(terms),
            **common_terms(terms, setting),  # type: ignore[arg-type]
        )

    return make


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _upside(terms: Terms, setting: Setting) -> Made:
    threshold, share = terms.number("threshold"), terms.number("share")
    if threshold is None or share is None:
        return "no threshold or no share is stated"
    return UpsideShare(
        material=terms.material(setting),
        threshold=threshold,
        share=share,
        basis=basis_of(terms),
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _take(terms: Terms, setting: Setting) -> Made:
    price = terms.number("price")
    if price is None:
        return "no price is stated, and output is taken to find its buyer anyway"
    return TakeOrPay(
        material=terms.material(setting),
        price=price,
        share=_or(terms.number("share"), 1.0),
        most_volume=_or(terms.number("volume"), np.inf),
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _cost_plus(terms: Terms, setting: Setting) -> Made:
    margin = terms.number("margin")
    if margin is None:
        return "no margin is stated"
    return CostPlus(
        margin=margin,
        capital_charge=terms.number("capital_charge") or 0.0,
        share=_or(terms.number("share"), 1.0),
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _ebitda(terms: Terms, setting: Setting) -> Made:
    amount = terms.number("amount")
    if amount is None:
        return "no amount is stated"
    return EbitdaFloor(
        amount=amount,
        escalation=terms.number("escalation") or 0.0,
        share_above=terms.number("share_above") or 0.0,
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _credit(terms: Terms, setting: Setting) -> Made:
    share, amount = terms.number("share_of_cost"), terms.number("amount")
    if share is None and amount is None:
        return "neither a share of cost nor an amount is stated"
    if share is not None and setting.credited_share == 0:
        return "its plants make finished products, which the credit does not count"
    steps, most = _phases(terms, setting)
    return ProductionCredit(
        material=terms.material(setting),
        amount=amount or 0.0,
        cost_share=most * setting.credited_share,
        phase_out=steps,
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _phases(terms: Terms, setting: Setting) -> tuple[tuple[float, ...], float]:
    """Give the share paid by year of the project, and the full rate it is a share of."""
    rows = [row for row in terms.rows if row["term"] == "share_of_cost"]
    most = max((row.number("value") for row in rows), default=0.0)
    if most == 0:
        return (), 0.0
    steps = []
    for year in range(setting.first_year, setting.first_year + setting.years):
        held = [row.number("value") for row in rows if _holds(row, year)]
        steps.append((held[0] if held else 0.0) / most)
    return tuple(steps), most


def _holds(row: Row, year: int) -> bool:
    first, last = row.day("from_date"), row.day("to_date")
    return (first is None or first.year <= year) and (last is None or year <= last.year)


def _tariff(terms: Terms, setting: Setting) -> Made:
    rate = terms.number("rate")
    if rate is None:
        return "no rate is stated"
    return Tariff(
        material=terms.material(setting),
        rate=rate,
        pass_through=_or(terms.number("pass_through"), 1.0),
        share=_or(terms.number("share"), 1.0),
        imports=terms.number("imports") or 0.0,
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _stockpile(terms: Terms, setting: Setting) -> Made:
    price, volume = terms.number("price"), terms.number("volume")
    if price is None or volume is None:
        return "no price or no volume is stated"
    return StockpilePurchase(
        material=terms.material(setting),
        price=price,
        volume=volume,
        **common_terms(terms, setting),  # type: ignore[arg-type]
    )


def _preferred(terms: Terms, setting: Setting) -> Made:
    amount = terms.number("amount")
    if amount is None:
        return "no amount is stated"
    return PreferredEquity(
        amount=amount * terms.share,
        dividend=terms.number("dividend") or 0.0,
        stake=terms.number("stake") or 0.0,
        **common_terms(terms, setting) | {"window": Window()},  # type: ignore[arg-type]
    )


_MAKERS: Mapping[str, Callable[[Terms, Setting], Made]] = {
    "grant": _grant,
    "loan": _loan,
    "guarantee": _guarantee,
    "floor": _priced(Floor),
    "cfd": _priced(ContractForDifference),
    "upside-share": _upside,
    "take-or-pay": _take,
    "cost-plus": _cost_plus,
    "ebitda-floor": _ebitda,
    "production-credit": _credit,
    "tariff": _tariff,
    "stockpile-purchase": _stockpile,
    "preferred-equity": _preferred,
}


def _within_budget(found: Agreements, setting: Setting) -> list[Contract]:
    """Cut grants, then loans, to the capital they are given for, and tell it."""
    left = setting.budget
    kept: list[Contract] = []
    for contract in sorted(found.contracts, key=lambda one: isinstance(one, PolicyLoan)):
        if isinstance(contract, (Grant, PolicyLoan)) and contract.amount > left:
            found.notes.append(
                f"{contract.id} is cut from {contract.amount:.1f} to {left:.1f} million: it is "
                "for more than is built here."
            )
            contract = replace(contract, amount=left)  # noqa: PLW2901 - the cut one counts
        if isinstance(contract, (Grant, PolicyLoan)):
            left -= contract.amount
        kept.append(contract)
    return kept
