"""Contracts that support or bind a project: one kind a file, gathered and checked here.

A kind that lacks its method, its formula or its name is refused when the room is imported, so
nothing can be forgotten silently.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from coercivity.finance.contracts.cfd import ContractForDifference
from coercivity.finance.contracts.cost_plus import CostPlus
from coercivity.finance.contracts.ebitda_floor import EbitdaFloor
from coercivity.finance.contracts.floor import Floor
from coercivity.finance.contracts.grant import Grant
from coercivity.finance.contracts.guarantee import Guarantee
from coercivity.finance.contracts.interface import Basis, Book, Contract, Settlement, Step
from coercivity.finance.contracts.loan import PolicyLoan
from coercivity.finance.contracts.preferred_equity import PreferredEquity
from coercivity.finance.contracts.production_credit import ProductionCredit
from coercivity.finance.contracts.stockpile_purchase import StockpilePurchase
from coercivity.finance.contracts.take_or_pay import TakeOrPay
from coercivity.finance.contracts.tariff import Tariff
from coercivity.finance.contracts.upside_share import UpsideShare
from coercivity.finance.contracts.window import Starts, Window
from coercivity.tables.schemas.money import CONTRACT_KINDS


def registry(
    kinds: Iterable[type[Contract]], *, expected: Iterable[str]
) -> dict[str, type[Contract]]:
    """Gather kinds of contract by name and refuse an incomplete one.

    Parameters
    ----------
    kinds
        Classes of contracts.
    expected
        Names that the tables allow; each needs exactly one class.

    Raises
    ------
    TypeError
        If a class lacks its method, its formula or its file, or a name lacks a class.

    Examples
    --------
    >>> registry([Floor], expected=["floor"])["floor"].__name__
    'Floor'
    """
    found: dict[str, type[Contract]] = {}
    for kind in kinds:
        missing = []
        if not callable(vars(kind).get(kind.STEP.method)):
            missing.append(f"method {kind.STEP.method}")
        if ".. math::" not in (kind.__doc__ or ""):
            missing.append("a formula in its docstring")
        if sys.modules[kind.__module__].__name__.rpartition(".")[2] != kind.KIND.replace("-", "_"):
            missing.append(f"a file named after {kind.KIND!r}")
        if kind.KIND in found:
            missing.append(f"a name of its own ({kind.KIND!r} is taken)")
        if missing:
            msg = f"contract kind {kind.__name__} lacks {', '.join(missing)}"
            raise TypeError(msg)
        found[kind.KIND] = kind
    if set(found) != set(expected):
        unpaired = sorted(set(found) ^ set(expected))
        msg = f"kinds without a contract, or the other way round: {unpaired}"
        raise TypeError(msg)
    return found


KINDS: Mapping[str, type[Contract]] = registry(
    (
        Grant,
        PolicyLoan,
        Guarantee,
        Floor,
        ContractForDifference,
        UpsideShare,
        TakeOrPay,
        CostPlus,
        EbitdaFloor,
        ProductionCredit,
        Tariff,
        StockpilePurchase,
        PreferredEquity,
    ),
    expected=CONTRACT_KINDS,
)
"""Class of each kind of contract."""

__all__ = [
    "KINDS",
    "Basis",
    "Book",
    "Contract",
    "ContractForDifference",
    "CostPlus",
    "EbitdaFloor",
    "Floor",
    "Grant",
    "Guarantee",
    "PolicyLoan",
    "PreferredEquity",
    "ProductionCredit",
    "Settlement",
    "Starts",
    "Step",
    "StockpilePurchase",
    "TakeOrPay",
    "Tariff",
    "UpsideShare",
    "Window",
    "registry",
]
