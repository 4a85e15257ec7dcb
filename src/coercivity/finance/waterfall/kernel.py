"""The compiled waterfall: one path after another, one year after another.

Order within a year: interest accrues · loans are drawn with capital spent, never above it less
grants · depreciation, depletion, losses, tax · cash available for debt service · owners make good
a negative one and what capital is not covered; grants above it join the cash · service and arrears
by rank, from cash, then from the reserve · reserve filled or freed · sweep · the rest to owners.

Each path is copied to a small sheet, its accounts are written on a page, both with named lines.
Records of arrays stay outside the years: handing them over costs more than a year's arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array, compiled, inlined

REVENUE, COST, CAPEX, SUSTAINING, WORKING, TAXED, UNTAXED, GRANTS, SHEET = range(9)
"""Lines of a path's sheet, in the order of `Cash`."""

CFADS, TAX, FEES, DUE, UNPAID, RESERVE, BALANCE, CONTRIBUTED, DISTRIBUTED, SALVAGE, PAGE = range(11)
"""Lines of a path's page, in the order of `Books`."""

DRAWN, PAID = range(2)
"""What lenders move."""

ROYALTY, TAX_RATE, LOSS_LIMIT, DEPLETION, DEPLETION_LIMIT, GRANTS_TAXED = range(6)
RESERVE_YEARS, SWEEP, PATIENCE, SALVAGE_SHARE, PREFUND_YEAR, LAWS = range(6, 12)
"""Numbers of the law."""

PRINCIPAL, SHARE, RATE, FEE, INTEREST_FROM, REPAY_FROM, MATURES, TERMS = range(8)
"""Terms of a loan."""

OWED, USED, ARREARS, OPENING, STANDS = range(5)
"""Where a loan stands: balance, drawn so far, arrears, balance at the start of the year."""

LOSSES, BASIS, SPENT, BAD, HELD, PURSE = range(6)
"""Losses carried, basis not yet in service, capital spent, bad years running, reserve held."""

ROUNDING = 1e-9
"""Service below this is not unpaid. [million]"""


class Cash(NamedTuple):
    """Inputs; tables of one row, or one row a path."""

    revenue: Array
    operating_cost: Array
    capex: Array
    sustaining: Array
    working_capital: Array
    taxed_support: Array
    untaxed_support: Array
    grants: Array
    first_output: NDArray[np.int64]
    closes: NDArray[np.int64]


class Books(NamedTuple):
    """Outputs, filled in place."""

    cfads: Array
    tax: Array
    fees: Array
    due: Array
    unpaid: Array
    reserve: Array
    balance: Array
    contributed: Array
    distributed: Array
    salvage: Array
    drawn: Array
    paid: Array
    lost: Array
    closed: NDArray[np.int64]


@inlined
def _accrue_and_draw(
    loans: Array, stand: Array, moved: Array, year: int, room: float, capex: float
) -> tuple[float, float, float, float]:
    """Add interest and draws to the balances; give draws, interest paid, capitalised, and fees."""
    drawn = expensed = capitalised = fees = 0.0
    for k in range(loans.shape[0]):
        stand[k, OPENING] = stand[k, OWED]
        interest = stand[k, OWED] * loans[k, RATE]
        fees += stand[k, OWED] * loans[k, FEE]
        stand[k, ARREARS] *= 1.0 + loans[k, RATE]
        if year < loans[k, INTEREST_FROM]:
            capitalised += interest
        else:
            expensed += interest
        draw = min(loans[k, SHARE] * capex, loans[k, PRINCIPAL] - stand[k, USED])
        draw = max(0.0, min(draw, room))
        room -= draw
        drawn += draw
        stand[k, USED] += draw
        moved[DRAWN, k, year] = draw
        stand[k, OWED] += interest + draw
    return drawn, expensed, capitalised, fees


