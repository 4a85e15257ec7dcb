"""Would owners and lenders say yes: the rule, its margins, and their standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coercivity.finance.compiled import Array
from coercivity.finance.waterfall.terms import CashAccounts

UNPAID = 1e-9
"""Service below this share of what is due counts as paid. [fraction]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceRule:
    """What makes owners and lenders say yes."""

    loss_limit: float = 0.12
    """Most probability that equity loses capital at the Treasury rate. [fraction]"""
    shortfall_limit: float = 0.10
    """Most probability that any year's service cannot be paid after the reserve. [fraction]"""
    errors: float = 0.0
    """Standard errors by which each figure must clear its limit; 1.65 for one-sided 95 %."""

    def often_short(self, accounts: CashAccounts) -> bool:
        """Tell whether service stays unpaid more often than lenders allow.

        Parameters
        ----------
        accounts
            With debt.
        """
        found = debt_shortfall(accounts)
        return found.value + self.errors * found.standard_error > self.shortfall_limit


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure estimated on paths, with its standard error."""

    value: float
    standard_error: float

    @classmethod
    def mean(cls, sample: Array) -> Estimate:
        """Estimate a mean, standard error sd / sqrt(n); 0 for a single path.

        Parameters
        ----------
        sample
            One value a path, in any unit.

        Examples
        --------
        >>> Estimate.mean(np.array([1.0, 3.0]))
        Estimate(value=2.0, standard_error=1.0)
        """
        number = len(sample)
        spread = float(sample.std(ddof=1)) if number > 1 else 0.0
        return cls(float(sample.mean()), spread / number**0.5)

    @classmethod
    def share(cls, hits: NDArray[np.bool_]) -> Estimate:
        """Estimate a probability, standard error sqrt(p(1-p)/n).

        Parameters
        ----------
        hits
            True on the paths that count.

        Examples
        --------
        >>> Estimate.share(np.array([True, False, False, False])).value
        0.25
        """
        part = float(np.mean(hits))
        return cls(part, float((part * (1 - part) / len(hits)) ** 0.5))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The answer, with every figure that made it."""

    investor_accepts: bool
    lender_accepts: bool
    worth: Estimate
    """Mean equity value at the hurdle. [million, real]"""
    loss: Estimate
    """Probability that equity value at the Treasury rate is negative. [fraction]"""
    behind_hurdle: Estimate
    """Probability that equity value at the hurdle is negative; told, never a limit. [fraction]"""
    shortfall: Estimate
    """Probability that service of any year stays unpaid after the reserve. [fraction]"""
    reasons: tuple[str, ...]
    """Why not, in words; empty where both accept."""
    needed: float = 0.0
    """What equity must be worth: nothing, or what deciding later is worth. [million, real]"""


def debt_shortfall(accounts: CashAccounts) -> Estimate:
    """Estimate how likely service of any year stays unpaid after the reserve.

    Parameters
    ----------
    accounts
        With debt.
    """
    short = (accounts.unpaid > UNPAID * np.maximum(accounts.due, 1.0)).any(axis=1)
    return Estimate.share(np.asarray(short | (accounts.lost > UNPAID).any(axis=1)))


def judge(
    at_hurdle: Array,
    at_treasury: Array,
    *,
    accounts: CashAccounts,
    rule: AcceptanceRule,
    value_of_waiting: float = 0.0,
    asked_debt: bool = True,
) -> Acceptance:
    r"""Apply the accept rule.

    .. math::

        E[NPV_{\rho}] \ge \max(0, W), \qquad P(NPV_{r_f} < 0) \le p, \qquad
        P\left(\exists y: S_y \text{ unpaid after the reserve}\right) \le q

    Parameters
    ----------
    at_hurdle, at_treasury
        Equity value of each path at the hurdle and at the Treasury rate. [million, real]
    accounts
        Of the waterfall with debt.
    rule
        Limits, and by how many standard errors they must be cleared.
    value_of_waiting
        W, what owners could gain by deciding later. [million, real]
    asked_debt
        Whether lenders are asked; where they are and lend nothing, they do not accept.

    Notes
    -----
    The probability of a loss is taken at the Treasury rate: at the hurdle, which already pays for
    risk, it is about 0.37 for every project whose mean value is zero.
    """
    worth, loss = Estimate.mean(at_hurdle), Estimate.share(np.asarray(at_treasury < 0))
    shortfall = debt_shortfall(accounts)
    needed = max(0.0, value_of_waiting)
    reasons = []
    if worth.value - rule.errors * worth.standard_error < needed:
        why = f"the {needed:.1f} that deciding later is worth" if needed > 0 else "nothing"
        reasons.append(f"mean equity value {worth.value:.1f} million is below {why}")
    if loss.value + rule.errors * loss.standard_error > rule.loss_limit:
        reasons.append(
            f"capital is lost with probability {loss.value:.3f}, at most {rule.loss_limit}"
        )
    investor = not reasons
    lends = any(loan.principal > 0 for loan in accounts.loans)
    lender = True
    if asked_debt and not lends:
        lender = False
        reasons.append("no debt can be sized on the bad tenth of cash")
    if lends and rule.often_short(accounts):
        lender = False
        reasons.append(
            f"debt service is short with probability {shortfall.value:.3f}, "
            f"at most {rule.shortfall_limit}"
        )
    behind = Estimate.share(np.asarray(at_hurdle < 0))
    return Acceptance(investor, lender, worth, loss, behind, shortfall, tuple(reasons), needed)
