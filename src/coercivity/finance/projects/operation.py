"""What a project does: output, purchases, cost and capital by year, as planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from coercivity.finance.compiled import Array

WITHOUT_LIFE = 20
"""Years that plants run after first output where no option states a life. [year]"""


@dataclass(frozen=True, slots=True)
class Running:
    """The plants of a project by year of the project."""

    net: Mapping[str, Array]
    """Made less taken of each material; negative is bought. [kt/year]"""
    cost: Array
    """Running cost, what is bought left out. [million/year]"""
    credited: Array
    """The part of it at plants that make no finished product. [million/year]"""
    by_plant: Mapping[str, float] = field(default_factory=dict)
    """Mean running cost of each plant. [million/year]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A project as planned, from its first decision to the end of its life. Money is real."""

    project: str
    first_year: int
    """Year 0: of the first decision, or the first of the case. [calendar year]"""
    years: int
    before: Running
    """With the capacity there is; what was spent on it is gone."""
    after: Running
    """With what is built too."""
    budget: Array
    """Capital up to planned first output. [million/year]"""
    later: Array
    """Capital of later modules, put in by owners: lenders lend on the first. [million/year]"""
    first_output: int
    """Planned, in years of the project. [year]"""
    planned_share: Array
    """Ramp-up as planned, of what is built. [fraction]"""
    care: Array
    """Cost of a year in which everything stands still. [million/year]"""
    stage: str
    """Of the costliest module, or of the main plant."""
    homes: Mapping[str, str]
    """Site at which each material is made or taken."""
    modules: Mapping[str, float] = field(default_factory=dict)
    """Capital by option as planned. [million]"""
    notes: tuple[str, ...] = ()
    """What was assumed, in words."""

    @property
    def builds(self) -> bool:
        """Whether anything is built."""
        return bool(self.budget.sum() + self.later.sum() > 0)

    @property
    def materials(self) -> tuple[str, ...]:
        """Materials that are sold or bought."""
        return tuple(dict.fromkeys((*self.after.net, *self.before.net)))

    def made(self, material: str) -> Array:
        """Give the planned output of a material after building. [kt/year]

        Parameters
        ----------
        material
            What is made.
        """
        return np.maximum(self.after.net.get(material, np.zeros(self.years)), 0.0)
