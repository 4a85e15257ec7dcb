"""The numbers of a contract as the tables have them, and what it has to know of its project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coercivity.finance.contracts import Basis, Starts, Window
from coercivity.finance.contracts.window import FOREVER
from coercivity.tables import Row

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the contracts of a project have to know of it."""

    project: str
    company: str
    first_year: int
    """Year 0. [calendar year]"""
    years: int
    product: str
    """Its main product, for contracts that name none."""
    products: frozenset[str]
    """What it sells."""
    budget: float
    """Capital as planned. [million, nominal]"""
    company_share: float
    """Its part of the capital that the company builds for; contracts of the company are split by
    it. [fraction]"""
    credited_share: float
    """Running cost at plants that make no finished product, over all cost. [fraction]"""
    rate: float
    """Interest of a loan that states none. [1/year]"""
    tenor: int
    """Years of a loan that states none. [year]"""
    grace: int
    """Years after first output in which only interest is paid. [year]"""
    starts: Mapping[str, float]
    """Planned first output of options that contracts wait for. [calendar year]"""


@dataclass(frozen=True, slots=True)
class Terms:
    """A contract's row with its numbers."""

    row: Row
    rows: Sequence[Row]
    share: float
    asked: set[str] = field(default_factory=set)
    """Names of numbers that its kind looks for."""

    @property
    def id(self) -> str:
        """Id of the contract."""
        return self.row.text("id")

    def number(self, *names: str) -> float | None:
        """Give the first number of a name, per kg and in million as this room counts."""
        self.asked.update(names)
        for name in names:
            for row in self.rows:
                value = row.maybe_number("value")
                if row["term"] == name and value is not None:
                    return value * _scale(row.maybe_text("unit") or "")
        return None

    def unread(self) -> tuple[str, ...]:
        """Give the names of numbers that its kind does not look for."""
        named = dict.fromkeys(str(row["term"]) for row in self.rows)
        return tuple(name for name in named if name not in self.asked)

    def material(self, setting: Setting) -> str:
        """Give the material it names among those sold, else the main product."""
        named = [str(row["material"]) for row in self.rows if row["material"] is not None]
        return next((name for name in named if name in setting.products), setting.product)


def _scale(unit: str) -> float:
    """Give the factor from the unit of a term to that of this room."""
    if unit.endswith("/kg"):
        return 1.0
    return 1 / 1000 if unit.endswith("/t") or unit.startswith("t/") else 1.0


def _window(terms: Terms, setting: Setting) -> Window:
    row = terms.row
    length = row.maybe_number("years")
    years = FOREVER if length is None else length
    waits, day = row.maybe_text("starts_with"), row.day("start_date")
    if waits is not None:
        return Window(Starts.DATE, setting.starts[waits] - setting.first_year, years)
    if row.text("starts") == "first-output":
        return Window(Starts.FIRST_OUTPUT, 0.0, years)
    if day is None:
        return Window(Starts.SIGNING, 0.0, years)
    begun = day.year + (day - dt.date(day.year, 1, 1)).days / DAYS_A_YEAR
    return Window(Starts.DATE, begun - setting.first_year, years)


def common_terms(terms: Terms, setting: Setting) -> dict[str, object]:
    """Give the terms that every kind of contract has, by the names of its record.

    Parameters
    ----------
    terms
        Of the contract.
    setting
        The project.
    """
    row = terms.row
    return {
        "id": terms.id,
        "window": _window(terms, setting),
        "promise": row.maybe_text("promise") or "contract",
        "indexed": row.flag("indexed"),
        "public": row.text("payer") == "government",
    }


def basis_of(terms: Terms) -> Basis:
    """Take the first reading of the volume that is settled on output."""
    readings = (terms.row.maybe_text("volume_basis") or "sold").split("|")
    return Basis.PRODUCED if readings[0].strip() == "produced" else Basis.SOLD
