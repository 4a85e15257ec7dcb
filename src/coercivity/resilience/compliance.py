"""How much of the demand that asks for a class could be served in it, by date of its rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from coercivity.chain import Case
from coercivity.chain.origin import ANY
from coercivity.chain.trade import Demand
from coercivity.resilience.qualified import Reach, year_in_horizon
from coercivity.resilience.rules import RulesOfDay
from coercivity.resilience.throughput import most_in_class


@dataclass(frozen=True, slots=True)
class Compliance:
    """What of a segment's demand for a class could be served under the rules of a day."""

    day: dt.date
    """The rules of this day hold."""
    segment: str
    origin_class: str
    year: int
    """Year whose plants, offers and demand count. [calendar year]"""
    demand: float
    """What is asked for in the class. [t/year]"""
    at_most: float
    """What could be served in it at most. [t/year]"""

    @property
    def share(self) -> float | None:
        """Share that could be served; None where nothing is asked for. [fraction]"""
        return None if self.demand <= 0 else self.at_most / self.demand


def rule_dates(case: Case, origin_class: str) -> tuple[dt.date, ...]:
    """List the days from which rules of a class hold."""
    dates = {r.from_date for r in case.origin.rules if r.origin_class == origin_class}
    return tuple(sorted(date for date in dates if date is not None))


def compliance_by_date(case: Case, year: int) -> list[Compliance]:
    r"""Bound, for each segment, class and rule date, the share of demand that could comply.

    With :math:`U_m` the most of material *m* that can be of the class (see
    :func:`coercivity.resilience.throughput.most_in_class`), :math:`D_d` the demands and
    :math:`a_{d,m}` the tonnes that serve a tonne of demand:

    .. math::

        Q = \min\Big( \sum_d \min\big(D_d, \sum_m \tfrac{U_m}{a_{d,m}}\big),\;
        \sum_m \tfrac{U_m}{\min_d a_{d,m}} \Big)

    Parameters
    ----------
    case
        The case.
    year
        Year of the question. Plants, offers and demand are those of this year or, where it is
        later, of the year of the rule, moved into the horizon of the case. [calendar year]

    Returns
    -------
    list of Compliance
        By date, segment and class. It says what could comply if all that qualifies went to the
        segment, options left aside.
    """
    asked: dict[tuple[str, str], list[Demand]] = {}
    for demand in case.demands.values():
        if demand.origin_class != ANY:
            key = (demand.segment or demand.id, demand.origin_class)
            asked.setdefault(key, []).append(demand)
    found = []
    for (segment, origin_class), demands in sorted(asked.items()):
        days = {*rule_dates(case, origin_class), dt.date(year, 12, 31)}
        found += [_on(case, day, (segment, origin_class), demands, year) for day in sorted(days)]
    return sorted(found, key=lambda one: (one.day, one.segment, one.origin_class))


def _on(
    case: Case, day: dt.date, key: tuple[str, str], demands: list[Demand], year: int
) -> Compliance:
    segment, origin_class = key
    counted = year_in_horizon(case, max(year, day.year))
    at = counted - case.horizon.first_year
    rules = RulesOfDay(case.origin, case.countries, origin_class, day)
    bound = most_in_class(Reach(case, rules, counted))
    amounts = {demand.id: float(demand.amount[at]) for demand in demands}
    served, fewest = 0.0, dict[str, float]()
    for demand in demands:
        choices = [c for c in demand.alternatives if (c.first_year or counted) <= counted]
        here = sum(bound.get(c.material, 0.0) / c.amount for c in choices)
        served += min(amounts[demand.id], here)
        for choice in choices:
            least = fewest.get(choice.material, choice.amount)
            fewest[choice.material] = min(least, choice.amount)
    pool = sum(bound.get(material, 0.0) / least for material, least in fewest.items())
    return Compliance(day, segment, origin_class, counted, sum(amounts.values()), min(served, pool))
