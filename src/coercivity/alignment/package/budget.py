"""What packages cost in each year, and packages under one yearly budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, csc_array, vstack

from coercivity.alignment.package.bench import CONFIDENT, LEAST, Bench, Levels
from coercivity.alignment.package.linear import NOTHING, Asked, Linear, linear_program, linearise
from coercivity.finance.compiled import Array
from coercivity.finance.public_side import contract_outlays
from coercivity.solvers import HighsModel, Matrices, SolveStatus

GRAIN = 1e-6
"""Weight of public cost where the least budget itself is looked for. [ratio]"""


def yearly_outlay(bench: Bench, levels: Levels) -> Array:
    """Give the mean public outlay of a package by year of its project. [million/year, nominal]

    What contracts in force pay more or less because of it is counted.

    Parameters
    ----------
    bench
        The project.
    levels
        Of each column.
    """
    years = np.zeros(bench.cash.years)
    if not any(levels):
        return years
    for sign, chosen in ((1.0, levels), (-1.0, bench.nothing)):
        given = bench.given(chosen)
        found = bench.with_contracts(given)
        outlays = contract_outlays((*bench.contracts, *given), found.settlements, found.accounts)
        for table in outlays.values():
            years = years + sign * np.asarray(table).mean(axis=0)
    return years


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A project that shares the budget."""

    project: str
    linear: Linear
    asked: Asked
    yearly: Array
    """Outlay of a whole unit of each column by year of the project. [million/year, nominal]"""
    first_year: int
    """Year 0. [calendar year]"""


def claim_of(
    project: str, bench: Bench, levels: Levels, *, first_year: int, tail: float | None = None
) -> Claim:
    r"""Write a project down as a straight line around its own package.

    The level of the tail is the one at which its package stands,
    :math:`\min\{\alpha: CVaR_\alpha(-NPV_r) \le 0\}`.

    Parameters
    ----------
    project
        Its id.
    bench
        The project, with its margin.
    levels
        Of the package around which effects are measured.
    first_year
        Year 0. [calendar year]
    tail
        Level of the tail; None takes that of the package. [fraction]
    """
    full = bench.appraise(levels)
    spread = full.acceptance.worth.standard_error
    yearly = np.array([_unit_outlay(bench, levels, k) for k in range(len(levels))])
    return Claim(
        project=project,
        linear=linearise(bench, levels),
        asked=Asked(
            worth=bench.needed + CONFIDENT * spread,
            tail=tail_level(full.treasury) if tail is None else tail,
        ),
        yearly=yearly.reshape(len(levels), bench.cash.years),
        first_year=first_year,
    )


def tail_level(treasury: Array) -> float:
    r"""Give the smallest share of worst paths whose mean is no loss; 1 where all are.

    .. math:: \alpha = \min\{k/N: \textstyle\sum_{n \le k} NPV_{(n)} \ge 0\}

    Parameters
    ----------
    treasury
        Equity value of each path at the Treasury rate. [million]

    Examples
    --------
    >>> tail_level(np.array([-1.0, 0.5, 0.5, 2.0]))
    0.75
    """
    sums = np.cumsum(np.sort(treasury))
    count = int(np.searchsorted(np.maximum.accumulate(sums), 0.0, side="left")) + 1
    return min(max(count, 1), len(treasury)) / len(treasury)


