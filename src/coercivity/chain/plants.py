"""Assets, the modules that may be added to them, and when these give output and cost money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.foundation.periods import Array


@dataclass(frozen=True, slots=True)
class Asset:
    """A process at a site, existing or to come. Arrays run over the years of the horizon."""

    id: str
    name: str
    site: str
    process: str
    project: str | None
    status: str
    capacity: Array
    """Nameplate capacity while it exists; may be infinite. [t/year]"""
    availability: Array
    """Share of capacity that can be used. [fraction]"""
    least_activity: Array
    """Least capacity use. [t/year]"""
    turndown: float
    """Least share of capacity used while kept. [fraction]"""
    fixed_cost: Array
    """Cost while capacity is kept. [million/year]"""
    variable_cost: Array
    """Running cost. [case money/t]"""
    care_cost: Array | None
    """Cost while mothballed; None where it cannot be. [million/year]"""
    restart_cost: float
    """Cost of coming back. [million]"""
    reserve: float
    """Most activity over the horizon. [t]"""

    @property
    def has_states(self) -> bool:
        """Whether keeping, mothballing and retiring are decisions."""
        return bool(
            self.turndown > 0
            or self.restart_cost > 0
            or self.care_cost is not None
            or self.status == "mothballed"
            or np.any(self.fixed_cost > 0)
        )


@dataclass(frozen=True, slots=True)
class Option:
    """A module that may be added to an asset or link, once or several times.

    Deciding on it in year *t* gives capacity from *t* + permit + build, ramping up after that.
    """

    id: str
    adds_to: str
    """The asset or link it enlarges."""
    project: str | None
    size: float
    """Capacity of one module. [t/year]"""
    most: int
    """Most modules over the horizon. [count]"""
    capital: Array
    """Overnight cost of one module, by decision year. [million]"""
    capital_shares: tuple[float, ...]
    """Share of capital in each construction year. [fraction]"""
    permit_years: int
    """From the decision to the start of construction. [year]"""
    build_years: int
    """From the start of construction to first output. [year]"""
    ramp: tuple[float, ...]
    """Share of size by year of output; the last one holds. [fraction]"""
    earliest: int | None
    latest: int | None
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    life: float | None
    """Years of use, for salvage. [year]"""
    financing_rate: float | None
    """Interest on its capital. [1/year]"""
    financing_years: float | None
    """Years over which capital is paid back. [year]"""
    public_share: float
    """Share of capital from public money. [fraction]"""

    def first_output_year(self, decision_year: int) -> int:
        """Add permit and construction to the decision year."""
        return decision_year + self.permit_years + self.build_years

    def may_be_decided(self, decision_year: int, *, horizon_end: int) -> bool:
        """Tell whether a decision in that year is allowed and gives output inside the horizon."""
        return (
            (self.earliest is None or decision_year >= self.earliest)
            and (self.latest is None or decision_year <= self.latest)
            and self.first_output_year(decision_year) < horizon_end
        )

    def output_shares(self, decision_year: int, years: tuple[int, ...]) -> Array:
        r"""Give the share of a module's size that is there in each year.

        .. math::

            \rho_y = \begin{cases} 0 & y < t + permit + build \\
            ramp_{\min(y - t - permit - build,\; last)} & \text{otherwise}\end{cases}

        Parameters
        ----------
        decision_year
            Year *t* of the decision. [calendar year]
        years
            Years asked about. [calendar year]

        Returns
        -------
        Array
            One share a year. [fraction]
        """
        since = np.asarray(years) - self.first_output_year(decision_year)
        shares = np.asarray(self.ramp)[np.clip(since, 0, len(self.ramp) - 1)]
        return np.where(since >= 0, shares, 0.0)

    def spending(self, decision_year: int) -> dict[int, float]:
        """Spread one unit of capital over the years in which it is spent. [fraction]"""
        if self.build_years == 0:
            return {decision_year: 1.0}
        start = decision_year + self.permit_years
        return {start + n: part for n, part in enumerate(self.capital_shares) if part}

    def payments(self, decision_year: int) -> dict[int, float]:
        r"""Spread one unit of capital over the years in which it is paid for. [fraction]

        Without financing these are the years of spending. With it, the principal is what was
        spent, with interest up to the year before first output,
        :math:`P = \sum_y s_y (1+f)^{\max(0,\,Y_1 - 1 - y)}`, and :math:`P f/(1-(1+f)^{-n})` is
        paid in each of the *n* years from first output on.
        """
        spent = self.spending(decision_year)
        if self.financing_years is None or self.financing_rate is None:
            return spent
        first = self.first_output_year(decision_year)
        rate, count = self.financing_rate, round(self.financing_years)
        principal = self._principal(spent, first)
        level = principal * annuity_factor(rate, count)
        return {first + n: level for n in range(count)}

    def _principal(self, spent: dict[int, float], first: int) -> float:
        rate = self.financing_rate or 0.0
        return sum(part * (1 + rate) ** max(0, first - 1 - year) for year, part in spent.items())

    def salvage_share(self, decision_year: int, *, horizon_end: int) -> float:
        """Give the value left at the end of the horizon, per unit of capital. [fraction]

        Straight-line over ``life`` from first output, between 0 and 1; for a financed module less
        what is still owed, never below 0.
        """
        if self.life is None:
            return 0.0
        used = horizon_end - self.first_output_year(decision_year)
        left = min(1.0, max(0.0, (self.life - used) / self.life))
        return max(0.0, left - self._owed(decision_year, horizon_end))

    def _owed(self, decision_year: int, horizon_end: int) -> float:
        if self.financing_years is None or self.financing_rate is None:
            return 0.0
        remaining = [y for y in self.payments(decision_year) if y >= horizon_end]
        if not remaining:
            return 0.0
        level = next(iter(self.payments(decision_year).values()))
        return level / annuity_factor(self.financing_rate, len(remaining))


def annuity_factor(rate: float, years: int) -> float:
    r"""Turn a sum into level yearly payments, :math:`r/(1-(1+r)^{-n})`, and 1/n at r = 0. [1/year]

    Examples
    --------
    >>> print(f"{annuity_factor(0.10, 20):.5f}", annuity_factor(0.0, 4))
    0.11746 0.25
    """
    if rate == 0:
        return 1 / years
    return float(rate / (1 - (1 + rate) ** -years))