@inlined
def _tax(law: Array, purse: Array, income: float, revenue: float) -> float:
    """Tax a year's income after depletion and earlier losses."""
    depletion = min(law[DEPLETION] * max(revenue, 0.0), law[DEPLETION_LIMIT] * max(income, 0.0))
    income -= depletion
    if income <= 0.0:
        purse[LOSSES] -= income
        return 0.0
    used = min(purse[LOSSES], law[LOSS_LIMIT] * income)
    purse[LOSSES] -= used
    return float(law[TAX_RATE] * (income - used))


@inlined
def _due(loans: Array, due: Array, k: int, year: int, opening: float) -> float:
    """Give what was agreed for a year: nothing, interest only, the schedule, or all that is left.

    ``opening`` is the balance on which the year's interest runs.
    """
    if year < loans[k, INTEREST_FROM]:
        return 0.0
    owed = float(opening * (1.0 + loans[k, RATE]))
    if year < loans[k, REPAY_FROM]:
        return float(opening * loans[k, RATE])
    if year >= loans[k, MATURES]:
        return owed
    return min(owed, float(due[k, year]))


@inlined
def _serve(
    loans: Array,
    due: Array,
    stand: Array,
    moved: Array,
    page: Array,
    purse: Array,
    year: int,
    cash: float,
) -> float:
    """Pay service and arrears by rank, from cash, then from the reserve; give the cash left."""
    for k in range(loans.shape[0]):
        agreed = _due(loans, due, k, year, stand[k, OPENING])
        want = min(stand[k, OWED], agreed + stand[k, ARREARS])
        pay = min(want, cash)
        cash -= pay
        held = min(want - pay, purse[HELD])
        purse[HELD] -= held
        pay += held
        stand[k, OWED] -= pay
        stand[k, ARREARS] = want - pay
        page[DUE, year] += agreed
        page[UNPAID, year] += want - pay
        moved[PAID, k, year] += pay
    return cash


@inlined
def _hold_reserve(
    law: Array, loans: Array, due: Array, stand: Array, purse: Array, year: int, cash: float
) -> tuple[float, float]:
    """Fill or free the reserve; give the cash left and what owners put in."""
    target = 0.0
    for k in range(loans.shape[0]):
        if year + 1 < due.shape[1] and stand[k, OWED] > 0.0:
            if year < loans[k, MATURES]:
                target += _due(loans, due, k, year + 1, stand[k, OWED])
            else:
                target += stand[k, OWED]
    target *= law[RESERVE_YEARS]
    short = target - purse[HELD]
    if short <= 0.0:
        purse[HELD] = target
        return cash - short, 0.0
    filled = min(short, cash)
    owners = short - filled if year == law[PREFUND_YEAR] else 0.0
    purse[HELD] += filled + owners
    return cash - filled, owners


@inlined
def _repay(stand: Array, moved: Array, year: int, amount: float) -> float:
    """Repay balances by rank; give what is left."""
    for k in range(stand.shape[0]):
        pay = min(amount, stand[k, OWED])
        stand[k, OWED] -= pay
        stand[k, ARREARS] = min(stand[k, ARREARS], stand[k, OWED])
        moved[PAID, k, year] += pay
        amount -= pay
    return amount


@inlined
def _income(
    sheet: Array,
    law: Array,
    schedule: Array,
    purse: Array,
    written: Array,
    year: int,
    running: bool,
    capitalised: float,
    deducted: float,
) -> tuple[float, float]:
    """Put capital into service, tax the year; give operating cash before tax, and tax."""
    grant = sheet[GRANTS, year]
    purse[SPENT] += sheet[CAPEX, year]
    purse[BASIS] += sheet[CAPEX, year] + capitalised + sheet[SUSTAINING, year]
    purse[BASIS] -= grant * (1.0 - law[GRANTS_TAXED])
    if running and purse[BASIS] > 0.0:
        for k in range(min(schedule.size, written.size - year)):
            written[year + k] += purse[BASIS] * schedule[k]
        purse[BASIS] = 0.0
    revenue = sheet[REVENUE, year]
    earned = (1.0 - law[ROYALTY]) * revenue + sheet[TAXED, year] - sheet[COST, year]
    income = earned - written[year] - deducted + law[GRANTS_TAXED] * grant
    return earned + sheet[UNTAXED, year], _tax(law, purse, income, revenue)


