"""What a promise is worth if it may lapse: closed forms."""

from __future__ import annotations

import math
from dataclasses import dataclass


def annuity(rate: float, *, years: float = math.inf) -> float:
    r"""Give the worth of 1 a year, paid steadily, :math:`A(x,T) = (1-e^{-xT})/x`. [year]

    Parameters
    ----------
    rate
        x, continuous; T at 0. [1/year]
    years
        T; infinite for a payment without end. [year]

    Examples
    --------
    >>> annuity(0.0, years=10.0), annuity(0.25)
    (10.0, 4.0)
    """
    if rate == 0:
        return years
    return -math.expm1(-rate * years) / rate


def premium_worth(premium: float, *, years: float, hazard: float, rate: float) -> float:
    r"""Give the worth of a premium that may lapse for good, :math:`y A(\rho+\lambda, T)`. [money]

    Parameters
    ----------
    premium
        y. [money/year]
    years
        T; infinite gives :math:`y/(\rho+\lambda)`. [year]
    hazard
        :math:`\lambda`. [1/year]
    rate
        :math:`\rho`, continuous. [1/year]

    Examples
    --------
    >>> premium_worth(1.0, years=math.inf, hazard=0.08, rate=0.12)
    5.0
    """
    return premium * annuity(rate + hazard, years=years)


@dataclass(frozen=True, slots=True)
class OnOffWorth:
    """Worth of a premium without end that lapses and comes back."""

    on: float
    """While it stands. [money]"""
    off: float
    """While it is lapsed. [money]"""


def on_off_worth(premium: float, *, hazard: float, reprovision: float, rate: float) -> OnOffWorth:
    r"""Give the worth of a premium that lapses and comes back.

    .. math:: V_{on} = \frac{y(\rho+\eta)}{\rho(\rho+\lambda+\eta)}, \qquad
        V_{off} = \frac{y\eta}{\rho(\rho+\lambda+\eta)}

    from :math:`\rho V_{on} = y + \lambda(V_{off}-V_{on})`,
    :math:`\rho V_{off} = \eta(V_{on}-V_{off})`.

    Parameters
    ----------
    premium
        y. [money/year]
    hazard, reprovision
        :math:`\lambda` and :math:`\eta`. [1/year]
    rate
        :math:`\rho`, continuous, above 0. [1/year]

    Examples
    --------
    >>> on_off_worth(1.0, hazard=0.0, reprovision=0.0, rate=0.125)
    OnOffWorth(on=8.0, off=0.0)
    """
    base = rate * (rate + hazard + reprovision)
    return OnOffWorth(premium * (rate + reprovision) / base, premium * reprovision / base)


@dataclass(frozen=True, slots=True)
class EqualWorth:
    """A premium that owners value alike whatever its hazard."""

    premium: float
    """y. [money/year]"""
    expected_outlay: float
    """Present value at the public rate, lapses counted. [money]"""
    promised_outlay: float
    """Present value at the public rate if it never lapses. [money]"""


def equal_worth(
    needed: float, *, years: float, hazard: float, rate: float, public_rate: float
) -> EqualWorth:
    r"""Give the premium of a stated worth to owners, and what it costs.

    .. math:: y = \frac{B}{A(\rho+\lambda,T)}, \quad
        C_{exp} = B\frac{A(r+\lambda,T)}{A(\rho+\lambda,T)}, \quad
        C_{prom} = B\frac{A(r,T)}{A(\rho+\lambda,T)}

    Where :math:`r<\rho`, the expected outlay *falls* as the hazard rises, because support stops;
    it says nothing alone. The promised outlay rises.

    Parameters
    ----------
    needed
        B, what owners must be given. [money]
    years, hazard
        T and :math:`\lambda`. [year], [1/year]
    rate, public_rate
        :math:`\rho` of the owners and r, continuous. [1/year]

    Examples
    --------
    >>> found = equal_worth(1.0, years=10, hazard=0.5, rate=0.12, public_rate=0.025)
    >>> round(found.expected_outlay, 3), round(found.promised_outlay, 3)
    (1.177, 5.497)
    """
    held = annuity(rate + hazard, years=years)
    return EqualWorth(
        needed / held,
        needed * annuity(public_rate + hazard, years=years) / held,
        needed * annuity(public_rate, years=years) / held,
    )
