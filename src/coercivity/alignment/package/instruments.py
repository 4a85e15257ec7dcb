"""What may be given to a project: one contract at one set of terms, more of it or less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coercivity.finance.contracts import Contract

CAPITAL, PRICE = "capital", "price"
"""What the levels of a group share: capital, the tonnes sold."""

CAPS: Mapping[str, float] = {
    "grant": 0.5,
    "loan": 0.5,
    "guarantee": 0.8,
    "production-credit": 0.3,
    "floor": 1.0,
    "cfd": 1.0,
    "upside-share": 1.0,
    "ebitda-floor": 0.25,
    "stockpile-purchase": 0.5,
}
"""Most of each kind unless a cap is given: share of capital (grant, loan), of a lender's loss, of
the long-run price (credit), of the tonnes sold (floor, cfd, floor with upside share, purchase), and
of capital a year (EBITDA floor). Judgements: they are told with every answer."""

UNITS: Mapping[str, str] = {
    "grant": "of capital",
    "loan": "of capital",
    "guarantee": "of the lender's loss",
    "production-credit": "of the long-run price",
    "floor": "of the tonnes sold",
    "cfd": "of the tonnes sold",
    "upside-share": "of the tonnes sold",
    "ebitda-floor": "of capital a year",
    "stockpile-purchase": "of the tonnes made",
}
"""In what a level is counted."""

PROMISES: Mapping[str, str] = {
    "grant": "obligated",
    "loan": "obligated",
    "guarantee": "obligated",
    "production-credit": "statute",
}
"""Kind of promise behind each kind of contract; all others are a ``contract``."""

OBLIGATED = frozenset({"grant", "loan", "guarantee"})
"""Kinds paid from funds that are set aside at signing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One contract (or two that belong together) at one set of terms; only its level moves."""

    id: str
    kind: str
    make: Callable[[float], tuple[Contract, ...]]
    """Gives the contracts at a level."""
    most: float
    """Largest level, in the unit of its kind. [fraction]"""
    groups: tuple[str, ...] = ()
    """Columns of one group share its limit; each kind is a group of its own."""
    words: Callable[[float], str] = str
    """Says the terms at a level."""
    named: str = ""
    """See `slot`."""

    @property
    def slot(self) -> str:
        """Name of the same contract at other projects; strikes are told over break-even."""
        return self.named or self.id

    @property
    def reference(self) -> float:
        """Level at which its effect is measured first. [fraction]"""
        return 0.5 * self.most

    @property
    def promise(self) -> str:
        """Kind of promise behind it."""
        return PROMISES.get(self.kind, "contract")
