"""What the public pays, in present value, per unit of value to owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coercivity.alignment.package.bench import Bench, Levels
from coercivity.finance.appraisal import Appraisal
from coercivity.finance.contracts import Contract
from coercivity.finance.public_side import public_side

PUBLIC_RATES = (0.025, 0.05, 0.07)
"""Real rates at which the public may count. [1/year]"""
LEAST_VALUE = 1e-3
"""Value to owners below this share of capital has no rate of exchange. [fraction]"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one instrument costs for what it does, next to the package."""

    column: str
    kind: str
    rates: tuple[float | None, ...]
    """Public present value per unit of mean equity value at the hurdle, at each of
    `PUBLIC_RATES`; None where it adds nothing. [ratio]"""


def exchange_rates(bench: Bench, at: Levels) -> tuple[Exchange, ...]:
    r"""Give :math:`\Delta E[PV_r] / \Delta E[NPV_\rho]` of one column of each kind.

    A column in the package is taken out, another is added at its reference level; of the columns
    of one kind that in the package counts, else the middle one.

    Parameters
    ----------
    bench
        The project.
    at
        The package.
    """
    found = []
    for kind in dict.fromkeys(column.kind for column in bench.columns):
        mine = [k for k, column in enumerate(bench.columns) if column.kind == kind]
        place = max(mine, key=lambda k: at[k])
        if at[place] <= 0:
            place = mine[len(mine) // 2]
        column = bench.columns[place]
        without = _moved(at, place, 0.0)
        given = at if at[place] > 0 else bench.fits(_moved(at, place, column.reference))
        found.append(Exchange(column.id, kind, _ratios(bench, without, given)))
    return tuple(found)


def _moved(levels: Levels, place: int, level: float) -> Levels:
    return (*levels[:place], level, *levels[place + 1 :])


def _ratios(bench: Bench, without: Levels, given: Levels) -> tuple[float | None, ...]:
    before, after = bench.given(without), bench.given(given)
    base, more = bench.with_contracts(before), bench.with_contracts(after)
    gained = more.worth.value - base.worth.value
    if gained <= LEAST_VALUE * bench.capital:
        return (None,) * len(PUBLIC_RATES)
    return tuple(
        (_outlay(bench, after, more, rate) - _outlay(bench, before, base, rate)) / gained
        for rate in PUBLIC_RATES
    )


def _outlay(bench: Bench, given: Sequence[Contract], found: Appraisal, rate: float) -> float:
    return public_side(
        (*bench.contracts, *given),
        found.settlements,
        found.accounts,
        level=found.operations.book.level,
        rate=rate,
        shift=bench.terms.shift,
    ).outlay.value
