"""Lead times in words: when an option can first give output, and what sets that year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from coercivity.chain.plants import Option
from coercivity.dispatch.network import TONNES_PER_UNIT, Network

TOLD_AT_MOST = 3
"""Options of a stage that are told one by one. [count]"""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long an option takes from the first day on which it can be decided on."""

    option: str
    adds_to: str
    decision_year: int
    """First year in which it, and all that it requires, may be decided on. [calendar year]"""
    permit_years: int
    """From the decision to the start of construction. [year]"""
    build_years: int
    """From the start of construction to first output. [year]"""
    ramp_years: int
    """From first output to the last step of the ramp. [year]"""
    waits_for: str | None
    """The option it requires that sets the decision year; None where it sets that itself."""

    @property
    def first_output_year(self) -> int:
        """Year of the first output. [calendar year]"""
        return self.decision_year + self.permit_years + self.build_years

    @property
    def full_output_year(self) -> int:
        """Year in which the ramp ends. [calendar year]"""
        return self.first_output_year + self.ramp_years

    def __str__(self) -> str:
        """Write the chain as a reader adds it up.

        Examples
        --------
        >>> print(LeadTime("o-plant", "plant", 2027, 2, 2, 2, None))
        o-plant decided in 2027 + permit 2 + build 2 + ramp 2, first output 2031, in full 2033
        >>> print(LeadTime("o-line", "line", 2026, 0, 1, 0, "o-plant"))
        o-line decided in 2026 (it requires o-plant) + build 1, first output 2027
        """
        parts = [("permit", self.permit_years), ("build", self.build_years)]
        parts.append(("ramp", self.ramp_years))
        sums = "".join(f" + {name} {years}" for name, years in parts if years)
        waits = "" if self.waits_for is None else f" (it requires {self.waits_for})"
        text = f"{self.option} decided in {self.decision_year}{waits}{sums}, first output "
        text += str(self.first_output_year)
        return text + (f", in full {self.full_output_year}" if self.ramp_years else "")


def lead_time(network: Network, option: Option) -> LeadTime | None:
    r"""Find the earliest lead time of an option on the grid of periods.

    .. math::

        t^*_o = \min\{t : t \in T_o,\ t \ge t^*_r\ \forall r \in requires_o\}, \qquad
        y_o = t^*_o + permit_o + build_o

    with :math:`T_o` the years in which the option may be decided on. What is required need only be
    decided on as early (constraint ``option_requires``), so its own lead time does not add up.

    Returns
    -------
    LeadTime or None
        None where the option can never be decided on.
    """
    found = _first_decision(network, option, frozenset())
    if found is None:
        return None
    year, waits_for = found
    return LeadTime(
        option.id,
        option.adds_to,
        year,
        option.permit_years,
        option.build_years,
        len(option.ramp) - 1,
        waits_for,
    )


def _first_decision(
    network: Network, option: Option, above: frozenset[str]
) -> tuple[int, str | None] | None:
    """Give the first year of decision and the required option that sets it; options may loop."""
    years = [network.horizon.starts[period] for period in network.decisions(option)]
    if not years:
        return None
    first, waits_for = years[0], None
    for name in option.requires:
        if name in above or name == option.id:
            continue
        needed = _first_decision(network, network.case.options[name], above | {option.id})
        if needed is None:
            return None
        if needed[0] > first:
            first, waits_for = needed[0], name
    later = [year for year in years if year >= first]
    return (later[0], waits_for) if later else None


def told_lead_times(network: Network, names: Iterable[str], *, after: int, until: int) -> str:
    """Tell what capacity plants gain from one period to another, and the lead times behind it.

    Parameters
    ----------
    network
        The case prepared for modelling.
    names
        Plants, as a conflict names them.
    after
        Period that came too early. [index]
    until
        Period in which it is enough. [index]

    Returns
    -------
    str
        Empty where nothing is gained.
    """
    plants = list(names)
    begin, end = network.horizon.starts[after], network.horizon.boundaries[until + 1]
    leads = sorted(
        (
            lead
            for lead in _leads(network, plants)
            if lead.first_output_year < end and lead.full_output_year > begin
        ),
        key=lambda lead: (lead.first_output_year, lead.full_output_year, lead.option),
    )
    told = [*map(str, leads), *_growth(network, plants, after, until)]
    left = len(told) - TOLD_AT_MOST
    shown = "; ".join(told[:TOLD_AT_MOST])
    return f"{shown}; and {left} more" if left > 0 else shown


def _leads(network: Network, names: list[str]) -> Iterator[LeadTime]:
    for name in names:
        for option in network.case.options_of.get(name, ()):
            found = lead_time(network, option)
            if found is not None:
                yield found


def _growth(network: Network, names: list[str], after: int, until: int) -> Iterator[str]:
    """Tell plants of the case whose available capacity, without any option, is greater then."""
    for name in names:
        now, then = (float(network.capacity[name][period]) for period in (after, until))
        if now < then < np.inf:
            first, last = (network.horizon.starts[period] for period in (after, until))
            yield (
                f"plant {name} has {now * TONNES_PER_UNIT:,.0f} t/year available in {first}, "
                f"{then * TONNES_PER_UNIT:,.0f} in {last}"
            )


__all__ = ["LeadTime", "lead_time", "told_lead_times"]