@inlined
def _run_year(  # over budget: the order of payments is read in one piece
    sheet: Array,
    law: Array,
    schedule: Array,
    loans: Array,
    due: Array,
    stand: Array,
    moved: Array,
    page: Array,
    purse: Array,
    written: Array,
    year: int,
    running: bool,
    closes: bool,
) -> int:
    """Run one year; give 1 if the plant closes at its end, 2 at the end of all years, else 0."""
    capex, grant = sheet[CAPEX, year], sheet[GRANTS, year]
    drawn, expensed, capitalised, fees = _accrue_and_draw(
        loans, stand, moved, year, max(capex - grant, 0.0), capex
    )
    earned, tax = _income(
        sheet, law, schedule, purse, written, year, running, capitalised, expensed + fees
    )
    upkeep = sheet[SUSTAINING, year] + sheet[WORKING, year]
    cfads = earned - tax
    built = capex - grant - drawn
    if running:
        cfads -= upkeep
    else:
        built += upkeep
    left = cfads - fees + max(-built, 0.0)
    owners = max(built, 0.0)
    if left < 0.0:
        owners -= left
        left = 0.0
    left = _serve(loans, due, stand, moved, page, purse, year, left)
    failed = cfads < 0.0 and page[UNPAID, year] > ROUNDING
    purse[BAD] = purse[BAD] + 1.0 if running and failed else 0.0
    left, prefunded = _hold_reserve(law, loans, due, stand, purse, year, left)
    swept = law[SWEEP] * left
    left += _repay(stand, moved, year, swept) - swept
    for k in range(loans.shape[0]):
        page[BALANCE, year] += stand[k, OWED]
    ends = 0
    if closes or purse[BAD] >= law[PATIENCE]:
        ends = 1
        page[SALVAGE, year] = law[SALVAGE_SHARE] * purse[SPENT]
    elif year == sheet.shape[1] - 1:
        ends = 2
    if ends > 0:
        left += _repay(stand, moved, year, purse[HELD] + page[SALVAGE, year])
        purse[HELD] = 0.0
    page[CFADS, year], page[TAX, year], page[FEES, year] = cfads, tax, fees
    page[RESERVE, year] = purse[HELD]
    page[CONTRIBUTED, year] = owners + prefunded
    page[DISTRIBUTED, year] = left
    return ends


@inlined
def _read(cash: Cash, path: int, sheet: Array) -> None:
    """Copy a path's inputs to its sheet."""
    row_0 = path if cash.revenue.shape[0] > 1 else 0
    row_1 = path if cash.operating_cost.shape[0] > 1 else 0
    row_2 = path if cash.capex.shape[0] > 1 else 0
    row_3 = path if cash.sustaining.shape[0] > 1 else 0
    row_4 = path if cash.working_capital.shape[0] > 1 else 0
    row_5 = path if cash.taxed_support.shape[0] > 1 else 0
    row_6 = path if cash.untaxed_support.shape[0] > 1 else 0
    row_7 = path if cash.grants.shape[0] > 1 else 0
    for year in range(sheet.shape[1]):
        sheet[REVENUE, year] = cash.revenue[row_0, year]
        sheet[COST, year] = cash.operating_cost[row_1, year]
        sheet[CAPEX, year] = cash.capex[row_2, year]
        sheet[SUSTAINING, year] = cash.sustaining[row_3, year]
        sheet[WORKING, year] = cash.working_capital[row_4, year]
        sheet[TAXED, year] = cash.taxed_support[row_5, year]
        sheet[UNTAXED, year] = cash.untaxed_support[row_6, year]
        sheet[GRANTS, year] = cash.grants[row_7, year]