def _unit_outlay(bench: Bench, levels: Levels, place: int) -> Array:
    column = bench.columns[place]
    step = levels[place] if levels[place] > LEAST else column.reference
    if step <= 0:
        return np.zeros(bench.cash.years)
    without = tuple(0.0 if k == place else level for k, level in enumerate(levels))
    if levels[place] > LEAST:
        return (yearly_outlay(bench, levels) - yearly_outlay(bench, without)) / step
    alone = tuple(step if k == place else 0.0 for k in range(len(levels)))
    return yearly_outlay(bench, bench.fits(alone)) / step


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Packages that fit into one budget, by project; and what could not be fitted in."""

    levels: Mapping[str, Levels]
    left_out: tuple[str, ...]
    """Projects that were dropped, the one with the highest yearly outlay first."""


def share_budget(claims: Sequence[Claim], budget: float) -> Shared:
    r"""Fit packages into a yearly budget at least public cost.

    .. math:: \min \sum_i E[c_i]^\top\theta_i \quad\text{s.t. each accepts}, \quad
        \sum_i E[y_{i,t}]^\top\theta_i \le M \quad \forall t

    Where they do not fit, the project with the highest yearly outlay is dropped, until they do.

    Parameters
    ----------
    claims
        The projects.
    budget
        M, nominal. [million/year]
    """
    left, dropped = list(claims), list[str]()
    while left:
        found = _joint(left, budget)
        if found is not None:
            return Shared(levels=found, left_out=tuple(dropped))
        own = _joint(left, None) or {}
        worst = max(left, key=lambda one: _peak([one], own) if own else np.inf)
        dropped.append(worst.project)
        left.remove(worst)
    return Shared(levels={}, left_out=tuple(dropped))


def least_budget(claims: Sequence[Claim]) -> dict[str, Levels] | None:
    """Give the packages under which the largest yearly outlay is least; None where none accept.

    Parameters
    ----------
    claims
        The projects.
    """
    return _joint(claims, None)


def _calendar(claims: Sequence[Claim]) -> range:
    first = min(one.first_year for one in claims)
    return range(first, max(one.first_year + one.yearly.shape[1] for one in claims))


def _peak(claims: Sequence[Claim], levels: Mapping[str, Levels]) -> float:
    """Give the largest sum of outlays in any year. [million/year]"""
    sums = dict.fromkeys(_calendar(claims), 0.0)
    for one in claims:
        for year, outlay in enumerate(np.asarray(levels[one.project]) @ one.yearly):
            sums[one.first_year + year] += float(outlay)
    return max(sums.values())


def _joint(claims: Sequence[Claim], budget: float | None) -> dict[str, Levels] | None:
    """Solve all projects at once; without a budget, make the largest yearly outlay small."""
    models = [linear_program(one.linear, one.asked) for one in claims]
    starts = np.concatenate([[0], np.cumsum([model.columns for model in models])])
    calendar = _calendar(claims)
    coupling = np.zeros((len(calendar), int(starts[-1]) + 1))
    for one, start in zip(claims, starts[:-1], strict=True):
        rows = one.first_year - calendar.start + np.arange(one.yearly.shape[1])
        outlays = np.where(np.abs(one.yearly) < NOTHING, 0.0, one.yearly)
        coupling[rows, start : start + len(one.yearly)] = outlays.T
    coupling[:, -1] = -1.0
    blocks = block_diag([*(model.matrix for model in models), np.zeros((0, 1))])
    weight = 1.0 if budget is not None else GRAIN
    joint = Matrices.of(
        csc_array(vstack([blocks, csc_array(coupling)])),
        cost=np.concatenate(
            [*(weight * model.cost for model in models), [0.0 if budget is not None else 1.0]]
        ),
        lower=np.concatenate([*(model.lower for model in models), [0.0]]),
        upper=np.concatenate(
            [*(model.upper for model in models), [np.inf if budget is None else budget]]
        ),
        row_lower=np.concatenate(
            [*(model.row_lower for model in models), np.full(len(calendar), -np.inf)]
        ),
        row_upper=np.concatenate([*(model.row_upper for model in models), np.zeros(len(calendar))]),
    )
    found = HighsModel(joint).solve()
    if found.status is not SolveStatus.OPTIMAL or found.primal is None:
        return None
    return {
        one.project: tuple(
            float(f"{max(level, 0.0):.9g}")
            for level in found.primal[start : start + len(one.linear.most)]
        )
        for one, start in zip(claims, starts[:-1], strict=True)
    }
