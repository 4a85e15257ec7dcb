"""What is sunk to open a plant, so that it stands for ever and tax is counted."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from coercivity.chain import Case
from coercivity.finance.depreciation import depreciation_schedule
from coercivity.finance.inputs import ProjectTerms
from coercivity.finance.projects.asked import terms_of_project
from coercivity.finance.projects.operation import WITHOUT_LIFE, Operation
from coercivity.tables import CaseTables

YEARS_OF_COST = 3.0
"""Capital of a plant of which no option of its process or stage states any, over its running cost
of a year: a stated assumption. It counts only for building it anew. [year]"""


@dataclass(frozen=True, slots=True)
class Sinking:
    """Capital of a plant, and what it amounts to."""

    capital: float
    """As planned, or that of like plants. [million]"""
    effective: float
    """At first output, renewed for ever, tax relief taken off, before tax. [million]"""
    rate: float
    """Of return on the whole, real, after tax, continuous. [1/year]"""
    stage: str
    """Whose overruns it has."""


def return_on_whole(terms: ProjectTerms) -> float:
    r"""Give the return that owners and lenders ask together, real and after tax, continuous.

    .. math:: w = (1-g)\,h + g\left(\frac{1 + i(1-\tau)}{1+\pi} - 1\right), \qquad \rho = \ln(1+w)

    with hurdle *h*, the limit of gearing *g*, interest *i*, tax :math:`\tau` and inflation
    :math:`\pi`: the same terms as in the appraisal of the project. [1/year]

    Parameters
    ----------
    terms
        Of the project.

    Examples
    --------
    >>> print(f"{return_on_whole(ProjectTerms(id='p', hurdle=0.12, debt=None)):.4f}")
    0.1133
    """
    debt = terms.debt
    if debt is None:
        return math.log1p(terms.hurdle)
    lent = (1 + debt.rate * (1 - terms.rules.tax_rate)) / (1 + terms.inflation) - 1
    whole = (1 - debt.gearing_limit) * terms.hurdle + debt.gearing_limit * lent
    return math.log1p(whole)


def effective_capital(spent: float, *, terms: ProjectTerms, rate: float, life: float) -> float:
    r"""Turn capital at first output into what weighs against income before tax. [million]

    .. math:: \frac{1 - \tau z}{1 - \tau}\cdot\frac{I}{1 - e^{-\rho L}}, \qquad
        z = \sum_n \frac{s_n}{\left((1+w)(1+\pi)\right)^{n + 1/2}}

    *s* is written off in each year after first output; the plant is renewed every *L* years.

    Parameters
    ----------
    spent
        I. [million]
    terms
        Of the project.
    rate
        :math:`\rho`. [1/year]
    life
        L. [year]
    """
    tax = terms.rules.tax_rate
    schedule = depreciation_schedule(terms.rules.depreciation_class)
    growth = math.exp(rate) * (1 + terms.inflation)
    relief = float((schedule / growth ** (np.arange(len(schedule)) + 0.5)).sum())
    return spent * (1 - tax * relief) / (1 - tax) / (1 - math.exp(-rate * life))


def sinking_of(
    case: Case,
    tables: CaseTables,
    operation: Operation,
    activity: Mapping[tuple[str, str], float],
    *,
    built: bool,
    cost: float,
) -> Sinking:
    """Say what it takes to open a plant: what the plan spends, or what like plants cost.

    Parameters
    ----------
    case, tables
        The case.
    operation
        The project as planned.
    activity
        Of the plant, by asset and mode. [kt/year]
    built
        Whether the plan builds it.
    cost
        Of running. [million/year]
    """
    terms = terms_of_project(
        tables, operation.project, first_year=operation.first_year, builds=True
    )
    rate = return_on_whole(terms)
    years = np.arange(operation.years)
    if built:
        spent = operation.budget + operation.later
        growth = np.exp(rate * np.maximum(operation.first_output - years, 0))
        capital, valued = float(spent.sum()), float((spent * growth).sum())
    else:
        capital = valued = _like(case, activity) or YEARS_OF_COST * cost
    lives = [o.life for o in case.options.values() if o.project == operation.project and o.life]
    life = max(lives, default=float(WITHOUT_LIFE))
    effective = effective_capital(valued, terms=terms, rate=rate, life=life)
    return Sinking(capital, effective, rate, operation.stage)


def _like(case: Case, activity: Mapping[tuple[str, str], float]) -> float:
    """Give the capital of like plants: the median per tonne of options of the process, or stage."""
    total = 0.0
    for (asset, _), amount in activity.items():
        process = case.processes[case.assets[asset].process]
        same = [one for one in case.processes.values() if one.stage == process.stage]
        dear = _per_tonne(case, {process.id}) or _per_tonne(case, {one.id for one in same})
        total += amount * 1000 * dear
    return total


def _per_tonne(case: Case, processes: Collection[str]) -> float:
    """Give the median capital a tonne a year of options of some processes; 0 without any."""
    found = [
        float(option.capital[0]) / option.size
        for option in case.options.values()
        if option.adds_to in case.assets
        and option.size > 0
        and case.assets[option.adds_to].process in processes
    ]
    return float(np.median(found)) if found else 0.0
