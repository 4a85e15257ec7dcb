"""From the tables of a case to its prices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.chain.checks.pricing import correlation_matrix
from coercivity.finance.prices.links import PriceLink
from coercivity.finance.prices.processes import PriceProcess, PriceSystem, Quote
from coercivity.finance.refusals import FinanceError
from coercivity.tables import CaseTables, Row
from coercivity.uncertainty import log_spread

UNCERTAIN = ("level", "reversion", "volatility", "second_ratio", "rate_to_second", "rate_back")
NEEDED = ("level", "reversion", "volatility")


def price_system(tables: CaseTables, *, only: Sequence[str] | None = None) -> PriceSystem:
    """Build the prices of a case that move by themselves.

    Parameters
    ----------
    tables
        Tables of the case: ``price_models``, ``price_correlations``.
    only
        Materials that are wanted; None takes all.

    Raises
    ------
    FinanceError
        If a process is incomplete, or the correlations cannot all hold.

    Notes
    -----
    Prices of one material at two places move by one shock: the table gives correlations by
    material.
    """
    rows = [
        row for row in tables["price_models"].rows() if only is None or row.text("material") in only
    ]
    listed, matrix = correlation_matrix(tables)
    place = {material: index for index, material in enumerate(listed)}
    processes = tuple(_process(row) for row in rows)
    correlation = np.eye(len(processes))
    for one, first in enumerate(processes):
        for other, second in enumerate(processes[:one]):
            names = first.quote.material, second.quote.material
            if names[0] == names[1]:
                correlation[one, other] = correlation[other, one] = 1.0
            elif names[0] in place and names[1] in place:
                found = matrix[place[names[0]], place[names[1]]]
                correlation[one, other] = correlation[other, one] = found
    return PriceSystem(processes, correlation)


def _process(row: Row) -> PriceProcess:
    missing = [name for name in NEEDED if row.maybe_number(name) is None]
    second = row.maybe_number("second_ratio")
    if second is not None:
        missing += [n for n in ("rate_to_second", "rate_back") if row.maybe_number(n) is None]
    if missing:
        msg = (
            f"{row.place(missing[0])}: the price of {row.text('material')!r} has no "
            f"{', '.join(missing)}. A process needs its level, reversion and volatility, and both "
            "rates where there is a second attractor: fill them in.  [F203]"
        )
        raise FinanceError(msg, code="F203")
    errors = {name: _maybe(row, f"{name}_se") for name in UNCERTAIN}
    return PriceProcess(
        quote=Quote(row.text("material"), row.maybe_text("place") or ""),
        level=row.number("level"),
        reversion=row.number("reversion"),
        volatility=row.number("volatility"),
        second_ratio=second,
        rate_to_second=_maybe(row, "rate_to_second"),
        rate_back=_maybe(row, "rate_back"),
        jump_rate=_maybe(row, "jump_rate"),
        jump_mean=_maybe(row, "jump_mean"),
        jump_sd=_maybe(row, "jump_sd"),
        group=row.maybe_text("correlation_group") or "",
        standard_errors={name: error for name, error in errors.items() if error > 0},
    )


def _maybe(row: Row, column: str) -> float:
    """Give a number, 0 where the cell is empty or the file has no such column."""
    known = column in row.table.defaults
    return (row.maybe_number(column) if known else None) or 0.0


def price_links(tables: CaseTables) -> tuple[PriceLink, ...]:
    """Read the prices of a case that follow others.

    Parameters
    ----------
    tables
        Tables of the case: ``price_links``. The stated range of a margin is taken as eight draws
        in ten of a lognormal law.
    """
    return tuple(
        PriceLink(
            quote=Quote(row.text("material"), row.maybe_text("place") or ""),
            follows=row.text("follows"),
            share=row.number("share"),
            margin=row.number("margin"),
            margin_spread=_margin_spread(row),
            lag=row.number("lag_years"),
        )
        for row in tables["price_links"].rows()
    )


def _margin_spread(row: Row) -> float:
    """Give the standard deviation of the log margin, 0 where no range above 0 is stated."""
    low, margin, high = (_maybe(row, n) for n in ("margin_low", "margin", "margin_high"))
    if not 0 < low <= margin <= high:
        return 0.0
    return log_spread(low, high)
