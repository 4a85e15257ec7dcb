"""What the columns and rows of a model stand for: nodes, capacities and units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coercivity.chain.case import Case
from coercivity.chain.plants import Asset, Option
from coercivity.dispatch.builder import Array
from coercivity.dispatch.classes import ClassBook

TONNES_PER_UNIT = 1000.0
"""Mass is modelled in kilotonnes. [t/kt]"""
MILLION = 1e6


@dataclass
class Nodes:
    """Numbers the site–material–class triples at which material is balanced."""

    periods: int
    keys: list[tuple[str, str, str]] = field(default_factory=list)
    _numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def row(self, site: str, material: str, name: str, period: int) -> int:
        """Give the balance row of a node in a period."""
        key = (site, material, name)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return number * self.periods + period


class Network:
    """A case prepared for modelling: period averages, capacities, tracked classes.

    Parameters
    ----------
    case
        The case.
    required
        Segments and classes asked for besides those of the case.
    """

    def __init__(self, case: Case, required: Iterable[tuple[str, str]] = ()) -> None:
        self.case = case
        self.horizon = case.horizon
        self.periods = case.horizon.count
        self.classes = ClassBook(case, required)
        self.nodes = Nodes(self.periods)
        self.weights = case.horizon.weights
        self.lengths = np.asarray(case.horizon.lengths, dtype=float)
        self._means: dict[int, tuple[Array, Array]] = {}
        self.capacity = {a.id: self._existing(a) for a in case.assets.values()}
        self.highest = {a.id: self._highest(a) for a in case.assets.values()}

    def mean(self, by_year: Array) -> Array:
        """Average a yearly series over each period; series shared by many nouns are kept."""
        known = self._means.get(id(by_year))
        if known is None:
            known = (by_year, self.horizon.mean_by_period(by_year))
            self._means[id(by_year)] = known
        return known[1]

    def mass(self, by_year: Array) -> Array:
        """Average tonnes over each period. [kt/year]"""
        return self.mean(by_year) / TONNES_PER_UNIT

    def unit_cost(self, by_year: Array) -> Array:
        """Turn a cost per tonne into a discounted cost of a flow. [million per kt/year]"""
        return self.mean(by_year) * self.weights * (TONNES_PER_UNIT / MILLION)

    def yearly_cost(self, by_year: Array) -> Array:
        """Turn a cost per year into a discounted cost of a period. [million]"""
        return self.mean(by_year) * self.weights

    def while_there(self, by_year: Array, there: Array) -> Array:
        """Average a yearly series over the years of each period in which something is there.

        The years of the period in which it is not take that average too.
        """
        present = (there > 0).astype(float)
        known = self.horizon.mean_by_period(np.where(there > 0, by_year, 0.0))
        share = self.horizon.mean_by_period(present)
        mean = np.divide(known, share, out=np.zeros_like(known), where=share > 0)
        return np.asarray(mean[self.horizon.period_of_year])

    def is_open(self, by_year: Array) -> NDArray[np.bool_]:
        """Tell in which periods something is open: in at least half of their years."""
        return self.mean(by_year) >= 0.5

    def spans(self, first: int | None, last: int | None) -> NDArray[np.bool_]:
        """Tell in which periods something between two years is open."""
        years = np.asarray(self.horizon.years)
        inside = np.ones(len(years))
        if first is not None:
            inside[years < first] = 0.0
        if last is not None:
            inside[years > last] = 0.0
        return self.is_open(inside)

    def _existing(self, asset: Asset) -> Array:
        """Available capacity without modules, by period. [kt/year]"""
        available = np.where(asset.availability > 0, asset.availability, 0.0)
        with np.errstate(invalid="ignore"):
            product = np.where(available > 0, asset.capacity * available, 0.0)
        return self.horizon.mean_by_period(product) / TONNES_PER_UNIT

    def module_capacity(self, option: Option, decision: int) -> Array:
        r"""Available capacity by period of one module decided on in a period. [kt/year]

        .. math::

            c_{o,t',t} = \frac{1}{n_t}\sum_{y \in t} a_y\, size_o\,
                         \rho_{o,\,y - t' - permit - build}

        It is computed year by year, so that lead times shorter than a period count.
        """
        years = self.horizon.years
        shares = option.output_shares(self.horizon.starts[decision], years)
        asset = self.case.assets.get(option.adds_to)
        available = np.ones(len(years)) if asset is None else asset.availability
        return self.horizon.mean_by_period(option.size * shares * available) / TONNES_PER_UNIT

    def decisions(self, option: Option) -> list[int]:
        """List the periods in which an option may be decided on."""
        end = self.horizon.end
        return [
            period
            for period, year in enumerate(self.horizon.starts)
            if option.most > 0 and option.may_be_decided(year, horizon_end=end)
        ]

    def _highest(self, asset: Asset) -> Array:
        """Most capacity an asset can have by period. [kt/year]"""
        total = np.array(self.capacity[asset.id])
        for option in self.case.options_of.get(asset.id, ()):
            modules = [self.module_capacity(option, p) for p in self.decisions(option)]
            if modules:
                total = total + option.most * np.max(modules, axis=0)
        return total
