"""What the package costs the public on the same paths: mean, bad tail, subsidy, promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.finance.acceptance import Estimate
from coercivity.finance.compiled import Array
from coercivity.finance.contracts import Contract, Guarantee, PreferredEquity, Settlement
from coercivity.finance.measures import net_present_value
from coercivity.finance.waterfall.terms import CashAccounts


@dataclass(frozen=True, slots=True)
class PublicSide:
    """Present values at the Treasury rate in real money."""

    outlay: Estimate
    """Mean of everything paid less everything received under contracts, tax apart. [million]"""
    p95: float
    """Exceeded on one path in twenty. [million]"""
    credit_subsidy: Estimate
    """Of loans and guarantees, from the defaults of the paths: lent less paid back. [million]"""
    promised: float
    """Most that may fall due: every promise stands, every price is zero. [million]"""
    tax: Estimate
    """Tax paid by the project. [million]"""
    by_contract: Mapping[str, float]
    """Mean of each public contract. [million]"""
    paths: Array
    """Outlay of each path. [million]"""
    net: Estimate
    """Outlay less the tax that the project pays because of it: the same plant, run in the same
    way, without what public contracts pay. [million]"""


def contract_outlays(
    contracts: Sequence[Contract], settlements: Mapping[str, Settlement], accounts: CashAccounts
) -> dict[str, Array]:
    """Give what each public contract pays less what it gets back. [million/year, nominal]

    Nothing is paid after a plant has closed.

    Parameters
    ----------
    contracts
        Of the project.
    settlements
        Of those that are settled.
    accounts
        Of the waterfall with debt.
    """
    running = accounts.open_years()
    found: dict[str, Array] = {}
    position = {loan.id: k for k, loan in enumerate(accounts.loans)}
    for contract in contracts:
        if not contract.public:
            continue
        if contract.id in settlements:
            found[contract.id] = np.where(running, settlements[contract.id].outlay, 0.0)
        elif contract.id in position:
            k = position[contract.id]
            found[contract.id] = accounts.drawn[:, k] - accounts.paid[:, k]
        elif isinstance(contract, PreferredEquity):
            put, taken = contract.split(accounts.contributed, accounts.distributed)
            found[contract.id] = put - taken
        elif isinstance(contract, Guarantee):
            found[contract.id] = _made_good(contract, accounts)
    return found


def _made_good(contract: Guarantee, accounts: CashAccounts) -> Array:
    """Give losses of guaranteed loans made good, less the fees."""
    outlay = np.zeros_like(accounts.cfads)
    last = np.minimum(accounts.closed, outlay.shape[1] - 1)
    for k, loan in enumerate(accounts.loans):
        if loan.guarantor == contract.id:
            outlay[np.arange(len(outlay)), last] += contract.cover * accounts.lost[:, k]
            outlay -= accounts.fees
    return outlay


def public_side(
    contracts: Sequence[Contract],
    settlements: Mapping[str, Settlement],
    accounts: CashAccounts,
    *,
    level: Array,
    rate: float,
    shift: float,
    tax_without: Array | None = None,
) -> PublicSide:
    r"""Value the public side of every contract.

    .. math:: subsidy = E\Big[\sum_y \frac{lent_y - paid_y}{(1+r)^{y+shift}\,I_y}\Big]

    with the price level I, so that r is real. A loan at the nominal Treasury rate that is always
    repaid costs nothing.

    Parameters
    ----------
    contracts, settlements
        Of the project.
    accounts
        Of the waterfall with debt.
    level
        Nominal money per unit of real money by year. [ratio]
    rate
        Treasury rate, real. [1/year]
    shift
        When in a year its money falls. [year]
    tax_without
        Tax of the same plant without what public contracts pay, on all paths or the first of
        them; None if they pay nothing. [million/year, nominal]
    """

    def worth(nominal: Array) -> Array:
        return net_present_value(nominal / level, rate=rate, shift=shift)

    values = {
        name: worth(flows)
        for name, flows in contract_outlays(contracts, settlements, accounts).items()
    }
    zero = np.zeros(len(accounts.closed))
    credit = {c.id for c in contracts if c.KIND in {"loan", "guarantee"}}
    total = sum(values.values(), zero)
    subsidy = sum((value for name, value in values.items() if name in credit), zero)
    promised = sum(
        float(worth(_promised(contract, settlements, accounts))[0])
        for contract in contracts
        if contract.public
    )
    return PublicSide(
        Estimate.mean(total),
        float(np.quantile(total, 0.95)),
        Estimate.mean(subsidy),
        promised,
        Estimate.mean(worth(accounts.tax)),
        {name: float(value.mean()) for name, value in values.items()},
        total,
        Estimate.mean(
            total if tax_without is None else _net(total, worth, accounts.tax, tax_without)
        ),
    )


def _net(total: Array, worth: Callable[[Array], Array], tax: Array, without: Array) -> Array:
    """Take off the tax that comes back; its mean on the first paths, where only those are known."""
    back = worth(tax[: len(without)] - without)
    return total - (back if len(back) == len(total) else back.mean())


def _promised(
    contract: Contract, settlements: Mapping[str, Settlement], accounts: CashAccounts
) -> Array:
    """Give the most that may fall due in each year. [million/year, nominal]"""
    years = accounts.cfads.shape[1]
    if contract.id in settlements:
        return settlements[contract.id].most
    for k, loan in enumerate(accounts.loans):
        if loan.id == contract.id:
            return np.asarray(accounts.drawn[:, k].max(axis=0))
    if isinstance(contract, Guarantee):
        most = np.zeros(years)
        most[int(np.argmax(accounts.balance.max(axis=0)))] = (
            contract.cover * accounts.balance.max() if accounts.balance.size else 0.0
        )
        return most
    if isinstance(contract, PreferredEquity):
        put, _ = contract.split(accounts.contributed, accounts.distributed)
        return np.asarray(put.max(axis=0))
    return np.zeros(years)
