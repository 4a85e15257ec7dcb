"""Concentration of output on countries and companies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

HUNDRED_PERCENT_SQUARED = 10_000.0
"""Index of a single maker."""
WORST_GOVERNANCE, BEST_GOVERNANCE = -2.5, 2.5
WEAKEST = 10.0
"""Weight of the weakest governance."""


def shares(outputs: Mapping[str, float]) -> dict[str, float]:
    r"""Give the share of each maker, :math:`s_i = x_i / \sum_j x_j`. [fraction]

    Parameters
    ----------
    outputs
        Output by maker, :math:`x_i`. [t/year]

    Raises
    ------
    ValueError
        If an output is negative or not finite, or the sum is zero.

    Examples
    --------
    >>> shares({"A": 30.0, "B": 10.0})
    {'A': 0.75, 'B': 0.25}
    """
    total = _total(outputs)
    return {maker: amount / total for maker, amount in outputs.items()}


def herfindahl(outputs: Mapping[str, float]) -> float:
    r"""Measure concentration by the Herfindahl–Hirschman index.

    .. math::

        \mathrm{HHI} = 10\,000 \sum_i s_i^2
        = 10\,000\, \frac{\sum_i x_i^2}{\left(\sum_i x_i\right)^2}

    Parameters
    ----------
    outputs
        Output by maker, :math:`x_i`. [t/year]

    Returns
    -------
    float
        From near 0 (many small makers) to 10 000 (one maker). [index]

    Raises
    ------
    ValueError
        If an output is negative or not finite, or the sum is zero.

    References
    ----------
    National Research Council (2008), *Minerals, Critical Minerals, and the U.S. Economy*: shares
    of 40, 40 and 20 % give 3600.

    Examples
    --------
    >>> herfindahl({"A": 40.0, "B": 40.0, "C": 20.0})
    3600.0
    """
    total = _total(outputs)
    return HUNDRED_PERCENT_SQUARED * math.fsum(x * x for x in outputs.values()) / total**2


@dataclass(frozen=True, slots=True)
class CompanyConcentration:
    """Concentration on companies, where not every tonne has a named owner."""

    named: float
    """Index if what has no named owner is spread over very many: the least it can be. [index]"""
    rest_as_one: float
    """Index if what has no named owner belongs to one other company in each country. [index]"""
    named_share: float
    """Share of output with a named owner. [fraction]"""


def company_concentration(
    companies: Mapping[str, float], *, unnamed: Mapping[str, float]
) -> CompanyConcentration:
    r"""Enclose the index by company between two readings of what has no named owner.

    .. math::

        10\,000 \sum_k s_k^2 \;\le\; \mathrm{HHI}
        \quad\text{and, with one company } u_c \text{ a country,}\quad
        10\,000 \Big(\sum_k s_k^2 + \sum_c u_c^2\Big)

    Parameters
    ----------
    companies
        Output by company. [t/year]
    unnamed
        Output without a named owner, by country. [t/year]

    Examples
    --------
    >>> found = company_concentration({"a": 40.0, "b": 40.0}, unnamed={"X": 20.0})
    >>> round(found.named), round(found.rest_as_one), found.named_share
    (3200, 3600, 0.8)
    """
    total = _total({**companies, **{f"rest of {c}": x for c, x in unnamed.items()}})
    named = math.fsum((x / total) ** 2 for x in companies.values())
    rest = math.fsum((x / total) ** 2 for x in unnamed.values())
    return CompanyConcentration(
        named=HUNDRED_PERCENT_SQUARED * named,
        rest_as_one=HUNDRED_PERCENT_SQUARED * (named + rest),
        named_share=math.fsum(companies.values()) / total,
    )


def governance_weight(indicator: float) -> float:
    r"""Scale a governance indicator to a weight, :math:`w = 10\,(2.5 - g)/5`. [0 to 10]

    Parameters
    ----------
    indicator
        Governance, -2.5 (weak) to 2.5 (strong). [index]

    Examples
    --------
    >>> governance_weight(2.5), governance_weight(0.0), governance_weight(-2.5)
    (0.0, 5.0, 10.0)
    """
    if not WORST_GOVERNANCE <= indicator <= BEST_GOVERNANCE:
        msg = f"a governance indicator lies between -2.5 and 2.5, got {indicator!r}"
        raise ValueError(msg)
    return WEAKEST * (BEST_GOVERNANCE - indicator) / (BEST_GOVERNANCE - WORST_GOVERNANCE)


def governance_herfindahl(
    outputs: Mapping[str, float],
    governance: Mapping[str, float],
    *,
    trade: Mapping[str, float] | None = None,
) -> float:
    r"""Weigh concentration by how badly the makers' countries are governed.

    .. math::

        \mathrm{HHI}_{WGI,t} = \sum_c s_c^2 \, w_c \, t_c

    Parameters
    ----------
    outputs
        Output by country. [t/year]
    governance
        Indicator of each of these countries, -2.5 to 2.5. [index]
    trade
        Factor of trade restrictions, 1 where none is given. [fraction]

    Raises
    ------
    ValueError
        If a country has no indicator.

    Examples
    --------
    >>> governance_herfindahl({"A": 1.0, "B": 1.0}, {"A": 2.5, "B": -2.5})
    2.5
    """
    missing = sorted(set(outputs) - set(governance))
    if missing:
        msg = f"no governance indicator for {', '.join(missing)}"
        raise ValueError(msg)
    factors = trade or {}
    return math.fsum(
        share**2 * governance_weight(governance[country]) * factors.get(country, 1.0)
        for country, share in shares(outputs).items()
    )


def european_supply_risk(
    world: float,
    *,
    sourcing: float | None = None,
    import_reliance: float = 1.0,
    recycling_rate: float = 0.0,
    substitution: float = 1.0,
) -> float:
    r"""Estimate supply risk as the European list of critical raw materials does.

    .. math::

        SR = \left[ H_{world} \tfrac{IR}{2} + H_{sourcing} \left(1 - \tfrac{IR}{2}\right) \right]
        (1 - RIR)\, SI

    Parameters
    ----------
    world
        Governance-weighted concentration of world output, :math:`H_{world}`. [0 to 10]
    sourcing
        The same of what is really bought; None uses that of the world alone. [0 to 10]
    import_reliance
        Share of use that is imported, 0 to 1. [fraction]
    recycling_rate
        Share of use met from end-of-life scrap. [fraction]
    substitution
        Index of substitution; 1 = none. [fraction]

    Returns
    -------
    float
        1.0 or more counts as at risk. [index]

    References
    ----------
    Joint Research Centre (2017), *Methodology for establishing the EU list of critical raw
    materials*, doi 10.2760/73303.

    Examples
    --------
    >>> round(european_supply_risk(4.0, sourcing=2.0, import_reliance=1.0, recycling_rate=0.1), 3)
    2.7
    """
    for name, value in (
        ("import_reliance", import_reliance),
        ("recycling_rate", recycling_rate),
        ("substitution", substitution),
    ):
        if not 0 <= value <= 1:
            msg = f"{name} must be in [0, 1], got {value!r}"
            raise ValueError(msg)
    half = import_reliance / 2
    bought = world if sourcing is None else sourcing
    return (world * half + bought * (1 - half)) * (1 - recycling_rate) * substitution


def _total(outputs: Mapping[str, float]) -> float:
    wrong = {name: x for name, x in outputs.items() if not math.isfinite(x) or x < 0}
    total = math.fsum(outputs.values()) if not wrong else 0.0
    if wrong or total <= 0:
        msg = f"outputs must be finite, not negative and not all zero, got {dict(outputs)}"
        raise ValueError(msg)
    return total
