"""Modules that give their output later than planned."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from coercivity.chain.plants import Asset, Option
from coercivity.foundation.periods import Array
from coercivity.uncertainty.futures import split_years

Lateness = tuple[tuple[float, int], ...]
"""Share of the output and the years by which it comes later. [fraction, year]"""


@dataclass(frozen=True, slots=True)
class LateOption(Option):
    """An option whose output comes later than planned.

    Decisions, spending and what is left at the end stay as planned: a delay gives no money back.
    """

    lateness: Lateness
    """Shares of the output by years of delay; what they lack of 1 never comes."""

    def output_shares(self, decision_year: int, years: tuple[int, ...]) -> Array:
        """Give the share of a module's size that is there in each year. [fraction]"""
        parts = [
            weight * Option.output_shares(self, decision_year + late, years)
            for weight, late in self.lateness
        ]
        return np.asarray(np.sum(parts, axis=0)) if parts else np.zeros(len(years))


def late_option(planned: Option, changed: Option, *, delay: float, overrun: float) -> LateOption:
    """Give an option as a future makes it, decided on as planned.

    Parameters
    ----------
    planned
        The option as the case has it: when it may be decided on, and when it is paid for.
    changed
        The option with the changes of a scenario. Where it may not be built there, a module that
        was decided on gives nothing.
    delay
        Years by which the first output comes later on top of what the scenario says. [year]
    overrun
        Factor on its capital. [fraction]
    """
    shift = changed.first_output_year(0) - planned.first_output_year(0)
    weights = split_years(delay) if changed.most > 0 else ()
    own = {field.name: getattr(planned, field.name) for field in fields(Option)}
    own |= {
        "size": changed.size,
        "ramp": changed.ramp,
        "capital": changed.capital * overrun,
        "life": changed.life,
    }
    return LateOption(**own, lateness=tuple((weight, late + shift) for weight, late in weights))


def late_asset(asset: Asset, delay: float) -> Asset:
    """Give an asset under construction whose capacity begins later; it ends as planned.

    Parameters
    ----------
    asset
        The asset.
    delay
        By how much later. [year]
    """
    if delay == 0:
        return asset
    capacity = np.zeros_like(asset.capacity)
    for weight, late in split_years(delay):
        moved = np.zeros_like(capacity)
        moved[late:] = asset.capacity[: max(len(capacity) - late, 0)]
        capacity = capacity + np.where(moved > 0, weight * moved, 0.0)
    there = asset.capacity > 0
    capacity = np.where(there, np.minimum(capacity, asset.capacity), 0.0)
    share = np.divide(
        capacity, asset.capacity, out=np.zeros_like(capacity), where=there & (capacity < np.inf)
    )
    share[capacity == np.inf] = 1.0
    return replace(asset, capacity=capacity, least_activity=asset.least_activity * share)


def mixed_lateness(parts: list[tuple[float, Option]]) -> Lateness:
    """Mix the lateness of one option over futures. [fraction, year]"""
    found: dict[int, float] = {}
    for chance, option in parts:
        own = option.lateness if isinstance(option, LateOption) else ((1.0, 0),)
        for weight, late in own:
            found[late] = found.get(late, 0.0) + chance * weight
    return tuple((weight, late) for late, weight in sorted(found.items()))