@inlined
def _write(books: Books, path: int, page: Array) -> None:
    """Copy a path's page to the books."""
    for year in range(page.shape[1]):
        books.cfads[path, year] = page[CFADS, year]
        books.tax[path, year] = page[TAX, year]
        books.fees[path, year] = page[FEES, year]
        books.due[path, year] = page[DUE, year]
        books.unpaid[path, year] = page[UNPAID, year]
        books.reserve[path, year] = page[RESERVE, year]
        books.balance[path, year] = page[BALANCE, year]
        books.contributed[path, year] = page[CONTRIBUTED, year]
        books.distributed[path, year] = page[DISTRIBUTED, year]
        books.salvage[path, year] = page[SALVAGE, year]


@inlined
def _clear(page: Array, moved: Array, stand: Array, purse: Array, written: Array) -> None:
    """Start a path with nothing."""
    for year in range(written.size):
        written[year] = 0.0
        for line in range(PAGE):
            page[line, year] = 0.0
    for k in range(stand.shape[0]):
        for column in range(STANDS):
            stand[k, column] = 0.0
        for year in range(written.size):
            moved[DRAWN, k, year] = 0.0
            moved[PAID, k, year] = 0.0
    purse[:] = 0.0


@compiled
def run_paths(
    cash: Cash,
    law: Array,
    schedule: Array,
    loans: Array,
    due: Array,
    books: Books,
    first: int,
    end: int,
) -> None:
    """Run the paths ``first:end`` and fill their rows of the books."""
    number, years = due.shape
    sheet, page = np.zeros((SHEET, years)), np.zeros((PAGE, years))
    moved, stand = np.zeros((2, number, years)), np.zeros((number, STANDS))
    purse, written = np.zeros(PURSE), np.zeros(years)
    for path in range(first, end):
        _read(cash, path, sheet)
        _clear(page, moved, stand, purse, written)
        starts = cash.first_output[path]
        books.closed[path] = years
        for year in range(years):
            runs, shut = year >= starts, year == cash.closes[path]
            ends = _run_year(  # arguments by place: the compiler takes no starred ones
                sheet, law, schedule, loans, due, stand, moved, page, purse, written,
                year, runs, shut,
            )  # fmt: skip
            if ends > 0:
                books.closed[path] = year if ends == 1 else years
                break
        for k in range(number):
            books.lost[path, k] = stand[k, OWED]
            for year in range(years):
                books.drawn[path, k, year] = moved[DRAWN, k, year]
                books.paid[path, k, year] = moved[PAID, k, year]
        _write(books, path, page)


@compiled
def find_imbalance(
    cash: Cash, royalty: float, books: Books, worst: Array, first: int, end: int
) -> None:
    """Compare sources with uses in every year of the books."""
    years = books.cfads.shape[1]
    sheet = np.zeros((SHEET, years))
    for path in range(first, end):
        _read(cash, path, sheet)
        worst[path] = 0.0
        before = 0.0
        for year in range(min(years, books.closed[path] + 1)):
            sources = before + sheet[REVENUE, year] + sheet[TAXED, year] + sheet[UNTAXED, year]
            sources += sheet[GRANTS, year] + books.contributed[path, year]
            uses = sheet[COST, year] + royalty * sheet[REVENUE, year] + sheet[CAPEX, year]
            uses += sheet[SUSTAINING, year] + sheet[WORKING, year] + books.tax[path, year]
            uses += books.fees[path, year] + books.distributed[path, year]
            for k in range(books.drawn.shape[1]):
                sources += books.drawn[path, k, year]
                uses += books.paid[path, k, year]
            sources += books.salvage[path, year]
            before = books.reserve[path, year]
            size = max(1.0, abs(sources), abs(uses + before))
            worst[path] = max(worst[path], abs(sources - uses - before) / size)
